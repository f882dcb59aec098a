#!/bin/sh
# prepared.sh: a picture that is predicted becomes the same bytes as when it was packed, by data.prepare in the checkpoint.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
prepare=$NNRUN_BUILD/tests/prepare_files

# draw FILE HEIGHT WIDTH COLOURS SEED: dark and light, up to the edges
draw() {
    awk -v h="$2" -v w="$3" -v c="$4" -v seed="$5" 'BEGIN { srand(seed)
        print (c == 3 ? "P3" : "P2"), w, h, 255
        for (y = 0; y < h; y++) { line = ""
            for (x = 0; x < c * w; x++)
                line = line " " int(40 + 60 * (int(3 * y / h) + int(3 * x / (c * w)) + seed) % 160 + 55 * rand())
            print line } }' >"$1"
}
seed=0
mkdir -p grey/a grey/b colour/a colour/b
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    for class in a b; do
        seed=$((seed + 1))
        draw grey/$class/$i.pgm $((9 * i + 1)) $((90 - 7 * i)) 1 $seed
        draw colour/$class/$i.ppm $((100 - 8 * i)) $((5 * i + 7)) 3 $seed
    done
done
# What is transparent, and turned by its EXIF data: written by another tool, if there is one.
if convert -version 2>/dev/null | grep -q ImageMagick; then
    for kind in grey colour; do
        convert $kind/a/3.p?m -alpha set -channel A -evaluate set 40% +channel -bordercolor '#102030' -border 3 $kind/a/half.png
        convert $kind/b/4.p?m -alpha set -channel A -fx 'i>9?0:1' +channel $kind/b/clear.png
        convert $kind/b/5.p?m -quality 90 upright.jpg
        { head -c 2 upright.jpg
            printf '\377\341\000\042Exif\000\000MM\000\052\000\000\000\010\000\001\001\022\000\003\000\000\000\001\000\006\000\000\000\000\000\000'
            tail -c +3 upright.jpg; } >$kind/b/turned.jpg
        for file in "$kind"/?/*.png "$kind"/?/*.jpg; do
            mkdir -p one/x && cp "$file" one/x && { "$nnrun" pack one -q -o one.data >/dev/null 2>&1 || rm "$file"; }
            rm -rf one one.data # what this nnrun does not read
        done
    done
fi

# lines VALUES: bytes as lines of a sample each, in an order that does not matter
lines() {
    od -An -v -tx1 -w"$1" | sort
}
# same KIND VALUES RANK: what was packed is what the network sees
same() {
    for file in "$1".data/*-images-*.gz; do
        gzip -dc "$file" | tail -c +"$((1 + 4 + 4 * $3))"
    done | lines "$2" >wanted
    "$prepare" "run/best.safetensors" "$1"/?/* | lines "$2" >got
    test -s wanted && cmp wanted got
}
for fitting in stretch fit crop; do
    option=--$fitting
    [ $fitting = stretch ] && option=''
    # shellcheck disable=SC2086 # no option is no word
    "$nnrun" pack grey -q -o grey.data --test 0.1 --force --config grey.cfg --grey --size 14x20 $option || exit 99
    # shellcheck disable=SC2086
    "$nnrun" pack colour -q -o colour.data --test 0.1 --force --config colour.cfg --rgb --size 24x16 $option || exit 99
    for kind in grey colour; do
        check "the config of $kind pictures says $fitting" grep -q "prepare = \"$fitting\"" $kind.cfg
        rm -rf run
        "$nnrun" -q $kind.cfg train.epochs=1 -o run || exit 99
        if [ $kind = grey ]; then
            check "... and the network sees what was packed" same grey 280 3
        else
            check "... and the network sees what was packed, in colour" same colour 1152 4
        fi
    done
done
refuse 0 'warning: --all is about digits, but the network.s pictures are resized whole' "where pictures are resized --all is told to do nothing" \
    "$nnrun" predict run/best.safetensors --all colour/a/1.ppm

# ---- samples that came as such -----------------------------------------------------------------------------------

digits 300 100
small_config good.cfg
"$nnrun" -q good.cfg -o digits.run || exit 99
gzip -dc digits/train-images-idx3-ubyte.gz >idx && mkdir drawn samples
for i in $(seq 0 39); do
    { printf 'P5 28 28 255\n' && tail -c +$((17 + 784 * i)) idx | head -c 784; } >drawn/"$i".pgm
done
{ printf '\0\0\010\003\0\0\0\050\0\0\0\034\0\0\0\034' && "$prepare" digits.run/best.safetensors drawn/*; } >samples/train-images-idx3-ubyte
{ printf '\0\0\010\001\0\0\0\050' && seq 0 39 | awk '{ printf "%d", $1 % 2 }' | tr 01 '\0\1'; } >samples/train-labels-idx1-ubyte
"$nnrun" pack samples -q -o digits.data --config digits.cfg || exit 99
check "digits as MNIST's keep their preparation" grep -q 'prepare = "digit"' digits.cfg
for option in '--size 28x28' '--size 28x28 --fit' --grey; do
    # shellcheck disable=SC2086 # options are words
    check "also with $option, which changes nothing" "$nnrun" pack samples -q -o digits.data --force --config digits.cfg $option
    check "... as their config says" grep -q 'prepare = "digit"' digits.cfg
done
tail -c +17 samples/train-images-idx3-ubyte | od -An -v -tu1 -w784 | awk '{ gsub(/ +/, ","); print "ab" NR % 2 $0 }' >table.csv
check "also in a table without a header, which needs the size" "$nnrun" pack table.csv -q -o table.data --config table.cfg --size 28x28
check "... as its config says" grep -q 'prepare = "digit"' table.cfg
check "digits may be transposed" "$nnrun" pack samples -o turned.data --config turned.cfg --transpose
cp "$tap_out" summary
said() {
    grep -qx '  transposed; nnrun predict and nnrun serve transpose other samples of the source, too' summary &&
        grep -q '^    transposed = true; ' turned.cfg
}
check "... and the summary and the config say that other samples are" said
"$nnrun" pack grey -q -o lying.data --config lying.cfg --grey --size 14x20 --transpose || exit 99
lying() { ! grep -q 'transposed = true' lying.cfg && grep -q 'nnrun predict and nnrun serve take pictures as they$' lying.cfg; }
check "of pictures in files of their own it is said that they are not" lying
"$nnrun" pack digits -q -o small.data --config small.cfg --size 20x20 || exit 99
check "other sizes are resized" grep -q 'prepare = "stretch"' small.cfg
check "pack.json says it, too" grep -q '"prepare": "stretch"' small.data/pack.json
"$nnrun" pack grey.data -q -o again.data --config again.cfg || exit 99
check "other samples are only resized" grep -q 'prepare = "stretch"' again.cfg
refuse 3 'data.prepare=fit: is about pictures, and data.values is "numbers": leave it out' "numbers are not prepared" \
    "$nnrun" show "$NNRUN_SOURCE/configs/sensors.cfg" data.prepare=fit
tap_end
