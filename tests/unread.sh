#!/bin/sh
# unread.sh: a checkpoint that cannot be opened or read for a moment is kept, and the run goes on from it; whatever cannot
# be opened, read or loaded though it is there ends a command with status 1.
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

    # ---- what may not be read, of whatever kind
    printf '@include "good.cfg"\n' >outer.cfg
    printf 'P5 28 28 255\n%0784d' 0 >digit.pgm
    cp "$NNRUN_BUILD/plugins/.libs/relu.so" relu.so
    # denied PATH ARGUMENT...: it may not read PATH
    denied() {
        path=$1
        shift
        LD_PRELOAD=$fault FAULT_CALL=open_read FAULT_ERRNO=EACCES FAULT_ALWAYS=1 FAULT_PATH=$path timeout 60 "$nnrun" "$@"
    }
    while read -r path command; do
        # shellcheck disable=SC2086 # words
        refuse 1 "^nnrun: .*$path.*: Permission denied" "$path may not be read: status 1 from $command" denied "$path" $command
    done <<EOT
best.safetensors show whole/best.safetensors
best.safetensors test whole/best.safetensors
best.safetensors predict whole/best.safetensors digit.pgm
best.safetensors report whole -o out.html
best.safetensors serve whole/best.safetensors --port 0
good.cfg show good.cfg
good.cfg show outer.cfg
good.cfg -q good.cfg -o new
train-images -q good.cfg -o new
t10k-labels test whole/best.safetensors
t10k-images report whole -o out.html
train-labels show good.cfg --samples out.png
digit.pgm predict whole/best.safetensors digit.pgm
relu.so layers ./relu.so
relu.so show good.cfg
relu.so gradcheck ./relu.so
log.jsonl report whole -o out.html
EOT

    # ---- too few descriptors, wherever they end: the loader of plugins opens files, too
    few() {
        few=$1
        shift
        # shellcheck disable=SC3045 # dash and bash have it
        (ulimit -n "$few" && "$nnrun" "$@")
    }
    : >all_said
    done_or_failed() {
        few "$@" >said 2>&1
        ended=$?
        cat said >>all_said
        case $ended in
        0) ;;
        1) grep -q 'Too many open files' said ;;
        *) false ;;
        esac || { cat said && false; }
    }
    while read -r command; do
        for count in 5 6 7 8 9 10; do
            # shellcheck disable=SC2086 # words
            check "with $count descriptors $command does it, or ends with status 1 and why" done_or_failed "$count" $command
        done
    done <<EOT
show good.cfg
test whole/best.safetensors
predict whole/best.safetensors digit.pgm
report whole -o out.html
layers
layers ./relu.so
EOT
    check "some of these were too few to load a plugin" grep -q 'so cannot be loaded: .*Too many open files' all_said
else
    skip "a checkpoint that cannot be read is kept" "no fault injection in this build"
fi
tap_end
