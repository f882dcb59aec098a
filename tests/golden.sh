#!/bin/sh
# golden.sh: 40 steps of training give the bits stored in golden/, and a trained network gives the answers stored there.
#
#   make check TESTS=tests/golden.sh                    compares; to be run after every change
#   NNRUN_REWRITE=1 make check TESTS=tests/golden.sh    stores what this build gives; the commit says why that may differ
#
# golden/hashes has one line per case: its name and the SHA-256 of its last step file. Each case is trained by one thread and
# by three threads at the best code level, and by three threads with AVX2. Some are also killed and resumed.
# Saving waits for the disk, more than a thousand times here: in memory it does not.
if [ -w /dev/shm ]; then
    TMPDIR=${TMPDIR:-/dev/shm}
fi
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

stored=$NNRUN_SOURCE/tests/golden
fault=$NNRUN_BUILD/tests/.libs/fault.so
rewrite=${NNRUN_REWRITE-}

# ---- one case ------------------------------------------------------------------------------------------------

# Each case sets what is its own of these, and finds the rest as here.
plain() {
    input='[1, 28, 28]'
    data='directory = "digits"; validation = 20;'
    front='{ type = "dense"; units = 16; }, { type = "relu"; },'
    back='{ type = "dense"; units = 10; }, { type = "softmax"; }'
    train='epochs = 4; batch = 32;'
    optimizer='rate = 0.1; momentum = 0.9;'
    schedule='type = "constant";'
    overrides=
    last=step-000000040.safetensors
}
write_config() {
    cat >"$1.cfg" <<EOF
name = "$1";
input = $input;
data: { $data };
network = (
    $front
    $back
);
train: { $train
    optimizer: { $optimizer };
    schedule: { $schedule };
};
output: { report = false; };
EOF
}
# train_into RUN OPTION...
train_into() {
    run=$1
    shift
    # shellcheck disable=SC2086 # several words
    "$nnrun" -q "$name.cfg" $overrides "$@" -o "$run"
}
# agrees RUN: its last step file has the stored hash
agrees() {
    hash=$(sha256sum <"$1/$last") || return
    [ "${hash%% *}" != "$wanted" ] || return 0
    echo "$1/$last: ${hash%% *}, stored is ${wanted:-none; for a new case: NNRUN_REWRITE=1 make check TESTS=tests/golden.sh}" >&2
    return 1
}
three_ways() {
    rm -rf one three avx2
    train_into one --threads 1 && train_into three --threads 3 && NNRUN_ISA=avx2 train_into avx2 --threads 3 || return
    if [ -n "$rewrite" ]; then
        wanted=$(sha256sum <one/$last) && wanted=${wanted%% *}
    fi
    printf '%s %s\n' "$name" "$wanted" >>hashes
    agrees one && agrees three && agrees avx2
}
# Dies half-way through the step file of step 20.
kill_saving() {
    LD_PRELOAD=$fault FAULT_CALL=write FAULT_PATH=step-000000020 FAULT_KILL=1 train_into killed --threads 3
}
finish() {
    [ ! -f killed/step-000000020.safetensors ] && "$nnrun" -q resume killed && agrees killed
}
# golden NAME [killed]
golden() {
    name=$1
    wanted=$(sed -n "s/^$name //p" "$stored/hashes")
    write_config "$name"
    check "$name: the stored bits, by one thread and by three" three_ways
    if [ "${2-}" = killed ] && [ -f "$fault" ] && [ -z "${NNRUN_SANITIZED-}" ]; then
        rm -rf killed
        expect 137 "$name: killed while it saves" kill_saving
        check "$name: and resumed, it has the stored bits" finish
    elif [ "${2-}" = killed ]; then
        skip "$name: killed and resumed, it has the stored bits" "no fault injection in this build"
    fi
    plain
}
# layer NAME LAYERS [killed]: a case with these before a dense layer and softmax
layer() {
    front="$2,"
    golden "$1" "${3-}"
}

plain
digits 340 20
write_config plain
if no_fma plain.cfg; then
    skip "the stored bits" "no fused multiply-add here, so the bits are others"
    tap_end
    exit
fi

# ---- optimisers, schedules, clipping --------------------------------------------------------------------------

