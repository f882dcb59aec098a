#!/bin/sh
# numbers.sh: samples that are numbers: the generator of measurements, training on floats, mean and deviation of the training
# samples, and what a checkpoint keeps of them.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
sensors=$NNRUN_BUILD/nnrun-make-sensors

# ---- the generator -----------------------------------------------------------------------------------------------

check "windows are drawn into a new folder" "$sensors" --train 900 --test 60 sensors
sums() {
    for file in "$1"/*.gz; do
        printf '%s %s\n' "${file##*/}" "$(gzip -dc <"$file" | cksum)"
    done
}
cat >pinned <<'SUMS'
test-labels-idx1-ubyte.gz 156258261 68
test-samples-idx3-float.gz 3637369775 46096
train-labels-idx1-ubyte.gz 2733911055 908
train-samples-idx3-float.gz 155974049 691216
SUMS
pinned() {
    sums sensors | diff pinned -
}
check "the inflated bytes are the same on every machine" pinned
"$sensors" --train 70 --test 1 few
same_windows() {
    gzip -dc few/train-samples-idx3-float.gz | tail -c +17 >some
    gzip -dc sensors/train-samples-idx3-float.gz | tail -c +17 | head -c $((70 * 768)) | cmp - some
}
check "a window is the same for any number of windows" same_windows
refuse 1 "^nnrun-make-sensors: few/train-samples-idx3-float\.gz is there already; --force" "files there before are kept" \
    "$sensors" few
refuse 2 "^nnrun-make-sensors: unknown option: --sheet" "it draws no sheet" "$sensors" --sheet a.png few
refuse 2 "^nnrun-make-sensors: no folder given" "nor windows into nothing" "$sensors"
# shellcheck disable=SC2016 # the inner shell expands it
check "it says its version" sh -c '"$1" --version | grep -qx "nnrun-make-sensors [0-9.]*"' sh "$sensors"
# shellcheck disable=SC2016 # the inner shell expands it
check "and its options" sh -c '"$1" --help | grep -q "^  --train N"' sh "$sensors"

# ---- the same bits -----------------------------------------------------------------------------------------------

cat >good.cfg <<'EOF'
name = "good";
input = 192;
data: {
    train: { images = "sensors/train-samples-idx3-float.gz"; labels = "sensors/train-labels-idx1-ubyte.gz"; };
    test: { images = "sensors/test-samples-idx3-float.gz"; labels = "sensors/test-labels-idx1-ubyte.gz"; };
    validation = 100; values = "numbers"; normalize = "train";
};
network = ( { type = "dense"; units = 16; }, { type = "relu"; }, { type = "dense"; units = 6; }, { type = "softmax"; } );
train: { epochs = 4; batch = 50; optimizer: { rate = 0.05; momentum = 0.9; }; };
output: { keep = 1000; report = false; };
EOF
last=step-000000064.safetensors
check "a network learns from floats" "$nnrun" -q good.cfg --threads 1 -o one
same_run() {
    rm -rf other
    "$nnrun" -q good.cfg "$@" -o other && cmp one/$last other/$last
}
check "the same bits with three threads" same_run --threads 3
check "... and streamed" same_run data.stream=true
check "... and streamed by one thread" same_run data.stream=true --threads 1
"$nnrun" -q good.cfg train.epochs=2 -o half || exit 99
# But for the metadata, which say train.epochs.
values_of() {
    tail -c 20000 "$1" | cksum
}
resumed() {
    "$nnrun" -q resume half train.epochs=4 && test "$(values_of one/$last)" = "$(values_of half/$last)"
}
check "... and resumed" resumed

drawn() {
    "$nnrun" -q good.cfg data.split=stratified --threads 1 -o drawn-one &&
        "$nnrun" -q good.cfg data.split=stratified --threads 3 data.stream=true -o drawn-other &&
        cmp drawn-one/$last drawn-other/$last
}
check "the same bits, streamed by three threads, with validation samples drawn by class" drawn

# ---- mean and deviation ------------------------------------------------------------------------------------------

