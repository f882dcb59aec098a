#!/bin/sh
# unread.sh: a checkpoint that cannot be opened or read for a moment is kept, and the run goes on from it.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

small_config good.cfg
digits 300 100
check "a run trains" "$nnrun" -q good.cfg -o 'a run' train.epochs=1
check "and on, undisturbed" sh -c "cp -R 'a run' whole && '$nnrun' -q resume whole train.epochs=2"
fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    for last in 'a run'/step-*; do
        name=${last##*/}
    done
    cp "$last" newest
    cp 'a run/run.json' told
    # struck CALL ERRNO PATH: resume, its first call of that kind on PATH fails
    struck() {
        LD_PRELOAD=$fault FAULT_CALL=$1 FAULT_ERRNO=$2 FAULT_PATH=$3 "$nnrun" -q resume 'a run' train.epochs=2
    }
    while read -r call errno says; do
        refuse 1 "^nnrun: a run/$name: .*$says; it is kept" "$call fails with $errno: resume says so" \
            struck "$call" "$errno" "$name"
        cp "$tap_err" said
        same "and the newest checkpoint is still there" newest "$last"
    done <<EOT
open_read EMFILE Too many open files
open_read EIO Input/output error
open_read EACCES Permission denied
open_read ENOMEM Cannot allocate memory
read EIO header: Input/output error
EOT
    check "the message has the command that goes on from the one before" \
        grep -q "before it: mv 'a run/$name' 'a run/$name'.unread && nnrun resume 'a run'\$" said
    refuse 1 'run.json: Input/output error' "so does resume if run.json cannot be read" struck read EIO a\ run/run.json
    same "and that is as it was" told 'a run/run.json'
    check "the next resume goes on" "$nnrun" -q resume 'a run' train.epochs=2
    same "to the same bits" whole/best.safetensors 'a run/best.safetensors'
else
    skip "a checkpoint that cannot be read is kept" "no fault injection in this build"
fi
tap_end
