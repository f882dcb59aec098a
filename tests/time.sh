#!/bin/sh
# time.sh: nnrun time reports each layer and step. No figure is compared: speed is for "make bench".
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

small_config good.cfg
check "a config is timed without its data" "$nnrun" time good.cfg --threads 1,3
for line in '^conv1 +conv' '^softmax1 +softmax' '^all' '^threads +1 +3$' '^peak of multiply-adds' '^  gather' '^  reduce and update' \
    '^  wait' '^training' '^inference' '^one sample alone: [0-9.]+ us on one thread$'; do
    says "$line" "it says '$line'"
done
json() {
    "$nnrun" time good.cfg --json --threads 1 >event && [ "$(wc -l <event)" -eq 1 ] &&
        python3 -c '
import json
event = json.load(open("event"))
assert event["event"] == "time" and len(event["layers"]) == 5 and len(event["runs"]) == 1
conv, relu = event["layers"][:2]
# the layer that gets the samples has no gradient by them to compute
assert conv["forward"]["flops"] == conv["backward"]["flops"] == 16 * 2 * 25 * 3 * 12 * 12
run = event["runs"][0]
inside = sum(run[key] for key in ("gather", "forward", "judge", "backward", "update", "wait"))
assert abs(inside - run["step_seconds"]) < 1e-3 * run["step_seconds"]
assert all(layer["forward"]["seconds"] > 0 and layer["forward"]["bytes"] > 0 for layer in event["layers"])
'
}
if command -v python3 >/dev/null 2>&1; then
    check "--json has all of it, and it adds up" json
else
    skip "--json has all of it, and it adds up" "no python3"
fi
cat >fewer.cfg <<'EOF'
name = "fewer";
input = [8, 14, 14];
network = ( { type = "conv"; filters = 8; kernel = 5; pad = 2; }, { type = "dense"; units = 10; }, { type = "softmax"; } );
EOF
check "a convolution by fewer multiplications is timed" "$nnrun" time fewer.cfg --threads 1
says '^FLOP are counted by definition; fewer are taken by conv1 \(Toom-Cook\)$' "it says why it may exceed the peak"
digits 120 20
"$nnrun" -q good.cfg data.validation=20 train.epochs=1 -o run
check "a checkpoint is timed too" "$nnrun" time run/best.safetensors --threads 1
check "and nothing of it changed" "$nnrun" test run/best.safetensors
check "the portable level is timed" env NNRUN_ISA=portable "$nnrun" time good.cfg --threads 1
says 'code level portable' "by its name"
refuse_line 2 'a list of --threads: only "nnrun time" takes it' "other commands take one number of threads" "$nnrun" good.cfg --threads 1,2
refuse_line 2 'expected a whole number' "a list is of numbers" "$nnrun" time good.cfg --threads 1,x
refuse_line 2 'trailing ","' "and ends with one" "$nnrun" time good.cfg --threads 1,
refuse_line 2 'more than 16' "and not too long" "$nnrun" time good.cfg --threads 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1
refuse_line 2 'expected one CONFIG' "a config is needed" "$nnrun" time
tap_end
