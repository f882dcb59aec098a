#!/bin/sh
# serve_load.sh: nnrun serve answers $NNRUN_REQUESTS requests (10,000; 1000 under sanitizers) on 64 connections without an
# error, and its memory stays flat. "make check-serve-load" does so with a million.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
requests=${NNRUN_REQUESTS:-${NNRUN_SANITIZED:+1000}}
requests=${requests:-10000}
best=run/best.safetensors

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    skip "$requests requests on 64 connections" 'no libmicrohttpd'
    tap_end
    exit
fi
if ! command -v wrk >/dev/null 2>&1 || ! command -v curl >/dev/null 2>&1; then
    skip "$requests requests on 64 connections" 'no wrk or no curl'
    tap_end
    exit
fi
digits 2000 200
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=200 train.epochs=1 -q -o run || exit 99
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
cat >post.lua <<'E'
wrk.method = "POST"
wrk.headers["Content-Type"] = "image/x-portable-graymap"
local file = io.open("one.pgm", "rb")
wrk.body = file:read("*a")
file:close()
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() wrong, answered = 0, 0 end
function response(status, headers, body)
    answered = answered + 1
    if status ~= 200 or not body:find('"class":%d') then wrong = wrong + 1 end
end
function done(summary)
    local all, bad = 0, 0
    for _, thread in ipairs(threads) do
        all, bad = all + thread:get("answered"), bad + thread:get("wrong")
    end
    local e = summary.errors
    print(string.format("answered %d wrong %d errors %d", all, bad, e.connect + e.read + e.write + e.status + e.timeout))
end
E

: >served
"$nnrun" serve "$best" --port 0 >>served 2>complaints &
server=$!
tap_children=$server
tap_wait grep -q http: served || exit 99
url=$(sed -n 's/.* on //p' served)
kilobytes() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status"
}
# shellcheck disable=SC2012 # their number
descriptors() {
    ls "/proc/$server/fd" | wc -l
}
threads() {
    sed -n 's/^Threads:[^0-9]*//p' "/proc/$server/status"
}
# load PATH COUNT: seconds of it, until there are enough requests, all without an error. What one leaves behind when its
# time is up is answered before the next.
load() {
    sum=0
    while [ "$sum" -lt "$2" ]; do
        tap_wait idle || return 1
        wrk -t2 -c64 -d"$seconds"s --timeout 60s -s post.lua "$url$1" >said || return 1
        grep '^answered' said
        grep -Eq '^answered [1-9][0-9]* wrong 0 errors 0$' said || return 1
        sum=$((sum + $(sed -n 's/^answered \([0-9]*\) .*/\1/p' said)))
    done
}
seconds=${NNRUN_SANITIZED:+5}
seconds=${seconds:-1}
idle() {
    curl -s "${url}healthz" | grep -q '"waiting":0'
}
check "$requests requests on 64 connections are answered without an error" load predict "$requests"
check "a tenth of that with all layers" load 'predict?layers=1' $((requests / 10))
before=$(kilobytes)
open_before=$(descriptors) threads_before=$(threads)
check "and again" load predict "$requests"
check "... and with all layers" load 'predict?layers=1' $((requests / 10))
after=$(kilobytes)
same_held() {
    idle && echo "descriptors: $open_before, then $(descriptors); threads: $threads_before, then $(threads)" &&
        [ "$(descriptors)" -le "$open_before" ] && [ "$(threads)" -le "$threads_before" ]
}
check "it holds no more descriptors and threads than before" tap_wait same_held
if [ -z "${NNRUN_SANITIZED-}" ]; then
    grown() { echo "$before kB, then $after kB" && [ $((after - before)) -le 2048 ]; }
    check "its memory stays flat" grown
else
    skip "its memory stays flat" "sanitizers keep what was freed"
fi
counted() {
    count=$(curl -s "${url}healthz" | sed 's/.*"answered":\([0-9]*\).*/\1/') && echo "$count" && [ "$count" -ge $((2 * requests)) ]
}
check "it counted them" counted
ended() { kill "$server" && wait "$server"; }
check "it ends on SIGTERM with status 0" ended
check "it had nothing to complain of" test ! -s complaints
tap_end
[ "$tap_failures" -eq 0 ]
