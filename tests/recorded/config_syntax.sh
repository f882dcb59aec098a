#!/bin/sh
# config_syntax.sh: what is said of the text of a config, before any of its keys is looked at.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg

# wrong PROMISE SED: good.cfg changed so is refused
wrong() {
    edit "$2"
    record "$1" nnrun bad.cfg
}
# text PROMISE TEXT...: a config of these lines is refused
text() {
    tap_what=$1
    shift
    printf '%s\n' "$@" >text.cfg
    show_lines text.cfg
    record "$tap_what" nnrun show text.cfg
}

# ---- words and signs -------------------------------------------------------------------------------------------

wrong "a syntax error names file and line" 's/type = "softmax"; }/type "softmax"; }/'
wrong "a missing quote" '1s/"small"/"small/'
wrong "typographic quotes" 's/"conv"/“conv”/'
wrong "quotes of one stroke" "s/\"conv\"/'conv'/"
wrong "a word without quotes" 's/"conv"/conv/'
wrong "a key in quotes, as in JSON" '5s/type = "conv"/"type": "conv"/'
wrong "a value without a key" '5s/type = "conv"/"conv"/'
wrong "a key without a value" '1s/"small"//'
wrong "a comma behind the last layer" 's/{ type = "softmax"; }/&,/'
wrong "a comma missing between layers" '6s/},/}/'
wrong "a semicolon between layers" '6s/},/};/'
wrong "a bracket that is not closed" '2s/\]//'
wrong "a list that is not closed" '10s/);//'
wrong "a group that is not closed" '3s/ };/;/'
wrong "a bracket too many" '3s/ };/ } };/'
wrong "brackets of two kinds" '2s/\]/)/'
wrong "a comment that does not end" '1s|^|/* |'
wrong "a comment of Python's" '1s/^/"""a network"""\n/'
wrong "a typographic dash" 's/0\.05/1e–3/; 1s/"small"/–1/'
wrong "a space that is none" "1s/ = /$(printf '\302\240')= /"
wrong "a letter of another alphabet" '1s/name/нame/'
wrong "braces around it all, as in JSON" '1s/^/{ /'
wrong "a section, as in INI files" '1s/^/[net] /'
wrong "indented keys, as in YAML" 's/train: {/train:/'
wrong "a key with dots" '1s/^/train.epochs = 2; /'
wrong "a comment with a percent sign" '1s/^/% /'
wrong "an unquoted word in a list" '2s/28\]/wide]/'
wrong "a key that is there twice" '1s/$/ name = "other";/'
wrong "one that is there twice in a layer" 's/stride = 2/kernel = 3/'
wrong "one that is there twice in a group further down" 's/batch = 50/epochs = 50/'
wrong "an unknown escape in a text" '1s/small/sm\\qall/'
wrong "a text that goes over a line's end" '1s/small/sm\nall/'
wrong "no control character belongs into a config" "1s/small/sm$(printf '\001')all/"
wrong "a number with two points" 's/0\.05/0.0.5/'
wrong "a number with letters behind" 's/batch = 50/batch = 50x/'
wrong "a number beyond all numbers" 's/0\.05/1e999/'
wrong "a number that is not 0 does not become it" 's/0\.05/1e-400/'
wrong "nor does a layer's, or one below 0" 's/"relu"/"elu"; alpha = -0.1e-999/'
printf 'optimizer = { rate = 2e-324; };\n' >rate.cfg
wrong "nor one in an included file" 's/optimizer: .*; }; schedule/\n@include "rate.cfg"\nschedule/'
no_edit
record "nor one on the command line" nnrun show good.cfg train.optimizer.rate=1e-400
record "0 itself may have an exponent" nnrun show -q good.cfg train.optimizer.rate=0.0e-400
wrong "an integer too large is not cut" 's/epochs = 2/epochs = 99999999999/'
wrong "an integer with an L is no other integer" 's/epochs = 2/epochs = 2L/'
wrong "a hexadecimal number too large" 's/epochs = 2/epochs = 0xfffffffff/'
wrong "nan is no number" 's/0\.05/nan/'
wrong "an expression is not computed" 's/batch = 50/batch = 5 * 10/'
wrong "an option of the command line" '1s/^/--epochs 3\n/'
wrong "a list of unlike values in brackets" '2s/\[1, 28, 28\]/[1, "a", 28]/'
text "no text at all" ''
text "nothing but a comment" '# nothing'
text "a bare value" '5'
text "groups in one another, a hundred deep" "a = $(printf '{ a = %.0s' $(seq 100)) 1 $(printf '}; %.0s' $(seq 100))"
text "lists in one another, a hundred deep" "a = $(printf '( %.0s' $(seq 100)) 1 $(printf ') %.0s' $(seq 100));"
printf 'name = "a\377";\n' >latin.cfg
no_edit
record "text that is not UTF-8" nnrun show latin.cfg
printf 'name = "a\000b";\n' >zero.cfg
record "a byte of zero" nnrun show zero.cfg
printf '\377\376n\000a\000' >utf16.cfg
record "text in UTF-16" nnrun show utf16.cfg
{ printf '\357\273\277'; cat good.cfg; } >mark.cfg
record "a byte order mark is passed over" nnrun show -q mark.cfg
sed 's/$/\r/' good.cfg >dos.cfg
record "lines may end as in DOS" nnrun show -q dos.cfg
sed 's/ = /:/g; s/;/,/g; s/, }/ }/g' good.cfg >loose.cfg
record ": stands for =, and for ; a comma, or nothing" nnrun show -q loose.cfg
sed 's/epochs = 2/epochs = 0x2/; s/"small"/"sm" "all"/' good.cfg >parts.cfg
record "a text may come in parts, a number in hexadecimal" sh -c 'nnrun show --keys parts.cfg | grep -e ^name -e epochs'

