#!/bin/sh
# capabilities.sh: what ABI 1.1 adds works in a network: weights in another form are always those of the weights as they
# are, and a layer without backward is used where it can be.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fixtures=$NNRUN_SOURCE/tests/plugins
fault=$NNRUN_BUILD/tests/.libs/fault.so

# compile TYPE FOLDER [FLAG...]: the fixture, as FOLDER/TYPE.so
compile() {
    type=$1
    to=$2
    shift 2
    mkdir -p "$to"
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden \
        -I"$NNRUN_SOURCE/src" -I"$fixtures" "$@" "$fixtures/$type.c" -o "$to/$type.so" || exit 99
}
compile packed packed
compile packed plain -DPLAIN
compile packed forward -DFORWARD_ONLY
compile running forward -DFORWARD_ONLY
digits 300 100
small_config packed.cfg
sed -i 's/type = "dense"; units = 10;/type = "packed"; units = 20; }, { type = "relu"; }, { type = "packed"; units = 10;/
    s/epochs = 2/epochs = 5/; s/rate = 0.05/rate = 0.3/; s/"cosine"/"constant"/' packed.cfg
last=step-000000020.safetensors

# ---- weights in another form: packed has them, plain computes the same without ---------------------------------

# train FOLDER RUN [OPTION...]: with the layers in the folder
train() {
    folder=$1
    run=$2
    shift 2
    "$nnrun" -q packed.cfg --plugin-path "$folder" -o "$run" "$@"
}
# both WHAT: plain and one have the same file
both() {
    same "$1" "plain/run/$2" "one/$2"
}
check "layers without derived weights train" train plain plain/run
check "so do those with them" train packed one --threads 1
both "to the same last weights" $last
both "and, validated in between, to the same best ones" best.safetensors
check "they train on three threads" train packed three --threads 3
same "with the same bits" one/$last three/$last
tested() {
    grep '"event":"test"' "$1/log.jsonl" | sed 's/"seconds":[0-9.]*//'
}
same_test() {
    tested plain/run >plain.log && tested one >one.log && [ -s one.log ] && cmp plain.log one.log
}
check "the test at the end has the same figures" same_test
check "it is one of weights that are not the last" grep -q '"epoch":[1-4][,}]' one.log
for level in portable avx2 avx512; do
    if NNRUN_ISA=$level "$nnrun" layers >/dev/null 2>&1; then
        NNRUN_ISA=$level check "at level $level they train" train packed "$level"
        NNRUN_ISA=$level check "and without them" train plain "plain_$level"
        same "with the same bits" "plain_$level/$last" "$level/$last"
    else
        skip "at level $level they train" "not had here"
    fi
done
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    kill_saving() {
        LD_PRELOAD=$fault FAULT_CALL=write FAULT_PATH=step-000000008 FAULT_KILL=1 train packed killed --threads 3
    }
    expect 137 "a run is killed" kill_saving
    check "and resumed" "$nnrun" -q resume killed --plugin-path packed --threads 1
    same "comes to the same bits" one/$last killed/$last
    same "and the same best ones" one/best.safetensors killed/best.safetensors
else
    skip "a run is killed and resumed" "no fault injection in this build"
fi
# answers FOLDER: what predict and test say of the trained network, with the layers there
answers() {
    "$nnrun" predict one/best.safetensors digits/t10k-images-idx3-ubyte.gz --json --plugin-path "$1" >"$1.json" &&
        "$nnrun" test one/best.safetensors --json --plugin-path "$1" >"$1.test" &&
        [ "$(grep -c '"event":"predict"' "$1.json")" -eq 100 ]
}
check "the trained network is asked and tested with derived weights" answers packed
check "and without" answers plain
same "predict gives the same answers with them and without" plain.json packed.json
same "so does test" plain.test packed.test
# alone FOLDER: what predict says of the first sample, alone in a file, with the layers there
alone() {
    { printf '\0\0\10\3\0\0\0\1' && gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +9 | head -c $((8 + 784)); } \
        >alone.idx
    "$nnrun" predict one/best.safetensors alone.idx --json --plugin-path "$1" | grep -o '"classes":.*' >"$1.alone" &&
        head -n 1 packed.json | grep -o '"classes":.*' | cmp - "$1.alone"
}
check "one sample has the same answer where layers do not evaluate it without lanes" alone packed
check "with derived weights or without" alone plain
check "every layer and the network keep the contract" "$nnrun" gradcheck packed.cfg --plugin-path packed
check "the network can be timed" "$nnrun" time packed.cfg --plugin-path packed --threads 1
check "show tells their size" "$nnrun" show packed.cfg --plugin-path packed
says '^ +[0-9.]+ kB of weights in another form$' "in words"
derived_bytes() {
    "$nnrun" show packed.cfg --plugin-path packed --json | grep -q '"derived_bytes":30208,'
}
check "and in JSON, that of both layers" derived_bytes
compile packed huge -DHUGE
refuse_line 3 'the network needs 11[0-9]+\.. GB of memory and .*layer "packed1" \(packed\) takes most of it' \
    "they are part of the memory that is asked for before training" \
    train huge huge/run network.packed2.type=dense
