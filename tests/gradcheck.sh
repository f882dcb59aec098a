#!/bin/sh
# gradcheck.sh: nnrun gradcheck passes honest layers, and says of each liar what it did.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
fixtures=$NNRUN_SOURCE/tests/plugins

# compile FILE TYPE [FLAG...]
compile() {
    file=$1
    type=$2
    shift 2
    # shellcheck disable=SC2086 # a command of several words
    ${NNRUN_CC:-cc} -std=gnu11 -O2 -fPIC -shared -ffp-contract=off -fvisibility=hidden -I"$NNRUN_SOURCE/src" \
        -I"$fixtures" "$@" "$file" -o "$type.so" || exit 99
}

# ---- honest layers -------------------------------------------------------------------------------------------

types=$(cd "$NNRUN_SOURCE/plugins" && for file in *.c; do echo "${file%.c}"; done | grep -v '^template$')
case $NNRUN_SANITIZED in # gradcheck has one thread
*thread*) types="dense batchnorm" ;;
esac
for type in $types; do
    check "$type keeps the contract in 40 cases" "$nnrun" gradcheck "$type"
    says '^40 cases checked, .*all good$' "and says so"
done
for type in add2 narrow noise running softsign square; do
    compile "$fixtures/$type.c" $type
    check "$type, a fixture, keeps it" "$nnrun" gradcheck "./$type.so"
done
compile "$fixtures/claims.c" claimed -DTYPE='"claimed"' -DY='x[i]' -DDX='dy[i]' \
    -DCLAIM='NNRUN_LINEAR | NNRUN_ELEMENTWISE | NNRUN_KEEPS_SIGN'
check "so does one with traits that are true" "$nnrun" gradcheck ./claimed.so
compile "$fixtures/liar.c" honest -DTYPE='"honest"'
check "so does the liar without a lie" "$nnrun" gradcheck ./honest.so
for config in lenet mlp caffe-lenet linear lenet-1998 resnet-mini cnn; do
    check "every layer and the whole of $config.cfg do" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/$config.cfg"
    says '  network  .*' "the network among them"
done
check "a network whose first layers are frozen does" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/lenet.cfg" \
    network.conv1.frozen=true network.conv2.frozen=true
says '  network  .*, without 2 frozen layers$' "and the row says what has no gradient"
check "one that is frozen behind a layer that learns, too" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/mlp.cfg" network.dense2.frozen=true
says '  network  .*, without 1 frozen layer$' "and is left out likewise"
for last in mse logistic; do
    check "networks that end in $last do" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/linear.cfg" \
        "network.softmax1.type=$last"
done
check "overrides count" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/lenet.cfg" --plugin-path . \
    'network.relu1.type=honest'
says '^honest1  *honest' "and the layer is the other one"

# ---- liars ---------------------------------------------------------------------------------------------------

