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
    "$NNRUN_BUILD/tests/draw_signs" signs 20 && mkdir configs data && cp "$NNRUN_SOURCE"/configs/*.cfg configs &&
        "$nnrun" pack -q signs -o data/colour --size 32x32 --rgb &&
        "$nnrun" -q configs/colour.cfg data.classes=data/colour/classes.txt data.prepare=crop data.validation=16 train.epochs=1 -o colour || exit 99
    "$NNRUN_BUILD/nnrun-make-sensors" --train 300 --test 10 data/sensors &&
        "$nnrun" -q configs/sensors.cfg data.validation=50 train.epochs=1 -o numbers || exit 99
    : >served
    "$nnrun" serve run/best.safetensors --port 0 >>served 2>complaints &
    server=$!
    : >wide.served
    "$nnrun" serve wide/best.safetensors --port 0 >>wide.served 2>>complaints &
    tap_children="$server $!"
    for run in colour numbers; do
        : >$run.served
        "$nnrun" serve $run/best.safetensors --port 0 >>$run.served 2>>complaints &
        tap_children="$tap_children $!"
    done
    for file in served wide.served colour.served numbers.served; do
        tap_wait grep -q http: $file || exit 99
    done
    url() {
        sed -n 's/.* on //p' "$1"
    }
    python3 "$NNRUN_SOURCE/tests/serve_page.py" "$(url served)" "$(url wide.served)" "$(url colour.served)" "$(url numbers.served)" \
        "$server" >results 2>trouble
    browsed $? 'the browser went through all of it'
    check 'the server has nothing to complain of' test ! -s complaints
fi
tap_end