compile packed large -DLIE_too_large
refuse_line 3 'packed\.cfg:[0-9]+: .*"packed1" \(packed\): its derived weights are too large' \
    "more than can be is refused" "$nnrun" show packed.cfg --plugin-path large
refuse_line 3 'network\.packed1\.units=13: 13 is 100% unlucky; the layer before it, ' "a reason without a format is shown as it is" \
    "$nnrun" show packed.cfg --plugin-path packed network.packed1.units=13

# ---- one sample without lanes: a layer that ends the process there is never asked in another way ------------------

compile alone alone
compile alone stops -DLIE_stops
small_config alone.cfg
sed -i 's/{ type = "softmax"; }/{ type = "alone"; }, &/' alone.cfg
check "a network of layers that evaluate one sample is trained" "$nnrun" -q alone.cfg --plugin-path alone -o lone
stops='^nnrun: layer "alone1" \(alone\), forward for one sample \(portable code\): '
# stopped PROMISE COMMAND...: it ends there, which is named; by a sanitizer without a word
stopped() {
    promise=$1
    shift
    case $NNRUN_SANITIZED in
    *address* | *thread*) expect 134 "$promise" "$@" ;;
    *) refuse_line 1 "$stops" "$promise" "$@" ;;
    esac
}
stopped "predict asks about one picture without lanes" \
    "$nnrun" predict lone/best.safetensors alone.idx --plugin-path stops
check "... about many in slices" "$nnrun" predict lone/best.safetensors digits/t10k-images-idx3-ubyte.gz --plugin-path stops
stopped "time measures one sample without lanes" "$nnrun" time alone.cfg --plugin-path stops --threads 1
# served: serves, is asked about one picture, and ends
served() {
    : >served
    "$nnrun" serve lone/best.safetensors --port 0 --plugin-path stops >>served 2>"$tap_err" &
    server=$!
    tap_children="$tap_children $server"
    tap_wait grep -q http: served || return 99
    { printf 'P5 28 28 255\n' && tail -c 784 alone.idx; } >alone.pgm
    curl -s -o answer --max-time 60 -H 'Content-Type: image/x-portable-graymap' --data-binary @alone.pgm \
        "$(sed -n 's/.* on \(http:.*\)/\1/p' served)predict" && kill "$server" # it was answered
    wait "$server"
}
if ! command -v curl >/dev/null 2>&1 || "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    skip "serve asks about one question's picture without lanes" "no curl or no libmicrohttpd"
else
    stopped "serve asks about one question's picture without lanes" served
fi

# ---- a layer without backward ------------------------------------------------------------------------------------

refuse 3 'packed\.cfg:[0-9]+: .*"packed1" \(packed\): it has no backward pass' "weights without backward cannot be trained" \
    train forward untrained
refuse 3 'packed\.cfg:[0-9]+: .*: it has no backward pass.*; the same of "packed2" on line 8' "each such layer is named" \
    train forward untrained
check "no run folder is left" test ! -e untrained
refuse 3 '"packed1" \(packed\): it has no backward pass' "a run is not resumed with it" \
    "$nnrun" resume one --plugin-path forward train.epochs=5
check "a trained network is tested and asked with it" answers forward
same "with the same figures" packed.test forward.test
same "and the same answers" packed.json forward.json
check "show shows a network that has it" "$nnrun" show packed.cfg --plugin-path forward
says '^it cannot be trained: .*"packed1" \(packed\): it has no backward pass' "saying that it cannot be trained"
trainable() {
    "$nnrun" show packed.cfg --plugin-path "$1" --json | grep -q "\"trainable\":$2,"
}
check "and so does --json" trainable forward false
check "which tells it from others" trainable packed true
check "nnrun layers tells it" "$nnrun" layers ./forward/packed.so
says '^no backward pass: for evaluation alone$' "in words"
check "gradcheck checks its forward" "$nnrun" gradcheck ./forward/packed.so
says '^40 cases checked, 40 of them forward only, for lack of a backward, .* all good$' "and says so"
cp "$tap_out" checked
expect 1 "it knows of no gradient" grep -q 'largest error' checked
sed 's/^network = (/&\n    { type = "running"; },/' packed.cfg >front.cfg
check "where no weights are before it, it is in a network that trains" "$nnrun" -q front.cfg --plugin-path forward \
    --plugin-path packed network.packed1.type=dense network.packed2.type=dense -o front
compile running with
check "with the bits it has with a backward" "$nnrun" -q front.cfg --plugin-path with network.packed1.type=dense \
    network.packed2.type=dense -o front_with
same "which is never called" front/$last front_with/$last
sed 's/{ type = "softmax"; }/{ type = "running"; }, &/' packed.cfg >back.cfg
refuse 3 'back\.cfg:[0-9]+: .*"running1" \(running\): it has no backward pass' "behind weights it is not" \
    "$nnrun" -q back.cfg --plugin-path forward network.packed1.type=dense network.packed2.type=dense -o back
tap_end
