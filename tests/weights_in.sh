#!/bin/sh
# weights_in.sh: a run begins with the weights of a file, as train.from and its table say.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"

digits 900 100
small_config first.cfg
sed -i 's/schedule: { type = "cosine"; };//; s/"relu"; }/"relu"; }, { type = "batchnorm"; }/' first.cfg
zero=step-000000000.safetensors
last=step-000000032.safetensors
"$nnrun" -q first.cfg -o first || exit 99

# weights.py IN OUT FORM: the weights of a checkpoint as another program writes them
cat >weights.py <<'EOF2'
import json, struct, sys

source, target, form = sys.argv[1:4]
whole = open(source, "rb").read()
length = struct.unpack("<Q", whole[:8])[0]
header = json.loads(whole[8 : 8 + length])
header.pop("__metadata__")
names = {"conv1": "features.0", "batchnorm1": "features.2", "dense1": "classifier"}
out, data = {}, b""


def add(name, dtype, shape, more):
    global data
    out[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(more)]}
    data += more


def packed(values):
    if form == "half":
        return "F16", struct.pack("<%de" % len(values), *values)
    if form == "brain":
        return "BF16", b"".join(struct.pack("<f", value)[2:] for value in values)
    if form == "double":
        return "F64", struct.pack("<%dd" % len(values), *values)
    return "F32", struct.pack("<%df" % len(values), *values)


if form != "plain":
    add("module.odd", "U8", [1], b"\1")  # what follows is not aligned
