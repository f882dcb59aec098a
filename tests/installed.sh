#!/bin/sh
# installed.sh: make installcheck: the commands of the installed nnrun-layer(3), with the installed program, headers,
# pkg-config file, configs and digits, and nothing of the source or the build but this script.
#
# Environment: NNRUN_BINDIR, NNRUN_PKGCONFIGDIR, NNRUN_CONFIGDIR, NNRUN_MANDIR, NNRUN_PLUGINDIR, NNRUN_COMPLETIONDIR: as
# configured;
# NNRUN_CC, NNRUN_CXX, NNRUN_PKG_CONFIG: what cc, c++ and pkg-config mean; DESTDIR: where it was installed below.
# shellcheck source=tests/tap.sh
. "${NNRUN_SOURCE:?}/tests/tap.sh"
cd "$work" || exit 99
unset NNRUN_ISA NNRUN_PLUGIN_PATH PKG_CONFIG_LIBDIR CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH

root=${DESTDIR-}
if [ -n "$root" ]; then
    NNRUN_PLUGIN_PATH=$root$NNRUN_PLUGINDIR
    PKG_CONFIG_SYSROOT_DIR=$root
    export NNRUN_PLUGIN_PATH PKG_CONFIG_SYSROOT_DIR
fi
PATH=$work/bin:$root${NNRUN_BINDIR:?}:$PATH
PKG_CONFIG_PATH=$root${NNRUN_PKGCONFIGDIR:?}
export PATH PKG_CONFIG_PATH
page=$root${NNRUN_MANDIR:?}/man3/nnrun-layer.3

# stands_for NAME COMMAND: what the page calls NAME is that command.
stands_for() {
    [ "$1" = "$2" ] && return
    printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"bin/$1" && chmod +x "bin/$1"
}
mkdir bin
stands_for cc "${NNRUN_CC:-cc}"
stands_for c++ "${NNRUN_CXX:-c++}"
stands_for pkg-config "${NNRUN_PKG_CONFIG:-pkg-config}"
configs=$root${NNRUN_CONFIGDIR:?}
has_cxx() {
    printf 'int main() { return 0; }\n' >empty.cc && c++ -std=c++17 empty.cc -o empty >/dev/null 2>&1
}

# ---- the programs, in an empty folder ---------------------------------------------------------------------------

is_installed() {
    test "$(command -v "$1")" = "$root$NNRUN_BINDIR/$1" && "$1" --help
}
check "nnrun is in $root$NNRUN_BINDIR" is_installed nnrun
[ "$tap_failures" -eq 0 ] || { echo "Bail out! make install comes first"; exit 1; }
check "so is nnrun-make-digits" is_installed nnrun-make-digits
check "so is nnrun-make-sensors" is_installed nnrun-make-sensors
configs() {
    said=$(pkg-config --variable=configdir nnrun) # some pkg-config put $root in front, some do not
    test "$(cd "$root${said#"$root"}" && pwd -P)" = "$(cd "$configs" && pwd -P)" && test -f "$configs/lenet.cfg"
}
check "pkg-config says where its configs are" configs

completes() {
    NNRUN_CONFIG=$configs/lenet.cfg NNRUN_COMPLETION=$root${NNRUN_COMPLETIONDIR:?}/nnrun bash -c '. "$NNRUN_COMPLETION"
        COMP_WORDS=(nnrun "$NNRUN_CONFIG" train.epo) COMP_CWORD=2
        _nnrun nnrun && [ "${COMPREPLY[*]}" = train.epochs= ]'
}
if command -v bash >/dev/null 2>&1; then
    check "bash completes the keys of a config" completes
else
    skip "bash completes the keys of a config" "no bash"
fi

# ---- the page ----------------------------------------------------------------------------------------------------

# Its files, and its commands up to those that show a crash and how to look for it.
awk '
    /^\.Sh CRASHES/ { exit }
    /^\.Bd -literal/ { inside = 1; next }
    /^\.Ed/ { inside = 0; file = ""; next }
    inside && /^\.\\" file: / { file = $3; next }
    inside && file { gsub(/\\e/, "\\"); sub(/^\\&/, ""); print >file; next }
    inside && sub(/^\$ /, "")
' "$page" | sed "s|\$(pkg-config --variable=configdir nnrun)|$configs|" >commands
steps() {
    for step in 'nnrun layers --new ' 'cc ' 'nnrun gradcheck ' 'nnrun lenet.cfg ' 'nnrun test ' 'c++ -std=c++17 '; do
        grep "^$step" commands || { echo "no command $step in $page"; return 1; }
    done
}
own() {
    nnrun layers my_swish --plugin-path . | grep '^  beta '
}
check "nnrun-layer(3) shows how to print, compile, check and train, in C and in C++" steps
while read -r command; do
    case $command in
    'c++ '*) has_cxx || { skip "\$ $command" "no C++17 compiler"; continue; } ;;
    esac
    check "\$ $command" sh -c "$command"
    case $command in
    'nnrun lenet.cfg '*) check "with this layer" own ;;
    'nnrun gradcheck '*) cp "$tap_out" said && check "and all is good" grep '^40 cases .* all good$' said ;;
    esac
done <commands
as_ours() {
    # shellcheck disable=SC2046 # lists of words
    mkdir ours && cc -std=c11 -O2 -fPIC -shared $(pkg-config --cflags nnrun) $(pkg-config --variable=plugin_cflags nnrun) my_swish.c \
        -o ours/my_swish.so && nnrun gradcheck ours/my_swish.so | grep '^40 cases .* all good$'
}
check "the flags of nnrun.pc's plugin_cflags compile it, too" as_ours

if has_cxx; then # my_swish.so is the one of C++ now
    while read -r command; do
        case $command in
        'nnrun gradcheck '* | 'nnrun lenet.cfg '*) check "in C++: \$ $command" sh -c "$command" ;;
        esac
    done <commands
    check "in C++ its accuracy can be tested too" nnrun test runs/lenet-2/best.safetensors --plugin-path .
    check "and the bits are those of C" cmp runs/lenet/best.safetensors runs/lenet-2/best.safetensors
else
    skip "the same with the one of C++" "no C++17 compiler"
fi
tap_end
[ "$tap_failures" -eq 0 ]
