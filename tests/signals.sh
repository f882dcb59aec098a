#!/bin/sh
# signals.sh: a signal that asks a run to stop is heeded from the first instant to the last and loses nothing, twice or
# once; a reader that goes, a file that may not grow, a small stack and standard output that is closed are errors that are
# named. What is saved is resumed in resume.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fault=$NNRUN_BUILD/tests/.libs/fault.so
digits 3000 100
small_config good.cfg
sed -e 's/epochs = 2/epochs = 100000/' -e 's/keep = 1000/keep = 2; report = false/' good.cfg >long.cfg
sed -i 's/keep = 1000/&; report = false/' good.cfg

# saved RUN [CAUSE]: it says what interrupted it and how to continue, and left a checkpoint and nothing half written.
saved() {
    grep -q "^nnrun: interrupted after step [0-9]* ${2-by SIG[A-Z]*}, saved; to continue: nnrun resume $1\$" "$work/said" &&
        find "$1" -name 'step-*.safetensors' | grep -q . && no_temporary "$1"
}
no_temporary() {
    [ -z "$(find "$1" -name '*.tmp-*')" ]
}
# begin RUN COMMAND...: in the background, until it trains.
begin() {
    begun=$1
    shift
    "$@" >out 2>said &
    child=$!
    tap_children=$child
    tap_wait test -s "$begun/log.jsonl"
}
ended() {
    wait "$child"
    status=$?
    tap_children=
    cat said >&2
    return $status
}

# ---- asked to stop twice -----------------------------------------------------------------------------------------

for signal in $(hearing INT TERM HUP); do
    both() {
        begin "both-$signal" "$nnrun" -q long.cfg -o "both-$signal" && kill -s "$signal" "$child" && kill -s "$1" "$child"
        ended
    }
    expect 130 "SIG$signal and at once SIGTERM are one request" both TERM
    check "... and nothing is lost" saved "both-$signal"
done
if command -v timeout >/dev/null 2>&1; then
    twice() {
        for try in 1 2 3 4 5 6 7 8; do
            rm -rf timed
            timeout --preserve-status -s INT 1 "$nnrun" -q long.cfg -o timed >out 2>said
            status=$?
            if [ $status -ne 130 ] || ! saved timed; then
                echo "try $try: status $status" && cat said && return 1
            fi
        done
    }
    check "timeout -s INT, which signals twice, ends eight runs of eight with 130 and nothing lost" twice
else
    skip "timeout -s INT, which signals twice, loses nothing" "no timeout"
fi

# A step of this one takes a minute. It tells that it has begun: until then a signal ends the run before it.
# shellcheck disable=SC2086 # a command of several words
${NNRUN_CC:-cc} -std=gnu11 -O1 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" -I"$NNRUN_SOURCE/tests/plugins" \
    '-DTYPE="sleeps"' '-DFORWARD=sink = symlink("it", "asleep"); sleep(60);' "$NNRUN_SOURCE/tests/plugins/crasher.c" -o sleeps.so || exit 99
cat >sleeps.cfg <<'E'
input = [1, 28, 28];
data: { directory = "digits"; validation = 50; };
network = ( { type = "dense"; units = 10; }, { type = "sleeps"; }, { type = "softmax"; } );
E
asleep() {
    rm -f asleep
    "$nnrun" -q sleeps.cfg --plugin-path . -o "$1" >out 2>said &
    child=$!
    tap_children=$child
    tap_wait test -L asleep
}
insisted() {
    asleep "insisted-$1-$2" && kill -s "$1" "$child"
    sleep 1.5
    kill -s "$2" "$child"
    ended
}
expect 130 "a second SIGINT after more than a second ends it at once" insisted INT INT
expect 143 "a second SIGTERM does" insisted TERM TERM
if [ "$(hearing HUP)" ]; then
    expect 143 "one after a SIGHUP, too" insisted HUP TERM
else
    skip "one after a SIGHUP, too" "the test ignores it"
fi
hung_up_twice() {
    asleep hung && kill -s INT "$child"
    sleep 1.5
    kill -s HUP "$child"
    sleep 0.2
    kill -0 "$child" || return 1
    kill -s INT "$child"
    ended
}
expect 130 "a SIGHUP ends it never: the next SIGINT does" hung_up_twice

# ---- SIGHUP ------------------------------------------------------------------------------------------------------

hung_up() {
    begin "$1" sh -c "trap '' HUP; exec '$nnrun' -q good.cfg train.epochs=60 -o $1"
    kill -s HUP "$child"
    ended
}
check "a SIGHUP that was ignored when nnrun started stays so" hung_up ignored
check "... and the run comes to its end" test "$(grep -c '"event":"epoch"' ignored/log.jsonl)" -eq 60
if command -v nohup >/dev/null 2>&1; then
    under_nohup() {
        begin nohup nohup "$nnrun" -q good.cfg train.epochs=60 -o nohup
        kill -s HUP "$child"
        ended
    }
    check "as under nohup" under_nohup
else
    skip "as under nohup" "no nohup"
fi

# ---- before the run has begun ------------------------------------------------------------------------------------

