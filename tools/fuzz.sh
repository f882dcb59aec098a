#!/bin/sh
# fuzz.sh: builds the fuzz targets with clang's libFuzzer, ASan and UBSan in build-fuzz below the working folder, and runs
# them, as many at once as there are cores.
#
#   fuzz.sh run SOURCE-FOLDER SECONDS [TARGET...]   each for so long; what it learns stays in build-fuzz/corpus
#   fuzz.sh keep SOURCE-FOLDER [TARGET...]          makes auto-* in tests/fuzz/TARGET anew of that: few inputs that reach
#                                                   the edges that those with other names, chosen by hand, do not
#
# TARGET: config for tests/fuzz_config.c. An input that fails is left in build-fuzz/findings, and the command that repeats
# it is printed; the status is 1 then.
set -eu
what=$1
source=$2
shift 2
folder=$PWD/build-fuzz

build() {
    command -v clang >/dev/null || {
        echo "fuzz.sh: libFuzzer comes with clang: apt-get install clang libclang-rt-14-dev" >&2
        exit 1
    }
    case ${MAKEFLAGS-} in
    *-j*) jobs= ;;
    *) jobs=-j$(nproc) ;;
    esac
    if [ ! -f config.status ]; then
        "$source/configure" --quiet --enable-werror CC=clang CXX=clang++ CFLAGS='-O1 -gline-tables-only' \
            --enable-sanitize=fuzzer-no-link,address,undefined
    fi
    "${MAKE:-make}" ${jobs:+"$jobs"} --no-print-directory -s FUZZ_ENGINE=-fsanitize=fuzzer fuzz-programs
}

# limits TARGET: so that bombs are findings. 64 MB at once are enough for all but pictures, as 16 kB of gzip may be as many.
limits() {
    case $1 in
    picture) echo "-max_len=16384 -malloc_limit_mb=128" ;;
    checkpoint | safetensors) echo "-max_len=32768 -malloc_limit_mb=65" ;;
    *) echo "-max_len=16384 -malloc_limit_mb=65" ;;
    esac
    echo "-rss_limit_mb=1024 -timeout=20"
    [ ! -f "$source/tests/fuzz/$1.dict" ] || echo "-dict=$source/tests/fuzz/$1.dict"
}

# one TARGET SECONDS: runs it and says in a line what came of it.
one() {
    mkdir -p "corpus/$1"
    found=0 began=$(date +%s)
    # shellcheck disable=SC2046 # options
    "tests/fuzz_$1" $(limits "$1") -max_total_time="$2" -print_final_stats=1 -artifact_prefix="findings/$1-" \
        "corpus/$1" "$source/tests/fuzz/$1" >"log/$1" 2>&1 || found=1
    awk -v name="$1" -v found="$found" -v seconds="$(($(date +%s) - began))" '
        match($0, /cov: [0-9]+/) { edges = substr($0, RSTART + 5, RLENGTH - 5) }
        /^#[0-9]/ { runs = substr($1, 2) }
        END { printf "fuzz_%s: %d executions in %d s, %d edges, %d findings\n", name, runs, seconds, edges, found }' "log/$1"
    [ "$found" -eq 1 ] || return 0
    sed -n '/^fuzz: /p; /ERROR: /p; /runtime error: /p; /^SUMMARY: /p' "log/$1" | head -n 5
    sed -n "s,.*Test unit written to ,to repeat it: $folder/tests/fuzz_$1 $folder/,p" "log/$1"
    return 1
}

# keep TARGET
keep() {
    kept=$source/tests/fuzz/$1
    mkdir -p "$TMPDIR/$1" "corpus/$1"
    find "$kept" -type f ! -name 'auto-*' -exec cp {} "$TMPDIR/$1" \;
    # shellcheck disable=SC2046 # options
    "tests/fuzz_$1" $(limits "$1") -set_cover_merge=1 -use_counters=0 "$TMPDIR/$1" "$kept" "corpus/$1" >"log/$1" 2>&1 ||
        { tail -n 20 "log/$1" && return 1; }
    rm -f "$kept"/auto-*
    for input in "$TMPDIR/$1"/*; do # new ones have their SHA-1 as a name
        name=$(basename "$input")
        [ -f "$kept/$name" ] || cp "$input" "$kept/auto-$(echo "$name" | cut -c1-12)"
    done
    echo "fuzz_$1: $(find "$kept" -type f | wc -l) inputs, $(cat "$kept"/* | wc -c) bytes"
}

if [ "$what" = one ]; then
    folder=$PWD
    one "$2" "$1"
    exit
fi
mkdir -p "$folder/log" "$folder/findings"
cd "$folder"
build
seconds=
[ "$what" = keep ] || { seconds=$1 && shift; }
if [ $# -eq 0 ]; then
    for program in tests/fuzz_*[a-z]; do
        [ ! -x "$program" ] || set -- "$@" "${program#tests/fuzz_}"
    done
fi
scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export NNRUN_PLUGIN_PATH="$folder/plugins/.libs" ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1 TMPDIR="$scratch"
if [ "$what" = keep ]; then
    for target; do
        keep "$target"
    done
    exit
fi
failed=0
printf '%s\n' "$@" | xargs -P "$(nproc)" -I TARGET sh "$source/tools/fuzz.sh" one "$source" "$seconds" TARGET >"$scratch/said" || failed=1
cat "$scratch/said"
printf '# PASS: %d\n# FAIL: %d\n' "$(grep -c ' 0 findings$' "$scratch/said")" "$(grep -c ' 1 findings$' "$scratch/said")"
exit "$failed"
