#!/bin/sh
# checkpoint.sh: checkpoints that are not whole, not of this network, or none.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 300 100
nnrun -q good.cfg -o run || exit 99
good=run/best.safetensors
size=$(wc -c <$good)
header=$(od -An -tu4 -N4 $good | tr -d ' ')

# patched PROMISE OFFSET ESCAPES: the good one with these bytes
patched() {
    cp $good patched.safetensors
    # shellcheck disable=SC2059 # the escapes are the format
    printf "$3" | dd of=patched.safetensors bs=1 seek="$2" conv=notrunc 2>/dev/null
    record "$1" nnrun test patched.safetensors
}

lacks "$other_bits"
record "a whole checkpoint is tested" nnrun test $good
lacks ''
for bytes in 0 1 8 100 3000; do
    head -c "$bytes" $good >torn.safetensors
    record "a checkpoint cut off after $bytes bytes is refused" nnrun test torn.safetensors
done
head -c $((size - 1)) $good >torn.safetensors
record "and one that lacks the last byte" nnrun test torn.safetensors
{ cat $good; echo more; } >longer.safetensors
record "one with bytes behind" nnrun test longer.safetensors
patched "a flipped byte is found" $((size - 100)) '\252'
patched "one of the header" 40 '\001'
patched "one in the header's text" $((header / 2)) '#'
patched "a header longer than any" 0 '\377\377\377\377\377\377\377\177'
patched "a header longer than the file" 0 '\377\377\003\000\000\000\000\000'
patched "a header of no length" 0 '\000\000\000\000\000\000\000\000'
patched "a header that is no JSON" 8 'x'
# foreign PROMISE HEADER: a safetensors file of other programs
foreign() {
    # shellcheck disable=SC2059 # its length as a byte
    { printf "\\$(printf %03o ${#2})\\000\\000\\000\\000\\000\\000\\000%s" "$2"; printf '\0\0\200\077'; } >foreign.safetensors
    record "$1" nnrun test foreign.safetensors
}
foreign "a safetensors file of another program" '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
foreign "with other metadata" '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
foreign "of another kind of number" '{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}'
foreign "with offsets beyond the end" '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
foreign "of nothing" '{}'
# told KEY=VALUE PROMISE: the good one with other metadata
told() {
    "$NNRUN_BUILD/tests/change_checkpoint" $good told.safetensors "$1" || exit 99
    record "$2" nnrun test told.safetensors
}
told step=18446744073709551614 "a step near the largest number is refused, as more steps would wrap"
told step=4611686018427387905 "and one past the middle of what JSON can hold"
told best_epoch=3 "so is a best epoch later than the last"
cp -R run near
"$NNRUN_BUILD/tests/change_checkpoint" $good near/step-18446744073709551614.safetensors step=18446744073709551614 || exit 99
record "a run with such a file is not resumed" nnrun resume near
record "and loses no other" ls near
echo no >no.safetensors
record "a file that is no checkpoint is refused" nnrun test no.safetensors
# begins ESCAPES WHAT: a file that begins so is called what it is.
begins() {
    # shellcheck disable=SC2059 # bytes by their escapes
    printf "$1" >other
    record "$2 is called so" nnrun test other
}
begins '\211PNG\r\n\032\n\0\0\0\015IHDR' 'a PNG picture'
begins '\037\213\010\0\0\0\0\0\0\003' 'a gzip file'
begins '\0\0\010\003\0\0\0\001\0\0\0\034' 'an IDX file'
begins 'P5\n28 28 255\n' 'a PNM picture'
record "a whole one, too" nnrun predict digits/t10k-labels-idx1-ubyte.gz $good
cp good.cfg good.safetensors
record "a config of that name is called a config" nnrun test good.safetensors
cp $good model.bin
cp $good model.cfg
record "a checkpoint may have any name" nnrun test -q model.bin data.directory=digits
record "a config's, too" nnrun show -q model.cfg
record "show reads it" nnrun show model.bin
head -c 3000 model.bin >torn.bin
record "time of one that is torn says so" nnrun time torn.bin
record "a model is not trained" nnrun model.bin
record "nor by another name" nnrun model.cfg
record "nor is its gradient checked" nnrun gradcheck ./model.bin
record "nor is it a run" nnrun resume model.bin
cp $good run/kept
record "in a run's folder that is named" nnrun resume run/kept
record "a missing checkpoint is named" nnrun test nosuch.safetensors
record "a folder in place of a checkpoint gets a hint" nnrun test run
record "weights that do not fit the network are refused" nnrun test $good network.conv1.filters=4
record "nor are they timed" nnrun time $good network.conv1.filters=4
record "nor shown" nnrun show $good network.conv1.filters=4
record "nor another kind of layer" nnrun test $good network.conv1.type=pool network.conv1.kernel=2
record "a setting that the network lacks" nnrun test $good network.conv9.filters=4
record "a checkpoint shows its network" nnrun show $good
record "its keys, and which of them resume takes" nnrun show $good --keys --json
mv digits gone
record "beside run.json the data are known by any name" nnrun test run/kept
record "elsewhere they are not" nnrun test model.bin
record "test says which data it misses" nnrun test $good
lacks "$no_png"
record "so does a sheet of samples" nnrun show $good --samples a.png
lacks ''
mv gone digits

record "what is no run is not resumed" nnrun resume x
mkdir x
record "nor an empty folder" nnrun resume x
for step in run/step-*; do
    last=$step
done
cp "$last" kept
head -c 4000 kept >"$last"
lacks "$other_bits"
record "a torn newest checkpoint is passed over with a warning" nnrun resume run
lacks ''
same "and the run comes to the same bits" kept "$last"
for step in run/step-*; do
    : >"$step"
done
record "a run without a whole checkpoint" nnrun resume run
rm run/step-*
record "a run without any" nnrun resume run
record_end
