#!/bin/sh
# export.sh: a network leaves as an ONNX file and as a C file that give its answers: ONNX's checker takes the one and ONNX
# Runtime computes it; compilers take the other without a warning. See leaves.sh.
# With NNRUN_EXPORT=all (make check-export-all) networks are trained with MNIST, from $NNRUN_MNIST, and answer all its test samples.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
# shellcheck source=tests/leaves.sh
. "$NNRUN_SOURCE/tests/leaves.sh"
fixtures=$NNRUN_SOURCE/tests/plugins

# compile FILE TYPE [FLAG...]
compile() {
    file=$1
    type=$2
    shift 2
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 ${NNRUN_CPPFLAGS-} -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden \
        -I"$NNRUN_SOURCE/src" -I"$fixtures" "$@" "$fixtures/$file.c" -o "$type.so" || exit 99
}

digits 300 200
small_config small.cfg
"$nnrun" -q small.cfg -o run || exit 99
best=run/best.safetensors

# ---- the command ---------------------------------------------------------------------------------------------

check "a checkpoint is exported" "$nnrun" export $best --onnx small.onnx
says '^small.onnx: [0-9.]+ kB, 7 operators, from 1x28x28 values to 10$' "and it is said what the file holds"
check "--json says it as an event" "$nnrun" export $best --onnx again.onnx --json
says '^\{"event":"export","format":"onnx","path":"again.onnx","bytes":[0-9]+,"operators":7,"input":\[1,28,28\],"output":\[10\]\}$' \
    "with the shapes of samples and answers"
same "the bytes are the same each time" small.onnx again.onnx
quiet() {
    "$nnrun" export $best --onnx quiet.onnx --check -q >said 2>&1 && [ ! -s said ]
}
check "-q prints nothing" quiet
"$nnrun" -q small.cfg train.seed=2 -o other || exit 99
check "a file that is there is replaced" "$nnrun" export other/best.safetensors --onnx again.onnx
expect 1 "by another network" cmp -s small.onnx again.onnx
"$nnrun" -q small.cfg 'data.classes=["a","b","c","d","e","f","g","h","i","j"]' -o named || exit 99
named() {
    "$nnrun" export -q named/best.safetensors --onnx named.onnx && grep -aqF '["a","b","c","d","e","f","g","h","i","j"]' named.onnx
}
check "the names of classes go along" named
check "as C, too" "$nnrun" export $best --c small.c --onnx small.onnx
says '^small.c: [0-9.]+ kB, 7 operators, from 1x28x28 values to 10$' "and it is said what that file holds"
"$nnrun" export -q $best --c again.c || exit 99
same "its bytes are the same each time" small.c again.c
c_names() {
    "$nnrun" export -q $best name="7 * up" --c odd.c && grep -q '^int net_7___up_predict(' odd.c && grep -q '^#define NET_7___UP_INPUTS  784 ' odd.c &&
        ${NNRUN_CC:-cc} -Wall -Werror -c odd.c -o odd.o
}
check "a name that is none in C becomes one" c_names
shown_names() {
    "$nnrun" export -q $best name="$(printf 'a\342\200\256b')" --c bytes.c --onnx bytes.onnx --html bytes.html &&
        grep -q '^/\* a???b: a network' bytes.c && ! grep -aq "$(printf '\342\200\256')" bytes.c bytes.onnx
}
check "a mark in its name that turns the direction of text is not in a file" shown_names
included() {
    cat >own.c <<'C'
#define LENET_DECLARATIONS
#include "own_net.c"
int main(void)
{
    static float input[LENET_INPUTS], output[LENET_OUTPUTS];
    return lenet_predict(input, output, 0) != lenet_predict(input, output, 0);
}
C
    "$nnrun" export -q $best name=lenet --c own_net.c && ${NNRUN_CC:-cc} -Wall -Werror -DLENET_STATIC own.c own_net.c -lm -o own && ./own
}
check "a program of one's own includes its declarations, and needs no memory if the file has its own" included
allocates() { nm own_net.o | grep -E ' U ' | grep -vE '_GLOBAL_OFFSET_TABLE_|expf|__stack_chk_fail|mem(cpy|set)'; }
${NNRUN_CC:-cc} -O1 -c own_net.c -o own_net.o || exit 99
expect 1 "the file calls nothing but mathematics" allocates
refuse 2 'expected a file to write: --onnx FILE, --c FILE or --html FILE' "without a file there is nothing to do" "$nnrun" export $best
refuse 2 'expected one CHECKPOINT' "nor without a checkpoint" "$nnrun" export --onnx x.onnx
refuse 2 'best.safetensors is the checkpoint itself' "the checkpoint is not written over" \
    "$nnrun" export $best --onnx ./run/../$best
