#!/bin/sh
# bad_data.sh: wrong data end with status 4, name the file, and leave nothing behind.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 300 100
cp -r digits kept
images=digits/train-images-idx3-ubyte
labels=digits/train-labels-idx1-ubyte

# wrong PROMISE PATTERN: with the files as they are now; then they are put back
wrong() {
    refuse_line 4 "$2" "$1" "$nnrun" good.cfg -o run
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
wrong "a missing file is named" "$images.gz: there is no such file"
echo 'no data at all, only text' >$images.gz
wrong "what is no gzip is refused" "$images.gz: .*gzip"
head -c 5000 kept/train-images-idx3-ubyte.gz >$images.gz
wrong "a truncated gzip file is refused" "$images.gz: .*(truncated|ends|cut)"
size=$(wc -c <$images.gz)
patch_bytes $((size - 8)) '\001\002\003\004' $images.gz
wrong "a wrong CRC is found" "$images.gz: .*(CRC|checksum)"
plain $images
patch_bytes 2 '\015' $images
wrong "a wrong magic number is refused" "$images: .*"
plain $images
patch_bytes 4 '\177\377\377\377\177\377\377\377\177\377\377\377' $images
wrong "dimensions whose product overflows are refused" "$images: "
plain $images
head -c 100000 $images >x && mv x $images
wrong "fewer bytes than announced are refused" "$images: .*announces"
plain $images
echo more >>$images
wrong "more bytes than announced are refused" "$images: .*(more|after)"
plain $labels
patch_bytes 7 '\001' $labels
wrong "labels that are not as many as images are refused, naming both" "$labels"
plain $labels
patch_bytes 20 '\012' $labels
wrong "a label outside the classes is refused" "$labels: .*10"
plain $images
plain $labels
head -c 16 $images >x && mv x $images
head -c 8 $labels >x && mv x $labels
patch_bytes 4 '\000\000\000\000' $images
patch_bytes 4 '\000\000\000\000' $labels
wrong "zero samples are refused" "(images|labels).*: .*zero samples"
refuse_line 4 '28x28.*32' "sizes that differ from input are refused, naming both" "$nnrun" good.cfg 'input=[1,32,32]' -o run
refuse_line 4 'validation' "validation that leaves nothing to train on is refused" "$nnrun" good.cfg data.validation=300 -o run
refuse_line 4 'no training data' "a config that names no data says how to" "$nnrun" good.cfg data.directory= -o run
check "no run folder is left behind" test ! -e run
tap_end
