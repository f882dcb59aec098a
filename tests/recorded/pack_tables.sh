#!/bin/sh
# pack_tables.sh: what nnrun pack says of tables and arrays, and of options that mean nothing to a source.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"

# table NAME HEADER ROW...: a table with these rows, 25 times, each with another number behind it
table() {
    name=$1 && printf '%s\n' "$2" >"$name" && shift 2
    i=0
    while [ $((i += 1)) -le 25 ]; do
        printf "%s,$i\n" "$@" >>"$name"
    done
}

# ---- which column is what ----------------------------------------------------------------------------------------

table moves.csv activity,x,y,z walk,1,2 run,3,4
record "the label's column is told, with the option that changes it" nnrun pack moves.csv -o moves
record "columns are in pack.json" sh -c "sed -n '/columns/,\$p' moves/pack.json"
record "a label that was asked for is told, too" nnrun pack moves.csv -o moves --force --label activity
record "numbers do not tell the label" nnrun pack moves.csv -o no --label none
table count.csv 0,1,2 0,2 1,4
record "a first row that counts is told" nnrun pack count.csv -o count --label first
record "it can be a sample" nnrun pack count.csv -o count --force --label first --no-header
record "or a header without a word" nnrun pack count.csv -o count --force --label first --header -q
record "but not both" nnrun pack count.csv -o no --header --no-header
table pixels.csv label,id,pixel3,pixel2,pixel1,pixel0 a,1,2,3,4 b,6,7,8,9
record "a number of the row beside pixels is left out" nnrun pack pixels.csv -o pixels
sed 1s/id/size/ pixels.csv >sizes.csv
record "another column keeps rows from being pictures" nnrun pack sizes.csv -o sizes
sed 1s/pixel0/pixel9/ pixels.csv >gaps.csv
record "so do numbers with gaps" nnrun pack gaps.csv -o gaps
sed 1s/pixel0/q/ pixels.csv | sed '1s/pixel./f&/g' >ids.csv
record "a number of the row beside other columns is told" nnrun pack ids.csv -o ids
printf 'a,name,kind\n1,x,u\n2,y,v\n' >names.csv
record "which of two columns of words is the label is not known" nnrun pack names.csv -o no
record "the other one is refused then" nnrun pack names.csv -o no --label kind
record "also if broken rows are passed over" nnrun pack names.csv -o no --label kind --skip-broken

# ---- options that mean nothing -----------------------------------------------------------------------------------

digits 20 10
cp "$NNRUN_SOURCE/tests/npz/grey.npz" "$NNRUN_SOURCE/tests/npz/several.npz" .
mkdir -p pets/cats pets/dogs && for i in 1 2 3; do
    printf 'P2 2 2 255 %d 2 3 4\n' $i >pets/cats/$i.pgm && printf 'P2 2 2 255 9 %d 3 4\n' $i >pets/dogs/$i.pgm
done
mkdir ten && { printf '\001' && head -c 3072 /dev/zero; } >ten/data_batch_1.bin
mkdir hundred && { printf '\001\002' && head -c 3072 /dev/zero; } >hundred/train.bin
record "a folder has no column of labels" nnrun pack pets -o no --label cats
record "nor have IDX files" nnrun pack digits -o no --label last
record "nor have arrays" nnrun pack grey.npz -o no --label y
record "nor has CIFAR-10" nnrun pack ten -o no --label coarse
record "CIFAR-100 has two" nnrun pack hundred -o no --label both
record "whose names may be written in capitals" sh -c 'nnrun pack hundred -q -o hundred1 --label Coarse 2>/dev/null && cat hundred1/classes.txt'
record "several labels are not numbered" nnrun pack several.npz -o no --first-label 0
record "nor sorted" nnrun pack several.npz -o no --natural
record "samples without labels are not numbered either" nnrun pack count.csv -o no --label none --first-label 1
record "pictures have no header" nnrun pack pets -o no --header
record "nothing was written" sh -c 'ls -d no'
record_end
