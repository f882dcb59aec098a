#!/bin/sh
# ranks.sh: several processes train together to the bits of one, and what ends one ends all. They are joined by socket pairs
# (comm_sockets.c), so that no MPI is needed.
. "$NNRUN_SOURCE/tests/nnrun.sh"
ranks=$NNRUN_BUILD/tests/ranks
sockets="--comm sockets --plugin-path $NNRUN_BUILD/tests/.libs"

digits 900 100
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

# ---- communicators -----------------------------------------------------------------------------------------------
# variant FOLDER SED: comm_sockets.so there, of the source and the header as sed changes both
variant() {
    mkdir -p "$1/nnrun"
    sed "$2" "$NNRUN_SOURCE/src/nnrun/comm.h" >"$1/nnrun/comm.h"
    sed "$2" "$NNRUN_SOURCE/tests/comm_sockets.c" >"$1/comm_sockets.c"
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -fvisibility=hidden -I"$1" "$1/comm_sockets.c" \
        -o "$1/comm_sockets.so"
}
# with FOLDER: two ranks by the communicator there
with() {
    timeout 60 "$ranks" 2 "$nnrun" -q good.cfg --comm sockets --plugin-path "$1" -o "$1/run"
}
small_config good.cfg
sed -i 's/batch = 50/batch = 150/' good.cfg
rm -rf one
"$nnrun" -q good.cfg -o one || exit 99
check "a communicator compiles by itself" variant today ''
check "and is used" with today
same "to the same bits" one/best.safetensors today/run/best.safetensors
check "one for a later minor version compiles" variant later \
    's/^\(#define NNRUN_COMM_MINOR\) .*/\1 1/; /^struct nnrun_comm {/,/^};/s/^};/    uint64_t later[3];\n};/'
check "and is used, too" with later
same "to the same bits as well" one/best.safetensors later/run/best.safetensors
variant major 's/^\(#define NNRUN_COMM_MAJOR\) .*/\1 2/'
refuse 3 'comm_sockets\.so was built for communicators 2\.0; this nnrun has 1\.0: compile it again' \
    "one for another major version is refused" with major
variant size 's/^    .head = NNRUN_COMM_HEAD,/    .head = {NNRUN_COMM_MAGIC, 1, 0, 40, 0},/'
refuse 3 'broken plugin: its structure differs in size' "so is one of another size" with size
variant magic 's/^\(#define NNRUN_COMM_MAGIC\) .*/\1 7u/'
refuse 3 'is not a communicator: nnrun_comm begins with 0x00000007' "one that begins with something else" with magic
variant partly '/^    .agree = /d'
refuse 3 'broken plugin: a function is missing' "one without a function" with partly
variant name 's/name = "sockets"/name = "pipes"/'
refuse 3 'holds communicator "pipes", so it must be called comm_pipes\.so' "one of another name" with name
mkdir layer && cp "$NNRUN_BUILD/plugins/.libs/relu.so" layer/comm_sockets.so
refuse 3 'is not a communicator: it exports no symbol nnrun_comm' "a layer of that name" with layer
mkdir writable && cp today/comm_sockets.so writable && chmod o+w writable/comm_sockets.so
refuse 3 'comm_sockets\.so: refused: this file is world-writable' "and one that anyone can write" with writable
names_none() {
    ! "$nnrun" layers --plugin-path today | grep comm_
}
check "no communicator is listed as a layer" names_none

# ---- what is refused ---------------------------------------------------------------------------------------------
# together COUNT OPTION...
together() {
    count=$1
    shift
    # shellcheck disable=SC2086 # several words
    timeout 60 "$ranks" "$count" "$@" $sockets
}
train() {
    count=$1
    shift
    together "$count" "$nnrun" -q good.cfg "$@"
}
refuse 3 '^nnrun: 9 ranks are more than the 8 groups of a step: train\.groups = 9 would do; it belongs to the bits' \
    "more ranks than groups are refused, with the number that would do" train 9 -o many
check "it does" train 9 train.groups=9 -o many
refuse 3 '^nnrun: 12 ranks are more than the 10 groups that train\.batch = 150 allows' \
    "more ranks than slices are refused" train 12 -o more
refuse 3 '^nnrun: 2 ranks are more than the 1 group that train\.batch = 16 allows' "of one slice, too" \
    train 2 train.batch=16 -o more
# told STATUS PATTERN PROMISE COMMAND...: as refuse, and by one rank alone
told() {
    refuse "$@"
    cp "$tap_err" said
    check "... once" test "$(grep -v 'what was saved' said | grep -c '^nnrun: ')" -eq 1
}
told 2 '^nnrun: many already holds a run' "what rank 0 alone finds is told" train 2 -o many
refuse 2 '^nnrun: no communicator "none" \(no comm_none\.so in ' "a communicator that is not there is refused" \
    "$nnrun" -q good.cfg --comm none -o none
