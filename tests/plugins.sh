#!/bin/sh
# plugins.sh: a plugin is one C file, compiled by one line, found by its folder and refused with a reason.
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

# compile TYPE [FLAG...]: TYPE.so from TYPE.c
compile() {
    type=$1
    shift
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=c11 -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden -I"$NNRUN_SOURCE/src" "$@" \
        "$type.c" -o "$type.so"
}
"$nnrun" layers --new swish >swish.c || exit 99
check "a new layer compiles by one line" compile swish
check "nnrun shows it" "$nnrun" layers ./swish.so
says '^swish: y = x sigmoid' "with what it computes"
small_config good.cfg
digits 300 100
check "a network uses it" "$nnrun" -q good.cfg --plugin-path . network.relu1.type=swish --threads 1 -o one
check "on any number of threads" "$nnrun" -q good.cfg --plugin-path . network.relu1.type=swish --threads 3 -o three
same "with the same bits" one/best.safetensors three/best.safetensors

# What a plugin does to its thread's arithmetic is said once a run, not at each of its steps.
warnings() {
    grep -c 'a layer plugin changed how floating-point numbers are rounded' said
}
blamed_once() {
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        -I"$NNRUN_SOURCE/tests/plugins" -DLIE_rounds -DTYPE='"rounds"' "$NNRUN_SOURCE/tests/plugins/liar.c" -o rounds.so &&
        "$nnrun" good.cfg --plugin-path . network.relu1.type=rounds -o rounding >said 2>&1
    [ "$(warnings)" -eq 1 ]
}
# valgrind flushes no denormals, which is no plugin's fault.
never_blamed() {
    NNRUN_ISA=portable valgrind -q --log-file=valgrind.log "$nnrun" good.cfg train.epochs=1 -o watched >said 2>&1 &&
        [ "$(warnings)" -eq 0 ]
}
case $(uname -m) in
x86_64) check "a plugin that changes how numbers are rounded is blamed once a run" blamed_once ;;
*) skip "a plugin that changes how numbers are rounded is blamed once a run" "the fixture is for x86-64" ;;
esac
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "in valgrind no plugin is blamed" "not with a sanitizer"
elif command -v valgrind >/dev/null 2>&1; then
    check "in valgrind no plugin is blamed" never_blamed
else
    skip "in valgrind no plugin is blamed" "no valgrind"
fi

sed 's/s->y\[i\] = .*/s->y[i] = NAN;/; s/"softsign"/"void"/' "$NNRUN_SOURCE/tests/plugins/softsign.c" >void.c
compile void || exit 99
refuse 1 '^nnrun: the loss is NaN before anything was learned: the output of layer "void1" \(void\) is NaN or infinite$' \
    "a NaN at the first step is said to be the layer's" "$nnrun" -q good.cfg --plugin-path . network.relu1.type=void -o void
cp "$tap_err" said
no_rate() {
    ! grep rate said
}
check "and no smaller rate is advised" no_rate

