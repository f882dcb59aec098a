#!/bin/sh
# completion.sh: bash completes commands, their options, files as they fit, types of layers, and the keys and values of
# the config that was named.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
script=$NNRUN_SOURCE/data/bash-completion/nnrun
if ! command -v bash >/dev/null 2>&1; then
    skip "bash completes" "no bash"
    tap_end
    exit 0
fi

cat >complete.bash <<'EOF2'
# complete.bash SCRIPT PROGRAM WORD...: what the last word may become, a line each, sorted.
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_nnrun "$1" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
EOF2
# into EXPECTED WORD...: the last of the words becomes one of the expected.
into() {
    printf '%s\n' "$1" | tr ' ' '\n' | LC_ALL=C sort >expected
    shift
    bash complete.bash "$script" "$nnrun" "$@" >completed 2>completed.err
    [ ! -s completed.err ] || { cat completed.err; return 1; }
    diff expected completed
}

small_config small.cfg
digits 120 20
mkdir folder
sed 's/momentum = 0.9/type = "adam"/' small.cfg >folder/adam.cfg
"$nnrun" -q folder/adam.cfg data.directory=digits data.validation=20 train.epochs=1 -o run || exit 99
cp "$NNRUN_BUILD/plugins/.libs/relu.so" .
"$nnrun" --help | sed -n 's/^  \([a-z]*\)  *[A-Z[].*/\1/p' >commands

# ---- what it asks ------------------------------------------------------------------------------------------------

graph_config graph.cfg
# set_all CONFIG: each key may be given as it is printed, and then is what it was.
set_all() {
    "$nnrun" show "$1" --keys >keys && sed 's/  *(.*//' keys >pairs && grep -c '^network\..*\.type=' pairs &&
        (set -f; IFS='
'; # shellcheck disable=SC2046 # a word a line
        exec "$nnrun" show "$1" --keys $(cat pairs)) | diff keys -
}
check "show --keys has keys as they may be given" set_all small.cfg
check "of a graph, too" set_all graph.cfg
same_keys() {
    "$nnrun" show "$1" --keys | sed 's/=.*//' >plain && "$nnrun" show "$1" --keys --json | sed 's/.*"key":"\([^"]*\)".*/\1/' | diff plain -
}
check "--json has the same" same_keys graph.cfg
refused() {
    "$nnrun" show small.cfg --keys --json | sed -n 's/.*"key":"\([^"]*\)","resume":false.*"value":"\(.*\)","default.*/\1=\2/p' >pairs
    [ "$(wc -l <pairs)" -gt 20 ] && while IFS= read -r override; do
        "$nnrun" resume run "$override" 2>&1 | grep -q 'cannot change in a resumed run' || { echo "$override"; return 1; }
    done <pairs
}
check "and those that resume refuses it does refuse" refused

# ---- commands and files ------------------------------------------------------------------------------------------

check "all commands, and configs, stand first" into "$(paste -s -d ' ' commands) digits folder graph.cfg run small.cfg" ''
check "a command by its beginning" into "gradcheck graph.cfg" g
check "a config, too" into small.cfg sm
check "train takes a config" into "digits folder graph.cfg run small.cfg" train ''
check "resume a folder" into run resume r
check "test a checkpoint" into "run/best.safetensors run/step-000000000.safetensors run/step-000000002.safetensors" test run/
check "show both" into "folder" show fo
check "an option before changes nothing" into "run/best.safetensors" show -q run/b
check "nor does one with a value" into small.cfg -o folder smal
"$nnrun" layers --json | sed 's/.*"type":"\([a-z_]*\)".*/\1/' >types
check "layers takes the types there are, and files" into "$(paste -s -d ' ' types) digits folder relu.so run" layers ''
check "help takes the commands" into "report resume" help re
check "gradcheck a type, a file or a config" into "relu relu.so" gradcheck rel
check "and a config" into small.cfg gradcheck small
check "types are those of the plugin path" env NNRUN_PLUGIN_PATH= bash -c \
    ". '$script'; COMP_WORDS=(nnrun layers --plugin-path '$NNRUN_PLUGIN_PATH' con) COMP_CWORD=4; _nnrun '$nnrun' && [ \"\${COMPREPLY[*]}\" = 'concat conv' ]"
