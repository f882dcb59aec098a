#!/bin/sh
# five_commands.sh: train, resume, test, predict and serve, linked with libnnrun.so alone, do what nnrun does.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
five=$NNRUN_BUILD/tests/five_commands

# same_output NAME ARGUMENT...: both programs print the same.
same_output() {
    name=$1
    shift
    "$nnrun" "$@" >ours.out 2>&1
    "$five" "$@" >five.out 2>&1
    same "$name prints what nnrun prints" ours.out five.out
}

if [ ! -f "$NNRUN_BUILD/.libs/libnnrun.so" ]; then
    skip "the five commands need nothing of the library but libnnrun.so" "built without a shared library"
    tap_end
    exit
fi
linked=$(ldd "$NNRUN_BUILD/tests/.libs/five_commands" | grep -c 'libnnrun\.so')
check "the five commands are linked with libnnrun.so" [ "$linked" -eq 1 ]
digits 300 100
small_config small.cfg
check "train trains" "$five" train small.cfg -q -o five train.epochs=1
check "resume goes on" "$five" resume five -q train.epochs=2
"$nnrun" train small.cfg -q -o ours train.epochs=1 >/dev/null
"$nnrun" resume ours -q train.epochs=2 >/dev/null
for file in best.safetensors step-000000008.safetensors; do
    same "$file has the bytes of nnrun's" "ours/$file" "five/$file"
done
same_output "test" test ours/best.safetensors
same_output "test --json" test ours/best.safetensors --json
same_output "predict" predict ours/best.safetensors digits/t10k-images-idx3-ubyte.gz
same_output "predict --json" predict ours/best.safetensors digits/t10k-images-idx3-ubyte.gz --json
same_output "a config that is wrong" train small.cfg train.epochs=-1 network.nothing=1
same_output "a checkpoint that is none" test small.cfg
same_output "a run that is there" train small.cfg -o ours
if ! "$nnrun" serve nowhere 2>&1 | grep -q "built without libmicrohttpd" && command -v python3 >/dev/null; then
    "$five" serve ours/best.safetensors --port 0 --json >serving 2>&1 &
    server=$!
    wait_for() { for _ in $(seq 100); do grep -q '"url"' serving && return 0; sleep 0.1; done; return 1; }
    if wait_for; then
        url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' serving)
        python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1] + "model").read().decode())' \
            "$url" >model.json 2>&1
        check "serve serves" grep -q '"name":"small"' model.json
        kill "$server"
        wait "$server"
        check "and ends with status 0" [ $? -eq 0 ]
    else
        check "serve serves, or says why not" grep -q microhttpd serving
    fi
fi
tap_end
