#!/bin/sh
# house.sh: the structure of src: dependencies point one way, and the library does nothing that is a program's.
#
# tests/house/rooms lists the rooms, lowest first: a file includes files of its own room and of lower ones, those
# earlier in that list. tests/house/owed lists what still breaks a rule, "FILE: WHAT", and only ever gets shorter: an entry
# that is true no more fails, too.
. "$NNRUN_SOURCE/tests/tap.sh"
cd "$NNRUN_SOURCE" || exit 99
owed=$NNRUN_SOURCE/tests/house/owed
lib=$(find src/lib -name '*.[ch]' | sort)
archives='src/lib/.libs/libbase.a src/lib/.libs/libcore.a src/lib/.libs/libcheck.a'
all=$(find src -name '*.[ch]' | sort)
empty='no files found'
[ -n "$lib" ] || { echo "Bail out! $empty"; exit 99; }

# holds RULE PROMISE COMMAND...: the faults it prints, "FILE: WHAT", are those `owed` lists for the rule, and no others.
holds() {
    rule=$1
    promise=$2
    shift 2
    "$@" | sort -u >"$work/found"
    sed -n "s/^$rule: //p" "$owed" | sort >"$work/listed"
    if cmp -s "$work/found" "$work/listed"; then
        tap_result yes "$promise"
    else
        tap_result no "$promise"
        diff "$work/listed" "$work/found" | sed -n 's/^>/# new:/p; s/^</# listed as owed, but mended:/p'
    fi
}

# FILE ROOM/HEADER of each include of a header in src: those in quotes name the room.
includes() {
    # shellcheck disable=SC2086 # a list of words
    awk 'FNR == 1 { name = FILENAME } match($0, /^#include "[a-z_]+\/[a-z_]+\.h"/) {
            header = substr($0, 11); sub(/".*/, "", header); print name, header }' $all
}
includes >"$work/includes"

# Rooms, one a line; a file's room is its folder.
arrows() {
    awk 'NR == FNR { rank[$1] = NR; next }
        { room = $1; sub(/^src\/(lib\/|program\/)?/, "", room); sub(/\/.*/, "", room)
          if ($1 == "src/program/main.c") room = "main"
          to = $2; sub(/\/.*/, "", to)
          if (!(room in rank)) print $1 ": " room " is no room of tests/house/rooms"
          else if (!(to in rank)) print $1 ": " $2 " is in no room"
          else if (rank[to] > rank[room]) print $1 ": " $2 }' tests/house/rooms "$work/includes"
}
holds arrow "a file includes only headers of its own room and of lower rooms, those earlier in tests/house/rooms" arrows

# The program stands on nnrun.h and the rooms base and setting, but for the files in tests/house/inner, which look into
# inner rooms of the library: the fewer, the more any program can do.
inner() {
    awk '{ to = $2; sub(/\/.*/, "", to) }
        $1 ~ /^src\/lib\// { lib = $1; sub(/^src\/lib\//, "", lib); sub(/\/.*/, "", lib); library[lib]; next }
        { file[NR] = $1; room[NR] = to; last = NR }
        END { for (i = 1; i <= last; i++) if (room[i] in library && room[i] != "base" && room[i] != "setting") print file[i] }' \
        "$work/includes" | sort -u | diff tests/house/inner - |
        sed -n 's/^> \(.*\)/\1: looks into the library/p; s/^< \(.*\)/\1: is in tests\/house\/inner, and need not/p'
}
holds inner "of the program only the files in tests/house/inner look into inner rooms of the library" inner

# A file is its .c and .h together: what it includes, transitively, must not lead back to it.
include_edges() {
    awk '{ file = $1; sub(/^src\/(lib\/|program\/)?/, "", file); sub(/\.[ch]$/, "", file)
           header = $2; sub(/\.h$/, "", header)
           if (file != header) print file, header }' "$work/includes"
}
# Nor may what it calls, by the symbols of its object, lead back.
call_edges() {
    for archive in $archives src/program/libprogram.a; do
        nm -A "$NNRUN_BUILD/$archive" 2>/dev/null
    done | awk '{ split($1, at, ":"); file = at[2]; sub(/^lib[a-z]*_l?a-/, "", file); sub(/\.o$/, "", file)
        if ($(NF - 1) == "U") uses[file " " $NF]; else if ($(NF - 1) ~ /^[A-Z]$/) owner[$NF] = file }
        END { for (use in uses) { split(use, part, " "); to = owner[part[2]]
              if (to != "" && to != part[1]) print part[1], to } }'
}
# circles COMMAND: the files in circles of the edges that it prints.
circles() {
    "$1" | sort -u >"$work/edges"
    [ -s "$work/edges" ] || echo "no edges found: $1"
    tsort <"$work/edges" 2>&1 >/dev/null | sed -n 's/^tsort: \([a-z_/]*\)$/\1: in a circle/p'
}
holds circle "no files include each other in a circle" circles include_edges
holds call "no files call each other in a circle" circles call_edges

