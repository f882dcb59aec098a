#!/bin/sh
# validation.sh: the samples to validate with: the last, drawn by class, or files of their own.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 300 100
images=digits/t10k-images-idx3-ubyte.gz
labels=digits/t10k-labels-idx1-ubyte.gz
lacks "$other_bits"

# ---- drawn by class --------------------------------------------------------------------------------------------

record "drawn by class" nnrun good.cfg data.split=stratified -o drawn
record "resumed" nnrun resume drawn train.epochs=3 -q
record "the draw cannot change then" nnrun resume drawn data.split=tail
record "all samples leave none to train on" nnrun good.cfg data.split=stratified data.validation=300 -o all
record "a word that is none" nnrun good.cfg data.split=head -o none
# sorted by class: 150 samples of the classes below 5, then 150 of those above
{ printf '\0\0\10\1\0\0\1\54'; head -c 150 /dev/zero | tr '\0' '\1'; head -c 150 /dev/zero | tr '\0' '\7'; } >sorted
edit 's|directory = "digits";|& train: { images = "digits/train-images-idx3-ubyte.gz"; labels = "sorted"; };|'
record "of a sorted file the last samples are of one class" nnrun bad.cfg data.validation=150 train.epochs=1 -q -o last
record "drawn by class they are not" nnrun bad.cfg data.validation=150 data.split=stratified train.epochs=1 -q -o sorted-drawn
no_edit

# ---- files of their own ----------------------------------------------------------------------------------------

record "files by override" nnrun good.cfg data.validation.images=$images data.validation.labels=$labels -o files
record "the checkpoint keeps that there are some" sh -c "nnrun show files/best.safetensors --keys | grep '^data.validation'"
record "it is resumed with them" nnrun resume files train.epochs=3 -q
record "and with other ones" nnrun resume files train.epochs=4 -q data.directory=digits \
    data.validation.images=digits/train-images-idx3-ubyte.gz data.validation.labels=digits/train-labels-idx1-ubyte.gz
"$nnrun" -q good.cfg train.epochs=1 -o tail || exit 99
record "but not with a number" nnrun resume files data.validation=100
record "nor a run with a number with files" nnrun resume tail data.validation.images=$images data.validation.labels=$labels
edit "s|validation = 100;|validation: { images = \"$images\"; labels = \"$labels\"; };|"
record "as a group of the config" nnrun bad.cfg -q -o group
record "patience takes them" nnrun bad.cfg train.patience=3 train.epochs=1 -q -o patience
{ printf '\0\0\10\1\0\0\0\144'; head -c 100 /dev/zero; } >nought
record "files that lack classes" nnrun bad.cfg data.validation.labels=nought train.epochs=1 -q -o lacking
record "training samples that do" nnrun bad.cfg "data.train={images=\"$images\"; labels=\"nought\";}" train.epochs=1 -q -o untrained
record "a number in its place" nnrun bad.cfg data.validation=50 train.epochs=1 -q -o number
record "drawn by class and files exclude each other" nnrun bad.cfg data.split=stratified
edit "s|validation = 100;|validation: { images = \"$images\"; };|"
record "one of both files" nnrun bad.cfg
edit "s|validation = 100;|validation: { images = \"$images\"; labels = \"$images\"; };|"
record "images in place of labels" nnrun bad.cfg
edit "s|validation = 100;|validation: { image = \"$images\"; };|"
record "an unknown key" nnrun bad.cfg
edit 's|validation = 100;|validation: { };|'
record "an empty group" nnrun bad.cfg
edit 's|validation = 100;|validation = "digits";|'
record "a string" nnrun bad.cfg
no_edit
record "a number that is no group" nnrun good.cfg data.window=5 data.window.images=x
record "nor are those of a layer" nnrun good.cfg network.conv1.filters.images=x
record "nor of a group that is none" nnrun good.cfg train.optimizer=3 train.optimizer.rate=0.1
record_end
