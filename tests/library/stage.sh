# shellcheck shell=sh disable=SC2034,SC2154 # for and from those who source this
# stage.sh: programs on libnnrun find it as if it were installed; sourced after tap.sh, in the folder $work.
#
# In make installcheck (NNRUN_INSTALLED is set) it is. Else `stage` puts what make install would install into
# $work/stage, by links into the source and the build. Layers are looked for where they are to be installed, where none
# need be yet: staged.h gives another folder, $NNRUN_PLUGIN_PATH.

stage_sources=$NNRUN_SOURCE/tests/library
# The compiler's flags besides those of pkg-config; its sanitizers if the library has them.
stage_flags="-g -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror ${NNRUN_CPPFLAGS-} ${NNRUN_SANITIZED-}"
stage_pkg() {
    "${NNRUN_PKG_CONFIG:-pkg-config}" "$@"
}

stage_links() {
    mkdir -p stage/bin stage/include stage/lib/pkgconfig stage/share/nnrun &&
        ln -s "$NNRUN_BUILD/nnrun" "$NNRUN_BUILD/nnrun-make-digits" "$NNRUN_BUILD/nnrun-fetch-mnist" stage/bin/ &&
        ln -s "$NNRUN_SOURCE/src/nnrun" "$stage_sources/staged.h" stage/include/ &&
        ln -s "$NNRUN_SOURCE/configs" "$NNRUN_SOURCE/examples" stage/share/nnrun/ &&
        cp -P "$NNRUN_BUILD"/.libs/libnnrun.so* stage/lib/ || return 1
    [ ! -f "$NNRUN_BUILD/.libs/libnnrun.a" ] || cp "$NNRUN_BUILD/.libs/libnnrun.a" stage/lib/
}
stage() {
    stage_links && sed "s|^prefix=.*|prefix=$work/stage|; s|^exec_prefix=.*|exec_prefix=\${prefix}|
        s|^libdir=.*|libdir=\${prefix}/lib|; s|^includedir=.*|includedir=\${prefix}/include|
        s|^configdir=.*|configdir=\${prefix}/share/nnrun/configs|
        s|^Cflags:.*|& -include \${includedir}/staged.h ${NNRUN_SANITIZED-}|; s|^Libs:.*|& ${NNRUN_SANITIZED-}|" \
        "$NNRUN_BUILD/nnrun.pc" >stage/lib/pkgconfig/nnrun.pc
}
if [ -z "${NNRUN_INSTALLED-}" ]; then
    stage >"$tap_out" 2>"$tap_err" || { cat "$tap_err"; echo "Bail out! there is no libnnrun"; exit 99; }
    stage_lib=$work/stage/lib
    stage_examples=$work/stage/share/nnrun/examples
    PATH=$work/stage/bin:$PATH
    PKG_CONFIG_PATH=$stage_lib/pkgconfig
else
    stage_lib=${DESTDIR-}${NNRUN_LIBDIR:?}
    stage_examples=${DESTDIR-}${NNRUN_EXAMPLEDIR:?}
    PATH=${DESTDIR-}${NNRUN_BINDIR:?}:$PATH
    PKG_CONFIG_PATH=${DESTDIR-}${NNRUN_PKGCONFIGDIR:?}
    unset NNRUN_PLUGIN_PATH
    if [ -n "${DESTDIR-}" ]; then
        PKG_CONFIG_SYSROOT_DIR=$DESTDIR
        NNRUN_PLUGIN_PATH=$DESTDIR${NNRUN_PLUGINDIR:?}
        stage_flags="$stage_flags -include $stage_sources/staged.h"
        export PKG_CONFIG_SYSROOT_DIR NNRUN_PLUGIN_PATH
    fi
fi
LD_LIBRARY_PATH=$stage_lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH
