# shellcheck shell=sh
# tap.sh: what the shell tests share: sourced, never run. Prints TAP; the plan comes at the end (tap_end), so that
# a test that dies early has none and fails.
#
#   check PROMISE COMMAND...             holds if the command succeeds
#   expect STATUS PROMISE COMMAND...     holds if it ends with that status
#   refuse STATUS PATTERN PROMISE COMMAND...  likewise, and its stderr has a line like the extended PATTERN
#   skip PROMISE WHY                     cannot be tried here
#   tap_end                              the last line of every test
#
# A command may be a shell function. Its output is in $tap_out and $tap_err until the next one. $work is a folder
# for the test's files. Processes named in $tap_children are ended, and $work is removed, on every way out.
# Environment: NNRUN_BUILD and NNRUN_SOURCE, the build and the source folder, both absolute.
set -u
: "${NNRUN_BUILD:?the build folder is needed}" "${NNRUN_SOURCE:?the source folder is needed}"
unset CDPATH
LC_ALL=C
export LC_ALL

tap_count=0
tap_failures=0
tap_children=''
work=$(mktemp -d "${TMPDIR:-/tmp}/nnrun-test-XXXXXX") || exit 99
tap_out=$work/.out
tap_err=$work/.err

# shellcheck disable=SC2317 # called by the trap
tap_clean_up() {
    for tap_child in $tap_children; do
        kill "$tap_child" 2>/dev/null
        wait "$tap_child" 2>/dev/null
    done
    chmod -R u+rwX "$work" 2>/dev/null
    rm -rf "$work"
}
trap tap_clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# tap_result HOLDS PROMISE [LINE...]: one result; the lines say what went wrong.
tap_result() {
    tap_holds=$1
    tap_promise=$2
    shift 2
    tap_count=$((tap_count + 1))
    if [ "$tap_holds" = yes ]; then
        printf 'ok %d - %s\n' "$tap_count" "$tap_promise"
        return
    fi
    tap_failures=$((tap_failures + 1))
    printf 'not ok %d - %s\n' "$tap_count" "$tap_promise"
    [ $# -eq 0 ] || printf '# %s\n' "$@"
    for tap_file in "$tap_out" "$tap_err"; do
        [ ! -f "$tap_file" ] || head -n 40 "$tap_file" | sed "s/^/# ${tap_file##*/.}: /"
    done
}

tap_run() {
    "$@" >"$tap_out" 2>"$tap_err" </dev/null
    tap_status=$?
}

expect() {
    tap_wanted=$1
    tap_promise=$2
    shift 2
    tap_run "$@"
    if [ "$tap_status" -eq "$tap_wanted" ]; then
        tap_result yes "$tap_promise"
    else
        tap_result no "$tap_promise" "status $tap_status, expected $tap_wanted, of: $*"
    fi
}

check() {
    expect 0 "$@"
}

refuse() {
    tap_wanted=$1
    tap_pattern=$2
    tap_promise=$3
    shift 3
    tap_run "$@"
    if [ "$tap_status" -ne "$tap_wanted" ]; then
        tap_result no "$tap_promise" "status $tap_status, expected $tap_wanted, of: $*"
    elif ! grep -Eq -- "$tap_pattern" "$tap_err"; then
        tap_result no "$tap_promise" "no line like '$tap_pattern' from: $*"
    else
        tap_result yes "$tap_promise"
    fi
}

skip() {
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

tap_end() {
    printf '1..%d\n' "$tap_count"
}

# tap_wait COMMAND...: tries until the command succeeds, for at most a minute: machines are busy at times.
tap_wait() {
    tap_tries=600
    until "$@"; do
        tap_tries=$((tap_tries - 1))
        [ "$tap_tries" -gt 0 ] || return 1
        sleep 0.1
    done
}
