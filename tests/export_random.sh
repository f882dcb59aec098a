#!/bin/sh
# export_random.sh: random networks (random_network.py) leave as ONNX, C and HTML files that give their answers; see leaves.sh.
# With NNRUN_EXPORT=random (make check-export-random) those of the seeds $NNRUN_SEEDS, by several compilers and a sanitizer.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/leaves.sh
. "$NNRUN_SOURCE/tests/leaves.sh"

seeds='1 2 3 4 5 6 7 8 9 10 11 12'
[ -z "${NNRUN_SANITIZED-}" ] || seeds='1 2' # enough where each run takes ten times as long
[ "${NNRUN_EXPORT-}" != random ] || seeds=${NNRUN_SEEDS:-$(seq 200)}
if [ -z "$any_python" ]; then
    skip "random networks leave" "no python3"
    tap_end
    exit
fi

# named NAME CHECKPOINT: under its own name, whatever that is, it is a C file without a warning and a good ONNX file
named() {
    "$nnrun" export -q "$2" --onnx "$1.named.onnx" --c "$1.named.c" && c_compiles "$1.named.c" &&
        { [ -z "$python" ] || "$python" "$NNRUN_SOURCE/tests/onnx_check.py" "$1.named.onnx"; }
}

mkdir graphs
for seed in $seeds; do
    name=random-$seed
    "$any_python" "$NNRUN_SOURCE/tests/random_network.py" "$seed" "$name-files" || exit 99
    samples=$(echo "$name"-files/test-samples-*)
    "$nnrun" -q "$name-files/net.cfg" -o "$name-run" 2>"$name.trouble" || {
        check "$name: it is trained" false "$(cat "$name.trouble")"
        continue
    }
    leaves "$name" "$name-run/best.safetensors" "$samples"
    check "... under any name" named "$name" "$name-run/best.safetensors"
    cp "$name.c" graphs && "$nnrun" export -q "$name-run/best.safetensors" --html "graphs/$name.html" || exit 99
    rm -rf "$name-run" "$name-files" "$name".* # there may be many
done

if "$any_python" "$NNRUN_SOURCE/tests/browser.py" 2>/dev/null; then
    "$any_python" "$NNRUN_SOURCE/tests/export_html.py" "$PWD" graphs >results 2>trouble
    browsed $? 'the browser went through all pages'
else
    skip "their pages compute the same" "no Chromium that starts"
fi
tap_end