# liar LIE PATTERN PROMISE
liar() {
    compile "$fixtures/liar.c" "$1" -DLIE_"$1" -DTYPE="\"$1\""
    refuse 1 "^nnrun: .*($1).*: $2" "$3" "$nnrun" gradcheck "./$1.so"
}
# lines FILE COUNT: it has so many.
lines() {
    test "$(wc -l <"$1")" -eq "$2"
}
liar wrong_dx '.*gradient by x is wrong' "a wrong gradient by x is found"
cp "$tap_err" errors
check "and said once" lines errors 1
check "with the number of cases that have it, and of levels" grep -Eq '; likewise in 39 more cases( and at [12] more code levels?)?$' errors
liar wrong_dw '.*gradient by weight is wrong' "a wrong gradient by a weight is found"
liar hides_x '.*backward reads x without flag NNRUN_READS_X' "reading x without the flag is found"
liar hides_y '.*backward reads y without flag NNRUN_READS_Y' "reading y without the flag is found"
liar stores '.*(not finite|does not add|first call)' "claiming to store, and adding, is found"
liar never_adds '.*(does not add to dw|adding to)' "storing without the flag is found"
liar heeds_first '.*backward depends on .first. without flag NNRUN_STORES: dw of weight differs' "storing on the first call without the flag is found"
liar over_y '.*forward writes after the end of y' "writing behind y is found"
liar over_dx '.*backward writes after the end of dx' "writing behind dx is found"
liar over_dw '.*backward writes after the end of dw' "writing behind dw is found"
liar over_keep '.*forward writes after the end of keep' "writing behind keep is found"
liar over_scratch '.*forward writes before scratch' "writing in front of scratch is found"
liar needs_scratch '.*depends on what .*scratch held' "reading scratch before writing it is found"
liar mixes '.*a lane depends on another' "mixing lanes without the flag is found"
liar heeds_count '.*a lane that counts depends on count' "a sample that depends on the number of samples is found"
liar changes_self '.*forward changes its instance' "changing the instance is found"
liar writes_x '.*forward changes x' "writing to x is found"
liar writes_w '.*forward changes weight' "writing to a weight is found"
liar writes_y '.*backward writes to y' "writing to y in backward is found"
liar writes_dw '.*forward writes to dw' "writing to dw in forward is found"
liar leaves_out '.*not finite, or was not written' "leaving a value out is found"
liar heeds_null '.*if a dx is not wanted' "a gradient that depends on whether dx is wanted is found"
liar place '.*differs in place' "claiming to work in place is found"
liar evaluates '.*evaluation and training give different' "a difference in evaluation is found"
liar evaluates_mixed '.*in evaluation a lane depends on another' "mixing lanes in evaluation is found"
# claim NAME PATTERN PROMISE Y DX: a layer with that trait, which it does not have.
claim() {
    compile "$fixtures/claims.c" "$1" -DTYPE="\"$1\"" -DCLAIM="NNRUN_$(echo "$1" | tr '[:lower:]' '[:upper:]')" -DY="$4" -DDX="$5"
    refuse 1 "^nnrun: .*($1).*: $2" "$3" "$nnrun" gradcheck "./$1.so"
}
claim linear '.*trait NNRUN_LINEAR, but' "a layer that is not linear" '0.5f * x[i] * x[i]' 'x[i] * dy[i]'
claim elementwise '.*trait NNRUN_ELEMENTWISE, but' "one of which a value is made of two" 'x[i] + x[(i + 16) % n]' 'dy[i] + dy[(i + n - 16) % n]'
claim keeps_sign '.*trait NNRUN_KEEPS_SIGN, but' "one that turns the sign" '-x[i]' '-dy[i]'
claim not_negative '.*trait NNRUN_NOT_NEGATIVE, but' "one that is negative" 'x[i]' 'dy[i]'
claim distribution '.*trait NNRUN_DISTRIBUTION, but' "one that does not sum to 1" '1 + 0 * x[i]' '0 * dy[i]'
claim takes_logits '.*trait NNRUN_TAKES_LOGITS, but' "one whose values are no probabilities" '2 + x[i]' 'dy[i]'
# describes NAME PATTERN PROMISE DESCRIPTION: a layer y = 2 x with that description
describes() {
    compile "$fixtures/describes.c" "$1" -DTYPE="\"$1\"" -DDESCRIBE="$4"
    refuse 1 "^nnrun: .*($1).*: $2" "$3" "$nnrun" gradcheck "./$1.so"
}
compile "$fixtures/describes.c" doubled -DTYPE='"doubled"' -DDESCRIBE='nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 2))'
check "a layer that describes itself as operators keeps the contract" "$nnrun" gradcheck ./doubled.so
describes tripled '.*the operators that it describes do not compute what forward does: y\[0\] of lane 0 is' \
    "operators that compute something else are found" 'nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 3))'
describes nearly '.*the operators that it describes do not compute' "even if they are off by 2e-5" \
    'nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 2.00004f))'
