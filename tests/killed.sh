#!/bin/sh
# killed.sh: a run that is killed anywhere is resumed to the same bytes: a short form of `make check-kill`.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
promise='killed at any instant or file operation, a run is resumed to the same bytes'
if [ ! -f "$NNRUN_BUILD/tests/.libs/fault.so" ] || [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "$promise" 'no fault injection in this build'
elif ! command -v python3 >/dev/null; then
    skip "$promise" 'no python3'
else
    check "$promise" python3 "$NNRUN_SOURCE/tests/kill.py" --random 15 --sample 60
    sed -n 's/^# //p' "$tap_out" | tail -n 12 | sed 's/^/# /'
fi
tap_end