if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    # early NUMBER COMMAND...: with that signal at the first thing that it does
    early() {
        number=$1
        shift
        rm -f mark
        LD_PRELOAD=$fault FAULT_CALL=malloc,calloc,realloc FAULT_BY=nnrun FAULT_SIGNAL=$number FAULT_MARK=mark \
            "$@" >out 2>said
        status=$?
        cat said >&2
        [ -f mark ] && return $status
    }
    check "SIGUSR1 at the first allocation is no end" early 10 "$nnrun" -q good.cfg -o usr1
    check "... but a request to save" test -e usr1/step-000000001.safetensors
    check "SIGUSR1 is none at the start of a resumed run" early 10 "$nnrun" -q resume usr1 train.epochs=3
    for signal in $(hearing HUP INT TERM); do
        case $signal in HUP) number=1 ;; INT) number=2 ;; TERM) number=15 ;; esac
        expect 130 "SIG$signal there stops the run, as it does later" early "$number" "$nnrun" -q good.cfg -o "early$number"
        check "... and nothing is lost, and the signal is named" saved "early$number" "by SIG$signal"
    done
    expect 138 "a command to which SIGUSR1 is no request ends by it" early 10 "$nnrun" show good.cfg
    expect 143 "by SIGTERM, too" early 15 "$nnrun" show good.cfg
    "$nnrun" -q good.cfg -o page || exit 99
    # shellcheck disable=SC2086 # of several words
    for command in "report page -o page.html" "export page/best.safetensors --c page.c --onnx page.onnx" "show good.cfg --samples page.png"; do
        ended_writing() {
            LD_PRELOAD=$fault FAULT_CALL=fsync FAULT_SIGNAL=15 "$nnrun" $command
        }
        expect 143 "SIGTERM ends a command that writes a file: $command" ended_writing
        check "... with nothing half written" no_temporary .
    done
else
    skip "a signal at the first instant is a request" "no fault injection in this build"
fi

# ---- files that may not grow, readers that go ----------------------------------------------------------------------

"$nnrun" -q good.cfg -o run || exit 99
# limited BLOCKS COMMAND...: no file of its may be longer than so many 512 bytes.
limited() {
    blocks=$1
    shift
    sh -c 'ulimit -f "$0" && exec "$@"' "$blocks" "$@"
}
# TSan maps files of its own, which may not grow then either.
can_limit() {
    case ${NNRUN_SANITIZED-} in *thread*) return 1 ;; esac
    limited 8 true
}
if can_limit; then
    refuse 1 '^nnrun: small/step-0*\.safetensors: cannot write: File too large$' "a file that may not grow is an error" \
        limited 8 "$nnrun" -q good.cfg -o small
    check "... and what was written of it is gone" no_temporary small
    refuse 1 '^nnrun: .*limited\.html.*: File too large$' "so it is for a page" \
        limited 8 "$nnrun" -q report run -o limited.html
    check "... of which nothing stays" no_temporary .
else
    skip "a file that may not grow is an error" "no ulimit -f, or TSan's own files"
fi

small_stack() {
    sh -c 'ulimit -s 64 && exec "$0" test run/best.safetensors' "$nnrun"
}
if [ -z "${NNRUN_SANITIZED-}" ]; then
    refuse 1 '^nnrun: the limit of the stack is too low: expected at least 512 kB; ' "a stack that may not grow is no crash" small_stack
else
    skip "a stack that may not grow is no crash" "sanitizers take a larger one"
fi

# unread COMMAND...: its output is a pipe that nobody reads. Its stderr is said.
unread() {
    rm -f gone
    { tap_wait test -e gone && "$@" 2>said; echo $? >status; } | { exec </dev/null; : >gone; tap_wait test -s status; }
    cat said >&2
    status=$(cat status)
    rm -f status
    return "$status"
}
broken='^nnrun: cannot write the output: Broken pipe$'
for command in "show good.cfg" "show good.cfg --keys" "show good.cfg --json" "layers --json" "--help" "layers --new mine" \
    "test run/best.safetensors" "predict run/best.safetensors digits/t10k-images-idx3-ubyte.gz" "gradcheck relu" \
    "predict --json run/best.safetensors digits/t10k-images-idx3-ubyte.gz" "report run" "resume run" "gradcheck --json relu"; do
    # shellcheck disable=SC2086 # of several words
    refuse_line 1 "$broken" "nobody reads: $command" unread "$nnrun" $command
done
refuse 1 "$broken" "nobody reads: a training" unread "$nnrun" long.cfg -o unread
check "... which is stopped, and saved" saved unread "because nobody reads its output"
check "... so that it is resumed" "$nnrun" -q resume unread train.epochs=1
refuse 1 "$broken" "nobody reads: a training that prints JSON" unread "$nnrun" --json long.cfg -o unread-json
check "... which is stopped, and saved" test -e unread-json/run.json
check "nobody reads, but nothing is printed" unread "$nnrun" -q good.cfg -o quiet

# ---- standard files that are closed -----------------------------------------------------------------------------

# One of its runs fails, which is printed, too. What it opens first is sweep.lock.
closed() {
    rm -rf closed
    case $1 in
    output) "$nnrun" sweep good.cfg train.optimizer.decay=0,1e6 -o closed >&- ;;
    error) "$nnrun" sweep good.cfg train.optimizer.decay=0,1e6 -o closed 2>&- ;;
    all) "$nnrun" sweep good.cfg train.optimizer.decay=0,1e6 -o closed <&- >&- 2>&- ;;
    esac
}
refuse 1 '^nnrun: cannot write the output: Bad file descriptor$' "standard output that is closed is an error" closed output
check "... and no file is in its place" test ! -s closed/sweep.lock
for files in error all; do
    expect 1 "nor is one if it is closed: $files" closed "$files"
    check "... whatever is printed" test ! -s closed/sweep.lock
    check "... and a run is trained" grep -q '^0,1,.*,done,' closed/sweep.csv
done
tap_end
