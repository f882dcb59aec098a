#!/usr/bin/env python3
"""bench.py: how fast nnrun is on this machine, beside its peak of fused multiply-adds and beside PyTorch.

    NNRUN_BUILD=... NNRUN_SOURCE=... NNRUN_MNIST=... bench.py [--into PERFORMANCE.md] [--plot FILE.svg]

Prints Markdown. Everything is measured in one go, in rounds, each with the peak; the figures are medians over the
rounds. PyTorch's column is there if NNRUN_TORCH names a script that prints its figures for --net lenet5, caffe or mlp
as JSON (epoch_s, samples_per_s, infer_per_s, latency_us, total_s) and its Python has torch. ONNX Runtime's answer to
one image is there if NNRUN_NODE_MODULES has onnxruntime-node. NNRUN_BEFORE names the build folder of another nnrun,
which takes turns with this one: so are two commits compared. A program that fails ends the bench with its message. Run
by "make bench"."""
import argparse
import glob
import gzip
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import bench_ranks
import serve_mixes

BUILD, SOURCE, MNIST = (os.environ[key] for key in ("NNRUN_BUILD", "NNRUN_SOURCE", "NNRUN_MNIST"))
NNRUN = os.path.join(BUILD, "nnrun")
TORCH = os.environ.get("NNRUN_TORCH")
BEFORE = os.environ.get("NNRUN_BEFORE")
NODE_MODULES = os.environ.get("NNRUN_NODE_MODULES")
PYTHON = os.environ.get("NNRUN_TORCH_PYTHON", "/usr/bin/python3")
ROUNDS = int(os.environ.get("NNRUN_ROUNDS", "5"))
SERVE_SECONDS = 10
CORES = len(os.sched_getaffinity(0))
NETS = {"lenet": "lenet5", "caffe-lenet": "caffe", "mlp": "mlp"}
BATCHES = (16, 32, 64, 128, 256, 512, 1024)


def run(words, **env):
    done = subprocess.run(words, capture_output=True, text=True, env=dict(os.environ, **env), check=False)
    if done.returncode != 0:
        sys.exit(f"bench.py: {' '.join(words)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def config(name):
    return os.path.join(SOURCE, "configs", name + ".cfg")


def timing(name, *words, build=BUILD):
    return json.loads(run([os.path.join(build, "nnrun"), "time", config(name), "--json", *words],
                          NNRUN_PLUGIN_PATH=os.path.join(build, "plugins", ".libs")))


def events(name, folder, *words):
    out = run([NNRUN, config(name), f"data.directory={MNIST}", "data.validation=0", "--json", "-o", folder, *words])
    return [json.loads(line) for line in out.splitlines()]


LAYOUTS = {}  # by what is measured: the memory layouts still tried


def torch(value, net, *words):
    """The largest value(figures) of PyTorch's memory layouts; after the first time, of the better one alone."""
    if not TORCH:
        return None
    layouts = LAYOUTS.get((net, words), ([],) if net == "mlp" else ([], ["--channels-last"]))
    found = []
    for layout in layouts:
        out = run([PYTHON, TORCH, "--data", MNIST, "--net", net, "--threads", str(CORES), *words, *layout],
                  OMP_NUM_THREADS=str(CORES), OPENBLAS_NUM_THREADS="1")
        found.append(value(json.loads(out.splitlines()[-1])))
    LAYOUTS[net, words] = [layouts[found.index(max(found))]]
    return max(found)


# ---- one round ---------------------------------------------------------------------------------------------------


def kernels(found):
    """Shares of a thread's peak: of both passes of conv2, by name, and the lowest of dense passes that matter."""
    whole = sum((layer[part] or {"seconds": 0})["seconds"] for layer in found["layers"]
                for part in ("forward", "backward"))
    dense, shares = [], {}
    for layer in found["layers"]:
        for part in ("forward", "backward"):
            if layer["name"] == "conv2":
                shares[f"conv2 {part}"] = layer[part]["share"]
            if layer["type"] == "dense" and layer[part] and layer[part]["seconds"] > 0.02 * whole:
                dense.append(layer[part]["share"])
    return dict(shares, dense=min(dense))


def onnx_runtime(checkpoint, work):
    """Microseconds of ONNX Runtime's answer to one sample, on one thread, or None where it is not."""
    if not NODE_MODULES or not os.path.isdir(f"{NODE_MODULES}/onnxruntime-node"):
        return None
    run([NNRUN, "export", checkpoint, "--onnx", f"{work}/one.onnx", "-q"])
    script = """
const ort = require('onnxruntime-node');
(async () => {
    const session = await ort.InferenceSession.create(process.argv[1], {intraOpNumThreads: 1, interOpNumThreads: 1});
    const input = new ort.Tensor('float32', new Float32Array(784).fill(100), [1, 1, 28, 28]), times = [];
    for (let i = 0; i < 20000; i++) {
        const before = process.hrtime.bigint();
        await session.run({input});
        times.push(Number(process.hrtime.bigint() - before));
    }
    console.log(times.sort((a, b) => a - b)[times.length / 2] / 1000);
})();"""
    return float(run(["node", "-e", script, f"{work}/one.onnx"], NODE_PATH=NODE_MODULES))


def before_and_now():
    """Samples trained a second on all cores by the other build and by this one, in turns: medians, and of the ratios."""
    found = {}
    for name in (*NETS, "cnn"):
        pairs = [[timing(name, "--threads", str(CORES), build=build)["runs"][0]["samples_per_s"]
                  for build in (BEFORE, BUILD)] for _ in range(ROUNDS)]
        found[name] = (statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs),
                       statistics.median(p[1] / p[0] for p in pairs))
    return found


