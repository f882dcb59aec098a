#!/bin/sh
# own_data.sh: what nnrun pack knows of own data, the network that is trained on them keeps: that samples were transposed, and
# what their columns are called. Whoever asks it with other data is told, and never answered by chance.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# ---- transposed --------------------------------------------------------------------------------------------------

digits 600 200
small_config upright.cfg
# As EMNIST's: nobody knows of them that they are transposed.
"$nnrun" pack digits -q -o source --transpose >/dev/null 2>&1 || exit 99
rm source/pack.json source/classes.txt
gzip -d source/t10k-images-idx3-ubyte.gz
check "digits with rows for columns are packed upright" "$nnrun" pack source -q -o turned --transpose --config turned.cfg
check "their config says so" grep -q '^    transposed = true;' turned.cfg
check "and pack.json" grep -q '"transposed": true' turned/pack.json
"$nnrun" -q turned.cfg train.epochs=8 -o run >/dev/null 2>&1 || exit 99
ck=run/best.safetensors
answers() { "$nnrun" predict $ck "$@" --json | sed 's/^[^:]*:[^[]*"class":\([0-9]*\).*/\1/'; }
gzip -dc digits/t10k-labels-idx1-ubyte.gz | tail -c +9 | od -An -v -tu1 -w1 | tr -d ' ' >labels
# right FILE: at least 80 % of its answers are the labels
right() {
    answers "$@" >said && paste said labels | awk '{ right += $1 == $2 } END { exit right < 0.8 * NR || NR != 200 }'
}
check "files of the source are transposed by predict" right source/t10k-images-idx3-ubyte
refuse 0 'source/t10k-images-idx3-ubyte: transposed, as the network.s samples were' "and it says so" \
    "$nnrun" predict $ck source/t10k-images-idx3-ubyte --json
says '"transposed":true' "in its answers, too"
check "files that pack wrote are not transposed again" right turned/t10k-images-idx3-ubyte.gz
refuse 0 'turned/t10k-images-idx3-ubyte.gz: not transposed, as nnrun pack wrote it' "and it says so" \
    "$nnrun" predict $ck turned/t10k-images-idx3-ubyte.gz --json
tail -c +17 source/t10k-images-idx3-ubyte | od -An -v -tu1 -w784 | sed 's/^ *//; s/  */,/g' >rows.csv
check "rows of the source's pixels are transposed" right rows.csv
gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 >upright
i=0
while [ $i -lt 200 ]; do
    { printf 'P5 28 28 255\n' && tail -c +$((1 + 784 * i)) upright | head -c 784; } >"$(printf '%03d.pgm' $i)"
    i=$((i + 1))
done
check "pictures are taken as they are" right ./???.pgm

# What is drawn is upright, too: serve's page sends it as PPM or JSON, and an exported C file gets samples as pack wrote them.
drawn() { # TYPE: the answers to the first pictures in that form
    i=0
    while [ $i -lt 40 ]; do
        file=$(printf '%03d.pgm' $i)
        if [ "$1" = application/json ]; then
            tail -c 784 "$file" | od -An -v -tu1 -w28 | sed 's/^ *//; s/  */,/g; s/.*/[&]/' | paste -sd, - | sed 's/.*/{"pixels":[&]}/'
        else
            cat "$file"
        fi | curl -sS -H "Content-Type: $1" --data-binary @- "${url}predict" | grep -o '"class":[0-9]*' | sed 's/.*://; q'
        i=$((i + 1))
    done
}
if command -v curl >/dev/null 2>&1 && ! "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    : >served
    "$nnrun" serve $ck --port 0 >>served 2>complaints &
    tap_children="$tap_children $!"
    tap_wait grep -q http: served || exit 99
    url=$(sed -n 's/.* on \(http:.*\)/\1/p' served)
    answers ./0[0-3]?.pgm >wanted
    for type in image/x-portable-graymap application/json; do
        drawn $type >got
        check "serve takes them so, as $type" cmp wanted got
    done
else
    skip "serve takes them so" "no curl, or no libmicrohttpd"
