#!/bin/sh
# resume.sh: a run may be stopped, or killed at any instant, and comes to the same bits.
. "$NNRUN_SOURCE/tests/nnrun.sh"

digits 3000 100
small_config good.cfg
sed -i 's/epochs = 2/epochs = 200/; s/validation = 100;/& augment: { shift = 2; rotate = 10; };/' good.cfg
"$nnrun" -q good.cfg -o whole || exit 99
last=step-000011600.safetensors
check "the run that was not stopped is there" test -f whole/$last

# stop SIGNAL RUN COMMAND...: starts it, sends the signal once the run has begun, gives its status
stop() {
    signal=$1
    run=$2
    pause=$3
    shift 3
    "$@" >"$work/.stopped.out" 2>"$work/.stopped.err" &
    tap_children=$!
    tap_wait test -f "$run/run.json"
    sleep "$pause"
    kill -"$signal" "$tap_children" 2>/dev/null
    wait "$tap_children"
    stopped=$?
    tap_children=
    cat "$work/.stopped.err" >&2
    return $stopped
}
finish() {
    "$nnrun" -q resume "$1"
}

for signal in $(hearing INT TERM HUP); do
    expect 130 "SIG$signal ends a run with 130" stop "$signal" "sig$signal" 0.2 "$nnrun" good.cfg -o "sig$signal"
    check "after saving, saying how to go on" grep -q "nnrun resume sig$signal" "$work/.stopped.err"
    check "resume goes on" finish "sig$signal"
    same "to the same last step file" whole/$last "sig$signal/$last"
    same "and the same best" whole/best.safetensors "sig$signal/best.safetensors"
done

tap_run stop KILL killed 0.1 "$nnrun" good.cfg -o killed
expect 137 "a run is killed twice" stop KILL killed 0.1 "$nnrun" resume killed
check "and resumed" finish killed
same "comes to the same last step file" whole/$last killed/$last
same "and the same best" whole/best.safetensors killed/best.safetensors
check "its log has each epoch once" test "$(grep -c '"event":"epoch"' killed/log.jsonl)" -eq 200
epochs_in_order() {
    tail -n +2 killed/log.csv | cut -d , -f 1 >epochs && seq 200 | diff - epochs
}
check "and so has its table, in order" epochs_in_order

