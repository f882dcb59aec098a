#!/usr/bin/python3
"""make_reference.py: PyTorch's numbers for our networks, stored for tests/unit_reference.c.

    NNRUN_PLUGIN_PATH=plugins/.libs make_reference.py ./nnrun [NAME...]

For each network, or those named: draws 64 samples, lets nnrun learn a few steps from them, reads its checkpoint, puts the weights
into torch.nn as they are (the names and layouts are PyTorch's own), and writes into NAME.safetensors

    conv1.weight ...               the weights
    logits                         [64][classes]
    evaluated                      [64][classes], where evaluation differs
    observed.batchnorm1.running_mean ...  what the first 16 samples add to the running averages
    gradient.N.conv1.weight ...    of the mean loss of the first N samples; of a large tensor only each so-manieth
                                   number, "every" in the metadata, unless N is all of them
    after.RULE.conv1.weight ...    weights and running averages after STEPS steps by each rule; how the rule is asked
                                   of nnrun stands in the metadata, "rule.RULE": overrides, separated by spaces

PyTorch computes in double precision, so that what differs from its numbers is ours. Only this script needs it:
Debian's python3-torch. The fixtures are read by the reader of checkpoints, so they carry its checksums."""
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import OrderedDict

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES, BATCH, STEPS = 64, 24, 5
SIZES = (16, 37, 64)
EVERY = 11


def chain(*modules):
    """A Sequential whose parts are called as nnrun calls them: type and number."""
    names = {nn.Conv2d: "conv", nn.ReLU: "relu", nn.MaxPool2d: "pool", nn.AvgPool2d: "pool", nn.Linear: "dense",
             nn.Flatten: "flatten", nn.BatchNorm1d: "batchnorm", nn.BatchNorm2d: "batchnorm", nn.Tanh: "tanh",
             TanhGELU: "gelu"}
    count, parts = {}, OrderedDict()
    for module in modules:
        name = names[type(module)]
        count[name] = count.get(name, 0) + 1
        parts[f"{name}{count[name]}"] = module
    return nn.Sequential(parts)


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return x * self.weight.view(-1, 1, 1) + self.bias.view(-1, 1, 1)


class Graph(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
        self.scale1, self.side, self.dense2 = Scale(4), nn.Linear(288, 5), nn.Linear(21, 6)

    def forward(self, x):
        act = nn.functional
        first = torch.tanh(self.conv1(x))
        second = act.elu(self.scale1(first + act.leaky_relu(self.conv2(first), 0.1)), 0.7)
        both = act.silu(act.gelu(torch.cat((second, first), 1)))
        side = torch.sigmoid(self.side(first.flatten(1)))
        return self.dense2(torch.cat((both.amax((2, 3)), both.mean((2, 3)), side), 1))


class TanhGELU(nn.Module):
    def forward(self, x):
        return nn.functional.gelu(x, approximate="tanh")


NETWORKS = {
    "lenet": dict(
        config="../../configs/lenet.cfg", input=(1, 28, 28), classes=10, mean=0.1307, std=0.3081,
        net=lambda: chain(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))),
    "small": dict(
        config="small.cfg", input=(1, 12, 12), classes=10, mean=0.1307, std=0.3081, clip=0.25,
        net=lambda: chain(
            nn.Conv2d(1, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(24, 20), nn.ReLU(), nn.Linear(20, 10))),
    "odd": dict(
        config="odd.cfg", input=(3, 13, 11), classes=7, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.25), clip=0.33,
        net=lambda: chain(
            nn.Conv2d(3, 5, (3, 2), stride=(2, 1), padding=(1, 0), bias=False), nn.ReLU(),
            nn.AvgPool2d(3, stride=2, padding=1), nn.Conv2d(5, 17, 3, padding=1), nn.ReLU(),
            nn.MaxPool2d((3, 2), stride=(1, 2), padding=(1, 0)), nn.Conv2d(17, 9, 1), nn.Flatten(), nn.Linear(72, 7))),
    "vector": dict(
        config="vector.cfg", input=(50,), classes=10, mean=0.5, std=0.25, clip=0.285,
        net=lambda: chain(
            nn.Linear(50, 33), nn.ReLU(), nn.Linear(33, 19, bias=False), nn.ReLU(), nn.Linear(19, 10))),
    "graph": dict(
        config="graph.cfg", input=(2, 9, 8), classes=6, mean=(0.5, 0.4), std=(0.2, 0.3), rules=("sgd", "adam"), net=Graph),
    "norm": dict(
        config="norm.cfg", input=(1, 10, 10), classes=5, mean=0.4, std=0.25, sizes=(16,),
        rules=("sgd", "adam"), batch=16,  # a slice
        loss=nn.functional.binary_cross_entropy_with_logits,
        net=lambda: chain(
            nn.Conv2d(1, 5, 3, bias=False), nn.BatchNorm2d(5), TanhGELU(), nn.AvgPool2d(2),
            nn.Conv2d(5, 6, 3, bias=False), nn.BatchNorm2d(6, eps=0.01, affine=False), nn.ReLU(), nn.Flatten(),
            nn.Linear(24, 8, bias=False), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 5))),
    "regress": dict(
        config="regress.cfg", input=(20,), classes=4, mean=0.5, std=0.25, rules=("sgd", "adam"),
        loss=nn.functional.mse_loss,
        net=lambda: chain(nn.Linear(20, 9), nn.Tanh(), nn.Linear(9, 4))),
}

