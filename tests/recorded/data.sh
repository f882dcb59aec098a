#!/bin/sh
# data.sh: data files that are missing, damaged, or of another network.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 300 100
cp -r digits kept
images=digits/train-images-idx3-ubyte
labels=digits/train-labels-idx1-ubyte

# wrong PROMISE: with the files as they are now; then they are put back
wrong() {
    record "$1" nnrun good.cfg -o run
    rm -rf digits
    cp -r kept digits
}
# patch_bytes OFFSET ESCAPES FILE: overwrites bytes
patch_bytes() {
    # shellcheck disable=SC2059 # the escapes are the format
    printf "$2" | dd of="$3" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
plain() {
    gzip -dc "$1.gz" >"$1"
    rm "$1.gz"
}

rm $images.gz
wrong "a missing file is named"
rm digits/t10k-images-idx3-ubyte.gz
wrong "so is one of the test"
rm -r digits
wrong "missing data may be fetched, drawn, or elsewhere"
record "missing test data, too" nnrun good.cfg -o run data.directory=gone \
    "data.train={ images = \"$images.gz\"; labels = \"$labels.gz\"; }"
rm $images.gz && mkdir $images.gz
wrong "a folder in place of a file"
echo 'no data at all, only text' >$images.gz
wrong "what is no gzip is refused"
: >$images.gz
wrong "an empty file"
head -c 5000 kept/train-images-idx3-ubyte.gz >$images.gz
wrong "a truncated gzip file is refused"
size=$(wc -c <$images.gz)
patch_bytes $((size - 8)) '\001\002\003\004' $images.gz
wrong "a wrong CRC is found"
patch_bytes $((size - 4)) '\001\002\003\004' $images.gz
wrong "a wrong length is found"
gzip -dc $labels.gz | gzip | cat - kept/train-labels-idx1-ubyte.gz >both && mv both $labels.gz
wrong "a second gzip member behind"
plain $images
patch_bytes 2 '\012' $images
wrong "a wrong magic number is refused"
plain $images
patch_bytes 2 '\011' $images
wrong "numbers in place of pixels are refused"
plain $labels
patch_bytes 2 '\015' $labels
wrong "floats are longer than bytes"
plain $images
patch_bytes 3 '\001' $images
wrong "another number of dimensions"
plain $images
patch_bytes 4 '\177\377\377\377\177\377\377\377\177\377\377\377' $images
wrong "dimensions whose product overflows are refused"
plain $images
patch_bytes 11 '\000' $images
wrong "a dimension of zero"
plain $images
head -c 100000 $images >x && mv x $images
wrong "fewer bytes than announced are refused"
plain $images
echo more >>$images
wrong "more bytes than announced are refused"
plain $images
head -c 10 $images >x && mv x $images
wrong "a header that is cut off"
plain $labels
patch_bytes 7 '\001' $labels
wrong "labels that are not as many as images are refused, naming both"
plain $labels
patch_bytes 20 '\012' $labels
wrong "a label outside the classes is refused"
cp $images.gz $labels.gz
wrong "images in place of labels"
cp $labels.gz $images.gz
wrong "labels in place of images"
plain $images
plain $labels
head -c 16 $images >x && mv x $images
head -c 8 $labels >x && mv x $labels
patch_bytes 4 '\000\000\000\000' $images
patch_bytes 4 '\000\000\000\000' $labels
wrong "zero samples are refused"
record "sizes that differ from input are refused, naming both" nnrun good.cfg 'input=[1,32,32]' -o run
record "so are channels" nnrun good.cfg 'input=[3,28,28]' -o run
record "a vector of another length" nnrun good.cfg -o run input=700 'network=( { type = "dense"; units = 10; }, { type = "softmax"; } )'
record "fewer classes than labels" nnrun good.cfg network.dense1.units=5 -o run
record "validation that leaves nothing to train on is refused" nnrun good.cfg data.validation=300 -o run
record "a config that names no data says how to" nnrun good.cfg data.directory= -o run
record "there is nothing to draw, either" nnrun show good.cfg data.directory= --samples a.png
check "no run folder is left behind" test ! -e run
record_end
