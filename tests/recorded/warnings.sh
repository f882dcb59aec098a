#!/bin/sh
# warnings.sh: what is unusual about a config and its data: one line each, from show and train, and the key that turns it
# off. tests/warnings.sh has what depends on bits.
# shellcheck source=tests/recorded.sh
. "${NNRUN_SOURCE:?}/tests/recorded.sh"
small_config good.cfg
digits 600 100
# layers FILE LAYER...: good.cfg with these layers.
layers() {
    sed '/^network = (/q' good.cfg >"$1"
    file=$1
    shift
    printf '    { type = %s },\n' "$@" | sed '$s/,$//' >>"$file"
    sed -n '/^);/,$p' good.cfg >>"$file"
}
dense='"dense"; units = 10;'
relu='"relu";'
softmax='"softmax";'

# ---- layers ----------------------------------------------------------------------------------------------------

record "a good config draws none" nnrun show -q good.cfg
layers twice.cfg "$dense" "$softmax" "$softmax"
record "softmax twice" nnrun show -q twice.cfg
layers hidden.cfg "$dense" "$softmax" '"flatten";' '"dropout";' '"logistic";'
record "probabilities are found behind layers that hand them on" nnrun show -q hidden.cfg
layers inside.cfg "$dense" "$softmax" "$dense" "$softmax"
record "softmax before a layer that is not the loss" nnrun show -q inside.cfg
layers last.cfg "$dense" "$softmax" '"mse";'
record "but before a loss of values" nnrun show -q last.cfg
layers relu.cfg "$dense" "$relu" '"dropout";' "$softmax"
record "relu before softmax" nnrun show -q relu.cfg
layers sigmoid.cfg "$dense" '"sigmoid";' '"logistic";'
record "sigmoid before logistic" nnrun show -q sigmoid.cfg
layers averaged.cfg '"conv"; filters = 10; kernel = 3;' "$relu" '"global_pool";' "$softmax"
record "but not before a mean of many values" nnrun show -q averaged.cfg
layers scaled.cfg "$dense" "$relu" '"scale";' "$softmax"
record "nor before one that may change the sign" nnrun show -q scaled.cfg
layers linear.cfg '"conv"; filters = 4; kernel = 3;' '"batchnorm";' '"pool"; mode = "average"; kernel = 2;' "$dense" "$dense" "$softmax"
record "no activation between linear layers, each pair" nnrun show -q linear.cfg
record "the largest value of a window is an activation" nnrun show -q linear.cfg network.pool1.mode=max
layers branch.cfg '"dense"; units = 10; name = "one";' '"dense"; units = 10; name = "two";' '"add"; inputs = ("one", "two");' "$softmax"
record "branches are left alone" nnrun show -q branch.cfg

layers frozen.cfg '"dense"; units = 16; frozen = true;' "$relu" '"scale"; frozen = true;' "$dense" "$softmax"
record "a frozen layer without a file of weights" nnrun show -q frozen.cfg
record "one of two that are frozen" nnrun show -q frozen.cfg network.scale1.frozen=false
record "with a file of weights" nnrun show -q frozen.cfg train.from=first.safetensors

# ---- settings --------------------------------------------------------------------------------------------------

record "mean and std of pixels from 0 to 255" nnrun show -q good.cfg 'data={directory="digits"; mean=33.3; std=78.6}'
record "a group that leaves out keys of the config" nnrun show -q good.cfg 'train={epochs=1; batch=20}'
record "... of which one is given again" nnrun show -q good.cfg 'train={epochs=1; batch=20}' train.schedule.type=cosine
record "... or all" nnrun show -q good.cfg 'train={epochs=1; batch=20}' 'train.schedule={type="cosine"}' 'train.optimizer={rate=0.1}'
record "a group of another type" nnrun show -q good.cfg 'train.optimizer={type="adam"}'
record "... of the same type" nnrun show -q good.cfg 'train.schedule={warmup=2}'
record "a group in place of a number" nnrun show -q good.cfg 'data.validation={images="a"; labels="b"}'
record "those of no pixels" nnrun show -q good.cfg data.mean=-0.5 data.std=600
record "those of one channel" nnrun show -q good.cfg 'input=[3,28,28]' 'data.mean=[0.5,0.4,127]' 'data.std=[0.5,1,0.3]'
record "the ends of what can be" nnrun show -q good.cfg data.mean=1 data.std=0.5
sed 's/directory = "digits";/train: { images = "digits\/train-images-idx3-ubyte.gz"; labels = "digits\/train-labels-idx1-ubyte.gz"; };/' \
    good.cfg >untested.cfg
