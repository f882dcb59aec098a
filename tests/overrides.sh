#!/bin/sh
# overrides.sh: what show --keys prints may all be given again, and a checkpoint gives the same network again. What
# each override reaches is in recorded/overrides.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

relus_config relus.cfg
branch_config branch.cfg
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

# ---- what is kept with the bits --------------------------------------------------------------------------------

"$nnrun" -q relus.cfg -o plain || exit 99
# The last step file of a run, whose numbers are of one length.
last_of() {
    for last in "$1"/step-*; do :; done
    mv "$last" "$1/last.safetensors"
}
last_of plain
# kept OVERRIDES OVERRIDE...: a run with them has exactly these overrides in its checkpoint
kept() {
    wanted=$1
    shift
    rm -rf kept && "$nnrun" -q relus.cfg "$@" -o kept && last_of kept && {
        head -c 65536 kept/last.safetensors | tr -d '\0' | sed -n 's/.*"overrides":"\(.*\)\]",.*/\1]/p' | sed 's/\\//g'
        echo
    } | grep . >now && echo "$wanted" | diff - now
}
# apart OVERRIDE: it leaves no trace in the checkpoint
apart() {
    kept '[]' "$1" && cmp plain/last.safetensors kept/last.safetensors
}
for override in train.threads=1 ' train.threads=1' 'train.threads = 1 ' 'output={directory="..";}' 'output = { keep: 3, report: false }' \
    ' output.keep=3' "data.directory=$work/digits" "data.directory = \"$work/digits\"" data.stream=true \
    'data.train={images="digits/train-images-idx3-ubyte.gz";labels="digits/train-labels-idx1-ubyte.gz"}'; do
    check "nothing is kept of $override" apart "$override"
done
check "what belongs to the bits is kept as it was typed" kept '["train.seed =2"," train.optimizer={type="adam"; rate=1e-3;}"]' \
    'train.seed =2' ' train.optimizer={type="adam"; rate=1e-3;}'
check "of a group only what belongs to the bits" kept '["train={seed=2;batch=50;epochs=1;optimizer={rate=0.05}}"]' \
    'train={threads=1; seed=2;batch=50; epochs: 1, optimizer={ rate = 5e-2; } /* all */ }'
cp kept/last.safetensors one
check "and the same where it has nothing else" kept '["train={seed=2;batch=50;epochs=1;optimizer={rate=0.05}}"]' \
    'train={seed=2;batch=50;epochs=1;optimizer={rate=0.05;};}'
same "so that the bytes are the same" one kept/last.safetensors
check "of nested groups, too" kept '["data={validation=20;augment={shift=1}}"]' \
    "data={directory=\"$work/digits\"; validation=20; train={images=\"digits/train-images-idx3-ubyte.gz\";labels=\"digits/train-labels-idx1-ubyte.gz\"}; augment={shift=1}; stream=true}"
check "what is kept gives the network again" "$nnrun" test -q kept/last.safetensors
check "an absolute path in a group is not kept" kept '["data={}"]' "data={directory=\"$work/digits\";}"
cp kept/last.safetensors one
ln -s digits linked
check "nor a relative one" kept '["data={}"]' 'data = { directory = "linked" }'
same "and changes no byte" one kept/last.safetensors
check "one given again replaces the one before" kept '["train.batch=40","train.epochs=1"]' train.epochs=2 train.batch=40 ' train.epochs = 3' \
    train.epochs=1
check "layers are the same by name and by number" kept '["network.4.units=8"]' network.dense1.units=3 network.4.units=8
check "a group replaces keys before it" kept '["train={epochs=1}","train.batch=30"]' train.seed=3 train.optimizer.type=adam 'train={epochs=1}' \
    train.batch=30
check "not those behind it" kept '["train={epochs=1}","train.epochs=2"]' 'train={epochs=1}' train.epochs=2
check "a type that gave a later one its name stays" kept \
    '["network.relu1.type=dropout","network.dropout1.rate=0.25","network.relu1.type=dropout"]' \
    network.relu1.type=dropout network.dropout1.rate=0.25 network.relu1.type=dropout
check "so that all have their layers again" "$nnrun" show kept/last.safetensors

# ---- data of a checkpoint --------------------------------------------------------------------------------------

cp -r digits other
mv digits moved
# elsewhere OVERRIDE: the checkpoint is tested with the data that it names
elsewhere() {
    "$nnrun" test -q plain/best.safetensors "$1" | grep -q right
}
refuse_line 4 'digits/t10k-images.*: there is no folder .*digits;' "data that moved are missed" "$nnrun" test plain/best.safetensors
for override in data.directory=other ' data.directory=other' 'data.directory = "other"' 'data={directory="other";}' 'data = { directory : "other" }' \
    'data.test={images="other/t10k-images-idx3-ubyte.gz"; labels="other/t10k-labels-idx1-ubyte.gz"}'; do
    check "data are found by $override" elsewhere "$override"
done
refuse_line 4 'digits/t10k-images.*: there is no folder .*digits;' "a group without a path leaves those of the run" \
    "$nnrun" test plain/best.safetensors 'data={validation=20}'
mv moved digits
tap_end
