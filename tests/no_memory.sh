#!/bin/sh
# no_memory.sh: whichever array cannot be had, the program says so and loses nothing. (Of libconfig 1.5, which does not
# check its own allocations, this cannot be said: only those of the program itself are made to fail.)
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ ! -f "$fault" ] || [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "an allocation that fails is said" "no fault injection in this build"
    tap_end
    exit
fi
digits 120 20
small_config good.cfg
sed -i 's/epochs = 2/epochs = 1/; s/validation = 100/validation = 20/' good.cfg
"$nnrun" -q good.cfg -o whole || exit 99

calls=aligned_alloc
by=
stride=1
least=5
# walk PREPARE COMMAND...: the command with the first allocation failing, the second (one more in `stride`), ..., until it
# gets through. It fails each time, but for what happens when a training has ended well: that is a warning.
walk() {
    prepare=$1
    shift
    strikes=$((1 - stride))
    while [ "$strikes" -lt 1000 ]; do
        strikes=$((strikes + stride))
        rm -f mark
        $prepare
        LD_PRELOAD=$fault FAULT_CALL=$calls FAULT_BY=$by FAULT_AT=$strikes FAULT_MARK=mark "$@" >said 2>why
        status=$?
        if [ ! -f mark ]; then
            echo "$strikes allocations" && [ "$strikes" -gt "$least" ] && return "$status"
        elif [ "$status" -eq 0 ] && grep -q '^nnrun: warning: there is no report: .*out of memory' why; then
            continue
        elif [ "$status" -ne 1 ] || ! grep -q '^nnrun: .*\(out of memory\|Cannot allocate memory\)' why; then
            echo "allocation $strikes: status $status" && cat why && return 1
        fi
    done
    return 1
}
fresh() {
    rm -rf run
}
begun() {
    rm -rf run && cp -r whole run && rm -f run/best.safetensors run/step-000000002.safetensors
}
# wrong COMMAND...: the same of a command that finds faults, for every piece of memory: where it can do without that, it says
# as much as with it, in fewer words.
wrong() {
    strikes=0
    "$@" >said 2>why
    wanted="$? $(wc -l <why)"
    while [ "$strikes" -lt 1000 ]; do
        strikes=$((strikes + 1))
        rm -f mark
        LD_PRELOAD=$fault FAULT_CALL=malloc,realloc,aligned_alloc FAULT_BY=nnrun FAULT_AT=$strikes FAULT_MARK=mark "$@" >said 2>why
        status=$?
        if [ ! -f mark ]; then
            echo "$strikes allocations" && [ "$strikes" -gt 50 ] && return
        elif [ "$status" -ne 1 ] || ! grep -q '^nnrun: out of memory$' why; then
            [ "$status $(wc -l <why)" = "$wanted" ] && continue
            echo "allocation $strikes: status $status" && cat why && return 1
        fi
    done
    return 1
}
check "while a network is shown" walk true "$nnrun" show good.cfg
check "while its memory is" walk true "$nnrun" show good.cfg --memory
check "while all of it is, as JSON" walk true "$nnrun" show good.cfg --json
check "while a layer is described" walk true "$nnrun" layers conv
check "while a gradient is checked" walk true "$nnrun" gradcheck good.cfg
check "while a network is trained" walk fresh "$nnrun" -q good.cfg -o run --threads 2
check "while a run is resumed" walk begun "$nnrun" -q resume run
same "which then gives the same bits" whole/best.safetensors run/best.safetensors
calls=malloc,realloc,aligned_alloc
by=nnrun
stride=3
check "also for lack of a string" walk begun "$nnrun" -q resume run output.report=false
same "which then gives the same bits, too" whole/best.safetensors run/best.safetensors
check "while keys are shown" walk true "$nnrun" show whole/best.safetensors --keys
by=libjansson
check "while the JSON of a run is read" walk true "$nnrun" test -q whole/best.safetensors
if "$nnrun" show good.cfg -q --samples sheet.png >said 2>why; then
    least=0
    calls=malloc,aligned_alloc
    for by in nnrun libpng; do
        check "while a PNG picture is read, by $by" walk true "$nnrun" predict -q whole/best.safetensors sheet.png
    done
    least=5
    wrong_pictures() {
        rm -rf wrong
    }
    by=libpng
    stride=7
    check "while one is written" walk wrong_pictures "$nnrun" test -q whole/best.safetensors --wrong wrong
else
    skip "while a PNG picture is read" "built without libpng"
fi
calls=aligned_alloc
by=
stride=1
check "while a report is written" walk true "$nnrun" report -q run
check "while runs are compared" walk true "$nnrun" report -q run whole -o compare.html
check "while a checkpoint is tested" walk true "$nnrun" test whole/best.safetensors
cat >wrong.cfg <<'EOF'
input = [1, 28];
foo = 1;
data: { validation = -20; bar = 1; };
network = (
    { type = "conv"; filters = 2; kernel = 5; stride = 4; baz = 1; },
    { type = "rellu"; },
    { type = "softmax"; inputs = "nobody"; }
);
train: { epochs = 0; };
EOF
check "while faults of a config are collected" wrong "$nnrun" show wrong.cfg train.qux=1
tap_end
