# shellcheck shell=sh
# recorded.sh: commands with all that they print, on top of nnrun.sh: sourced, never run.
#
# tests/recorded/NAME.sh is a list of commands. tests/recorded/NAME.expected has what each of them printed when it was
# last looked at, and one result is that it still does:
#
#   ## PROMISE
#   bad.cfg:5: LINE        what `edit` changed; "-" before a line that it took out
#   $ COMMAND
#   standard output
#   standard error         "! " before each line
#   [status N]             unless it is 0
#
#   record PROMISE COMMAND...   nnrun is that of the build; of `sh -c TEXT` the text is shown
#   edit SED [FILE]             makes bad.cfg of good.cfg, or of FILE; no_edit: what follows is not about bad.cfg
#   show_lines FILE             shows that file above the commands that follow
#   lacks WHY                   from here on commands cannot be tried here; '': they can
#   record_end                  the last line of every script
#
# After messages were changed on purpose, `make check-rewrite` writes the .expected files anew (NNRUN_REWRITE=1 does so
# for one script). What then counts is the diff: each line of it must be meant.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
recorded_name=$(basename "$0" .sh)
recorded_file=$NNRUN_SOURCE/tests/recorded/$recorded_name.expected
recorded_lacks=''
for recorded_start in raw edit promises; do
    : >"$work/.$recorded_start"
done
mkdir "$work/.bin" && ln -s "$NNRUN_BUILD/nnrun" "$NNRUN_BUILD/nnrun-make-digits" "$work/.bin/" || exit 99
PATH=$work/.bin:$PATH
export PATH
# For `lacks`: results are those of processors with fused multiply-add.
# shellcheck disable=SC2034 # for the scripts
other_bits=''
# shellcheck disable=SC2034
NNRUN_ISA=avx2 nnrun layers >/dev/null 2>&1 || other_bits="a processor that rounds otherwise"
# shellcheck disable=SC2034 # for the scripts
no_png=''
# shellcheck disable=SC2034
pkg-config --exists libpng 2>/dev/null || no_png="no libpng"

# What differs from run to run, machine to machine, and build to build. Nothing else is hidden.
recorded_stable() {
    cat -v | sed -E "s|$NNRUN_BUILD/plugins/\.libs|PLUGINS|g; s|$NNRUN_BUILD|BUILD|g; s|$NNRUN_SOURCE|SOURCE|g; s|$work|WORK|g"'
        s/PLUGINS or [^;)]*/PLUGINS/
        s/(code level|threads?,) (portable|avx2|avx512)/\1 LEVEL/g
        s/(ABI [0-9.]+, (code: )?|  )(portable|avx2|avx512)( avx2)?( avx512)?$/\1LEVELS/
        s/"levels":\["portable"(,"avx2")?(,"avx512")?\]/"levels":[LEVELS]/g
        s/"isa":"[a-z0-9]*"/"isa":"LEVEL"/g
        s/\b[0-9]+ threads?\b/N threads/g
        s/"threads":[0-9]+/"threads":N/g
        s/needs [0-9.]+ GB of memory and the machine has [0-9.]+/needs N GB of memory and the machine has N/
        s/ +[0-9]+ samples\/s +[0-9.]+ s$/ N samples\/s  N s/
        s/"(samples_per_s|seconds|peak_bytes)":[0-9.e+-]+/"\1":N/g'
}

# recorded_block PROMISE FILE: what stands there under that promise.
recorded_block() {
    awk -v promise="## $1" '/^## / { on = $0 == promise } on' "$2"
}

# recorded_typed WORD...: as one would type it.
recorded_typed() {
    if [ "$1 ${2-}" = 'sh -c' ] && [ $# -eq 3 ]; then
        printf '$ %s\n' "$3"
        return
    fi
    printf '$'
    for recorded_word; do
        case $recorded_word in
        '' | *[!A-Za-z0-9_@%+=:,./-]*) printf " '%s'" "$(printf %s "$recorded_word" | sed "s/'/'\\\\''/g")" ;;
        *) printf ' %s' "$recorded_word" ;;
        esac
    done
    echo
}

# recorded_stream PREFIX FILE
recorded_stream() {
    [ -s "$2" ] || return 0
    sed "s/^/$1/" "$2"
    [ -z "$(tail -c 1 "$2")" ] || printf '\n\\ no newline at the end\n'
}

# show_lines FILE: what the commands that follow are given, shown above them.
show_lines() {
    sed "s/^/$1: /" "$1" >"$work/.edit"
}

edit() {
    recorded_from=${2-good.cfg}
    sed "$1" "$recorded_from" >"$work/bad.cfg"
    diff "$recorded_from" "$work/bad.cfg" | awk '
        /^[0-9]/ { split($0, at, /[acd]/); line = at[2] + 0; gone = /d/ }
        /^>/ { print "bad.cfg:" line++ ": " substr($0, 3) }
        /^</ && gone { print "bad.cfg: - " substr($0, 3) }' >"$work/.edit"
    [ -s "$work/.edit" ] || tap_result no "an edit changes something" "$1"
}

no_edit() {
    : >"$work/.edit"
}

lacks() {
    recorded_lacks=$1
}

record() {
    tap_promise=$1
    shift
    if [ -n "$recorded_lacks" ]; then
        recorded_block "$tap_promise" "$recorded_file" >>"$work/.raw"
        skip "$tap_promise" "$recorded_lacks"
        return
    fi
    tap_run "$@"
    {
        echo "## $tap_promise"
        [ ! -s "$work/.edit" ] || cat "$work/.edit"
        recorded_typed "$@"
        recorded_stream '' "$tap_out"
        recorded_stream '! ' "$tap_err"
        [ "$tap_status" -eq 0 ] || echo "[status $tap_status]"
        echo
    } >>"$work/.raw"
    printf '%s\n' "$tap_promise" >>"$work/.promises"
}

recorded_equal() {
    recorded_block "$1" "$recorded_file" >"$work/.wanted"
    recorded_block "$1" "$work/.now" | diff -U 100 "$work/.wanted" - >"$work/.diff" || {
        sed '1,3d' "$work/.diff" >"$tap_out"
        return 1
    }
}

# Compares at the end: with all at once first, for a process costs more than a command.
record_end() {
    recorded_stable <"$work/.raw" >"$work/.now"
    [ -z "${NNRUN_REWRITE-}" ] || cat "$work/.now" >"$recorded_file" || exit 99
    recorded_differ=no
    cmp -s "$recorded_file" "$work/.now" || recorded_differ=yes
    : >"$tap_err"
    while read -r tap_promise; do
        if [ $recorded_differ = no ] || recorded_equal "$tap_promise"; then
            tap_result yes "$tap_promise"
        else
            tap_result no "$tap_promise" "unlike $recorded_name.expected; if it is meant: make check-rewrite"
        fi
    done <"$work/.promises"
    grep '^## ' "$recorded_file" >"$work/.wanted"
    grep '^## ' "$work/.now" >"$work/.headers"
    check "$recorded_name.expected has these commands, in this order, and no others" diff "$work/.wanted" "$work/.headers"
    # shellcheck disable=SC2016 # the inner shell expands it
    expect 1 "each has a promise of its own" sh -c 'sort "$1" | uniq -d | grep .' sh "$work/.headers"
    tap_end
}
