#!/usr/bin/env python3
"""onnx_cases.py FOLDER [--table]: the cases of ONNX's own tests of single operators (Debian's libonnx-testdata), for those
operators that layers describe themselves by, as text for onnx_cases.c; with --table those that are left out, and why.

The text of a case: "case NAME", a line "x" or "constant" with rank, dimensions and numbers for each input ("none": it is left
out), "operator TYPE", "int NAME VALUE", "ints NAME COUNT VALUES" or "real NAME VALUE" for each attribute, "samples N" and a
line "y" with rank, dimensions and numbers. The first dimension is the samples where the operator knows of samples; else all
of the first input is one sample, and the other inputs are constants."""
import glob
import os
import sys

import numpy
import onnx
from onnx import numpy_helper

WHOLE = set("Abs Add Clip Div Elu Erf Exp HardSigmoid Identity LeakyRelu Log Max Min Mul Neg Pow PRelu Reciprocal Relu "
            "Selu Sigmoid Softplus Softsign Sqrt Sub Sum Tanh".split())
SAMPLES = set("AveragePool BatchNormalization Concat Conv Flatten Gemm GlobalAveragePool GlobalMaxPool LRN MaxPool Reshape "
              "Softmax".split())
PICTURES = set("AveragePool Conv GlobalAveragePool GlobalMaxPool LRN MaxPool".split())


def load(path):
    with open(path, "rb") as file:
        tensor = onnx.TensorProto()
        tensor.ParseFromString(file.read())
        return numpy_helper.to_array(tensor)


def tensors(folder, node):
    """The inputs, None for one that is left out, and the first output."""
    data = os.path.join(folder, "test_data_set_0")
    given = iter(sorted(glob.glob(data + "/input_*.pb"), key=lambda name: int(name.rsplit("_", 1)[1][:-3])))
    return [load(next(given)) if name else None for name in node.input], load(data + "/output_0.pb")


def reason(node, inputs, output, attributes):
    """Why nnrun cannot have the case; None: it can."""
    kind, x = node.op_type, inputs[0]
    if any(t is not None and t.dtype != numpy.float32 for t in inputs[:1]) or output.dtype != numpy.float32:
        return "numbers that are not floats"
    if not all(t is not None for t in inputs[:1]) or (x.size == 0 or output.size == 0):
        return "no values"
    if attributes.get("auto_pad", "NOTSET") != "NOTSET":
        return "auto_pad: padding is written out"
    if attributes.get("ceil_mode"):
        return "ceil_mode: sizes are rounded down"
    if attributes.get("training_mode"):
        return "training_mode: what leaves does not learn"
    if attributes.get("storage_order") or len([name for name in node.output if name]) > 1:
        return "several outputs: where the largest was is not kept"
    if kind in PICTURES and x.ndim != 4:
        return f"{x.ndim - 2} dimensions: pictures have two"
    if kind == "Gemm" and attributes.get("transA"):
        return "transA: samples are rows"
    if kind == "Gemm" and len(inputs) > 2 and inputs[2].size not in (1, output.shape[1]):
        return "a bias for each sample"
    if kind in ("Concat", "Softmax") and attributes.get("axis", -1) % max(x.ndim, 1) == 0:
        return "an axis that is the samples"
    if kind == "Flatten" and attributes.get("axis", 1) % x.ndim != 1:
        return "an axis other than the first of a sample"
    if kind == "Reshape" and (attributes.get("allowzero") or output.shape[0] != x.shape[0] or output.ndim < 2):
        return "samples that change in number"
    if kind == "Concat" and len({id(t) for t in inputs}) > 1:
        return None
    if output.ndim > 7 or x.ndim > 7:
        return "more than 7 dimensions"
    if kind in WHOLE and kind != "Clip" and any(t.ndim > x.ndim for t in inputs[1:]):
        return "a constant with more dimensions than the sample"
    return None


def line(word, tensor):
    shape = tensor.shape
    print(word, len(shape), *shape, *(repr(float(v)) for v in tensor.astype(numpy.float64).ravel()))


def attribute_lines(kind, attributes, output, inputs):
    for name, value in attributes.items():
        if name in ("auto_pad", "ceil_mode", "training_mode", "storage_order", "momentum", "allowzero") or (
                kind == "Flatten" and name == "axis") or (kind == "Gemm" and name == "transA"):
            continue
        if isinstance(value, float):
            print("real", name, repr(value))
        elif isinstance(value, int):
            print("int", name, value)
        else:
            print("ints", name, len(value), *value)
    if kind == "Conv" and "kernel_shape" not in attributes:
        print("ints kernel_shape 2", *inputs[1].shape[2:])
    if kind == "Reshape":
        print("ints shape", output.ndim, 0, *output.shape[1:])


def bias_of(tensor, outputs):
    return numpy.broadcast_to(tensor.reshape(-1), (outputs,)).astype(numpy.float32)


def write(name, node, inputs, output, attributes):
    kind = node.op_type
    print("case", name)
    if kind == "Reshape":
        inputs = inputs[:1]
    if kind == "Gemm" and len(inputs) > 2:
        inputs = [*inputs[:2], bias_of(inputs[2], output.shape[1])]
    for i, tensor in enumerate(inputs):
        sample = i == 0 or kind == "Concat"
        if tensor is None:
            print("none")
        elif sample and kind in SAMPLES:
            line("x", tensor)
        elif sample:
            line("x", tensor[None])
        else:
            line("constant", tensor)
    print("operator", kind)
    attribute_lines(kind, attributes, output, inputs)
    line("y", output if kind in SAMPLES else output[None])


table = "--table" in sys.argv
for folder in sorted(glob.glob(os.path.join(sys.argv[1], "test_*"))):
    graph = onnx.load(folder + "/model.onnx").graph
    if len(graph.node) != 1 or graph.node[0].op_type not in WHOLE | SAMPLES:
        continue
    node = graph.node[0]
    found = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    found = {key: value.decode() if isinstance(value, bytes) else value for key, value in found.items()}
    if all(value.type.HasField("tensor_type") for value in [*graph.input, *graph.output]):
        given, wanted = tensors(folder, node)
        why = reason(node, given, wanted, found)
    else:
        why = "a sequence or an optional value"
    if table and why:
        print(f"{os.path.basename(folder)[5:]}: {why}")
    elif not table and not why:
        write(os.path.basename(folder)[5:], node, given, wanted, found)
