#!/bin/sh
# raw_names.sh: names of files, texts of configs and words of plugins may hold any bytes: what is printed of them is text,
# JSON is JSON, and they are found all the same. An output that cannot be written decides the exit status.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
digits 300 60
small_config good.cfg
sed -i 's/epochs = 2/epochs = 1/; s/validation = 100/validation = 50/' good.cfg

# No UTF-8; a title for the terminal; a new line; a control character in two bytes; a mark that turns what follows; DEL.
bad=$(printf 'a\377\033]0;x\007\nb\302\233c\342\200\256d\177')
shown='a\?\?\]0;x\?\?b\?\?c\?\?\?d\?'

# Of the last command nothing but printable ASCII, of several lines.
printable() {
    cat "$tap_out" "$tap_err" >both
    ! grep -q '[^ -~]' both
}
# plainly PATTERN PROMISE COMMAND...: it ends well, and what it prints has such a line and no raw byte.
plainly() {
    tap_pattern=$1
    tap_promise=$2
    shift 2
    tap_run "$@"
    if [ "$tap_status" -ne 0 ] || ! printable; then
        tap_result no "$tap_promise" "status $tap_status, or raw bytes, of: $*"
    elif ! grep -Eq -- "$tap_pattern" both; then
        tap_result no "$tap_promise" "no line like '$tap_pattern'"
    else
        tap_result yes "$tap_promise"
    fi
}
# refused STATUS PATTERN PROMISE COMMAND...: the same of what ends with that status.
refused() {
    refuse "$@"
    cat "$tap_out" "$tap_err" >both
    check "... of printable bytes" sh -c "! grep -q '[^ -~]' both"
}

# ---- names of files ----------------------------------------------------------------------------------------------

cp good.cfg "$bad.cfg"
image=digits/t10k-images-idx3-ubyte.gz
{ printf 'P5 28 28 255\n'; gzip -dc $image | tail -c 784; } >"$bad.pgm"
plainly "^run folder: $shown\$" "train" "$nnrun" "$bad.cfg" -o "$bad"
check "... into that folder" test -f "$bad/best.safetensors"
plainly "^report: $shown/report\.html\$" "resume" "$nnrun" resume "$bad" train.epochs=2
plainly "^$shown is finished" "resume of what is finished" "$nnrun" resume "$bad"
best=$bad/best.safetensors
plainly "^$shown/best\.safetensors: " "test" "$nnrun" test "$best"
plainly "^$shown-wrong: [0-9]+ picture" "test --wrong" "$nnrun" test "$best" --wrong "$bad-wrong"
plainly "^$shown\.pgm: [0-9] " "predict" "$nnrun" predict -q "$best" "$bad.pgm"
plainly "^small$" "show" "$nnrun" show "$bad.cfg"
plainly "^$shown\.png: the first training samples" "show --samples" "$nnrun" show good.cfg --samples "$bad.png"
plainly "^$shown\.html\$" "report" "$nnrun" report "$bad" -o "$bad.html"
plainly "^$shown: [0-9]" "... with its run" "$nnrun" report "$bad"
mkdir "$bad-plugins" && cp "${NNRUN_PLUGIN_PATH%%:*}/relu.so" "$bad-plugins" || exit 99
NNRUN_PLUGIN_PATH='' plainly "$shown-plugins/relu\.so" "layers" "$nnrun" layers relu --plugin-path "$bad-plugins"
refused 4 "$shown/none: " "what is missing" "$nnrun" test "$bad/none"
refused 2 "nnrun resume '?$shown" "advice" "$nnrun" good.cfg -o "$bad"
refused 3 "$shown" "a word that is none" "$nnrun" show "$bad/none.cfg"
"$nnrun" serve "$best" --port 0 >served 2>&1 &
tap_children=$!
if tap_wait grep -q http: served; then
    check "serve" grep -Eq "^serving $shown/best\.safetensors on http:" served
elif grep -q 'built without' served; then
    skip "serve" "no libmicrohttpd"
else
    tap_result no "serve"
fi
kill $tap_children 2>/dev/null
wait
tap_children=

# ---- in JSON -----------------------------------------------------------------------------------------------------

