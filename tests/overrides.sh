#!/bin/sh
# overrides.sh: KEY=VALUE behind a config means what the config calls so, whatever the others change; a checkpoint
# gives the same network again.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# ---- layers by the names that the config has -------------------------------------------------------------------

cat >relus.cfg <<'EOF2'
input = [1, 28, 28];
data: { directory = "digits"; validation = 20; };
network = (
    { type = "conv"; filters = 3; kernel = 5; stride = 2; },
    { type = "relu"; },
    { type = "pool"; kernel = 2; },
    { type = "relu"; },
    { type = "dense"; units = 12; },
    { type = "relu"; },
    { type = "dense"; units = 10; },
    { type = "softmax"; } );
train: { epochs = 1; batch = 50; optimizer: { type = "sgd"; rate = 0.05; momentum = 0.9; }; };
EOF2
cat >branch.cfg <<'EOF2'
input = [1, 28, 28];
network = (
    { type = "relu"; },
    { type = "relu"; inputs = "relu1"; },
    { type = "add"; inputs = ("relu1", "relu2"); },
    { type = "dense"; units = 10; },
    { type = "softmax"; } );
EOF2
# layers NAMES OVERRIDE...: the network of relus.cfg then has layers of these names
layers() {
    names=$1
    shift
    "$nnrun" show relus.cfg "$@" >shown && awk '/^input / { on = 1; next } !NF { if (on) exit } on { print $1 }' shown |
        paste -s -d ' ' >now && echo "$names" | diff - now
}
plain='conv1 relu1 pool1 relu2 dense1 relu3 dense2 softmax1'
check "without overrides they are what they are" layers "$plain"
check "an earlier override of a type moves no name" layers 'conv1 tanh1 pool1 tanh2 dense1 relu1 dense2 softmax1' \
    network.relu1.type=tanh network.relu2.type=tanh
check "in the other order neither" layers 'conv1 tanh1 pool1 tanh2 dense1 relu1 dense2 softmax1' \
    network.relu2.type=tanh network.relu1.type=tanh
check "a key behind a type is of the same layer" "$nnrun" show relus.cfg --keys network.relu1.type=dropout network.relu1.rate=0.25
says '^network\.relu1\.rate=0\.25 ' "which keeps its key"
says '^network\.relu1\.name=dropout1 ' "and has its new name"
says '^network\.relu2\.name=relu1 ' "as have the others"
check "a name that an override brought is taken, too" "$nnrun" show relus.cfg --keys network.relu1.type=dropout network.dropout1.rate=0.25
says '^network\.relu1\.rate=0\.25 ' "for that layer"
check "one that the config has is the config's" "$nnrun" show relus.cfg network.relu3.type=dense network.dense2.units=11 \
    network.relu3.units=9
says '^dense2  *dense  *9 ' "whatever is called so now (1)"
says '^dense3  *dense  *11 ' "whatever is called so now (2)"
check "a given name leaves the old one to overrides" layers 'conv1 one pool1 relu1 dense1 relu2 dense2 softmax1' \
    network.relu1.name=one network.relu1.type=tanh
refuse_line 3 'relus\.cfg:5: layer "dense1" \(dense, network\.relu1 in overrides\): units: missing' \
    "a message says what overrides call a layer" "$nnrun" show relus.cfg network.relu1.type=dense
refuse_line 3 'network\.rely1\.type=tanh: there is no layer "rely1", did you mean "relu1"' \
    "what may have been meant is a name of the config" "$nnrun" show relus.cfg network.relu1.type=tanh network.rely1.type=tanh
check "inputs go by these names, too" "$nnrun" show branch.cfg network.relu1.type=tanh
says '^add1 .*<- tanh1, relu1$' "those of the config"
check "and those of overrides" "$nnrun" show branch.cfg network.relu1.type=tanh 'network.add1.inputs=("relu2", "input")'
says '^add1 .*<- relu1, input$' "as the config has them"

# round CONFIG OVERRIDE...: what show --keys has then may all be given behind the config, and gives the same
round() {
    config=$1
    shift
    "$nnrun" show "$config" "$@" --keys >keys && sed 's/  *(.*//' keys >pairs && (set -f; IFS='
'; # shellcheck disable=SC2046 # a word a line
        exec "$nnrun" show "$config" --keys $(cat pairs)) | diff keys -
}
check "show --keys with overrides has keys for the config" round relus.cfg network.relu1.type=tanh network.relu3.type=dropout
check "also where names change places" round branch.cfg network.relu1.name=relu2 network.relu2.name=relu1

# ---- another type, which has other keys ------------------------------------------------------------------------

# keys GROUP KEYS OVERRIDE...: show --keys then has these keys, inputs aside, in the group
keys() {
    group=$1
    echo "$2" >wanted
    shift 2
    "$nnrun" show relus.cfg --keys "$@" >shown && sed -n "s/^$group\\.\([^ ]*\) .*/\1/p" shown | grep -v '^inputs=' | paste -s -d ' ' | diff wanted -
}
optimizer='train\.optimizer'
check "another optimizer leaves out what only the old one has" keys "$optimizer" \
    'type=adam rate=0.05 decay=0 beta1=0.9 beta2=0.999 epsilon=1e-08' train.optimizer.type=adam