describes clipped '.*the operators that it describes do not compute' "or for large values alone" \
    'nnrun_apply2(graph, "Mul", nnrun_apply3(graph, "Clip", x, 0, nnrun_number(graph, 8)), nnrun_number(graph, 2))'
describes unknown 'broken plugin: its description uses an operator that is not known here: Twice' "an unknown operator is named" \
    'nnrun_apply1(graph, "Twice", x)'
describes few 'broken plugin: its description has a wrong number of inputs for Mul' "a missing input is found" \
    'nnrun_apply1(graph, "Mul", x)'
describes lost 'broken plugin: its description uses a value that it was not given' "so is a value that was not given" \
    'nnrun_apply2(graph, "Mul", x, 99)'
describes attributed 'broken plugin: its description sets an attribute that is not known here, or of a different kind, of Relu' \
    "an attribute that the operator has not" 'with_real(graph, nnrun_apply1(graph, "Relu", x), "alpha", 1)'
describes ranged 'broken plugin: its description has a number outside of the range of axis' "one out of range" \
    'with_int(graph, nnrun_apply1(graph, "Softmax", x), "axis", 99)'
describes far 'broken plugin: in its description Softmax has an axis that is not one of a sample.s: 1 to [123]' \
    "an axis that a sample has not" 'with_int(graph, nnrun_apply1(graph, "Softmax", x), "axis", 7)'
describes shaped 'broken plugin: its description gives 35, but its plan 1x5x7' "another shape" \
    'nnrun_apply1(graph, "Flatten", x)'
describes infinite 'broken plugin: its description has a constant that is not finite' "a constant that is not finite" \
    'nnrun_apply2(graph, "Mul", x, nnrun_number(graph, 1e30f * 1e30f))'
describes unable 'operators cannot say what it computes: 100%s of it' "a layer that cannot be described says why" \
    'graph->refuse(graph, "100%s of it")'
liar idle_dx '.*must leave zero in lanes from count' "a gradient of samples that are not there is found"
liar writes_keep '.*backward changes keep' "writing to keep in backward is found"
liar remembers '.*two equal calls give different results' "a memory of calls is found"
if NNRUN_ISA=avx2 "$nnrun" layers >/dev/null 2>&1; then
    liar rounds '.*a different rounding or treatment of denormals' "changing the arithmetic of the thread is found"
    liar levels '.*differs from portable' "code levels that differ are found"
else
    skip "changing the arithmetic of the thread is found" "for x86-64"
    skip "code levels that differ are found" "one level only"
fi
sed 's/i % NNRUN_LANES < s->count/i % NNRUN_LANES < NNRUN_LANES/; s/"square"/"spills"/' "$fixtures/square.c" >spills.c
compile spills.c spills
refuse 1 'spills.*must leave zero in lanes from count' "a loss with gradients of samples that are not there is found" \
    "$nnrun" gradcheck ./spills.so
sed 's/ + s->x\[1\]\[i\]/& + (s->x[0] == s->x[1] ? 1.0f : 0.0f)/; s/"add2"/"twice"/' "$fixtures/add2.c" >twice.c
compile twice.c twice
refuse 1 'twice.*if one buffer is several inputs' "a layer that minds one buffer as both inputs is found" \
    "$nnrun" gradcheck ./twice.so

compile "$fixtures/liar.c" two_lies -DLIE_wrong_dw -DLIE_hides_x -DTYPE='"two_lies"'
refuse 1 'backward reads x without flag' "two lies are told apart" "$nnrun" gradcheck ./two_lies.so
cp "$tap_err" errors
cause_first() {
    lines errors 2 && head -n 1 errors | grep -q 'gradient by weight is wrong'
}
check "a wrong gradient is said first" cause_first
refuse 1 '^nnrun: wrong_dx1 ' "of a config each layer is told apart" "$nnrun" gradcheck "$NNRUN_SOURCE/configs/linear.cfg" --plugin-path . \
    'network=( { type = "dense"; units = 10; }, { type = "wrong_dx"; }, { type = "wrong_dx"; }, { type = "softmax"; } )'
