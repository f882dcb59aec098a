#!/bin/sh
# onnx_cases.sh: ONNX's own tests of the operators that layers describe themselves by: the interpreter of operators gives what
# they ask for, and so does the C that is made of them. Those left out are listed with the reason. Skipped without Debian's
# python3-onnx and libonnx-testdata.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
cases=/usr/share/libonnx-testdata/data/node

for python in python3 /usr/bin/python3 ''; do
    "${python:-false}" -c 'import onnx' 2>/dev/null && break
done
if [ -z "$python" ] || [ ! -d "$cases" ]; then
    skip "ONNX's tests of operators" "no python3-onnx or no libonnx-testdata"
    tap_end
    exit
fi
"$python" "$NNRUN_SOURCE/tests/onnx_cases.py" $cases >text && mkdir c || exit 99
interpreted() { "$NNRUN_BUILD/tests/onnx_cases" c <text >out && grep -q '^1\.\.[1-9]' out && ! grep -A1 '^not ok' out; }
check "the interpreter gives what ONNX's $(grep -c '^case' text) tests of operators ask for" interpreted
as_c() {
    set -- c/*_main.c
    [ $# -gt 100 ] || return 1
    for main; do
        one=${main%_main.c}
        ${NNRUN_CC:-cc} -std=c99 -O1 -Wall -Wextra -Wconversion -Wpedantic -Werror -c "$one.c" -o one.o &&
            ${NNRUN_CC:-cc} -std=gnu11 -O1 "$main" -lm -o one && ./one && continue
        echo "$one"
        return 1
    done
}
check "so does the C that is made of them" as_c
left() { "$python" "$NNRUN_SOURCE/tests/onnx_cases.py" $cases --table | tee left_out && [ -s left_out ] && ! grep -v ': .' left_out; }
check "those left out have a reason" left
sed 's/^/# left out: /' left_out
tap_end
