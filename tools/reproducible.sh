#!/bin/sh
# reproducible.sh: builds nnrun once more, elsewhere, at another time, as another user, and compares what both builds install,
# byte for byte, with its modes. Run by make check-reproducible in the build folder, with the version's name.
#
#   reproducible.sh DISTDIR
#
# The sources are those of the tarball, the flags and the prefix those of the build folder.
set -eu
name=$1
build=$PWD
umask 022
work=$(mktemp -d "${TMPDIR:-/tmp}/nnrun-reproducible-XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
make=${MAKE:-make}

note() { printf '# %s\n' "$1"; }
# Of another host and user, if the kernel lets us, and decades ago, if there is faketime.
elsewhere() {
    if unshare --map-root-user --uts true 2>/dev/null; then
        # shellcheck disable=SC2016 # for the shell within
        set -- unshare --map-root-user --uts sh -c 'hostname elsewhere 2>/dev/null; exec "$@"' sh "$@"
    else
        note 'SKIP: another host name: no right to take one'
    fi
    if command -v faketime >/dev/null 2>&1; then
        set -- faketime -f '@2001-02-03 04:05:06' "$@"
    else
        note 'SKIP: another clock: no faketime; the times of files are others'
    fi
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u NNRUN_PLUGIN_PATH CCACHE_DISABLE=1 SOURCE_DATE_EPOCH=1000000000 USER=other \
        LOGNAME=other HOME="$work" TZ=Pacific/Auckland LC_ALL=de_DE.UTF-8 LOCPATH="$work/locales" TMPDIR="$work" "$@"
}
mkdir "$work/locales"
localedef -i de_DE -f UTF-8 "$work/locales/de_DE.UTF-8" >"$work/log" 2>&1 || note 'SKIP: another locale: no localedef'

$make --no-print-directory -s install DESTDIR="$work/one" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
$make --no-print-directory -s distdir >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
there=$work/a/folder/with/quite/another/name
mkdir -p "$there"
mv "$name" "$there/sources"
find "$there/sources" -exec touch -h -d '2011-12-13 14:15:16' {} +
mkdir "$there/build-of-it"
cd "$there/build-of-it"
# Words in quotes, as configure was given them.
eval "set -- $("$build/config.status" --config)"
(
    umask 077
    elsewhere ../sources/configure --quiet "$@" && elsewhere make -j3 -s all && elsewhere make -s install DESTDIR="$work/other"
) >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
grep '^# SKIP' "$work/log" | sort -u || :

cd "$work"
for side in one other; do
    (cd $side && find . -type d -printf '%p\n' -o -printf '%p %m %l\n' | LC_ALL=C sort) >"$side.list"
done
files=$(cd one && find . -type f | wc -l)
different=$({ diff one.list other.list; diff -r one other; } 2>&1 || :)
if [ -n "$different" ]; then
    printf 'not ok - two builds install the same bytes\n%s\n' "$different" | sed '2,$s/^/# /'
    printf '# PASS: 0\n# FAIL: 1\n'
    exit 1
fi
printf 'ok - two builds install the same bytes: %d files\n# PASS: 1\n# FAIL: 0\n' "$files"