cp "$tap_err" errors
check "with a line of its own" sh -c 'grep -q "^nnrun: wrong_dx1 .*gradient by x" errors && grep -q "^nnrun: wrong_dx2 .*gradient by x" errors'

# More findings than there is room for at first.
{
    printf 'input = [1, 4, 4];\nnetwork = (\n'
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        printf '{ type = "wrong_dx"; name = "liar%s"; },\n' $i
    done
    printf '{ type = "dense"; units = 4; }, { type = "softmax"; } );\n'
} >many.cfg
refuse 1 '^nnrun: liar20 \(wrong_dx\).*gradient by x is wrong' "of many layers each is told of" "$nnrun" gradcheck many.cfg \
    --plugin-path .
check "... once" test "$(grep -c '^nnrun: liar[0-9]* (wrong_dx).*gradient by x is wrong' "$tap_err")" -eq 20

# ---- layers with derived weights, and their lies --------------------------------------------------------------

# packed FOLDER [FLAG...]: the fixture in a folder
packed() {
    mkdir -p "$1"
    to=$1
    shift
    compile "$fixtures/packed.c" "$to/packed" "$@"
}
# lie LIE PATTERN PROMISE
lie() {
    packed "$1" -DLIE_"$1"
    refuse 1 "^nnrun: packed \\(packed\\).*: $2" "$3" "$nnrun" gradcheck "./$1/packed.so"
}
packed honest_packed
check "a layer with derived weights keeps the contract" "$nnrun" gradcheck ./honest_packed/packed.so
packed plain_packed -DPLAIN
check "and so does it without them" "$nnrun" gradcheck ./plain_packed/packed.so
lie overlap 'parts 0 and 1 of make both write byte 0 of derived' "parts that write one place are found"
lie gap 'no part of make writes byte [0-9]+ of derived' "a place that no part writes is found"
lie memory 'what make writes for part 0 depends on what derived held before: byte' "a part that reads is found"
lie remembers 'two equal calls of make for part 0 give different bytes' "a memory of parts is found"
lie behind 'make writes after the end of derived' "writing behind them is found"
lie changes_w 'make changes weight' "changing a weight is found"
lie changes_self 'make changes its instance' "changing the instance in a part is found"
lie changes_derived 'forward changes derived' "changing derived weights in forward is found"
lie untrained '.*(not finite|y, dx, keep, derived or scratch held)' "reading in training what is made for evaluation is found"
lie plans 'planned for evaluation alone, it gives a different result from that planned for training: y' \
    "an answer that depends on what it was planned for is found"
lie plans_tensors 'planned for evaluation alone, its output or its tensors differ from those' "so are tensors that do"
lie plans_shape 'planned for evaluation alone, its output or its tensors differ from those' "... in their shape"
lie plans_more 'planned for evaluation alone, its output or its tensors differ from those' "... or in number"
lie plans_output 'planned for evaluation alone, its output or its tensors differ from those' "or an output of another shape"
lie in_front 'make writes before derived' "writing in front of them is found"
lie hidden_nan 'a NaN in weight\[[0-9]+\] does not show in y' "hiding a NaN is found"
if NNRUN_ISA=avx512 "$nnrun" layers >/dev/null 2>&1; then
    lie levels 'make does not write the bytes of the level below' "levels that write different bytes are found"
else
    skip "levels that write different bytes are found" "no two levels with FMA here"
fi

# ---- one sample without lanes, and its lies ---------------------------------------------------------------------

