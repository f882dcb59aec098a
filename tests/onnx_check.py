#!/usr/bin/env python3
"""onnx_check.py FILE...: ONNX's own checker takes each file, and knows the shape of each value by full inference."""
import sys

import onnx
from onnx import checker, shape_inference


def check(path):
    model = onnx.load(path)
    assert model.ir_version == 7, model.ir_version
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 13)], model.opset_import
    checker.check_model(model, full_check=True)
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    shapes = {value.name: value.type.tensor_type.shape.dim for value in inferred.graph.value_info}
    for value in list(model.graph.input) + list(model.graph.output):
        shapes[value.name] = value.type.tensor_type.shape.dim
    for node in model.graph.node:
        for name in node.output:
            dims = shapes[name]
            assert dims[0].dim_param == "batch", f"{name}: the first dimension is not the samples"
            assert all(dim.dim_value > 0 for dim in dims[1:]), f"{name}: an unknown dimension"
        assert not any(a.name == "ceil_mode" for a in node.attribute), node.name
        assert node.op_type != "Softmax" or any(a.name == "axis" for a in node.attribute), node.name
    assert [value.name for value in model.graph.input] == ["input"]
    assert [value.name for value in model.graph.output] == ["output"]


for file in sys.argv[1:]:
    check(file)
    print(file, "is good")