def one_round(work, number):
    result = {}
    for name, net in NETS.items():
        found = timing(name, "--threads", f"1,{CORES}")
        flops = found["forward_flops"] + found["backward_flops"]
        trained = [e for e in events(name, f"{work}/{name}-{number}", "train.epochs=3") if e["event"] == "epoch"]
        speed = statistics.median(e["samples_per_s"] for e in trained)
        few = "--epochs=1" if name == "caffe-lenet" else "--epochs=3"
        result[name] = dict(
            kernels(found), peak=found["runs"][-1]["peak_flops"], speed=speed,
            share=speed * flops / found["runs"][-1]["peak_flops"], infer=found["runs"][-1]["infer_per_s"],
            scale=found["runs"][-1]["samples_per_s"] / found["runs"][0]["samples_per_s"], latency=found["latency"],
            torch=torch(lambda r: r["samples_per_s"], net, few))
    infer = ("lenet5", "--epochs=1", "--infer")
    result["torch_infer"] = torch(lambda r: (max(r["infer_per_s"].values()), -r["latency_us"]["jit"]), *infer)
    began = time.monotonic()
    run([NNRUN, config("lenet"), f"data.directory={MNIST}", "data.validation=0", "train.epochs=1", "-q", "-o",
         f"{work}/whole-{number}"])
    result["whole"] = time.monotonic() - began
    result["onnx"] = onnx_runtime(max(glob.glob(f"{work}/whole-{number}/step-*")), work)
    result["torch_whole"] = torch(lambda r: -r["total_s"], "lenet5", "--epochs=1")
    done = [e for e in events("lenet", f"{work}/memory-{number}", "train.epochs=1") if e["event"] == "done"]
    result["memory"] = done[0]["peak_bytes"]
    result["start"] = start(f"{work}/start-{number}")
    return result


