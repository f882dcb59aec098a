#!/bin/sh
# config_keys.sh: each key of a config, right at its ends and wrong beyond them, of the wrong kind, and misspelt.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg

# wrong PROMISE SED: good.cfg changed so is refused, before any data are read
wrong() {
    edit "$2"
    record "$1" nnrun bad.cfg
}
# set_key KEY VALUE...: each value, given on the command line
set_key() {
    key=$1
    shift
    for value; do
        record "$key=$value" nnrun show -q good.cfg "$key=$value"
    done
}

# ---- misspelt, of a wrong kind, missing ------------------------------------------------------------------------

wrong "an unknown key gets a suggestion" 's/stride = 2/strid = 2/'
wrong "one at the top, too" '1s/name/nam/'
wrong "one of a group" 's/validation/validate/'
wrong "one of a group in a group" 's/momentum/momentun/'
wrong "a key like no other" '1s/name/xyzzy/'
wrong "a key in the wrong group" 's/batch = 50;//; s/validation/batch = 50; validation/'
wrong "a key with another case" 's/batch/Batch/'
wrong "a wrong type is named" 's/units = 10/units = "ten"/'
wrong "a number where text is expected" '1s/"small"/5/'
wrong "text where a number is expected" 's/batch = 50/batch = "50"/'
wrong "a number with a point where a whole one is expected" 's/batch = 50/batch = 50.5/'
wrong "a group where a number is expected" 's/batch = 50/batch = { size = 50; }/'
wrong "a list where a number is expected" 's/batch = 50/batch = [50, 60]/'
wrong "a number where a group is expected" 's/^train: .*/train = 3;/'
wrong "a group where the list of layers is expected" 's/^network = (/network = {};\nmore = (/'
wrong "a number among the layers" '6s/{ type = "relu"; }/5/'
wrong "a layer without a type" '6s/type = "relu";//'
wrong "a type that is a number" '6s/"relu"/5/'
wrong "an unknown layer gets a suggestion" 's/"relu"/"relux"/'
wrong "a type that is a path" 's/"relu"/"..\/relu"/'
wrong "a type that is empty" 's/"relu"//; s/type = ;/type = "";/'
wrong "an unknown word gets a suggestion" 's/"cosine"/"cosin"/'
wrong "an unknown optimizer" 's/optimizer: {/& type = "lion";/'
wrong "another init" 's/init = "he"/init = "orthogonal"/'
wrong "an init as others call it" 's/init = "he"/init = "kaiming"/'
wrong "layers as others call them" 's/"conv"/"Conv2d"/; s/"pool"/"avg_pool"/; s/"dense"/"linear"/'
wrong "keys of layers as others call them" 's/filters/out_channels/; s/kernel = 5/kernel_size = 5/; s/units/out_features/'
wrong "keys of the config as others call them" '1s/$/ input_shape = [1, 28, 28]; lr = 0.1; shuffle = true;/; 2d; s/batch = 50/batch_size = 50/'
wrong "a key of other layers, and one that no layer needs" 's/units = 10/units = 10; activation = "relu"; in_features = 20/'
wrong "the list of layers as others call it" 's/^network/layers/'
wrong "an unknown type hides which keys there are" 's/optimizer: {/& type = "lion"; beta1 = 0.9;/'
wrong "a missing input, too" 2d
wrong "a missing network" '4,10d'
wrong "an empty network is refused" '5,9d'
wrong "a setting that a layer needs" 's/filters = 3;//'
wrong "a step schedule needs its step" 's/"cosine"/"step"/'
wrong "a key that only another optimizer has" 's/momentum/beta1/'
wrong "a key that only another schedule has" 's/"cosine"/"cosine"; factor = 0.5/'
wrong "a value out of range is named with its range" 's/batch = 50/batch = 0/'
wrong "a dropout rate of 1 is refused" 's/"relu"/"dropout"; rate = 1.0/'
wrong "one of two train files" 's/validation/train: { images = "digits\/train-images-idx3-ubyte.gz"; }; validation/'
wrong "patience without validation is refused" 's/validation = 100;//; s/epochs = 2/patience = 2/'
wrong "another number of means than channels" 's/validation/mean = [0.1, 0.2]; std = [1, 2]; validation/'
wrong "as many means as deviations" 's/validation/mean = [0.1, 0.2]; validation/'
record "values that are none" nnrun show -q good.cfg data.values=floats
record "normalize that is none" nnrun show -q good.cfg data.normalize=true
record "a mean and a deviation beside those of the training samples" nnrun show -q good.cfg data.normalize=train data.mean=0.1 data.std=0.3
record "numbers cannot be moved about" nnrun show -q good.cfg data.values=numbers data.augment.shift=2
record "a mean of each feature is one of numbers alone" nnrun show -q good.cfg input=3 'network=({type="dense"; units=10;}, {type="softmax";})' 'data.mean=[0.1, 0.2, 0.3]'
record "... as many as there are" nnrun show -q good.cfg input=3 'network=({type="dense"; units=10;}, {type="softmax";})' data.values=numbers 'data.mean=[0.1, 0.2]'
record "... which may be" nnrun show -q good.cfg input=3 'network=({type="dense"; units=10;}, {type="softmax";})' data.values=numbers 'data.mean=[0.1, 0.2, 0.3]' 'data.std=[600, 2, 1e-3]'
record "more than a list holds" nnrun show -q good.cfg input=200 'network=({type="dense"; units=10;}, {type="softmax";})' data.values=numbers 'data.std=[0.1, 0.2]'
record "no pictures of numbers" nnrun show good.cfg data.values=numbers --samples a.png

