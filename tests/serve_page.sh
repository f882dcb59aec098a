#!/bin/sh
# serve_page.sh: digits drawn on the page of nnrun serve, in a real browser, with mouse and finger, are read while they
# are drawn; see serve_page.py.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
promise='digits drawn on the page are read'

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    skip "$promise" 'no libmicrohttpd'
elif ! python3 "$NNRUN_SOURCE/tests/browser.py" 2>/dev/null; then
    skip "$promise" 'no python3, or no Chromium that starts'
else
    digits 6000 300
    "$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=300 train.epochs=3 -q -o run || exit 99
    small_config wide.cfg # of many classes, and wide pictures
    sed -i 's/{ type = "pool"; kernel = 2; },/{ type = "conv"; filters = 2; kernel = 1; pad = 160; }, { type = "global_pool"; },/; s/units = 10/units = 20/' wide.cfg
    "$nnrun" wide.cfg -q train.epochs=1 -o wide || exit 99
    : >served
    "$nnrun" serve run/best.safetensors --port 0 >>served 2>complaints &
    server=$!
    : >wide.served
    "$nnrun" serve wide/best.safetensors --port 0 >>wide.served 2>>complaints &
    tap_children="$server $!"
    tap_wait grep -q http: served && tap_wait grep -q http: wide.served || exit 99
    python3 "$NNRUN_SOURCE/tests/serve_page.py" "$(sed -n 's/.* on //p' served)" "$(sed -n 's/.* on //p' wide.served)" "$server" \
        >results 2>trouble
    status=$?
    while read -r holds what; do
        tap_result "$holds" "$what"
    done <results
    sed 's/^/# /' trouble
    check 'the browser went through all of it' test $status -eq 0
    check 'the server has nothing to complain of' test ! -s complaints
fi
tap_end
