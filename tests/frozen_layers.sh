#!/bin/sh
# frozen_layers.sh: a frozen layer keeps its bits, and rate is a factor of the learning rate of one layer.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

digits 900 100
small_config whole.cfg
sed -i 's/schedule: { type = "cosine"; };//' whole.cfg
last='step-000000032.safetensors'

# network FILE LAYERS: whole.cfg with these layers before the last two
network() {
    printf '%s\n' "$2" >layers
    sed '/^network/,/^);/{/conv\|relu\|pool/d}; /^network/r layers' whole.cfg >"$1"
}
front='{ type = "conv"; filters = 3; kernel = 5; stride = 2; frozen = true; }, { type = "batchnorm"; frozen = true; },
    { type = "relu"; }, { type = "pool"; kernel = 2; },'
network frozen.cfg "$front { type = \"dense\"; units = 16; rate = 0.1; }, { type = \"dropout\"; rate = 0.2; },"

# sums FILE [PATTERN]: the checksums of its tensors, without those of the run's history
sums() {
    head -c 262144 "$1" | LC_ALL=C grep -ao '"checksum\.[^,}]*' | grep -v history | grep -- "${2-}"
}
# alike FILE FILE [PATTERN]: the tensors whose names have the pattern have the same bits, and there are some
alike() {
    sums "$1" "${3-}" >one && sums "$2" "${3-}" | diff one - && [ -s one ]
}
no() {
    ! "$@"
}
differ() {
    sums "$1" "$3" >one && sums "$2" "$3" >two && ! cmp -s one two
}

# ---- frozen -----------------------------------------------------------------------------------------------------

