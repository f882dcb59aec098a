#!/bin/sh
# prose.sh: nnrun speaks plain English: no text that a user reads has a phrase of tests/prose/phrases, where each line has
# an extended regular expression, a tab, and what to write instead.
#
# What is looked at: the strings of the program, the library and the plugins, with it all that --help prints; what recorded
# commands print; the public headers; the manuals, and pages for readers.
. "$NNRUN_SOURCE/tests/tap.sh"
cd "$NNRUN_SOURCE" || exit 99
cut -f 1 tests/prose/phrases >"$work/patterns"

# strings FILE...: "FILE:LINE: STRING" of each string outside of comments, those side by side as one.
strings() {
    awk "$(cat tests/c_text.awk)"'
        function flush() { if (found != "") print place ": " found; found = "" }
        function on_code(c) { if (c !~ /[ \\]/) flush() }
        function on_character() { flush() }
        function on_string(s) {
            if (found == "") place = FILENAME ":" FNR
            found = found substr(s, 2, length(s) - 2)
        }
        function on_line() { }
        END { flush() }' "$@" | sed 's/\\n/ /g; s/\\"/"/g'
}

# plain PROMISE FILE: no line of it has one of the phrases.
plain() {
    while IFS='	' read -r pattern instead; do
        sed 's/no longer/nolonger/g' "$2" | grep -E -- "$pattern" | sed "s|\$|  -- write: $instead|"
    done <tests/prose/phrases >"$work/found"
    if [ -s "$2" ] && [ ! -s "$work/found" ]; then
        tap_result yes "$1"
    else
        tap_result no "$1"
        sed 's/^/# /' "$work/found"
    fi
}

find src/lib src/program plugins -name '*.[ch]' | sort >"$work/files"
# shellcheck disable=SC2046 # names without blanks
strings $(cat "$work/files") >"$work/strings"
grep ' ' "$work/strings" >"$work/said"
plain "messages, helps and docs are in plain words" "$work/said"
grep -H '^' tests/recorded/*.expected | grep -v -E ':(## |\$ )' >"$work/recorded"
plain "so is what commands print" "$work/recorded"
grep -Hn '^' src/nnrun/*.h >"$work/headers"
plain "so are the public headers" "$work/headers"
# What nnrun prints in them, and configs, are looked at elsewhere.
(cd "$NNRUN_SOURCE" && grep -Hn '^' man/*.[1-9] README.md PERFORMANCE.md SECURITY.md CONTRIBUTING.md ARCHITECTURE.md NEWS \
    data/*.md tests/README.md plugins/README.md) | grep -v 'any key can be given behind' >"$work/pages"
plain "so are the manuals and pages" "$work/pages"
echo 'a.c:1: train.epochs wants a value' >"$work/wrong"
found=no
! grep -qE -f "$work/patterns" "$work/wrong" || found=yes
tap_result $found "a phrase of the list is found"
tap_end