def start(folder):
    """Seconds from exec until everything is ready for the first step."""
    began = time.monotonic()
    with subprocess.Popen([NNRUN, config("lenet"), f"data.directory={MNIST}", "train.epochs=1", "--json", "-o", folder],
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        seconds = time.monotonic() - began
        process.stdout.read()
    if process.returncode != 0:
        sys.exit("bench.py: nnrun failed")
    return seconds


# ---- tables ------------------------------------------------------------------------------------------------------


def median(rounds, value):
    values = [v for v in (value(r) for r in rounds) if v is not None]
    return statistics.median(values) if values else None


def percent(value):
    return "-" if value is None else f"{100 * value:.0f} %"


def ratio(ours, theirs):
    return "-" if not theirs else f"{ours / theirs:.1f}x"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main_table(rounds):
    def of(name, key):
        return median(rounds, lambda r: r[name][key])

    level = timing("lenet", "--threads", "1")["isa"]
    lines = [row("what", "nnrun", "of peak", "PyTorch's best", "ratio", "wanted"), row(*["---"] * 6)]
    for name, aim in (("lenet", "100 %"), ("caffe-lenet", "130 %"), ("mlp", "2.5x")):
        ours, theirs = of(name, "speed"), of(name, "torch")
        lines.append(row(f"train {name}.cfg, {CORES} threads", f"{ours:,.0f}/s, {60000 / ours:.2f} s an epoch",
                         percent(of(name, "share")), f"{theirs:,.0f}/s" if theirs else "-", ratio(ours, theirs), aim))
    infer = of("lenet", "infer")
    theirs = median(rounds, lambda r: r["torch_infer"] and r["torch_infer"][0])
    lines.append(row(f"infer, lenet.cfg, {CORES} threads", f"{infer:,.0f}/s", "",
                     f"{theirs:,.0f}/s" if theirs else "-", ratio(infer, theirs), "3.5x"))
    lines += one_image(rounds, of("lenet", "latency") * 1e6)
    ours, theirs = median(rounds, lambda r: r["whole"]), median(rounds, lambda r: r["torch_whole"])
    lines.append(row("whole process, an epoch of lenet.cfg and the test", f"{ours:.2f} s", "",
                     f"{-theirs:.1f} s" if theirs else "-", ratio(-theirs, ours) if theirs else "-", "4x"))
    for name, aims in (("lenet", ("150 %", "120 %", "85 %")), ("caffe-lenet", ("200 %", "150 %", "85 %"))):
        for kind, aim in zip(("conv2 forward", "conv2 backward", "dense"), aims):
            what = "slowest dense pass" if kind == "dense" else kind
            lines.append(row(f"{what}, {name}.cfg, 1 thread", "", percent(of(name, kind)), "", "", aim))
    lines.append(row(f"1 -> {CORES} threads, lenet.cfg", f"{of('lenet', 'scale'):.2f}x", "", "", "", "1.85x"))
    lines.append(row("peak memory, lenet.cfg", f"{median(rounds, lambda r: r['memory']) / 1e6:.0f} MB", "", "", "",
                     "64 MB"))
    lines.append(row("exec to first step", f"{median(rounds, lambda r: r['start']):.2f} s", "", "", "", "0.4 s"))
    lines += ["", f"{machine()}, {level} code, peak {of('lenet', 'peak') / 1e9:.0f} GFLOP/s on {CORES} threads; "
              f"{compiler()}; batch 64; medians of {len(rounds)} round{'s'[:len(rounds) > 1]} on a shared machine, {time.strftime('%Y-%m-%d')}."]
    return lines


def one_image(rounds, ours):
    theirs = median(rounds, lambda r: r["torch_infer"] and -r["torch_infer"][1])
    lines = [row("one image, lenet.cfg, 1 thread", f"{ours:.1f} us", "", f"{theirs:.0f} us" if theirs else "-",
                 ratio(theirs, ours) if theirs else "-", "")]
    theirs = median(rounds, lambda r: r["onnx"])
    if theirs:
        lines.append(row("the same, beside ONNX Runtime", f"{ours:.1f} us", "", f"ONNX Runtime {theirs:.0f} us",
                         ratio(theirs, ours), "2x"))
    return lines


def before_table():
    lines = [row("training, samples/s", "before", "now", "ratio"), row(*["---"] * 4)]
    for name, (old, new, gain) in before_and_now().items():
        lines.append(row(f"{name}.cfg", f"{old:,.0f}", f"{new:,.0f}", f"{gain:.2f}x"))
    return lines + [""]


def machine():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{names[0] if names else os.uname().machine}, {CORES} processors"


def compiler():
    words = os.environ.get("NNRUN_CC", "cc").split()
    flags = os.environ.get("NNRUN_CFLAGS", "").strip()
    return run([*words, "--version"]).splitlines()[0] + (f", {flags}" if flags else "")


# ---- growth ------------------------------------------------------------------------------------------------------


def by_batch():
    return {name: [timing(name, "--threads", str(CORES), f"train.batch={batch}")["runs"][0]["samples_per_s"]
                   for batch in BATCHES] for name in NETS}


def batch_table(speeds):
    lines = [row("1000 samples/s at batch", *BATCHES), row(*["---"] * (1 + len(BATCHES)))]
    return lines + [row(f"{name}.cfg", *(f"{s / 1000:.0f}" for s in found)) for name, found in speeds.items()]


def data_table(work):
    lines = [row("generated samples, mlp.cfg", "an epoch", "samples/s", "peak memory"), row(*["---"] * 4)]
    for count in (20000, 200000, 2000000):
        run([os.path.join(BUILD, "nnrun-make-digits"), "--train", str(count), "--test", "100", f"{work}/digits",
             "--force"])
        before = time.monotonic()
        subprocess.run([NNRUN, config("mlp"), f"data.directory={work}/digits", "data.validation=0", "train.epochs=1",
                        "-q", "-o", f"{work}/growth-{count}"], check=True)
        seconds = time.monotonic() - before
        peak = json.loads(run([NNRUN, config("mlp"), f"data.directory={work}/digits", "data.validation=0",
                               "train.epochs=1", "--json", "-o", f"{work}/peak-{count}"]).splitlines()[-1])["peak_bytes"]
        lines.append(row(f"{count:,}", f"{seconds:.1f} s", f"{count / seconds:,.0f}", f"{peak / 1e6:.0f} MB"))
        shutil.rmtree(f"{work}/digits")
    return lines


def write_table(images, labels, path):
    """As Kaggle's digit-recognizer has its train.csv."""
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join(["label", *(f"pixel{i}" for i in range(784))]) + "\n")
        for i, label in enumerate(labels):
            file.write(f"{label}," + ",".join(map(str, images[784 * i:784 * (i + 1)])) + "\n")


