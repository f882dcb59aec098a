#!/bin/sh
# bindist.sh: packs what make install installs, and the libraries that it needs, into a tarball whose programs run where it
# is unpacked. Run by make bindist in the build folder.
#
#   bindist.sh NAME PROCESSOR      writes NAME.tar.gz, with all below NAME
#
# Environment: NNRUN_SOURCE, NNRUN_PREFIX, NNRUN_LIBDIR, NNRUN_PLUGINDIR, CC, STRIP, PKG_CONFIG: as configured; NNRUN_SERVE, the name
# by which nnrun loads libmicrohttpd, empty: it does not; SOURCE_DATE_EPOCH, the time of all files: without it, that of the
# commit, or of NEWS.
#
# Libraries are taken along as they are, shared: what is under the LGPL must be replaceable by whoever has the tarball, and
# archives of other systems need not be position-independent. ./bindist has programs and a library that look for them in
# the tree. What is of the C library stays out: it belongs to the kernel and the loader of each machine.
set -eu
name=$1
processor=$2
build=$PWD
umask 022
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/nnrun-bindist-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { printf 'bindist: %s\n' "$1" >&2; exit 1; }

# ---- what is installed -------------------------------------------------------------------------------------------------

for folder in "$NNRUN_LIBDIR" "$NNRUN_PLUGINDIR"; do
    case $folder in
    "$NNRUN_PREFIX"/*) ;;
    *) fail "$folder is outside of the prefix, $NNRUN_PREFIX: configure with folders below it" ;;
    esac
done
lib=${NNRUN_LIBDIR#"$NNRUN_PREFIX"/}
plugins=${NNRUN_PLUGINDIR#"$NNRUN_PREFIX"/}
own=${plugins%/*}
(unset MAKEFLAGS MFLAGS MAKELEVEL && make -s install DESTDIR="$work/root") >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
tree=$work/$name
mv "$work/root$NNRUN_PREFIX" "$tree"
cp bindist/nnrun bindist/nnrun-make-digits bindist/nnrun-make-sensors "$tree/bin/"
library=$(cd bindist/.libs && ls libnnrun.so.*.*.*)
if [ -f "$tree/$lib/$library" ]; then # else configured with --disable-shared
    cp "bindist/.libs/$library" "$tree/$lib/"
    "$STRIP" --strip-unneeded "$tree/$lib/$library"
fi
rm -f "$tree/$lib"/*.la "$tree/$plugins"/*.la "$tree/$lib/libnnrun.a"
rm -f "$tree/$plugins"/comm_*.so # these stand on the MPI of this machine
"$STRIP" "$tree/bin/nnrun" "$tree/bin/nnrun-make-digits" "$tree/bin/nnrun-make-sensors"
"$STRIP" --strip-unneeded "$tree/$plugins"/*.so

# ---- the libraries -------------------------------------------------------------------------------------------------------

# needs FILE...: "NAME PATH" of the shared libraries that these load, but for the C library's
needs() {
    for file; do
        ldd "$file" | awk '$2 == "=>" { print $1, ($3 ~ /^\//) ? $3 : "" }'
    done | sort -u | grep -Ev '^(lib(c|m|dl|pthread|rt|resolv|util)\.so\.[0-9]|ld-linux|linux-(vdso|gate))' || :
}
set -- "$build/bindist/nnrun" "$build/bindist/nnrun-make-digits" "$build/bindist/nnrun-make-sensors" "$build/bindist/.libs/$library"
if [ -n "${NNRUN_SERVE-}" ]; then
    server=$("$PKG_CONFIG" --variable=libdir libmicrohttpd)/$NNRUN_SERVE
    [ -f "$server" ] || server=$($CC -print-file-name="$NNRUN_SERVE")
    [ -f "$server" ] || fail "$NNRUN_SERVE, which nnrun serve loads, was not found"
    printf '%s %s\n' "$NNRUN_SERVE" "$server" >"$work/needed"
    set -- "$@" "$server"
fi
needs "$@" >>"$work/needed"
licences=$tree/share/nnrun/licences
mkdir -p "$licences"
# package PATH: the package that has it, on Debian
package() {
    file=$(readlink -f "$1")
    found=$(dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null) || return 0
    printf '%s' "${found%%: *}"
}
while read -r soname path; do
    [ -n "$path" ] || fail "$soname, which nnrun needs, was not found"
    cp -L "$path" "$tree/$own/$soname"
    chmod 644 "$tree/$own/$soname"
    from=$(package "$path")
    source='the system that this was built on'
    if [ -n "$from" ]; then
        # shellcheck disable=SC2016 # for dpkg-query
        source=$(dpkg-query -W -f '${source:Package}=${source:Version}' "$from")
        notice=/usr/share/doc/${from%%:*}/copyright
        [ ! -f "$notice" ] || cp -L "$notice" "$licences/${from%%:*}.copyright"
    fi
    printf '    %-24s %s\n' "$soname" "$source"
done <"$work/needed" >"$work/libraries"
# The texts that those notices refer to.
cat "$licences"/*.copyright /dev/null 2>/dev/null | grep -oE '/usr/share/common-licenses/[A-Za-z]+(-[0-9]+(\.[0-9]+)?)?' | sort -u |
    while read -r text; do
        [ ! -f "$text" ] || cp -L "$text" "$licences/"
    done

# ---- what it says of itself ----------------------------------------------------------------------------------------------

cp "$NNRUN_SOURCE/LICENSE" "$NNRUN_SOURCE/NEWS" "$tree/"
glibc=$(cat "$tree/bin/nnrun" "$tree/bin/nnrun-make-digits" "$tree/bin/nnrun-make-sensors" "bindist/.libs/$library" "$tree/$plugins"/*.so "$tree/$own"/*.so.* | grep -aoE 'GLIBC_2\.[0-9]+' |
    sort -uV | tail -n 1)
cat >"$tree/README" <<EOF
nnrun for Linux on $processor

nnrun trains small neural networks that are described as text. This folder has all of it. Nothing has to be installed:

    tar xf $name.tar.gz
    $name/bin/nnrun-make-digits digits
    $name/bin/nnrun $name/share/nnrun/configs/lenet.cfg data.directory=digits

With MNIST where its configs look for it, they need no data.directory:

    $name/bin/nnrun-fetch-mnist $name/share/nnrun/data/mnist

With its programs in PATH, "nnrun" alone runs it, and "man nnrun" shows the manual:

    export PATH="\$PWD/$name/bin:\$PATH"

You can move and copy the folder. Other users of the machine can run what you unpacked. It can be removed by "rm -r".

Requirements

The C library of the system must be glibc ${glibc#GLIBC_} or newer. An older one says "version \`$glibc' not found".
nnrun-fetch-mnist needs curl or wget.

Programs and layers of your own

    export PKG_CONFIG_PATH="\$PWD/$name/$lib/pkgconfig" LD_LIBRARY_PATH="\$PWD/$name/$lib"

nnrun(3) and nnrun-layer(3) have programs and a layer to start from.

Libraries of others

$own has these libraries, each with what it was built from. You may replace each by another version of it.
LICENSE is nnrun's licence; theirs are in share/nnrun/licences. On Debian, "apt-get source PACKAGE=VERSION" gets their sources.

$(cat "$work/libraries")
EOF

# ---- the tarball -----------------------------------------------------------------------------------------------------------

if [ -z "${SOURCE_DATE_EPOCH-}" ] && [ -e "$NNRUN_SOURCE/.git" ]; then
    SOURCE_DATE_EPOCH=$(git -c safe.directory="$NNRUN_SOURCE" -C "$NNRUN_SOURCE" log -1 --format=%ct 2>/dev/null) || :
fi
[ -n "${SOURCE_DATE_EPOCH-}" ] || SOURCE_DATE_EPOCH=$(stat -c %Y "$NNRUN_SOURCE/NEWS")
tar -C "$work" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go-w,a+rX \
    --mtime="@$SOURCE_DATE_EPOCH" -cf "$work/tar" "$name"
gzip -9n "$work/tar"
mv "$work/tar.gz" "$name.tar.gz"
printf '%s.tar.gz\n' "$name"
