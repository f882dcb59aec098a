#!/bin/sh
# bad_config.sh: a wrong config ends with status 3 before any data is read, and says where and what.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
# wrong PROMISE PATTERN SED: good.cfg changed by the sed script is refused with one line
wrong() {
    sed "$3" good.cfg >bad.cfg
    if cmp -s good.cfg bad.cfg; then
        tap_result no "$1" "the edit changed nothing"
        return
    fi
    refuse_line 3 "$2" "$1" "$nnrun" bad.cfg
}

wrong "a syntax error names file and line" '^nnrun: bad\.cfg:9: expected "="' 's/type = "softmax"; }/type "softmax"; }/'
wrong "an unknown key gets a suggestion" 'bad\.cfg:5: layer "conv1" \(conv\): strid: unknown key, did you mean "stride"' \
    's/stride = 2/strid = 2/'
wrong "a wrong type is named" 'bad\.cfg:8: layer "dense1" \(dense\): units: expected .*"ten"' 's/units = 10/units = "ten"/'
wrong "a value out of range is named with its range" 'bad\.cfg:11: train: batch: 0 is out of range' 's/batch = 50/batch = 0/'
wrong "an integer too large is not cut" 'bad\.cfg:11: train: epochs: 99999999999 is out of range' \
    's/epochs = 2/epochs = 99999999999/'
wrong "an unknown layer gets a suggestion" 'bad\.cfg:6: .*"relux".*did you mean "relu"' 's/"relu"/"relux"/'
wrong "a network without a loss at its end is refused" 'bad\.cfg:8: layer "dense1" \(dense\): .*must end with a loss.*softmax' \
    '/softmax/d; s/units = 10; },/units = 10; }/'
wrong "a kernel larger than the input names the setting's line" \
    'bad\.cfg:5: layer "conv1" \(conv\): kernel: 29 is larger than the .*28' 's/kernel = 5/kernel = 29/'
wrong "two layers of one name are refused" 'bad\.cfg:7: layer "x" \(pool\): name: "x" is already the name' 's/"relu";/"relu"; name = "x";/; s/"pool";/"pool"; name = "x";/'
# inputs PROMISE PATTERN VALUE: `inputs = VALUE;` of the relu is refused, and so it is when it comes as an override
inputs() {
    wrong "$1" "^nnrun: bad\\.cfg:6: layer \"relu1\" \\(relu\\): inputs: $2" "s/\"relu\";/\"relu\"; inputs = $3;/"
    refuse_line 3 "^nnrun: command line: network\\.relu1\\.inputs=.*: $2" "$1, from the command line" \
        "$nnrun" good.cfg "network.relu1.inputs=$3"
}
inputs "an unknown input is named" 'there is no layer "nobody"$' '("nobody")'
inputs "a misspelt input gets a suggestion" 'there is no layer "cnov1", did you mean "conv1"\?$' '("cnov1")'
inputs "so does the network's own input" 'there is no layer "Input", did you mean "input"\?$' '"Input"'
inputs "an input without a name is refused" 'there is no layer ""$' '("")'
inputs "a layer as its own input is refused" 'they form a cycle: relu1 <- relu1$' '("relu1")'
inputs "a cycle is refused, its layers named" 'they form a cycle: relu1 <- pool1 <- relu1$' '("pool1")'
inputs "a longer one too" 'they form a cycle: relu1 <- dense1 <- pool1 <- relu1$' '("dense1")'
inputs "too many inputs are refused" 'takes 1 input, not 2$' '("conv1", "input")'
inputs "an empty list of inputs is refused" 'expected 1 to 64 names of layers in quotes$' '()'
inputs "more than 64 inputs are refused" 'expected 1 to 64 names of layers in quotes$' \
    "($(printf '"conv1", %.0s' $(seq 64))\"conv1\")"
