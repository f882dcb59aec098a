#!/bin/sh
# coverage.sh: builds nnrun with counters of its lines and branches in build-coverage below the working folder, runs the tests
# there, and compares what they reached with tests/coverage-left.
#
#   coverage.sh SOURCE-FOLDER
#
# NNRUN_REWRITE=1 stores what is left now in that list. The reasons are written by hand.
set -eu
source=$1
set -- --left "$source/tests/coverage-left" ${NNRUN_REWRITE:+--rewrite}
unset NNRUN_REWRITE # golden.sh and symbols.sh are not to store anything
command -v gcov >/dev/null 2>&1 || { echo "coverage needs gcov, and gcc" >&2; exit 1; }
# Processes that may not write large files complain of their counters.
GCOV_ERROR_FILE=/dev/null
export GCOV_ERROR_FILE
${SHELL:-sh} "$source/tools/build_as.sh" build-coverage "$source"
cd build-coverage
find . -name '*.gcda' -delete
# All files of counters are there before tests that limit the size of files, or kill: what these cut short is still whole.
# Tests run nnrun as other users, too.
NNRUN_PLUGIN_PATH=$PWD/plugins/.libs ./nnrun layers >/dev/null
find . -name '*.gcda' -exec chmod a+rw {} +
failed=no
NNRUN_COVERAGE=yes
export NNRUN_COVERAGE
"${MAKE:-make}" -k --no-print-directory check TESTS="\$(coverage_tests)" || failed=yes
# The counters allocate and write, too, so that these do not judge here; what they reach counts.
# What calls that fail reach depends on where they are, so that one from each place will do.
NNRUN_WALK=sites "${MAKE:-make}" -k --no-print-directory check TESTS="\$(fault_walks)" >faults.log 2>&1 || :
python3 "$source/tools/coverage.py" "$source" . "$@" || failed=yes
[ $failed = no ]
