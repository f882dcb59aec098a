#!/bin/sh
# clients.sh: the programs in tests/client, compiled with what is installed and nothing of the source or the build, run with
# libnnrun.so and with libnnrun.a.
#
# make check installs below a folder of the test's own; make installcheck tries what is there. Environment: NNRUN_LIBDIR,
# NNRUN_PKGCONFIGDIR, NNRUN_PLUGINDIR: as configured; NNRUN_CC, NNRUN_CXX, NNRUN_PKG_CONFIG: cc, c++ and pkg-config;
# NNRUN_INSTALLED: set by installcheck; DESTDIR: where it was installed below then.
# shellcheck source=tests/tap.sh
. "${NNRUN_SOURCE:?}/tests/tap.sh"
cd "$work" || exit 99
unset NNRUN_ISA PKG_CONFIG_LIBDIR CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH LD_LIBRARY_PATH

root=${DESTDIR-}
if [ -z "${NNRUN_INSTALLED-}" ]; then
    root=$work/root
    # Not a part of the make that runs the tests: not its options, nor its jobs.
    install() {
        (unset MAKEFLAGS MFLAGS MAKELEVEL && make -s -C "$NNRUN_BUILD" install DESTDIR="$root")
    }
    check "make install DESTDIR=" install
fi
libdir=$root${NNRUN_LIBDIR:?}
[ -z "$root" ] || export PKG_CONFIG_SYSROOT_DIR="$root"
export PKG_CONFIG_PATH="$root${NNRUN_PKGCONFIGDIR:?}" NNRUN_PLUGIN_PATH="$root${NNRUN_PLUGINDIR:?}" LD_LIBRARY_PATH="$libdir"
# Apart, so that -lnnrun is the archive.
mkdir archive
[ ! -f "$libdir/libnnrun.a" ] || cp "$libdir/libnnrun.a" archive/

# What libnnrun.a gives a program that is linked with it, in alphabetical order.
given() {
    nm -g --defined-only archive/libnnrun.a | awk 'NF == 3 { print $3 }' | sort | diff - "$NNRUN_SOURCE/src/lib/nnrun.sym"
}
if [ -f archive/libnnrun.a ] && [ -z "${NNRUN_SANITIZED-}" ]; then
    check "libnnrun.a has no names but the functions of nnrun.h" given
else
    skip "libnnrun.a has no names but the functions of nnrun.h" "there is none, or sanitizers add their own"
fi

pkg() {
    "${NNRUN_PKG_CONFIG:-pkg-config}" "$@" nnrun
}
only() {
    pkg "$1" | tr ' ' '\n' | grep -Ev "^($2.*)?\$" && return 1
    pkg "$1"
}
check "nnrun.pc has no flag for the compiler but -I" only --cflags -I
check "none for the linker but -L and -l" only --libs '-[Ll]'

# build FILE shared|static: into NAME-SUFFIX-KIND
build() {
    case $1 in
    *.cc) set -- "$@" "${NNRUN_CXX:-c++} -std=c++17" ;;
    *) set -- "$@" "${NNRUN_CC:-cc} -std=c11" ;;
    esac
    set -- "$@" "$(pkg --cflags)" "$(if [ "$2" = static ]; then echo "-L$work/archive" && pkg --static --libs; else pkg --libs; fi)"
    # shellcheck disable=SC2086 # lists of words
    $3 -O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror ${NNRUN_SANITIZED-} $4 "$NNRUN_SOURCE/tests/client/$1" \
        -o "${1%.*}-${1#*.}-$2" $5
}
# needs_library PROGRAM: it loads libnnrun.so.
needs_library() {
    readelf -d "$1" | grep -F 'Shared library: [libnnrun.so.0]'
}
needs_none() {
    ! needs_library "$1"
}
# ran FILE KIND COMMAND...: it succeeds; what it printed stays in NAME-SUFFIX-KIND.said.
ran() {
    said=${1%.*}-${1#*.}-$2.said
    promise="$1 runs, $2"
    shift 2
    check "$promise" "$@"
    cp "$tap_out" "$said"
}
has_cxx() {
    printf 'int main() { return 0; }\n' >empty.cc && ${NNRUN_CXX:-c++} -std=c++17 empty.cc -o empty >/dev/null 2>&1
}

for file in "$NNRUN_SOURCE"/tests/client/*.c "$NNRUN_SOURCE"/tests/client/*.cc; do
    file=${file##*/}
    for kind in shared static; do
        program=${file%.*}-${file#*.}-$kind
        case $file$kind in
        *.cc*) has_cxx || { skip "$file, $kind" "no C++17 compiler"; continue; } ;;
        esac
        if [ $kind = shared ] && [ ! -f "$libdir/libnnrun.so" ]; then
            skip "$file, $kind" "configured with --disable-shared"
        elif [ $kind = static ] && [ ! -f "$libdir/libnnrun.a" ]; then
            skip "$file, $kind" "configured with --disable-static"
        else
            check "$file is compiled and linked, $kind" build "$file" $kind
            if [ $kind = shared ]; then
                check "with libnnrun.so" needs_library "$program"
            else
                check "without libnnrun.so" needs_none "$program"
            fi
            ran "$file" $kind "./$program"
        fi
    done
done
for file in "$NNRUN_SOURCE"/tests/client/*.py; do
    file=${file##*/}
    if [ ! -f "$libdir/libnnrun.so" ]; then
        skip "$file" "configured with --disable-shared"
    elif [ -n "${NNRUN_SANITIZED-}" ]; then
        skip "$file" "Python is built without the sanitizer"
    elif ! command -v python3 >/dev/null 2>&1; then
        skip "$file" "no python3"
    else
        ran "$file" shared python3 "$NNRUN_SOURCE/tests/client/$file" "$libdir/libnnrun.so.0"
    fi
done

# ---- what they said ----------------------------------------------------------------------------------------------

versions() {
    pkg --modversion >version && for said in version-*.said; do cmp version "$said" || return 1; done
}
check "nnrun_version() is the version of nnrun.pc for all of them" versions
tap_end
[ "$tap_failures" -eq 0 ]
