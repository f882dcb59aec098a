#!/bin/sh
# show.sh: what nnrun show says of the configs that come with nnrun, and of graphs.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
mkdir configs && cp "$NNRUN_SOURCE"/configs/*.cfg configs/ || exit 99
graph_config graph.cfg
for config in lenet mlp caffe-lenet linear lenet-1998 resnet-mini fashion cnn sensors colour; do
    record "$config.cfg" nnrun show configs/$config.cfg
    record "the memory of $config.cfg" nnrun show configs/$config.cfg --memory
    record "$config.cfg is right" nnrun show configs/$config.cfg -q
done
record "all of the shipped configs were tried" sh -c 'ls configs'
record "lenet.cfg as JSON" nnrun show configs/lenet.cfg --json
record "resnet-mini.cfg as JSON" nnrun show configs/resnet-mini.cfg --json
record "the keys of lenet.cfg" nnrun show configs/lenet.cfg --keys
record "a wider network" nnrun show configs/lenet.cfg network.conv1.filters=12
record "another batch, other slices" sh -c "nnrun show configs/lenet.cfg train.batch=100 train.groups=3 | grep slices"
record "a graph" nnrun show graph.cfg
record "its memory" nnrun show graph.cfg --memory
record "its keys" nnrun show graph.cfg --keys
record "inputs as JSON" nnrun show graph.cfg --json
awk 'BEGIN { print "name = \"long\"; input = [16]; network = ("
    for (i = 0; i < 40; i++) print "{ type = \"dense\"; units = 16; }, { type = \"tanh\"; },"
    print "{ type = \"softmax\"; });" }' >long.cfg
record "the table of a long chain keeps to 100 columns" nnrun show long.cfg --memory

# ---- told by what is in it, not by its name -----------------------------------------------------------------------

sed '1i # a comment first' configs/mlp.cfg >mlp.safetensors
record "a config may have any name" nnrun show mlp.safetensors
record "none, too" sh -c 'cp configs/linear.cfg linear; nnrun show -q linear'
printf '\211PNG\r\n\032\n\0\0\0\015IHDR' >picture.cfg
printf '\037\213\010\0\0\0\0\0\0\003' >packed.cfg
printf '\0\0\010\003\0\0\0\001\0\0\0\034' >idx
printf 'P5\n28 28 255\n' >digit
for file in picture.cfg packed.cfg idx digit; do
    record "$file is called what it is" nnrun show $file
done
record "where a config is expected, too" nnrun picture.cfg
record "by gradcheck, too" nnrun gradcheck packed.cfg
printf '\001\0\0\0\0\0\0\0x' >bytes
record "other bytes are no checkpoint" nnrun show bytes
printf 'a = 1;\nb\0 = 2;' >nul
record "nor is a text with a NUL" nnrun show nul
: >empty
record "an empty file is an empty config" nnrun show empty
record "a short text is a config" sh -c "echo no >no.safetensors; nnrun show no.safetensors"
record "a folder is neither" nnrun show configs
mkfifo pipe
record "nor is a pipe" nnrun show pipe
record "a missing file is said" nnrun show missing.safetensors
lacks "$no_png"
digits 1000 20
record "the first samples" sh -c 'nnrun show graph.cfg data.augment={} --samples plain.png | tail -n 1'
record "and how they are moved" sh -c 'nnrun show graph.cfg --samples moved.png | tail -n 1'
record "vectors have no pictures" nnrun show -q graph.cfg input=784 data.augment={} --samples vectors.png \
    'network=( { type = "dense"; units = 10; }, { type = "softmax"; } )'
record "a sheet that cannot be written is an error" nnrun show -q graph.cfg --samples nosuch/a.png
record_end