# A file is read in one sitting, a function seen on one screen: braces at the start of a line begin and end it.
lengths() {
    # shellcheck disable=SC2086 # a list of words
    awk 'FNR == 1 { if (lines > 400) print name ": over 400 lines"; name = FILENAME; start = 0 }
        { lines = FNR }
        /^\{/ { start = FNR }
        /^\}/ && start { if (FNR - start - 1 > 50) print name ": a function over 50 lines"; start = 0 }
        END { if (lines > 400) print name ": over 400 lines" }' $all
}
holds length "no file is longer than 400 lines and no function than 50" lengths

# split FILE: what is outside of comments: each string on a line of its own that begins with a quote, the rest behind
# a blank. A key of a table, .name = "...", is none of the strings.
split() {
    awk "$(cat tests/c_text.awk)"'
        function flush() { if (out != "") print " " out; out = "" }
        function on_code(c) { out = out c }
        function on_character() { out = out "0" }
        function on_string(s) { if (out !~ /\.name = $/) { flush(); print s } }
        function on_line() { flush() }' "$1"
}

# called PATTERN, said PATTERN: each match in the library's code, or each string that has one: "FILE: MATCH".
called() {
    for file in $lib; do
        split "$file" | sed -n 's/^ //p' | grep -oE "$1" | sed "s|^|$file: |; s/(\$//"
    done
}
said() {
    for file in $lib; do
        split "$file" | grep '^"' | grep -E -- "$1" | sed "s|^|$file: |"
    done
}
holds getenv "the library asks no environment variable" called '\b(secure_)?getenv\b'
holds exit "the library ends no process" called '\b(exit|_exit|_Exit|quick_exit|abort)\('
holds print "the library prints nothing" called '\b(stdout|stderr)\b|\b(v?printf|puts|putchar|perror)\('
holds status "the library knows no exit status" called '\b(STATUS_[A-Z]+|EXIT_[A-Z]+)\b'
holds process "the library leaves the state of the process alone" \
    called '\b(setlocale|json_set_alloc_funcs|sigaction|signal|sigprocmask|atexit|umask|chdir|setrlimit)\('
commands='train|resume|sweep|test|predict|serve|report|export|show|layers|gradcheck|time|pack|help'
holds words "no string of the library names an option, a command or an environment variable" \
    said "(^|[^-])--[a-z]|nnrun ($commands)|nnrun-(fetch|make)|NNRUN_(ISA|PLUGIN_PATH)"

# Layers are data: the library has none of their names.
types=$(cd plugins && for file in *.c; do printf '%s|' "${file%.c}"; done)
holds layers "the library names no layer type" said "^\"(${types%|})\"\$"