inputs "a number in place of inputs is refused" 'expected 1 to 64 names of layers in quotes$' 5
inputs "a group in place of inputs is refused" 'expected 1 to 64 names of layers in quotes$' '{ a = 1; }'
inputs "a number among the inputs is refused" 'item 2: expected the name of a layer in quotes$' '("conv1", 2)'
wrong "too few inputs are refused" 'bad\.cfg:6: layer "add1" \(add\): inputs: takes 2 to 64 inputs, not 1$' 's/"relu"/"add"/'
wrong "a layer that nothing uses is refused" 'bad\.cfg:6: layer "relu1" \(relu\): nothing uses its output' \
    's/"pool";/"pool"; inputs = ("conv1");/'
wrong "the network's input as a layer's name is refused" 'bad\.cfg:6: layer "input" \(relu\): name: "input" is the name of' \
    's/"relu";/"relu"; name = "input";/'
wrong "a name with a dot is refused" 'bad\.cfg:6: layer "a\.b" \(relu\): name: .*cannot name a layer' \
    's/"relu";/"relu"; name = "a.b";/'
wrong "a number as a name is refused" "bad\\.cfg:6: layer \"relu1\" \\(relu\\): name: expected a layer's name in quotes" \
    's/"relu";/"relu"; name = 5;/'
sed 's/"relu";/"relu"; inputs = ("conv2");/; s/"pool";/"pool"; inputs = ("rule1");/' good.cfg >bad.cfg
refuse 3 'bad\.cfg:6: .*"conv2", did you mean "conv1"' "all unknown inputs are reported together (1)" "$nnrun" bad.cfg
refuse 3 'bad\.cfg:7: .*"rule1", did you mean "relu1"' "all unknown inputs are reported together (2)" "$nnrun" bad.cfg
later() {
    sed '5s/.*/{ type = "pool"; kernel = 2; inputs = ("relu1"); },/; 6s/.*/{ type = "conv"; filters = 3; kernel = 5; inputs = ("input"); },/
        7s/.*/{ type = "relu"; }, { type = "flatten"; inputs = ("pool1"); },/' good.cfg >order.cfg
    "$nnrun" show order.cfg >order && awk '{ print $1 }' order | tr '\n' ' ' | grep ' conv1 relu1 pool1 flatten1 '
}
check "an input may be listed further down, and runs first" later
wrong "a loss in the middle does not do for one at the end" 'bad\.cfg:9: layer "relu2" \(relu\): a network must end with a loss' \
    's/{ type = "softmax"; }/{ type = "softmax"; }, { type = "relu"; }/'
for loss in softmax logistic mse; do
    check "$loss may stand in the middle of a network" "$nnrun" show good.cfg network.relu1.type=$loss
done
wrong "an empty network is refused" 'bad\.cfg:4: .*network' '5,9d'
wrong "a network too large for the machine is refused, naming the layer" 'GB of memory.*"dense1"' 's/units = 10;/units = 2000000000;/; s/"softmax";/"dense"; units = 10; }, { type = "softmax";/'
wrong "patience without validation is refused" 'bad\.cfg:11: train: patience' 's/validation = 100;//; s/epochs = 2/patience = 2/'
wrong "a class count above a byte is refused" '300 classes' 's/units = 10/units = 300/'
two='{ type = "conv"; name = "a"; filters = 3; kernel = 3; }, { type = "conv"; name = "b"; filters = 2; kernel = 3; inputs = ("input"); }'
wrong "inputs of different shapes to add are refused" 'bad\.cfg:6: layer "add1" \(add\): inputs: dimension 0 of input 2 is 2, of the first 3' \
    "6s/.*/$two, { type = \"add\"; inputs = (\"a\", \"b\"); },/"
wrong "concat along an axis that is not there is refused" 'bad\.cfg:8: layer "concat1" \(concat\): axis: there is no axis 1' \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "concat"; axis = 1; inputs = ("dense1", "dense1"); },/'
wrong "concat of inputs that differ elsewhere is refused" 'bad\.cfg:6: layer "concat1" \(concat\): inputs: dimension 0 of input 2 is 2' \
    "6s/.*/$two, { type = \"concat\"; axis = 1; inputs = (\"a\", \"b\"); },/"
wrong "inputs of different ranks to add are refused" \
    'bad\.cfg:8: layer "add1" \(add\): inputs: input 2 has 3 dimensions, the first has 1' \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "add"; inputs = ("dense1", "input"); },/'
