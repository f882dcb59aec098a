#!/bin/sh
# library.sh: programs on libnnrun, in C, C++ and Python, get the answers of nnrun, find their process as they left it,
# and are told why a call fails. With what is installed in make installcheck, else with a staged build: library/stage.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/library/stage.sh
. "$NNRUN_SOURCE/tests/library/stage.sh"
clients=$stage_sources
sanitized='sanitizers are not for Python'

# cc_client STANDARD NAME WORD...: the C program NAME of those sources and flags.
cc_client() {
    standard=$1
    name=$2
    shift 2
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${NNRUN_CC:-cc} -std="$standard" $stage_flags "$@" $(stage_pkg --cflags --libs nnrun) -o "$name"
}
digits 300 100
small_config small.cfg
nnrun=nnrun
"$nnrun" small.cfg -q -o run || exit 99
best=run/best.safetensors
idx=digits/t10k-images-idx3-ubyte.gz

# ---- the answers of nnrun predict ----------------------------------------------------------------------------

{ printf 'P5 28 28 255\n'; gzip -dc "$idx" | tail -c +$((17 + 3 * 784)) | head -c 784; } >one.pgm
pictures='one.pgm'
"$nnrun" show small.cfg -q --samples sheet.png >said 2>&1 && pictures='one.pgm sheet.png'
# The clients print no "many", which a sheet of samples has.
# shellcheck disable=SC2086 # a list of names
for picture in $pictures "$idx"; do
    "$nnrun" predict "$best" --json "$picture" >all.json || exit 99
    sed 's/,"many":true}$/}/' all.json >"$(basename "$picture").json"
done

# answers_of CLIENT KIND WORD...: prints what nnrun prints, of each picture, in batches of any size.
answers_of() {
    client=$1
    kind=$2
    shift 2
    for picture in $pictures; do
        check "$client: $picture: the answers of nnrun predict, asked in $kind" same_answers "$picture" 1 "$kind" "$@"
    done
    for batch in 1 3 16 17 40; do
        check "$client: IDX file: the answers of nnrun predict, asked in $kind, $batch at once" \
            same_answers "$idx" "$batch" "$kind" "$@"
    done
}
# The lines are those of nnrun, and the outputs those of the first client that was asked about this file.
same_answers() {
    picture=$1 batch=$2 kind=$3
    shift 3
    "$@" "$best" "$batch" "$kind" bits "$picture" >said && cmp said "$(basename "$picture").json" || return 1
    [ -f "$(basename "$picture").bits" ] || cp bits "$(basename "$picture").bits"
    test -s bits && cmp bits "$(basename "$picture").bits"
}
check 'a C11 client is compiled with the words of pkg-config' cc_client c11 ask "$clients/ask.c"
for kind in bytes floats memory; do
    answers_of 'C11' "$kind" ./ask
done

cxx_client() {
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${NNRUN_CXX:-c++} -std=c++17 $stage_flags "$clients/ask_cxx.cc" $(stage_pkg --cflags --libs nnrun) -o askxx
}
if printf 'int main() { return 0; }\n' >empty.cc && ${NNRUN_CXX:-c++} -std=c++17 empty.cc -o empty >said 2>&1; then
    check 'a C++17 client is compiled with the words of pkg-config' cxx_client
    for kind in bytes floats; do
        answers_of 'C++17' "$kind" ./askxx
    done
else
    skip 'a C++17 client' 'no C++17 compiler'
fi

# An archive that counts its coverage calls what counts.
static_client() {
    counts=
    nm "$stage_lib/libnnrun.a" 2>/dev/null | grep -q ' U __gcov_init' && counts=--coverage
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=c11 $stage_flags "$clients/ask.c" $(stage_pkg --cflags nnrun) \
        $(stage_pkg --static --libs nnrun | sed 's/-lnnrun\>/-l:libnnrun.a/') $counts -o ask-static &&
        ! ldd ./ask-static | grep libnnrun
}
if [ -f "$stage_lib/libnnrun.a" ]; then
    check 'a client is linked with the static library' static_client
    answers_of 'static' bytes ./ask-static
else
    skip 'a client is linked with the static library' 'it was not built'
fi

python() {
    PYTHONPATH=$stage_examples python3 "$@"
}
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip 'a Python client' "$sanitized"
elif ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' >said 2>&1; then
    skip 'a Python client' 'no Python 3.8'
else
    for kind in bytes floats; do
        answers_of 'Python' "$kind" python "$clients/ask.py"
    done
fi

# A config's initial weights answer, too.
from_memory() {
    ./ask small.cfg 16 bytes bits1 "$idx" >said1 && ./ask small.cfg 16 memory bits2 "$idx" >said2 && test -s bits1 &&
        cmp bits1 bits2 && cmp said1 said2 && ! cmp -s bits1 "$(basename "$idx").bits"
}
check 'a config opened from memory answers as from its file' from_memory

