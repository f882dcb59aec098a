#!/bin/sh
# beginner.sh: mistakes of someone who has not seen nnrun before. Each message says what is wrong, where, what was
# expected, and what to type instead.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config first.cfg
digits 120 20
mkdir configs && cp first.cfg configs/lenet.cfg
nnrun -q first.cfg data.validation=20 train.epochs=1 -o runs/first || exit 99
printf 'P2 2 2 9 0 9 9 0\n' >seven.pgm

# wrong PROMISE SED: first.cfg changed so is refused
wrong() {
    edit "$2" first.cfg
    record "$1" nnrun bad.cfg
    no_edit
}

# ---- commands --------------------------------------------------------------------------------------------------

record "nothing at all" nnrun
record "a config by its name alone" nnrun lenet
record "a config without its end" nnrun configs/lenet
record "a config by its name alone, of show" nnrun show lenet
record "a misspelt config" nnrun frist.cfg
record "a folder of configs" nnrun configs
record "the command last" nnrun first.cfg train
record "a command with dashes" nnrun --train first.cfg
record "a misspelt command" nnrun tset runs/first/best.safetensors
record "a command of other programs" nnrun evaluate runs/first/best.safetensors
record "help on what is no command" nnrun help lenet

# ---- options and keys ------------------------------------------------------------------------------------------

record "a key as an option" nnrun first.cfg --epochs 3
record "one of another program, as an option" nnrun first.cfg --learning-rate 0.1
record "an option that there is not, and none is near" nnrun first.cfg --frob
record "an option without its value" nnrun first.cfg --threads
record "a key without its group" nnrun first.cfg epochs=3
record "a key of another program" nnrun first.cfg train.lr=0.1
record "a key and its value in two words" nnrun first.cfg train.epochs 3
record "blanks around the =" nnrun first.cfg train.epochs = 3
record "a number in words" nnrun first.cfg train.epochs=three
record "a comma in a number" nnrun first.cfg train.optimizer.rate=0,1
record "a list without brackets" nnrun show first.cfg input=3,32,32
record "a comma in a whole number" nnrun first.cfg train.batch=1,000
record "a key of a layer without the layer" nnrun first.cfg units=100
record "a layer's name in place of its type" nnrun first.cfg relu1=sigmoid
record "the same within network" nnrun first.cfg network.relu1=sigmoid
record "a number for a layer" nnrun first.cfg network.dense1=100
record "a key of a layer within network" nnrun first.cfg network.units=100
record "a negative rate" nnrun first.cfg train.optimizer.rate=-0.1
record "the name of an optimizer in place of its group" nnrun first.cfg train.optimizer=adam
record "an optimizer that there is not" nnrun first.cfg train.optimizer.type=rmsprop
record "a part of the samples in place of their number" nnrun first.cfg data.validation=0.2
record "a single sample to train on" nnrun first.cfg data.validation=119 train.epochs=1 --threads 1 -o runs/one
record "more than all samples to validate with" nnrun first.cfg data.validation=120
record "a layer that there is not" nnrun first.cfg network.dropout1.rate=0.5

# ---- data ------------------------------------------------------------------------------------------------------

record "a folder without data" nnrun first.cfg data=mnist
record "no such folder" nnrun first.cfg data.directory=mnist
record "a file in place of its folder" nnrun first.cfg data.directory=digits/train-images-idx3-ubyte.gz
record "pictures and labels swapped" \
    nnrun first.cfg 'data.train={ images = "digits/train-labels-idx1-ubyte.gz"; labels = "digits/train-images-idx3-ubyte.gz"; }'
printf 'label,pixel1,pixel2\n5,0,0\n' >train.csv
record "a table of numbers" \
    nnrun first.cfg 'data.train={ images = "train.csv"; labels = "digits/train-labels-idx1-ubyte.gz"; }'
