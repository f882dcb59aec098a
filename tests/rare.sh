#!/bin/sh
# rare.sh: forms of data, values and options that hardly anyone uses do what the manual says, or are refused with the reason.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 60 20
small_config good.cfg
sed -i 's/epochs = 2/epochs = 1/; s/validation = 100/validation = 20/; s/batch = 50/batch = 20/; s/keep = 1000;/report = false;/' good.cfg
"$nnrun" -q good.cfg -o run --threads 1 || exit 99
best=run/best.safetensors

# ---- values of a sweep -------------------------------------------------------------------------------------------

sweep() { "$nnrun" sweep good.cfg "$@" -o x; }
refuse 2 'train.batch has more than 10000 values' "a sweep has at most 10,000 values of a key" sweep "train.batch=$(seq -s, 10001)"
refuse 2 'train.batch has more than 10000 values' "ranges count" sweep train.batch=1..9000,1..9000
refuse 2 'train.batch=1..20000: the range has more than 10000 numbers' "also one range" sweep train.batch=1..20000
refuse 2 'train.batch=-9..2000000000: whole numbers have at most 9 digits' "its whole numbers are at most a billion" sweep train.batch=-9..2000000000
refuse 2 'train.batch is varied twice' "a key is varied once" sweep train.batch=10,20 train.batch=30,40
refuse 2 'more than [0-9]* combinations; --random N draws some' "there is a limit of combinations" sweep train.batch=1..9000 train.epochs=1..9000
refuse 2 'are more than [0-9]* runs' "and of runs" sweep train.batch=1..9000 --seeds 1-1000
refuse 2 'expected a number after "\.\."' "a range ends with a number" sweep train.optimizer.rate=0.1..0x9
for range in 0.1.. 0.01..1e400 "0.1..$(printf '%064d' 1)"; do
    refuse 2 'expected a number after "\.\."' "$range is no range" sweep "train.optimizer.rate=$range"
done
refuse 2 'the range is too wide' "the difference of its ends is a number" sweep train.optimizer.rate=-1e308..1e308/3
refuse 2 'the range is too wide' "and their ratio" sweep train.optimizer.rate=1e-300..1e300/log3
for word in 0 1025 two; do
    refuse 2 "--jobs: expected" "$word jobs are refused" sweep train.batch=10,20 --jobs $word
done
for word in 2 0/2 x/2 1/x 1/200000; do
    refuse 2 '--task: expected I/N, task I of N counted from 1' "task $word is refused" sweep train.batch=10,20 --task $word
done
check "none of these makes a folder" test ! -e x
check "a comma in quotes is no end of a value, nor is a quote after a backslash" "$nnrun" sweep good.cfg 'name="a\",b","c"' -o quoted --threads 1
says ': 2 combinations, 1 seed: 2 runs in quoted' "so that there are two"
draw() { "$nnrun" sweep -q good.cfg "$@" --random 3 --threads 1 -o "draw.$1" && test "$(grep -c ',done,' "draw.$1/sweep.csv")" -eq 3; }
check "numbers of a range are drawn" draw train.optimizer.rate=0.01..0.05/9
check "whole ones of a logarithmic one, too" draw train.batch=10..40/log
check "a sweep of many combinations" "$nnrun" sweep good.cfg train.optimizer.rate=0.01..0.09/30 -o many --threads 1
says '^and [0-9]* more: see the page$' "prints the first, and says where the others are"
sed 's|data: {.*|data: { validation = 20; train: { images = "digits/train-images-idx3-ubyte.gz"; labels = "digits/train-labels-idx1-ubyte.gz"; }; }; warnings: { no_test = false; };|' \
    good.cfg >untested.cfg
check "without test data" "$nnrun" sweep untested.cfg train.batch=10,20 --seeds 1-2 -o untested --threads 1
says '^batch=[12]0 ' "a sweep compares by validation"

# ---- export ------------------------------------------------------------------------------------------------------

