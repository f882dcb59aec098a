#!/usr/bin/env python3
"""onnx_networks.py SEED: a config of a random network for 28x28 pictures, of layers that fit each other."""
import random
import sys

seed = int(sys.argv[1])
draw = random.Random(seed)
layers = []


def add(kind, **keys):
    """Adds a layer and returns its name."""
    name = f"l{len(layers)}"
    words = [f'type = "{kind}"; name = "{name}";']
    for key, value in keys.items():
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, (list, tuple)):
            left, right = ("(", ")") if isinstance(value[0], str) else ("[", "]")
            value = left + ", ".join(f'"{v}"' if isinstance(v, str) else str(v) for v in value) + right
        elif isinstance(value, str):
            value = f'"{value}"'
        words.append(f"{key} = {value};")
    layers.append("    { " + " ".join(words) + " }")
    return name


def simple():
    """A layer that keeps the shape."""
    return add(*draw.choice([("relu",), ("tanh",), ("sigmoid",), ("swish",), ("batchnorm",), ("scale",), ("dropout",),
                             ("logistic",), ("mse",), ("gelu",), ("elu",), ("leaky_relu",)]))


def bent():
    """One with settings."""
    kind = draw.choice(["gelu", "elu", "leaky_relu", "batchnorm", "scale"])
    keys = {"gelu": {"approximate": draw.choice(["none", "tanh"])}, "elu": {"alpha": draw.choice([0.5, 1.5])},
            "leaky_relu": {"slope": draw.choice([0.25, 0.01])}, "scale": {"bias": draw.random() < 0.5},
            "batchnorm": {"affine": draw.random() < 0.5, "eps": draw.choice([1e-5, 1e-2])}}[kind]
    return add(kind, **keys)


def pair(low, high):
    return [draw.randint(low, high), draw.randint(low, high)]


def windows(size, most_pad):
    """Kernel, stride and pad of windows in a picture of that size, and what is left of it."""
    kernel, stride = pair(1, min(5, min(size))), pair(1, 2)
    pad = [draw.randint(0, most_pad(k)) for k in kernel]
    return kernel, stride, pad, [(n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, pad)]


size = [28, 28]
channels = draw.choice([0, 1])  # 0: a matrix, which is one channel
source = [1, 28, 28] if channels else [28, 28]
for _ in range(draw.randint(2, 4)):
    kind = draw.choice(["conv", "conv", "pool", "simple", "sum", "concat"])
    if kind == "conv":
        kernel, stride, pad, size = windows(size, lambda k: 2)
        channels = draw.randint(1, 7)
        add("conv", filters=channels, kernel=kernel, stride=stride, pad=pad, bias=draw.random() < 0.7, init="he")
    elif kind == "pool":
        kernel, stride, pad, size = windows(size, lambda k: k // 2)
        add("pool", kernel=kernel, stride=stride, pad=pad, mode=draw.choice(["max", "average"]))
    else:
        trunk = simple()
        if kind == "sum":
            branch = bent()
            add("add", inputs=(trunk, branch, trunk))
        elif kind == "concat":
            axis = draw.randint(0, 1)
            branch = bent()
            add("concat", inputs=(trunk, branch), axis=axis)
            if axis == 0 and channels:
                channels *= 2
            elif channels:
                size = [2 * size[0], size[1]]
            else:
                size = [2 * size[0], size[1]] if axis == 0 else [size[0], 2 * size[1]]
    bent()
if draw.random() < 0.3 and channels > 2:
    add("global_pool", mode=draw.choice(["max", "average"]))
elif draw.random() < 0.5:
    add("flatten")
add("dense", units=draw.randint(5, 40), bias=draw.random() < 0.7, init="he")
simple()
bent()
add("dense", units=10)
add("softmax")

print(f'name = "random-{seed}";')
print(f"input = {source};")
print('data: { directory = "digits"; validation = 50; };')
print("network = (\n" + ",\n".join(layers) + "\n);")
print("train: { epochs = 1; batch = 32; optimizer: { rate = 0.01; momentum = 0.9; }; };")
print("output: { report = false; };")