def write_pictures(images, labels, count, folder):
    for label in range(10):
        os.makedirs(f"{folder}/{label}")
    for i in range(count):
        at = i % len(labels)
        with open(f"{folder}/{labels[at]}/{i}.pgm", "wb") as file:
            file.write(b"P5 28 28 255\n" + images[784 * at:784 * (at + 1)])


def packing(work, source):
    """Seconds, the median of three, and the largest peak of memory in kB."""
    times, peaks = [], []
    for number in range(3):
        began = time.monotonic()
        peaks.append(int(run([os.path.join(BUILD, "tests", "peak_memory"), "-", NNRUN, "pack", source, "-o",
                              f"{work}/packed-{number}", "-q"]).split()[-1]))
        times.append(time.monotonic() - began)
        shutil.rmtree(f"{work}/packed-{number}")
    return statistics.median(times), max(peaks)


def pack_table(work):
    lines = [row("nnrun pack of", "time", "peak memory", "wanted"), row(*["---"] * 4)]
    with gzip.open(f"{MNIST}/train-images-idx3-ubyte.gz") as file:
        images = file.read()[16:]
    with gzip.open(f"{MNIST}/train-labels-idx1-ubyte.gz") as file:
        labels = file.read()[8:]
    write_table(images, labels[:42000], f"{work}/train.csv")
    write_pictures(images, labels, 100000, f"{work}/pictures")
    for name, source, wanted in ((f"42,000 rows of 785 numbers, {os.path.getsize(f'{work}/train.csv') / 1e6:.0f} MB of CSV",
                                  "train.csv", "3 s, 100 MB"),
                                 ("100,000 pictures of 28x28, PGM files in 10 folders", "pictures", "200 MB")):
        seconds, peak = packing(work, f"{work}/{source}")
        lines.append(row(name, f"{seconds:.1f} s", f"{peak / 1e3:.0f} MB", wanted))
    return lines


