#!/bin/sh
# test.sh: what nnrun test says of a checkpoint, and the pictures of its mistakes.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

small_config good.cfg
digits 600 203
"$nnrun" -q good.cfg -o run || exit 99
best=run/best.safetensors

check "a checkpoint is tested" "$nnrun" test $best
says "^$best: [0-9.]+ % right \([0-9]+ of 203\), 95 % interval [0-9.]+ to [0-9.]+ %, loss [0-9.]+\$" \
    "its accuracy has its 95 % interval"
says '^    9 +[0-9]+ +[0-9]+ +[0-9.]+ +[0-9.]+$' "each class has its recall and precision"
says '^confusion' "there is a confusion matrix"
says '^most confident mistakes \(10 of [0-9]+; samples count from 0\)$' "and the surest mistakes"
cp "$tap_out" text
aligned() {
    sed -n '/^confusion/,/^$/p' text | sed '1d;$d' | awk '{ length_of[length($0)]++ } END { for (l in length_of) n++; exit !(n == 1 && NR == 11) }'
}
check "the matrix is aligned" aligned
of_all() {
    sed -n '/^confusion/,/^$/p' text | sed '1,2d' | awk '{ for (i = 2; i <= NF; i++) n += $i } END { exit n != 203 }'
}
check "it has each sample once" of_all
check "-q prints the first line" "$nnrun" test -q $best
check "alone" test "$(wc -l <"$tap_out")" -eq 1
for threads in 1 2 5; do
    "$nnrun" test $best --json --threads $threads >json$threads || exit 99
done
same "mistakes are the same for any number of threads" json1 json2 json5
falls() {
    grep -o '"confidence":[0-9.]*' json1 | cut -d: -f2 | sort -gr >sorted &&
        grep -o '"confidence":[0-9.]*' json1 | cut -d: -f2 | diff - sorted && test "$(wc -l <sorted)" -eq 50
}
check "--json has the surest 50, falling" falls
says_json() {
    grep -Eq '^\{"event":"test",.*"accuracy":0\.[0-9]+,"accuracy_low":0\.[0-9]+,"accuracy_high":0\.[0-9]+,' json1
}
check "and the interval" says_json
"$nnrun" -q good.cfg 'data.classes=["zero","one","two","three","four","five","six","seven","eight","nine"]' -o named || exit 99
named() {
    "$nnrun" test named/best.safetensors --json >named.json &&
        grep -Eo '"label":[0-9],"said":[0-9],"confidence":[0-9.]*,"label_name":"[a-z]*","said_name":"[a-z]*"' named.json |
        tr '"' ' ' | awk '{ split("zero one two three four five six seven eight nine", name)
            split($0, part, /[:, ]+/); if (part[9] != name[part[3] + 1] || part[11] != name[part[5] + 1]) bad++ }
            END { exit !(NR == 50 && !bad) }'
}
check "mistakes have the names of both classes" named
# figure FILE KEY: its value in the last test
figure() {
    grep '"event":"test"' "$1" | tail -n 1 | grep -o "\"$2\":[^,}]*"
}
in_the_log() {
    balanced=$(figure named.json balanced_accuracy) && test "$balanced" = "$(figure named/log.jsonl balanced_accuracy)" &&
        "$nnrun" report named --json | grep -qF "$balanced"
}
check "the run's log has the balanced accuracy, and so has the JSON of its report" in_the_log

# on a terminal the matrix comes in parts of its width
if script -qc true /dev/null </dev/null >/dev/null 2>&1; then
    narrow() {
        script -qc "stty cols 41; '$nnrun' test $best" /dev/null </dev/null | tr -d '\r' >narrow
        sed -n '/^confusion/,/^surest/p' narrow >matrix
        test "$(awk 'length($0) > 41 && !/^[a-z]/' matrix | wc -l)" -eq 0 &&
            grep -Eq '^ +0 +1 +2 +3 +4 +5 +6 +7 +8$' matrix && grep -Eq '^ +9$' matrix
    }
    check "on a narrow terminal the matrix comes in parts" narrow
else
    skip "on a narrow terminal the matrix comes in parts" "no script(1)"
fi

wrong=$(sed -n 's/^.* right (\([0-9]*\) of 203).*/\1/p' text)
wrong=$((203 - wrong))
tap_run "$nnrun" test $best --wrong pictures
if grep -q 'without libpng' "$tap_err"; then
    skip "--wrong writes each mistake as PNG" "built without libpng"
