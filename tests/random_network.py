#!/usr/bin/env python3
"""random_network.py SEED FOLDER: writes a config of a random network, of layers that fit each other, with samples to train and test
it, into a new folder: net.cfg, and IDX files. Whole numbers are drawn alone, so that a seed means the same everywhere."""
import gzip
import os
import random
import struct
import sys

SEED, FOLDER = int(sys.argv[1]), sys.argv[2]
MOST_VALUES = 6000  # of a layer's output
TRAINING, TEST = 64, 24
NAMES = ["", "*/", "??/", "\\", "\"", "'", "%s%n", "</script>", "<!--", "]]>", "&lt;", "a,b", "\u00e9", "e\u0301", "\U0001f600",
         "NaN", "null", "-0", "0", "_", "__proto__", "constructor", "#include <x>", "${x}", "\u00ff", "int"]
draw = random.Random(SEED)
layers, shapes = [], {}  # lines; the output of each layer


def number(low, high, digits=2):
    """A real number, as text."""
    scale = 10 ** digits
    return f"{draw.randint(round(low * scale), round(high * scale)) / scale:.{digits}f}"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value_of(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(quoted, value)) + ")"
    return str(value) if isinstance(value, int) or value[:1] in "-0123456789" else quoted(value)


def values(shape):
    product = 1
    for dim in shape:
        product *= dim
    return product


class Trunk:
    """The last layer, and the shape of its output."""

    def __init__(self, shape):
        self.name, self.shape = "input", shape
        shapes["input"] = shape

    def add(self, kind, shape=None, **keys):
        count = len(layers)
        name = draw.choice([f"l{count}", f"x-{count % 3}", f"X_{count % 3}", f"x_{count % 3}"])  # alike as identifiers
        if name in shapes:
            name = f"l{count}"
        if keys.get("inputs") is None:
            keys.pop("inputs", None)
            if self.name != "input" or layers:
                keys["inputs"] = (self.name,)
        layers.append("    { " + " ".join([f'type = "{kind}"; name = "{name}";'] + [f"{key} = {value_of(v)};" for key, v in keys.items()]) + " }")
        self.name, self.shape = name, list(shape or self.shape)
        shapes[name] = self.shape
        return name


