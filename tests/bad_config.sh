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
wrong "two layers of one name are refused" 'bad\.cfg:7: .*name: "x" is already the name' 's/"relu";/"relu"; name = "x";/; s/"pool";/"pool"; name = "x";/'
wrong "an unknown input is named" 'bad\.cfg:7: .*inputs: there is no layer "nobody"' 's/"pool";/"pool"; inputs = ("nobody");/'
wrong "a cycle is refused" 'bad\.cfg:6: .*inputs: .*cycle' 's/"relu";/"relu"; inputs = ("pool1");/'
wrong "a layer that nothing uses is refused" 'bad\.cfg:6: .*nothing uses its output' 's/"pool";/"pool"; inputs = ("conv1");/'
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
wrong "a dropout rate of 1 is refused" 'bad\.cfg:6: layer "dropout1" \(dropout\): rate: 1\.0 is out of range' 's/"relu"/"dropout"; rate = 1.0/'

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
