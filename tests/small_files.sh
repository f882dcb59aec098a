#!/bin/sh
# small_files.sh: what a checkpoint's or config's text asks for is compared with what the file holds, and with the machine,
# before any memory is taken: a small file takes little memory.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "a small file takes little memory" "a sanitizer takes more"
    tap_end
    exit
fi
little=65536 # kB
# within COMMAND...: with no more memory than that
within() {
    "$NNRUN_BUILD/tests/peak_memory" "$little" "$@"
}
change() {
    "$NNRUN_BUILD/tests/change_checkpoint" "$@" || exit 99
}
small_config good.cfg
digits 300 100
"$nnrun" -q good.cfg -o run train.epochs=1 || exit 99
{ printf 'P5\n28 28 255\n' && head -c 784 /dev/zero; } >zero.pgm

# each STATUS PATTERN FILE WHAT: every command refuses a checkpoint, or a run of it, so
each() {
    rm -rf hostile && cp -R run hostile && rm hostile/*.safetensors && cp "$3" hostile/step-000000009.safetensors
    for words in "show $3" "test $3" "predict $3 zero.pgm" "$serve $3" "time $3" "report hostile" "resume hostile"; do
        # shellcheck disable=SC2086 # words of a command
        refuse "$1" "$2" "${words%% *} refuses $4, with little memory" within "$nnrun" $words
    done
}
serve="serve --port 0"
if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    serve=show
fi
wide='overrides=["network.conv1.filters=7000000"]'
change run/best.safetensors bare.st bare "$wide"
each 4 'bare\.st: tensor conv1\.weight is missing|step-000000009\.safetensors: tensor conv1\.weight is missing' bare.st \
    "a checkpoint without tensors that asks for millions of filters"
change run/best.safetensors wide.st "$wide"
each 4 'tensor conv1\.weight differs in shape from the network.s, 7000000x1x5x5$' wide.st \
    "one with tensors of a smaller network"
sed 's/filters = 3/filters = 7000000/' good.cfg >wide.cfg
change run/best.safetensors text.st "config=@wide.cfg"
each 4 'tensor conv1\.weight differs in shape' text.st "one whose config has them in its text"

many=$(yes '[],' | head -n 1000000 | tr -d '\n')
cp -R run listed && printf '{"event":"epoch","x":[%s[]]}\n' "$many" >>listed/log.jsonl
refuse 4 'listed/log.jsonl:[0-9]*: is not a JSON object$' "report refuses a log of a million empty lists, with little memory" \
    within "$nnrun" report listed
check "resume cuts them off" within "$nnrun" -q resume listed train.epochs=2 warnings.rate_jumps=false
"$nnrun" pack digits -q -o packed && cp packed/pack.json facts || exit 99
{ printf '{ "x": [%s[]],' "$many" && sed 1s/.// facts; } >packed/pack.json
refuse 2 'packed holds a pack.json that was not written by a pack' "pack takes no such pack.json for that of a pack" \
    within "$nnrun" pack digits -q -o packed --force
cat >vast.cfg <<'EOT'
input = [60000, 1000, 1000];
data: { directory = "digits"; };
network = ( { type = "relu"; }, { type = "global_pool"; }, { type = "mse"; } );
EOT
needs='the network needs [0-9.]+ GB of memory and the machine has [0-9.]+; layer "relu1" \(relu\) takes most of it$'
change run/best.safetensors vast.st "config=@vast.cfg" 'overrides=[]'
each 3 "$needs" vast.st "a network that exceeds the machine, although it has no weights"
for command in "" show time gradcheck; do
    # shellcheck disable=SC2086 # no word for training
    refuse 3 "$needs" "${command:-train} refuses a config of it, too" within "$nnrun" $command vast.cfg
done
check "no run is left of it" test ! -e runs

change run/best.safetensors threads.st 'overrides=["train.threads=1024"]'
# threads_are N FILE OVERRIDE...: so many are those that show names
threads_are() {
    wanted=$1
    shift
    "$nnrun" show "$@" --json | grep -q "\"threads\":$wanted,"
}
processors=$("$nnrun" show good.cfg --json | sed 's/.*"threads":\([0-9]*\),.*/\1/')
sed "s/train: {/train: { threads = $((processors + 3));/" good.cfg >threads.cfg
check "a checkpoint's own train.threads starts no more threads than there are processors" threads_are "$processors" threads.st
check "an override that is typed does" threads_are $((processors + 3)) threads.st train.threads=$((processors + 3))
check "and a config" threads_are $((processors + 3)) threads.cfg

sed 's/type = "conv".*/type = "dense"; units = 8000; },/; /type = "pool"/d' good.cfg >large.cfg
"$nnrun" -q large.cfg -o large train.epochs=1 || exit 99
little=$((65536 + 4 * $(wc -c <large/best.safetensors) / 1024))
check "a large checkpoint is opened in four times its size and 64 MB" within "$nnrun" show large/best.safetensors
check "also with its weights" within "$nnrun" predict large/best.safetensors zero.pgm
check "also for its test" within "$nnrun" -q test large/best.safetensors
tap_end