# ---- several at once -------------------------------------------------------------------------------------------

wrong "all errors of a file are reported together, in the order of lines" \
    's/batch = 50/batch = 0/; s/units = 10/unit = 10/; s/"relu"/"relux"/'
record "those of the command line last" nnrun bad.cfg train.epochs=abc
wrong "with those of how layers are connected" 's/units = 10/unit = 10/
    s/{ type = "relu"; }/{ type = "add"; inputs = ("cnov1", "conv1", "input"); }, { type = "relu"; inputs = ("conv1", "add1"); }/
    s/{ type = "pool"/{ type = "poll"; inputs = "conv1"; }, &/'
wrong "a syntax error is said alone" 's/batch = 50/batch = 0/; s/"small";/"small/'

# ---- files -----------------------------------------------------------------------------------------------------

no_edit
mkdir sub
echo 'input = 5;' >only.cfg
printf '@include "only.cfg"\n' >include.cfg
record "what an include brings is checked with the file" nnrun show include.cfg
sed 's/batch = 50/batch = 0/' good.cfg >sub/part.cfg
printf '@include "sub/part.cfg"\n' >include.cfg
record "an error names the file it is in" nnrun show include.cfg
sed '/^network/i @include "sub/train.cfg"' good.cfg | sed '/^train/d' >include.cfg
printf '\ntrain: { epoch = 3; };\n' >sub/train.cfg
record "and the line there" nnrun show include.cfg
sed 's/epoch /epochs /' sub/train.cfg >sub/right.cfg && mv sub/right.cfg sub/train.cfg
record "an include in a config" sh -c 'nnrun show --keys include.cfg | grep ^train.epochs'
echo 'name = "a";' >outside.cfg
printf '@include "../outside.cfg"\n' >sub/out.cfg
record "an include outside its folder is refused" nnrun sub/out.cfg
printf '@include "/etc/passwd"\n' >absolute.cfg
record "an absolute one too" nnrun absolute.cfg
ln -s ../outside.cfg sub/link.cfg
printf '@include "link.cfg"\n' >sub/linked.cfg
record "and one that a link leads outside" nnrun sub/linked.cfg
printf '@include "self.cfg"\n' >self.cfg
record "an include of itself is refused" nnrun self.cfg
printf '@include "nosuch.cfg"\n' >missing.cfg
record "an include that is missing" nnrun missing.cfg
printf '@include "sub"\n' >folder.cfg
record "an include of a folder" nnrun folder.cfg
printf '@include only.cfg\n' >unquoted.cfg
record "an include without quotes" nnrun unquoted.cfg
truncate -s 100M huge.cfg
record "a 100 MB file is refused" nnrun huge.cfg
awk 'BEGIN { for (i = 0; i < 3000; i++) print "// 3000 lines of comment, each of them" }' >long.cfg
record "so is one of more than 64 KiB" nnrun long.cfg
record "a missing config is named" nnrun nosuch.cfg
record "a folder in place of a config is refused" nnrun sub
record "an empty name" nnrun show ''
record_end