# tensors FILE COUNT: it keeps both, of so many numbers
tensors() {
    test "$(head -c 8000 "$1" | grep -Eao "\"input\.(mean|std)\":\{[^}]*\"shape\":\[$2\]\}" | wc -l)" -eq 2
}
check "the checkpoint keeps both, one of each feature" tensors one/best.safetensors 192
# both FILE: the bytes of both, one behind the other
both() {
    header=$(head -c 8 "$1" | od -An -tu8 --endian=little)
    offset=$(head -c 8000 "$1" | grep -ao '"input\.mean":{"data_offsets":\[[0-9]*' | grep -o '[0-9]*$')
    tail -c +$((8 + header + offset + 1)) "$1" | head -c 1536
}
# The validation samples, the last 100, are others: had they been counted, the bits would differ.
first_800() {
    { printf '\000\000\015\003\000\000\003\040\000\000\000\003\000\000\000\100' &&
        gzip -dc sensors/train-samples-idx3-float.gz | tail -c +17 | head -c $((800 * 768)); } >first
    { printf '\000\000\010\001\000\000\003\040' &&
        gzip -dc sensors/train-labels-idx1-ubyte.gz | tail -c +9 | head -c 800; } >first-labels
    "$nnrun" -q good.cfg data.validation=0 'data.train={images="first"; labels="first-labels";}' -o first-run &&
        "$nnrun" -q good.cfg 'data.test={images="first"; labels="first-labels";}' train.epochs=1 -o whole-run
}
no_validation() {
    first_800 && both first-run/step-000000016.safetensors >first-both && both one/step-000000016.safetensors | cmp - first-both
}
check "the validation samples are not counted" no_validation
drawn_are_left_out() {
    both drawn-one/$last >drawn-both && both one/$last >last-both && ! cmp -s drawn-both last-both
}
check "... wherever they are: others give others" drawn_are_left_out

# Of all features, in double, by another program, to 1 in 10^5.
as_awk_has_them() {
    gzip -dc sensors/train-samples-idx3-float.gz | tail -c +17 | head -c $((800 * 768)) |
        od -An -v -tf4 -w768 --endian=big >rows
    both one/best.safetensors | od -An -v -tf4 -w768 --endian=little >kept
    awk 'FILENAME == "kept" { for (i = 1; i <= 192; i++) tensor[FNR, i] = $i; next }
        { for (i = 1; i <= 192; i++) { sum[i] += $i; row[FNR, i] = $i } }
        function far(a, b) { return a - b > 1e-5 * (b > 0 ? b : -b) + 1e-6 || b - a > 1e-5 * (b > 0 ? b : -b) + 1e-6 }
        END {
            for (i = 1; i <= 192; i++) {
                mean = sum[i] / 800
                squares = 0
                for (k = 1; k <= 800; k++)
                    squares += (row[k, i] - mean) ^ 2
                if (far(tensor[1, i], mean) || far(tensor[2, i], sqrt(squares / 800))) {
                    print i, tensor[1, i], mean, tensor[2, i], sqrt(squares / 800)
                    wrong = 1
                }
            }
            exit wrong
        }' kept rows
}
check "they are the mean and the deviation of the population" as_awk_has_them

change=$NNRUN_BUILD/tests/change_checkpoint
forged() {
    "$change" one/best.safetensors forged.safetensors "$1" && "$nnrun" test forged.safetensors "$images"
}
images='data.test={images="sensors/test-samples-idx3-float.gz"; labels="sensors/test-labels-idx1-ubyte.gz";}'
check "a checkpoint alone is tested with them" "$nnrun" -q test one/best.safetensors
for bad in 'input.mean[3]=nan' 'input.mean[3]=inf' 'input.std[3]=nan' 'input.std[3]=0' 'input.std[3]=-1' 'input.std[3]=inf'; do
    refuse 4 'forged\.safetensors: number 3 \(the first is 0\) of tensors input\.mean and input\.std is ' \
        "a checkpoint with $bad is refused" forged "$bad"
done
refuse 4 'quotient that is infinite in 32-bit' "so are two that cannot be divided" forged 'input.std[5]=1e-44'
plain() {
    "$nnrun" -q good.cfg data.normalize=none -o plain train.epochs=1 &&
        "$nnrun" test plain/best.safetensors data.normalize=train
}
refuse 4 'best\.safetensors: tensor input\.mean is missing; data\.normalize = "train" keeps it' \
    "a checkpoint without them cannot be normalised later" plain

# ---- rows --------------------------------------------------------------------------------------------------------

idx=sensors/test-samples-idx3-float.gz
gzip -dc $idx | tail -c +17 | od -An -v -tf4 -w768 --endian=big | sed 's/^ *//; s/  */,/g' >rows.csv
# said FILE OPTION...: the classes of a file's samples, and how probable each is
said() {
    file=$1
    shift
    "$nnrun" predict one/best.safetensors -q "$@" "$file" | sed "s|^$file||"
}
said $idx >of-idx
check "a network of numbers is asked about each sample of an IDX file" test "$(wc -l <of-idx)" -eq 60
same_answers() {
    said "$1" >of-rows && diff of-idx of-rows
}
check "... and about rows, with the same answers" same_answers rows.csv
{ seq -s ';' 0 191 && tr ',' ';' <rows.csv; } >counted.csv
refuse_line 0 '^nnrun: warning: counted.csv: the first row counts 0, 1, 2 and so on, and was taken as a header; use --no-header' \
    "a header that counts is told" "$nnrun" predict one/best.safetensors -q counted.csv