# ---- name and input --------------------------------------------------------------------------------------------

for input in 0 '[]' '"784"' 784.5 '[1, 2, 3, 4]' '[1, 0, 28]' '[0, 28, 28]' -1 true; do
    wrong "an input of $input is refused, once" "2s/.*/input = $input;/"
done
wrong "numbers for its channels are not counted then" '2s/.*/input = 0;/; 3s/validation/mean = [0.1, 0.2]; std = [1, 2]; validation/'
# name PROMISE VALUE: that name is refused, in the config and behind it
name() {
    wrong "$1" "1s|\"small\"|\"$(printf '%s\n' "$2" | sed 's/\\/&&/g')\"|"
    no_edit
    record "$1, from the command line" nnrun good.cfg "name=\"$2\""
}
name "an empty name is refused" ''
name "a name that is the folder of runs" .
name "the one above" ..
name "a name that leads elsewhere" ../../escape
name "a name that leads on" a/b
name "a name with a control character" 'a\x1b[31m'
name "a name with a line's end" 'a\n'
name "a name with a control character in two bytes" "$(printf 'a\302\233')"
record "no name at all" nnrun good.cfg name=
record "nor a bare one" nnrun good.cfg name=..
check "nothing was written" sh -c '[ ! -e runs ] && [ ! -e ../escape ]'
for good in ... .a 'a b' - "$(printf '\303\251')"; do
    record "\"$good\" is a name" sh -c "nnrun show good.cfg 'name=$good' | head -n 1"
done

# ---- ranges ----------------------------------------------------------------------------------------------------

set_key input 65536 65537 '[1, 65537, 1]'
set_key data.validation -1 2147483648
set_key data.window 0 16777216 16777217
set_key data.stream true yes 1
set_key data.mean -1000000 1000001 '[0.1, 0.2]' abc
set_key data.std 0 1e-30 1e-50 1000001
record "a mean by a std that is infinite" nnrun show -q good.cfg data.mean=-10000 data.std=1e-36
set_key data.augment.shift -0.1 1024 1024.1
set_key data.augment.rotate -1 180 180.5
set_key data.augment.scale -0.1 0.5 0.51
set_key data.augment.shear -1 45 45.1
set_key data.augment.flip -0.1 1 1.01
set_key data.augment.elastic -1 1000 1000.1
set_key data.augment.elastic_sigma 0.49 0.5 64 64.1
set_key data.augment.fill -1 255 256
set_key train.epochs 0 1000000 1000001 1.5 1e3
set_key train.batch 65536 65537
set_key train.groups -1 64 65
set_key train.seed -1 2147483647 2147483648
set_key train.threads -1 1024 1025
set_key train.patience -1 1000001
set_key train.clip -1 1e-38 1.18e-38 1e30 1e31 nan inf
set_key train.class_weights balanced 1 '[1,2,3,4,5,6,7,8,9,10]' '[1,2]' '[1,2,3,4,5,6,7,8,9,0]' balance '[]' true
set_key train.optimizer.rate -0.1 0 1e-50 1.18e-38 1e6 1000001
set_key train.optimizer.momentum -0.1 0 1e-50 1 0.999999
set_key train.optimizer.nesterov maybe
set_key train.optimizer.decay -1 1e-50 1000001
set_key train.optimizer.type rmsprop adamW
set_key train.schedule.warmup -1 1000001
set_key train.schedule.final -0.1 1 1.1
set_key output.keep 0 1000001
set_key output.report perhaps
for pair in beta1=1 beta1=-0.1 beta2=1 beta1=1e-310 beta2=0.9999999 epsilon=0 epsilon=1e-50 epsilon=1.1; do
    record "of adam $pair" nnrun show -q good.cfg train.optimizer.type=adam "train.optimizer.$pair"
done
for pair in every=0 every=1000001 factor=0 factor=1.1; do
    record "of a step schedule $pair" nnrun show -q good.cfg train.schedule.type=step train.schedule.every=1 "train.schedule.$pair"
done
# outside TYPE SETTING VALUE [MORE]: these ranges are PyTorch's or, of momentum, ours; bad_settings.sh has them from the tables
outside() {
    wrong "$1: $2 = $3 is refused" "s/\"relu\"/\"$1\"; $2 = $3${4-}/"
}
outside dropout rate -0.1
outside batchnorm eps 1e-50
outside elu alpha 1e-50
outside batchnorm eps 0
outside batchnorm momentum 0
outside batchnorm momentum 1.5
outside elu alpha 0
outside leaky_relu slope 0
outside concat axis 3 '; inputs = ("conv1", "conv1")'

# ---- augmentation ----------------------------------------------------------------------------------------------

wrong "a misspelt key of augmentation gets a suggestion" 's/validation = 100;/& augment: { rotat = 3; };/'
wrong "a vector is no picture to move" \
    's/\[1, 28, 28\]/784/; s/"conv".*}/"flatten"; }/; /"pool"/d; s/validation = 100;/& augment: { shift = 1; };/'
no_edit
record "pictures too large to move are refused" nnrun show good.cfg 'input=[1,5000,40]' data.augment.shift=1
record_end