# ---- training and testing -------------------------------------------------------------------------------------

check 'a client that trains is compiled' cc_client c11 learn "$clients/learn.c"
check 'it is warned by an event, which the log keeps' ./learn warn small.cfg warned
nothing() {
    ./learn warn small.cfg again >said 2>&1 && test ! -s said
}
check '... and the library prints nothing' nothing
check 'it trains, is stopped by its callback, and its events are those of nnrun.h' ./learn small.cfg stopped 5
same_so_far() {
    test -f stopped/step-000000005.safetensors && test ! -f stopped/step-000000008.safetensors
}
check '... the run was saved after that step' same_so_far
check '... it resumes to the end, where it is too late to stop it' ./learn resume stopped
same_files() {
    for file in run/*.safetensors; do
        cmp "$file" "stopped/${file#run/}" || return 1
    done
    test -f stopped/step-000000008.safetensors
}
check '... with the checkpoints of nnrun, byte for byte' same_files
same_table() {
    "$nnrun" test "$1" --json >said && ./learn test "$1" >ours && cmp said ours && grep -q '"mistakes":\[{' ours
}
check '... and the table of nnrun test, with its mistakes' same_table stopped/best.safetensors

# ---- threads ---------------------------------------------------------------------------------------------------

"$nnrun" small.cfg network.conv1.filters=5 train.epochs=1 -q -o other || exit 99
check 'a client with threads is compiled' cc_client gnu11 threads -pthread "$clients/threads.c"
check '8 threads on two models get the answers of one' ./threads threads "$best" other/best.safetensors "$idx"
check 'a child process asks with the models and contexts of its parent' ./threads fork "$best" other/best.safetensors \
    "$idx"

# ---- the host --------------------------------------------------------------------------------------------------

host_client() {
    # shellcheck disable=SC2046 # a list of words
    cc_client gnu11 host -pthread "$clients/hostile.c" "$clients/host_state.c" $(stage_pkg --cflags --libs jansson)
}
check 'a host with jansson of its own is compiled' host_client
check 'a host finds its process as it was after every call' ./host plain small.cfg "$best" "$idx" plain
# host WAY: nothing of the host changes, and the answers and what is learned are those of any other host.
host() {
    LOCPATH=$work/locales ./host "$1" small.cfg "$best" "$idx" "$1" && for file in answers saved.safetensors \
        run/best.safetensors; do
        cmp "plain/$file" "$1/$file" || return 1
    done &&
        test "$(awk -F, '{ print NF }' plain/run/log.csv)" = "$(awk -F, '{ print NF }' "$1/run/log.csv")"
}
check '... with an allocator that jansson was given' host allocator
check '... with rounding upward, and x87 in single precision' host upward
check '... with denormals flushed, and rounding to zero' host flushing
check '... with traps that end it' host traps
check '... with signals blocked, ignored and handled' host signals
mkdir locales
if localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 >said 2>&1; then
    LC_ALL='' check '... with a decimal comma' host locale
else
    skip '... with a decimal comma' 'localedef cannot make de_DE.UTF-8'
fi

# ---- a plugin that crashes ---------------------------------------------------------------------------------------

# crashes SIZE: prints what the host's handler is told in so many bytes.
crashes() {
    ./crashing crash.cfg . "$1"
    [ $? -eq 7 ]
}
crash_client() {
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O1 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        -I"$NNRUN_SOURCE/tests/plugins" -DTYPE='"crasher"' -DTARGET=NNRUN_CLASS '-DFORWARD=FAULT();' \
        "$NNRUN_SOURCE/tests/plugins/crasher.c" -o crasher.so && cc_client gnu11 crashing "$clients/crashing.c"
}
told() {
    crashes 1000 >said && cat said && grep -q "^layer \"last\" (crasher), forward in evaluation.*; NULL there: .*target" said
}
cut() {
    crashes 19 >said && printf 'layer "last" (cras' | cmp - said
}
cat >crash.cfg <<'EOT'
input = [1, 4, 4];
network = ( { type = "crasher"; name = "last"; } );
EOT
case $NNRUN_SANITIZED in
*address* | *thread*)
    skip "a host's handler is told what a plugin was doing" 'a sanitizer has a handler of its own'
    ;;
*)
    check 'a host with a handler is compiled' crash_client
    check "... and told what a plugin was doing when it crashed" told
    check "... cut to the room there is" cut
    ;;
esac

# ---- errors ----------------------------------------------------------------------------------------------------

# A folder with all that failing.c opens.
mkdir errors && cp -r small.cfg one.pgm run digits errors/ && cd errors || exit 99
mkdir folder plugins && cp small.cfg plugins/conv.so
: >empty
head -c 3000 run/best.safetensors >torn.safetensors
head -c 100 one.pgm >torn.pgm
gzip -dc "../$idx" | head -c 10000 >torn.idx
echo 'input = [1, 28; 28];' >syntax.cfg
cat >several.cfg <<'EOT'
name = "several";
input = [1, 28, 28];
network = (
    { type = "conv"; filters = 3; kernel = 0; },
    { type = "dense"; units = 10; }, { type = "softmax"; } );
train: { epochs = 2; batch = 0;
    optimizer: { rate = -1.0; }; };
EOT
cp ../sheet.png one.png 2>said || cp one.pgm one.png
# A PNG of 16000 x 16000 pixels, for which few bytes do.
{
    printf '\211PNG\r\n\032\n\000\000\000\rIHDR\000\000\076\200\000\000\076\200\010\000\000\000\000\144\025\200\002'
    printf '\000\000\000\014IDAT\170\234\143\140\240\075\000\000\000\144\000\001\206\144\074\065'
    printf '\000\000\000\000IEND\256\102\140\202'
} >large.png
check 'a client whose calls fail is compiled' cc_client gnu11 ../failing "$clients/failing.c"
check 'calls that fail say why, print nothing and leave no descriptor open' ../failing
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip '... nor memory' 'a sanitizer saw to it'
elif ! command -v valgrind >/dev/null 2>&1; then
    skip '... nor memory' 'no valgrind'
else
    check '... nor memory' valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 --log-file=valgrind.log ../failing
fi
cd "$work" || exit 99

# ---- the manual ------------------------------------------------------------------------------------------------

# The commands of the installed page; manual.sh also compares what they print, before anything is installed.
manual() {
    page=${DESTDIR-}${NNRUN_MANDIR:?}/man3/nnrun.3
    mkdir -p page/configs page/data && cp "$stage_examples"/* page/ && cp -r digits page/data/mnist &&
        cp -r "${DESTDIR-}${NNRUN_CONFIGDIR:?}/lenet.cfg" page/configs/ && cd page || return 1
    sed -i 's/validation = [0-9]*/validation = 100/; s/epochs = [0-9]*/epochs = 2/' configs/lenet.cfg
    nnrun configs/lenet.cfg -q -o runs/lenet || return 1
    awk '/^\.Bd -literal/ { inside = 1; next } /^\.Ed/ { inside = 0; if (file) close(file); file = ""; next }
        inside && /^\.\\" file: / { file = $3; next }
        inside && file { gsub(/\\e/, "\\"); print >file }
        inside && /^\$ / { print substr($0, 3) >"commands" }' "$page"
    [ "$(wc -l <commands)" -ge 8 ] && while read -r command; do
        echo "\$ $command"
        case $command in
        python3*) command -v python3 >/dev/null || continue ;;
        esac
        sh -c "$command" || return 1
    done <commands
}
if [ -n "${NNRUN_INSTALLED-}" ] && [ -z "${DESTDIR-}${NNRUN_SANITIZED-}" ]; then
    check 'the commands of nnrun(3) run' manual
    cd "$work" || exit 99
