#!/bin/sh
# abi_comm.sh: communicators compiled for any version of their contract since 1.0 are loaded, and ranks that they join come to
# the bits of one process. Today's header is theirs with more at the end.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
today=$NNRUN_SOURCE/src
ranks=$NNRUN_BUILD/tests/ranks

# compile SOURCES HEADERS FOLDER: the communicator there against the header in a folder, to FOLDER/comm_pairs.so
compile() {
    mkdir -p "$3"
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -fvisibility=hidden -I"$2" "$1/comm_pairs.c" \
        -o "$3/comm_pairs.so"
}
# layout LAYOUT HEADERS
layout() {
    printf '#include <nnrun/comm.h>\n#include "%s/layout.h"\n' "$1" >layout.c
    # shellcheck disable=SC2086
    ${NNRUN_CC:-cc} -std=c11 -I"$2" -fsyntax-only layout.c
}
# train FOLDER COMMAND...: three ranks by the communicator there
train() {
    folder=$1
    shift
    timeout 60 "$ranks" 3 "$nnrun" -q "$@" --comm pairs --plugin-path "$folder"
}
summed() {
    (cd "$1" && cksum nnrun/*.h comm_pairs.c layout.h | cmp - SUMS)
}

digits 900 100
graph_config good.cfg
sed -i 's/batch = 50/batch = 150/' good.cfg
"$nnrun" -q good.cfg -o one || exit 99
for pinned in "$NNRUN_SOURCE"/tests/abi/comm/*; do
    abi=${pinned##*/}
    check "the header and the communicator of $abi are as they were" summed "$pinned"
    check "the layout of $abi is that of its header" layout "$pinned" "$pinned"
    check "and of today's" layout "$pinned" "$today"
    check "the communicator for $abi compiles" compile "$pinned" "$pinned" "$abi"
    check "three ranks train by it" train "$abi" good.cfg -o "$abi/run"
    same "to the bits of one process" one/best.safetensors "$abi/run/best.safetensors"
    check "they resume by it" train "$abi" resume "$abi/run" train.epochs=3
    refuse 3 '^nnrun: 9 ranks are more than the 8 groups of a step' "what fails is told by it" \
        timeout 60 "$ranks" 9 "$nnrun" -q good.cfg --comm pairs --plugin-path "$abi" -o many
    check "its source compiles today" compile "$pinned" "$today" "again-$abi"
    check "and trains" train "again-$abi" good.cfg -o "again-$abi/run"
    same "to the same bits" one/best.safetensors "again-$abi/run/best.safetensors"
done
tap_end