for clip in 0 0.5; do
    for kind in constant step cosine; do
        for rule in sgd momentum nesterov adam adamw; do
            train="epochs = 4; batch = 32; clip = $clip;"
            case $kind in
            constant) schedule='type = "constant"; warmup = 0.5;' ;;
            step) schedule='type = "step"; every = 2; factor = 0.3;' ;;
            cosine) schedule='type = "cosine"; warmup = 1; final = 0.05;' ;;
            esac
            case $rule in
            sgd) optimizer='type = "sgd"; rate = 0.2; decay = 1e-3;' ;;
            momentum) optimizer='type = "sgd"; rate = 0.1; momentum = 0.9; decay = 5e-4;' ;;
            nesterov) optimizer='type = "sgd"; rate = 0.1; momentum = 0.8; nesterov = true;' ;;
            adam) optimizer='type = "adam"; rate = 0.003; decay = 1e-3; beta1 = 0.8; beta2 = 0.99; epsilon = 1e-6;' ;;
            adamw) optimizer='type = "adamw"; rate = 0.003; decay = 0.05;' ;;
            *)
                echo "Bail out! no settings of $rule"
                exit 99
                ;;
            esac
            killed=
            [ $kind$clip != cosine0.5 ] || killed=killed
            golden "$rule-$kind$([ $clip = 0 ] || echo -clip)" $killed
        done
    done
done

# ---- layers ---------------------------------------------------------------------------------------------------

stem='{ type = "conv"; filters = 4; kernel = 5; stride = 2; }'
layer relu "$stem, { type = \"relu\"; }"
layer leaky_relu "$stem, { type = \"leaky_relu\"; slope = 0.2; }"
layer elu "$stem, { type = \"elu\"; alpha = 0.7; }"
layer gelu "$stem, { type = \"gelu\"; }"
layer gelu-tanh "$stem, { type = \"gelu\"; approximate = \"tanh\"; }"
layer swish "$stem, { type = \"swish\"; }"
layer sigmoid "$stem, { type = \"sigmoid\"; }"
layer tanh "$stem, { type = \"tanh\"; }"
layer softmax-within '{ type = "dense"; units = 12; }, { type = "softmax"; }'
layer logistic-within "$stem, { type = \"logistic\"; }"
layer mse-within "$stem, { type = \"mse\"; }"

layer conv-deep '{ type = "conv"; filters = 6; kernel = 5; pad = 2; init = "he"; }, { type = "pool"; kernel = 2; },
    { type = "conv"; filters = 16; kernel = 5; init = "xavier"; }, { type = "pool"; kernel = 2; },
    { type = "conv"; filters = 7; kernel = 3; pad = 1; }, { type = "tanh"; }'
optimizer='rate = 0.02;'
layer conv-odd '{ type = "conv"; filters = 5; kernel = [3, 2]; stride = [2, 1]; pad = [1, 0]; bias = false; },
    { type = "conv"; filters = 3; kernel = [2, 7]; stride = [1, 3]; pad = [0, 3]; },
    { type = "conv"; filters = 9; kernel = 1; stride = 2; bias = false; init = "he"; }'
# By Toom-Cook: 3, 5 and 7 columns, rows that end within a tile, padding, forward alone.
optimizer='rate = 0.01;'
layer conv-three '{ type = "conv"; filters = 12; kernel = 5; stride = 2; }, { type = "conv"; filters = 20; kernel = 3; pad = 1; },
    { type = "relu"; }, { type = "conv"; filters = 16; kernel = [2, 3]; pad = [0, 2]; }, { type = "pool"; kernel = 2; }'
layer conv-five '{ type = "conv"; filters = 8; kernel = 5; stride = 2; }, { type = "conv"; filters = 9; kernel = 5; pad = 2; },
    { type = "relu"; }, { type = "conv"; filters = 20; kernel = [3, 5]; pad = [1, 0]; bias = false; }, { type = "pool"; kernel = 2; }'
layer conv-seven '{ type = "conv"; filters = 16; kernel = 5; stride = 2; }, { type = "conv"; filters = 16; kernel = 7; pad = 3; },
    { type = "tanh"; }, { type = "conv"; filters = 12; kernel = [3, 7]; pad = [0, 3]; }, { type = "pool"; kernel = 2; }'
layer pool-max "$stem"', { type = "pool"; kernel = 3; stride = 2; pad = 1; }, { type = "pool"; kernel = [2, 1]; stride = [1, 2]; }'
layer pool-average "$stem"', { type = "pool"; mode = "average"; kernel = [3, 2]; stride = [1, 2]; pad = [1, 0]; },
    { type = "pool"; mode = "average"; kernel = 2; }'
layer global_pool "$stem"', { type = "global_pool"; }'
layer global_pool-max "$stem"', { type = "global_pool"; mode = "max"; }'
layer flatten "$stem"', { type = "flatten"; }'
layer dense '{ type = "dense"; units = 13; bias = false; init = "he"; }, { type = "tanh"; },
    { type = "dense"; units = 33; init = "xavier"; }, { type = "tanh"; }'
