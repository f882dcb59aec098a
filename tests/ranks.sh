#!/bin/sh
# ranks.sh: several processes train together to the bits of one, and what ends one ends all. They are joined by socket pairs
# (comm_sockets.c), so that no MPI is needed.
. "$NNRUN_SOURCE/tests/nnrun.sh"
ranks=$NNRUN_BUILD/tests/ranks
sockets="--comm sockets --plugin-path $NNRUN_BUILD/tests/.libs"

digits 900 100
# like_one PROMISE COMMAND...: runs into a folder `run` whose checkpoints are those of `one`
like_one() {
    promise="$network: $1"
    shift
    rm -rf run
    tap_run "$@"
    for file in one/*.safetensors; do
        cmp "$file" "run/${file#one/}" >>"$tap_err" 2>&1 || tap_status=1
    done
    if [ "$tap_status" -eq 0 ]; then
        tap_result yes "$promise"
    else
        tap_result no "$promise"
    fi
}
# Random and stateful layers, several windows, a short last batch; clipping, class weights and another optimizer.
# shellcheck disable=SC2317 # called by its name
clip_config() {
    small_config "$1"
    sed -i 's/validation = 100;/& window = 250; normalize = "train";/
        s/optimizer: {.*0.9; };/clip = 0.05; groups = 7; class_weights = "balanced"; optimizer: { type = "adamw"; };/' "$1"
}
for network in graph small clip; do
    ${network}_config good.cfg
    sed -i 's/batch = 50/batch = 150/' good.cfg
    rm -rf one
    "$nnrun" -q good.cfg --threads 1 -o one || exit 99
    for count in 1 2 3 4; do
        for threads in 1 2; do
            # shellcheck disable=SC2086 # several words
            like_one "$count ranks of $threads threads have the bits of one process" \
                "$ranks" $count "$nnrun" -q good.cfg $sockets --threads $threads -o run
        done
    done
done
tap_end