# Objects of the library have no variables: no bytes in .data, .bss or their thread-local sisters.
variables() {
    for archive in $archives; do
        size -A "$NNRUN_BUILD/$archive" | awk -v archive="$archive" '
            /:$/ { name = $1; sub(/^lib[a-z]*_la-/, "", name) }
            $1 ~ /^\.t?(data|bss)(\.|$)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 { print name ": " $1 }
            END { if (name == "") print archive ": no objects found" }'
    done
}
if [ -n "$NNRUN_SANITIZED" ]; then
    skip "no object of the library has variables" "sanitizers add their own"
else
    holds variable "no object of the library has variables" variables
fi

# A page that names what is no more misleads.
places() {
    for page in ARCHITECTURE.md CONTRIBUTING.md; do
        # shellcheck disable=SC2016 # backquotes are what is looked for
        grep -oE '`(src|plugins|tests|tools)/[^` ]*`' "$page" | tr -d '`' | sort -u | while IFS=: read -r file name; do
            if [ ! -e "$file" ]; then
                case $file in *softplus* | *classes* | *NAME*) ;; *) echo "$page: $file" ;; esac
            elif [ -n "$name" ] && ! grep -qE "^[a-z].*\\b$name\\(" "$file"; then
                echo "$page: $file:$name"
            fi
        done
    done
}
holds place "the files and functions that ARCHITECTURE.md and CONTRIBUTING.md name exist" places
# A size_t may have 32 bits: shifted by as many it is undefined. Compilers say so, of the files that shift so far; the C
# library's headers name a file that only 32-bit packages have.
promise="no shift is as wide as what is shifted, where size_t has 32 bits"
mkdir -p "$work/gnu" && : >"$work/gnu/stubs-32.h"
printf '#include <stdio.h>\n#include <string.h>\nchar size[sizeof(size_t) == 4 ? 1 : -1];\n' >"$work/narrow.c"
# narrow FILE: compiled for 32 bits, nothing is said of shifts
narrow() {
    # shellcheck disable=SC2086 # several words
    $NNRUN_CC -m32 -msse2 -std=gnu11 -fsyntax-only -Werror=shift-count-overflow -DNNRUN_NEEDS=1 -isystem "$work" \
        -isystem "/usr/include/$($NNRUN_CC -print-multiarch 2>/dev/null)" -Isrc -Isrc/lib "$1"
}
too_wide() {
    find src plugins -name '*.c' -exec grep -lE '(<<|>>) *(3[2-9]|[4-6][0-9])' {} + | while read -r file; do
        narrow "$file" 2>"$work/said" || echo "$file: $(grep -m 1 error: "$work/said")"
    done
}
if narrow "$work/narrow.c" 2>/dev/null; then
    holds narrow "$promise" too_wide
else
    skip "$promise" "this compiler makes no 32-bit code"
fi

# Words in backquotes that are tests, and what is behind make.
tests_named() {
    sed -n 's/^\([a-z][a-z -]*\):.*/\1/p' Makefile.am tools/local.mk tests/local.mk man/local.mk | tr ' ' '\n' >"$work/targets"
    printf '%s\n' check distcheck install >>"$work/targets"
    for page in SECURITY.md tests/README.md; do
        # shellcheck disable=SC2016 # backquotes are what is looked for
        grep -oE '`[^`]+`' "$page" | tr -d "\`'" | tr ' =' '\n' | sort -u | while read -r word; do
            case ${word#tests/} in
            *NAME* | *'*'* | *[!a-z_./]*) continue ;;
            unit_* | fuzz_* | every_float) file=tests/${word#tests/}.c ;;
            *.sh) file=tests/${word#tests/} ;;
            *) continue ;;
            esac
            [ -f "$file" ] || echo "$page: $word"
        done
        grep -oE '`make [a-z-]+' "$page" | sed 's/.* //' | sort -u | grep -vxFf "$work/targets" | sed "s|^|$page: make |"
    done
}
holds tests "the tests and targets that SECURITY.md and tests/README.md name exist" tests_named
tap_end
