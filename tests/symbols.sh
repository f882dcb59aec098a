#!/bin/sh
# symbols.sh: libnnrun.so is what <nnrun/nnrun.h> declares: those functions, as they were, and nothing else.
#
# tests/library/libnnrun.abi describes them and their types. abidiff (Debian: abigail-tools) finds what a change would break in
# programs that are compiled; NNRUN_REWRITE=1 stores the description anew.
# shellcheck source=tests/tap.sh
. "${NNRUN_SOURCE:?}/tests/tap.sh"
cd "$work" || exit 99

declared() {
    ${NNRUN_CC:-cc} -std=c11 -I"$NNRUN_SOURCE/src" -E -P "$NNRUN_SOURCE/src/nnrun/nnrun.h" | awk '
        # Statements, without what is in braces.
        function statement() {
            if (text !~ /static|typedef/ && match(text, /nnrun_[a-z0-9_]+ *\(/)) {
                name = substr(text, RSTART, RLENGTH); sub(/ *\(/, "", name); print name
            }
            text = "" }
        /^#/ { next }
        { for (i = 1; i <= length($0); i++) {
              c = substr($0, i, 1)
              if (c == "{") depth++
              else if (c == "}") { if (--depth == 0 && text ~ /\)[ \t]*$/) text = "" }
              else if (depth == 0 && c == ";") statement()
              else if (depth == 0) text = text c
          }
          if (depth == 0) text = text " " }' | sort
}
declared >names
lists() {
    [ -s names ] && diff names "$NNRUN_SOURCE/src/lib/nnrun.sym"
}
check "src/lib/nnrun.sym lists the functions that nnrun.h declares, sorted" lists

library=$NNRUN_BUILD/.libs/libnnrun.so.0
if [ ! -f "$library" ]; then
    skip "they are all that libnnrun.so exports" "configured with --disable-shared"
    tap_end
    exit
fi

exported() {
    nm -D --defined-only "$library" | awk '$2 != "A" { print $2, $3 }' | sort -k 2 >exported
    sed 's/.*/T &@@NNRUN_0/' names | diff - exported
}
check "libnnrun.so exports them, all of version NNRUN_0, no variable and nothing else" exported
soname() {
    readelf -d "$library" | grep -F 'soname: [libnnrun.so.0]'
}
check "its soname is libnnrun.so.0" soname
needed() {
    readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >needed
    grep -q '^libc\.' needed || return 1
    ! grep -Ev '^(libconfig|libjansson|libpng16|libjpeg|libz|libm|libc|libdl|libpthread|ld-linux.*|lib[aut]b?san)\.so\.' needed
}
check "it needs libconfig, jansson, libpng, libjpeg, zlib and the C library at most: no server, no TLS" needed

# ---- the types in its functions ----------------------------------------------------------------------------------

# cannot WHY: without what is needed here; where everything must be tried, that is a failure.
stays="programs that are compiled go on working with it"
cannot() {
    if [ -n "${CI-}" ]; then
        tap_result no "$stays" "$1"
    else
        skip "$stays" "$1"
    fi
    tap_end
    exit
}
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "$stays" "sanitizers change the code"
    tap_end
    exit
fi
for tool in abidw abidiff; do
    command -v $tool >/dev/null 2>&1 || cannot "no $tool (Debian: abigail-tools)"
done
readelf -S "$library" | grep -q '\.debug_info' || cannot "built without debug information (-g)"

stored=$NNRUN_SOURCE/tests/library/libnnrun.abi
# What nnrun.h does not define is nobody's business, and neither are places and folders.
describe() {
    abidw --headers-dir "$NNRUN_SOURCE/src/nnrun" --exported-interfaces-only --drop-private-types --type-id-style hash \
        --no-comp-dir-path --no-corpus-path --no-show-locs --no-architecture --no-elf-needed "$library" >described || return 1
    sed "s, path='[^']*src/lib/, path='src/lib/," described >now.abi
    [ "$(grep -c '<function-decl ' now.abi)" -eq "$(wc -l <names)" ] && ! grep -F -e "$NNRUN_SOURCE" -e "$NNRUN_BUILD" now.abi
}
check "abidw describes its functions without a path of this machine" describe
if [ -n "${NNRUN_REWRITE-}" ]; then
    check "the description is stored" cp now.abi "$stored"
fi
all_stored() {
    sed -n "s/.*<elf-symbol name='\([^']*\)'.*type='func-type'.*/\1/p" "$stored" | LC_ALL=C sort >stored_names
    LC_ALL=C sort names | comm -23 - stored_names >missing
    ! grep . missing
}
check "the stored description has each of them" all_stored
# A struct that begins with its size may grow at its end.
${NNRUN_CC:-cc} -std=c11 -I"$NNRUN_SOURCE/src" -E -P "$NNRUN_SOURCE/src/nnrun/nnrun.h" | tr -s '[:space:]' ' ' |
    grep -oE 'struct nnrun_[a-z0-9_]+ ?\{ ?[a-z0-9_ ]+ size;' | sed 's/^struct \([a-z0-9_]*\).*/\1/' | while read -r name; do
    printf '[suppress_type]\ntype_kind = struct\nname = %s\nhas_data_member_inserted_at = end\n' "$name"
done >grow
no_change() {
    abidiff --no-added-syms --suppressions grow "$stored" now.abi
}
check "$stays" no_change
tap_end
