#!/bin/sh
# new_layer.sh: what nnrun layers --new prints is a working layer, as C11 and as C++17, whatever it is called.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# Level 2 for processors without AVX-512 passes vectors wider than theirs, all in functions that are inlined.
case ${NNRUN_CPPFLAGS-} in *WIDE*) NNRUN_CPPFLAGS="$NNRUN_CPPFLAGS -Wno-psabi" ;; esac
flags="${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -I$NNRUN_SOURCE/src"
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'

# new TYPE FILE
new() {
    "$nnrun" layers --new "$1" >"$2"
}
same_text() {
    new swish swish.c && sed 's/TYPE/swish/g' "$NNRUN_SOURCE/plugins/template.c" | cmp - swish.c
}
check "--new prints the template with the type put in" same_text
new swish swish.cc
small_config small.cfg
digits 300 100

# works LANGUAGE FILE COMPILER...: with each of the compilers that is here, the first of which is configure's
works() {
    language=$1
    file=$2
    shift 2
    tried=
    for compiler in "$@"; do
        case $tried in *"<$compiler>"*) continue ;; esac
        command -v "${compiler%% *}" >/dev/null 2>&1 || continue
        tried="$tried<$compiler>"
        mkdir -p "$language $compiler" && cd "$language $compiler" || exit 99
        # shellcheck disable=SC2086 # lists of words
        check "it is $language without a warning for $compiler" $compiler "-std=$language" $warnings $flags "../$file" -o swish.so
        check "and keeps the contract at all code levels" "$nnrun" gradcheck ./swish.so
        says '^40 cases checked, .*all good$' "in 40 cases"
        cd .. || exit 99
        check "a network learns with it" "$nnrun" -q small.cfg --plugin-path "$language $compiler" network.relu1.type=swish \
            -o "run $language $compiler"
    done
    [ -n "$tried" ] || skip "it is $language" "no compiler"
}
works c11 swish.c "${NNRUN_CC:-cc}" gcc clang
works c++17 swish.cc "${NNRUN_CXX:-c++}" g++ clang++
"$nnrun" -q small.cfg network.relu1.type=swish -o shipped
same "all with the same bits, those of the shipped swish" shipped/best.safetensors run*/best.safetensors

# build FILE TYPE: FILE's layer
build() {
    # shellcheck disable=SC2086 # lists of words
    ${NNRUN_CC:-cc} -std=c11 $flags "$1" -o "$2.so"
}
build swish.c swish
check "the own one goes before the shipped one" "$nnrun" layers swish --plugin-path .
says '^  beta  ' "and has a setting"
check "which a config may give" "$nnrun" show small.cfg --plugin-path . network.relu1.type=swish network.swish1.beta=1.5
refuse_line 3 'network\.swish1\.beta=10\.5: .*greater than 0 and at most 10' "within its range" \
    "$nnrun" show small.cfg --plugin-path . network.relu1.type=swish network.swish1.beta=10.5
mkdir sources && mv swish.c sources/renamed.c
printf '#ifndef __FILE_NAME__\n#error none\n#endif\n' >file_name.c
if ${NNRUN_CC:-cc} -E file_name.c >/dev/null 2>&1; then
    check "it includes itself under any name and from any folder" build sources/renamed.c swish
else
    skip "it includes itself under any name and from any folder" "the compiler has no __FILE_NAME__"
fi
for type in a float class type_2 "$(printf '%063d' 0 | tr 0 z)"; do
    compiles() {
        new "$type" "$type.c" && build "$type.c" "$type" && "$nnrun" layers "./$type.so"
    }
    check "${#type} letters, $type, can be a type" compiles
    says "^$type: " "by its name"
done

for type in '' 2d Swish two-fold ../swish swish.c é "$(printf '%064d' 0 | tr 0 z)"; do
    refuse_line 2 'cannot name a layer type: it begins with a letter' "\"$type\" cannot" "$nnrun" layers --new "$type"
done
refuse_line 2 'option --new requires a value' "--new wants a type" "$nnrun" layers --new
refuse_line 2 'unexpected argument "relu"' "and no other argument" "$nnrun" layers --new swish relu
refuse_line 2 'unexpected argument "a=1"' "no override either" "$nnrun" layers --new swish a=1
refuse_line 2 '--json: ' "there is no JSON of it" "$nnrun" layers --new swish --json
refuse_line 2 'only "nnrun layers" takes it' "no other command takes it" "$nnrun" show small.cfg --new swish
refuse_line 2 'only "nnrun layers" takes it' "nor does training" "$nnrun" small.cfg --new swish
full() {
    "$nnrun" layers --new swish >/dev/full
}
if [ -c /dev/full ]; then
    refuse_line 1 'cannot write the output' "an output that cannot be written is an error" full
else
    skip "an output that cannot be written is an error" "no /dev/full"
fi
tap_end