check "after two changes, too" keys "$optimizer" \
    'type=adamw rate=0.05 decay=0.01 beta1=0.9 beta2=0.999 epsilon=1e-08' train.optimizer.type=adam train.optimizer.type=adamw
check "and back nothing is lost" keys "$optimizer" 'type=sgd rate=0.05 momentum=0.9 nesterov=false decay=0' \
    train.optimizer.type=adam train.optimizer.type=sgd
check "another layer leaves out what only the old one has" keys 'network\.conv1' \
    'type=pool name=pool1 mode=max kernel=5 stride=2 pad=0' network.conv1.type=pool
sed 's/type = "sgd"; //' relus.cfg >default.cfg
check "the type may be a default in the config" "$nnrun" show default.cfg --keys train.optimizer.type=adam
sed 's/optimizer: {.*/schedule: { type = "cosine"; final = 0.5; warmup = 0.1; }; };/' relus.cfg >cosine.cfg
check "so does another schedule" "$nnrun" show cosine.cfg --keys train.schedule.type=step train.schedule.every=2
says '^train\.schedule\.warmup=0\.1 ' "and keeps the others"
for order in 'momentum=0.5 type=adam' 'type=adam momentum=0.5'; do
    refuse_line 3 '^nnrun: command line: train\.optimizer\.momentum=0\.5: unknown key' "not what the command line gives: $order" \
        "$nnrun" show relus.cfg "train.optimizer.${order% *}" "train.optimizer.${order#* }"
done
sed 's/momentum/momentun/' relus.cfg >typo.cfg
refuse_line 3 '^nnrun: typo\.cfg:12: train\.optimizer: momentun: unknown key' "nor what neither has" \
    "$nnrun" show typo.cfg train.optimizer.type=adam
sed 's/type = "sgd"/type = "adam"/' relus.cfg >adam.cfg
refuse_line 3 '^nnrun: adam\.cfg:12: train\.optimizer: momentum: unknown key' "nor in a config alone" "$nnrun" show adam.cfg

# ---- keys in the wrong place -----------------------------------------------------------------------------------

# meant KEY=VALUE KEY: a key that is somewhere else is suggested with its place
meant() {
    refuse_line 3 "^nnrun: command line: $1: .*unknown key, did you mean \"$2\"\?\$" "$1 is told its place" "$nnrun" show relus.cfg "$1"
}
meant epochs=3 train\\.epochs
meant 'rate = 0.1' train\\.optimizer\\.rate
meant train.rate=0.1 train\\.optimizer\\.rate
meant optimizer.rate=0.1 train\\.optimizer\\.rate
meant augment.rotate=3 data\\.augment\\.rotate
meant conv1.filters=3 network\\.conv1\\.filters
meant train.epoch=3 epochs
refuse_line 3 "^nnrun: command line: dense1\\.units=3: dense1: unknown key, did you mean \"network\\.dense1\\.units\"\?\$" \
    "a layer is meant by its name in the config" "$nnrun" show relus.cfg network.dense1.type=dense dense1.units=3
refuse_line 3 '^nnrun: command line: conv7\.filters=3: conv7: unknown key, known are name, input' "no layer by one it does not have" \
    "$nnrun" show relus.cfg conv7.filters=3
refuse_line 3 '^nnrun: command line: train\.optimizer\.beta1=0\.5: unknown key, known are type, rate' \
    "where it is already, a key of another type is not suggested" "$nnrun" show relus.cfg train.optimizer.beta1=0.5
refuse_line 3 '^nnrun: command line: train\.optimizer=adam: expected a group { \.\.\. }, did you mean train\.optimizer\.type=adam\?$' \
    "a type in place of its group is told its key" "$nnrun" show relus.cfg train.optimizer=adam
refuse_line 3 '^nnrun: command line: data=digits: expected a group { \.\.\. }$' "a group without a type has none" \
    "$nnrun" show relus.cfg data=digits
sed 's/^input/epochs = 3; &/' relus.cfg >outside.cfg
refuse_line 3 '^nnrun: outside\.cfg:1: epochs: unknown key, known are ' "in a config there is no such key to give" "$nnrun" show outside.cfg

# ---- checkpoints -----------------------------------------------------------------------------------------------

digits 120 20
again() {
    "$nnrun" show relus.cfg --keys "$@" | sed 's/ (.*//' >asked &&
        "$nnrun" -q relus.cfg -o run "$@" && "$nnrun" show run/best.safetensors --keys | sed 's/ (.*//' >saved &&
        rm -r run && diff asked saved
}
check "a checkpoint has the same network, under the same keys" again network.relu1.type=tanh network.relu2.type=dropout \
    network.relu2.rate=0.25
check "where its types have other keys, too" again train.optimizer.type=adam network.conv1.type=pool
resumed() {
    "$nnrun" -q relus.cfg -o whole train.optimizer.type=adam network.relu1.type=tanh network.relu2.type=tanh train.epochs=2 &&
        "$nnrun" -q relus.cfg -o parts train.optimizer.type=adam network.relu1.type=tanh network.relu2.type=tanh &&
        "$nnrun" -q resume parts train.epochs=2 && "$nnrun" test -q whole/best.safetensors | sed 's/^whole//' >one &&
        "$nnrun" test -q parts/best.safetensors | sed 's/^parts//' >two && grep ' right' one && diff one two
}
check "a run that is resumed is the same" resumed
tap_end
