#!/bin/sh
# communicators.sh: a communicator that is not what it says, or whose calls fail, is named with the reason, and all ranks end.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 200 40
small_config good.cfg
sed -i 's/validation = 100/validation = 40/; s/epochs = 2/epochs = 1/' good.cfg

# with FOLDER SED: two ranks by comm_sockets.so, of the source as sed changes it
with() {
    mkdir -p "$1"
    sed "$2" "$NNRUN_SOURCE/tests/comm_sockets.c" >"$1/comm_sockets.c"
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        "$1/comm_sockets.c" -o "$1/comm_sockets.so" || exit 99
    timeout 60 "$NNRUN_BUILD/tests/ranks" 2 "$nnrun" -q good.cfg --comm sockets --plugin-path "$1" -o "$1/run"
}
refuse 3 'broken plugin: its name is not \[a-z\]' "a communicator's name is a word" with word 's/name = "sockets"/name = "Sockets"/'
refuse 3 'broken plugin: its doc is not one line' "its doc is a line" with doc 's/\(^    .doc = .*\),$/\1 "\\n2",/'
refuse 3 'broken plugin: nnrun_comm is shorter than it says' "its size is what it says" \
    with short 's/^    .head = NNRUN_COMM_HEAD,/    .head = {NNRUN_COMM_MAGIC, 1, 9, 65000, 0},/'
refuse 1 'communicator "sockets": this is rank 2 of 2, which cannot be' "a rank is below the number of ranks" \
    with rank 's/^    return s->rank;/    return 2;/'
for call in exchange gather broadcast agree; do
    refuse 1 "^nnrun: communicator \"sockets\": $call: it failed without a reason\$" "$call that fails ends all" \
        with $call "s/^    \\.$call = .*/    .$call = (void *)no,/
            /^const struct nnrun_comm /i static int32_t no(void) { return -1; }"
done
tap_end