fi

# ---- the examples ----------------------------------------------------------------------------------------------

classify() {
    "$@" "$best" one.pgm && "$@" "$best" one.pgm >said && grep -q "^one.pgm: $class (" said
}
class=$(sed 's/.*"index":null,"class":\([0-9]*\),.*/\1/' one.pgm.json)
check 'the example classify.c is compiled' cc_client c11 classify "$stage_examples/classify.c"
check '... and says the class of nnrun predict' classify ./classify
refuse 1 '^missing.pgm: No such file or directory$' '... or what is wrong' ./classify "$best" missing.pgm
if [ -x askxx ]; then
    classify_cxx() {
        # shellcheck disable=SC2046,SC2086 # lists of words
        ${NNRUN_CXX:-c++} -std=c++17 -x c++ $stage_flags "$stage_examples/classify.c" $(stage_pkg --cflags --libs nnrun) \
            -o classifyxx
    }
    check '... as C++17, too' classify_cxx
else
    skip '... as C++17, too' 'no C++17 compiler'
fi
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip 'the example nnrun_predict.py says it too' "$sanitized"
elif command -v python3 >said 2>&1; then
    python_example() {
        classify python "$stage_examples/nnrun_predict.py"
    }
    check 'the example nnrun_predict.py says it too' python_example
    python_refused() {
        python "$stage_examples/nnrun_predict.py" "$best" missing.pgm one.pgm
    }
    refuse 1 '^missing.pgm: No such file or directory$' '... or what is wrong' python_refused
    check '... and its module takes paths and bytes, and refuses what would crash' python "$clients/module.py" "$best" \
        one.pgm
else
    skip 'the example nnrun_predict.py says it too' 'no python3'
fi
tap_end
[ "$tap_failures" -eq 0 ]
