#!/bin/sh
# layer_page.sh: what nnrun-layer(3) says of calls, pointers, functions and messages is what a layer meets.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
page=$NNRUN_SOURCE/man/nnrun-layer.3
digits 300 60

# seen TYPE [FLAG...]: the fixture that prints what it sees
seen() {
    type=$1
    shift
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" -I"$NNRUN_SOURCE/tests/plugins" \
        -DTYPE="\"$type\"" "$@" "$NNRUN_SOURCE/tests/plugins/seen.c" -o "$type.so" || exit 99
}
seen seen
seen seen_loss -DTARGET=NNRUN_CLASS

# The settings say what the page's conditions are in each place.
cat >places.cfg <<'E'
input = [1, 28, 28];
data: { directory = "digits"; validation = 50; };
network = ( { type = "seen"; asked = 1; wanted = 0; target = 0; },
            { type = "dense"; units = 10; },
            { type = "seen"; asked = 0; wanted = 1; target = 0; },
            { type = "seen_loss"; asked = 1; wanted = 1; target = 0; },
            { type = "seen_loss"; asked = 0; wanted = 1; target = 1; } );
train: { epochs = 2; batch = 50; threads = 1; };
output: { report = false; };
E
check "a network of layers that print what they see trains" "$nnrun" -q places.cfg --plugin-path . -o run
grep '^call' "$tap_err" >trained
digit=digits/t10k-images-idx3-ubyte.gz
check "and predicts" "$nnrun" predict --plugin-path . run/best.safetensors "$digit"
grep '^call' "$tap_err" | sed 's/target-given=1/target-given=0/' >predicted # there are no labels
for type in seen seen_loss; do
    for asked in 0 1; do # of target and wanted the test knows nothing there
        "$nnrun" gradcheck "./$type.so" asked=$asked wanted=-1 target=-1 2>&1 >/dev/null | grep '^call' >>checked
    done
done

# ---- the table of pointers ---------------------------------------------------------------------------------------

# table CALLS: in each of the calls, each pointer is as the page's table has it.
table() {
    awk '
        function complain(what) { print FILENAME ":" FNR ": " what; failed = 1; exit }
        FNR == 1 { files++ }
        files == 1 && /^\.Sh/ { here = /^\.Sh POINTERS/ }
        files == 1 && here && /^\.El/ { here = 0 }
        files == 1 && here && /^\.It [a-z]/ {
            row = substr($0, 5)
            sub(/ Ta .*/, "", row)
            count = split($0, cell, / Ta /)
            if (count != 4) complain("a row of " count " cells")
            for (i = 2; i <= 4; i++) says[row, i - 1] = cell[i]
            rows[++row_count] = row
        }
        files == 1 { next }
        $2 != "forward" && $2 != "backward" { next }
        {
            for (i = 3; i <= NF; i++) { # name=value, a blank in a name is ","
                equal = index($i, "=")
                value[substr($i, 1, equal - 1)] = substr($i, equal + 1) + 0
            }
            column = $2 == "backward" ? 3 : value["training"] ? 1 : 2
            columns[column]++
            for (r = 1; r <= row_count; r++) {
                row = rows[r]
                name = row
                gsub(/, /, ",", name)
                if (!(name in value)) complain("the layer does not print " row)
                word = says[row, column]
                known = 1
                if (word == "NULL") there = 0
                else if (word ~ /^(read|write|leave|add)( \([1-3]\))?$/) there = 1
                else if (match(word, /, (if|unless) (asked|wanted|given)$/)) {
                    negated = word ~ /, unless /
                    sub(/.* /, "", word)
                    if (word == "given") word = "target-given"
                    known = value[word] >= 0
                    there = negated ? !value[word] : value[word]
                    if (known) met[row, column, there]++
                } else complain("an unknown word in the table: " word)
                if (known && there != value[name])
                    complain(row " is " (value[name] ? "there" : "NULL") ", the page says: " says[row, column])
            }
        }
        END {
            if (failed) exit 1
            if (row_count != 17) { print "rows: " row_count; exit 1 }
            for (r = 1; all && r <= row_count; r++)
                for (c = 1; c <= 3; c++)
                    if (says[rows[r], c] ~ /, / && (!met[rows[r], c, 0] || !met[rows[r], c, 1])) {
                        print rows[r] ", column " c ": not both were met: " says[rows[r], c]
                        exit 1
                    }
            exit !(columns[1] && columns[2] && columns[3]) && all
        }
    ' "$@"
}
check "in trainings and predictions each pointer is NULL where the page says, in all its cases" \
    table all=1 "$page" trained predicted
check "in gradcheck too" table "$page" checked
wrong() {
    sed 's/^\(\.It keep Ta .*\) Ta NULL/\1 Ta write, if asked/' "$page" >wrong.3
    table wrong.3 trained >said
    [ $? -eq 1 ] && grep -q 'keep is NULL, the page says: write, if asked' said
}
check "a table that is wrong would be noticed" wrong

# ---- the life of a layer -----------------------------------------------------------------------------------------

