#!/bin/sh
# build_as.sh: builds nnrun as another kind of build, in a folder of its own below the working folder, with warnings as
# errors, and runs the tests that such a build is for, or those of TESTS= on make's command line.
#
#   build_as.sh check-clang|check-wide|check-asan|check-tsan|check-mpich SOURCE-FOLDER
#   build_as.sh build-clang|build-wide|build-O0|build-O3|build-Os|build-v3|build-lto|build-coverage SOURCE-FOLDER
#
# The latter without the tests.
set -eu
action=${1%%-*}
kind=${1#*-}
source=$2
folder=$PWD/build-$kind
tests=
case ${MAKEFLAGS-} in
*-j*) jobs= ;;
*) jobs=-j$(nproc) ;;
esac

case $kind in
clang)
    set -- CC=clang CXX=clang++
    ;;
wide)
    tests=kernel_tests
    NNRUN_WIDE_PLUGIN_PATH=$folder/plugins/.libs
    export NNRUN_WIDE_PLUGIN_PATH
    # 64-byte vectors without AVX-512 are passed in memory; all such functions are inlined
    set -- CPPFLAGS=-DNNRUN_WIDE_ON_AVX2 CFLAGS='-g -O2 -Wno-psabi'
    ;;
asan)
    tests=memory_tests
    ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
    UBSAN_OPTIONS=print_stacktrace=1
    export ASAN_OPTIONS UBSAN_OPTIONS
    set -- --enable-sanitize=address,undefined
    ;;
tsan)
    tests=thread_tests
    set -- --enable-sanitize=thread CFLAGS='-O1 -g'
    ;;
mpich)
    tests=mpi_tests
    NNRUN_MPIRUN=mpirun.mpich
    export NNRUN_MPIRUN
    set -- --with-mpi=yes MPICC=mpicc.mpich
    ;;
coverage)
    # With threads a counter must be added to at once; a program that is linked with libnnrun.a needs its counters, too.
    set -- CFLAGS='-g -O1 --coverage -fprofile-update=atomic -Wno-maybe-uninitialized' LDFLAGS=--coverage LIBS=-lgcov \
        CPPFLAGS="-include $source/tests/coverage.h"
    ;;
O0)
    # where nothing is inlined, an intrinsic of the compiler's is a macro that converts a sign
    set -- CFLAGS='-g -O0 -Wno-sign-conversion'
    ;;
O3 | Os)
    set -- CFLAGS="-g -$kind"
    ;;
v3)
    set -- CFLAGS='-g -O2 -march=x86-64-v3'
    ;;
lto)
    set -- CFLAGS='-g -O2 -flto=auto -ffat-lto-objects'
    ;;
*)
    echo "build_as.sh: $1?" >&2
    exit 2
    ;;
esac
# 12.2's TSan cannot map its shadow where addresses are too random.
without_random_addresses() {
    if [ "$kind" = tsan ] && setarch -R true 2>/dev/null; then
        setarch -R "$@"
    else
        "$@"
    fi
}
mkdir -p "$folder"
cd "$folder"
if [ ! -f config.status ]; then
    without_random_addresses "$source/configure" --quiet --enable-werror "$@"
fi
case ${MAKEFLAGS-} in *TESTS=*) tests= ;; esac
without_random_addresses "${MAKE:-make}" ${jobs:+"$jobs"} --no-print-directory -s all
[ "$action" = check ] || exit 0
without_random_addresses "${MAKE:-make}" ${jobs:+"$jobs"} --no-print-directory check ${tests:+"TESTS=\$($tests)"}
