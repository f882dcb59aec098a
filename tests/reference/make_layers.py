#!/usr/bin/python3
"""make_layers.py: PyTorch's numbers for each layer alone, stored for tests/unit_reference_layers.c.

    make_layers.py

Writes layers.safetensors beside itself: for each case, 16 samples in double precision, first dimension the sample:

    CASE.x0, CASE.x1 ...       inputs
    CASE.w.weight ...          weights and running averages
    CASE.y                     output, in training
    CASE.dy                    a gradient by it, and what comes of it:
    CASE.dx0 ...               by the inputs
    CASE.dw.weight ...         by the weights, summed over the samples
    CASE.observed.running_mean ...  what the samples add to the running averages
    CASE.evaluated             output in evaluation, where that differs
    CASE.random                dropout's random words, of each sample and value
    CASE.target, CASE.loss, CASE.dloss0   of a loss: one number a sample, and its gradient by the input

The metadata's "cases" lists them: CASE:TYPE:KEY=NUMBER,KEY=NUMBER, separated by spaces; a choice by its index."""
import os
import sys

import numpy
import torch
from torch import nn

sys.dont_write_bytecode = True
from make_reference import HERE, Scale, TanhGELU, write_safetensors

functional = nn.functional
SAMPLES = 16
AREA = (2, 3, 4)


class Function(nn.Module):
    """A function of one or several inputs as a module without weights."""

    def __init__(self, function):
        super().__init__()
        self.forward = function


class Weight(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return x * self.weight.view(-1, 1, 1)


class Flat(nn.Module):
    """A dense layer that flattens as ours does."""

    def __init__(self, *size, **settings):
        super().__init__()
        linear = nn.Linear(*size, **settings)
        self.weight, self.bias = linear.weight, linear.bias

    def forward(self, x):
        return functional.linear(x.flatten(1), self.weight, self.bias)


def function(f):
    return lambda: Function(f)


# case: (type, settings, shapes of a sample, module)
CASES = {
    "relu": ("relu", "", [AREA], nn.ReLU),
    "leaky_relu": ("leaky_relu", "", [AREA], nn.LeakyReLU),
    "leaky_relu-slope": ("leaky_relu", "slope=0.3", [(9,)], lambda: nn.LeakyReLU(0.3)),
    "elu": ("elu", "", [AREA], nn.ELU),
    "elu-alpha": ("elu", "alpha=0.7", [(9,)], lambda: nn.ELU(0.7)),
    "gelu": ("gelu", "", [AREA], nn.GELU),
    "gelu-tanh": ("gelu", "approximate=1", [AREA], TanhGELU),
    "swish": ("swish", "", [AREA], nn.SiLU),
    "sigmoid": ("sigmoid", "", [AREA], nn.Sigmoid),
    "tanh": ("tanh", "", [AREA], nn.Tanh),
    "dropout": ("dropout", "rate=0.3", [AREA], None),
    "batchnorm": ("batchnorm", "", [(2, 4, 3)], lambda: nn.BatchNorm2d(2)),
    "batchnorm-vector": ("batchnorm", "eps=0.01", [(9,)], lambda: nn.BatchNorm1d(9, eps=0.01)),
    "batchnorm-plain": ("batchnorm", "affine=0", [AREA], lambda: nn.BatchNorm2d(2, affine=False)),
    "scale": ("scale", "", [AREA], lambda: Scale(2)),
    "scale-plain": ("scale", "bias=0", [AREA], lambda: Weight(2)),
    "flatten": ("flatten", "", [AREA], nn.Flatten),
    "add": ("add", "", [AREA] * 3, function(lambda a, b, c: a + b + c)),
    "concat": ("concat", "", [AREA, (1, 3, 4), (2, 3, 4)], function(lambda *x: torch.cat(x, 1))),
    "concat-rows": ("concat", "axis=1", [AREA, (2, 1, 4)], function(lambda *x: torch.cat(x, 2))),
    "concat-columns": ("concat", "axis=2", [AREA, (2, 3, 2)], function(lambda *x: torch.cat(x, 3))),
    "concat-vectors": ("concat", "", [(7,), (2,)], function(lambda *x: torch.cat(x, 1))),
    "global_pool": ("global_pool", "", [AREA], lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())),
    "global_pool-max": ("global_pool", "mode=1", [AREA], lambda: nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())),
    "softmax": ("softmax", "", [(9,)], lambda: nn.Softmax(1)),
    "logistic": ("logistic", "", [(9,)], nn.Sigmoid),
    "mse": ("mse", "", [(9,)], nn.Identity),
    "conv": ("conv", "filters=3,kernel=3,pad=1", [AREA], lambda: nn.Conv2d(2, 3, 3, padding=1)),
    "dense": ("dense", "units=7", [AREA], lambda: Flat(24, 7)),
    "pool": ("pool", "kernel=2", [(2, 4, 4)], lambda: nn.MaxPool2d(2)),
}
LOSSES = {
    "softmax": (lambda random: random.randint(0, 9, SAMPLES), torch.long,
                lambda x, target: functional.cross_entropy(x, target, reduction="none")),
    "logistic": (lambda random: random.randint(0, 2, (SAMPLES, 9)), torch.double,
                 lambda x, target: functional.binary_cross_entropy_with_logits(x, target, reduction="none").mean(1)),
    "mse": (lambda random: random.randint(0, 5, (SAMPLES, 9)), torch.double,
            lambda x, target: functional.mse_loss(x, target, reduction="none").mean(1)),
}


