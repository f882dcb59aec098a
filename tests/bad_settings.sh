#!/bin/sh
# bad_settings.sh: of every setting of every layer type that `nnrun layers` has, values just out of its range, and
# others of a wrong kind, are refused with one line that names file, line, layer and setting; those at the ends are not.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# table_of TYPE: a line for each setting: its name, kind, "required" or default, least and most value, whether each end is
# open (1) or belongs to it (0); fields between "|", alternatives of a choice between ","
table_of() {
    "$nnrun" layers "$1" | sed -n 's/^  \([a-z][a-z0-9_]*\) *\([^ ].*\)/\1, \2/p' | awk -F ', ' '{
        gsub(/\|/, ",", $2)
        split($4, range, " ")
        print $1 "|" $2 "|" $3 "|" range[1] "|" range[5] "|" (range[2] == "<") "|" (range[4] == "<") }'
}

# values_of KIND LOW HIGH OPEN_LOW OPEN_HIGH: lines of "bad" or "good", a value, and what is said of a bad one
values_of() {
    awk -v kind="$1" -v low="$2" -v high="$3" -v open_low="$4" -v open_high="$5" '
        function say(verdict, value, message) { print verdict "|" value "|" message }
        function beyond(end, sign) {
            if (kind ~ /real/)
                return sprintf("%.15g", end + sign * 1e-9 * (end > 1 ? end : end < -1 ? -end : 1))
            return sprintf("%.0f", end + sign)
        }
        function number(text) { return kind ~ /int/ ? sprintf("%.0f", text) : text }
        BEGIN {
            out = "is out of range, expected "
            if (kind ~ /int|real/) {
                say("bad", open_low ? number(low) : beyond(low, -1), out)
                say("bad", open_high ? number(high) : beyond(high, 1), out)
                say("bad", "-99999999999", out)
                if (!open_low) say("good", number(low))
                if (!open_high) say("good", number(high))
                say("bad", "\"nan\"", "expected ")
                say("bad", "true", "expected ")
                say("bad", "{ }", "expected ")
                say("bad", "()", "expected ")
                if (kind ~ /^int/) say("bad", "1.5", "expected a whole number")
                if (kind ~ /^(int|real)$/) say("bad", "(1, 1)", "expected .*, got a list")
                else {
                    most = kind; gsub(/[^0-9 ]/, "", most); split(most, ends, " ")
                    list = low
                    for (i = 1; i <= ends[2]; i++) list = list ", " low
                    say("bad", "(" list ")", "a list of [0-9]+ is too long")
                    say("bad", "(" high ", " beyond(high, 1) ")", "item 2: .*" out)
                }
            } else if (kind == "bool") {
                say("good", "true"); say("good", "false")
                say("bad", "2", "expected true or false"); say("bad", "\"yes\"", "expected true or false")
            } else { # a choice
                count = split(kind, words, ",")
                for (i = 1; i <= count; i++) say("good", "\"" words[i] "\"")
                say("bad", "\"" words[1] "x\"", "is not known; did you mean \"" words[1] "\"")
                say("bad", "\"somethingelse\"", "is not known, expected ")
                say("bad", "1", "expected \"" words[1] "\"")
            }
        }'
}

# network TYPE SETTINGS: a config with such a layer in line 3
network() {
    inputs=
    case $("$nnrun" layers "$1" --json) in
    *'"inputs":[2,'*) inputs='inputs = ("input", "input");' ;;
    esac
    printf 'input = [4, 8, 8];\nnetwork = (\n    { type = "%s"; name = "it"; %s %s },\n' "$1" "$inputs" "$2"
    printf '    { type = "dense"; units = 4; },\n    { type = "softmax"; } );\n'
}

# one COMMAND...: what is wrong with it is said in one line
one() {
    "$@" >said 2>why
    [ $? -eq 3 ] && [ "$(wc -l <why)" -eq 1 ]
}

# refused TYPE OTHERS SETTING KIND LOW HIGH OPEN_LOW OPEN_HIGH; OTHERS: the other settings that must be given
refused() {
    type=$1
    others=$2
    setting=$3
    shift 3
    values_of "$@" >values
    [ "$(grep -c '^bad' values)" -ge 2 ] || return 1
    while IFS='|' read -r verdict value message; do
        network "$type" "$others $setting = $value;" >file.cfg
        network "$type" "$others" >plain.cfg
        if [ "$verdict" = good ]; then
            "$nnrun" show file.cfg 2>&1 | grep "it\" ($type): $setting: .*\(expected\|known\)" && return 1
        elif ! one "$nnrun" show file.cfg ||
            ! grep -Eq "^nnrun: file\.cfg:3: layer \"it\" \($type\): $setting: .*$message" why; then
            echo "$setting = $value, \"$message\" expected:" && cat why && return 1
        elif ! one "$nnrun" show plain.cfg "network.it.$setting=$value" ||
            ! grep -Eq "^nnrun: command line: network\.it\.$setting=.*$message" why; then
            echo "network.it.$setting=$value, \"$message\" expected:" && cat why && return 1
        fi
    done <values
}

# required TYPE OTHERS SETTING: leaving it out is refused
required() {
    network "$1" "$2" >file.cfg
    one "$nnrun" show file.cfg && grep -Eq "^nnrun: file\.cfg:3: layer \"it\" \($1\): $3: missing, expected " why
}

unknown() {
    network "$1" "$2 nonsense_key = 1;" >file.cfg
    one "$nnrun" show file.cfg && grep -Eq "^nnrun: file\.cfg:3: layer \"it\" \($1\): nonsense_key: unknown key" why
}

settings=0
for type in $("$nnrun" layers --json | sed 's/.*"type":"\([a-z0-9_]*\)".*/\1/'); do
    table_of "$type" >table
    all=
    while IFS='|' read -r name kind given rest; do
        [ "$given" != required ] || all="$all $name = 1;"
    done <table
    check "$type: an unknown key is refused" unknown "$type" "$all"
    while IFS='|' read -r name kind given low high open_low open_high; do
        settings=$((settings + 1))
        others=$(echo "$all" | sed "s/ $name = 1;//")
        check "$type: wrong values of $name are refused" refused "$type" "$others" "$name" "$kind" "$low" "$high" \
            "$open_low" "$open_high"
        [ "$given" != required ] || check "$type: $name is missed" required "$type" "$others" "$name"
    done <table
done
check "there were settings to try" test "$settings" -ge 20

# what reads as a number nowhere
network dropout '' >file.cfg
for word in nan inf NaN -inf 0.5.0; do
    refuse_line 3 '^nnrun: command line: network\.it\.rate=.*' "$word is no number on the command line" \
        "$nnrun" show file.cfg "network.it.rate=$word"
    network dropout "rate = $word;" >word.cfg
    refuse_line 3 '^nnrun: word\.cfg:3: ' "$word is none in a config" "$nnrun" show word.cfg
done
tap_end