cat >life.cfg <<'E'
input = [1, 28, 28];
data: { directory = "digits"; validation = 50; };
network = ( { type = "dense"; units = 10; }, { type = "seen"; asked = 1; }, { type = "softmax"; } );
train: { epochs = 1; batch = 125; threads = 1; };
output: { report = false; };
E
# order CALLS: the kinds of calls in their order, those that repeat once; a slice is a forward and a backward.
order() {
    awk '
        { kind = $2 ($2 ~ /ward$/ ? ":" $3 : "") }
        kind == last || (kind == "forward:training=1" && last == "backward:training=1") { next }
        kind == "backward:training=1" && slices { last = kind; next }
        { printf "%s ", kind; last = kind; slices = kind == "backward:training=1" }
    ' "$1"
}
life() {
    "$nnrun" -q life.cfg --plugin-path . -o life 2>calls || return 1
    evaluation='make forward:training=0 ' # validation, then the test with the best weights
    step='make forward:training=1 backward:training=1 '
    [ "$(order calls)" = "plan need $step$step$evaluation$evaluation" ] || { order calls; return 1; }
    grep -q '^call plan training=1' calls && ! grep '^call make' calls | grep -v 'w\[0\]=1 w\[1\]=0'
}
check "plan, need, make; per step forward, backward, make; evaluation without backward" life
asked() {
    "$nnrun" predict --plugin-path . life/best.safetensors "$digit" 2>calls || return 1
    [ "$(order calls)" = "plan need make forward:training=0 " ] && grep -q '^call plan training=0' calls
}
check "to predict: plan without training, need, make, forward" asked

# ---- functions and messages --------------------------------------------------------------------------------------

functions() {
    grep -o '^#define nnrun_[a-z0-9_]*' "$NNRUN_SOURCE/src/nnrun/math.h" | sed 's/.* //' | grep -v -e _vec -e _ivec -e _turn >defined
    [ "$(wc -l <defined)" -gt 14 ] || return 1
    while read -r name; do
        grep -q "\\<$name\\>" "$page" || { echo "$name"; return 1; }
    done <defined
}
check "the page has every function of math.h" functions
operators() {
    grep -o '"[A-Z][A-Za-z]*"' "$NNRUN_SOURCE/src/lib/operators/operator_types.c" | tr -d '"' >defined
    [ "$(wc -l <defined)" -gt 30 ] || return 1
    sed -n '/^These operators can be used/,/^\.El/p' "$page" >said
    while read -r name; do
        grep -q "\\<$name\\>" said || { echo "$name"; return 1; }
    done <defined
}
check "and every operator that a layer may describe itself by" operators
# of_c ITEM: the functions of the C library in the lines that follow the item
of_c() {
    sed -n "/^\\.It $1/,/^\\.Vt\\|^and/s/^\\.Li \\([a-z0-9 ]*\\).*/\\1/p" "$page"
}
# using NAME FUNCTION...: a layer whose file needs the functions
using() {
    type=$1
    shift
    {
        printf '#include <math.h>\n#include <stdlib.h>\n'
        sed "s/\"softsign\"/\"$type\"/" "$NNRUN_SOURCE/tests/plugins/softsign.c"
        echo "__attribute__((used)) static void *const needed[] = {"
        for name; do echo "(void *)(size_t)$name,"; done
        echo '};'
    } >"$type.c"
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -fvisibility=hidden -fno-builtin -I"$NNRUN_SOURCE/src" \
        -I"$NNRUN_SOURCE/tests/plugins" "$type.c" -o "$type.so" -lm || exit 99
}
allowed() {
    of_c Allowed >names && [ "$(wc -w <names)" -gt 15 ] || return 1
    # shellcheck disable=SC2046 # a list of words
    using allowed $(cat names) && "$nnrun" gradcheck ./allowed.so
}
check "gradcheck takes the functions of the C library that it allows" allowed
forbidden() {
    of_c 'Not allowed: rounded' | tr ' ' '\n' >names && [ "$(wc -l <names)" -gt 10 ] || return 1
    while read -r name; do
        using forbidden "$name"
        "$nnrun" gradcheck ./forbidden.so 2>&1 | grep -q "uses $name, whose last bits differ" || { echo "$name"; return 1; }
    done <names
}
check "and names each that it does not" forbidden
mistakes() {
    sed -n '/^\.Sh COMMON MISTAKES/,/^\.Sh CRASHES/s/^\.It Li "\(.*\)"$/\1/p' "$page" >messages
    [ "$(wc -l <messages)" -gt 20 ] || return 1
    while read -r message; do
        grep -rqF -e "$message" "$NNRUN_SOURCE/src/lib" "$NNRUN_SOURCE/src/program" || { echo "$message"; return 1; }
    done <messages
}
check "its common mistakes have the words of the program" mistakes

# ---- the examples ------------------------------------------------------------------------------------------------

awk '/^\.\\" file: / { file = $3; next } /^\.Ed/ { file = "" } file { gsub(/\\e/, "\\"); print >file }' "$page"
clean() {
    for compiler in "${NNRUN_CC:-cc}" gcc clang; do
        command -v "${compiler%% *}" >/dev/null 2>&1 || continue
        # shellcheck disable=SC2086 # a command of several words
        $compiler -std=c11 -O2 -fPIC -shared -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I"$NNRUN_SOURCE/src" \
            "$1" -o clean.so || return 1
    done
}
for file in brier.c gain.c; do
    check "$file of the page compiles without a warning" clean $file
done
tap_end
