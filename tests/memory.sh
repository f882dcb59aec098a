#!/bin/sh
# memory.sh: nnrun show says how much memory a slice takes and why, and --memory where it lies.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

graph_config graph.cfg
check "show says what a slice takes" "$nnrun" show graph.cfg
says '^memory: [0-9.]+ kB per thread for a slice, ' "in all"
says '^ +fullest in (forward|backward) of [a-z0-9]+: value [0-9.]+, gradient .* kB$' "when it is fullest, and of what"
says '^ +[0-9.]+ kB if no two buffers shared a place$' "and what it would take without sharing"

"$nnrun" show graph.cfg --json >json || exit 99
# rows of the table: a layer, a kind, a size or "in place", a place, a bar
rows='^[A-Za-z0-9_-]+ +(value|gradient|summand|kept|scratch|random) +([0-9.]+|in place) +[0-9.]+  [#.]+\|[#.]+$'
all_rows() {
    "$nnrun" show graph.cfg --memory >table && [ "$(grep -Ec "$rows" table)" -eq "$(grep -o '"kind":' json | wc -l)" ]
}
check "--memory has a row for each buffer of --json" all_rows
for kind in value gradient summand kept scratch random; do
    check "some of them $kind" grep -Eq "^[a-z0-9_]+ +$kind " table
done
check "in the order they come alive" sh -c "sed -n 's/.*  \([#.]*\)|\([#.]*\)\$/\1\2/p' table |
    awk '{ at = index(\$0, \"#\"); if (at < last) exit 1; last = at }'"
check "a layer in another's place among them" grep -Eq '^dropout1 +value +in place ' table

# long LAYERS: a chain of so many, all of one shape
long() {
    awk -v n="$1" 'BEGIN { print "name = \"long\"; input = [16]; network = ("
        for (i = 0; i < n; i++) print "{ type = \"dense\"; units = 16; }, { type = \"tanh\"; },"
        print "{ type = \"softmax\"; });" }' >long.cfg
}
narrow() {
    long "$1" && "$nnrun" show long.cfg --memory >table && [ "$(grep -Ec "$rows" table)" -gt "$1" ] &&
        ! grep -q '.\{101\}' table
}
for layers in 1 20 400; do
    check "the table of a chain of $layers keeps to 100 columns" narrow $layers
done
bytes() {
    long "$1" && "$nnrun" show long.cfg --json | sed 's/.*"apart_bytes"[^}]*"gradient":\([0-9]*\).*/\1/'
}
check "where a chain is fullest there are no more than two gradients" test "$(bytes 400)" -le 2048
tap_end
