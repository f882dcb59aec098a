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
record "a word of other programs is told apart" nnrun pack count.csv -o no --target a
record "so is one that is a key of the config, too" nnrun pack count.csv -o no --split=0.2
record "pack takes no keys" nnrun pack count.csv -o no --epochs 3
record "pictures have no header" nnrun pack pets -o no --header

# ---- what is no source -------------------------------------------------------------------------------------------

printf 'sep=;\na;label\n1;x\n2;y\n' >sep.csv
record "a line of spreadsheets names the separator" nnrun pack sep.csv -q -o sep --test 0
printf 'a,label\n1,caf\351\n' >latin.csv
record "a label that is no UTF-8 is named by file and line" nnrun pack latin.csv -o no
mkdir -p names/a "names/$(printf 'caf\351')" && cp pets/cats/1.pgm names/a && cp pets/dogs/*.pgm names/caf*
record "a folder is named, too" nnrun pack names -o no
printf '"a,label\n1,x\n' >quote.csv
record "a quote that is open is told" nnrun pack quote.csv -o no
printf 'a,b\n1,\0\n' >zero.csv
record "a zero byte is told" nnrun pack zero.csv -o no
printf 'a|b|label\n1|2|x\n' >bars.csv
record "so is another separator" nnrun pack bars.csv -o no
printf '# comment\na,b,label\n1,2,x\n' >comment.csv
record "so is a comment" nnrun pack comment.csv -o no
printf '# drawn, by hand\na,b,label\n1,2,x\n' >comma.csv
record "also one with a comma" nnrun pack comma.csv -o no
printf 'a\0,\0b\0\n\0001\0,\0002\0\n\0' >wide.csv
record "so is UTF-16 without a mark" nnrun pack wide.csv -o no
printf 'a,b,label,\n1,2,x,\n3,4,y,\n' >ends.csv
record "so is a comma at the end of each row" nnrun pack ends.csv -o no
record "which no option passes over" nnrun pack ends.csv -o no --skip-broken
printf '1;2;x;\n3;4;y;\n' >semicolons.csv
record "also without a header" nnrun pack semicolons.csv -o no
printf 'a,b,label\n1,2,x,\n3,4,y,\n' >rows.csv
record "or only below it" nnrun pack rows.csv -o no
printf 'a\n1\n' >narrow.csv
record "so is a single column" nnrun pack narrow.csv -o no
: >empty.csv
record "so is an empty file" nnrun pack empty.csv -o no
printf 'GIF89a' >anything
record "another kind of file is told" nnrun pack anything -o no
mkdir kaggle && table kaggle/train.csv label,pixel0,pixel1,pixel2,pixel3 a,1,2,3 b,4,5,6 &&
    cut -d, -f2- kaggle/train.csv >kaggle/test.csv
record "Kaggle's folder has a table without labels" nnrun pack kaggle -o no
record "a file is named once" nnrun pack moves.csv pixels.csv ./moves.csv -o no
mkfifo pipe && record "a pipe is no source" nnrun pack pipe -o no
mkdir broken && cp digits/train-labels-* broken && echo text >broken/train-images-idx3-ubyte
record "images without a header are named, not their labels" nnrun pack broken -o no
record "the output is beside the source" nnrun pack pets -o pets/no
record "not the source itself" nnrun pack pets -o pets/
ln -s pets/cats link
record "nor below it by a link, however deep" nnrun pack pets -o link/no/deep
record "nor below the folder one is in" sh -c 'cd pets && nnrun pack . -o no'
printf 'PK\003\004\024\0\0\0\014\0\0\0\0\0\0\0\0\0\001\0\0\0\001\0\0\0\005\0\0\0x.npy.PK\001\002\024\0\024\0\0\0\014\0\0\0\0\0\0\0\0\0\001\0\0\0\001\0\0\0\005\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x.npyPK\005\006\0\0\0\0\001\0\001\0\063\0\0\0\044\0\0\0\0\0' >bzip2.npz
record "how an archive is packed is told" nnrun pack bzip2.npz -o no
printf 'a,b,label\n1,2,x\n3,4,y\n' >two.csv
record "classes of one sample have no test" nnrun pack two.csv -q -o two
record "sources of two kinds are told apart" nnrun pack pets moves.csv -o no
record "so is one that is none" nnrun pack moves.csv anything -o no
awk 'BEGIN { for (r = 0; r < 2; r++) for (c = 0; c < 8; c++) printf "%dx%d,", r, c
    print "label"; for (i = 0; i < 40; i++) { for (k = 0; k < 16; k++) printf "%d,", i * k % 256; print i % 2 } }' >flat.csv
record "columns numbered by rows and columns are such pictures" nnrun pack flat.csv -o flat
record "nothing was written" sh -c 'ls -d no'
record_end
