#!/bin/sh
# mpi.sh: ranks that MPI joins come to the bits of one process, are stopped by mpirun, and end when one is killed. What ranks
# do apart from that is in ranks.sh. $NNRUN_MPIRUN is the mpirun of the MPI that comm_mpi.so was built with.
. "$NNRUN_SOURCE/tests/nnrun.sh"
mpirun=${NNRUN_MPIRUN:-mpirun}
folder=$NNRUN_BUILD/comms/.libs
promise="ranks that MPI joins have the bits of one process"
if [ ! -f "$folder/comm_mpi.so" ]; then
    skip "$promise" "built without MPI"
    tap_end
    exit
fi
if ! command -v "$mpirun" >/dev/null 2>&1 || [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "$promise" "no mpirun, or a build with sanitizers"
    tap_end
    exit
fi
# All on this machine, which may have fewer processors; Open MPI refuses root otherwise, and looks for networks.
# It kills ranks that are left 8 seconds after it asked them to end, and waits for these in any case.
case $("$mpirun" --version 2>&1) in
*'Open MPI'*)
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM
    here='--oversubscribe --mca btl self,vader,tcp --mca btl_tcp_if_include lo --mca odls_base_sigkill_timeout 8'
    ;;
*) here='' ;;
esac
comm="--comm mpi --plugin-path $folder"
# ranks COUNT COMMAND...
ranks() {
    count=$1
    shift
    # shellcheck disable=SC2086 # several words
    timeout 120 "$mpirun" $here -n "$count" "$@" $comm
}
digits 900 100
for network in graph small; do
    ${network}_config good.cfg
    sed -i 's/batch = 50/batch = 150/' good.cfg
    rm -rf one
    "$nnrun" -q good.cfg --threads 1 -o one || exit 99
    for count in 1 2 3 4; do
        for threads in 1 2; do
            like_one "$count ranks of $threads threads have the bits of one process" \
                ranks $count "$nnrun" -q good.cfg --threads $threads -o run
        done
    done
done

refuse 1 'cannot make the folder' "what fails in rank 0 ends all" ranks 3 "$nnrun" -q good.cfg -o /proc/none/run
expect 3 "and more ranks than groups do" ranks 3 "$nnrun" -q good.cfg train.groups=2 -o many

# What mpirun starts: this program's processes below it.
below() {
    tr ' ' '\n' <"/proc/$1/task/$1/children" | while read -r pid; do
        case $(readlink "/proc/$pid/exe") in */nnrun) echo "$pid" ;; esac
        below "$pid"
    done
}
# begin COUNT COMMAND...: in the background; $child is mpirun
begin() {
    count=$1
    shift
    # shellcheck disable=SC2086 # several words
    "$mpirun" $here -n "$count" "$@" $comm >begun.out 2>begun.err </dev/null &
    child=$!
    tap_children=$child
}
saved() {
    [ "$(find "$1" -name 'step-*' 2>/dev/null | wc -l)" -gt 1 ]
}
gone() {
    ! kill -0 "$1" 2>/dev/null
}
many='train.schedule.type=constant output.keep=2'
# shellcheck disable=SC2086 # several words
begin 3 "$nnrun" -q good.cfg train.epochs=100000 $many -o stopped
tap_wait saved stopped
kill -TERM "$child"
check "SIGTERM to mpirun ends it" tap_wait gone "$child"
wait "$child"
tap_children=''
check "after the step under way was saved" grep -q '^nnrun: interrupted after step [0-9]* by SIGTERM, saved' begun.err
step=$(sed -n 's/^nnrun: interrupted after step \([0-9]*\) .*/\1/p' begun.err)
check "in a step file" test -f "stopped/$(printf 'step-%09d.safetensors' "$step")"

# shellcheck disable=SC2086 # several words
"$nnrun" -q good.cfg train.epochs=400 $many -o straight || exit 99
# shellcheck disable=SC2086 # several words
begin 3 "$nnrun" -q good.cfg train.epochs=400 $many -o killed
tap_wait saved killed
kill -KILL "$(below "$child" | sed -n 2p)"
check "SIGKILL of a rank ends all" tap_wait gone "$child"
wait "$child"
expect 0 "with a failure" test $? -ne 0
tap_children=''
check "then it is resumed on two ranks" ranks 2 "$nnrun" -q resume killed
same "to the bits of one process" straight/best.safetensors killed/best.safetensors
tap_end
