#!/bin/sh
# bits.sh: the same config and seed give the same files, for any number of threads, code level and way of reading.
. "$NNRUN_SOURCE/tests/nnrun.sh"

digits 900 100
fma() {
    NNRUN_ISA=$1 "$nnrun" show good.cfg >/dev/null 2>&1
}
# As many of each class are kept for validation as its share, from windows that hold a part of the samples.
# shellcheck disable=SC2317 # called by its name
split_config() {
    small_config "$1"
    sed -i 's/validation = 100;/validation = 100; split = "stratified"; window = 250;/' "$1"
}
for network in graph small split; do
    ${network}_config good.cfg
    sed -i 's/batch = 50/batch = 150/' good.cfg
    rm -rf one
    "$nnrun" -q good.cfg --threads 1 -o one || exit 99
    for threads in 2 3 4 7; do
        like_one "$threads threads give the bits of one" "$nnrun" -q good.cfg --threads $threads -o run
    done
    like_one "streamed data give the same bits" "$nnrun" -q good.cfg data.stream=true -o run
    like_one "another data path gives the same bits" "$nnrun" -q good.cfg data.directory="$work/digits" -o run
    for level in avx2 avx512; do
        if fma $level && fma avx2; then
            NNRUN_ISA=$level like_one "NNRUN_ISA=$level gives the same bits" "$nnrun" -q good.cfg -o run
        else
            skip "NNRUN_ISA=$level gives the same bits" "not had by this processor"
        fi
    done
    "$nnrun" -q good.cfg train.schedule.type=constant train.epochs=1 -o half || exit 99
    "$nnrun" -q resume half train.epochs=2 || exit 99
    "$nnrun" -q good.cfg train.schedule.type=constant train.epochs=1 train.epochs=2 -o whole || exit 99
    same "$network: resuming gives the same bits" half/step-000000012.safetensors whole/step-000000012.safetensors
    rm -rf half whole
done
check "the portable level trains" env NNRUN_ISA=portable "$nnrun" -q good.cfg train.epochs=1 -o portable
if fma avx2; then
    refuse_line 3 'arithmetic' "resuming across kinds of arithmetic is refused" "$nnrun" resume portable train.epochs=2
    check "unless --any-arithmetic" "$nnrun" -q resume portable train.epochs=2 --any-arithmetic
fi
check "another seed gives other bits" "$nnrun" -q good.cfg --seed 2 -o seed2
check "indeed" sh -c '! cmp -s one/best.safetensors seed2/best.safetensors'

# Of libm only what rounds the same everywhere may be called, but by what has no part in a run: what others are held against,
# and a sweep's statistics.
strangers() {
    {
        find "$NNRUN_BUILD/src" -name '*.o' ! -name '*-reference_simple.o' ! -name '*-reference_windows.o' \
            ! -name 't_distribution.o' -exec nm --undefined-only {} + 2>/dev/null
        nm -D --undefined-only "$NNRUN_BUILD"/plugins/.libs/*.so 2>/dev/null
    } | sed -n 's/^ *[Uw] \([a-z0-9_]*\)\(@.*\)\{0,1\}$/\1/p' |
        grep -Ex '(exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sincos|sinh|cosh|tanh|asin|acos|atan|atan2|hypot|cbrt|erf|erfc|lgamma|tgamma|fma)[fl]?'
}
none() {
    test -z "$(strangers | tee /dev/stderr)"
}
check "no other function of libm is called" none
tap_end