# kept PATTERN PROMISE OPTION FILE: it is refused to write there
kept() {
    cp "$4" before
    refuse 2 "$1" "$2" "$nnrun" export $best "$3" "$4"
    same "... and stays as it was" "$4" before
}
cp other/best.safetensors another.safetensors
kept 'another.safetensors is not a C file that nnrun exported, and is not replaced' "another checkpoint is not replaced" --c another.safetensors
kept 'small.cfg is not an ONNX file that nnrun exported' "nor a config" --onnx small.cfg
kept 'run/report.html is not a page that nnrun exported' "nor a report" --html run/report.html
kept 'small.c is not an ONNX file that nnrun exported' "nor an exported file of the other kind" --onnx small.c
: >empty
check "an empty file is no file" "$nnrun" export -q $best --c empty
ln -s . here
for two in both ./both here/both "$PWD/both"; do
    refuse 2 "--c both and --onnx $two are the same file" "$two is both" "$nnrun" export $best --onnx "$two" --c both
done
ln small.c linked.c
refuse 2 '--c linked.c and --onnx small.c are the same file' "so is another link to a file" "$nnrun" export $best --onnx small.c --c linked.c
check "none of these is written" test ! -e both
refuse 1 'digits: cannot replace: Is a directory' "a folder is not written over" "$nnrun" export $best --onnx digits
refuse 1 'nowhere/x.onnx: cannot write beside it: No such file' "a folder that is not there is an error" "$nnrun" export $best --onnx nowhere/x.onnx
refuse 4 'small.cfg' "a config has no weights to export" "$nnrun" export small.cfg --onnx x.onnx
check "nothing is left of what failed" test ! -e x.onnx -a -z "$(find . -name '.*tmp*')"

# ---- the check -----------------------------------------------------------------------------------------------

check "--check compares the answers for the test samples" "$nnrun" export $best --onnx small.onnx --check
says '^200 test samples: the network is right about [0-9.]+ %, its operators about [0-9.]+ %; 0 answers differ' "and says the result"
checked() {
    "$nnrun" export $best --onnx small.onnx --check --json --threads "$1" | grep '"event":"check"' >"checked$1" && [ -s "checked$1" ]
}
check "--json says it as an event" checked 1
check "also with three threads" checked 3
same "which find the same" checked1 checked3
accuracy() {
    tested=$("$nnrun" test $best --json | grep -o '"accuracy":[0-9.]*' | head -n 1) &&
        grep -qF "\"samples\":200,$tested,\"exported_$(echo "$tested" | cut -c2-)" checked1
}
check "the accuracy is that of nnrun test" accuracy
refuse 4 'none/t10k-images-idx3-ubyte.gz: there is no folder none' "without test samples there is no check" "$nnrun" export $best --onnx small.onnx --check data.directory=none

