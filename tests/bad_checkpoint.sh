#!/bin/sh
# bad_checkpoint.sh: a checkpoint that is not whole, or not of this network, is refused with status 4.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 300 100
"$nnrun" -q good.cfg -o run || exit 99
good=run/best.safetensors
check "a whole checkpoint is tested" "$nnrun" test $good

head -c 3000 $good >torn.safetensors
refuse_line 4 'torn\.safetensors: ' "a truncated checkpoint is refused" "$nnrun" test torn.safetensors
cp $good flipped.safetensors
printf '\252' | dd of=flipped.safetensors bs=1 seek=$(($(wc -c <$good) - 100)) conv=notrunc 2>/dev/null
refuse_line 4 'flipped\.safetensors: .*checksum' "a flipped byte is found" "$nnrun" test flipped.safetensors
echo no >no.safetensors
refuse_line 4 'no\.safetensors: ' "a file that is no checkpoint is refused" "$nnrun" test no.safetensors
# begins BYTES WHAT: a file that begins so is called what it is.
begins() {
    # shellcheck disable=SC2059 # bytes by their escapes
    printf "$1" >other
    refuse_line 4 "^nnrun: other: is $2, but a checkpoint .* is expected\$" "$2 is called so" "$nnrun" test other
}
begins '\211PNG\r\n\032\n\0\0\0\015IHDR' 'a PNG picture'
begins '\037\213\010\0\0\0\0\0\0\003' 'a gzip file'
begins '\0\0\010\003\0\0\0\001\0\0\0\034' 'an IDX file'
begins 'P5\n28 28 255\n' 'a PNM picture'
refuse_line 4 'digits/t10k-labels-idx1-ubyte\.gz: is a gzip file' "a whole one, too" "$nnrun" predict digits/t10k-labels-idx1-ubyte.gz $good
refuse_line 4 'nosuch' "a missing checkpoint is named" "$nnrun" test nosuch.safetensors
refuse_line 4 'run: is a run folder' "a folder in place of a checkpoint gets a hint" "$nnrun" test run
refuse_line 4 'conv1\.weight has another shape' "weights that do not fit the network are refused" \
    "$nnrun" test $good network.conv1.filters=4
refuse_line 4 'x: ' "what is no run is not resumed" "$nnrun" resume x
mkdir x
refuse_line 4 'x: ' "nor an empty folder" "$nnrun" resume x

for step in run/step-*; do
    last=$step
done
cp "$last" kept
head -c 4000 kept >"$last"
tap_run "$nnrun" resume run
if [ "$tap_status" -eq 0 ] && grep -q "warning: passed over $last" "$tap_err"; then
    tap_result yes "a torn newest checkpoint is passed over with a warning"
else
    tap_result no "a torn newest checkpoint is passed over with a warning"
fi
same "and the run comes to the same bits" kept "$last"
tap_end