for rule in 'type = "sgd"; rate = 0.05; momentum = 0.9; decay = 0.01;' 'type = "adamw"; rate = 0.01; decay = 0.1;'; do
    name=${rule#*\"}
    name=${name%%\"*}
    check "$name: two layers are frozen" "$nnrun" -q frozen.cfg "train.optimizer={$rule}" train.clip=0.5 -o "$name"
    for tensor in conv1 batchnorm1.weight batchnorm1.running; do
        check "$name: $tensor keeps its bits" alike "$name/step-000000000.safetensors" "$name/$last" "checksum.$tensor"
    done
    check "$name: dense1 learns" differ "$name/step-000000000.safetensors" "$name/$last" "checksum.dense1"
    check "$name: dense2 learns" differ "$name/step-000000000.safetensors" "$name/$last" "checksum.dense2"
    check "$name: the optimizer remembers nothing of them" no sums "$name/$last" 'optimizer.*\(conv\|batchnorm\)'
    check "$name: by three threads" "$nnrun" -q frozen.cfg "train.optimizer={$rule}" train.clip=0.5 --threads 3 -o "$name-3"
    same "$name: three threads give the same bits" "$name/$last" "$name-3/$last"
    check "$name: one epoch" "$nnrun" -q frozen.cfg "train.optimizer={$rule}" train.clip=0.5 train.epochs=1 -o "$name-1"
    check "$name: resumed" "$nnrun" -q resume "$name-1" train.epochs=2
    check "$name: it has the same bits" alike "$name/$last" "$name-1/$last"
done

# A scale layer begins as y = x. Frozen, it changes nothing, though layers before it learn.
network without.cfg '{ type = "dense"; units = 16; }, { type = "relu"; },'
network within.cfg '{ type = "dense"; units = 16; }, { type = "relu"; }, { type = "scale"; frozen = true; },'
tap_run "$nnrun" -q without.cfg train.clip=0.1 train.optimizer.decay=0.01 -o without
check "a frozen layer stands behind one that learns" \
    "$nnrun" -q within.cfg train.clip=0.1 train.optimizer.decay=0.01 -o within
check "its gradient does not count for clip" alike without/$last within/$last dense
check "its weights keep their bits" alike within/step-000000000.safetensors within/$last 'checksum.scale1'

# With a rate of 0, training and validation of the same samples are of one network.
images='images = "digits/train-images-idx3-ubyte.gz"; labels = "digits/train-labels-idx1-ubyte.gz";'
sed 's/type = "dropout"; rate = 0.2/type = "relu"/' frozen.cfg >still.cfg
# losses_agree RUN OVERRIDE...
losses_agree() {
    run=$1
    shift
    "$nnrun" -q still.cfg train.optimizer.rate=0 train.epochs=1 "data.validation={$images}" "$@" -o "$run" || return
    grep '"event":"epoch"' "$run/log.jsonl" | tr ',' '\n' | sed -n 's/^"\(validation_\)*loss"://p' >losses
    awk '{ loss[NR] = $1 } END { d = loss[1] - loss[2]; exit !(NR == 2 && d < 1e-6 && d > -1e-6) }' losses
}
check "a frozen batchnorm runs as in evaluation" losses_agree evaluates
expect 1 "and one that is not does not" losses_agree trains network.batchnorm1.frozen=false

refuse_line 3 'batchnorm1.*frozen:.*all layers before it.*"conv1" is not' "a batchnorm behind a layer that learns is refused" \
    "$nnrun" frozen.cfg network.conv1.frozen=false -o refused
refuse_line 3 'all layers that have weights are frozen' "a network that learns nothing is refused" \
    "$nnrun" frozen.cfg network.dense1.frozen=true network.dense2.frozen=true -o refused
refuse_line 3 'the layer has no weights; leave frozen out' "a layer without weights is refused" \
    "$nnrun" frozen.cfg network.relu1.frozen=true -o refused
refuse_line 2 'cannot change in a resumed run' "a resumed run keeps what is frozen" \
    "$nnrun" resume sgd network.conv1.frozen=false
check "a frozen network can be tested" "$nnrun" test -q sgd/best.safetensors \
    data.directory=digits

# ---- rate -------------------------------------------------------------------------------------------------------

every='network.conv1.rate=0.5 network.dense1.rate=0.5'
for rule in sgd adam adamw; do
    decay="train.optimizer={type=\"$rule\"; decay=0.01; rate=RATE;}"
    # shellcheck disable=SC2086 # several words
    check "$rule: half the rate of each layer" \
        "$nnrun" -q whole.cfg "$(echo "$decay" | sed s/RATE/0.02/)" train.clip=0.5 $every -o "half-$rule"
    tap_run "$nnrun" -q whole.cfg "$(echo "$decay" | sed s/RATE/0.01/)" train.clip=0.5 -o "rate-$rule"
    check "$rule: is half the rate of the optimizer" alike "half-$rule/$last" "rate-$rule/$last"
done

step='step-000000001.safetensors'
one_step='train.batch=900 train.groups=2 train.epochs=1 data.validation=0'
for name in common own; do
    own=
    [ $name = common ] || own=network.conv1.rate=0.25
    # shellcheck disable=SC2086
    check "$name rate for a step" "$nnrun" -q whole.cfg $one_step $own -o $name
done
check "a layer's own rate changes its weights" differ common/$step own/$step '"checksum.conv1'
check "and what the optimizer remembers not" alike common/$step own/$step 'momentum'
check "nor the weights of others" alike common/$step own/$step '"checksum.dense1'
refuse_line 3 'relu1.rate=2: the layer has no weights; leave rate out' "a layer without weights has no rate" \
    "$nnrun" whole.cfg network.relu1.rate=2 -o refused
check "dropout's own key rate is meant" "$nnrun" show frozen.cfg --json
says '"name":"dropout1".*"frozen":false,"rate":1.0,?\}?' "and not the factor"
says '"name":"dense1"[^}]*"frozen":false,"rate":0.1' "show tells a layer's rate"
says '"name":"conv1"[^}]*"frozen":true' "and that it is frozen"
says '"learned":[1-9]' "and how much is learned"
tap_end
