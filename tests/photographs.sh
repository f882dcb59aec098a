#!/bin/sh
# photographs.sh: nnrun predict reads digits as people photograph and scan them, and several of them one by one.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# photograph FAMILY COUNT: a folder of that name with such pictures; draw_photographs.c has the families.
photograph() {
    rm -rf "$1"
    mkdir "$1" && "$NNRUN_BUILD/tests/draw_photographs" "$1" "$2" "$1" || exit 99
}

# read_right FAMILY COUNT PART: of so many such pictures, which are drawn anew, PART in 100 are read right.
read_right() {
    photograph "$1" "$2"
    "$nnrun" predict "$best" -q "$1"/* >said 2>complaints || return 1
    sed -E 's|^[a-z]*/[0-9]*-([0-9])\.[a-z]*: ([0-9]) .*|\1 \2|' said | awk '$1 == $2' >right
    echo "$1: $(wc -l <right) of $2"
    [ "$(wc -l <said)" -eq "$2" ] && [ $((100 * $(wc -l <right))) -ge $(($3 * $2)) ]
}
families='shade edge specks lined squared noise turned everyday'
what() {
    case $1 in
    shade) echo 'under shade down to 0.3' ;;
    edge) echo "beside a table's edge" ;;
    specks) echo 'among 5 to 50 specks' ;;
    lined) echo 'on lined paper' ;;
    squared) echo 'on squared paper' ;;
    noise) echo "under a sensor's noise" ;;
    turned) echo 'turned by up to 15 degrees' ;;
    everyday) echo 'with some of all that' ;;
    esac
}

# ---- built-in digits -----------------------------------------------------------------------------------------

digits 6000 300
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=300 train.epochs=3 -q -o run || exit 99
best=run/best.safetensors
for family in $families; do
    check "9 of 10 digits $(what "$family") are read right" read_right "$family" 60 90
done

# ---- several in a picture ------------------------------------------------------------------------------------

photograph several 40
"$nnrun" predict "$best" -q --all several/* >said 2>complaints || exit 99
sed -E 's|^several/([0-9]*)-([0-9]*)\.[a-z]*, digit ([0-9]) of ([0-9]): ([0-9]) .*|\1 \2 \3 \4 \5|' said >answers
counted() { awk '{ seen[$1 " " length($2) " " $4] = 1; last[$1] = $3 == last[$1] + 1 ? $3 : 99 }
    END { for (i in seen) { split(i, part, " "); all++; good += part[2] == part[3] && last[part[1]] == part[2] }
          print good " of " all; exit !(all == 40 && 100 * good >= 95 * all) }' answers; }
check '--all has an answer for each of 2 to 5 digits in a picture, numbered from the left' counted
ordered() { awk '{ all++; good += substr($2, $3, 1) == $5 } END { print good " of " all; exit !(100 * good >= 90 * all) }' answers; }
check '... 9 of 10 of which are that digit' ordered
check '... and nothing is complained of' test ! -s complaints

set -- several/000-*
several=$1
count=$(echo "$several" | sed -E 's|.*-([0-9]*)\..*|\1|' | tr -d '\n' | wc -c)
refuse_line 0 "^nnrun: warning: $several: $count digits seen, answered as one; --all reads each\$" \
    'without --all a warning says how many there are' "$nnrun" predict "$best" -q "$several"
says "^$several: [0-9] \([0-9.]+ %\)\$" '... and there is one answer'
check '--all draws each' "$nnrun" predict "$best" --all "$several"
cp "$tap_out" drawn
drawings() { [ "$(grep -c ", digit [0-9] of $count: [0-9] (" drawn)" -eq "$count" ] && [ "$(wc -l <drawn)" -eq $((15 * count)) ]; }
check '... as the network gets it' drawings
check '--all --json numbers them' "$nnrun" predict "$best" --all --json "$several"
says "\"empty\":false,\"digits\":$count,\"digit\":1\}\$" '... from 1'
says "\"empty\":false,\"digits\":$count,\"digit\":$count\}\$" '... to the last'
"$nnrun" predict "$best" --json "$several" >said 2>complaints
check '--json has their number' grep -Eq "\"empty\":false,\"digits\":$count\}\$" said
set -- turned/000-*
one=$1
check 'of a picture with one digit --all says' "$nnrun" predict "$best" -q --all "$one"
says "^$one: [0-9] " '... what it says without'

# ---- lenet, as it is shipped ---------------------------------------------------------------------------------

if [ -n "${NNRUN_MNIST-}" ] && [ -f "$NNRUN_MNIST/train-images-idx3-ubyte.gz" ]; then
    "$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory="$NNRUN_MNIST" train.epochs=3 -q -o mnist || exit 99
    best=mnist/best.safetensors
    for family in $families; do
        check "lenet.cfg, trained on MNIST, reads 19 of 20 digits $(what "$family")" read_right "$family" 200 95
    done
else
    skip 'lenet.cfg, trained on MNIST, reads 19 of 20 digits of each kind' 'NNRUN_MNIST names no folder with MNIST'
fi
tap_end
