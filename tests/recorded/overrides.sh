#!/bin/sh
# overrides.sh: KEY=VALUE behind a config: what it reaches, by which name, and what is said where it reaches nothing.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
relus_config relus.cfg
branch_config branch.cfg
# shows PROMISE OVERRIDE...: the network that relus.cfg then is
shows() {
    tap_what=$1
    shift
    record "$tap_what" nnrun show relus.cfg "$@"
}
# keys PROMISE PATTERN CONFIG OVERRIDE...: those keys that match
keys() {
    tap_what=$1
    tap_pattern=$2
    shift 2
    record "$tap_what" sh -c "nnrun show $* --keys | grep -e '$tap_pattern' | cut -d ' ' -f 1"
}

# ---- values ----------------------------------------------------------------------------------------------------

small_config good.cfg
record "an override changes what is shown, by the layer's name" nnrun show good.cfg network.conv1.filters=4
record "an override by index, too" nnrun show good.cfg network.0.filters=5 --json
record "an index beyond the layers" nnrun show good.cfg network.9.filters=5
record "an override is checked like the file" nnrun good.cfg train.epochs=abc
record "a misspelt override gets a suggestion" nnrun good.cfg trian.epochs=3
record "the last of two counts" sh -c 'nnrun show --keys good.cfg train.epochs=3 train.epochs=4 | grep ^train.epochs'
record "blanks around the sign" sh -c "nnrun show --keys good.cfg 'train.epochs = 3' | grep ^train.epochs"
record "no value at all" nnrun show good.cfg train.epochs=
record "no key at all" nnrun show good.cfg =3
record "an empty name on the way" nnrun show good.cfg train..epochs=3
record "a key with a sign in it" nnrun show good.cfg 'train.ep?ochs=3'
record "a value with a syntax error" nnrun show good.cfg 'data.mean=[0.1'
record "more than one value" nnrun show good.cfg 'train.epochs=3; batch=2'
record "a text in quotes" sh -c "nnrun show --keys good.cfg 'name=\"a b\"' | grep ^name"
record "a text without" sh -c "nnrun show --keys good.cfg 'name=a b' | grep ^name"
record "a whole group" sh -c "nnrun show --keys good.cfg 'train.optimizer={ type = \"adam\"; rate = 0.1; }' | grep ^train.opt"
record "a whole network" nnrun show good.cfg 'network=( { type = "dense"; units = 2; }, { type = "softmax"; } )'
record "a key below a value" nnrun show good.cfg train.epochs.more=3
record "a type in place of its group is told its key" nnrun show relus.cfg train.optimizer=adam
record "a group without a type has none" nnrun show relus.cfg data=digits
record "--seed and --threads are overrides, too" sh -c "nnrun show --keys good.cfg --seed 5 --threads 2 | grep -e seed -e threads="
record "their values are checked" nnrun show good.cfg --seed -1
record "as numbers" nnrun show good.cfg --threads many
for word in nan inf NaN -inf 0.5.0; do
    record "$word is no number on the command line" nnrun show good.cfg "train.optimizer.rate=$word"
done

# ---- layers by the names that the config has -------------------------------------------------------------------

shows "without overrides they are what they are"
shows "an earlier override of a type moves no name" network.relu1.type=tanh network.relu2.type=tanh
shows "in the other order neither" network.relu2.type=tanh network.relu1.type=tanh
keys "a key behind a type is of the same layer, which keeps its key and has its new name, as have the others" \
    'network.relu[12].\(rate\|name\)' relus.cfg network.relu1.type=dropout network.relu1.rate=0.25
keys "a name that an override brought is taken, too, for that layer" network.relu1.rate \
    relus.cfg network.relu1.type=dropout network.dropout1.rate=0.25
shows "one that the config has is the config's, whatever is called so now" network.relu3.type=dense \
    network.dense2.units=11 network.relu3.units=9
shows "a given name leaves the old one to overrides" network.relu1.name=one network.relu1.type=tanh
shows "a message says what overrides call a layer" network.relu1.type=dense
shows "what may have been meant is a name of the config" network.relu1.type=tanh network.rely1.type=tanh
record "inputs go by these names, too, those of the config" nnrun show branch.cfg network.relu1.type=tanh
record "and those of overrides, as the config has them" nnrun show branch.cfg network.relu1.type=tanh \
    'network.add1.inputs=("relu2", "input")'

# ---- another type, which has other keys ------------------------------------------------------------------------

optimizer=train.optimizer
keys "another optimizer leaves out what only the old one has" $optimizer relus.cfg train.optimizer.type=adam
keys "after two changes, too" $optimizer relus.cfg train.optimizer.type=adam train.optimizer.type=adamw
keys "and back nothing is lost" $optimizer relus.cfg train.optimizer.type=adam train.optimizer.type=sgd
keys "another layer leaves out what only the old one has" network.conv1 relus.cfg network.conv1.type=pool
sed 's/type = "sgd"; //' relus.cfg >default.cfg
keys "the type may be a default in the config" $optimizer default.cfg train.optimizer.type=adam
sed 's/optimizer: {.*/schedule: { type = "cosine"; final = 0.5; warmup = 0.1; }; };/' relus.cfg >cosine.cfg
keys "so does another schedule, and keeps the others" train.schedule cosine.cfg train.schedule.type=step train.schedule.every=2
record "not what the command line gives: momentum=0.5 type=adam" \
    nnrun show relus.cfg train.optimizer.momentum=0.5 train.optimizer.type=adam
record "not what the command line gives: type=adam momentum=0.5" \
    nnrun show relus.cfg train.optimizer.type=adam train.optimizer.momentum=0.5
edit 's/momentum/momentun/' relus.cfg
record "nor what neither has" nnrun show bad.cfg train.optimizer.type=adam
edit 's/type = "sgd"/type = "adam"/' relus.cfg
record "nor in a config alone" nnrun show bad.cfg
no_edit

# ---- keys in the wrong place -----------------------------------------------------------------------------------

for override in epochs=3 'rate = 0.1' train.rate=0.1 optimizer.rate=0.1 augment.rotate=3 test.images=x conv1.filters=3 train.epoch=3; do
    record "$override is told its place" nnrun show relus.cfg "$override"
done
record "a layer is meant by its name in the config" nnrun show relus.cfg network.dense1.type=dense dense1.units=3
record "no layer by one it does not have" nnrun show relus.cfg conv7.filters=3
record "where it is already, a key of another type is not suggested" nnrun show relus.cfg train.optimizer.beta1=0.5
edit 's/^input/epochs = 3; &/' relus.cfg
record "in a config there is no such key to give" nnrun show bad.cfg
record_end
