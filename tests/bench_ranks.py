#!/usr/bin/env python3
"""bench_ranks.py: what it costs to train one run by several ranks: on this machine, and by a model on several.

    NNRUN_BUILD=... NNRUN_SOURCE=... NNRUN_MNIST=... bench_ranks.py

Prints two tables as Markdown. bench.py has them in PERFORMANCE.md.

The first compares one process of as many threads as there are processors with as many ranks of one thread, in turns,
joined by MPI where comm_mpi.so and mpirun are, else by the tests' socket pairs; the fastest of some rounds each, as MPI waits
busily and suffers most from what else the machine does.

The second is computed. A step of b samples on R machines takes

    a + b / (R s)  +  6 l log2 R  +  2 (R - 1) / R w / v

where a + b / s is fitted to steps of one machine at two batch sizes, w are the bytes of the weights, l and v latency and
speed of the link. Each of six exchanges of a step, the gradients' sum and its spreading among them, waits for the link once
per doubling of R; the gradients and their sums are sent once each."""
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE, MNIST = (os.environ[key] for key in ("NNRUN_BUILD", "NNRUN_SOURCE", "NNRUN_MNIST"))
NNRUN = os.path.join(BUILD, "nnrun")
ROUNDS = int(os.environ.get("NNRUN_ROUNDS", "5"))
CORES = len(os.sched_getaffinity(0))
NETS = ("lenet", "caffe-lenet", "mlp")
BATCH = 256
RANKS = (1, 2, 4, 8)
LINKS = (("1 Gbit/s, 50 us", 0.125e9, 50e-6), ("10 Gbit/s, 25 us", 1.25e9, 25e-6), ("100 Gbit/s, 3 us", 12.5e9, 3e-6))
SPEEDUP = 3  # of 4 machines, for which a batch size is looked for


def run(words):
    allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    done = subprocess.run(words, capture_output=True, text=True, env=dict(os.environ, **allowed), check=False)
    if done.returncode != 0:
        sys.exit(f"bench_ranks.py: {' '.join(words)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def config(name):
    return os.path.join(SOURCE, "configs", name + ".cfg")


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# ---- measured ----------------------------------------------------------------------------------------------------


def launcher():
    """What starts CORES ranks, their options, and what it is called."""
    mpi, sockets = os.path.join(BUILD, "comms", ".libs"), os.path.join(BUILD, "tests", ".libs")
    if os.path.exists(os.path.join(mpi, "comm_mpi.so")) and shutil.which("mpirun"):
        return ["mpirun", "-n", str(CORES)], ["--comm", "mpi", "--plugin-path", mpi], "MPI"
    return [os.path.join(BUILD, "tests", "ranks"), str(CORES)], ["--comm", "sockets", "--plugin-path", sockets], "sockets"


def speed(starter, name, *words):
    """Samples a second of the faster of two epochs."""
    with tempfile.TemporaryDirectory() as work:
        out = run([*starter, NNRUN, config(name), f"data.directory={MNIST}", "data.validation=0", f"train.batch={BATCH}",
                   "train.epochs=2", "output.report=false", "--json", "-o", f"{work}/run", *words])
    found = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return max(event["samples_per_s"] for event in found if event["event"] == "epoch")


def measured_table():
    starter, words, kind = launcher()
    lines = [row(f"batch {BATCH}", f"one process, {CORES} threads", f"{CORES} ranks of one thread, {kind}", "time", "wanted"),
             row(*["---"] * 5)]
    for name in NETS:
        rounds = [(speed([], name, "--threads", str(CORES)), speed(starter, name, "--threads", "1", *words))
                  for _ in range(ROUNDS)]
        one, several = (max(found) for found in zip(*rounds))
        lines.append(row(f"{name}.cfg", f"{one:,.0f}/s", f"{several:,.0f}/s", f"{one / several:.2f}", "1.15"))
    return lines


# ---- computed ----------------------------------------------------------------------------------------------------


def machine(name):
    """(a, s, w): a step of b samples takes a + b / s seconds; w bytes of weights."""
    low, high = 64, 1024
    steps = {}
    for batch in (low, high):
        found = json.loads(run([NNRUN, "time", config(name), "--json", "--threads", str(CORES), f"train.batch={batch}"]))
        steps[batch] = batch / found["runs"][0]["samples_per_s"]
    per_sample = max((steps[high] - steps[low]) / (high - low), 1e-12)
    shown = json.loads(run([NNRUN, "show", config(name), "--json"]).splitlines()[0])
    return max(steps[low] - low * per_sample, 0), 1 / per_sample, 4 * shown["parameters"]


def step(constants, link, batch, ranks):
    fixed, per_second, bytes_ = constants
    _, rate, latency = link
    sent = 2 * (ranks - 1) / ranks * bytes_ / rate
    return fixed + batch / (ranks * per_second) + 6 * latency * math.log2(ranks) + sent


def batch_for(constants, link):
    """The smallest power of two with which four machines are SPEEDUP times as fast as one."""
    batch = 64
    while step(constants, link, batch, 1) < SPEEDUP * step(constants, link, batch, 4):
        batch *= 2
    return batch


def model_table():
    heads = ["1 machine", *(f"{r}" for r in RANKS[1:])]
    lines = [row("ms a step", "link", *heads, "fastest", f"batch for {SPEEDUP}x on 4"), row(*["---"] * (4 + len(RANKS)))]
    said = []
    for name in NETS:
        constants = machine(name)
        said.append(f"{name}.cfg a = {constants[0] * 1e6:.0f} us, s = {constants[1]:,.0f}/s, w = {constants[2] / 1e6:.2f} MB")
        for link in LINKS:
            times = [step(constants, link, BATCH, ranks) for ranks in RANKS]
            lines.append(row(f"{name}.cfg", link[0], *(f"{1e3 * t:.2f}" for t in times), RANKS[times.index(min(times))],
                             f"{batch_for(constants, link):,}"))
    return lines + ["", f"Computed for batch {BATCH} by a + b / (R s) + 6 l log2 R + 2 (R - 1) / R w / v, with machines like "
                    f"this one: {'; '.join(said)}. Latency l and speed v of the links are assumed."]


def tables():
    return measured_table() + [""] + model_table()


if __name__ == "__main__":
    print("\n".join(tables()))
