#!/bin/sh
# underflow.sh: a run in which a result is too small for a normal float says so in its log and report; others do not.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 900 100
small_config small.cfg
graph_config graph.cfg
if [ "$("$nnrun" show small.cfg --json | grep -o '"isa":"[a-z0-9]*"')" = '"isa":"portable"' ]; then
    skip "runs that underflow say so" "products underflow before they are added here"
    tap_end
    exit
fi

# told RUN STEP: its log has the event once, with this step.
told() {
    grep '"event":"underflow"' "$1/log.jsonl" >found
    echo "{\"event\":\"underflow\",\"step\":$2}" | diff - found
}
silent() {
    test -s "$1/log.jsonl" && ! grep '"event":"underflow"' "$1/log.jsonl"
}
sentence='<p class="note">At step [0-9]* a result was too small for a normal 32-bit float and became 0'
reported() {
    "$nnrun" report -q "$1" && grep -q "$sentence" "$1/report.html"
}
silent_report() {
    "$nnrun" report -q "$1" && ! grep "$sentence" "$1/report.html"
}

# ---- usual runs --------------------------------------------------------------------------------------------------

for network in small graph; do
    for optimizer in sgd adam adamw; do
        options="type=\"$optimizer\"; rate=0.001; decay=0.001;"
        check "$network, $optimizer: a usual run" "$nnrun" -q $network.cfg "train.optimizer={$options}" -o "$network-$optimizer"
        check "$network, $optimizer: has no such event" silent "$network-$optimizer"
    done
done
check "nor does its report mention one" silent_report small-sgd

# ---- tiny numbers ------------------------------------------------------------------------------------------------

# Biases begin with 0: a step of the rate times their gradient is all that they become.
rate=train.optimizer.rate=1e-37
check "a run with a tiny learning rate" "$nnrun" -q small.cfg $rate --threads 1 -o rate
check "says so once, at the first step" told rate 1
check "and so does its report" reported rate
for level in avx2 avx512; do
    NNRUN_ISA=$level "$nnrun" -q small.cfg $rate --threads 3 -o $level 2>/dev/null || continue
    check "$level and three threads say the same" told $level 1
    same "$level and three threads give the same bits" rate/step-000000032.safetensors $level/step-000000032.safetensors
done

check "it is an event of JSON" "$nnrun" small.cfg $rate --json -o json
says '^\{"event":"underflow","step":1\}$' "as in the log"

# floats VALUES FILE: 256 samples of these four, their bytes written in octal
floats() {
    { printf '\0\0\15\2\0\0\1\0\0\0\0\4' && for _ in $(seq 256); do printf '%b' "$1"; done; } >"$2"
}
floats '\02\03\01\01\03\01\02\02\01\07\03\01\02\010\05\02' tiny
floats '\076\03\01\01\076\01\02\02\076\07\03\01\076\010\05\02' usual
floats '\0\03\01\01\0\01\02\02\0200\07\03\01\0\010\05\02' denormal
{ printf '\0\0\10\1\0\0\1\0' && for _ in $(seq 128); do printf '\0\1'; done; } >labels
cat >floats.cfg <<'EOF'
name = "floats";
input = 4;
data: { train: { images = "usual"; labels = "labels"; }; validation = 56; values = "numbers"; };
network = ( { type = "dense"; units = 3; }, { type = "relu"; }, { type = "dense"; units = 2; }, { type = "softmax"; } );
train: { epochs = 2; batch = 20; optimizer: { rate = 0.05; momentum = 0.9; }; };
output: { report = false; };
EOF
for data in usual denormal; do
    check "a run on $data floats" "$nnrun" -q floats.cfg data.train.images=$data -o $data-run
    check "has no such event" silent $data-run
done
check "a run on tiny floats" "$nnrun" -q floats.cfg data.train.images=tiny -o tiny-run
check "says so" told tiny-run 1

# ---- resumed -----------------------------------------------------------------------------------------------------

check "a usual run is resumed with tiny floats" "$nnrun" -q resume usual-run train.epochs=4 data.train.images=tiny
check "says so, at its first step" told usual-run 21
check "is resumed with usual ones" "$nnrun" -q resume usual-run train.epochs=5 data.train.images=usual
check "and its log keeps it" told usual-run 21
check "tiny ones again" "$nnrun" -q resume usual-run train.epochs=6 data.train.images=tiny
again() {
    sed -n 's/^{"event":"underflow","step":\([0-9]*\)}$/\1/p' usual-run/log.jsonl >steps
    printf '21\n51\n' | diff - steps
}
check "are said again by the process that saw them" again
tap_end
