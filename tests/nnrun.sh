# shellcheck shell=sh
# nnrun.sh: what the tests of the program share, on top of tap.sh: sourced, never run. The working folder is $work.
# shellcheck source=tests/tap.sh
. "$NNRUN_SOURCE/tests/tap.sh"
cd "$work" || exit 99
# shellcheck disable=SC2034 # for those who source this
nnrun=$NNRUN_BUILD/nnrun
unset NNRUN_ISA

# Folder `digits` with a few of the built-in ones: digits TRAIN TEST
digits() {
    "$NNRUN_BUILD/nnrun-make-digits" --force --train "$1" --test "$2" digits >/dev/null || exit 99
}

# A network that learns in a second: small_config FILE
small_config() {
    cat >"$1" <<'EOF'
name = "small";
input = [1, 28, 28];
data: { directory = "digits"; validation = 100; };
network = (
    { type = "conv"; filters = 3; kernel = 5; stride = 2; init = "he"; },
    { type = "relu"; },
    { type = "pool"; kernel = 2; },
    { type = "dense"; units = 10; },
    { type = "softmax"; }
);
train: { epochs = 2; batch = 50; optimizer: { rate = 0.05; momentum = 0.9; }; schedule: { type = "cosine"; }; };
output: { keep = 1000; };
EOF
}

# One with branches, states, random words, pictures moved about, in two windows: graph_config FILE
graph_config() {
    small_config "$1"
    moved='shift = 2; rotate = 10; scale = 0.1; shear = 5; flip = 0.5; elastic = 20;'
    sed -i "s/validation = 100;/& window = 500; augment: { $moved };/" "$1"
    cat >layers <<'EOF'
    { type = "conv"; name = "stem"; filters = 4; kernel = 3; stride = 2; },
    { type = "batchnorm"; name = "norm"; },
    { type = "relu"; name = "trunk"; },
    { type = "conv"; filters = 4; kernel = 3; pad = 1; },
    { type = "batchnorm"; },
    { type = "swish"; name = "branch"; },
    { type = "add"; inputs = ("trunk", "branch"); name = "sum"; },
    { type = "concat"; inputs = ("sum", "norm"); },
    { type = "global_pool"; },
    { type = "dropout"; rate = 0.25; },
    { type = "dense"; units = 10; },
    { type = "softmax"; }
EOF
    sed -i '/^network/,/^);/{/^    {/d}; /^network/r layers' "$1"
}

# as USER COMMAND...: with no other groups; no such user need exist
as() {
    who=$1
    shift
    setpriv --reuid "$who" --regid "$who" --clear-groups "$@"
}

# need_users PROMISE: where nobody can be several users, it is skipped, and the test ends
need_users() {
    [ "$(id -u)" -eq 0 ] && as 41001 true 2>/dev/null && return
    skip "$1" "only root can be several users"
    tap_end
    exit
}

# no_fma FILE: this processor, by what show says of a config or checkpoint, has no fused multiply-add: its bits are others
no_fma() {
    "$nnrun" show "$1" --json | grep -q '"isa":"portable"'
}

# Several layers of a type, for overrides by name and number: relus_config FILE
relus_config() {
    cat >"$1" <<'EOF'
input = [1, 28, 28];
data: { directory = "digits"; validation = 20; };
network = (
    { type = "conv"; filters = 3; kernel = 5; stride = 2; },
    { type = "relu"; },
    { type = "pool"; kernel = 2; },
    { type = "relu"; },
    { type = "dense"; units = 12; },
    { type = "relu"; },
    { type = "dense"; units = 10; },
    { type = "softmax"; } );
train: { epochs = 1; batch = 50; optimizer: { type = "sgd"; rate = 0.05; momentum = 0.9; }; };
EOF
}

# A branch, and no data: branch_config FILE
branch_config() {
    cat >"$1" <<'EOF'
input = [1, 28, 28];
network = (
    { type = "relu"; },
    { type = "relu"; inputs = "relu1"; },
    { type = "add"; inputs = ("relu1", "relu2"); },
    { type = "dense"; units = 10; },
    { type = "softmax"; } );
EOF
}

# refuse_line STATUS PATTERN PROMISE COMMAND...: refuse, and stderr is one line that begins with "nnrun: ".
one_line() {
    [ "$(wc -l <"$tap_err")" -eq 1 ] && grep -q '^nnrun: ' "$tap_err"
}
refuse_line() {
    tap_wanted=$1
    tap_pattern=$2
    tap_promise=$3
    shift 3
    tap_run "$@"
    if [ "$tap_status" -ne "$tap_wanted" ]; then
        tap_result no "$tap_promise" "status $tap_status, expected $tap_wanted, of: $*"
    elif ! grep -Eq -- "$tap_pattern" "$tap_err" || ! one_line; then
        tap_result no "$tap_promise" "not one line like '$tap_pattern' from: $*"
    else
        tap_result yes "$tap_promise"
    fi
}

# says PATTERN PROMISE: stdout of the last command has a line like PATTERN.
says() {
    if grep -Eq -- "$1" "$tap_out"; then
        tap_result yes "$2"
    else
        tap_result no "$2" "no line like '$1'"
    fi
}

# same PROMISE FILE FILE...: all files have the same bytes.
same() {
    tap_promise=$1
    tap_first=$2
    shift 2
    for tap_file in "$@"; do
        cmp "$tap_first" "$tap_file" >"$tap_out" 2>"$tap_err" || {
            tap_result no "$tap_promise" "$tap_first and $tap_file differ"
            return
        }
    done
    tap_result yes "$tap_promise"
}

# hearing SIGNAL...: those that this test does not ignore: under nohup, SIGHUP, which a shell cannot undo.
hearing() {
    ignored=0x$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status)
    for tap_signal; do
        [ "$tap_signal" = HUP ] && [ $((ignored & 1)) -eq 1 ] || echo "$tap_signal"
    done
}
# like_one PROMISE COMMAND...: runs into a folder `run` whose checkpoints are those of `one`; a promise of $network
like_one() {
    # shellcheck disable=SC2154 # the script's
    promise="$network: $1"
    shift
    rm -rf run
    tap_run "$@"
    for file in one/*.safetensors; do
        cmp "$file" "run/${file#one/}" >>"$tap_err" 2>&1 || tap_status=1
    done
    if [ "$tap_status" -eq 0 ]; then
        tap_result yes "$promise"
    else
        tap_result no "$promise"
    fi
}

# browsed STATUS PROMISE: what a script found with a browser, a line "yes PROMISE" or "no PROMISE" each in `results`, with its
# errors in `trouble`; and that it ended well
browsed() {
    while read -r holds what; do
        tap_result "$holds" "$what"
    done <results
    sed 's/^/# /' trouble
    check "$2" test "$1" -eq 0
}
