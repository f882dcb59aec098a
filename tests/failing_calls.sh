#!/bin/sh
# failing_calls.sh: whichever system call fails, is interrupted or comes short, a command says so or gives the undisturbed
# result, and a run loses nothing. Here that is a few positions of each command, in `make check-faults` all of them, and
# with NNRUN_WALK=sites many that come from different places in the code.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
promise='whichever system call fails, a command says so, and a run comes to the same bytes when it is resumed'
set -- --sample 400
case ${NNRUN_WALK-} in
all) set -- ;;
sites) set -- --sites --sample 3000 --seed 1 ;;
esac
if [ ! -f "$NNRUN_BUILD/tests/.libs/fault.so" ] || [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "$promise" 'no fault injection in this build'
elif ! command -v python3 >/dev/null 2>&1; then
    skip "$promise" 'no python3'
else
    check "$promise" python3 "$NNRUN_SOURCE/tests/faults.py" "$@"
    grep -v '^# again' "$tap_out" | tail -n 13
fi
tap_end
