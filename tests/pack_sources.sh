#!/bin/sh
# pack_sources.sh: tables, NumPy's archives, IDX and CIFAR files that other tools wrote are packed with equal values, and
# torchvision reads what was packed; hostile ones are refused, within bounds.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# ---- other tools -------------------------------------------------------------------------------------------------

python=''
for candidate in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! "$candidate" -c 'import numpy' 2>/dev/null || python=$candidate
done
# equal CASE PROMISE
equal() {
    if [ -z "$python" ]; then
        skip "$2" "no NumPy"
        return
    fi
    mkdir "$1" && cd "$1" || exit 99
    check "$2" "$python" "$NNRUN_SOURCE/tests/pack_sources.py" "$nnrun" "$1"
    cd ..
}
equal table "a table that Python's csv wrote is packed, in any dialect"
equal kaggle "Kaggle's digits are packed as they are, those without labels in their order"
equal npz "MedMNIST's archives are packed, grey, coloured and with several labels, with their parts"
equal channels "pictures of NumPy may have their channels last or first, and alpha"
equal keras "x and y are packed, of any type"
equal idx "IDX files of any type are packed"
equal folders "EMNIST's characters and QMNIST's labels are packed, and a transposition is told"
equal cifar "CIFAR-10 is packed with its names, CIFAR-100 with either label"
equal facts "pack.json says what was read"
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("torchvision") and u.find_spec("numpy")))' 2>/dev/null ||
        continue
    python=$candidate
    equal torchvision "torchvision reads what was packed, and the same of what it was packed from"
    break
done
[ -d torchvision ] || skip "torchvision reads what was packed, and the same of what it was packed from" "no torchvision"

# ---- digits the other way ----------------------------------------------------------------------------------------

digits 600 100
"$nnrun" pack digits -q -o turned --transpose >/dev/null 2>&1 || exit 99
refuse 0 'the digits are transposed: .*; use --transpose to turn them$' "transposed digits are noticed, whatever their names are" \
    "$nnrun" pack turned -q -o again
check "and turned if asked for" "$nnrun" pack turned -q -o back --transpose
cp "$tap_err" said
expect 1 "without a word" grep transposed said

# ---- a test part alone -------------------------------------------------------------------------------------------

{ echo a,b,label && seq 40 | awk '{ print $1 "," $1 * $1 "," ($1 % 2 ? "odd" : "even") }'; } >test.csv
LC_ALL=C sed 's/train_images/q_test_image/g; s/train_labels/q_test_label/g' "$NNRUN_SOURCE/tests/npz/grey.npz" >lone.npz
mkdir hundred && { printf '\001\002' && head -c 3072 /dev/zero; } >hundred/test.bin
cp test.csv contest.csv
cut -d, -f1,2 test.csv >unlabelled-test.csv
for source in test.csv lone.npz 'digits/t10k-images-idx3-ubyte.gz digits/t10k-labels-idx1-ubyte.gz' hundred; do
    # shellcheck disable=SC2086 # sources are words
    refuse 0 'the names are those of a test or validation part, and there is no training part' "$source: that nothing is for training is told" \
        "$nnrun" pack $source -q -o alone --force
done
untold() { "$nnrun" pack "$@" -q -o alone --force && ! grep -q 'no training part' "$tap_err"; }
check "other names tell nothing" untold contest.csv
check "nor do those of both parts" untold digits
check "samples without labels are for the test anyway" untold unlabelled-test.csv --label none
rm -r alone

# ---- what is hostile ---------------------------------------------------------------------------------------------

# many N TEXT: the text so many times
many() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }
{ echo 'a,label' && printf '1,"' && many 3000000 'words, '; } >endless.csv
refuse 4 'endless.csv:2: the row that begins here is longer than 16 MB' "an endless row is refused" "$nnrun" pack endless.csv -o o
{ echo 'a,label' && printf '1,x\n2,\0\n'; } >zero.csv
refuse 4 '^nnrun: zero.csv ' "bytes that are no text are no table" "$nnrun" pack zero.csv -o o
{ many 300000 'a,' && echo label && many 300000 '1,' && echo x; } >wide.csv
check "a table of 300,000 columns is packed" "$nnrun" pack wide.csv -q -o wide
{ echo 'a,label' && awk 'BEGIN { for (i = 0; i < 70000; i++) print "1,word" i }'; } >words.csv
refuse 4 'words.csv:65538: column 2 \("label"\): "word65536" is one label too many' "a label for each row is refused" \
    "$nnrun" pack words.csv -o o
printf 'a;label\n1,5;x\n' >comma.csv
refuse 4 'comma.csv:2: column 1 \("a"\): "1,5" has a decimal comma; write numbers with a decimal point' \
    "a decimal comma is refused with a word" "$nnrun" pack comma.csv -o o
mkfifo pipe.csv pipe.npz
for pipe in pipe.csv pipe.npz; do
    refuse 4 "^nnrun: $pipe is not a regular file" "a pipe in the place of $pipe is not waited for" "$nnrun" pack $pipe -o o
done
# shellcheck disable=SC3045 # every sh on Linux has it
bomb() { (ulimit -v 400000 && "$nnrun" pack "$NNRUN_SOURCE/tests/npz/bomb.npz" -o o); }
case $NNRUN_SANITIZED in
*address* | *thread*) skip "a bomb is refused in little memory" "sanitizers take much" ;;
*) refuse 4 'x.npy has samples of more than 16 MB' "a bomb is refused in little memory" bomb ;;
esac
check "nothing is left of what was refused" sh -c '! ls o* 2>/dev/null | grep .'
tap_end