# variant TYPE SED: it under another name, changed
variant() {
    sed "s/\"swish\"/\"$1\"/; $2" swish.c >"$1.c"
    compile "$1"
}
check "variants compile" true
variant nosymbol 's/const struct nnrun_layer nnrun_plugin/const struct nnrun_layer other_plugin/'
refuse_line 3 'nosymbol\.so .*no symbol nnrun_plugin' "a plugin without the symbol is refused" "$nnrun" layers ./nosymbol.so
# with_head NAME MAGIC MAJOR MINOR NEEDS [MORE]: the example with that head, its structures MORE bytes longer
with_head() {
    more=${6:-0}
    sizes="sizeof(struct nnrun_layer) + $more, sizeof(struct nnrun_setting) + $more, sizeof(struct nnrun_tensor) + $more"
    variant "$1" "s/\.head = NNRUN_HEAD/.head = {$2, $3, $4, $5, $sizes}/"
}
with_head magic 1 NNRUN_ABI_MAJOR NNRUN_ABI_MINOR 0
refuse_line 3 'magic\.so .*begins with 0x00000001' "another magic number is refused" "$nnrun" layers ./magic.so
with_head major NNRUN_MAGIC 7 1 0
refuse_line 3 'major\.so was built for ABI 7\.1; this nnrun has 1\.' "another major ABI is refused, naming both" "$nnrun" layers ./major.so
with_head needs NNRUN_MAGIC NNRUN_ABI_MAJOR 99 99
refuse_line 3 'needs\.so needs ABI 1\.99; this nnrun has 1\.' "one that needs a newer core is refused" "$nnrun" layers ./needs.so
cp swish.so other.so
refuse_line 3 'other\.so holds layer type "swish", so it must be called swish\.so' "a file of another name is refused" "$nnrun" layers ./other.so
variant table 's/\.min_inputs = 1/.min_inputs = 2/'
refuse_line 3 'table\.so: broken plugin: ' "a table that breaks its promises is refused" "$nnrun" layers ./table.so
with_head newer NNRUN_MAGIC NNRUN_ABI_MAJOR 50 0 64
check "a newer minor with longer structures loads" "$nnrun" layers ./newer.so
with_head longer NNRUN_MAGIC NNRUN_ABI_MAJOR NNRUN_ABI_MINOR 0 8
refuse_line 3 'longer\.so: broken plugin: its structures' "structures of another size than their ABI has are refused" "$nnrun" layers ./longer.so
chmod o+w swish.so
refuse_line 3 'swish\.so: refused: this file is world-writable' "a world-writable file is refused" "$nnrun" layers ./swish.so
chmod o-w swish.so
mkdir open && cp swish.so open && chmod 777 open
refuse_line 3 'open: refused: this folder is world-writable' "a world-writable folder is refused" "$nnrun" layers ./open/swish.so
if [ "$(id -u)" -eq 0 ] && chown nobody swish.so 2>/dev/null; then
    refuse_line 3 'swish\.so: refused: .*belongs to' "a foreign owner is refused" "$nnrun" layers ./swish.so
else
    skip "a foreign owner is refused" "only root can give a file away"
fi
# what an interrupted run with a layer of one's own says, and what becomes of it without the option
variant own ''
mkdir 'my types' && mv own.so 'my types'
interrupted() {
    "$nnrun" -q good.cfg --plugin-path 'my types' network.relu1.type=own train.epochs=1000000 -o interrupted 2>said &
    tap_children=$!
    tap_wait test -f interrupted/run.json
    kill -INT "$tap_children"
    wait "$tap_children"
    tap_children=
    grep -q "to continue: nnrun resume interrupted --plugin-path 'my types'\$" said
}
check "an interrupted run says how to go on, with its plugin folders" interrupted
refuse_line 3 '^nnrun: interrupted/step-[0-9]*\.safetensors: network\.relu1\.type=own: no layer type "own".*--plugin-path FOLDER' \
    "without them the checkpoint is named, and the option" "$nnrun" resume interrupted
refuse_line 3 '^nnrun: command line: network\.relu1\.type=own: no layer type "own".*--plugin-path FOLDER' \
    "or the command line" "$nnrun" show good.cfg network.relu1.type=own
refuse_line 3 'no layer type "cnov".*--plugin-path FOLDER' "a type alone gets the hint, too" "$nnrun" layers cnov
refuse_line 2 '--plugin-path: no such: No such file' "a plugin folder that is not there is refused" \
    "$nnrun" show good.cfg --plugin-path "my types:no such"
refuse_line 2 '--plugin-path: good\.cfg is not a directory' "so is a file" "$nnrun" layers --plugin-path good.cfg
refuse 3 'did you mean "conv"' "an unknown type gets a suggestion" "$nnrun" layers cnov
check "all shipped layers are listed" "$nnrun" layers
says '^softmax ' "by type"
tap_end