refuse 2 'expected a lower-case letter' "so is a name that cannot be one" "$nnrun" -q good.cfg --comm ../x -o none
# shellcheck disable=SC2086 # several words
refuse 1 '^nnrun: communicator "sockets": open: NNRUN_SOCKETS is not set' "one that finds no ranks says why" \
    "$nnrun" -q good.cfg $sockets -o none

# As mpirun starts them.
alone() {
    OMPI_COMM_WORLD_SIZE=3 OMPI_COMM_WORLD_RANK=$1 "$nnrun" -q good.cfg train.epochs=1 -o "alone$1" 2>&1
}
check "the first of several processes without --comm trains" alone 0
says '^nnrun: warning: 3 processes were started, and each trains by itself; to train one run together: --comm mpi$' \
    "and says what is missing"
check "the others do, too" alone 1
cp "$tap_out" said
check "and leave that to the first" test ! -s said

# apart RANK OPTION: that rank alone has it
apart() {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\n[ "$RANK" = %s ] && set -- "$@" %s\nexec "$@"\n' "$1" "$2" >apart && chmod +x apart
    # shellcheck disable=SC2086 # several words
    timeout 60 "$ranks" 3 ./apart "$nnrun" -q good.cfg $sockets -o apart.run
}
mv digits kept && digits 901 100 && mv digits other && mv kept digits
refuse 4 '^nnrun: rank 1: the file of data\.train_images differs from that of rank 0' "other data in one rank are told" \
    apart 1 data.directory=other
refuse 3 '^nnrun: rank 2: the config or an override differs from that of rank 0' "so is another config" \
    apart 2 train.seed=5
refuse 4 '^nnrun: rank 2: none/train-images' "and data that are missing" apart 2 data.directory=none
# Before there is a network to train: all ranks, or one.
told 3 '^nnrun: command line: .*nothing.*unknown key' "a wrong key is told" train 3 nothing=1 -o apart.run
told 3 '^nnrun: none\.cfg' "so is a missing config" together 3 "$nnrun" none.cfg -o apart.run
echo 'input = [1' >wrong.cfg
told 3 '^nnrun: wrong\.cfg:[12]: ' "a config that does not parse" together 3 "$nnrun" wrong.cfg -o apart.run
told 2 '^nnrun: unknown option --bogus' "an unknown option" train 3 --bogus
told 2 '^nnrun: .*--threads' "a wrong value of an option" train 3 --threads=none
told 2 '^nnrun: --comm: only train and resume take it' "a command without ranks" together 3 "$nnrun" test one/best.safetensors
told 2 '^nnrun: expected one CONFIG' "a missing word" together 3 "$nnrun" train
told 4 '^nnrun: none' "a missing run" together 3 "$nnrun" resume none
told 2 '^nnrun: --plugin-path: .*none' "a folder of plugins that is not there" train 3 --plugin-path none
told 3 '^nnrun: rank 1: command line: .*nothing.*unknown key' "a wrong key in one rank is told with its number" \
    apart 1 nothing=1
told 2 '^nnrun: rank 2: unknown option --bogus' "an unknown option likewise" apart 2 --bogus
told 2 '^nnrun: unknown option --bogus' "of rank 0 without" apart 0 --bogus
told 2 '^nnrun: rank 1: unexpected argument' "what is no option at all, too" apart 1 more
json_once() {
    train 3 nothing=1 --json >json 2>/dev/null
    [ "$(wc -l <json)" -eq 1 ] && grep -q '^{"event":"error".*"status":3}$' json
}
check "one event of --json says so" json_once
check "nothing is left behind" test ! -e apart.run