if command -v cc >/dev/null 2>&1; then
    check "--check of a C file compiles it, too" "$nnrun" export $best --c small.c --check
    says '^200 test samples: .*, its operators about ' "compares the operators"
    says '^200 test samples: the network is right about [0-9.]+ %, its compiled C about [0-9.]+ %; 0 answers differ' "and its answers"
    mkdir fake tmp && printf '#!/bin/sh\nexit 3\n' >fake/cc && chmod +x fake/cc
    refuse 1 'cc does not compile the C file' "a cc that fails is an error" env TMPDIR=tmp PATH="$PWD/fake:$PATH" "$nnrun" export $best --c small.c --check
    # shellcheck disable=SC2016 # for that shell
    printf '#!/bin/sh\nfor a; do last=$out; out=$a; [ "$last" != -o ] || to=$a; done\necho "#!/bin/sh" >"$to"; chmod +x "$to"\n' >fake/cc
    refuse 1 'the compiled C file ended before it answered' "and a program that ends" env TMPDIR=tmp PATH="$PWD/fake:$PATH" "$nnrun" export $best --c small.c --check
    # wrong FROM TO: cc compiles the C file after this substitution
    wrong() {
        cat >fake/cc <<C
#!/bin/sh
sed 's|$1|$2|' '$PWD/small.c' >'$PWD/changed.c' && sed -i 's|/small.c"|/changed.c"|' "\$3" && PATH='$PATH' exec cc "\$@"
C
    }
    wrong '(float)input' '1.0f + (float)input'
    refuse 1 'the compiled C file: small_predict_bytes does not answer as small_predict' "the function of bytes is compared" \
        env TMPDIR=tmp PATH="$PWD/fake:$PATH" "$nnrun" export $best --c small.c --check
    wrong 'return best;' 'return best / 2 * 2;'
    refuse 1 'the compiled C file: small_predict returns [0-9]*, where its outputs mean [0-9]*' "so is what it returns" \
        env TMPDIR=tmp PATH="$PWD/fake:$PATH" "$nnrun" export $best --c small.c --check
    # shellcheck disable=SC2016 # for that shell
    for signal in 15 10 14; do
        printf '#!/bin/sh\necho $$ >%s\nkill -%s $PPID\nexec sleep 600\n' "$PWD/group" $signal >fake/cc
        expect $((128 + signal)) "signal $signal ends it while cc runs" env TMPDIR=tmp PATH="$PWD/fake:$PATH" "$nnrun" export $best --c small.c --check
        expect 1 "and cc" kill -0 "$(cat group)"
    done
    check "none of these leaves anything" rmdir tmp
    check "children are waited for where whoever started it ignores them" env --ignore-signal=CHLD "$nnrun" export $best --c small.c --check
else
    skip "--check of a C file compiles it, too" "no cc"
fi
check "without cc it says so" env PATH=nowhere "$nnrun" export $best --c small.c --check
says '^small.c: there is no cc to compile it$' "in a line"
check "... also in JSON" env PATH=nowhere "$nnrun" export $best --c small.c --check --json
says '^\{"event":"check","of":"c","skipped":"there is no cc to compile it"\}$' "as an event"

# ---- layers of one's own -------------------------------------------------------------------------------------

compile softsign softsign
compile describes doubled -DTYPE='"doubled"' -DDESCRIBE='nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 2))'
mkdir wrong
compile describes wrong/doubled -DTYPE='"doubled"' -DDESCRIBE='nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 3))'
"$nnrun" -q small.cfg --plugin-path . network.relu1.type=softsign -o softsign || exit 99
"$nnrun" -q small.cfg --plugin-path . network.relu1.type=doubled -o doubled || exit 99
refuse 3 'layer "softsign1" \(softsign\) cannot be exported: it does not describe itself as operators \(operators/1\)' \
    "a layer without a description is named" "$nnrun" export softsign/best.safetensors --onnx y.onnx --plugin-path .
check "and no file is written" test ! -e y.onnx
check "one that has a description is exported" "$nnrun" export doubled/best.safetensors --onnx y.onnx --plugin-path . --check
refuse 1 'the operators, rounded .*, do not give the network.s outputs: one differs by' "--check finds one that is wrong" \
    "$nnrun" export doubled/best.safetensors --onnx y.onnx --plugin-path wrong --check

mkdir even
compile describes even/doubled -DTYPE='"doubled"' -DDESCRIBE='with_int(graph, nnrun_apply1(graph, "LRN", x), "size", 2)'
refuse 3 'layer "doubled1" cannot be exported to ONNX: its LRN is over 2 channels, and ONNX Runtime takes odd numbers alone' \
    "what ONNX Runtime does not compute is named" "$nnrun" export doubled/best.safetensors --onnx z.onnx --plugin-path even
