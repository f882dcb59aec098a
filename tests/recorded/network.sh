#!/bin/sh
# network.sh: how layers are called and connected, and which shapes they take.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg

# wrong PROMISE SED: good.cfg changed so is refused
wrong() {
    edit "$2"
    record "$1" nnrun bad.cfg
}
# right PROMISE SED: and so it is a network
right() {
    edit "$2"
    record "$1" nnrun show bad.cfg
}

# ---- names -----------------------------------------------------------------------------------------------------

wrong "two layers of one name are refused" 's/"relu";/"relu"; name = "x";/; s/"pool";/"pool"; name = "x";/'
wrong "a name that a later layer would get by its type" '6s/"relu";/"relu"; name = "dense1";/'
wrong "the network's input as a layer's name is refused" 's/"relu";/"relu"; name = "input";/'
wrong "a name with a dot is refused" 's/"relu";/"relu"; name = "a.b";/'
wrong "a name that begins with a digit" 's/"relu";/"relu"; name = "1a";/'
wrong "an empty name of a layer" 's/"relu";/"relu"; name = "";/'
wrong "a name that is too long" "s/\"relu\";/\"relu\"; name = \"$(printf 'a%.0s' $(seq 65))\";/"
wrong "a number as a name is refused" 's/"relu";/"relu"; name = 5;/'
right "a name has letters, digits, _ and -" 's/"relu";/"relu"; name = "A-1_b";/'

# ---- inputs ----------------------------------------------------------------------------------------------------

# inputs PROMISE VALUE: `inputs = VALUE;` of the relu is refused, and so it is when it comes as an override
inputs() {
    wrong "$1" "s/\"relu\";/\"relu\"; inputs = $2;/"
    no_edit
    record "$1, from the command line" nnrun good.cfg "network.relu1.inputs=$2"
}
inputs "an unknown input is named" '("nobody")'
inputs "a misspelt input gets a suggestion" '("cnov1")'
inputs "so does the network's own input" '"Input"'
inputs "an input without a name is refused" '("")'
inputs "a layer as its own input is refused" '("relu1")'
inputs "a cycle is refused, its layers named" '("pool1")'
inputs "a longer one too" '("dense1")'
inputs "too many inputs are refused" '("conv1", "input")'
inputs "an empty list of inputs is refused" '()'
inputs "more than 64 inputs are refused" "($(printf '"conv1", %.0s' $(seq 64))\"conv1\")"
inputs "a number in place of inputs is refused" 5
inputs "a group in place of inputs is refused" '{ a = 1; }'
inputs "a number among the inputs is refused" '("conv1", 2)'
wrong "too few inputs are refused" 's/"relu"/"add"/'
wrong "a layer that nothing uses is refused" 's/"pool";/"pool"; inputs = ("conv1");/'
wrong "all unknown inputs are reported together" \
    's/"relu";/"relu"; inputs = ("conv2");/; s/"pool";/"pool"; inputs = ("rule1");/'
right "an input may be listed further down, and runs first" \
    '5s/.*/    { type = "pool"; kernel = 2; inputs = ("relu1"); },/
    6s/.*/    { type = "conv"; filters = 3; kernel = 5; inputs = ("input"); },/
    7s/.*/    { type = "relu"; }, { type = "flatten"; inputs = ("pool1"); },/'
right "a name may be longer than a column" '6s/"relu";/"relu"; name = "a-name-that-is-longer-than-others";/'

# ---- the loss --------------------------------------------------------------------------------------------------

wrong "a network without a loss at its end is refused" '/softmax/d; s/units = 10; },/units = 10; }/'
wrong "a loss in the middle does not do for one at the end" \
    's/{ type = "softmax"; }/{ type = "softmax"; }, { type = "relu"; }/'
no_edit
for loss in softmax logistic mse; do
    record "$loss may stand in the middle of a network" nnrun show good.cfg network.relu1.type=$loss
    record "and at its end: $loss" nnrun show -q good.cfg network.softmax1.type=$loss
done
right "softmax after softmax" 's/{ type = "softmax"; }/{ type = "softmax"; }, &/'
right "relu before softmax" 's/{ type = "softmax"; }/{ type = "relu"; }, &/'
wrong "a class count above a byte is refused" 's/units = 10/units = 300/'
wrong "a network too large for the machine is refused, naming the layer" \
    's/units = 10;/units = 2000000000;/; s/"softmax";/"dense"; units = 10; }, { type = "softmax";/'
wrong "a network too large for its kind of number" 's/units = 10;/units = 10000000000;/'

# ---- shapes ----------------------------------------------------------------------------------------------------

wrong "a kernel larger than the input names the setting's line" 's/kernel = 5/kernel = 29/'
wrong "one that a layer before made small" 's/{ type = "pool"; kernel = 2; }/{ type = "pool"; kernel = 13; }/'
wrong "padding larger than half the window" 's/{ type = "pool"; kernel = 2; }/{ type = "pool"; kernel = 2; pad = 2; }/'
two='{ type = "conv"; name = "a"; filters = 3; kernel = 3; }, { type = "conv"; name = "b"; filters = 2; kernel = 3; inputs = ("input"); }'
wrong "inputs of different shapes to add are refused" "6s/.*/$two, { type = \"add\"; inputs = (\"a\", \"b\"); },/"
wrong "concat along an axis that is not there is refused" \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "concat"; axis = 1; inputs = ("dense1", "dense1"); },/'
wrong "concat of inputs that differ elsewhere is refused" "6s/.*/$two, { type = \"concat\"; axis = 1; inputs = (\"a\", \"b\"); },/"
wrong "inputs of different ranks to add are refused" \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "add"; inputs = ("dense1", "input"); },/'
wrong "concat of different ranks too" \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "concat"; inputs = ("dense1", "input"); },/'
wrong "global_pool of a vector is refused" '8s/.*/{ type = "dense"; units = 10; }, { type = "global_pool"; },/'
wrong "conv of a vector is refused" '8s/.*/{ type = "dense"; units = 10; }, { type = "conv"; filters = 2; kernel = 1; },/'
wrong "pool of a vector is refused" '8s/.*/{ type = "dense"; units = 10; }, { type = "pool"; kernel = 1; },/'
no_edit
for layer in flatten batchnorm scale relu dropout tanh; do
    printf 'input = 7; network = ( { type = "%s"; }, { type = "softmax"; } );\n' $layer >vector.cfg
    record "$layer takes a vector" nnrun show vector.cfg
done
for input in 1 '[2, 3]' '[3, 32, 32]' '[1, 1, 65536]'; do
    printf 'input = %s; network = ( { type = "dense"; units = 3; }, { type = "mse"; } );\n' "$input" >shape.cfg
    show_lines shape.cfg
    record "an input of $input" nnrun show shape.cfg
done
record_end