fi
cat >ask.c <<'C'
#include <stdio.h>
#include "turned.c"
static float memory[(TURNED_MEMORY + sizeof(float) - 1) / sizeof(float)];
int main(void)
{
    unsigned char sample[TURNED_INPUTS];
    float output[TURNED_OUTPUTS];
    while (fread(sample, 1, sizeof sample, stdin) == sizeof sample)
        printf("%d\n", turned_predict_bytes(sample, output, memory));
    return 0;
}
C
compiled() {
    "$nnrun" export -q $ck --c turned.c && ${NNRUN_CC:-cc} -std=c99 -O1 ask.c -lm -o ask &&
        gzip -dc turned/t10k-images-idx3-ubyte.gz | tail -c +17 | ./ask >got && answers turned/t10k-images-idx3-ubyte.gz | cmp - got
}
check "and so does a C file, of samples that pack wrote" compiled
check "which says how others are made so" grep -q 'transposed when they were packed' turned.c
gzip -dk turned/t10k-images-idx3-ubyte.gz
check "what pack wrote and is unpacked by hand is not transposed either" right turned/t10k-images-idx3-ubyte
rm turned/t10k-images-idx3-ubyte
"$nnrun" pack turned -q -o again --config again.cfg >/dev/null 2>&1 || exit 99
check "packed once more they are still known as transposed" grep -q '^    transposed = true;' again.cfg
"$nnrun" pack turned -q -o back --transpose --config back.cfg >/dev/null 2>&1 || exit 99
expect 1 "transposed back they are not" grep -q 'transposed' back.cfg

# ---- columns by name ---------------------------------------------------------------------------------------------

awk 'BEGIN { print "width,height,weight,kind"
    for (i = 0; i < 200; i++) printf "%d,%d,%.2f,%s\n", i % 7, 10 + i % 2 * 20, i % 5 / 7, i % 2 ? "tall" : "flat" }' >things.csv
check "a table is packed with the names of its columns" "$nnrun" pack things.csv -q -o things --config things.cfg
check "which its config has" grep -q 'columns = "things/columns.txt"' things.cfg
"$nnrun" -q things.cfg train.epochs=20 -o things.run >/dev/null 2>&1 || exit 99
ck=things.run/best.safetensors
printf 'width,height,weight\n3,30,0.2\n3,10,0.2\n' >asked.csv
printf 'weight,width,height\n0.2,3,30\n0.2,3,10\n' >shuffled.csv
answers asked.csv >wanted
check "rows are answered" sh -c 'printf "1\n0\n" | cmp - wanted'
answers shuffled.csv >got
check "and the same in any order of columns" cmp wanted got
sed 1d asked.csv >bare.csv
answers bare.csv >got
check "and without a header in that of training" cmp wanted got
printf 'width,height\n3,30\n' >fewer.csv
refuse 4 'fewer.csv:1: has no column "weight", which the network takes' "a missing column is named" "$nnrun" predict $ck fewer.csv
printf 'width,height,weight,kind\n3,30,0.2,tall\n' >more.csv
refuse 4 'more.csv:1: column 4 is "kind", which the network does not take' "an unknown one, too" "$nnrun" predict $ck more.csv
printf 'width,height,width\n3,30,3\n' >twice.csv
refuse 4 'twice.csv:1: columns 1 and 3 are both "width"' "and one that is there twice" "$nnrun" predict $ck twice.csv
printf ',width,height,weight\n0,3,30,0.2\n' >index.csv
refuse 4 'index.csv:1: has a column too many; the first one has no name, as that in which pandas' "and pandas' numbers of rows" \
    "$nnrun" predict $ck index.csv
check "the checkpoint has the names" sh -c "'$nnrun' show $ck --keys --json | grep -q 'weight'"
sed 's/width,height/height,width/' things.csv >others.csv
"$nnrun" pack others.csv -q -o others --test 0.5 >/dev/null 2>&1 || exit 99
others() { "$nnrun" test $ck "data.test={images=\"others/t10k-images-idx2-float.gz\"; labels=\"others/t10k-labels-idx1-ubyte.gz\"}"; }
refuse 4 'others/columns.txt: column 0 is "height", but "width" in the network' "data with other columns are not tested" others
refuse 4 'column 0 is "width", but "height" in data.columns' "nor may the names be changed" \
    "$nnrun" show $ck 'data.columns=("height","width","weight")'
refuse 2 'a group replaces all of its keys, and this one leaves out data.values' "a group that leaves out what samples are is refused" \
    "$nnrun" test $ck "data={directory=\"$work/things\";}"