SGD = dict(type="sgd", rate=0.05, momentum=0.9, decay=0.02)
RULES = {
    "sgd": dict(optimizer=SGD),
    "nesterov": dict(optimizer=dict(SGD, nesterov=True)),
    "adam": dict(optimizer=dict(type="adam", rate=0.002, decay=0.02)),
    "adamw": dict(optimizer=dict(type="adamw", rate=0.002, decay=0.3)),
    "clip": dict(optimizer=SGD),  # and the clip of the network: some steps are clipped, some are not
    "cosine": dict(optimizer=SGD, schedule=dict(type="cosine", warmup=0.5, final=0.1)),
}


# ---- files -----------------------------------------------------------------------------------------------------


def write_idx(path, array):
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB", 0, 0, 8, array.ndim))
        file.write(struct.pack(f">{array.ndim}I", *array.shape))
        file.write(array.astype(numpy.uint8).tobytes())


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header, start = json.loads(data[8:8 + length]), 8 + length
    kinds = {"F32": numpy.float32, "F64": numpy.float64}
    header.pop("__metadata__", None)
    return {name: numpy.frombuffer(data[start:][slice(*at["data_offsets"])], kinds[at["dtype"]]).reshape(at["shape"])
            for name, at in header.items()}


def write_safetensors(path, tensors, metadata):
    """As src/lib/checkpoint/safetensors_format.h says, which see for the checksums."""
    blobs = {name: numpy.ascontiguousarray(tensors[name], numpy.float32) for name in sorted(tensors)}
    metadata = dict(metadata, checksum="0" * 8)
    metadata.update({f"checksum.{name}": f"{zlib.crc32(blob.tobytes()):08x}" for name, blob in blobs.items()})
    header, at = {"__metadata__": dict(sorted(metadata.items()))}, 0
    for name, blob in blobs.items():
        header[name] = {"data_offsets": [at, at + blob.nbytes], "dtype": "F32", "shape": list(blob.shape)}
        at += blob.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    start = struct.pack("<Q", len(text)) + text
    field = b'"checksum":"'
    assert start.count(field) == 1
    start = start.replace(field + b"0" * 8, field + f"{zlib.crc32(start):08x}".encode())
    with open(path, "wb") as file:
        file.write(start)
        for blob in blobs.values():
            file.write(blob.tobytes())


