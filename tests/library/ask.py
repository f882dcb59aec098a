#!/usr/bin/env python3
"""ask.py CHECKPOINT BATCH bytes|floats ANSWERS PICTURES: prints what nnrun predict --json prints of pictures: one of
a PNG, JPEG, PGM or PPM file, all of an IDX file. ANSWERS gets the outputs as they are. Module nnrun_predict, as installed."""
import array
import gzip
import json
import sys

from nnrun_predict import Model


def real(value):
    """As JSON has it, and the shortest that is the same float."""
    text = f"{value:.9g}".replace("e-0", "e-")
    return text if "." in text or "e" in text else text + ".0"


def read_samples(model, path):
    if "idx" not in path:
        return [model.prepare(path)], False
    with gzip.open(path) as file:
        data, size = file.read()[16:], model.describe()["inputs"]
    return [data[i:i + size] for i in range(0, len(data), size)], True


def main(checkpoint, batch, kind, answers, path):
    with Model.open(checkpoint) as model, open(answers, "wb") as file:
        samples, numbered = read_samples(model, path)
        outputs = []
        for i in range(0, len(samples), int(batch)):
            asked = b"".join(samples[i:i + int(batch)])
            outputs += model.predict(asked if kind == "bytes" else [float(byte) for byte in asked])
        for i, values in enumerate(outputs):
            array.array("f", values).tofile(file)
            best = model.best(values)
            classes = ",".join(f'{{"class":{name},"probability":{real(value)},"value":{real(value)}}}'
                               for name, value in best)
            index, empty = i if numbered else "null", "false" if any(samples[i]) else "true"
            print(f'{{"event":"predict","file":{json.dumps(path)},"index":{index},"class":{best[0][0]},'
                  f'"probability":{real(best[0][1])},"classes":[{classes}],"empty":{empty}}}')


main(*sys.argv[1:])