for name, tensor in header.items():
    if name == "history" or name.startswith("optimizer."):
        continue
    begin, end = tensor["data_offsets"]
    bytes_ = whole[8 + length + begin : 8 + length + end]
    values = list(struct.unpack("<%df" % (len(bytes_) // 4), bytes_))
    if form == "nan" and name == "conv1.bias":
        values[1] = float("nan")
    layer, own = name.split(".")
    add(name if form == "plain" else "module.%s.%s" % (names[layer], own), packed(values)[0], tensor["shape"], packed(values)[1])
if form != "plain":
    add("module.features.2.num_batches_tracked", "I64", [], struct.pack("<q", 7))
text = json.dumps(out).encode() + b" " * (form != "plain")
open(target, "wb").write(struct.pack("<Q", len(text)) + text + data)
EOF2
for form in plain single half brain double nan; do
    python3 weights.py first/$last $form.safetensors $form || exit 99
done
named='network.conv1.from=features.0 network.batchnorm1.from=features.2 network.dense1.from=classifier train.from_prefix=module.'

# sums FILE PATTERN: the checksums of its tensors whose names have the pattern
sums() {
    head -c 262144 "$1" | LC_ALL=C grep -ao '"checksum\.[^,}]*' | grep -v 'history\|optimizer' | grep -- "${2-}"
}
alike() {
    sums "$1" "${3-}" >these && sums "$2" "${3-}" | diff these - && [ -s these ]
}
differ() {
    sums "$1" "$3" >these && sums "$2" "$3" >those && ! cmp -s these those
}
has_hash() {
    hash=$(sha256sum <"$1") && grep -aqF "\"from_sha256\":\"${hash%% *}\"" "$2"
}

# ---- where from -------------------------------------------------------------------------------------------------

check "weights come from a checkpoint" "$nnrun" first.cfg train.from=first/$last -o checkpoint
says '^weights from first/step-000000032.safetensors: 8 of 8 tensors fit$' "all of them, says a table"
says '^  conv1.weight +fits$' "with a line for each"
check "they have its bits" alike first/$last checkpoint/$zero
check "its SHA-256 is in the first checkpoint" has_hash first/$last checkpoint/$zero
check "and in the last" has_hash first/$last checkpoint/$last
check "and in the log is the table" grep -q '"event":"weights","step":0,"file":"first/step-000000032.safetensors".*"fit":8' checkpoint/log.jsonl

check "weights come from a file of another program" "$nnrun" -q first.cfg train.from=plain.safetensors -o plain
check "with their bits" alike first/$last plain/$zero
# shellcheck disable=SC2086 # several words
check "under other names, not aligned" "$nnrun" first.cfg $named train.from=single.safetensors -o single
says '^  batchnorm1.running_var +fits \("module.features.2.running_var"\)$' "the table has both names"
says '^  not used: module.features.2.num_batches_tracked, module.odd$' "and what is not used"
check "with their bits" alike first/$last single/$zero
mkdir below && mv plain.safetensors below && sed 's/epochs = 2/& ; from = "plain.safetensors"/' first.cfg >below/below.cfg
check "a path in a config is relative to it" "$nnrun" -q below/below.cfg data.directory=digits -o below/run
check "and names that file" alike first/$last below/run/$zero
for form in half brain; do
    # shellcheck disable=SC2086
    check "$form: 16-bit floats" "$nnrun" -q first.cfg $named train.from=$form.safetensors train.from_strict=true -o $form
    check "$form: nearly all that was learned is there" "$nnrun" test $form/$zero data.directory=digits
    sed -n 's/.*: \([0-9]*\)\.[0-9]* % right.*/\1/p' "$tap_out" >right
    check "$form: as before" test "$(cat right)" -ge 60
done

# ---- what does not fit ------------------------------------------------------------------------------------------

check "another number of classes" "$nnrun" first.cfg train.from=first/$last network.dense1.units=12 -o more
says '^weights from .*: 6 of 8 tensors fit$' "lets the rest fit"
says '^  dense1.weight +is 10x108 there, not 12x108$' "and says what is there"
check "what fits has its bits" alike first/$last more/$zero 'conv1\|batchnorm1'
tap_run "$nnrun" -q first.cfg network.dense1.units=12 -o initial
check "what does not has its initial ones" alike initial/$zero more/$zero dense1
check "a layer that the file lacks" "$nnrun" first.cfg --json train.from=first/$last 'network.dense1.from="head"' -o lacks
says '"name":"dense1.bias","shape":\[10\],"found":"missing","wanted":"head.bias","there":null' "is missing in JSON, too"
says '"unused":\[\{"name":"dense1.bias","dtype":"F32","shape":\[10\]\}' "as is what nobody asks for"
refuse_line 4 'train.from_strict is set: tensor dense1.weight is 10x108 there, not 12x108' "train.from_strict refuses that" \
    "$nnrun" first.cfg train.from=first/$last train.from_strict=true network.dense1.units=12 -o refused
refuse_line 4 'a frozen layer would keep its random weights: tensor dense1.weight is missing' "so does a frozen layer" \
    "$nnrun" first.cfg train.from=first/$last network.dense1.frozen=true 'network.dense1.from="head"' -o refused
# shellcheck disable=SC2086
refuse_line 4 'none of its tensors fits the network: tensor conv1.weight is F64 there; F32, F16 or BF16 is expected' \
    "doubles are named and refused" "$nnrun" first.cfg $named train.from=double.safetensors -o refused
# shellcheck disable=SC2086
refuse_line 4 'number 1 .* of tensor module.features.0.bias is NaN or infinite' "so is NaN" \
    "$nnrun" first.cfg $named train.from=nan.safetensors -o refused
refuse_line 4 'none of its tensors .*"conv1.weight"; its first is "module.classifier.bias".*from = "features.0"' \
    "other names alone are not guessed" "$nnrun" first.cfg train.from=single.safetensors -o refused
# shellcheck disable=SC2086
refuse_line 4 'write train.from_prefix = "module."' "a prefix is told" \
    "$nnrun" first.cfg $named train.from_prefix='""' train.from=single.safetensors -o refused
refuse_line 4 'leave train.from_prefix out' "also one that is too much" \
    "$nnrun" first.cfg train.from_prefix=module. train.from=first/$last -o refused
head -c 1000 first/$last >torn
for key in from_strict=true from_prefix=module.; do
    refuse_line 3 "train.${key%%=*}.*is about the file that train.from names, and it names none" "${key%%=*} is nothing without a file" \
        "$nnrun" first.cfg train.$key -o refused
done
# A file of 400 MB, nearly all of which is not for this network.
python3 - <<'EOF2' || exit 99
import json, struct

whole = open("below/plain.safetensors", "rb").read()
(length,) = struct.unpack("<Q", whole[:8])
header, more = json.loads(whole[8 : 8 + length]), 400 << 20
end = len(whole) - 8 - length
header["embedding"] = {"dtype": "I8", "shape": [more], "data_offsets": [end, end + more]}
text = json.dumps(header).encode()
with open("large.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + whole[8 + length :])
    file.truncate(8 + len(text) + end + more)
EOF2
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "a large file is not held in memory" "a sanitizer takes more"
else
    check "a large file is not held in memory" "$NNRUN_BUILD/tests/peak_memory" 131072 \
        "$nnrun" -q first.cfg train.from=large.safetensors train.epochs=1 -o large
    check "its hash is that of all of it" has_hash large.safetensors large/best.safetensors
fi
refuse_line 4 '^nnrun: torn' "a torn file is refused" "$nnrun" first.cfg train.from=torn -o refused
refuse_line 4 't10k-images-idx3-ubyte.gz is .*gzip.*a checkpoint .* is expected' "a file of another kind is named" \
    "$nnrun" first.cfg train.from=digits/t10k-images-idx3-ubyte.gz -o refused
python3 -c 'import random, sys; random.seed(1); sys.stdout.buffer.write(random.randbytes(700000))' | gzip -1n >large.gz
refuse_line 4 'large.gz is .*gzip.*a checkpoint .* is expected' "however long it is" "$nnrun" first.cfg train.from=large.gz -o refused
refuse_line 4 'no-such: No such file' "a file that is not there, too" "$nnrun" first.cfg train.from=no-such -o refused
check "none of these left a run folder" test ! -e refused

# ---- resumed ----------------------------------------------------------------------------------------------------

check "half of a run" "$nnrun" -q first.cfg train.from=below/plain.safetensors train.epochs=1 -o resumed
mv below/plain.safetensors gone
check "continues without the file" "$nnrun" -q resume resumed train.epochs=2
check "to the same bits" alike plain/$last resumed/$last
check "with the table in its log" grep -q '"event":"weights"' resumed/log.jsonl
check "and keeps its SHA-256" has_hash gone resumed/$last
refuse_line 2 'has its weights already, and does not read a file again' "another file is refused" \
    "$nnrun" resume resumed train.from=gone
check "by three threads" "$nnrun" -q first.cfg train.from=gone --threads 3 -o three
same "the bits are the same" plain/$last three/$last

# Killed before the first checkpoint is there, the run begins again; after it, resuming reads the file no more.
killed_begins() {
    at=0
    while at=$((at + 1)) && rm -rf killed struck &&
        FAULT_CALL=write,fsync,rename FAULT_AT=$at FAULT_KILL=1 FAULT_MARK=struck LD_PRELOAD="$NNRUN_BUILD/tests/.libs/fault.so" \
            "$nnrun" -q first.cfg train.from=gone train.epochs=1 -o killed 2>/dev/null; [ -e struck ]; do
        if "$nnrun" -q resume killed 2>/dev/null; then
            echo resumed
        else
            "$nnrun" -q first.cfg train.from=gone train.epochs=1 -o killed || return 1
            echo begun
        fi
        [ "$(grep -c '"event":"weights"' killed/log.jsonl)" -eq 1 ] && alike resumed-once/best.safetensors killed/best.safetensors || return 1
    done >killed-cases
    grep -q begun killed-cases && grep -q resumed killed-cases
}
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "killed at any call, a run has its weights, and its log the table" "not with a sanitizer"
else
    "$nnrun" -q first.cfg train.from=gone train.epochs=1 -o resumed-once || exit 99
    check "killed at any call, a run has its weights, and its log the table" killed_begins
fi

# Fine-tuning: what is frozen keeps the file's bits, the rest learns.
check "some layers may be frozen" "$nnrun" -q first.cfg train.from=gone network.conv1.frozen=true \
    network.batchnorm1.frozen=true network.dense1.rate=0.1 -o tuned
check "they keep the bits of the file" alike first/$last tuned/$last 'conv1\|batchnorm1'
check "and the rest learns" differ first/$last tuned/$last dense1
tap_end
