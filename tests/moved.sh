#!/bin/sh
# moved.sh: what was installed finds its parts wherever it is moved or copied to, and other users can run it. trust.sh has
# whose plugins run.
#
# Environment: NNRUN_PREFIX, NNRUN_LIBDIR, NNRUN_PLUGINDIR: as configured; NNRUN_CC, NNRUN_PKG_CONFIG: cc and pkg-config.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
unset NNRUN_PLUGIN_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR CPATH C_INCLUDE_PATH LIBRARY_PATH LD_LIBRARY_PATH

lib=${NNRUN_LIBDIR#"${NNRUN_PREFIX:?}"/}
plugins=${NNRUN_PLUGINDIR#"$NNRUN_PREFIX"/}
case $lib:$plugins in
/* | *:/*)
    skip "an installed tree can be moved" "configured with folders outside of the prefix"
    tap_end
    exit
    ;;
esac
# Not a part of the make that runs the tests: not its options, nor its jobs.
install() {
    (unset MAKEFLAGS MFLAGS MAKELEVEL && make -s -C "$NNRUN_BUILD" install DESTDIR="$work/root")
}
check "make install DESTDIR=" install

# layers_of TREE COMMAND...: `nnrun layers` as COMMAND lists those in the tree, and no others.
layers_of() {
    tree=$1
    shift
    "$@" layers >listed && grep '^conv ' listed && ! grep -F '.so, ABI' listed | grep -vF " $tree/$plugins/"
}

# ---- for one user ------------------------------------------------------------------------------------------------

staged=$(cd "root$NNRUN_PREFIX" && pwd -P)
check "below DESTDIR it finds its own layers" layers_of "$staged" "$staged/bin/nnrun"
mkdir 'else where' && mv "$staged" 'else where/moved'
moved=$(pwd -P)'/else where/moved'
check "moved, it finds its own layers" layers_of "$moved" "$moved/bin/nnrun"
ln -s "$moved/bin/nnrun" linked
check "called by a link, too" layers_of "$moved" ./linked
from_path() {
    (PATH=$moved/bin:$PATH && cd / && nnrun layers relu)
}
check "and found in PATH" from_path
refuse_line 3 "did you mean $moved/share/nnrun/configs/lenet.cfg" \
    "and its configs" "$moved/bin/nnrun" show lenet.cfg
cp -a 'else where/moved' copied && rm "copied/$plugins/relu.so"
small_config small.cfg
refuse 3 "no relu.so in .*/copied/$plugins\\)|no relu.so in .*/copied/$plugins;" "a copy does not use the layers of its original" \
    copied/bin/nnrun show small.cfg
mkdir -p alone/bin && cp copied/bin/nnrun alone/bin
without() {
    alone/bin/nnrun layers >listed 2>said || grep 'no layer plugins found' said || return 1
    ! grep -F '.so, ABI' listed | grep -vF " $(cd "$NNRUN_PLUGINDIR" && pwd -P)/"
}
check "where none lie beside it, those of configure are meant" without

digits 300 100
NNRUN_PLUGIN_PATH=$NNRUN_BUILD/plugins/.libs "$nnrun" small.cfg -q -o built || exit 99
trained() {
    "$moved/bin/nnrun" small.cfg -q -o moved-run && cmp built/best.safetensors moved-run/best.safetensors
}
check "moved, it trains with the same bits" trained

mv 'else where/moved' moved && moved=$(pwd -P)/moved # words of pkg-config have no blanks
pkg() {
    PKG_CONFIG_PATH=$moved/$lib/pkgconfig "${NNRUN_PKG_CONFIG:-pkg-config}" "$@" nnrun
}
client() {
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=c11 ${NNRUN_SANITIZED-} "$moved/share/nnrun/examples/classify.c" $(pkg --cflags --libs) -o classify &&
        LD_LIBRARY_PATH=$moved/$lib ./classify built/best.safetensors one.pgm
}
{ printf 'P5 28 28 255\n'; gzip -dc digits/t10k-images-idx3-ubyte.gz | tail -c +17 | head -c 784; } >one.pgm
if [ -f "$moved/$lib/libnnrun.so" ]; then
    check "its pkg-config file compiles a program, which finds library and layers" client
    cp "$tap_out" classified
    if [ -n "${NNRUN_SANITIZED-}" ] || ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>said; then
        skip "the Python example finds its library" "a sanitizer, or no Python 3.8"
    else
        check "the Python example finds its library" python3 "$moved/share/nnrun/examples/nnrun_predict.py" \
            built/best.safetensors one.pgm
        check "and gives the answer of the program" [ "$(cut -d' ' -f2 "$tap_out")" = "$(cut -d' ' -f2 classified)" ]
    fi
else
    skip "its pkg-config file compiles a program, which finds library and layers" "configured with --disable-shared"
fi
# shellcheck disable=SC2046,SC2086 # lists of words
plugin() {
    "$moved/bin/nnrun" layers --new mine >mine.c &&
        ${NNRUN_CC:-cc} -std=c11 -O2 -fPIC -shared ${NNRUN_SANITIZED-} $(pkg --cflags) mine.c -o mine.so &&
        "$moved/bin/nnrun" layers ./mine.so && [ "$(cd "$(pkg --variable=plugindir)" && pwd -P)" = "$moved/$plugins" ]
}
check "and a plugin" plugin

# ---- for several -------------------------------------------------------------------------------------------------

need_users "what one user installed, another trains with"
chmod 755 "$work" && chmod -R a+rX small.cfg digits && mkdir out && chmod 1777 out
chown -R 41001:41001 moved
# trains USER TREE: with the bits of the build
trains() {
    run=out/$1-$(echo "$2" | tr / -)
    rm -rf "$run" && as "$1" "$2/bin/nnrun" small.cfg -q -o "$run" && cmp built/best.safetensors "$run/best.safetensors"
}
check "what one user installed, another trains with" trains 41002 moved
check "so does root" trains 0 moved
mkdir elsewhere && cp -a moved elsewhere
check "and with a copy elsewhere" trains 41002 elsewhere/moved
mkdir home && chown 41002 home && as 41002 cp -r moved home/copy
check "and with one of their own" trains 41002 home/copy
check "with which others train, too" trains 41003 home/copy
chmod o+w "moved/$plugins/relu.so"
refuse_line 3 "/$plugins/relu\\.so: refused: this file is world-writable" "a writable file in it is refused" trains 41002 moved
chmod o-w "moved/$plugins/relu.so" && chown 41003 "moved/$plugins/relu.so"
refuse_line 3 "/$plugins/relu\\.so: refused: this file belongs to user 41003, neither" "and a third user's" trains 41002 moved
chown 41001 "moved/$plugins/relu.so" && chmod o+w "moved/$plugins"
refuse_line 3 "/$plugins: refused: this folder is world-writable" "and a writable folder" trains 41002 moved
chmod o-w "moved/$plugins"
check "and mended as the message says, it trains again" trains 41002 moved
tap_end
