#!/bin/sh
# full_disk.sh: a full disk loses nothing, and what is there is gone on with.
. "$NNRUN_SOURCE/tests/nnrun.sh"

small_config good.cfg
digits 300 100
check "a run trains" "$nnrun" -q good.cfg -o run
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
    check "and how to go on" grep -q 'saved is in full2; to continue: nnrun resume full2$' said
    check "the checkpoint before is kept" test -f full2/step-000000000.safetensors
    check "no torn one stands beside it" test "$(find full2 -name 'step-*' | wc -l)" -eq 1
    check "and the run goes on from there" "$nnrun" -q resume full2
    same "to the same bits" run/best.safetensors full2/best.safetensors
else
    skip "a full disk loses nothing" "no fault injection in this build"
fi
tap_end