# alone FOLDER [FLAG...]: the fixture in a folder
alone() {
    mkdir -p "alone_$1"
    to=alone_$1
    shift
    compile "$fixtures/alone.c" "$to/alone" "$@"
}
# alone_lie LIE PATTERN PROMISE
alone_lie() {
    alone "$1" -DLIE_"$1"
    refuse 1 "^nnrun: alone \\(alone\\).*: $2" "$3" "$nnrun" gradcheck "./alone_$1/alone.so"
}
alone honest
check "a layer that evaluates one sample alone keeps the contract" "$nnrun" gradcheck ./alone_honest/alone.so
alone_lie bits 'forward for one sample does not give the bits of a slice: y\[[0-9]+\] is ' "a last bit that differs is found"
alone_lie nan 'forward for one sample does not give the bits of a slice: y\[0\] is 0, not -?nan' "hiding a NaN is found"
alone_lie scratch 'for one sample the result depends on what y, scratch or the end of x held' "reading scratch is found"
alone_lie end 'for one sample the result depends on what y, scratch or the end of x held' "using what is behind x is found"
alone_lie behind 'forward for one sample writes after the end of y' "writing behind y is found"
alone_lie x 'forward for one sample changes x' "writing to x is found"
alone_lie weights 'forward for one sample changes the weights' "writing to the weights is found"
alone_lie self 'forward for one sample changes its instance' "changing the instance is found"
alone_lie gap 'make for one sample does not write byte [0-9]+ of the weights' "weights that are not made are found"
alone_lie order 'make for one sample does not write .*depends on .* the order of the parts' "parts that depend on each other are found"
alone_lie make_behind 'make for one sample writes after the end of the weights' "writing behind the weights is found"
alone_lie make_w 'make for one sample changes state' "changing a tensor in make is found"

# ---- the plugin's file -----------------------------------------------------------------------------------------

# uses TYPE EXPRESSION: softsign, which computes that of v, too, where no input ever gets.
uses() {
    sed "s/\"softsign\"/\"$1\"/; s/#include <math.h>/&\n#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>/
        s/^static void forward/static float of(float v)\n{\n    return $2;\n}\n\n&/
        s/s->y\[i\] = /&s->x[0][i] > 1e30f ? of(s->x[0][i]) : /" "$fixtures/softsign.c" >"$1.c"
    compile "$1.c" "$1" -fno-math-errno -lm
}
# foreign TYPE EXPRESSION WORDS PROMISE
foreign() {
    uses "$1" "$2"
    refuse_line 1 "^nnrun: $1 \($1\): uses $3" "$4" "$nnrun" gradcheck "./$1.so"
}
foreign inexact 'expf(v) + powf(v, 3) + (float)tanh(v)' '(expf, powf, tanh|.*expf.*), whose last bits differ' \
    "functions that C libraries round differently are found"
foreign many 'sinf(v) + cosf(v) + tanf(v) + asinf(v) + acosf(v) + atanf(v) + sinhf(v) + coshf(v) + asinhf(v) + acoshf(v) + atanhf(v) + expf(v) + exp2f(v) + expm1f(v) + logf(v) + log2f(v) + log10f(v) + log1pf(v) + cbrtf(v) + erff(v) + erfcf(v) + tgammaf(v) + lgammaf(v)' \
    '[a-z0-9_]+, [^;]+, \.\.\., whose last bits differ' "of many such functions some are named"
foreign draws '(float)rand()' 'rand; random numbers come with the slice' "random numbers of one's own are found"
foreign clocks '(float)time(NULL)' 'time; .* must not depend on the time' "a clock is found"
foreign allocates '*(float *)malloc((size_t)v)' 'malloc; a plugin allocates nothing' "memory of one's own is found"
foreign reads 'fopen("file", "r") ? v : 0' 'fopen; a plugin opens no file' "opening a file is found"
foreign heeds_environment 'getenv("HOME") ? v : 0' 'getenv; a result depends on' "looking at the environment is found"

