#!/bin/sh
# abi.sh: layers compiled for any version of the plugin ABI since 1.0 are loaded, keep the contract, and train as if
# they were compiled today; so is one compiled for a version yet to come.
#
# 1.1 is open until nnrun 1.0.0 is released. It gets a folder beside abi/1.0 then, with its headers and layers, never to
# change again. Until then tests/plugins/packed.c is the layer that uses what it adds (capabilities.sh).
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
today=$NNRUN_SOURCE/src
flags="${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden"

# compile SOURCES HEADERS FOLDER [FLAG...]: both layers against the headers in a folder, to FOLDER/TYPE.so
compile() {
    sources=$1 headers=$2 to=$3
    shift 3
    mkdir -p "$to"
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=c11 $flags "$@" -I"$headers" "$sources/every.c" -o "$to/every.so" &&
        $cxx -std=c++17 $flags "$@" -I"$headers" "$sources/ends.cc" -o "$to/ends.so"
}
# layout LAYOUT HEADERS
layout() {
    printf '#include <nnrun/layer.h>\n#include "%s/layout.h"\n' "$1" >layout.c
    # shellcheck disable=SC2086
    ${NNRUN_CC:-cc} -std=c11 -I"$2" -fsyntax-only layout.c
}
# train FOLDER [OPTION...]: with the layers in it
train() {
    folder=$1
    shift
    "$nnrun" -q abi.cfg --plugin-path "$folder" -o "$folder/run" "$@"
}
summed() {
    (cd "$1" && cksum nnrun/*.h every.c ends.cc layout.h | cmp - SUMS)
}

cxx=${NNRUN_CXX:-c++}
command -v "${cxx%% *}" >/dev/null 2>&1 || {
    skip "layers compiled for older ABIs train" "no C++ compiler"
    tap_end
    exit
}
digits 300 100
small_config abi.cfg
cat >layers <<'END'
    { type = "every"; shift = 0; twice = true; mode = "centred"; noise = 0.5; signs = "+-+"; shifts = [1, -1, 0];
      factors = [0.5, 1, 2.0, 0.25]; },
    { type = "dense"; units = 10; },
    { type = "ends"; }
END
sed -i '/type = "softmax"/d; /type = "dense"/d; /type = "pool"/r layers' abi.cfg
sed 's/"+-+"/"x"/' abi.cfg >wrong.cfg
compile "$NNRUN_SOURCE/tests/abi/1.0" "$today" today || exit 99
check "layers compiled today train" train today --threads 1

for pinned in "$NNRUN_SOURCE"/tests/abi/*.*; do
    abi=${pinned##*/}
    check "the headers and layers of ABI $abi are as they were" summed "$pinned"
    check "the layout of $abi is that of its headers" layout "$pinned" "$pinned"
    check "and of today's" layout "$pinned" "$today"
    check "layers for $abi compile" compile "$pinned" "$pinned" "$abi"
    for type in every ends; do
        check "$type for $abi is loaded" "$nnrun" layers "./$abi/$type.so"
        says "^ABI $abi, code: portable" "and shown as that"
        check "$type for $abi keeps the contract" "$nnrun" gradcheck "./$abi/$type.so"
    done
    refuse_line 3 'wrong\.cfg:[0-9]+: .*"every1" \(every\): signs: "x" is not made of \+ and -' \
        "a reason of every for $abi is shown" "$nnrun" show wrong.cfg --plugin-path "$abi"
    check "the network of both for $abi has right gradients" "$nnrun" gradcheck abi.cfg --plugin-path "$abi"
    check "it trains, on three threads" train "$abi" --threads 3
    same "with the bits of layers compiled today" today/run/best.safetensors "$abi/run/best.safetensors"
    check "its weights of five dimensions are read again" "$nnrun" test "$abi/run/best.safetensors" --plugin-path "$abi"
done

# Headers of the next minor version: a member more at the end of each structure, those of the core's for who needs it.
minor=$(sed -n 's/^#define NNRUN_ABI_MINOR //p' "$today/nnrun/layer.h")
next=$((minor + 1))
mkdir -p next/nnrun
cp "$today"/nnrun/*.h next/nnrun
sed -i "s/^#define NNRUN_ABI_MINOR .*/#define NNRUN_ABI_MINOR $next/
/^struct nnrun_\(setting\|tensor\|layer\) {/,/^};/s/^};/    uint64_t later[3];\n};/
/^struct nnrun_\(plan\|slice\) {/,/^};/s/^};/#if NNRUN_NEEDS >= $next\n    uint64_t later[3];\n#endif\n};/" next/nnrun/layer.h
check "layers compile for ABI 1.$next" compile "$NNRUN_SOURCE/tests/abi/1.0" next next
check "they are loaded" "$nnrun" layers ./next/every.so
says "^ABI 1\.$next, code" "and shown as that"
check "they train" train next --threads 1
same "with the bits of layers compiled today" today/run/best.safetensors next/run/best.safetensors

# A layer of that version with a capability that this nnrun does not have.
# packed FOLDER FLAG...
packed() {
    to=$1
    shift
    mkdir -p "$to"
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=gnu11 $flags "$@" -Inext "$NNRUN_SOURCE/tests/plugins/packed.c" -o "$to/packed.so"
}
sed '/type = "every"/,/factors/d; s/{ type = "ends"; }/{ type = "softmax"; }/; s/"dense"/"packed"/' abi.cfg >packed.cfg
# learn FOLDER
learn() {
    "$nnrun" -q packed.cfg --plugin-path "$1" -o "$1/run" --threads 1
}
check "a layer compiles that has an unknown capability" packed fusion -DMORE=0
check "it is loaded" "$nnrun" layers ./fusion/packed.so
says '^ABI 1\.'$next', code' "for that ABI"
says '^capabilities: derived/1 \(needed\), fusion/1 \(unknown to this nnrun, ignored\)$' "its capabilities are shown"
json() {
    "$nnrun" layers ./fusion/packed.so --json | grep -qF \
        '"capabilities":[{"id":"derived/1","known":true,"needed":true},{"id":"fusion/1","known":false,"needed":false}],'
}
check "in JSON too" json
check "it trains" learn fusion
check "one without compiles" packed derived
check "and trains" learn derived
same "with the same bits" derived/run/best.safetensors fusion/run/best.safetensors
check "a layer compiles that needs the capability" packed needed -DMORE=NNRUN_NEEDED
refuse_line 3 'needed/packed\.so: layer type "packed" needs capability "fusion/1", which this nnrun does not have$' \
    "it is refused, naming both" "$nnrun" layers ./needed/packed.so
refuse 3 'packed\.cfg:[0-9]+: .*needs capability "fusion/1"' "in a config at its place" learn needed
check "layers compile that need it" compile "$NNRUN_SOURCE/tests/abi/1.0" next needs -DNNRUN_NEEDS=$next
refuse_line 3 "every\.so needs ABI 1\.$next; this nnrun has 1\.$minor" "those are refused" "$nnrun" layers ./needs/every.so
tap_end