record "no test samples" nnrun show -q untested.cfg
cp digits/train-images-idx3-ubyte.gz copy
gzip -dc digits/train-images-idx3-ubyte.gz >plain
same="data.test.images=copy data.test.labels=digits/train-labels-idx1-ubyte.gz"
itself="data.test.images=digits/train-images-idx3-ubyte.gz data.test.labels=digits/train-labels-idx1-ubyte.gz"
# shellcheck disable=SC2086 # several words
record "the training samples as test samples" nnrun show -q untested.cfg $itself
record "a config without data" nnrun show -q good.cfg data.directory=

# ---- from train ------------------------------------------------------------------------------------------------

record "train says it, too" nnrun -q twice.cfg -o twice
record "the log keeps it" sed -n 2p twice/log.jsonl
record "resume does not say it again" nnrun -q resume twice train.epochs=3 train.schedule.type=constant
# shellcheck disable=SC2086
record "the training samples as test samples are said once" nnrun -q untested.cfg $itself -o itself
# shellcheck disable=SC2086
record "a copy of them" nnrun -q untested.cfg $same -o same
record "unpacked" nnrun -q untested.cfg data.test.images=plain data.test.labels=digits/train-labels-idx1-ubyte.gz -o same2
# labels CLASSES COUNT...: an IDX file of 600 labels that go round, so many of so many classes.
labels() {
    printf '\0\0\010\001\0\0\002\130'
    while [ $# -gt 0 ]; do
        i=0
        while [ $i -lt "$2" ]; do
            printf '%b' "\\0$(printf %o $((i % $1)))"
            i=$((i + 1))
        done
        shift 2
    done
}
for class in 0 1 2 3 4 5 6 7 8 9; do head -c 60 /dev/zero | tr '\0' "\\0$(printf %02o $class)"; done >classes
{ labels && cat classes; } >sorted
labels 9 440 10 160 >late
record "a training file sorted by class" nnrun -q good.cfg data.train.images=plain data.train.labels=sorted -o sorted1
record "of which validation has a class for itself" nnrun -q good.cfg data.train.images=plain data.train.labels=sorted \
    data.validation=59 -o sorted2
record "a class that validation has all of" nnrun -q good.cfg data.train.images=plain data.train.labels=late \
    data.validation=160 -o own
record "a few validation samples lack a class by chance" nnrun -q good.cfg data.validation=8 -o few
record "in JSON, beside the line" sh -c "nnrun show twice.cfg --json | grep -o '\"warnings\".*'"
record "the events of a training" sh -c "nnrun --json twice.cfg -o json 2>/dev/null | grep -E 'start|warning|done'"

# ---- turned off ------------------------------------------------------------------------------------------------

record "by the command line" nnrun show -q twice.cfg warnings.softmax_twice=false
{ cat twice.cfg && echo 'warnings: { softmax_twice = false; };'; } >off.cfg
record "by the config" nnrun -q off.cfg -o off
record "others stay" nnrun show -q off.cfg data.mean=3
record "by a word that is none" nnrun show -q good.cfg 'warnings={softmax_twcie=false; no_tests=false; no_activation=0}'
record "a group in a config" sh -c 'sed s/softmax_twice/softmax/ off.cfg >bad.cfg; nnrun show -q bad.cfg'
record "no bit depends on them" sh -c 'nnrun -q good.cfg -o one && nnrun -q good.cfg warnings.no_test=false -o other &&
    cmp one/best.safetensors other/best.safetensors'
record_end