# keeps TYPE STATEMENTS BYTES PROMISE: softsign with a variable; GCC calls it tmp.0, Clang of.tmp.
keeps() {
    uses "$1" "({ $2 })"
    refuse_line 1 "^nnrun: $1 \($1\): keeps variables \($3 bytes, (of\.)?tmp[.0-9]*\) from call to call; use scratch_bytes" "$4" \
        "$nnrun" gradcheck "./$1.so"
}
keeps scratches 'static float tmp[65536]; static int n; tmp[n++ \& 65535] += v;' 262148 \
    "a variable as scratch is found, the largest named"
keeps starts 'static float tmp = 3; tmp += v;' 4 "so is one that begins with a value"
keeps threads 'static __thread float tmp[64]; tmp[(int)v \& 63] += v;' 256 "and one of each thread"
compile scratches.c scratches -lm -s
refuse_line 1 '^nnrun: scratches .*: keeps variables \(26[0-9]{4} bytes\)' "also where the file has no names" \
    "$nnrun" gradcheck ./scratches.so
uses tables '({ static const float tmp[] = {1, 2, 3}; static const char *const of[] = {"a", "b"}; tmp[(int)v % 3] + *of[(int)v % 2]; })'
check "tables are no variables" "$nnrun" gradcheck ./tables.so
uses exact '(float)(sqrt(v) + rint(v) + floorf(v) + lrintf(v) + roundf(v) + fmodf(v, 3) + printf("%g", v))'
check "functions that are exact everywhere, and printing, are no fault" "$nnrun" gradcheck ./exact.so
# GCC's counters bring functions that they call themselves.
uses counts 'v'
if (compile counts.c counts --coverage -lm) 2>said && nm counts.so 2>said | grep -q '__gcov_exit$'; then
    check "what a plugin calls to count its coverage is no fault" "$nnrun" gradcheck ./counts.so
    uses counted '(float)rand()'
    compile counted.c counted --coverage -lm
    refuse_line 1 '^nnrun: counted .*: uses rand; .*' "... and hides no other" "$nnrun" gradcheck ./counted.so
else
    skip "what a plugin calls to count its coverage is no fault" "no GCC with gcov"
fi
refuse_line 1 '^nnrun: inexact1 \(inexact\): uses .*expf' "a network's layers of one type are told of once" "$nnrun" gradcheck \
    "$NNRUN_SOURCE/configs/linear.cfg" --plugin-path . \
    'network=( { type = "dense"; units = 10; }, { type = "inexact"; }, { type = "inexact"; }, { type = "softmax"; } )'
foreign_json() {
    "$nnrun" gradcheck ./draws.so --json >events 2>/dev/null
    [ $? -eq 1 ] && grep -q '^{"event":"gradcheck",.*"case":"its file","ok":false,.*"failures":\["uses rand' events &&
        tail -n 1 events | grep -q '^{"event":"done","checked":40,"failed":1,'
}
check "--json has an event for it, which is no case" foreign_json

# ---- what plan refuses, and settings given ---------------------------------------------------------------------

sed 's/plan->output = .*//; s/"softsign"/"shapeless"/' "$fixtures/softsign.c" >shapeless.c
compile shapeless.c shapeless
broken() {
    refuse_line 1 "^nnrun: $1 \($1\) 1x5x7[^:]*: broken plugin: $2; likewise in 39 more cases$" "$3" "$nnrun" gradcheck "./$1.so"
}
broken shapeless 'its plan set no output shape' "a plan without an output is no refusal, but a failure"
sed 's/plan->output = .*/return -1;/; s/"softsign"/"silent"/' "$fixtures/softsign.c" >silent.c
compile silent.c silent
broken silent 'its plan failed and gave no reason' "nor is one that fails and does not say why"
sed 's/plan->output = .*/&\n    if (!plan->training)\n        return -1;/; s/"softsign"/"untested"/' "$fixtures/softsign.c" >untested.c
compile untested.c untested -DNNRUN_NEEDS=1
broken untested 'its plan failed and gave no reason' "not even if it is planned for evaluation alone"
sed 's/plan->output = .*/&\n    plan->tensor(plan, \&(struct nnrun_tensor){.name = "bias"});/; s/"softsign"/"flat"/' "$fixtures/softsign.c" >flat.c
compile flat.c flat
broken flat 'tensor bias has no shape' "a tensor without a shape is said to have none"
sed 's/plan->output = .*/&\n    plan->scratch_bytes = 1 << 27;/; s/"softsign"/"wasteful"/' "$fixtures/softsign.c" >wasteful.c
compile wasteful.c wasteful
refuse_line 1 'no case could be planned; of the first, 1x5x7: it takes more than [0-9]+ bytes' \
    "a layer that takes too much memory to be checked is said to" "$nnrun" gradcheck ./wasteful.so
