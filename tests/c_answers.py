#!/usr/bin/env python3
"""c_answers.py PREDICTED ANSWERS: whether what an exported C file answers (c_answers.c) is what "nnrun predict --json" says:
each output to 1e-5 of the largest, each class unless two are so near."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    predicted = [json.loads(line) for line in file]
predicted = [event for event in predicted if event["event"] == "predict"]
with open(sys.argv[2], encoding="ascii") as file:
    answers = [[float(word) for word in line.split()] for line in file]
if not predicted or len(predicted) != len(answers):
    sys.exit(f"{len(answers)} answers to {len(predicted)} samples")
largest = max(abs(number) for answer in answers for number in answer[1:])
for number, (event, answer) in enumerate(zip(predicted, answers)):
    outputs = answer[1:]
    if len(outputs) == 1 and any(entry["class"] == 1 for entry in event["classes"]):
        outputs = [1 - outputs[0], outputs[0]]  # the probability of the second of two classes
    for entry in event["classes"]:
        if not abs(outputs[entry["class"]] - entry["value"]) <= 1e-5 * largest:
            sys.exit(f"sample {number}: output {entry['class']} is {outputs[entry['class']]}, not {entry['value']}")
    near = sorted(outputs)[-2:]
    if answer[0] != event["class"] and len(outputs) > 1 and near[1] - near[0] > 1e-5 * largest:
        sys.exit(f"sample {number}: class {answer[0]:.0f}, not {event['class']}")