if command -v cc >/dev/null 2>&1; then
    compare() { "$nnrun" export $best --c "${1:-net.c}" --check; }
    # by CC-SCRIPT: it is cc
    mkdir fake tmp
    by() {
        printf '#!/bin/sh\n%s\n' "$1" >fake/cc && chmod "$2" fake/cc
        shift 2
        env TMPDIR=tmp PATH="$PWD/fake" "$nnrun" export $best --c net.c --check
    }
    refuse 2 'cc cannot include a file with " or \\ in its name' "a quote in the name of a C file is told" compare 'a"b.c'
    refuse 1 'none/nnrun-export-[A-Za-z0-9]*: cannot create: No such file' "so is a TMPDIR that is not there" env TMPDIR=none "$nnrun" export $best --c net.c --check
    check "an empty one is none" env TMPDIR= "$nnrun" export -q $best --c net.c --check
    refuse 1 'cannot run cc: Permission denied' "and a cc that may not be run" by : 644
    # shellcheck disable=SC2016 # for that shell
    refuse 1 'cc does not compile the C file' "and one that is killed" by 'kill -KILL $$' 755
    # shellcheck disable=SC2016 # for that shell
    refuse 1 'cannot run the compiled C file: Permission denied' "and a program that may not be run" by 'echo >"$5"' 755
    check "nothing of them is left" rmdir tmp
    check "where SIGINT is ignored it is ignored" env --ignore-signal=INT "$nnrun" export -q $best --c net.c --check
else
    skip "a C file is compared" "no cc"
fi
ln -s loop loop
refuse 1 'loop: .*Too many levels of symbolic links' "a file that cannot be looked at is not written over" "$nnrun" export $best --onnx loop
refuse 1 'nowhere/x.c: cannot write beside it' "files of one name in folders that are not there are two" "$nnrun" export $best --onnx none/x.c --c nowhere/x.c

# ---- what a layer learns -----------------------------------------------------------------------------------------

check "a network with frozen and slow layers is shown" "$nnrun" show good.cfg network.conv1.frozen=true network.dense1.rate=0.5
says ' frozen$' "which are frozen"
says ' rate x 0\.5$' "which have a rate of their own"
says '^[0-9]+ parameters are learned, 78 are frozen' "and how many parameters that are"

# ---- packs -------------------------------------------------------------------------------------------------------

"$nnrun" pack digits -q -o packed || exit 99
for key in kind source shape parts images format; do
    rm -rf odd && cp -r packed odd && sed -i "s/\"$key\"/\"other\"/" odd/pack.json
    refuse 2 'odd holds a pack.json that was not written by a pack' "a pack.json without $key is of others" "$nnrun" pack digits -q -o odd --force
done
python3 - <<'E' 2>/dev/null || skip "packs of older versions are known" "no python3"
import json, shutil
shutil.copytree("packed", "older")
facts = json.load(open("older/pack.json"))
facts.pop("files")
facts.pop("transposed", None)
facts["options"] = {"transpose": True}
json.dump(facts, open("older/pack.json", "w"))
E
if [ -d older ]; then
    check "packed again it is transposed as its options say" "$nnrun" pack older -q -o newer --config newer.cfg
    check "which the config has" grep -q '^    transposed = true;' newer.cfg
    check "and it is replaced" "$nnrun" pack digits -q -o older --force
    check "by one with a list" grep -q '"files"' older/pack.json
fi
if command -v flock >/dev/null 2>&1; then
    refuse 1 'packed: in use by another nnrun' "a folder that another nnrun writes to is left alone" flock packed "$nnrun" pack digits -q -o packed --force
fi
{ printf '\000\000\010\003\000\000\000\002\000\000\000\002\000\000\000\002' && printf 'abcdefgh'; } >images-idx3-ubyte
{ printf '\000\000\016\001\000\000\000\002' && printf '\077\370\000\000\000\000\000\000\077\370\000\000\000\000\000\000'; } >labels-idx1-double
{ printf '\000\000\010\002\000\000\000\002\000\000\000\003' && printf '\000\001\000\001\002\000'; } >labels-idx2-ubyte
refuse 4 'label [01] is 1.5, expected a whole number' "labels of an IDX file are whole numbers" "$nnrun" pack images-idx3-ubyte labels-idx1-double -o o
refuse 4 'label [01] is 2, expected 0 or 1, as of several labels each is' "of several labels each is 0 or 1" "$nnrun" pack images-idx3-ubyte labels-idx2-ubyte -o o