optimizer='rate = 0.02; momentum = 0.9;'
layer scale "$stem"', { type = "scale"; }' killed
layer scale-no-bias "$stem"', { type = "scale"; bias = false; }'
layer batchnorm "$stem"', { type = "batchnorm"; }, { type = "relu"; }' killed
layer batchnorm-vector '{ type = "dense"; units = 16; }, { type = "batchnorm"; momentum = 0.3; eps = 1e-3; affine = false; }'
layer frozen '{ type = "conv"; filters = 4; kernel = 5; stride = 2; frozen = true; }, { type = "batchnorm"; frozen = true; },
    { type = "conv"; filters = 5; kernel = 3; rate = 0.3; }, { type = "relu"; }, { type = "scale"; frozen = true; }' killed
optimizer='rate = 0.03; momentum = 0.9;'
layer dropout "$stem"', { type = "dropout"; rate = 0.25; }, { type = "dense"; units = 16; }, { type = "dropout"; rate = 0.6; }' killed
layer graph '{ type = "conv"; filters = 4; kernel = 3; stride = 2; name = "stem"; }, { type = "batchnorm"; name = "norm"; },
    { type = "relu"; name = "trunk"; }, { type = "conv"; filters = 4; kernel = 3; pad = 1; }, { type = "batchnorm"; },
    { type = "swish"; name = "branch"; }, { type = "add"; inputs = ("trunk", "branch", "stem"); name = "sum"; },
    { type = "concat"; inputs = ("sum", "norm"); }, { type = "dropout"; rate = 0.2; }, { type = "global_pool"; }' killed
layer concat-axes '{ type = "conv"; filters = 2; kernel = 3; stride = 3; name = "a"; },
    { type = "conv"; inputs = "input"; filters = 3; kernel = [5, 3]; stride = 3; name = "b"; },
    { type = "pool"; inputs = "a"; kernel = [2, 1]; stride = 1; name = "lower"; },
    { type = "concat"; inputs = ("a", "lower"); axis = 1; name = "tall"; }, { type = "pool"; kernel = [2, 1]; name = "low"; },
    { type = "pool"; inputs = "a"; kernel = [1, 4]; stride = 1; name = "narrow"; },
    { type = "concat"; inputs = ("low", "b"); name = "deep"; }, { type = "concat"; inputs = ("a", "narrow"); axis = 2; },
    { type = "dense"; units = 5; name = "v"; }, { type = "dense"; inputs = "deep"; units = 6; name = "w"; },
    { type = "concat"; inputs = ("v", "w"); }'

# ---- losses and labels -----------------------------------------------------------------------------------------

# header DIM...: of an IDX file of bytes
header() {
    # shellcheck disable=SC2059 # bytes by their escapes
    printf "\\0\\0\\010\\$(printf %o $#)"
    for dim; do
        # shellcheck disable=SC2059
        printf "\\0\\0\\$(printf %o $((dim / 256)))\\$(printf %o $((dim % 256)))"
    done
}
gzip -dc digits/train-images-idx3-ubyte.gz | tail -c +17 >pixels
{ header 340 4 && tail -c +201 pixels | head -c 1360; } >values
{ header 340 4 && tail -c +201 pixels | head -c 1360 | tr '\001-\377' '[\001*]'; } >bits
{ header 340 4 14 14 && cat pixels; } >channels

for loss in logistic mse; do
    back="{ type = \"dense\"; units = 10; }, { type = \"$loss\"; }"
    golden $loss killed
done
several='validation = 20; train: { images = "digits/train-images-idx3-ubyte.gz"; labels = '
back='{ type = "dense"; units = 4; }, { type = "logistic"; }'
data="$several\"bits\"; };"
golden logistic-several
back='{ type = "dense"; units = 4; }, { type = "mse"; }'
data="$several\"values\"; };"
optimizer='rate = 1e-4; momentum = 0.9;'
golden mse-several

# ---- pictures -------------------------------------------------------------------------------------------------

# pictures NAME KEYS [killed]: a case with such keys in data
pictures() {
    data="$data $2"
    golden "$1" "${3-}"
}
pictures scaled 'mean = 0.1307; std = 0.3081;'
pictures shift 'augment: { shift = 2.5; };'
pictures rotate 'augment: { rotate = 25; };'
pictures scale-by 'augment: { scale = 0.2; };'
pictures shear 'augment: { shear = 12; };'
pictures flip 'augment: { flip = 0.4; };'
pictures elastic 'augment: { elastic = 34; };'
pictures elastic-fine 'augment: { elastic = 8; elastic_sigma = 1.5; };'
pictures augment 'mean = 0.13; std = 0.3;
    augment: { shift = 2; rotate = 10; scale = 0.1; shear = 5; flip = 0.1; elastic = 20; fill = 40; };' killed
input='[4, 14, 14]'
data='train: { images = "channels"; labels = "digits/train-labels-idx1-ubyte.gz"; }; validation = 20;'
front='{ type = "conv"; filters = 5; kernel = 3; }, { type = "batchnorm"; }, { type = "relu"; },'
pictures channels 'mean = [0.1, 0.2, 0.15, 0.05]; std = [0.3, 0.25, 0.35, 0.2]; augment: { rotate = 10; elastic = 10; };'