without() { "$nnrun" predict one/best.safetensors -q --no-header counted.csv | wc -l | grep -qx 61; }
check "it may be said to be a row" without
with() { "$nnrun" predict one/best.safetensors -q --header rows.csv | wc -l | grep -qx 59; }
check "a row may be said to be a header" with
check "... that have semicolons, and a header that counts" same_answers counted.csv
{ seq -s '	' 0 191 | sed 's/[0-9]*/x&/g' && tr ',' '\t' <rows.csv | sed 's/$/\r/'; } | gzip >words.tsv.gz
check "... or tabs, words, CR LF and gzip" same_answers words.tsv.gz
json_says() {
    "$nnrun" predict one/best.safetensors --json rows.csv | sed -n 3p | grep -q '"event":"predict","file":"rows.csv","index":2,"class":[0-5],'
}
check "JSON has the row's number" json_says
kaggle() {
    "$nnrun" predict one/best.safetensors --csv rows.csv $idx >kaggle.csv && test "$(wc -l <kaggle.csv)" -eq 121 &&
        test "$(head -n 1 kaggle.csv)" = ImageId,Label &&
        tail -n +2 kaggle.csv | cut -d, -f1 | diff - of-numbers &&
        tail -n +2 kaggle.csv | cut -d, -f2 | diff - of-classes
}
seq 120 >of-numbers
{ sed 's/.*: \([0-9]*\) .*/\1/' of-idx of-idx; } >of-classes
check "--csv numbers the lines from 1 over all files" kaggle
# piped FILE OPTION...: standard input gives what the file gives, but for its name
piped() {
    file=$1
    shift
    "$nnrun" predict one/best.safetensors "$@" "$file" | sed "s|$file|-|" >of-file && test -s of-file &&
        "$nnrun" predict one/best.safetensors "$@" - <"$file" | diff of-file - &&
        tail -c +1 "$file" | "$nnrun" predict one/best.safetensors "$@" - | diff of-file -
}
for option in -q --json --csv; do
    check "rows from standard input have the same answers: $option" piped rows.csv $option
done
check "gzip from standard input is read, too" piped words.tsv.gz -q
none() { "$nnrun" predict one/best.safetensors - </dev/null; }
refuse_line 4 '^nnrun: -: is empty$' "nothing from standard input is an error" none
folder() { "$nnrun" predict one/best.safetensors - <.; }
refuse_line 4 '^nnrun: -: Is a directory$' "so is a folder" folder
idx_piped() { gzip -dc $idx | "$nnrun" predict one/best.safetensors -; }
refuse_line 4 '^nnrun: -: is an IDX file; expected rows of 192 numbers, as CSV$' "so is an IDX file, which is read by its name" idx_piped
short() { printf '1,2\n' | "$nnrun" predict one/best.safetensors -; }
refuse_line 4 '^nnrun: -:1: has 2 columns; the network takes 192 numbers$' "so is a short row from there" short
refuse 2 'csv writes one line per picture or row; leave out --json' "... not as JSON" \
    "$nnrun" predict one/best.safetensors --csv --json rows.csv
# broken SED TEXT: a table changed so is refused with that
broken() {
    sed "$1" rows.csv >broken.csv
    refuse 4 "broken\.csv:$2" "a row is refused: $2" "$nnrun" predict one/best.safetensors -q broken.csv
}
broken '7s/^[^,]*,/walk,/' '7: column 1: "walk" is not a number'
broken '7s/^[^,]*,/,/' '7: column 1 is empty; expected a number'
broken '7s/^[^,]*,/nan,/' '7: column 1: "nan" is not a finite number'
broken '7s/^[^,]*,/1e39,/' '7: column 1: "1e39" is more than a 32-bit float holds'
broken '7s/^[^,]*,/"1,5",/' '7: column 1: "1,5" has a decimal comma'
broken '7s/^[^,]*,//' '7: has 191 columns; the network takes 192 numbers'
broken '7s/^/4,/' '7: has 193 columns; the network takes 192 numbers, without a label'
broken '1s/^[^,]*,/walk,/' '1: column 1: "walk" is not a number'
check "the rows before are answered" test "$("$nnrun" predict one/best.safetensors -q broken.csv rows.csv 2>/dev/null | wc -l)" -eq 60
digits 20 20
refuse 4 't10k-images-idx3-ubyte\.gz has samples of 784 numbers; the network takes 192' "pictures of another size are none" \
    "$nnrun" predict one/best.safetensors digits/t10k-images-idx3-ubyte.gz
"$NNRUN_BUILD/tests/draw_pictures" . 1 || exit 99
refuse 4 'pgm is a PNM picture; expected rows of 192 numbers, as CSV or in an IDX file' "nor is a picture" \
    "$nnrun" predict one/best.safetensors "$(find . -name '*.pgm' | head -n 1)"

# ---- what is refused ---------------------------------------------------------------------------------------------

