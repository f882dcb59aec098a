#!/bin/sh
# residual.sh: a network that is a graph, with random words and averaged state, keeps the promises of a chain.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fixtures=$NNRUN_SOURCE/tests/plugins

mkdir plugins
for type in add2 noise running; do
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=c11 -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        "$fixtures/$type.c" -o plugins/$type.so || exit 99
done
NNRUN_PLUGIN_PATH=$work/plugins:$NNRUN_PLUGIN_PATH
export NNRUN_PLUGIN_PATH
digits 900 100
cat >graph.cfg <<'EOF'
name = "graph";
input = [1, 28, 28];
data: { directory = "digits"; validation = 100; };
network = (
    { type = "conv"; filters = 4; kernel = 5; stride = 2; },
    { type = "running"; },
    { type = "relu"; name = "before"; },
    { type = "conv"; filters = 4; kernel = 3; pad = 1; },
    { type = "noise"; amount = 0.5; },
    { type = "add2"; inputs = ( "noise1", "before" ); },
    { type = "pool"; kernel = 2; },
    { type = "dense"; units = 10; },
    { type = "softmax"; }
);
train: { epochs = 3; batch = 150; optimizer: { rate = 0.05; }; };
output: { keep = 1000; };
EOF
"$nnrun" -q graph.cfg --threads 1 -o one || exit 99

# like_one PROMISE COMMAND...: runs into a folder `run` whose checkpoints are those of `one`
like_one() {
    promise=$1
    shift
    rm -rf run
    tap_run "$@"
    for file in one/*.safetensors; do
        cmp "$file" "run/${file#one/}" >>"$tap_err" 2>&1 || tap_status=1
    done
    if [ "$tap_status" -eq 0 ]; then tap_result yes "$promise"; else tap_result no "$promise"; fi
}
for threads in 2 3 4; do
    like_one "$threads threads give the bits of one" "$nnrun" -q graph.cfg --threads $threads -o run
done
like_one "streamed data too" "$nnrun" -q graph.cfg data.stream=true -o run
if NNRUN_ISA=avx512 "$nnrun" show graph.cfg >/dev/null 2>&1; then
    NNRUN_ISA=avx2 like_one "a lower level with FMA too" "$nnrun" -q graph.cfg -o run
else
    skip "a lower level with FMA too" "not had by this processor"
fi

# killed COUNT: killed at that many different instants, each time resumed from what is there
killed() {
    "$nnrun" -q graph.cfg -o run &
    tap_children=$!
    tap_wait test -f run/run.json
    for pause in 0.02 0.05 0.1; do
        sleep "$pause"
        kill -KILL "$tap_children" 2>/dev/null
        wait "$tap_children" 2>/dev/null
        "$nnrun" -q resume run --threads 2 2>/dev/null &
        tap_children=$!
    done
    wait "$tap_children"
    tap_children=
    "$nnrun" -q resume run
}
like_one "a run killed three times and resumed gives them too" killed

# ---- what training alone does --------------------------------------------------------------------------------

check "the checkpoint names the state" grep -aq '"running1.mean"' one/best.safetensors
quiet() {
    "$nnrun" test one/best.safetensors -q >first && "$nnrun" test one/best.safetensors -q train.seed=9 >second &&
        cmp first second
}
check "evaluation draws nothing" quiet
check "another seed of noise gives other weights" sh -c "'$nnrun' -q graph.cfg --seed 2 -o seed2 &&
    ! cmp -s one/best.safetensors seed2/best.safetensors"
check "no noise gives others still" sh -c "'$nnrun' -q graph.cfg network.noise1.amount=0 -o still &&
    ! cmp -s one/step-000000018.safetensors still/step-000000018.safetensors"
check "the whole passes the gradient check" "$nnrun" gradcheck graph.cfg
# a value with two uses, one with three, a layer that takes one twice, the sample used four times, branches without
# weights, layers listed before their inputs
cat >fan.cfg <<'END'
input = [2, 6, 6];
network = (
    { type = "add"; name = "late"; inputs = ( "third", "first", "first" ); },
    { type = "conv"; name = "first"; filters = 2; kernel = 3; pad = 1; inputs = ( "input" ); },
    { type = "tanh"; name = "second"; },
    { type = "add"; name = "third"; inputs = ( "second", "input", "second" ); },
    { type = "tanh"; name = "still"; inputs = ( "input" ); },
    { type = "concat"; name = "both"; inputs = ( "late", "still", "input", "third" ); },
    { type = "dense"; units = 3; },
    { type = "softmax"; } );
END
check "so does one whose values are used several times" "$nnrun" gradcheck fan.cfg
says '^net +network ' "as a whole"
wrong() {
    sed "$1" graph.cfg >bad.cfg
    refuse_line 3 "$2" "$3" "$nnrun" show bad.cfg
}
wrong 's/"before" );/"pool1" );/' 'bad\.cfg:10: .*cycle' "a cycle is named"
wrong 's/"noise1", "before"/"noise1"/' 'bad\.cfg:10: .*takes 2 inputs, not 1' "a missing input too"
wrong 's/"noise1", "before"/"noise1", "input"/' 'bad\.cfg:10: .*not alike' "inputs that differ too"
tap_end
