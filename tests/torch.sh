#!/bin/sh
# torch.sh: PyTorch reads a checkpoint as nnrun(1) shows, and its network gives the same answers.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
same_answers="PyTorch gives the answers of nnrun with the weights of a checkpoint"
if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import torch' 2>/dev/null; then
    skip "$same_answers" "no PyTorch"
    tap_end
    exit
fi
digits 600 100
"$nnrun" "$NNRUN_SOURCE/configs/lenet.cfg" data.directory=digits data.validation=100 train.epochs=2 -q -o run || exit 99
images=digits/t10k-images-idx3-ubyte.gz
"$nnrun" predict -q run/best.safetensors $images | sed -n 's/^.*\]: \([0-9]*\).*/\1/p' | head -n 10 >wanted
answers() {
    python3 "$NNRUN_SOURCE/examples/torch_lenet.py" run/best.safetensors $images | tr -d '[] ' | tr , '\n' >given &&
        test "$(sort -u wanted | wc -l)" -gt 2 && diff wanted given
}
check "$same_answers" answers

# The other way round: a state_dict of PyTorch, with a prefix and numbers for names, as nnrun reads it.
cat >other.cfg <<'EOF'
name = "other"; input = [1, 28, 28];
data: { directory = "digits"; validation = 100; };
network = (
    { type = "conv"; filters = 3; kernel = 5; stride = 2; from = "features.0"; frozen = true; },
    { type = "batchnorm"; from = "features.1"; frozen = true; },
    { type = "relu"; },
    { type = "pool"; kernel = 2; },
    { type = "dense"; units = 10; from = "head"; },
    { type = "softmax"; }
);
train: { epochs = 1; optimizer: { rate = 0.0; }; from = "other.safetensors"; from_prefix = "module."; from_strict = true; };
EOF
cat >other.py <<'EOF'
import gzip, json, struct, sys
import torch

torch.manual_seed(3)
net = torch.nn.ModuleDict(
    {
        "features": torch.nn.Sequential(
            torch.nn.Conv2d(1, 3, 5, stride=2), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.MaxPool2d(2)
        ),
        "head": torch.nn.Linear(3 * 6 * 6, 10),
    }
)
net["features"][1].running_mean.uniform_(-0.2, 0.2)
net["features"][1].running_var.uniform_(0.5, 2)
header, data = {}, b""
for name, tensor in net.state_dict().items():
    flat = tensor.reshape(-1).tolist()
    kind, code = ("I64", "q") if tensor.dtype == torch.int64 else ("F32", "f")
    more = struct.pack("<%d%s" % (len(flat), code), *flat)
    header["module." + name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(more)]}
    data += more
text = json.dumps(header).encode()
open("other.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
net.eval()
pixels = bytearray(gzip.open(sys.argv[1]).read()[16:])
x = torch.frombuffer(pixels, dtype=torch.uint8).float().reshape(-1, 1, 28, 28) / 255
labels = torch.frombuffer(bytearray(gzip.open(sys.argv[2]).read()[8:]), dtype=torch.uint8).long()
y = net["head"](torch.flatten(net["features"](x), 1))
print("%.9f" % torch.nn.functional.cross_entropy(y, labels).item())
EOF
losses_agree() {
    python3 other.py $images digits/t10k-labels-idx1-ubyte.gz >losses && "$nnrun" -q other.cfg -o other &&
        "$nnrun" test --json other/best.safetensors data.directory=digits | sed -n 's/.*"loss":\([0-9.e-]*\).*/\1/p' >>losses &&
        awk '{ loss[NR] = $1 } END { d = loss[1] - loss[2]; exit !(NR == 2 && d < 1e-5 && d > -1e-5) }' losses
}
check "nnrun gives the answers of PyTorch with the weights of its state_dict" losses_agree
tap_end