sed 's/.code = {{forward, backward}}/.code = {{forward, NULL}}/; s/"softsign"/"one_way"/' "$fixtures/softsign.c" >one_way.c
compile one_way.c one_way
check "a layer without weights and without backward is checked" "$nnrun" gradcheck ./one_way.so
says '^40 cases checked, 40 of them forward only, .*all good$' "and said to be forward only"
compile "$fixtures/ranges.c" ranges
check "ranges that have none of the usual numbers are drawn from" "$nnrun" gradcheck ./ranges.so
cp "$tap_out" cases
check "... the low end, or what is next to it" test "$(grep -c ' end=100 beyond=101 between=100.25' cases)" -eq 40
check "... or the default" test "$(grep -c ' optional=150 ' cases)" -gt 0
check "a list of numbers given is that of all cases" "$nnrun" gradcheck ./ranges.so 'list=[130,140.5]'
check "... in their labels, too" test "$(grep -c ' list=\[130,140.5\] ' "$tap_out")" -eq 40
refuse_line 1 'pool: no case .*; of the first, .* kernel=1000 .*: kernel: 1000 is larger than the input' \
    "why no case can be planned is said of the first, with the plugin's own reason" \
    "$nnrun" gradcheck pool kernel=1000
check "a setting given is that of all cases" "$nnrun" gradcheck conv kernel=3 stride=2 init=he
check "and their labels have it" test "$(grep -c ' kernel=3 stride=2 .*init=he ' "$tap_out")" -eq 40
refuse_line 3 'command line: kernel=0: 0 is out of range' "it is checked as in a config" "$nnrun" gradcheck conv kernel=0
refuse_line 3 'command line: kernl=3: unknown key; did you mean "kernel"' "so is its name" "$nnrun" gradcheck conv kernl=3

# ---- the command ---------------------------------------------------------------------------------------------

"$nnrun" gradcheck conv >first 2>&1
"$nnrun" gradcheck conv >second 2>&1
same "the same cases and figures each time" first second
json() {
    "$nnrun" gradcheck ./wrong_dx.so --json >events
    [ $? -eq 1 ] && [ "$(grep -c '^{"event":"gradcheck"' events)" -eq 40 ] &&
        tail -n 1 events | grep -q '^{"event":"done","checked":40,"failed":40,.*"ok":false}$'
}
check "--json has a line for each case, and what failed" json
quiet() {
    test -z "$("$nnrun" gradcheck relu -q)"
}
check "-q prints nothing of what is well" quiet
refuse_line 3 'no layer type "rleu"; did you mean "relu"' "an unknown type gets a suggestion" "$nnrun" gradcheck rleu
refuse_line 3 'missing\.so' "a missing file is named" "$nnrun" gradcheck ./missing.so
refuse 3 'missing\.cfg' "a missing config too" "$nnrun" gradcheck missing.cfg
refuse_line 2 'expected one CONFIG, TYPE' "no argument is a wrong usage" "$nnrun" gradcheck
tap_end