def windows(size, least_stride, most_pad):
    """Kernel, stride and pad of windows over such rows and columns, as keys, and what is left; None: they do not fit."""
    both = draw.random() < 0.4

    def pair(low, high):
        first = draw.randint(low, high)
        return [first, first if both else draw.randint(low, high)]

    kernel, stride = pair(1, draw.choice([3, 5, 7])), pair(least_stride, draw.choice([1, 2, 4]))
    pad = [draw.randint(0, most_pad(k)) for k in kernel]
    if both:
        pad = [min(pad)] * 2
    step = [s or k for s, k in zip(stride, kernel)]
    left = [(n + 2 * p - k) // s + 1 if n + 2 * p >= k else 0 for n, k, s, p in zip(size, kernel, step, pad)]
    shown = [p[0] if both and draw.random() < 0.5 else p for p in (kernel, stride, pad)]
    return dict(zip(("kernel", "stride", "pad"), shown)), left


def add_conv(trunk):
    keys, left = windows(trunk.shape[-2:], 1, lambda k: draw.choice([0, k // 2, k // 2, k]))
    filters = draw.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17, 20, 33])
    if min(left) < 1 or filters * values(left) > MOST_VALUES:
        return
    trunk.add("conv", [filters] + left, filters=filters, bias=draw.random() < 0.7, init=draw.choice(["torch", "he", "xavier"]), **keys)


def add_pool(trunk):
    keys, left = windows(trunk.shape[-2:], 0, lambda k: k // 2)
    if min(left) >= 1:
        trunk.add("pool", trunk.shape[:-2] + left, mode=draw.choice(["max", "average"]), **keys)


def add_dense(trunk):
    units = draw.choice([1, 2, 5, 10, 31, 63, 64, 65, 100, 129])
    trunk.add("dense", [units], units=units, bias=draw.random() < 0.7, init=draw.choice(["torch", "he", "xavier"]))


def add_simple(trunk):
    kind = draw.choice(["relu", "tanh", "sigmoid", "swish", "dropout", "logistic", "mse", "softmax", "gelu", "elu", "leaky_relu", "batchnorm",
                        "scale"])
    keys = {"gelu": {"approximate": draw.choice(["none", "tanh"])}, "elu": {"alpha": number(0.1, 2)}, "leaky_relu": {"slope": number(0.01, 0.9)},
            "scale": {"bias": draw.random() < 0.5}, "dropout": {"rate": number(0, 0.9)},
            "batchnorm": {"affine": draw.random() < 0.5, "eps": draw.choice(["1e-5", "1e-2"]), "momentum": number(0.1, 1)}}
    trunk.add(kind, **(keys.get(kind, {}) if draw.random() < 0.7 else {}))


def add_sum(trunk):
    for _ in range(draw.randint(0, 2)):
        add_simple(trunk)
    alike = [name for name, shape in shapes.items() if shape == trunk.shape]
    inputs = [draw.choice(alike) for _ in range(draw.randint(2, 4))]
    trunk.add("add", inputs=tuple(inputs if trunk.name in inputs else inputs + [trunk.name]))


def add_concat(trunk):
    axis = draw.randint(0, len(trunk.shape) - 1)
    fit = [name for name, shape in shapes.items() if len(shape) == len(trunk.shape) and
           all(i == axis or n == trunk.shape[i] for i, n in enumerate(shape))]
    inputs = [trunk.name] + [draw.choice(fit) for _ in range(draw.randint(1, 3))]
    draw.shuffle(inputs)
    joined = list(trunk.shape)
    joined[axis] = sum(shapes[name][axis] for name in inputs)
    if values(joined) <= MOST_VALUES:
        trunk.add("concat", joined, inputs=tuple(inputs), axis=axis)


def add_flat(trunk):
    if draw.random() < 0.5 or len(trunk.shape) < 2:
        trunk.add("flatten", [values(trunk.shape)])
    else:
        trunk.add("global_pool", [trunk.shape[0] if len(trunk.shape) == 3 else 1], mode=draw.choice(["max", "average"]))


def body(trunk):
    for _ in range(draw.randint(2, 8)):
        of_pictures = [add_conv] * 4 + [add_pool] * 3 if len(trunk.shape) > 1 else []
        last = draw.choice([[], [], [add_dense], [add_flat, add_flat]])  # of pictures
        draw.choice(of_pictures + [add_simple] * 3 + [add_sum, add_concat] + last)(trunk)


def head(trunk):
    """The end of the network: what it learns by, its outputs, and whether each has a label of its own."""
    end = draw.choice(["softmax", "softmax", "logistic", "mse"])
    count = draw.randint(1 if end != "softmax" else 2, 12)
    if not (2 <= values(trunk.shape) <= 12 and draw.random() < 0.5):
        trunk.add("dense", [count], units=count)
    count = values(trunk.shape)
    trunk.add(end)
    return end, count, end != "softmax" and (count > 1 and draw.random() < 0.5)


# ---- samples -----------------------------------------------------------------------------------------------

def write_idx(name, kind, dims, data):
    with gzip.GzipFile(os.path.join(FOLDER, name), "wb", mtime=0) as file:
        file.write(struct.pack(f">BBBB{len(dims)}I", 0, 0, kind, len(dims), *dims) + data)


def write_samples(name, count, shape, spread):
    if spread is None:
        write_idx(name, 8, [count] + shape, bytes(draw.randint(0, 255) if draw.random() < 0.6 else 0 for _ in range(count * values(shape))))
        return
    far, wide = spread
    numbers = [far + wide * (draw.randint(-2000, 2000) / 1000) for _ in range(count * values(shape))]
    write_idx(name, 13, [count] + shape, struct.pack(f">{len(numbers)}f", *numbers))


def write_labels(name, count, end, outputs, each):
    most = 255 if end == "mse" and each else 1 if each or outputs == 1 else outputs - 1
    dims = [count, outputs] if each else [count]
    write_idx(name, 8, dims, bytes(draw.randint(0, most) for _ in range(values(dims))))


def scaling(pixels, channels):
    """Keys of data that say how values enter the network."""
    kind = draw.choice(["none", "train", "one", "each"])
    if kind == "train":
        return 'normalize = "train";'
    count = channels if kind == "each" and channels <= 16 else 1
    mean, std = ([number(low, high) for _ in range(count)] for low, high in ((-1, 1), (0.1, 2)))
    return "" if kind == "none" else f"mean = {value_of(mean)}; std = {value_of(std)};"


def main():
    side = draw.choice([7, 12, 17, 40])
    shape = draw.choice([[draw.randint(1, 40)], [draw.randint(1, side), draw.randint(1, side)]] +
                        3 * [[draw.randint(1, 3), draw.randint(3, side), draw.randint(3, side)]])
    pixels = draw.random() < 0.5
    trunk = Trunk(shape)
    body(trunk)
    end, outputs, each = head(trunk)
    os.makedirs(FOLDER)
    features = 1 if pixels and len(shape) == 1 or len(shape) == 2 else shape[0]
    normal = scaling(pixels, features)
    far = [(0, 1000), (100, 1), (1e5, 10)] if "train" in normal else []  # else sums of large numbers leave nothing but roundings
    spread = draw.choice([(0, 1), (0, 1), (0, 1e-3), (-1, 0.5)] + far)
    kind = "ubyte" if pixels else "float"
    for part, count in ("train", TRAINING), ("test", TEST):
        write_samples(f"{part}-samples-{kind}.gz", count, shape, None if pixels else spread)
        write_labels(f"{part}-labels.gz", count, end, outputs, each)
    data = [f'{part}: {{ images = "{part}-samples-{kind}.gz"; labels = "{part}-labels.gz"; }};' for part in ("train", "test")]
    data.append("validation = 16;")
    data += [] if pixels else ['values = "numbers";']
    data.append(normal)
    if outputs > 1 and draw.random() < 0.5:
        data.append("classes = (" + ", ".join(quoted(name or "x") for name in draw.sample(NAMES[1:], outputs)) + ");")
    name = draw.choice(["net", "7 up", "\\", "a??)", "\u202e", "int", "*", "-->", "%d"])
    with open(os.path.join(FOLDER, "net.cfg"), "w", encoding="utf-8") as file:
        file.write(f"name = {quoted(name)};\ninput = {value_of(shape)};\ndata: {{ {' '.join(data)} }};\n")
        file.write("network = (\n" + ",\n".join(layers) + " );\n")
        file.write("train: { epochs = 2; batch = 16; clip = 1.0; optimizer: { rate = 0.01; momentum = 0.9; }; };\noutput: { report = false; };\n")


main()
