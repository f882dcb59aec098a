#!/bin/sh
# bad_output.sh: trouble with the run folder is found before training, and a full disk loses nothing.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 300 100
echo file >file
refuse_line 1 'file: ' "a folder that cannot be made is said before training" "$nnrun" good.cfg -o file/run
check "a run trains" "$nnrun" -q good.cfg -o run
refuse_line 2 'run: already holds a run' "-o never reuses a folder" "$nnrun" good.cfg -o run
check "a configured folder that is taken gets the next free name" "$nnrun" -q good.cfg output.directory=run
check "which is run-2" test -f run-2/best.safetensors
check "without output.directory it is runs/NAME" "$nnrun" -q good.cfg
check "of the config" test -f runs/small/best.safetensors

"$nnrun" -q good.cfg train.epochs=1000000 data.validation=0 train.schedule.type=constant -o busy 2>/dev/null &
tap_children=$!
tap_wait test -f busy/run.json
refuse_line 1 'busy: .*in use' "a run folder in use is not resumed" "$nnrun" resume busy
kill "$tap_children" && wait "$tap_children"
tap_children=

refuse 1 'go on with: nnrun resume wild train\.optimizer\.rate=100000$' "a loss that is no number is offered a smaller rate" \
    "$nnrun" -q good.cfg train.optimizer.rate=1000000 network.relu1.type=leaky_relu -o wild

fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    # full STEP RUN: the disk is full when the file of that step is written
    full() {
        LD_PRELOAD=$fault FAULT_CALL=write FAULT_PATH="step-00000000$1" FAULT_AT=1 FAULT_ALWAYS=1 FAULT_ERRNO=ENOSPC \
            "$nnrun" -q good.cfg -o "$2"
    }
    refuse 1 'No space left' "a disk that is full from the start is said" full 0 full1
    cp "$tap_err" said
    check "and that nothing was saved" grep -q '^nnrun: nothing was saved in full1$' said
    expect 1 "so there is nothing to go on with" grep -q 'nnrun resume' said
    refuse 1 'No space left' "a disk that fills up while saving is said" full 4 full2
    cp "$tap_err" said
    check "and how to go on" grep -q 'saved is in full2; go on with: nnrun resume full2$' said
    check "the checkpoint before is kept" test -f full2/step-000000000.safetensors
    check "no torn one stands beside it" test "$(find full2 -name 'step-*' | wc -l)" -eq 1
    check "and the run goes on from there" "$nnrun" -q resume full2
    same "to the same bits" run/best.safetensors full2/best.safetensors
else
    skip "a full disk loses nothing" "no fault injection in this build"
fi

# no_room COMMAND...: what it prints cannot be written
no_room() {
    "$nnrun" "$@" >/dev/full
}
if [ -c /dev/full ]; then
    refuse_line 1 'cannot write the output: No space left' "a result that cannot be written is said once" no_room layers
    refuse_line 1 'cannot write the output' "as JSON, too" no_room layers --json
    "$nnrun" serve 2>&1 | grep -q 'without libmicrohttpd' ||
        refuse_line 1 'cannot write the output: No space left' "and so is an address" no_room serve run/best.safetensors --port 0
else
    skip "a result that cannot be written is said once" "no /dev/full"
fi
tap_end