if command -v python3 >/dev/null 2>&1; then
    # parsed COMMAND...: each line of stdout is JSON, of ASCII, with the command's status.
    parsed() {
        "$nnrun" "$@" --json >lines 2>said
        status=$?
        ! grep -q '[^ -~]' lines said && python3 -c 'import json, sys
lines = open("lines", "rb").read().splitlines()
assert lines
for line in lines: assert json.loads(line)["event"]' && return $status
        return 99
    }
    check "train --json" parsed good.cfg -o "$bad-json"
    check "... says into which" grep -q '"event":"done","run":"a?' lines
    check "resume --json" parsed resume "$bad" train.epochs=3
    check "test --json" parsed test "$best"
    check "predict --json" parsed predict "$best" "$bad.pgm"
    check "show --json" parsed show "$bad.cfg"
    check "show --keys --json" parsed show good.cfg --keys "data.directory=\"ü\\x1b[31m$(printf '\302\233')\""
    check "report --json" parsed report "$bad"
    NNRUN_PLUGIN_PATH='' check "layers --json" parsed layers --plugin-path "$bad-plugins"
    expect 4 "an error that names such a file" parsed test "$bad/none"
    expect 2 "one with advice, which does, too" parsed good.cfg -o "$bad"
else
    skip "--json" "no python3"
fi

# ---- texts of configs and plugins --------------------------------------------------------------------------------

plainly '^data.directory="a\?\[31m\?\?b\?" ' "a key's value" \
    "$nnrun" show good.cfg --keys "data.directory=\"a\\x1b[31m$(printf '\302\233')b\\n\""
"$nnrun" layers --new talks | sed 's/\.doc = "/&\\033[31m\\a\\377\\302\\233/' >talks.c
# shellcheck disable=SC2086 # a command of several words
${NNRUN_CC:-cc} -std=c11 -O1 -fPIC -shared -fvisibility=hidden -I"$NNRUN_SOURCE/src" talks.c -o talks.so || exit 99
refused 3 'its doc is not one line of printable ASCII' "a plugin that says more than text of itself" "$nnrun" layers ./talks.so

# ---- outputs that fail -------------------------------------------------------------------------------------------

cp -r "$bad" run && best=run/best.safetensors
if [ -w /dev/full ]; then
    full() {
        "$nnrun" "$@" >/dev/full
    }
    for command in "show good.cfg" "show good.cfg --json" "show good.cfg --keys --json" "layers" "layers --json" \
        "test $best" "test $best --json" "predict $best $image" "predict $best $image --json" "report run" \
        "report run --json" "gradcheck relu" "gradcheck relu --json" "resume run" "resume run --json" --help --version; do
        # shellcheck disable=SC2086 # of several words
        refuse_line 1 '^nnrun: cannot write the output' "a full disk: $command" full $command
    done
else
    skip "a full disk" "no /dev/full"
fi
# closed COMMAND...: with standard output closed; still COMMAND...: with standard error closed
closed() {
    "$nnrun" "$@" >&-
}
still() {
    "$nnrun" "$@" 2>&-
}
rm -rf kept && cp -R run kept
refuse 1 '^nnrun: cannot write the output' "a closed output: resume" closed resume kept train.epochs=9
check "... and no file of the run takes its place" test ! -s kept/lock
refuse_line 1 '^nnrun: cannot write the output' "a closed output: sweep --json" \
    closed sweep good.cfg train.batch=32,64 -o swept --json
check "... and no file of the sweep takes its place" test ! -s swept/sweep.lock
rm -rf kept && cp -R run kept
check "a closed standard error: resume" still resume kept train.epochs=9
check "... and no file of the run takes its place, either" test ! -s kept/lock
fault=$NNRUN_BUILD/tests/.libs/fault.so
if [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    # walk STRIDE COMMAND...: of the program's and jansson's pieces of memory each, or one of so many, is missing once: what
    # is printed is all of it, or the status is 1.
    walk() {
        stride=$1
        shift
        "$nnrun" "$@" >whole || return 1
        for by in nnrun libjansson; do
            strikes=$((1 - stride))
            while strikes=$((strikes + stride)) && rm -f mark && [ $strikes -lt 3000 ]; do
                LD_PRELOAD=$fault FAULT_CALL=malloc,calloc,realloc FAULT_BY=$by FAULT_AT=$strikes FAULT_MARK=mark \
                    "$nnrun" "$@" >part 2>why
                status=$?
                [ -f mark ] || break
                [ $status -eq 1 ] && grep -q 'out of memory\|Cannot allocate' why && continue
                [ $status -eq 0 ] && cmp -s whole part && continue
                echo "$by, $strikes: status $status" && cat why && return 1
            done
            echo "$by: $strikes"
        done
    }
    head -c 784 /dev/zero >pixels
    { printf 'P5 28 28 255\n'; cat pixels; } >one.pgm
    check "without memory for its JSON: predict" walk 1 predict "$best" one.pgm --json
    check "without memory for its JSON: layers" walk 1 layers relu --json
    check "without memory for its JSON: show" walk 2 show "$best" --json
    check "without memory for its JSON: show --keys" walk 17 show "$best" --keys --json
    check "without memory for its JSON: report" walk 3 report run -o page.html --json
else
    skip "without memory for its JSON" "no fault injection in this build"
fi
tap_end