mkdir later && touch later/train-images-idx0-ubyte.gz later/train-labels-idx1-word.gz later/.samples.tmp-1-0 later/.classes.txt.tmp-1-0
check "files of other names do not matter" "$nnrun" pack digits -q -o later
check "and stay" test -e later/train-images-idx0-ubyte.gz -a -e later/train-labels-idx1-word.gz
check "but for what a killed one left" test ! -e later/.samples.tmp-1-0 -a ! -e later/.classes.txt.tmp-1-0
mkdir -p folder/pack.json
refuse 1 'folder/pack.json' "a folder in the place of pack.json is told" "$nnrun" pack digits -q -o folder
{ printf '\000\000\010\004\000\000\000\002\000\000\000\002\000\000\000\002\000\000\000\002' && printf 'abcdefghijklmnop'; } >two-images-idx4-ubyte
{ printf '\000\000\010\004\000\000\000\002\000\000\000\003\000\000\000\002\000\000\000\002' && printf 'abcdefghijklmnopqrstuvwx'; } >three-images-idx4-ubyte
{ printf '\000\000\010\001\000\000\000\002' && printf '\000\001'; } | tee two-labels-idx1-ubyte three-labels-idx1-ubyte >labels-idx1-ubyte
refuse 2 'pictures of 2 channels have no colours' "pictures of two channels have no colours" "$nnrun" pack two-images-idx4-ubyte two-labels-idx1-ubyte -o o --grey
check "those of three have, in any size" "$nnrun" pack three-images-idx4-ubyte three-labels-idx1-ubyte -q -o sized --size 4x4 --fit
check "and grey ones" "$nnrun" pack three-images-idx4-ubyte three-labels-idx1-ubyte -q -o grey --grey
mkdir -p ten hundred none unnamed long
# records LABEL-BYTES: 20 of CIFAR's
records() { i=0 && while [ $i -lt 20 ]; do printf "%b" "$1" && head -c 3072 /dev/zero | tr '\0' "$i" && i=$((i + 1)); done; }
records '\0003' >ten/data_batch_1.bin && records '\0003' >ten/test_batch.bin
records '\0001\0002' >hundred/train.bin
refuse 4 'hundred/train.bin is of another CIFAR than ten/data_batch_1.bin' "CIFAR-10 and CIFAR-100 are two" "$nnrun" pack ten/data_batch_1.bin hundred/train.bin -o o
cp ten/*.bin unnamed && cp ten/*.bin long && cp ten/*.bin none && : >none/data_batch_2.bin
printf 'a\nb\nc\n' >unnamed/batches.meta.txt && seq 11 >long/batches.meta.txt
refuse 4 'none/data_batch_2.bin is empty' "an empty file of CIFAR is told" "$nnrun" pack none -o o
refuse 4 'unnamed/batches.meta.txt' "too few names of its classes" "$nnrun" pack unnamed -o o
refuse 4 'long/batches.meta.txt' "and too many" "$nnrun" pack long -o o
mkdir -p pets/cats pets/dogs
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf 'P2 2 2 255 %d 1 2 3\n' $i | tee pets/cats/$i.pgm pets/$i.pgm | sed 's/2 3$/9 9/' >pets/dogs/$i.pgm
done
refuse 0 'pets/1.pgm.*, \.\.\.' "pictures beside the folders of classes are told, the first of many" "$nnrun" pack pets -o pets.packed
cat >npz.py <<'E'
import sys, zipfile
def npy(shape, kind, size):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }" % (kind, ", ".join(map(str, shape)))
    count = 1
    for n in shape:
        count *= n
    return b"\x93NUMPY\1\0" + (len(head) + 1).to_bytes(2, "little") + head.encode() + b"\n" + bytes(count * size)
with zipfile.ZipFile(sys.argv[1], "w") as file:
    for word in sys.argv[2:]:
        name, shape = word.split("=")
        file.writestr(name + ".npy", npy([int(n) for n in shape.split("x")], "|u1", 1))
E
if command -v python3 >/dev/null 2>&1; then
    # archive PATTERN PROMISE ARRAY=SHAPE...
    archive() {
        pattern=$1 && promise=$2 && shift 2
        python3 npz.py odd.npz "$@" || exit 99
        refuse 4 "$pattern" "$promise" "$nnrun" pack odd.npz -q -o o
    }
    archive 'has no samples: expected an array of two to four dimensions' "an array of samples has two dimensions or more" x=4 y=4
    archive 'has no samples: expected an array of two to four dimensions' "and some samples" x=0x4 y=0
    archive 'odd.npz' "one of labels has two or fewer" x=4x3 y=4x1x1
    archive 'odd.npz' "and one for each sample" x=4x3 y=5
    archive 'odd.npz' "parts are alike" train_images=4x3x3 train_labels=4 test_images=4x2x2 test_labels=4
fi

# ---- tables ------------------------------------------------------------------------------------------------------

# table FILE HEADER: a table of the columns that the header names
table() {
    mkdir -p "$(dirname "$1")"
    echo "$2" >"$1"
    awk -v columns="$(echo "$2" | tr ',' '\n' | wc -l)" 'BEGIN { for (i = 0; i < 30; i++) {
        for (c = 1; c < columns; c++) printf "%d,", i % (c + 4); print i % 2 ? "odd" : "even" } }' >>"$1"
}
for name in a b c d e f g h i j k l m n o p q r s t; do
    table unclear/$name.csv x,y,label
    table tables/other-$name.csv x,y,label
done
refuse 4 'unclear holds 20 tables, and none is named as training or test data: a.csv, .*, \.\.\.; name those that belong together' \
    "tables of one folder are named" "$nnrun" pack unclear -o o
table halves/test.csv x,y,label && table halves/extra.csv x,y,label
refuse 4 'halves holds 2 tables, and none is named as training data' "one is that of training" "$nnrun" pack halves/ -o o
table both/train.csv x,y,label && gzip -k both/train.csv
refuse 4 'both holds both train.csv and train.csv.gz; remove one' "each is there once" "$nnrun" pack both -o o
table tables/train.csv x,y,label && table tables/test.csv x,y,label
refuse 0 '20 files of the folder are left out, .*, \.\.\.$' "others are left out, and told" "$nnrun" pack tables// -q -o tabled --config rows.cfg
for header in x,label x,y,z x,label,y x,z,label; do
    rm -rf unlike && table unlike/train.csv x,y,label && table unlike/test.csv $header
    refuse 4 'unlike/test.csv:? ' "columns $header do not belong to x,y,label" "$nnrun" pack unlike -q -o o
done
table all.csv a,b,c
tail -n +2 all.csv >headless.csv
refuse 2 'headless.csv has no column "q": it has no header, and 3 columns' "a label is looked for by name" "$nnrun" pack headless.csv -q -o o --label q
refuse 2 'all.csv has no column "9"; its columns are' "or by number" "$nnrun" pack all.csv -q -o o --label 9
check "or is the last column" "$nnrun" pack headless.csv -q -o last --label last
printf 'a\000,\000b\000\n\0001\000,\0002\000\n\000' >utf16.csv
refuse 4 'utf16.csv is text in UTF-16; save it as UTF-8' "UTF-16 is told" "$nnrun" pack utf16.csv -o o
printf '# made by hand\n1,2\n' >comment.csv
refuse 4 'comment.csv' "so is a comment" "$nnrun" pack comment.csv -o o
printf 'a|b\n1|2\n' >bars.csv
refuse 4 'bars.csv has columns that are separated by \|' "and bars for commas" "$nnrun" pack bars.csv -o o
printf 'a\n1\n2\n' >lone.csv
refuse 4 'lone.csv' "and a table of one column" "$nnrun" pack lone.csv -o o
printf 'a,b\n1,2\n3,\0004\n' >zero.csv
refuse 4 'zero.csv' "and a zero byte" "$nnrun" pack zero.csv -o o
: >empty.csv
refuse 4 'empty.csv' "and an empty file" "$nnrun" pack empty.csv -o o
echo a,b,label >header.csv
refuse 4 'header.csv' "and a header alone" "$nnrun" pack header.csv -o o
check "nothing is left of what was refused" test ! -e o

# ---- names -------------------------------------------------------------------------------------------------------

named() { "$nnrun" show rows.cfg "$@"; }
refuse 3 '1 name for the 2 values of a sample' "each value of a sample has a name" named 'data.columns=("x")'
refuse 3 'item 1: a name with blanks around it' "without blanks around it" named 'data.columns=(" x","y")'
refuse 3 'item 2: an empty name' "and not empty" named 'data.columns=("x","")'
refuse 3 'item 2: the same name as item 1, "x"' "nor twice" named 'data.columns=("x","x")'
echo x >one.txt
refuse 4 'one.txt has 1 name, but a sample has 2 values' "a file has a name for each" named data.columns=one.txt
refuse 4 'one.txt has 1 name, but layer .* has 2 classes' "also of classes" named data.classes=one.txt
printf 'x\000\n' >zero.txt
refuse 4 'zero.txt is not text' "and is text" named data.classes=zero.txt
seq 70000 >endless.txt
refuse 4 'endless.txt' "with an end" named data.classes=endless.txt
refuse 4 'missing.txt' "and is there" named data.classes=missing.txt

cp -r tabled moved
check "names are looked for in the folder of the data, if it is another" named data.directory=moved
sed 's|^data: {|&  directory = "tabled/"; |; s|"tabled/\([a-z]*-[^"]*\)"|"\1"|' rows.cfg >beside.cfg
check "also if the config names the folder" "$nnrun" show beside.cfg data.directory=moved

# ---- asking ------------------------------------------------------------------------------------------------------

{ printf 'P5 28 28 255\n'; head -c 784 /dev/zero | tr '\0' '\17'; } >one.pgm
refuse 2 'one.pgm is not a table, and so has no header; leave --header out' "a picture has no header" "$nnrun" predict $best --header one.pgm
"$nnrun" -q rows.cfg -o asked --threads 1 train.epochs=1 >/dev/null 2>&1 || exit 99
mkfifo pipe
from_pipe() { cat tables/test.csv >pipe & "$nnrun" predict asked/best.safetensors pipe -q >piped; wait; "$nnrun" predict asked/best.safetensors tables/test.csv -q | cmp - piped; }
check "a table comes through a named pipe" from_pipe
check "a network compared with itself" "$nnrun" test $best $best
says '^Both are right for the same samples' "is said not to differ"
for file in empty.csv one.pgm images-idx3-ubyte $best nowhere.csv; do
    refuse 4 "$file" "$file is not rows of numbers" "$nnrun" predict asked/best.safetensors "$file"
done
refuse 2 'header' "pictures have no header" "$nnrun" predict $best --no-header digits/t10k-images-idx3-ubyte.gz
refuse 4 'pipe|nowhere' "a file that is missing is told, and the next one is answered" "$nnrun" predict asked/best.safetensors nowhere.csv tables/test.csv
awk 'BEGIN { print "a,b,label"; for (i = 0; i < 48; i++) print i % 5 "," i % 7 "," "name" i % 12 }' >dozen.csv
"$nnrun" pack dozen.csv -q -o dozen --config dozen.cfg 2>/dev/null && "$nnrun" -q dozen.cfg -o twelve train.epochs=1 2>/dev/null || exit 99
check "a dozen classes are answered" "$nnrun" predict twelve/best.safetensors dozen/train-images-idx2-float.gz
check "and in lines of a table" "$nnrun" predict twelve/best.safetensors dozen/train-images-idx2-float.gz --csv
"$nnrun" pack "$NNRUN_SOURCE/tests/npz/several.npz" -q -o several --config several.cfg 2>/dev/null && "$nnrun" -q several.cfg -o labels train.epochs=1 2>/dev/null || exit 99
check "several labels are answered" "$nnrun" predict labels/best.safetensors several/train-*images*
refuse 2 'several labels' "and have no line of a table" "$nnrun" predict labels/best.safetensors several/train-*images* --csv
printf '\002\000\000\000\000\000\000\000{}' >bare.safetensors
refuse 4 'bare.safetensors has no tensors' "weights come from a file that has some" "$nnrun" -q good.cfg train.from=bare.safetensors -o o
tap_end
