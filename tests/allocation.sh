#!/bin/sh
# allocation.sh: whichever single allocation fails, a command says "out of memory" and ends with status 1; it never gives
# another result. Here that is some positions of each command, in `make check-faults` all of them.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
NNRUN_FAULT=$NNRUN_BUILD/tests/.libs/fault.so
export NNRUN_FAULT
if [ ! -f "$NNRUN_FAULT" ] || [ -n "${NNRUN_SANITIZED-}" ] || ! command -v python3 >/dev/null 2>&1; then
    skip "an allocation that fails is said" "no fault injection in this build, or no python3"
    tap_end
    exit
fi

digits 60 20
small_config good.cfg
sed -i 's/epochs = 2/epochs = 1/; s/validation = 100/validation = 20/; s/batch = 50/batch = 20/' good.cfg
"$nnrun" -q good.cfg -o whole --threads 1 || exit 99
cp -r whole begun && rm begun/best.safetensors begun/step-000000002.safetensors
{ printf 'P5 28 28 255\n'; head -c 784 /dev/zero | tr '\0' '\17'; } >one.pgm

# walk NAME STRIDE OPTION... COMMAND...: all allocations of the command, in make check one in STRIDE
first=1
walk() {
    name=$1
    stride=$2
    shift 2
    [ "${NNRUN_WALK-}" = all ] && stride=1
    check "while $name" python3 "$NNRUN_SOURCE/tests/allocation_walk.py" --limits "$NNRUN_SOURCE/tests/allocation_limits.txt" \
        --stride "$stride" --first $((first % stride + 1)) "$@"
    grep -v '^#' "$tap_out" | sed 's/^/# /'
    first=$((first + 7)) # not the same places in what commands share
}
alone='--threads 1'
# shellcheck disable=SC2086 # two words
{
    walk "a network is trained" 29 --into run train "$nnrun" -q good.cfg -o run $alone
    walk "... with overrides" 29 --into run override "$nnrun" -q good.cfg -o run $alone train.optimizer.type=adam \
        'data.augment={shift=2;}' network.conv1.filters=2 name=other
    walk "a run is resumed" 29 --into run --from begun resume "$nnrun" -q resume run $alone
    walk "a checkpoint is tested" 7 test "$nnrun" test -q whole/best.safetensors $alone
    walk "... as JSON, and wrong pictures are written" 29 --into wrong wrong "$nnrun" test --json whole/best.safetensors \
        $alone --wrong wrong
    walk "a picture is asked about" 7 picture "$nnrun" predict whole/best.safetensors one.pgm
    walk "a file of samples is" 19 samples "$nnrun" predict --json whole/best.safetensors digits/t10k-images-idx3-ubyte.gz
}
walk "a network is shown" 3 show "$nnrun" show good.cfg
walk "its keys are" 7 keys "$nnrun" show --keys whole/best.safetensors
walk "it is as JSON" 11 json "$nnrun" show --json whole/best.safetensors
walk "its memory is" 7 memory "$nnrun" show --memory good.cfg
walk "layers are listed" 3 layers "$nnrun" layers
walk "a layer is described" 3 layer "$nnrun" layers conv --json
walk "a report is written" 17 --into page.html report "$nnrun" report whole -o page.html
walk "runs are compared" 29 --into page.html compare "$nnrun" report whole begun -o page.html
walk "a layer is checked" 101 gradcheck "$nnrun" gradcheck relu
walk "a network is" 7 gradchecknet "$nnrun" gradcheck good.cfg
walk "steps are timed" 13 time "$nnrun" time good.cfg --threads 1
if ! "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    walk "pictures are asked about over HTTP" 23 --url /predict --body one.pgm serve "$nnrun" serve whole/best.safetensors --port 0
fi
# limited COMMAND...: with more and more memory, from what is too little to load the program, until it has been enough some times
limited() {
    kilobytes=3000
    enough=0
    said=0
    "$@" >whole.out 2>/dev/null || return 1
    while [ "$enough" -lt 5 ] && [ "$kilobytes" -lt 200000 ]; do
        kilobytes=$((kilobytes + 64))
        rm -rf run
        (ulimit -v "$kilobytes" && exec "$@") >limited.out 2>why
        status=$?
        if [ "$status" -eq 0 ] && cmp -s limited.out whole.out; then
            enough=$((enough + 1))
        elif [ "$status" -eq 1 ] && grep -Eq '^nnrun: .*(out of memory|Cannot allocate memory|temporarily unavailable)' why; then
            said=$((said + 1))
        elif [ "$status" -ne 127 ] || grep -q '^nnrun' why; then # else the loader says it
            echo "$kilobytes kilobytes: status $status" && cat why && return 1
        fi
    done
    [ "$said" -gt 0 ] && [ "$enough" -eq 5 ]
}
check "however little memory there may be, a network is shown or it is said" limited "$nnrun" show good.cfg
check "... and layers are listed" limited "$nnrun" layers
check "... and a checkpoint is tested" limited "$nnrun" test -q whole/best.safetensors --threads 1
tap_end