wrong "concat of different ranks too" 'bad\.cfg:8: layer "concat1" \(concat\): inputs: input 2 has 3 dimensions, the first has 1' \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "concat"; inputs = ("dense1", "input"); },/'
wrong "global_pool of a vector is refused" \
    'bad\.cfg:8: layer "global_pool1" \(global_pool\): the input is a vector' \
    '8s/.*/{ type = "dense"; units = 10; }, { type = "global_pool"; },/'
for layer in 'conv"; filters = 2; kernel = 1' 'pool"; kernel = 1'; do
    type=${layer%%\"*}
    wrong "$type of a vector is refused" "bad\\.cfg:8: layer \"${type}2\" \\($type\\): the input has 1 dimension" \
        "8s/.*/{ type = \"dense\"; units = 10; }, { type = \"$layer; },/"
done
for layer in flatten batchnorm scale; do
    printf 'input = 7; network = ( { type = "%s"; }, { type = "softmax"; } );\n' $layer >vector.cfg
    check "$layer takes a vector" "$nnrun" show vector.cfg
done
wrong "a dropout rate of 1 is refused" 'bad\.cfg:6: layer "dropout1" \(dropout\): rate: 1\.0 is out of range' 's/"relu"/"dropout"; rate = 1.0/'
# outside TYPE SETTING VALUE WANTED: these ranges are PyTorch's or, of momentum, ours; bad_settings.sh has them from the tables
outside() {
    wrong "a $2 of $3 is refused in $1" "bad\\.cfg:6: layer \"${1}1\" \\($1\\): $2: $3 is out of range, expected $4\$" \
        "s/\"relu\"/\"$1\"; $2 = $3${5-}/"
}
outside dropout rate -0.1 'a number of at least 0 and less than 1'
outside batchnorm eps 0 'a number greater than 0 and at most 1'
outside batchnorm momentum 0 'a number greater than 0 and at most 1'
outside batchnorm momentum 1.5 'a number greater than 0 and at most 1'
outside elu alpha 0 'a number greater than 0 and at most 1000'
outside leaky_relu slope 0 'a number greater than 0 and at most 1'
outside concat axis 3 'a whole number from 0 to 2' '; inputs = ("conv1", "conv1")'

for input in 0 '[]' '"784"' 784.5 '[1, 2, 3, 4]' '[1, 0, 28]' '[0, 28, 28]' -1 true; do
    wrong "an input of $input is refused, once" '^nnrun: bad\.cfg:2: input: ' "2s/.*/input = $input;/"
done
wrong "a missing input, too" '^nnrun: bad\.cfg:1: input: missing' 2d
wrong "numbers for its channels are not counted then" '^nnrun: bad\.cfg:2: input: ' '2s/.*/input = 0;/; 3s/validation/mean = [0.1, 0.2]; std = [1, 2]; validation/'

# name PROMISE VALUE: that name is refused, in the config and behind it
name() {
    wrong "$1" '^nnrun: bad\.cfg:1: name: the run folder is runs/NAME, expected text without "/"' "1s|\"small\"|\"$(printf '%s\n' "$2" | sed 's/\\/&&/g')\"|"
    refuse_line 3 '^nnrun: command line: name=.*: the run folder is runs/NAME, expected text without "/"' \
        "$1, from the command line" "$nnrun" good.cfg "name=\"$2\""
}
name "an empty name is refused" ''
name "a name that is the folder of runs" .
name "the one above" ..
name "a name that leads elsewhere" ../../escape
name "a name that leads on" a/b
name "a name with a control character" 'a\x1b[31m'
name "a name with a line's end" 'a\n'
name "a name with a control character in two bytes" "$(printf 'a\302\233')"
refuse_line 3 '^nnrun: command line: name=: the run folder' "no name at all" "$nnrun" good.cfg name=
refuse_line 3 '^nnrun: command line: name=\.\.: the run folder' "nor a bare one" "$nnrun" good.cfg name=..
check "nothing was written" sh -c '[ ! -e runs ] && [ ! -e ../escape ]'
for good in ... .a 'a b' '-' "$(printf '\303\251')"; do
    check "\"$good\" is a name" "$nnrun" show good.cfg "name=$good"
done

mkdir sub
small_config sub/inner.cfg
echo 'name = "a";' >outside.cfg
printf '@include "../outside.cfg"\n' >sub/out.cfg
refuse_line 3 'sub/out\.cfg:1: ' "an include outside its folder is refused" "$nnrun" sub/out.cfg
printf '@include "self.cfg"\n' >self.cfg
refuse_line 3 'self\.cfg' "an include of itself is refused" "$nnrun" self.cfg

truncate -s 100M huge.cfg
refuse_line 3 'huge\.cfg: .*(large|most)' "a 100 MB file is refused" "$nnrun" huge.cfg
refuse_line 3 'nosuch\.cfg: ' "a missing config is named" "$nnrun" nosuch.cfg
refuse_line 3 'sub: ' "a folder in place of a config is refused" "$nnrun" sub

sed 's/batch = 50/batch = 0/; s/units = 10/unit = 10/; s/"relu"/"relux"/' good.cfg >bad.cfg
refuse 3 'relux' "all errors of a file are reported together (1)" "$nnrun" bad.cfg
refuse 3 'batch' "all errors of a file are reported together (2)" "$nnrun" bad.cfg
refuse 3 'did you mean "units"' "all errors of a file are reported together (3)" "$nnrun" bad.cfg
# What is wrong with settings, names, numbers of inputs, and layers that nobody uses.
sed 's/units = 10/unit = 10/; s/{ type = "relu"; }/{ type = "add"; inputs = ("cnov1", "conv1", "input"); }, { type = "relu"; inputs = ("conv1", "add1"); }/
    s/{ type = "pool"/{ type = "poll"; inputs = "conv1"; }, &/' good.cfg >bad.cfg
all_of_it() {
    "$nnrun" bad.cfg 2>why
    cat why
    [ "$(wc -l <why)" -eq 5 ] && grep -q 'layer "add1".*"cnov1", did you mean "conv1"' why && grep -q '(relu): inputs: takes 1 input, not 2' why &&
        grep -q '(poll): type: .*did you mean "pool"' why && grep -q '(dense): unit: .*did you mean "units"' why
}
check "with those of how layers are connected" all_of_it
sed 's/batch = 50/batch = 0/; s/units = 10/unit = 10/; s/"relu"/"relux"/' good.cfg >bad.cfg
in_order() {
    "$nnrun" bad.cfg train.epochs=abc 2>why
    sed -n 's/^nnrun: bad\.cfg:\([0-9]*\): .*/\1/p; s/^nnrun: command line: .*/99/p' why >order
    [ "$(wc -l <order)" -eq 5 ] && sort -nc order
}
check "in the order of their lines, those of the command line last" in_order

refuse_line 3 'command line: train\.epochs=abc: ' "an override is checked like the file" "$nnrun" good.cfg train.epochs=abc
refuse_line 3 'command line: .*did you mean "train' "a misspelt override gets a suggestion" "$nnrun" good.cfg trian.epochs=3
refuse_line 2 'unexpected argument' "a second config is a usage error" "$nnrun" good.cfg other.cfg
refuse_line 2 'unknown option --frob' "an unknown option is a usage error" "$nnrun" --frob
refuse_line 2 'option --threads wants a value' "an option without its value is a usage error" "$nnrun" good.cfg --threads
refuse_line 2 'NNRUN_ISA=sse9' "an unknown code level is a usage error" env NNRUN_ISA=sse9 "$nnrun" good.cfg
refuse_line 2 'expected' "no argument is a usage error" "$nnrun"
check "show needs no data" "$nnrun" show good.cfg
says 'conv1 .* 3x12x12 .* 78 ' "show gives shapes and parameters"
check "an override changes what is shown" "$nnrun" show good.cfg network.conv1.filters=4
says 'conv1 .* 4x12x12 ' "by the layer's name"
check "an override by index, too" "$nnrun" show good.cfg network.0.filters=5 --json
says '"output":\[5,12,12\]' "show --json is one object"
tap_end