def serve_table(checkpoint):
    """How long a 28x28 picture waits at most, each on a connection of its own, among clients of the same address."""
    lines = [row("a 28x28 picture, lenet.cfg, asked of nnrun serve among", "longest wait", "wanted"), row(*["---"] * 3)]
    with subprocess.Popen([NNRUN, "serve", checkpoint, "--port", "0", "--json", "--threads", str(CORES)],
                          stdout=subprocess.PIPE, text=True) as server:
        port = int(json.loads(server.stdout.readline())["url"].rstrip("/").rsplit(":", 1)[1])
        try:
            for name in serve_mixes.mixes():
                wait, others = serve_mixes.longest(port, name, SERVE_SECONDS)
                if others:
                    sys.exit(f"bench.py: serve, {name}: instead of an answer: {others}")
                lines.append(row(name, f"{wait:.2f} s", "1 s"))
        finally:
            server.terminate()
    if server.returncode != 0:
        sys.exit(f"bench.py: nnrun serve ended with status {server.returncode}")
    return lines


def plot(speeds, path):
    """Samples a second against the batch size, both logarithmic, light or dark as the reader has it."""
    width, height, left, bottom, top = 640, 360, 70, 50, 30
    low = 10 ** math.floor(math.log10(min(min(s) for s in speeds.values())))
    high = 10 ** math.ceil(math.log10(max(max(s) for s in speeds.values())))

    def x(i):
        return left + i * (width - left - 130) / (len(BATCHES) - 1)

    def y(speed):
        return height - bottom - (height - bottom - top) * math.log(speed / low) / math.log(high / low)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 0 {width + 20} {height}" font-family="sans-serif" '
             'font-size="13">', "<style>text { fill: #333 } .grid { stroke: #ccc } "
             "@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } }</style>",
             f'<text x="{left}" y="18">training, samples a second, by batch size, {CORES} threads</text>']
    speed = low
    while speed <= high:
        parts.append(f'<line class="grid" x1="{left}" x2="{x(len(BATCHES) - 1):.0f}" y1="{y(speed):.1f}" '
                     f'y2="{y(speed):.1f}"/><text x="{left - 8}" y="{y(speed) + 4:.1f}" text-anchor="end">'
                     f"{speed:,}</text>")
        speed *= 10
    for i, batch in enumerate(BATCHES):
        parts.append(f'<text x="{x(i):.1f}" y="{height - bottom + 20}" text-anchor="middle">{batch}</text>')
    for (name, found), colour in zip(speeds.items(), ("#1f77b4", "#d62728", "#2ca02c")):
        points = " ".join(f"{x(i):.1f},{y(s):.1f}" for i, s in enumerate(found))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(i):.1f}" cy="{y(s):.1f}" r="3" fill="{colour}"/>' for i, s in enumerate(found)]
        parts.append(f'<text x="{x(len(BATCHES) - 1) + 10:.1f}" y="{y(found[-1]) + 4:.1f}">{name}.cfg</text>')
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(parts + ["</svg>", ""]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--into")
    parser.add_argument("--plot")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        rounds = [one_round(work, number) for number in range(ROUNDS)]
        speeds = by_batch()
        lines = main_table(rounds) + [""] + (before_table() if BEFORE else []) + batch_table(speeds) + [""] + data_table(work)
        lines += [""] + bench_ranks.tables() + [""] + pack_table(work) + [""]
        lines += serve_table(max(glob.glob(f"{work}/whole-0/step-*")))
    if words.plot:
        plot(speeds, words.plot)
    text = "\n".join(lines) + "\n"
    if not words.into:
        sys.stdout.write(text)
        return
    with open(words.into, encoding="utf-8") as file:
        old = file.read()
    before, rest = old.split("<!-- bench -->\n", 1)
    after = rest[rest.index("<!-- /bench -->"):]
    with open(words.into, "w", encoding="utf-8") as file:
        file.write(before + "<!-- bench -->\n" + text + after)


main()
