#!/bin/sh
# layers.sh: writes what the tables of the layer plugins say into the section LAYERS of nnrun.cfg(5): run by
# `make man-layers`, checked by tests/manual.sh.
#
#   layers.sh NNRUN FOLDER PAGE
#
# Made from the tables: the first sentence below ".Ss TYPE", the lines ".It Ic KEY Pq KIND, DEFAULT, RANGE", what
# each key does, up to a full stop or colon if more is said, and "It has no keys." All else is written by hand, and is
# kept; so is the order of the types. One that the page does not have yet comes last.
set -eu
nnrun=$1
folder=$2
page=$3
for file in "$folder"/*.so; do
    type=${file##*/}
    echo "@ ${type%.so}"
    "$nnrun" layers "$file"
done >"$page.tables"
awk '
    function escape(text) {
        gsub(/\\/, "\\e", text)
        gsub(/"/, "\\(dq", text)
        return text
    }
    # in lines of at most 79 bytes, none but the last of which ends like a sentence
    function put(text, count, words, i, line, next_line) {
        count = split(text, words, " ")
        line = words[1]
        for (i = 2; i <= count; i++) {
            if (length(line) + 1 + length(words[i]) <= 79) {
                line = line " " words[i]
                continue
            }
            next_line = words[i]
            if (match(line, / [^ ]*[.:]$/)) {
                next_line = substr(line, RSTART + 1) " " next_line
                line = substr(line, 1, RSTART - 1)
            }
            print line
            line = next_line
        }
        print line
    }
    # ---- the tables
    FNR == NR && /^@ / { type = $2; types[++type_count] = type; keys[type] = 0; first = 1; next }
    FNR == NR && first { sub(/^[^:]*: /, ""); doc[type] = escape($0); first = 0; next }
    FNR == NR && /^  [a-z]/ {
        key = $1
        names[type, ++keys[type]] = key
        sub(/^ *[^ ]* */, "")
        sub(/, /, /, required/ ? ", " : ", default ")
        spec[type, key] = escape($0)
        next
    }
    FNR == NR && /^               [^ ]/ { sub(/^ */, ""); doc[type, key] = escape($0); next }
    FNR == NR { next }
    FNR == 1 { type = "" }
    # ---- a type of the page: what was written by hand is gathered, then all is put
    function finish(i, k) {
        if (type == "")
            return
        done[type] = 1
        print ".Ss " type
        put(doc[type] ".")
        printf "%s", prose[""]
        if (keys[type] == 0)
            print "It has no keys."
        else
            print ".Bl -tag -width Ds"
        for (i = 1; i <= keys[type]; i++) {
            k = names[type, i]
            print ".It Ic " k " Pq " spec[type, k]
            put(doc[type, k] end[k])
            printf "%s", prose[k]
        }
        if (keys[type] > 0)
            print ".El"
        printf "%s", prose["behind"]
        type = ""
    }
    /^\.S[hs] / {
        finish()
        if (/^\.Sh / && inside)
            for (i = 1; i <= type_count; i++)
                if (!done[types[i]]) { # a new one
                    type = types[i]
                    split("", prose)
                    split("", end)
                    finish()
                }
        if (/^\.Sh /)
            inside = $2 == "LAYERS"
        if (inside && /^\.Ss / && $2 in keys) {
            type = $2
            key = ""
            made = 1
            split("", prose)
            split("", end)
            next
        }
    }
    type == "" { print; next }
    /^\.Bl/ { next }
    /^\.El/ { key = "behind"; made = 0; next }
    /^\.It / { key = $3; made = 1; next }
    made && !/^\./ { # the sentence from the table, as it was
        if (/[.:]$/) {
            end[key] = substr($0, length($0))
            made = 0
        }
        next
    }
    /^It has no keys\.$/ { next }
    { made = 0; prose[key] = prose[key] $0 "\n" }
' "$page.tables" "$page" >"$page.new"
rm "$page.tables"
if cmp -s "$page.new" "$page"; then
    rm "$page.new"
else
    mv "$page.new" "$page"
fi