mkdir saved && cp digits/* saved && echo '<!DOCTYPE html><title>404 Not Found</title>' >saved/train-images-idx3-ubyte.gz
record "a page of the web that was saved as data" nnrun first.cfg data.directory=saved
record "pictures of another size" nnrun first.cfg 'input=[1,32,32]' network.pool1.kernel=1
record "channels last" nnrun first.cfg 'input=[28,28,1]'
record "too few classes" nnrun first.cfg data.validation=20 network.dense1.units=5

# ---- the config ------------------------------------------------------------------------------------------------

wrong "a word without quotes" '6s/"relu"/relu/'
wrong "a comma forgotten" '6s/},/}/'
wrong "a bracket forgotten" '10s/)//'
wrong "quotes of a word processor" '5s/"conv"/“conv”/'
wrong "a layer of another program" '6s/"relu"/"SiLU"/; 8s/"dense"/"Linear"/'
wrong "one layer of another program, several times" '6s/"relu"/"SiLU"/; 7s/{/{ type = "SiLU"; }, { type = "silu"; },\n    {/; 8s/{/{ type = "SiLU"; },\n    {/'
wrong "keys of another program" '5s/filters = 3; kernel = 5/out_channels = 3; kernel_size = 5; padding = 2/'
wrong "an activation within a layer" '8s/units = 10/units = 10; activation = "softmax"/'
wrong "a misspelt key, named once" '8s/units/unist/'
wrong "a required key forgotten" '8s/units = 10;//'
wrong "a vector given to a convolution" '5s/{/{ type = "dense"; units = 10; },\n    {/'
wrong "a kernel larger than what is left" '7s/kernel = 2/kernel = 13/'
wrong "no loss at the end" '8s/},/}/; 9d'
wrong "a key in the wrong group" '3s/validation = 100;/& epochs = 3;/'
wrong "a misspelt input" '6s/"relu"/"relu"; inputs = "cnov1"/'

# ---- runs, checkpoints and pictures ----------------------------------------------------------------------------

record "training into the same folder again" nnrun first.cfg -o runs/first
record "a run in place of a checkpoint" nnrun test runs/first
record "the folder of all runs" nnrun resume runs
record "a misspelt run" nnrun resume runs/frist
record "a run by its name alone" nnrun report first
record "a config in place of a checkpoint" nnrun test first.cfg
record "another network for a run" nnrun resume runs/first network.conv1.filters=8
record "a run that is finished" nnrun resume runs/first
record "the picture first" nnrun predict seven.pgm runs/first/best.safetensors
record "no picture" nnrun predict runs/first/best.safetensors
record "a picture that is not there" nnrun predict runs/first/best.safetensors eight.pgm
cp "$NNRUN_SOURCE/data/digits.png" sheet.png
record "a picture of two hundred digits" nnrun predict -q runs/first/best.safetensors sheet.png
record "all of which --all cannot read" nnrun predict -q --all runs/first/best.safetensors sheet.png
record "a text in place of a picture" nnrun predict runs/first/best.safetensors first.cfg

# ---- layers ----------------------------------------------------------------------------------------------------

record "a type of another program" nnrun layers conv2d
echo 'int x;' >my_layer.c
record "the source of a layer" nnrun gradcheck my_layer.c
cp "$NNRUN_BUILD/plugins/.libs/relu.so" clamp.so
record "a layer without its folder" nnrun gradcheck clamp.so
record "a layer in place of its folder" nnrun first.cfg --plugin-path clamp.so
record "a layer in a layer's place" nnrun first.cfg --plugin-path ./clamp.so
record "a layer in no folder" nnrun first.cfg network.relu1.type=my_layer

# ---- data in place of a config ----------------------------------------------------------------------------------

printf 'a,label\n1,x\n2,y\n' >measures.csv
record "a table is no config" nnrun measures.csv
mkdir -p pets/cats
record "nor is a folder of pictures" nnrun pets
printf 'input = 2;\n' >it.cfg
record "nor is a config data" nnrun pack it.cfg -o data
record_end