def draw(random, shape):
    """Numbers that are floats as well."""
    return torch.tensor(random.normal(0, 2, (SAMPLES,) + tuple(shape)).astype(numpy.float32)).double()


def dropout(random, rate, shape, tensors, case):
    """PyTorch's formula with a mask of our words: of a value whose word is below rate * 65536 nothing is left."""
    words = torch.tensor(random.randint(0, 65536, (SAMPLES,) + tuple(shape))).double()
    least = int(rate * 65536 + 0.5)
    tensors[f"{case}.random"] = words
    return Function(lambda x: x * (words >= least) / (1 - least / 65536))


def randomise(random, module):
    for name, value in list(module.named_parameters()) + list(module.named_buffers()):
        if not name.endswith("num_batches_tracked"):
            drawn = torch.tensor(random.uniform(0.5, 1.5, tuple(value.shape)).astype(numpy.float32)).double()
            value.data = drawn if value.ndim == 1 else drawn - 1


def make(case, tensors, random):
    type_name, settings, shapes, build = CASES[case]
    x = [draw(random, shape).requires_grad_() for shape in shapes]
    module = build() if build else dropout(random, float(settings.split("=")[1]), shapes[0], tensors, case)
    module.double()
    randomise(random, module)
    states = {name: value for name, value in module.named_buffers() if not name.endswith("num_batches_tracked")}
    for name, value in list(module.named_parameters()) + list(states.items()):
        tensors[f"{case}.w.{name}"] = value.detach().clone()
    if states or type_name == "dropout":
        tensors[f"{case}.evaluated"] = module.eval()(*x).detach() if states else x[0].detach()
        module.train()
        module.momentum = 1
    y = module(*x)
    dy = draw(random, y.shape[1:])
    (y * dy).sum().backward()
    tensors.update({f"{case}.y": y.detach(), f"{case}.dy": dy})
    for k, each in enumerate(x):
        tensors.update({f"{case}.x{k}": each.detach(), f"{case}.dx{k}": each.grad.clone()})
    for name, value in module.named_parameters():
        tensors[f"{case}.dw.{name}"] = value.grad
    for name, value in states.items():
        tensors[f"{case}.observed.{name}"] = value
    if case in LOSSES:
        target_of, kind, loss_of = LOSSES[case]
        target = torch.tensor(target_of(random))
        x[0].grad = None
        loss = loss_of(x[0], target.to(kind))
        loss.sum().backward()
        tensors.update({f"{case}.target": target, f"{case}.loss": loss.detach(), f"{case}.dloss0": x[0].grad})


def main():
    tensors, cases = {}, []
    torch.use_deterministic_algorithms(True)
    for seed, case in enumerate(CASES):
        make(case, tensors, numpy.random.RandomState(seed))
        cases.append(":".join((case,) + CASES[case][:2]))
    write_safetensors(os.path.join(HERE, "layers.safetensors"), {key: value.numpy() for key, value in tensors.items()},
                      {"cases": " ".join(cases)})


if __name__ == "__main__":
    main()