gzip -dc sensors/train-samples-idx3-float.gz >nan
printf '\177\300\000\000' | dd of=nan bs=1 seek=$((16 + 768 * 7 + 4 * 5)) conv=notrunc 2>/dev/null
with_nan() {
    "$nnrun" -q good.cfg data.train.images=nan "$@" -o nan-run
}
refuse 4 'nan: value 5 of sample 7 \(both counted from 0\) is NaN; expected a finite number' "NaN is named by sample and value" \
    with_nan
refuse 4 'nan: value 5 of sample 7' "... also streamed" with_nan data.stream=true
refuse 4 'nan: value 5 of sample 7' "... and without a look at it before" with_nan data.normalize=none
check "... and leaves no run folder" test ! -e nan-run
refuse 4 'holds floats \(0x0d\), pixels are unsigned bytes \(0x08\); write values = "numbers"' "floats are no pixels" \
    "$nnrun" -q good.cfg data.values=pixels -o pixels

# ---- bytes and pictures ------------------------------------------------------------------------------------------

digits 300 50
small_config pictures.cfg
sed -i 's/report = false//; s/keep = 1000/report = false/' pictures.cfg
check "pictures are normalised as well" "$nnrun" -q pictures.cfg data.normalize=train --threads 1 -o pictures
# shellcheck disable=SC2016 # the inner shell expands it
check "... with the same bits when they are moved about, streamed, by three threads" sh -c '
    "$1" -q pictures.cfg data.normalize=train data.augment.shift=2 --threads 1 -o moved &&
    "$1" -q pictures.cfg data.normalize=train data.augment.shift=2 --threads 3 data.stream=true -o again &&
    cmp moved/best.safetensors again/best.safetensors' sh "$nnrun"
check "... one of each channel" tensors pictures/best.safetensors 1
check "a feature that never changes is warned of" sh -c '"$@" 2>&1 >/dev/null |
    grep -q "warning: .*feature 0 (the first is 0) and [0-9]* others are the same in all training samples.* (warnings\.constant_input)$"' \
    sh "$nnrun" -q pictures.cfg input=784 'network=({type="dense"; units=10;}, {type="softmax";})' data.normalize=train -o vector
# shellcheck disable=SC2016 # the inner shell expands it
check "... unless that is turned off" sh -c 'test -z "$("$@" 2>&1)"' sh "$nnrun" -q pictures.cfg input=784 \
    'network=({type="dense"; units=10;}, {type="softmax";})' data.normalize=train warnings.constant_input=false -o quiet
check "bytes may be numbers, too" "$nnrun" -q pictures.cfg data.values=numbers data.normalize=train -o bytes

# Kaggle's digits: a table of pixels without labels
gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | od -An -v -tu1 -w784 | sed 's/^ *//; s/  */,/g' >pixels
{ seq -s , 0 783 | sed 's/[0-9]*/pixel&/g' && cat pixels; } >test.csv
same_as_pictures() {
    "$nnrun" predict pictures/best.safetensors --csv digits/t10k-images-idx3-ubyte.gz >of-pictures &&
        "$nnrun" predict pictures/best.safetensors --csv test.csv | diff of-pictures - &&
        tail -c +1 test.csv | "$nnrun" predict pictures/best.safetensors --csv - | diff of-pictures -
}
check "a network of pixels is asked about rows, with the answers to an IDX file" same_as_pictures
sed '1s/^[^,]*,/256,/' pixels >256.csv
refuse 4 '256\.csv:1: column 1: "256" is not a pixel.s value from 0 to 255' "... whose values are pixels" \
    "$nnrun" predict pictures/best.safetensors 256.csv
refuse 2 'is not a table, and so has no header; leave --header out$' "pictures have no header" \
    "$nnrun" predict pictures/best.safetensors --header digits/t10k-images-idx3-ubyte.gz

# ---- a table from pack to predict --------------------------------------------------------------------------------

# Labels that are no numbers from 0 on, and one that needs quotes.
awk 'BEGIN { print "a,b,label"
    for (i = 0; i < 60; i++) printf "%d,%d,\"%s\"\n", i % 3, (i % 3) * 2 + i % 2, i % 3 == 0 ? "7" : i % 3 == 1 ? "9" : "x, \"\"y\"\"" }' >own.csv
check "a table of one's own is packed" "$nnrun" pack own.csv -q -o own --config own.cfg
check "... and trained" "$nnrun" -q own.cfg train.epochs=60 -o own-run
printf '0,0\n1,3\n2,4\n' >new.csv
labels() {
    "$nnrun" predict own-run/best.safetensors --csv new.csv >new.labels && printf 'ImageId,Label\n1,7\n2,9\n3,"x, ""y"""\n' | diff - new.labels
}
check "--csv has the labels of the table" labels
tap_end