# ---- what ends one ends all --------------------------------------------------------------------------------------
# saved FOLDER COUNT: it has more step files than that
saved() {
    [ "$(find "$1" -name 'step-*' 2>/dev/null | wc -l)" -gt "$2" ]
}
# faulty RANK FOLDER OVERRIDE...: that rank's calls fail as FAULT_ says
fault=$NNRUN_BUILD/tests/.libs/fault.so
faulty() {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\n[ "$RANK" = %s ] && export LD_PRELOAD=%s || unset FAULT_CALL\nexec "$@"\n' "$1" "$fault" >faulty
    chmod +x faulty
    shift
    # shellcheck disable=SC2086 # several words
    timeout 60 "$ranks" 3 ./faulty "$nnrun" -q good.cfg $sockets -o "$@"
}
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    full() {
        FAULT_CALL=write FAULT_PATH=step-000000006 FAULT_ALWAYS=1 FAULT_ERRNO=ENOSPC faulty 0 full.run
    }
    refuse 1 '^nnrun: full\.run/step-000000006\.safetensors: .*No space left' "a full disk of rank 0 ends all" full
    check "and the run goes on from the step before, on other ranks" together 2 "$nnrun" -q resume full.run
    same "to the same bits" one/best.safetensors full.run/best.safetensors
    # A step file that was asked for within an epoch, those of odd steps, cannot be written.
    odd() {
        FAULT_CALL=write FAULT_PATH=1.safetensors FAULT_ALWAYS=1 FAULT_ERRNO=ENOSPC
        export FAULT_CALL FAULT_PATH FAULT_ALWAYS FAULT_ERRNO
        faulty 0 odd.run train.epochs=4000 >odd.out 2>odd.err &
        child=$!
        tap_children=$child
        unset FAULT_CALL FAULT_PATH FAULT_ALWAYS FAULT_ERRNO
        tap_wait saved odd.run 0
        while kill -0 "$child" 2>/dev/null; do
            kill -USR1 "$(sed -n 2p pids)" 2>/dev/null
            sleep 0.01
        done
        wait "$child"
        status=$?
        tap_children=''
        cat odd.err >&2
        return $status
    }
    RANKS_PIDS=pids
    export RANKS_PIDS
    told 1 '^nnrun: odd\.run/step-[0-9]*1\.safetensors: .*No space left' "so does one for a step file that was asked for" odd
    unset RANKS_PIDS
    # An allocation of rank 2 fails: all end, and if they do well, with the same bits.
    starve() {
        FAULT_CALL=malloc,calloc,realloc,aligned_alloc,posix_memalign FAULT_AT=$1 faulty 2 "starved$1" >starve.said 2>&1
        status=$?
        case $status in
        0) cmp one/best.safetensors "starved$1/best.safetensors" ;;
        1) grep -E 'out of memory|rank 2 is gone' starve.said ;;
        *) cat starve.said && return 1 ;;
        esac
    }
    starve_all() {
        at=3
        while [ $at -lt 1200 ]; do
            starve $at || { echo "FAULT_AT=$at" && return 1; }
            rm -rf "starved$at"
            at=$((at + 61))
        done
    }
    # The counters of make coverage crash where they get no memory.
    [ -n "${NNRUN_COVERAGE-}" ] || check "an allocation that fails in rank 2 ends all, or changes nothing" starve_all
else
    skip "what fails in one rank ends all" "no fault injection in this build"
fi

# begin COUNT COMMAND...: in the background; $! is the launcher's, `pids` the ranks'
begin() {
    count=$1
    shift
    rm -f pids
    # shellcheck disable=SC2086 # several words
    RANKS_PIDS=pids "$ranks" "$count" "$@" $sockets >begun.out 2>begun.err </dev/null &
    child=$!
    tap_children=$child
    tap_wait test -s pids
}
begin 3 "$nnrun" -q good.cfg train.epochs=4000 train.schedule.type=constant output.keep=2 -o stopped
tap_wait saved stopped 1
kill -TERM "$(sed -n 2p pids)"
wait "$child"
expect 130 "SIGTERM to one rank stops all" sh -c "exit $?"
check "and is told by rank 0" grep -q '^nnrun: interrupted after step [0-9]* by another rank, saved' begun.err
begin 3 "$nnrun" -q resume stopped
sleep 0.5
kill -TERM "$child"
wait "$child"
expect 130 "SIGTERM to all of them stops them, too" sh -c "exit $?"

# Killed twenty times, one rank of a different number each time, a run comes to the bits of one process.
"$nnrun" -q good.cfg train.epochs=1500 train.schedule.type=constant output.keep=2 -o straight || exit 99
kills=0 struck=0 stuck=0 survived=''
while [ $kills -lt 20 ]; do
    kills=$((kills + 1))
    count=$((kills % 4 + 1))
    if saved killed 0; then
        begin $count "$nnrun" -q resume killed
    else
        rm -rf killed
        begin $count "$nnrun" -q good.cfg train.epochs=1500 train.schedule.type=constant output.keep=2 -o killed
        tap_wait saved killed 0
    fi
    sleep "0.$((kills * 7919 % 19 + 10))"
    kill -KILL "$(sed -n "$((kills * 31 % count + 1))p" pids)" 2>/dev/null
    tries=0
    while kill -0 "$child" 2>/dev/null && [ $tries -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -0 "$child" 2>/dev/null && stuck=$((stuck + 1)) && kill -KILL "$child"
    wait "$child"
    grep -q 'signal 9' begun.err && struck=$((struck + 1))
    grep 'status [02-9]' begun.err && survived="$survived $kills"
done
tap_children=''
check "of twenty kills several strike before the end" test "$struck" -gt 4
check "of twenty kills of one rank each ends all others" test "$stuck" -eq 0
check "with status 1" test -z "$survived"
check "then it is resumed on three ranks" together 3 "$nnrun" -q resume killed
same "to the bits of one process" straight/best.safetensors killed/best.safetensors
tap_end
