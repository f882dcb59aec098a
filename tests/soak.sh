#!/bin/sh
# soak.sh: what runs for long holds no more at the end than once it was warm: memory to within a megabyte, descriptors, threads
# and the files of a run folder. Run by make soak:
#
#   1,000,000 steps of training, in three pieces, with saves and events all along (NNRUN_STEPS)
#   100,000 times a network opened, asked and closed by a program on libnnrun (NNRUN_ROUNDS)
#
# and serve_load.sh with 1,000,000 requests.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/library/stage.sh
. "$NNRUN_SOURCE/tests/library/stage.sh"
nnrun=nnrun
steps=${NNRUN_STEPS:-1000000}
rounds=${NNRUN_ROUNDS:-100000}
most_grown=1024 # kB

# held PROCESS: kilobytes, descriptors and threads; nothing if it is gone
held() {
    kilobytes=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return
    threads=$(sed -n 's/^Threads:[^0-9]*//p' "/proc/$1/status" 2>/dev/null) || return
    # shellcheck disable=SC2012 # their number
    descriptors=$(ls "/proc/$1/fd" 2>/dev/null | wc -l)
    [ -z "$kilobytes" ] || echo "$kilobytes $descriptors $threads"
}
# flat FILE: over its second half no line has more memory, and the least of descriptors and threads, which a save needs more
# of, is no more, than once it was warm.
flat() {
    awk -v most=$most_grown '{ kb[NR] = $1; fds[NR] = $2; threads[NR] = $3 }
        function least(of, from, to, n) { n = of[from]; for (i = from; i <= to; i++) if (of[i] < n) n = of[i]; return n }
        END {
            warm = int(NR / 5) + 1; half = int((NR + warm) / 2); now = 0
            for (i = half + 1; i <= NR; i++) if (kb[i] > now) now = kb[i]
            printf "%d kB, %d descriptors, %d threads; then %d kB, %d, %d (looked at %d times)\n", kb[warm],
                least(fds, warm, half), least(threads, warm, half), now, least(fds, half + 1, NR), least(threads, half + 1, NR), NR
            exit !(NR > 4 && now - kb[warm] <= most && least(fds, half + 1, NR) <= least(fds, warm, half) &&
                least(threads, half + 1, NR) <= least(threads, warm, half))
        }' "$1"
}
tell() {
    sed 's/^/# /' "$tap_out"
}

# ---- training ------------------------------------------------------------------------------------------------------

# A vector of four, 16,000 times: 1000 steps of one slice are an epoch.
{
    printf '\000\000\010\002\000\000\076\200\000\000\000\004'
    awk 'BEGIN { for (i = 0; i < 16000; i++) printf "%c%c%c%c", 33 + i % 90, 33 + i * 7 % 90, 33 + i % 11, 33 + i % 7 }'
} >vectors
{
    printf '\000\000\010\001\000\000\076\200'
    awk 'BEGIN { for (i = 0; i < 8000; i++) printf "\001\002" }'
} >classes
cat >tiny.cfg <<'EOT'
name = "tiny";
input = 4;
data: { train: { images = "vectors"; labels = "classes"; }; };
network = ( { type = "dense"; units = 4; }, { type = "relu"; }, { type = "dense"; units = 3; }, { type = "softmax"; } );
train: { epochs = 1000; batch = 16; optimizer: { type = "adam"; rate = 1e-4; }; };
output: { report = false; };
EOT
epochs=$((steps / 1000))

# watched FILE COMMAND...: its events into `events`, what it holds into FILE, again and again; it saves at SIGUSR1, each second.
watched() {
    into=$1
    shift
    "$@" --json >>events &
    process=$!
    tap_children=$process
    : >"$into"
    while sleep 0.05 && held $process >now && [ -s now ]; do
        cat now >>"$into"
        [ $(($(wc -l <"$into") % 20)) -ne 0 ] || kill -USR1 $process 2>/dev/null
    done
    wait $process
}
learned() {
    : >events
    watched first nnrun tiny.cfg train.epochs=$((epochs * 4 / 10)) --threads 1 -o run &&
        watched second nnrun resume run train.epochs=$((epochs * 7 / 10)) --threads 2 &&
        watched third nnrun resume run train.epochs=$epochs --threads 1 && newest=$(printf 'run/step-%09d.safetensors' "$steps") &&
        test -f "$newest"
}
check "$steps steps of training, resumed twice" learned
for piece in first second third; do
    check "... memory, descriptors and threads stay, in the $piece piece" flat $piece
    tell
done
few_files() {
    find run -type f | sort >files && cat files && [ "$(wc -l <files)" -le 10 ]
}
check "... the run folder has no more than 10 files" few_files
tell
# An epoch is a line of each log, and of the events; no more comes with the steps.
short_logs() {
    wc -c run/log.jsonl run/log.csv events && [ "$(wc -l <run/log.jsonl)" -le $((epochs + 20)) ] &&
        [ "$(wc -l <run/log.csv)" -le $((epochs + 1)) ]
}
check "... its logs have a line for each epoch" short_logs
tell

# ---- opening --------------------------------------------------------------------------------------------------------

digits 300 100
small_config small.cfg
nnrun small.cfg -q -o small || exit 99
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
compile() {
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=gnu11 $stage_flags "$stage_sources/soak.c" $(stage_pkg --cflags --libs nnrun) -o soak
}
check "a program on libnnrun is compiled" compile
opened() {
    ./soak small/best.safetensors one.pgm "$rounds" >opened
}
check "it opens, asks and closes a network $rounds times" opened
check "... memory, descriptors and threads stay" flat opened
tell
tap_end
[ "$tap_failures" -eq 0 ]
