#!/bin/sh
# header.sh: the public headers compile as C11 and C++17 without a warning, and a plugin exports one symbol.
# shellcheck source=tests/tap.sh
. "${NNRUN_SOURCE:?}/tests/tap.sh"

cd "$work" || exit 99
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'
printf '#include <nnrun/layer.h>\nint size = (int)sizeof(struct nnrun_layer);\n' >layer.c
cp "$NNRUN_SOURCE/tests/plugins/headers.c" math.c
printf '#include <nnrun/nnrun.h>\nint first(void);\nint first(void) { return nnrun_version()[0]; }\n' >nnrun.c
cp "$NNRUN_SOURCE/tests/plugins/packed.c" needs1.c
printf '#include <nnrun/comm.h>\nint size = (int)sizeof(struct nnrun_comm);\n' >comm.c

cat >sum.c <<'EOF'
#define NNRUN_LEVEL 1
#include <nnrun/math.h>
void NNRUN_FN(sum)(float *x);
void NNRUN_FN(sum)(float *x) { nnrun_storeu(x, nnrun_loadu(x) * nnrun_loadu(x + 16) + nnrun_loadu(x + 32)); }
#include <nnrun/math_end.h>
EOF
# Compiled without a flag about that: LANGUAGE SUFFIX COMPILER.
not_fused() {
    [ -f "sum.$2" ] || cp sum.c "sum.$2"
    $3 "-std=$1" -O2 -I"$NNRUN_SOURCE/src" -c "sum.$2" -o sum.o && objdump -d sum.o >sum.text || return 1
    grep 'sum_avx2.*:$' sum.text && ! grep -E 'vfm|fmla|fmadd' sum.text
}

# compiles LANGUAGE SUFFIX COMPILER...: with each of the compilers that is here, the first of which is configure's
compiles() {
    language=$1
    suffix=$2
    tried=
    shift 2
    for compiler in "$@"; do
        case $tried in *"<$compiler>"*) continue ;; esac
        command -v "${compiler%% *}" >/dev/null 2>&1 || continue
        tried="$tried<$compiler>"
        for header in layer math nnrun needs1 comm; do
            [ -f "$header.$suffix" ] || cp "$header.c" "$header.$suffix"
            # shellcheck disable=SC2086 # lists of words
            check "$header is $language for $compiler" $compiler "-std=$language" $warnings -O2 \
                -I"$NNRUN_SOURCE/src" -c "$header.$suffix" -o header.o
        done
        check "between math.h and math_end.h $compiler fuses no product with a sum, in gnu${language#c}" \
            not_fused "gnu${language#c}" "$suffix" "$compiler"
    done
    [ -n "$tried" ] || skip "the headers are $language" "no compiler"
}
# What 1.1 adds, by a layer that uses it: needs1.
compiles c11 c "${NNRUN_CC:-cc}" gcc clang
compiles c++17 cc "${NNRUN_CXX:-c++}" g++ clang++
all_called() {
    sed -n 's/^#define \(nnrun_[a-z0-9_]*\).*/\1/p' "$NNRUN_SOURCE/src/nnrun/math.h" >names
    [ "$(wc -l <names)" -gt 10 ] && while read -r name; do
        grep -q "\\<$name\\>" math.c || { echo "$name"; return 1; }
    done <names
}
check "and no function of math.h was left out" all_called
# By name, for the message: what the shipped plugins include beyond <nnrun/...>, the C library and each other's headers.
strangers() {
    sed -n 's/^# *include *//p' "$NNRUN_SOURCE"/plugins/*.[ch] |
        grep -Evx '<nnrun/(layer|layer_one|layer_operators|layer_traits|math|math_end)\.h>.*|<(limits|math|stddef|stdint|string)\.h>|NNRUN_THIS_FILE' |
        while read -r name; do
            name=${name#\"} name=${name%\"}
            case $name in
            */* | *.c) echo "$name" ;;
            *) [ -f "$NNRUN_SOURCE/plugins/$name" ] || echo "$name" ;;
            esac
        done
}
only_theirs() {
    test -z "$(strangers | tee /dev/stderr)"
}
check "the shipped plugins include public headers and each other's alone, none itself" only_theirs
# As an editor reads it, with the level and the ABI that .clangd names.
alone() {
    # shellcheck disable=SC2086
    $compiler -std=c11 $warnings -Wno-unused-function -DNNRUN_LEVEL=0 -DNNRUN_NEEDS=1 -I"$NNRUN_SOURCE/src" -x c -fsyntax-only "$1"
}
for compiler in "${NNRUN_CC:-cc}" clang; do
    case ${seen-} in *"<$compiler>"*) continue ;; esac
    command -v "${compiler%% *}" >/dev/null 2>&1 || continue
    seen="${seen-}<$compiler>"
    for header in "$NNRUN_SOURCE"/plugins/*.h; do
        check "${header##*/} can be read alone by $compiler" alone "$header"
    done
done
newer() {
    # shellcheck disable=SC2086
    ${NNRUN_CC:-cc} -std=c11 -DNNRUN_NEEDS=99 -I"$NNRUN_SOURCE/src" -c layer.c -o header.o
}
refuse 1 'NNRUN_NEEDS is newer than these headers' "a plugin cannot need more than its headers have" newer
fast() {
    # shellcheck disable=SC2086
    ${NNRUN_CC:-cc} -std=c11 -O2 -ffast-math -I"$NNRUN_SOURCE/src" -c math.c -o math.o
}
refuse 1 'compile without -ffast-math' "math.h cannot be compiled into other bits" fast
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