check "one argument is enough" into '' layers conv c

# ---- options -----------------------------------------------------------------------------------------------------

while read -r command; do
    options="$("$nnrun" "$command" --help | sed -n '/^Examples/q; s/^  \([-a-z, ]*--[a-z][a-z-]*\).*/\1/p' | grep -o -e '--[a-z][a-z-]*' | paste -s -d ' ') --help"
    check "$command has the options of its help" into "${options# }" "$command" --
done <commands
check "without a command they are those of train" into "--seed" small.cfg --s
check "predict takes a checkpoint" into "run/best.safetensors" predict run/b
check "and then pictures" into "small.cfg" predict run/best.safetensors sm
check "--onnx takes a file" into "small.cfg" export run/best.safetensors --onnx sm
check "-o takes a folder" into "folder" small.cfg -o f
check "--output, too" into "folder" train small.cfg --output f
check "behind =, too" into "folder" train small.cfg --output = f
check "--samples a file" into "small.cfg" show small.cfg --samples sm
check "--threads no word" into '' small.cfg --threads ''

# ---- keys --------------------------------------------------------------------------------------------------------

check "behind a config come its groups" into "data. input= name= network. output. train. warnings." small.cfg ''
check "and their keys" into "train.batch= train.class_weights= train.clip= train.epochs= train.from= train.from_prefix= train.from_strict= train.groups= train.optimizer. train.patience= train.schedule. train.seed= train.threads=" \
    small.cfg train.
check "those of its optimizer" into "train.optimizer.momentum=" small.cfg train.optimizer.m
check "of the one that a checkpoint has" into "train.optimizer.beta1= train.optimizer.beta2=" test run/best.safetensors train.optimizer.b
check "its layers" into "network.conv1. network.dense1. network.pool1. network.relu1. network.softmax1." show small.cfg network.
check "and what they take" into "network.dense1.bias= network.dense1.from= network.dense1.frozen= network.dense1.init= network.dense1.inputs= network.dense1.name= network.dense1.rate= network.dense1.type= network.dense1.units=" \
    small.cfg --threads 2 network.dense1.
check "behind a run those that resume takes" into "data. output. train. warnings." resume run ''
check "not its seed" into "train.schedule." resume run train.s
check "an override does not end them" into "train.epochs=" small.cfg train.batch = 20 train.ep
check "a missing config has none" into '' no.cfg train.
check "layers takes none" into '' layers conv train.
check "a config in a plugin folder of its own has keys" env NNRUN_PLUGIN_PATH= bash -c \
    ". '$script'; COMP_WORDS=(nnrun --plugin-path '$NNRUN_PLUGIN_PATH' small.cfg train.e) COMP_CWORD=4; _nnrun '$nnrun' && [ \"\${COMPREPLY[*]}\" = 'train.epochs=' ]"

# ---- values ------------------------------------------------------------------------------------------------------

check "a choice has its words" into "adam adamw" small.cfg train.optimizer.type = ad
check "all of them" into "average max" small.cfg network.pool1.mode =
check "a truth two" into "false true" small.cfg data.stream = ''
check "a type of layer those there are" into "scale sigmoid softmax swish" small.cfg network.softmax1.type = s
check "an input the layers there are" into "dense1" small.cfg network.softmax1.inputs = d
check "a folder of data the files" into "digits" small.cfg data.directory = di
check "a number none" into '' small.cfg train.epochs = ''
check "where = breaks no words, all of it" env bash -c \
    "COMP_WORDBREAKS=' '; . '$script'; COMP_WORDS=(nnrun small.cfg train.optimizer.type=ad) COMP_CWORD=2; _nnrun '$nnrun' && [ \"\${COMPREPLY[*]}\" = 'train.optimizer.type=adam train.optimizer.type=adamw' ]"
tap_end