# ---- samples and weights ---------------------------------------------------------------------------------------


def draw_samples(name, spec, seed):
    """Soft blobs with some noise; returns the paths of images and labels, and both as arrays."""
    random = numpy.random.RandomState(seed)
    images = random.uniform(0, 1, (SAMPLES,) + spec["input"])
    for axis in range(1, images.ndim):
        if images.shape[axis] > 3:
            images = (images + numpy.roll(images, 1, axis) + numpy.roll(images, 2, axis)) / 3
    images -= images.min()
    images = numpy.floor(images / images.max() * 255.99).astype(numpy.uint8)
    if spec["input"][0] == 1:
        images = images[:, 0]
    labels = random.randint(0, spec["classes"], SAMPLES).astype(numpy.uint8)
    paths = [os.path.join(HERE, f"{name}-{file}-ubyte") for file in (f"images-idx{images.ndim}", "labels-idx1")]
    write_idx(paths[0], images)
    write_idx(paths[1], labels)
    return paths, images.reshape((SAMPLES,) + spec["input"]), labels


def checkpoint(nnrun, spec, paths):
    """The weights nnrun has after one epoch."""
    with tempfile.TemporaryDirectory() as folder:
        run = os.path.join(folder, "run")
        subprocess.run([nnrun, os.path.join(HERE, spec["config"]), "-q", "-o", run, "train.epochs=1",
                        f"train.batch={BATCH}", "data.validation=0", "data.directory=",
                        f"data.train.images={paths[0]}", f"data.train.labels={paths[1]}"], check=True)
        newest = max(file for file in os.listdir(run) if file.startswith("step-"))
        tensors = read_safetensors(os.path.join(run, newest))
    return {key: value for key, value in tensors.items() if key != "history" and not key.startswith("optimizer.")}


def build(spec, weights, kind):
    net = spec["net"]().to(kind)
    counters = {key: value for key, value in net.state_dict().items() if key.endswith("num_batches_tracked")}
    net.load_state_dict(dict(counters, **{key: torch.tensor(value) for key, value in weights.items()}), strict=True)
    return net


def normalise(spec, images, kind):
    shape = (1, -1) + (1,) * (images.ndim - 2)
    mean, std = (torch.tensor(spec[key], dtype=kind).reshape(shape) for key in ("mean", "std"))
    return (torch.tensor(images).to(kind) / 255 - mean) / std


# ---- the numbers -----------------------------------------------------------------------------------------------


def gradients(net, x, labels, loss=None):
    """Of the cross-entropy, or of a loss against labels made one-hot."""
    net.zero_grad()
    logits = net(x)
    if loss:
        loss(logits, nn.functional.one_hot(labels, logits.shape[1]).to(logits.dtype)).backward()
    else:
        nn.functional.cross_entropy(logits, labels).backward()
    return logits.detach(), {key: value.grad.clone() for key, value in net.named_parameters()}


def optimizer(net, settings):
    weights = [value for value in net.parameters() if value.ndim > 1]
    biases = [value for value in net.parameters() if value.ndim == 1]
    groups = [dict(params=weights, weight_decay=settings["decay"]), dict(params=biases, weight_decay=0)]
    if settings["type"] == "sgd":
        return torch.optim.SGD(groups, settings["rate"], settings["momentum"], nesterov=settings.get("nesterov", False))
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["type"]](groups, settings["rate"])


def factor(schedule, step, steps, epochs):
    if not schedule:
        return 1
    warm = int(schedule["warmup"] * steps + 0.5)
    if step < warm:
        return (step + 1) / warm
    part = (step - warm) / (steps * epochs - warm)
    return schedule["final"] + (1 - schedule["final"]) * (1 + math.cos(math.pi * part)) / 2


