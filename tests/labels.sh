#!/bin/sh
# labels.sh: one label a sample or several, as the network's last layer takes them.
. "$NNRUN_SOURCE/tests/nnrun.sh"

digits 600 200
# several FILE COUNT BYTES: from one label a sample to four, the bits of the digit; BYTES replace the first sample's
several() {
    gzip -dc "digits/$1.gz" | tail -c +9 | od -An -v -tu1 -w1 | awk -v count="$2" -v first="$3" '
        BEGIN { printf "\\000\\000\\010\\002\\000\\000\\0%o\\0%o\\000\\000\\000\\004\n", count / 256, count % 256 }
        NR == 1 && first != "" { print "\\0" first; next }
        { printf "\\00%d\\00%d\\00%d\\00%d\n", $1 / 8, $1 / 4 % 2, $1 / 2 % 2, $1 % 2 }' |
        while read -r line; do printf '%b' "$line"; done >"digits/$1"
}
train="train-labels-idx1-ubyte"
test="t10k-labels-idx1-ubyte"
kinds="data.train.labels=digits/$train data.test.labels=digits/$test"
images="data.train.images=digits/train-images-idx3-ubyte.gz data.test.images=digits/t10k-images-idx3-ubyte.gz"
several $train 600 ""
several $test 200 ""
small_config class.cfg
for loss in logistic mse; do
    sed "s/softmax/$loss/; s/units = 10/units = 4/; s/epochs = 2/epochs = 12/" class.cfg >$loss.cfg
    # shellcheck disable=SC2086 # several words
    check "$loss trains with several labels a sample" "$nnrun" -q $loss.cfg $kinds $images -o $loss
    check "$loss is tested with them" "$nnrun" test $loss/best.safetensors
    says ': [3-9][0-9]\.[0-9]+ % right' "$loss has learned to get many samples right in every label"
    check "$loss has no classes to tell apart then" sh -c "! grep -q confusion '$tap_out'"
    refuse_line 4 "--wrong: the samples have no single label" "nor mistakes to write" "$nnrun" test $loss/best.safetensors \
        --wrong wrong
    sed "s/softmax/$loss/" class.cfg >one.cfg
    check "$loss trains with the number of a class as well" "$nnrun" -q one.cfg -o $loss-class
    check "$loss is tested with it" "$nnrun" test $loss-class/best.safetensors
    says 'confusion' "$loss tells classes apart then"
done
sed 's/data: {/& classes = ["eights", "fours", "twos", "ones"];/' logistic.cfg >named.cfg
# shellcheck disable=SC2086
check "labels may have names" "$nnrun" -q named.cfg $kinds $images train.epochs=2 -o named
"$nnrun" test named/best.safetensors --json >named.json
areas() {
    grep '"event":"test"' "$1" | grep -o '"areas":\[[0-9.,]*\]' | head -n 1
}
in_the_log() {
    areas named.json | grep -Eq '^"areas":\[0\.[0-9]+(,0\.[0-9]+){3}\]$' && test "$(areas named.json)" = "$(areas named/log.jsonl)" &&
        "$nnrun" report named --json | grep -qF "$(areas named.json)" &&
        grep -q '"names":\["eights","fours","twos","ones"\]' named.json && grep '"event":"test"' named/log.jsonl | grep -q '"names":\["eights",'
}
check "the JSON of the test, of the log and of the report has the area of each, with their names" in_the_log
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
check "logistic is asked about a picture" "$nnrun" predict logistic/best.safetensors one.pgm -q
says '^one\.pgm: (none|[0-3] \([5-9][0-9.]+ %\)(, [0-3] \([5-9][0-9.]+ %\))*|[0-3] \(100\.0 %\).*)$' \
    "the answer is each label that is more likely than not"
# shellcheck disable=SC2086
unfit() {
    refuse_line 4 "$2" "$1" "$nnrun" "$3" $kinds $images -o run
}
unfit "several labels do not fit softmax" \
    "$train has 4 labels per sample; class\.cfg:9: layer \"softmax1\" \(softmax\) takes one\$" class.cfg
for loss in mse logistic; do
    sed "s/softmax/$loss/" class.cfg >one.cfg
    unfit "another number of labels does not fit $loss" \
        "$train has 4 labels per sample; one\.cfg:9: layer \"${loss}1\" \($loss\) takes one, or 10\$" one.cfg
    refuse_line 4 "$train.*: sample [0-9]+ .* has label [4-9]; $loss\.cfg:9: layer \"${loss}1\" \($loss\) takes 0 to 3, as many classes as it has inputs\$" \
        "a class that is not among the values does not fit $loss" "$nnrun" $loss.cfg -o run
    refuse_line 4 "$test has 4 labels per sample; one\.cfg:9: .* takes one, or 10\$" \
        "nor do the labels of the test alone fit $loss" "$nnrun" one.cfg -o run "data.test.labels=digits/$test" \
        data.test.images=digits/t10k-images-idx3-ubyte.gz
done
gzip -dc digits/train-images-idx3-ubyte.gz >digits/pictures
refuse_line 4 "digits/pictures has 3 dimensions; labels have 1 or 2. Are these images\?" "pictures do not fit as labels" \
    "$nnrun" logistic.cfg -o run data.train.labels=digits/pictures data.train.images=digits/train-images-idx3-ubyte.gz
several $train 600 '02\\01\\01\\00'
unfit "labels other than 0 and 1 do not fit logistic" \
    "$train: sample 0 .* has label 2; logistic\.cfg:9: layer \"logistic1\" \(logistic\) takes 0 to 1" logistic.cfg
check "they do fit mse" "$nnrun" -q mse.cfg data.train.labels=digits/$train data.test.labels=digits/$test \
    data.train.images=digits/train-images-idx3-ubyte.gz data.test.images=digits/t10k-images-idx3-ubyte.gz \
    train.epochs=1 train.optimizer.rate=0.001 -o mse2
check "no run folder is left behind" test ! -e run

# A loss may have other outputs than it compares with: nothing in labels is read, and nothing counted, by their number.
${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" -o narrow.so \
    "$NNRUN_SOURCE/tests/plugins/narrow.c" || exit 99
for values in 1 2 5 12; do
    sed "s/\"softmax\"/\"narrow\"; values = $values/; s/epochs = 2/epochs = 1/" class.cfg >narrow.cfg
    check "a loss of 10 values with an output of $values is trained and tested" "$nnrun" -q narrow.cfg -o "narrow$values" \
        --plugin-path .
    check "and its answers to the class of a sample are looked at" "$nnrun" test "narrow$values/best.safetensors" \
        --plugin-path .
    check "which are no classes to tell apart" sh -c "! grep -q confusion '$tap_out'"
    sed -i 's/units = 10/units = 4/' narrow.cfg
    # shellcheck disable=SC2086
    check "and with several labels a sample" "$nnrun" -q narrow.cfg $kinds $images -o "narrow$values-4" --plugin-path .
    check "so are those" "$nnrun" test "narrow$values-4/best.safetensors" --plugin-path .
    says ': 0\.00 % right' "none of which is right"
done
tap_end
