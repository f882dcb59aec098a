#!/bin/sh
# overrides.sh: what show --keys prints may all be given again, and a checkpoint gives the same network again. What
# each override reaches is in recorded/overrides.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

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
tap_end