else
    says "^pictures: $wrong pictures\$" "--wrong says how many pictures it wrote"
    each() {
        test "$(find pictures -name '[0-9][0-9][0-9][0-9]-said-[0-9]-is-[0-9].png' | wc -l)" -eq "$wrong" &&
            test "$(find pictures -type f | wc -l)" -eq "$wrong"
    }
    check "it is one for each mistake" each
    # the label is that of the file, the size that of the sample
    labelled() {
        gzip -dc digits/t10k-labels-idx1-ubyte.gz | tail -c +9 | od -An -v -tu1 -w1 | tr -d ' ' >labels
        for picture in pictures/*; do
            number=${picture#pictures/}
            number=$((1${number%%-*} - 10000 + 1))
            is=${picture##*-is-}
            [ "$(sed -n "${number}p" labels)" = "${is%.png}" ] || return 1
            [ "$(head -c 24 "$picture" | tail -c 8 | od -An -v -tx1 | tr -d ' \n')" = 0000001c0000001c ] || return 1
        done
    }
    check "named by sample and label, of the sample's size" labelled
    refuse_line 2 'pictures is not empty' "a folder with files in it is refused" "$nnrun" test $best --wrong pictures
    mkdir -p new/folder
    check "an empty one is taken" "$nnrun" test -q $best --wrong new/folder
    check "it is filled" test "$(find new/folder -type f | wc -l)" -eq "$wrong"
    : >plain
    refuse_line 1 'plain/a: cannot make the folder: Not a directory' "a folder that cannot be made is said" "$nnrun" test -q $best --wrong plain/a
fi
refuse_line 2 'only "nnrun test" takes it' "--wrong is of test alone" "$nnrun" show good.cfg --wrong x

sed 's/input = .*/input = 784;/; /conv\|relu\|pool/d' good.cfg >vector.cfg
"$nnrun" -q vector.cfg -o vector || exit 99
tap_run "$nnrun" test vector/best.safetensors --wrong flat
if ! grep -q 'without libpng' "$tap_err"; then
    check "a network that takes vectors has pictures, too, if its file has them" \
        test "$(head -q -c 24 flat/* | tail -c 8 | od -An -v -tx1 | tr -d ' \n')" = 0000001c0000001c
fi
{ printf '\000\000\010\002\000\000\000\313\000\000\003\020'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17; } >vectors
refuse_line 4 'none: not made: .* vectors' "samples that are vectors are no pictures" "$nnrun" test -q vector/best.safetensors \
    data.test.images=vectors data.test.labels=digits/t10k-labels-idx1-ubyte.gz --wrong none
check "no folder is made then" test ! -e none

"$nnrun" -q good.cfg train.optimizer.rate=0 -o still || exit 99

# two checkpoints
check "two checkpoints are compared" "$nnrun" test $best still/best.safetensors
says '^still/best.safetensors: [0-9.]+ % right' "each has its line"
says '^right: both [0-9]+, only the first [0-9]+, only the second [0-9]+, neither [0-9]+$' "samples are counted by who is right"
says "^McNemar's test: p [<=] 0\.000[0-9]+\. The first is better: chance alone rarely makes such a difference\.\$" "and tell which is better"
add_up() {
    awk -F'[^0-9]+' '/^right: / { exit !($2 + $3 + $4 + $5 == 203) }' "$tap_out"
}
check "all samples are counted once" add_up
check "a checkpoint and itself" "$nnrun" test -q $best $best
says '^Both are right for the same samples\.$' "are the same"
for threads in 1 3; do
    "$nnrun" test $best still/best.safetensors --json --threads $threads >pair$threads || exit 99
done
same "with any number of threads" pair1 pair3
check "--json has a line for each and one for both" \
    grep -c "^{\"event\":\"compare\",\"first\":\"$best\",\"second\":\"still/best.safetensors\",\"both\":[0-9]*,.*\"p\":[0-9.e-]*}\$" pair1
"$NNRUN_BUILD/nnrun-make-digits" --train 600 --test 150 --seed 2 other >/dev/null || exit 99
"$nnrun" -q good.cfg data.directory=other -o elsewhere || exit 99
refuse_line 4 'different samples: 203 and 150' "checkpoints with other test samples are not compared" \
    "$nnrun" test $best elsewhere/best.safetensors
check "but on the same ones they are" "$nnrun" test -q $best elsewhere/best.safetensors data.directory=digits
refuse_line 2 'wrong takes one checkpoint' "--wrong is of one checkpoint" "$nnrun" test $best $best --wrong none
check "a checkpoint that learned nothing is tested" "$nnrun" test still/best.safetensors
cp -r digits zeros && rm zeros/t10k-labels*
{ printf '\0\0\010\001\0\0\0\313' && head -c 203 /dev/zero; } >zeros/t10k-labels-idx1-ubyte
check "data that lack a class are tested" "$nnrun" test $best data.directory=zeros
says '^    1 +0 +0 +- +[-0-9.]+$' "it has no recall: the table has a dash"
balanced() {
    "$nnrun" test $best data.directory=zeros --json >json || return 1
    grep -q '"class":1,"samples":0,"recall":null,' json && ! grep -q 'nan' json && sed 's/.*"right":\([0-9]*\),.*"balanced_accuracy":\([0-9.]*\).*/\1 \2/' json |
        awk '{ d = $1 / 203 - $2; exit !(d < 1e-6 && d > -1e-6) }'
}
check "JSON has null, and the balanced accuracy leaves it out" balanced
mv digits moved
refuse_line 4 'digits/t10k' "data that are gone are named" "$nnrun" test $best --wrong none
check "no folder is made then, either" test ! -e none
tap_end
