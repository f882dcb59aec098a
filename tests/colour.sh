#!/bin/sh
# colour.sh: pictures of three channels are learned, drawn, asked about and reported.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 300 90
mkdir coloured

# coloured FILE COUNT: three pictures of the digits are the channels of one
coloured() {
    { printf '\000\000\010\004\000\000\000'; printf '%b' "\\0$(printf %o "$2")"; printf '\000\000\000\003\000\000\000\034\000\000\000\034'
        gzip -dc "digits/$1-images-idx3-ubyte.gz" | tail -c +17; } >"coloured/$1-images"
    { printf '\000\000\010\001\000\000\000'; printf '%b' "\\0$(printf %o "$2")"
        gzip -dc "digits/$1-labels-idx1-ubyte.gz" | tail -c +9 | head -c "$2"; } >"coloured/$1-labels"
}
coloured train 100
coloured t10k 30
cat >colour.cfg <<'EOT'
name = "colour";
input = [3, 28, 28];
data: {
    train: { images = "coloured/train-images"; labels = "coloured/train-labels"; };
    test: { images = "coloured/t10k-images"; labels = "coloured/t10k-labels"; };
    validation = 20;
};
network = (
    { type = "conv"; filters = 2; kernel = 5; stride = 4; }, { type = "relu"; },
    { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 1; batch = 20; };
EOT
check "a network learns from them" "$nnrun" -q colour.cfg -o run
check "the report draws each channel of a filter" grep -q 'the 3 channels of each side by side' run/report.html
check "... and says which one a weight is of" grep -q ', channel 2' run/report.html
if pkg-config --exists libpng 2>/dev/null; then
    check "samples are drawn" "$nnrun" show -q colour.cfg --samples sheet.png
    check "... in colour" test "$(od -An -tu1 -j25 -N1 sheet.png)" -eq 2
else
    skip "samples are drawn" "no libpng"
    skip "... in colour" "no libpng"
fi
# The same picture in three planes, and with each pixel's three values side by side.
tail -c +21 coloured/t10k-images | head -c 2352 | od -An -v -tu1 -w1 | awk '
    { v[NR - 1] = $1 } END { print "P3 28 28 255"; for (i = 0; i < 784; i++) print v[i], v[784 + i], v[1568 + i] }' >one.ppm
check "a picture is asked about" "$nnrun" predict run/best.safetensors --raw one.ppm
cp "$tap_out" printed
check "... and shown as the network gets it" test "$(wc -l <printed)" -ge 14
"$nnrun" predict run/best.safetensors --json coloured/t10k-images | sed -n 1p >idx.json
"$nnrun" predict run/best.safetensors --json --raw one.ppm >ppm.json
classes() {
    sed 's/.*"classes":/"classes":/' "$1"
}
classes idx.json >idx && classes ppm.json >ppm
same "its answer is that of the sample of the file" idx ppm

# ---- signs ---------------------------------------------------------------------------------------------------------

"$NNRUN_BUILD/tests/draw_signs" signs 120 && mkdir configs data && cp "$NNRUN_SOURCE/configs/colour.cfg" configs || exit 99
check "photographs in colour are packed" "$nnrun" pack -q signs -o data/colour --size 32x32 --rgb
check "configs/colour.cfg learns them" "$nnrun" -q configs/colour.cfg data.classes=data/colour/classes.txt data.validation=96 \
    train.epochs=8 train.batch=16 -o signs-run
"$nnrun" test signs-run/best.safetensors --json >test.json
accurate() {
    awk -F'"accuracy":' '{ exit !($2 + 0 > 0.9) }' test.json
}
check "... 9 of 10 at least" accurate
check "... and the report names them" grep -q 'give-way' signs-run/report.html
right=0
for sign in signs/*; do
    "$nnrun" predict -q signs-run/best.safetensors "$sign/3.ppm" | grep -q "/3\.ppm: ${sign##*/} (" && right=$((right + 1))
done
check "predict says which is in a picture of any size" test "$right" -ge 7
tap_end
