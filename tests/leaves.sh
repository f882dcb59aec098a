# shellcheck shell=sh
# leaves.sh: what tests of exported files share: sourced, after nnrun.sh. ONNX's checker needs Debian's python3-onnx, and ONNX
# Runtime an onnxruntime-node that node finds, also in $NNRUN_NODE_MODULES; without them these parts are skipped.
# shellcheck disable=SC2154 # nnrun.sh's

for python in python3 /usr/bin/python3 ''; do
    "${python:-false}" -c 'import onnx' 2>/dev/null && break
done
any_python=$(command -v python3)
export NODE_PATH="${NNRUN_NODE_MODULES-}${NODE_PATH:+:$NODE_PATH}"
node=
node -e 'require("onnxruntime-node")' 2>/dev/null && node=node

# Commands that compile C, one a line: at length those of different kinds of code.
compilers="${NNRUN_CC:-cc} -O2"
[ "${NNRUN_EXPORT-}" != random ] || compilers='gcc -O0
gcc -O3 -march=native
clang -O2
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'

# c_compiles FILE: as C99 and C++17, by every compiler that is here, without a warning
c_compiles() {
    for compiler in "gcc -std=c99" "g++ -x c++ -std=c++17" "clang -std=c99" "clang++ -x c++ -std=c++17"; do
        command -v "${compiler%% *}" >/dev/null 2>&1 || continue
        # shellcheck disable=SC2086 # a command of several words
        $compiler -Wall -Wextra -Wconversion -Wpedantic -Wshadow -Werror -O1 -c "$1" -o compiled.o || return 1
    done
}
# c_answers FILE SAMPLES PREDICTED: it passes the test in it, and gives the answers that were predicted
c_answers() {
    floats=
    case $2 in *float*) floats=-DFLOATS ;; esac
    echo "$compilers" >compilers
    while read -r compiler; do
        command -v "${compiler%% *}" >/dev/null 2>&1 || continue
        # shellcheck disable=SC2086 # commands of several words
        $compiler -std=c99 -DNET_TEST -DNET_STATIC "$1" -lm -o tested && ./tested &&
            $compiler -std=gnu11 $floats -DEXPORTED="\"$PWD/$1\"" "$NNRUN_SOURCE/tests/c_answers.c" "$1" -lm -o answers.exe &&
            gzip -dc "$2" | tail -c +"$((4 + 4 * $(gzip -dc "$2" | od -An -tu1 -j3 -N1) + 1))" | ./answers.exe >answers &&
            "${any_python:-true}" "$NNRUN_SOURCE/tests/c_answers.py" "$3" answers && continue
        echo "by $compiler"
        return 1
    done <compilers
}

# leaves NAME CHECKPOINT SAMPLES: what is exported of it is good, and gives its answers
leaves() {
    "$nnrun" export "$2" name=net --onnx "$1.onnx" --c "$1.c" --json --check >"$1.json" || [ -s "$1.c" ] || exit 99
    grep '"event":"check"' "$1.json" | grep -v '"skipped":' >"$1.checks"
    expect 1 "$1: no answer differs" grep -v '"differing":0,.*"ok":true' "$1.checks"
    if [ -n "$python" ]; then
        check "... ONNX's checker takes it, with full inference of shapes" "$python" "$NNRUN_SOURCE/tests/onnx_check.py" "$1.onnx"
    else
        skip "$1: ONNX's checker takes it" "no python3-onnx"
    fi
    "$nnrun" predict "$2" "$3" --json >"$1.predicted" || exit 99
    check "... its C file compiles without a warning" c_compiles "$1.c"
    check "... and gives its answers" c_answers "$1.c" "$3" "$1.predicted"
    if [ -n "$node" ]; then
        check "... ONNX Runtime gives its answers" node "$NNRUN_SOURCE/tests/onnx_answers.js" "$1.onnx" "$3" "$1.predicted"
    else
        skip "$1: ONNX Runtime gives its answers" "node has no onnxruntime-node"
    fi
}
