#!/bin/sh
# serve_library.sh: nnrun serve alone loads libmicrohttpd, with GnuTLS and what that needs, and says so if it cannot.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
best=run/best.safetensors

if "$nnrun" serve nowhere 2>&1 | grep -q 'built without libmicrohttpd'; then
    skip 'only nnrun serve loads libmicrohttpd' 'no libmicrohttpd'
    tap_end
    exit
fi
digits 200 50
small_config good.cfg

# loads COMMAND...: the objects that it loads, as glibc's dynamic linker reports them
loads() {
    rm -f loaded.*
    LD_DEBUG=files LD_DEBUG_OUTPUT=$work/loaded "$@" >"$work/printed" 2>&1
    sed -n 's/.*file=\([^ ]*\).*/\1/p' loaded.* 2>/dev/null | sort -u
}
loads_none() {
    loads "$@" >objects
    grep -q jansson objects && ! grep -E 'microhttpd|gnutls' objects
}
# An address that is no number ends it once the library is there.
serves() { loads "$nnrun" serve "$best" --address nowhere.invalid; }

"$nnrun" -q good.cfg train.epochs=1 -o run || exit 99
if ! loads "$nnrun" --version | grep -q jansson; then
    skip 'nnrun serve loads libmicrohttpd, by its soname' 'this dynamic linker does not report what it loads'
    tap_end
    exit
fi
library=$(serves | grep '^libmicrohttpd\.so')
check 'nnrun serve loads libmicrohttpd, by its soname' test -n "$library"
for command in --version --help layers 'show good.cfg' "test $best" "predict -q $best digits/t10k-images-idx3-ubyte.gz" \
    'train good.cfg train.epochs=1 -q' "serve nowhere.safetensors"; do
    # shellcheck disable=SC2086 # words
    check "nnrun $command loads neither it nor GnuTLS" loads_none "$nnrun" $command
done

# A library that cannot be loaded, and another one of that name.
mkdir broken other
: >"broken/$library"
cp "$NNRUN_BUILD/plugins/.libs/relu.so" "other/$library"
needs='^nnrun: libmicrohttpd, which nnrun serve needs, cannot be loaded: '
refuse_line 1 "$needs.*$library: file too short" 'a library that cannot be loaded is named, with the reason' \
    env LD_LIBRARY_PATH=broken "$nnrun" serve "$best" --port 0
refuse_line 1 "$needs.*$library: undefined symbol: MHD_" '... and so is one without the functions that are used' \
    env LD_LIBRARY_PATH=other "$nnrun" serve "$best" --port 0
tap_end