def learn(net, x, labels, rule, size, loss):
    """STEPS steps over the samples in their order; the last batch of an epoch may be short."""
    rule_optimizer, norms = optimizer(net, rule["optimizer"]), []
    batches = [slice(i, i + size) for i in range(0, SAMPLES, size)]
    for step in range(STEPS):
        batch = batches[step % len(batches)]
        for group in rule_optimizer.param_groups:
            group["lr"] = rule["optimizer"]["rate"] * factor(rule.get("schedule"), step, len(batches), 2)
        gradients(net, x[batch], labels[batch], loss)
        norms.append(float(nn.utils.clip_grad_norm_(net.parameters(), rule.get("clip", math.inf))))
        rule_optimizer.step()
    return norms


def overrides(rule):
    words = []
    for key, value in rule.items():
        for name, inner in value.items() if isinstance(value, dict) else [("", value)]:
            text = str(inner).lower() if isinstance(inner, bool) else str(inner)
            words.append(f"train.{key}{'.' if name else ''}{name}={text}")
    return " ".join(words)


def thin(size, tensor):
    return tensor.flatten()[::EVERY] if size < SAMPLES and tensor.numel() > 4096 else tensor


def largest_difference(a, b):
    return float((a.double() - b.double()).abs().max() / b.double().abs().max())


def make(nnrun, name, spec, seed):
    paths, images, labels = draw_samples(name, spec, seed)
    weights = checkpoint(nnrun, spec, paths)
    labels = torch.tensor(labels).long()
    x = normalise(spec, images, torch.float64)
    tensors = {key: torch.tensor(value) for key, value in weights.items()}
    metadata = {"steps": str(STEPS), "every": str(EVERY)}
    single, loss, sizes = build(spec, weights, torch.float32), spec.get("loss"), spec.get("sizes", SIZES)
    for size in sizes:
        net = build(spec, weights, torch.float64)
        norms = {key: module for key, module in net.named_modules() if hasattr(module, "running_mean")}
        for module in norms.values():
            module.momentum = 1
        logits, found = gradients(net, x[:size], labels[:size], loss)
        for key, module in norms.items():
            tensors[f"observed.{key}.running_mean"] = module.running_mean
            tensors[f"observed.{key}.running_var"] = module.running_var
        for key, value in found.items():
            tensors[f"gradient.{size}.{key}"] = thin(size, value)
    tensors["logits"] = logits
    if norms:
        tensors["evaluated"] = build(spec, weights, torch.float64).eval()(x).detach()
    singles = gradients(single, normalise(spec, images, torch.float32)[:sizes[-1]], labels[:sizes[-1]], loss)
    print(f"{name}: PyTorch in single precision differs by {largest_difference(singles[0], logits):.1e} in logits, "
          f"{max(largest_difference(singles[1][key], found[key]) for key in found):.1e} in gradients")
    for rule in spec.get("rules", RULES if "clip" in spec else ()):
        settings = RULES[rule]
        if rule == "clip":
            settings = dict(settings, clip=spec["clip"])
        if "batch" in spec:
            settings = dict(settings, batch=spec["batch"])
        net = build(spec, weights, torch.float64)
        norms = learn(net, x, labels, settings, spec.get("batch", BATCH), loss)
        metadata[f"rule.{rule}"] = overrides(settings)
        assert rule != "clip" or min(norms) < spec["clip"] < max(norms), norms
        for key, value in net.state_dict().items():
            if not key.endswith("num_batches_tracked"):
                tensors[f"after.{rule}.{key}"] = value
    write_safetensors(os.path.join(HERE, f"{name}.safetensors"), {key: value.numpy() for key, value in tensors.items()},
                      metadata)


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(NETWORKS):
        sys.exit(__doc__)
    torch.use_deterministic_algorithms(True)
    for seed, (name, spec) in enumerate(NETWORKS.items()):
        if len(sys.argv) == 2 or name in sys.argv[2:]:
            make(os.path.abspath(sys.argv[1]), name, spec, seed)


if __name__ == "__main__":
    main()
