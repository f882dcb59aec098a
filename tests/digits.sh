#!/bin/sh
# digits.sh: the digit generator writes the same whole files everywhere, or says why not and leaves nothing.
. "${NNRUN_SOURCE:?}/tests/tap.sh"

digits=$NNRUN_BUILD/nnrun-make-digits
cd "$work" || exit 99

sums() {
    for file in "$1"/*.gz; do
        printf '%s %s\n' "${file##*/}" "$(gzip -dc <"$file" | cksum)"
    done
}

# bytes FILE FIRST COUNT: part of what is in a gzip file.
bytes() {
    gzip -dc <"$1" | tail -c "+$(($2 + 1))" | head -c "$3"
}

check 'draws digits into a new folder' "$digits" --train 50 --test 20 one
cat >pinned <<'SUMS'
t10k-images-idx3-ubyte.gz 2367824187 15696
t10k-labels-idx1-ubyte.gz 2965177112 28
train-images-idx3-ubyte.gz 3676226889 39216
train-labels-idx1-ubyte.gz 3216421120 58
SUMS
pinned() {
    sums one | diff pinned -
}
check 'the inflated bytes are the same on every machine' pinned

"$digits" --train 80 --test 1 more
same_samples() {
    bytes one/train-images-idx3-ubyte.gz 16 39200 >few
    bytes more/train-images-idx3-ubyte.gz 16 39200 | cmp - few &&
        bytes one/train-labels-idx1-ubyte.gz 8 50 >few &&
        bytes more/train-labels-idx1-ubyte.gz 8 50 | cmp - few
}
check 'a sample is the same for any number of samples' same_samples

headers() {
    [ "$(bytes more/train-images-idx3-ubyte.gz 0 16 | od -An -v -tu1 | tr -s ' \n' ' ')" = \
        ' 0 0 8 3 0 0 0 80 0 0 0 28 0 0 0 28 ' ] &&
        [ "$(bytes more/t10k-labels-idx1-ubyte.gz 0 8 | od -An -v -tu1 | tr -s ' \n' ' ')" = ' 0 0 8 1 0 0 0 1 ' ]
}
check 'the headers are those of IDX' headers

every_label() {
    [ "$(bytes more/train-labels-idx1-ubyte.gz 8 80 | od -An -v -tu1 | tr -s ' ' '\n' | grep . | sort -u | tr -d '\n')" = 0123456789 ]
}
check 'labels are the ten digits' every_label

sleep 1.1
"$digits" --train 50 --test 20 again
check 'the compressed files hold no time' diff -r one again
"$digits" --train 50 --test 20 --seed 2 other
expect 1 'another seed draws other digits' cmp -s one/train-images-idx3-ubyte.gz other/train-images-idx3-ubyte.gz
different_sets() {
    [ "$(bytes one/train-images-idx3-ubyte.gz 16 15680 | cksum)" != "$(bytes one/t10k-images-idx3-ubyte.gz 16 15680 | cksum)" ]
}
check 'the test set is not the start of the training set' different_sets
cp -r other kept
refuse 1 "^nnrun-make-digits: other/train-images-idx3-ubyte\.gz is there already; --force" 'files there before are kept' \
    "$digits" --train 50 --test 20 other
check '... as they were' diff -r other kept
mkdir label && cp other/t10k-labels-idx1-ubyte.gz label
refuse 1 'label/t10k-labels.*is there already' 'one is enough' "$digits" label
check '... and gets no others beside it' test "$(find label -type f | wc -l)" -eq 1
check '--force replaces them' "$digits" --train 50 --test 20 --force other
check '... by those asked for' diff -r one other

"$digits" --sheet sheet.png >sheet.out 2>&1
if grep -q 'without libpng' sheet.out; then
    skip 'a sheet is a PNG of 560 x 280 pixels' 'built without libpng'
else
    sheet() {
        [ "$(head -c 24 sheet.png | od -An -v -tx1 | tr -d ' \n')" = 89504e470d0a1a0a0000000d494844520000023000000118 ]
    }
    check 'a sheet is a PNG of 560 x 280 pixels' sheet
fi

check '--help says how' "$digits" --help
check 'so does -h' "$digits" -h
refuse 2 'unknown option: -x' 'another letter is a usage error' "$digits" -x a
check '--version says which' "$digits" --version
refuse 2 'no folder' 'a missing folder name is a usage error' "$digits"
refuse 2 'more than one folder: b' 'so is a second folder' "$digits" a b
refuse 2 'unknown option: --trains' 'so is an unknown option' "$digits" --trains 3 a
refuse 2 'without its value: --seed' 'so is a missing value' "$digits" a --seed
for bad in 0 -1 1e3 100000001 ' 5' '' 99999999999999999999999; do
    refuse 2 '^nnrun-make-digits: --train: not a number' "so is --train '$bad'" "$digits" --train "$bad" a
done
refuse 2 '^nnrun-make-digits: --seed: not a number' 'so is a seed of 65 bits' "$digits" --seed 18446744073709551616 a
expect 1 'a usage error makes no folder' test -e a

: >plain
refuse 1 '^nnrun-make-digits: plain/a: Not a directory$' 'a folder that cannot be made is said' "$digits" plain/a
refuse 1 'plain/sheet.png' 'a sheet that cannot be written is said' "$digits" --sheet plain/sheet.png

full_disk() (
    trap '' XFSZ
    ulimit -f 16
    exec "$digits" --train 200 --test 5 --force "$1"
)
refuse 1 'File too large' 'a full disk is said' full_disk full
expect 1 '... and leaves nothing behind' test -e full
refuse 1 'File too large' 'a full disk leaves older files alone' full_disk other
check '... whole' diff -r one other

begun() {
    ls killed/.train-images* >/dev/null 2>&1
}
"$digits" --train 100000000 killed &
child=$!
tap_children=$child
tap_wait begun
kill -TERM "$child"
stopped() {
    wait "$child"
}
expect 143 'SIGTERM ends it at once' stopped
tap_children=''
expect 1 '... and leaves nothing behind' test -e killed
tap_end