check "... and no file is written" test ! -e z.onnx
check "C can have it" "$nnrun" export doubled/best.safetensors --c z.c --plugin-path even
# 1e6 + x - 1e6 is x in double, and nearly a whole number in the floats of programs that read the file.
mkdir lossy
compile describes lossy/doubled -DTYPE='"doubled"' \
    -DDESCRIBE='nnrun_apply2(graph, "Mul", nnrun_apply2(graph, "Sub", nnrun_apply2(graph, "Add", x, nnrun_number(graph, 1e6f)), nnrun_number(graph, 1e6f)), nnrun_number(graph, 2))'
refuse 1 'the operators, rounded .*, do not give the network.s outputs: one differs by' "and one that is right in double alone" \
    "$nnrun" export doubled/best.safetensors --onnx y.onnx --plugin-path lossy --check

# ---- other programs ------------------------------------------------------------------------------------------

# A pressure in Pa hardly changes: what is left of it after the mean is small beside it. The network has one output.
awk 'BEGIN { srand(7); print "pressure,kelvin,label"; for (i = 0; i < 400; i++) { k = i % 2
    printf "%.3f,%.4f,%d\n", 101325 + 0.08 * (rand() - 0.5) + 0.06 * k, 293 + rand(), k } }' >far.csv
"$nnrun" pack -q far.csv -o far --config far.cfg && "$nnrun" -q far.cfg train.epochs=2 output.report=false \
    'network=({type="dense";units=8;},{type="relu";},{type="dense";units=1;},{type="logistic";})' -o far-run || exit 99
leaves far far-run/best.safetensors far/t10k-images-idx2-float.gz
pressures() {
    awk '/ inputs\[/ { getline; gsub(/[f,]/, ""); exit !($1 > 101324 && $1 < 101326 && $2 > 290 && $2 < 296) }' far.c
}
check "... which its own test draws by their mean and deviation" pressures
"$NNRUN_BUILD/nnrun-make-sensors" --train 600 --test 60 sensors >/dev/null || exit 99
"$NNRUN_BUILD/tests/draw_signs" signs 60 && "$nnrun" pack -q signs -o colour --size 32x32 --rgb --test 0.1 || exit 99
data=digits
if [ "${NNRUN_EXPORT-}" = all ]; then
    [ -d "${NNRUN_MNIST-}" ] || { echo 'Bail out! NNRUN_MNIST must name a folder with the four files of MNIST'; exit 99; }
    data=$NNRUN_MNIST
fi
few="${NNRUN_SANITIZED:+linear cnn sensors}" # enough where each run takes ten times as long
for config in "$NNRUN_SOURCE"/configs/*.cfg; do
    name=${config##*/}
    name=${name%.cfg}
    case ${few:-$name} in *$name*) ;; *) continue ;; esac
    set -- data.directory="$data" data.validation=60
    samples=$data/t10k-images-idx3-ubyte.gz
    case $name in
    sensors)
        set -- data.train.images=sensors/train-samples-idx3-float.gz data.train.labels=sensors/train-labels-idx1-ubyte.gz \
            data.test.images=sensors/test-samples-idx3-float.gz data.test.labels=sensors/test-labels-idx1-ubyte.gz data.validation=60
        samples=sensors/test-samples-idx3-float.gz
        ;;
    colour)
        set -- data.train.images=colour/train-images-idx4-ubyte.gz data.train.labels=colour/train-labels-idx1-ubyte.gz \
            data.test.images=colour/t10k-images-idx4-ubyte.gz data.test.labels=colour/t10k-labels-idx1-ubyte.gz data.validation=60
        samples=colour/t10k-images-idx4-ubyte.gz
        ;;
    esac
    "$nnrun" -q "$config" "$@" train.epochs=1 output.report=false -o "run-$name" 2>/dev/null || exit 99
    leaves "$name" "run-$name/best.safetensors" "$samples"
done
check "one epoch is one" grep -q ' trained for 1 epoch and [0-9]* steps\.$' linear.c
tap_end