"$nnrun" pack things -q -o things2 --config things2.cfg >/dev/null 2>&1 || exit 99
check "packed once more they keep the names of classes" cmp things/classes.txt things2/classes.txt
check "and of columns" cmp things/columns.txt things2/columns.txt
cp -r things edited
printf 'low\r\nhigh\r\n' >edited/classes.txt
check "also if they were edited" "$nnrun" pack edited -q -o things3 --config things3.cfg
check "in the order of the names" sh -c "printf 'high\nlow\n' | cmp - things3/classes.txt"
printf 'low\nlow\n' >edited/classes.txt
refuse 4 'edited/classes.txt:2: the same name as line 1, "low"' "unless two are the same" "$nnrun" pack edited -o things4
printf 'low\n' >edited/classes.txt
refuse 4 'edited/classes.txt has 1 name, but pack.json beside it has 2' "or one is missing" "$nnrun" pack edited -o things4
rm edited/pack.json
refuse 0 'classes.txt beside the files was not read, as no pack.json' "names without a pack.json are not taken, and that is told" \
    "$nnrun" pack edited -q -o things4
printf 'label,a,label\n1,2,3\n4,5,6\n' >both.csv
refuse 2 'both.csv: which column holds the label is not clear' "a column that is there twice is no label" "$nnrun" pack both.csv -o both
refuse 2 'both.csv: columns 1 and 3 are both "label"; leave one of them out' "not even if it is named" \
    "$nnrun" pack both.csv -o both --label label
printf 'a,a,kind\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n' >same.csv
refuse 0 'told these columns by their order, not by their names: two are called "a"' "names that are no names are told" \
    "$nnrun" pack same.csv -q -o same --test 0
printf '400,402,404\n1,2,3\n' >numbers.csv
awk 'BEGIN { print "label,400,402,404"; for (i = 0; i < 60; i++) print (i % 2 ? "x" : "y") "," i % 2 "," i % 3 "," i % 5 }' >bands.csv
check "names that are numbers are a header beside the label's" "$nnrun" pack bands.csv -q -o bands --config bands.cfg
check "so that there is no class called label" sh -c 'printf "x\ny\n" | cmp - bands/classes.txt'
"$nnrun" -q bands.cfg train.epochs=1 -o bands.run >/dev/null 2>&1 || exit 99
one_answer() { [ "$("$nnrun" predict bands.run/best.safetensors numbers.csv --json | wc -l)" -eq 1 ]; }
check "and one for predict" one_answer

# ---- pixels by number --------------------------------------------------------------------------------------------

ck=upright.run/best.safetensors
"$nnrun" -q upright.cfg train.epochs=8 -o upright.run >/dev/null 2>&1 || exit 99
od -An -v -tu1 -w784 upright | awk 'BEGIN { for (i = 783; i >= 0; i--) printf "pixel%d%s", i, (i ? "," : "\n") }
    { for (i = 784; i > 0; i--) printf "%s%s", $i, (i > 1 ? "," : "\n") }' >reversed.csv
answers digits/t10k-images-idx3-ubyte.gz >wanted
answers reversed.csv >got
check "columns called pixels are placed by their numbers" cmp wanted got
od -An -v -tu1 -w784 upright | awk '{ for (i = 1; i <= 784; i++) printf "%.4f%s", $i / 255, (i < 784 ? "," : "\n") }' >scaled.csv
refuse 0 'scaled.csv: all values are from 0 to 1, but the network takes pixels from 0 to 255' "pixels on another scale are told" \
    "$nnrun" predict $ck scaled.csv --json

# ---- what is a pack ----------------------------------------------------------------------------------------------

mkdir foreign && echo '{"name": "my-project"}' >foreign/pack.json && cp digits/train-images-idx3-ubyte.gz foreign
refuse 2 'foreign holds a pack.json that was not written by a pack' "a pack.json of others is no pack" \
    "$nnrun" pack things.csv -o foreign --force
check "and nothing goes" test -e foreign/pack.json -a -e foreign/train-images-idx3-ubyte.gz
cp digits/t10k-images-idx3-ubyte.gz things2/validation-images-idx3-ubyte.gz
refuse 2 'things2 holds validation-images-idx3-ubyte.gz, which is of no finished pack' "nor do files that the pack does not list" \
    "$nnrun" pack things.csv -o things2 --force
rm things2/validation-images-idx3-ubyte.gz
check "its own are replaced" "$nnrun" pack digits -q -o things2 --force
expect 1 "and go" test -e things2/columns.txt
tap_end