usr1() {
    "$nnrun" -q good.cfg output.keep=1000 -o usr1 &
    tap_children=$!
    tap_wait test -f usr1/run.json
    sleep 0.2
    kill -USR1 $tap_children
    wait $tap_children
    saved=$?
    tap_children=
    return $saved
}
check "SIGUSR1 saves and goes on" usr1
same "without changing the result" whole/$last usr1/$last
# step files at multiples of 58 are ends of epochs
within() {
    for file in usr1/step-*; do
        number=${file#usr1/step-}
        number=$(printf %s "${number%.safetensors}" | sed 's/^0*//')
        [ $((${number:-0} % 58)) -eq 0 ] || return 0
    done
    return 1
}
if within; then
    tap_result yes "the step file is that of the instant"
else
    skip "the step file is that of the instant" "the signal came at an epoch's end"
fi
for file in usr1/step-*; do
    number=${file#usr1/step-}
    if [ ! -f "whole/step-$number" ]; then
        mkdir at
        cp "$file" usr1/run.json at/
        check "resume from a step within an epoch" finish at
        same "comes to the same bits" whole/$last at/$last
        break
    fi
done

check "resuming a finished run says so" "$nnrun" resume whole
says 'is finished' "with status 0"
fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    before_page() {
        LD_PRELOAD=$fault FAULT_CALL=rename FAULT_PATH=report FAULT_KILL=1 "$nnrun" -q good.cfg train.epochs=2 -o paged
    }
    expect 137 "a run is killed before it has its report" before_page
    check "resume writes it, though the run is finished" "$nnrun" resume paged
    check "... beside the rest" test -s paged/report.html
    check "... once" sh -c "rm paged/report.html && '$nnrun' -q resume paged output.report=false && test ! -e paged/report.html"
else
    skip "a run that was killed before it had its report gets one" "no fault injection in this build"
fi
check "it takes more epochs" "$nnrun" -q resume usr1 train.epochs=201
check "and keeps them with the run" "$nnrun" resume usr1
says 'usr1 is finished' "so that it is finished again"
refuse_line 2 'train\.seed=2 cannot change' "another seed is refused" "$nnrun" resume whole train.seed=2
refuse_line 2 'train\.batch=2 cannot change' "another batch is refused" "$nnrun" resume whole train.batch=2
refuse_line 2 'network\.conv1\.filters=2 cannot change' "another network is refused" "$nnrun" resume whole network.conv1.filters=2
refuse_line 2 '-o' "another folder is refused" "$nnrun" resume whole -o other
refuse_line 2 'output\.directory=other cannot change .*: a run stays in its folder' "as a key, too" \
    "$nnrun" resume whole output.directory=other
# what an override gives is asked by its key, however it is written
cannot() {
    refuse_line 2 "cannot change in a resumed run: $3" "$1: refused" "$nnrun" resume whole "$2"
}
random='the random numbers so far came from the old one'
cannot "blanks before =" 'train.seed =2' "$random"
cannot "blanks before and behind" '  train.seed =  2 ' "$random"
cannot "a group" 'train={threads=1; seed=2;}' 'the '
cannot "a group that leaves a key out, which is reset then" 'train={threads=1;}' 'the '
cannot "a group with a comment" 'train = { /* seed */ epochs: 201 }' 'the '
cannot "data in a group" 'data={directory="elsewhere";}' 'it would be a different network'
cannot "a folder in a group" 'output={ directory = "other"; keep = 3 }' 'a run stays in its folder'
cannot "a layer by number" ' network.0.filters=2' 'it would be a different network'
refuse_line 2 '^nnrun: train=\{threads=1; batch=50;epochs=200;groups=0\}: train\.batch cannot change in a resumed run' \
    "which key of a group it is stands in the message" "$nnrun" resume whole 'train={threads=1; batch=50;epochs=200;groups=0}'
can() {
    check "$1: taken" "$nnrun" -q resume whole "$2"
}
can "blanks" ' train.threads =1'
can "a group whose keys may all change" 'train.schedule={type="cosine";}'
can "a group, where what is left out has nothing to do with the bits" 'output={keep=1000;report=false}'
same "without changing the checkpoint" whole/$last sigINT/$last

# an override repeated after a kill is one override
fault=$NNRUN_BUILD/tests/.libs/fault.so
"$nnrun" -q good.cfg train.epochs=10 -o once && cp -r once twice || exit 99
check "a run goes on with more epochs" "$nnrun" -q resume once train.epochs=20 'output={ keep=1000; report=false }'
check "and what a group of output says" grep -q '"report": false' once/run.json
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    struck() {
        LD_PRELOAD=$fault FAULT_CALL=rename FAULT_PATH=step-0000007 FAULT_KILL=1 "$nnrun" -q resume twice train.epochs=20
    }
    expect 137 "another is killed meanwhile" struck
    check "after it had saved" test -f twice/step-000000638.safetensors
    check "given the same again it goes on" "$nnrun" -q resume twice 'train.epochs=20'
    same "and comes to the same bytes" once/step-000001160.safetensors twice/step-000001160.safetensors
    same "of the best, too" once/best.safetensors twice/best.safetensors
else
    skip "an override repeated after a kill is one override" "no fault injection in this build"
fi
cp -r digits elsewhere && mv digits gone
check "data that moved are given by a path" "$nnrun" -q resume usr1 train.epochs=202 data.directory=elsewhere
check "and found there from then on" "$nnrun" -q test usr1/best.safetensors

"$NNRUN_BUILD/nnrun-make-digits" --train 2000 --test 100 fewer
refuse_line 4 'fewer/train-images.* has 2000 samples, but the run began with 3000' "data of fewer samples are refused" \
    "$nnrun" resume usr1 train.epochs=203 data.directory=fewer
sed '/"samples"/d' usr1/run.json >without && mv without usr1/run.json
refuse_line 4 'fewer/train-images.*: its samples make 38 steps per epoch, but .* had 58' \
    "by the steps of an epoch where run.json does not say" "$nnrun" resume usr1 train.epochs=203 data.directory=fewer
check "a run whose run.json does not say goes on" "$nnrun" -q resume usr1 train.epochs=203
check "and says from then on" grep -q '"samples": 3000' usr1/run.json
tap_end
