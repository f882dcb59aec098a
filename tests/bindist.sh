#!/bin/sh
# bindist.sh: make check-bindist: the tarball of make bindist, unpacked elsewhere by a user who may nothing, trains with the bits of
# the build, and uses nothing of the system but the C library.
#
# Environment: NNRUN_BINDIST, the name of what is in the tarball of the build folder; NNRUN_SERVE, what nnrun serve loads.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
unset NNRUN_PLUGIN_PATH LD_LIBRARY_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR CPATH C_INCLUDE_PATH LIBRARY_PATH
name=${NNRUN_BINDIST:?}
tarball=$NNRUN_BUILD/$name.tar.gz

# ---- the file ----------------------------------------------------------------------------------------------------

again() {
    cp "$tarball" first.tar.gz &&
        (unset MAKEFLAGS MFLAGS MAKELEVEL && umask 077 && TZ=Pacific/Auckland make -s -C "$NNRUN_BUILD" bindist) &&
        cmp first.tar.gz "$tarball"
}
check "packed again, by another mask and clock, it has the same bytes" again
entries() {
    tar tvzf "$tarball" --numeric-owner >entries && test -s entries && ! grep -v " $name/" entries &&
        ! grep -Ev '^([d-]rwxr-xr-x|-rw-r--r--|lrwxr.xr.x) 0/0 ' entries
}
check "all in it is in one folder, root's, and readable" entries

# ---- unpacked ----------------------------------------------------------------------------------------------------

# anyone COMMAND...: as a user without rights, if we can be that, and without an environment
anyone() {
    env -i PATH=/usr/bin:/bin HOME="$work/home" "$@"
}
if [ "$(id -u)" -eq 0 ] && setpriv --reuid 41001 --regid 41001 --clear-groups true 2>/dev/null; then
    anyone() {
        env -i PATH=/usr/bin:/bin HOME="$work/home" setpriv --reuid 41001 --regid 41001 --clear-groups "$@"
    }
    mkdir home && chown 41001:41001 home && chmod 755 "$work"
else
    mkdir home
fi
digits 300 100
small_config small.cfg
chmod -R a+rX digits small.cfg
NNRUN_PLUGIN_PATH=$NNRUN_BUILD/plugins/.libs "$nnrun" small.cfg -q -o built || exit 99
chmod -R a+rX built
tree=$(cd home && pwd -P)/$name
check "a user without rights unpacks it" anyone tar xzf "$tarball" -C home
check "it draws digits" anyone "$tree/bin/nnrun-make-digits" --train 300 --test 100 home/digits
check "which are those of the build" diff -r digits home/digits
trains() {
    anyone "$tree/bin/nnrun" small.cfg -q -o home/run && cmp built/best.safetensors home/run/best.safetensors
}
check "it trains with the bits of the build" trains
# The line of its README that trains, made shorter.
readme() {
    line=$(sed -n "s|^    \\($name/bin/nnrun .*\\)|\\1 data.validation=50 train.epochs=1|p" "$tree/README")
    [ -n "$line" ] && anyone sh -c "cd '$work/home' && $line"
}
check "so does the line of its README" readme

# alone PROCESS: it has no shared object but those of the tree and the C library's
alone() {
    sed -n 's|^[^/]* \(/.*\.so[.0-9]*\)$|\1|p' "/proc/$1/maps" | sort -u >objects
    grep -F "$tree/" objects | grep -F "/$NNRUN_SERVE" && ! grep -vF "$tree/" objects | grep -Ev '/(lib(c|m|dl|pthread|rt|resolv)\.so\.[0-9]+|ld-linux[^/]*)$'
}
serves() {
    # shellcheck disable=SC2016 # for that shell
    anyone sh -c 'echo $$ >home/server && exec "$0" serve built/best.safetensors --port 0 --json' "$tree/bin/nnrun" >serving 2>&1 &
    tap_wait grep -q '"url"' serving || { cat serving; return 1; }
    tap_children=$(cat home/server)
    alone "$tap_children"
    ended=$?
    kill "$tap_children" && wait
    return "$ended"
}
if [ -z "${NNRUN_SERVE-}" ]; then
    skip "it serves, with the libraries of the tree and the C library alone" "built without libmicrohttpd"
else
    check "it serves, with the libraries of the tree and the C library alone" serves
fi
named() {
    for file in "$tree"/lib*/nnrun/*.so.* "$tree"/lib/*/nnrun/*.so.*; do
        [ ! -f "$file" ] || grep -F " ${file##*/} " "$tree/README" || return 1
    done
}
check "its README names each of these libraries" named
client() {
    export PKG_CONFIG_PATH="$tree/lib/pkgconfig"
    # shellcheck disable=SC2046 # lists of words
    ${NNRUN_CC:-cc} -std=c11 "$tree/share/nnrun/examples/classify.c" $("${NNRUN_PKG_CONFIG:-pkg-config}" --cflags --libs nnrun) \
        -o home/classify && LD_LIBRARY_PATH="$tree/lib" home/classify built/best.safetensors one.pgm
}
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
check "a program is compiled with it" client
mv "$tree" "home/other place"
check "moved, it tests what it trained" anyone "home/other place/bin/nnrun" test built/best.safetensors data.directory=digits
tap_end
printf '# PASS: %d\n# FAIL: %d\n' "$((tap_count - tap_failures))" "$tap_failures"
[ "$tap_failures" -eq 0 ]
