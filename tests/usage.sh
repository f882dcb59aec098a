#!/bin/sh
# usage.sh: --help and tables fit a screen, and a command takes the options that its help has and no other. What is
# said in each case is in recorded/usage.sh.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

"$nnrun" --help | sed -n 's/^  \([a-z]*\)  *[A-Z[].*/\1/p' >commands
# Options of one command alone are in its help only.
while read -r command; do
    "$nnrun" "$command" --help | grep -e '^  *-'
done <commands >own
"$nnrun" --help | cat - own | grep -o -e '--[a-z][a-z-]*' | grep -v -e '--help' -e '--version' | sort -u >options

# ---- help ------------------------------------------------------------------------------------------------------

# screen LINES COMMAND...: what it prints has at most so many lines, of at most 80 columns.
screen() {
    most=$1
    shift
    "$@" >shown && awk -v most="$most" 'length > 80 { print; bad = 1 } END { exit bad || NR > most }' shown
}
check "--help fits a screen of 24 lines and 80 columns" screen 24 "$nnrun" --help
while read -r command; do
    check "$command --help does" screen 24 "$nnrun" "$command" --help
    cp shown "help.$command"
    check "it begins with how to call it" grep -q "^usage: nnrun $command " shown
    check "help $command is the same" sh -c "'$nnrun' help $command | cmp - help.$command"
    check "-h is the same, wherever it stands and whatever else does" sh -c "'$nnrun' -h $command a b --json | cmp - help.$command"
done <commands
check "all commands were tried" test "$(wc -l <commands)" -ge 7

# ---- tables ------------------------------------------------------------------------------------------------------

# Without the lists of inputs, which may be long.
table() {
    "$nnrun" show "$1" | sed -n '3,/^$/s/  <- .*//p; 3,/^$/p' >rows && grep -q ' in place$' rows &&
        awk 'length > 80 && !/ <- / { print; bad = 1 } END { exit bad }' rows
}
for config in lenet mlp caffe-lenet linear lenet-1998 resnet-mini fashion cnn; do
    check "the table of $config.cfg has at most 80 columns" table "$NNRUN_SOURCE/configs/$config.cfg"
done

# ---- options of commands -----------------------------------------------------------------------------------------

# takes COMMAND: each option of its help is taken; each other one is refused, naming the commands that take it.
takes() {
    while read -r option; do
        value=$(sed -n "s/^.*$option \([A-Z][A-Z,./]*\)  .*/\1/p" help.* | head -n 1)
        case $value in N*) value=1 ;; I/N) value=1/1 ;; esac
        # shellcheck disable=SC2086 # no value: no word
        "$nnrun" "$1" ./no.such $option $value >out 2>err
        status=$?
        taken=no
        ! grep -q -e "${option}[, ]" "help.$1" || taken=yes
        refused=no
        ! grep -Eq '^nnrun: -[a-z-]+: only .* takes? it$' err || refused=yes
        case $taken.$refused.$status in
        yes.no.*) ;;
        no.yes.2) others "$1" "$option" || return 1 ;;
        *) echo "$option: listed: $taken, refused: $refused, status $status" && cat err && return 1 ;;
        esac
    done <options
}
# others COMMAND OPTION: err names those commands whose help has the option.
others() {
    sed 's/^nnrun: [^ ]* only //; s/ takes* it$//; s/"nnrun \([a-z]*\)"/\1/; s/,//g; s/ and / /' err | tr ' ' '\n' |
        sort >named
    grep -l -e "${2}[, ]" help.* | sed 's/^help\.//' | sort >wanted
    diff named wanted
}
while read -r command; do
    check "$command takes the options of its help, and names the commands that take others" takes "$command"
done <commands
tap_end