# ---- numbers --------------------------------------------------------------------------------------------------

"$NNRUN_BUILD/nnrun-make-sensors" --train 340 --test 20 sensors || exit 99
measured='train: { images = "sensors/train-samples-idx3-float.gz"; labels = "sensors/train-labels-idx1-ubyte.gz"; };
    validation = 20; values = "numbers";'
for how in none train; do
    input=192
    data="$measured normalize = \"$how\";"
    optimizer='rate = 0.01; momentum = 0.9;'
    golden "numbers-$how" killed
done
input=192
data="$measured window = 100; stream = true; mean = 0.5; std = 8;"
golden numbers-windows
pictures normalize 'normalize = "train"; augment: { rotate = 10; };' killed

# ---- windows, batches, groups ---------------------------------------------------------------------------------

pictures stream 'stream = true;'
pictures windows 'window = 100; augment: { shift = 1; elastic = 15; };' killed
pictures stratified 'split = "stratified";' killed
pictures stratified-windows 'split = "stratified"; window = 100;' killed
train='epochs = 4; batch = 32; class_weights = [1, 0.5, 2, 0.1, 1e3, 3, 1, 1, 7, 0.3];'
golden class-weights killed
train='epochs = 4; batch = 32; clip = 0.3; class_weights = "balanced";'
pictures class-weights-balanced 'split = "stratified";'
pictures windows-even 'window = 64;'
data='directory = "digits"; validation: { images = "digits/t10k-images-idx3-ubyte"; labels = "digits/t10k-labels-idx1-ubyte"; };'
train='epochs = 4; batch = 34;'
golden validation-files killed
data='directory = "digits"; validation = 40;'
layer short-batch "$stem"', { type = "batchnorm"; }' killed
data='directory = "digits"; validation = 31;' # the last batch of 309 is one slice, of 9
train='epochs = 8; batch = 75;'
golden short-slice
for groups in 1 3 4; do
    train="epochs = 8; batch = 70; groups = $groups;"
    front="$stem"', { type = "batchnorm"; },'
    golden groups-$groups "$([ $groups != 3 ] || echo killed)"
done
train='epochs = 40; batch = 320; groups = 7;'
golden groups-7
train='epochs = 40; batch = 320;'
golden groups-by-batch
train='epochs = 4; batch = 32; seed = 7;'
layer seed "$stem"', { type = "dropout"; rate = 0.25; }'

# ---- what a run comes to ---------------------------------------------------------------------------------------

data='directory = "digits"; validation = 100;'
train='epochs = 4; batch = 24;'
last=best.safetensors
golden best killed
data='directory = "digits"; validation = 100;'
train='epochs = 100; batch = 24; patience = 1;'
optimizer='rate = 0.2; momentum = 0.9;' # so that it stops after 3
last=step-000000030.safetensors
golden patience killed
overrides='train.optimizer.rate=0.07 network.relu1.type=tanh data.augment.shift=1.5 train.clip=1'
golden overrides killed

if [ -n "$rewrite" ] && [ "$tap_failures" -eq 0 ]; then
    sort hashes >"$stored/hashes"
fi
all_cases() {
    sort hashes | diff "$stored/hashes" -
}
check "each stored case is tried, and no other" all_cases

# ---- answers --------------------------------------------------------------------------------------------------

front="$stem"', { type = "batchnorm"; }, { type = "relu"; }, { type = "pool"; kernel = 2; },'
train='epochs = 20; batch = 32;'
name=answers
write_config answers
train_into answers || exit 99
"$NNRUN_BUILD/tests/draw_pictures" . 12 || exit 99
# answers FILE COMMAND...: it prints what is stored in the file
answers() {
    answer=$1
    shift
    "$@" >"$answer" || return
    if [ -n "$rewrite" ]; then
        cp "$answer" "$stored/$answer" || return
    fi
    diff "$stored/$answer" "$answer"
}
check "test --json gives the stored answer" answers test.json "$nnrun" test answers/best.safetensors --json
check "predict --json does so for samples" answers samples.json \
    "$nnrun" predict answers/best.safetensors --json digits/t10k-images-idx3-ubyte.gz
check "and for pictures" answers pictures.json "$nnrun" predict answers/best.safetensors --json ./00[0369]-*.pgm
# A layer type without a case would pass whatever it computes.
types_are_tried() {
    for plugin in "$NNRUN_SOURCE"/plugins/*.c; do
        type=$(basename "$plugin" .c)
        [ "$type" = template ] || grep -Fqs "type = \"$type\"" ./*.cfg || echo "no case has a layer of type $type"
    done >untried
    cat untried
    [ ! -s untried ]
}
check "each layer type has a case" types_are_tried
tap_end
