#!/bin/sh
# header.sh: the plugin headers compile as C11 and C++17 without a warning, and a plugin exports one symbol.
. "${NNRUN_SOURCE:?}/tests/tap.sh"

cd "$work" || exit 99
cc=${NNRUN_CC:-cc}
warnings='-Wall -Wextra -Wpedantic -Werror'
printf '#include <nnrun/layer.h>\nint size = (int)sizeof(struct nnrun_layer);\n' >header.c
# shellcheck disable=SC2086 # lists of words
check "layer.h is C11" $cc -std=c11 $warnings -I"$NNRUN_SOURCE/src" -c header.c -o header.o
if command -v c++ >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    check "layer.h is C++17" c++ -std=c++17 $warnings -x c++ -I"$NNRUN_SOURCE/src" -c header.c -o header.o
else
    skip "layer.h is C++17" "no C++ compiler"
fi
for plugin in "$NNRUN_BUILD"/plugins/.libs/*.so; do
    exports() {
        nm -D --defined-only "$plugin" | awk '$2 != "w" { print $3 }' | grep -v '^__\|^_init\|^_fini\|asan\|ubsan' | tee exported
        [ "$(cat exported)" = nnrun_plugin ]
    }
    check "${plugin##*/} exports one symbol" exports
    code() {
        nm -D --undefined-only "$plugin" | grep -Eq ' (pthread_|malloc|calloc|fopen|open|printf)' && return 1
        return 0
    }
    check "${plugin##*/} calls no thread, memory or file function" code
done
tap_end
