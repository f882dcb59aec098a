#!/bin/sh
# pack_pictures.sh: pictures in every format that ImageMagick writes are packed with the values that ImageMagick reads.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

if ! convert -version 2>/dev/null | grep -q ImageMagick; then
    skip "pictures that ImageMagick wrote are packed with equal values" "no convert of ImageMagick"
    tap_end
    exit
fi
# Smooth in places and sharp in others, with sides that are no multiples of 8.
convert -size 45x26 -seed 7 plasma:red-blue -fill green -draw 'rectangle 5,5 20,12' -depth 8 "$work/colour.ppm" || exit 99
convert "$work/colour.ppm" -colorspace Gray -depth 8 "$work/grey.pgm" || exit 99

# packed FILE: what nnrun packs of it alone, without the header
packed() {
    rm -rf folder out
    mkdir -p folder/a && cp "$1" folder/a || return 99
    "$nnrun" pack folder -q -o out --test 0 2>said || { cat said && return 1; }
    gzip -dc out/train-images-*.gz >idx
    tail -c +$((5 + 4 * $(od -An -tu1 -j3 -N1 idx))) idx
}
# equal FILE PLANES: the same as ImageMagick reads it, as planes of 8 bits
equal() {
    packed "$1" >values && convert "$1" -depth 8 -interlace plane "$2:wanted" && cmp values wanted && test -s wanted
}
# Of both files, each value differs by at most 1.
within_one() {
    test -s wanted && test "$(wc -c <values)" -eq "$(wc -c <wanted)" || return 1
    cmp -l values wanted | awk '{ if (octal($2) - octal($3) > 1 || octal($3) - octal($2) > 1) far++ }
        function octal(text,  i, value) {
            for (i = 1; i <= length(text); i++) value = 8 * value + substr(text, i, 1)
            return value
        }
        END { exit far > 0 }'
}
# equal16 FILE PLANES: the nearest 8 bits to what ImageMagick reads as 16
equal16() {
    packed "$1" >values && convert "$1" -depth 16 -endian MSB -interlace plane "$2:deep" &&
        od -An -v -tu2 -w2 --endian=big deep | awk '{ print int(($1 * 255 + 32767) / 65535) }' >wanted &&
        od -An -v -tu1 -w1 values | tr -d ' ' | cmp - wanted && test -s wanted
}
# reads PROMISE FROM PLANES FILE ARGUMENTS...: ImageMagick writes the file
reads() {
    promise=$1 from=$2 planes=$3 file=$4 by=equal
    shift 4
    convert "$work/$from" "$@" "$file" || exit 99
    case $promise in *"16 bits") by=equal16 ;; esac
    check "$promise" $by "$file" "$planes"
}
# is FILE WORDS: by what ImageMagick says of it, so that the format is the one named
is() {
    check "... which is what is said" sh -c "identify -verbose '$1' 2>&1 | grep -Eq '$2'"
}

# lacks FILE: nnrun was built without what reads such pictures
lacks() {
    convert "$work/grey.pgm" "$1" || exit 99
    packed "$1" >values 2>&1
    grep -q 'built without' said
}

if lacks any.png; then
    skip "PNG of each kind" "built without libpng"
else
    reads "PNG, grey" grey.pgm gray grey.png -define png:color-type=0
    is grey.png 'color_type: 0 '
    reads "PNG, grey of two bits" grey.pgm gray bits.png -depth 2 -define png:color-type=0 -define png:bit-depth=2
    is bits.png 'bit.depth: 2'
    reads "PNG, grey of 16 bits" grey.pgm gray grey16.png -resize 90x52 -depth 16 -define png:color-type=0 -define png:bit-depth=16
    is grey16.png 'bit.depth: 16'
    reads "PNG, in colour" colour.ppm rgb colour.png -define png:color-type=2
    is colour.png 'color_type: 2 '
    reads "PNG, of 16 bits" colour.ppm rgb colour16.png -resize 90x52 -depth 16 -define png:color-type=2 -define png:bit-depth=16
    is colour16.png 'bit.depth: 16'
    reads "PNG, with a palette" colour.ppm rgb palette.png -colors 16 -define png:color-type=3
    is palette.png 'color_type: 3 '
    reads "PNG, interlaced" colour.ppm rgb interlaced.png -interlace PNG -define png:color-type=2
    is interlaced.png 'interlace_method: 1 '
    reads "PNG, with alpha that hides nothing" colour.ppm rgb opaque.png -alpha on -define png:color-type=6
    is opaque.png 'color_type: 6 '
    # A border of one colour, on which what is transparent is laid: within 1, as both round.
    convert "$work/colour.ppm" -alpha set -channel A -evaluate set 40% +channel -bordercolor '#102030' -border 3 \
        -define png:color-type=6 half.png || exit 99
    laid() {
        packed half.png >values &&
            convert half.png -background '#102030' -alpha remove -alpha off -depth 8 -interlace plane rgb:wanted && within_one
    }
    check "PNG, with alpha: what is transparent is laid over the border's colour" laid
fi

if lacks any.jpg; then
    skip "JPEG of each kind" "built without libjpeg-turbo"
else
    reads "JPEG" colour.ppm rgb plain.jpg -quality 90
    reads "JPEG, progressive" colour.ppm rgb progressive.jpg -interlace JPEG -quality 90
    is progressive.jpg 'Interlace: JPEG'
    reads "JPEG, grey" grey.pgm gray grey.jpg -quality 90
    reads "JPEG, with colours as fine as brightness" colour.ppm rgb fine.jpg -sampling-factor 1x1 -quality 90
    # Each colour of light is a product of two inks, which both round.
    convert "$work/colour.ppm" -colorspace CMYK -quality 90 cmyk.jpg || exit 99
    is cmyk.jpg 'Colorspace: CMYK'
    light() {
        packed cmyk.jpg >values && convert cmyk.jpg -colorspace sRGB -depth 8 -interlace plane rgb:wanted && within_one
    }
    check "JPEG of CMYK" light
fi

reads "PGM, in words" grey.pgm gray words.pgm -compress none
reads "PGM, in bytes" grey.pgm gray bytes.pgm
reads "PGM, of 16 bits" grey.pgm gray deep.pgm -resize 90x52 -depth 16
reads "PPM, in words" colour.ppm rgb words.ppm -compress none
reads "PPM, in bytes" colour.ppm rgb bytes.ppm
reads "PPM, of 16 bits" colour.ppm rgb deep.ppm -resize 90x52 -depth 16
first() { head -c 2 "$1"; }
check "... which are P2, P5, P3 and P6" test \
    "$(first words.pgm)$(first bytes.pgm)$(first deep.pgm)$(first words.ppm)$(first bytes.ppm)$(first deep.ppm)" = P2P5P5P3P6P6
tap_end
