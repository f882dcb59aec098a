#!/bin/sh
# warnings.sh: a loss that grows is warned of and one that goes up and down is not; a learning rate that jumps; what ends a
# run, and the command that continues it; and no config that comes with nnrun draws a warning.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 7000 100
small_config small.cfg
sed -i 's/epochs = 2/epochs = 1/; s/keep = 1000/report = false/' small.cfg

# quiet COMMAND...: succeeds and prints nothing at all.
quiet() {
    if ! "$@" >out 2>&1 || test -s out; then
        cat out
        return 1
    fi
}
# warned KEY COMMAND...: it succeeds, and one line on stderr warns, which ends in this key.
warned() {
    key=$1
    shift
    if ! "$@" 2>said >/dev/null || test "$(wc -l <said)" -ne 1 || ! grep -q "^nnrun: warning: .* (warnings\.$key)\$" said; then
        cat said
        return 1
    fi
}

# ---- shipped configs ---------------------------------------------------------------------------------------------

"$NNRUN_BUILD/nnrun-make-sensors" --train 7000 --test 100 sensors || exit 99
"$NNRUN_BUILD/tests/draw_signs" signs 150 && "$nnrun" pack -q signs -o colour --size 32x32 --rgb --test 0.1 || exit 99
for config in "$NNRUN_SOURCE"/configs/*.cfg; do
    name=$(basename "$config" .cfg)
    data=data.directory=digits
    if [ "$name" = sensors ]; then # it names its files
        data='data.train={images="sensors/train-samples-idx3-float.gz"; labels="sensors/train-labels-idx1-ubyte.gz";}'
        set -- 'data.test={images="sensors/test-samples-idx3-float.gz"; labels="sensors/test-labels-idx1-ubyte.gz";}'
    fi
    if [ "$name" = colour ]; then
        data='data.train={images="colour/train-images-idx4-ubyte.gz"; labels="colour/train-labels-idx1-ubyte.gz";}'
        set -- 'data.test={images="colour/t10k-images-idx4-ubyte.gz"; labels="colour/t10k-labels-idx1-ubyte.gz";}'
        set -- "$@" train.batch=8 # more than 100 steps
    fi
    check "show warns of nothing in configs/$name.cfg" quiet "$nnrun" show -q "$config"
    check "nor does its training, for more than 100 steps" quiet "$nnrun" -q "$config" train.epochs=1 "$data" "$@" \
        data.validation=400 output.report=false -o "shipped-$name"
    set --
    rm -rf "shipped-$name"
done

# ---- the loss ----------------------------------------------------------------------------------------------------

check "a loss that grows is warned of once" warned loss_grows "$nnrun" -q small.cfg train.optimizer.rate=30 -o grows
check "... at the line of the rate, with one to try" \
    grep -q '^nnrun: warning: command line: train\.optimizer\.rate=30: the loss grows: from .*; try train\.optimizer\.rate=0\.01 (' said
check "... it is in the log" grep -q '^{"event":"warning","name":"loss_grows","step":10[0-9],' grows/log.jsonl
check "... and turned off by name" quiet "$nnrun" -q small.cfg train.optimizer.rate=30 warnings.loss_grows=false -o silent
check "... no bit depends on it" cmp grows/best.safetensors silent/best.safetensors
check "with the rate to try it is not" quiet "$nnrun" -q small.cfg train.optimizer.rate=0.01 -o small
check "nor with samples one by one, whose losses differ" quiet "$nnrun" -q small.cfg train.batch=1 train.optimizer.rate=0.001 \
    data.validation=6000 -o single
check "resumed with a rate that is too high, it is" warned loss_grows "$nnrun" -q resume small train.epochs=2 \
    train.schedule.type=constant train.optimizer.rate=3

# ---- groups that are replaced -----------------------------------------------------------------------------------

check "a group that leaves out keys of the config is warned of" warned group_replaced "$nnrun" -q small.cfg 'train={epochs=1; batch=50;}' \
    -o group
check "... with their names" grep -q 'batch=50;}: a group replaces all of its keys: train\.optimizer, train\.schedule return to their defaults; to' said
check "... once: it is not when it is resumed" quiet "$nnrun" -q resume group train.epochs=2
check "... but another one is" warned group_replaced "$nnrun" -q resume group 'output={keep=5;}' train.epochs=3
check "in a sweep it is, too" warned group_replaced "$nnrun" sweep -q small.cfg 'train={epochs=1;}' --seeds 1 -o groups

# ---- what ends a run, and what continues it ----------------------------------------------------------------------

# continues: the last line on stdout is a command, and it trains on.
continues() {
    tail -n 1 out | sed -n 's/^  nnrun //p' >arguments
    test -s arguments || return 1
    # shellcheck disable=SC2046 # words
    "$nnrun" $(cat arguments) >out 2>said && grep -q '^epoch ' out
}
ends() {
    words=$1
    shift
    if ! "$@" >out 2>said || ! tail -n 2 out | head -n 1 | grep -qE "^$words\$"; then
        cat out
        return 1
    fi
}
digits 600 100
check "a run that has its epochs says so" ends 'the 1 epoch is done; for more:' "$nnrun" small.cfg -o run
check "... and a command that continues it" continues
check "... which says likewise" ends 'run is finished \(step [0-9]+\): all 2 epochs are done; for more:' "$nnrun" resume run
check "one that is stopped early says so" \
    ends 'stopped early after epoch 4, as epoch 1 is the best and train\.patience is 3; to continue:' \
    "$nnrun" small.cfg train.epochs=9 train.patience=3 train.optimizer.rate=0 -o early
check "... the event done says so" grep -q '^{"event":"done",.*"ended_by":"patience"' early/log.jsonl
check "... and a command that continues it" continues
check "... with more patience each time" continues
# Both limits at once: without the second the command would end at once.
check "one whose epochs and patience end together" ends 'all 4 epochs are done; for more:' \
    "$nnrun" small.cfg train.epochs=4 train.patience=3 train.optimizer.rate=0 -o both
check "... gets a command that raises both" continues

# ---- the learning rate -------------------------------------------------------------------------------------------

check "a cosine that more epochs stretch is warned of" warned rate_jumps "$nnrun" -q resume run train.epochs=6
check "... from where to where" grep -Eq 'command line: train\.epochs=6: the learning rate jumps from [0-9.e-]+ to 0\.0[0-9]+, as the cosine now ends with epoch 6' said
check "... once: it is not when it is resumed without" quiet "$nnrun" -q resume run
check "... nor of a constant rate" quiet "$nnrun" -q resume run train.epochs=7 train.schedule.type=constant
check "... and it is turned off by name" quiet "$nnrun" -q resume run train.epochs=9 warnings.rate_jumps=false
tap_end
