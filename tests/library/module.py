#!/usr/bin/env python3
"""module.py CHECKPOINT PICTURE: what a Python program may do wrong with nnrun_predict.Model ends in an exception."""
import pathlib
import sys

from nnrun_predict import Model, NnrunError


def refused(kind, function, *arguments):
    """Fails unless the call raises that exception."""
    try:
        function(*arguments)
    except kind:
        return
    raise AssertionError(f"{function.__name__}{arguments!r} raises no {kind.__name__}")


def main(checkpoint, picture):
    with Model.open(pathlib.Path(checkpoint)) as model:
        sample = model.prepare(pathlib.Path(picture))
        content = pathlib.Path(picture).read_bytes()
        for same in picture, content, bytearray(content), memoryview(content):
            assert model.prepare(same) == sample
        assert model.prepare(picture, raw=True) != b"" and len(sample) == model.describe()["inputs"]
        outputs = model.predict(memoryview(sample))[0]
        assert model.predict(sample) == [outputs] and model.predict(b"") == []
        assert model.best(outputs, most=1)[0][0] in model.describe()["classes"]
        refused(ValueError, model.best, outputs[:-1])
        refused(ValueError, model.best, outputs + [1.0])
        refused(ValueError, model.predict, sample[:-1])
        refused(ValueError, model.prepare, picture + "\0")
        refused(TypeError, model.prepare, 7)
        refused(NnrunError, model.prepare, b"GIF8")
        refused(NnrunError, model.prepare, "missing.pgm")
    refused(ValueError, Model.open, "\0")
    model.close()
    for function, argument in ((model.predict, sample), (model.prepare, picture), (model.best, outputs)):
        refused(ValueError, function, argument)
    refused(ValueError, model.describe)
    refused(ValueError, model.__enter__)


main(*sys.argv[1:])
