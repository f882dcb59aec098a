"""run_judge.py: what kill.py and faults.py share: small networks, their undisturbed runs, and what must hold of a run
that was disturbed. NNRUN_BUILD is the build folder, `build`
if not given."""
import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

BUILD = os.environ.get("NNRUN_BUILD") or os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build")
NNRUN, FAULT = BUILD + "/nnrun", BUILD + "/tests/.libs/fault.so"
HANGS = 60  # seconds: no command here takes one
WORKERS = 2
KEEP = 2  # step files
ROOM = 200 << 20  # bytes: a test needs less

CONFIG = """
name = "small";
input = [1, 28, 28];
data: { directory = "digits"; validation = 20; window = 20; augment: { shift = 1; }; };
network = (
    { type = "conv"; filters = 2; kernel = 5; stride = 4; },
    { type = "batchnorm"; },
    { type = "relu"; },
    { type = "dropout"; rate = 0.1; },
    { type = "dense"; units = %d; },
    { type = "dense"; units = 10; },
    { type = "softmax"; }
);
train: { epochs = %d; batch = %d; optimizer: { rate = 0.05; momentum = 0.9; }; };
output: { keep = %d; };
"""

# Files that a run folder may hold besides ours: names like those of ours, and one that is nobody's.
FOREIGN = ["notes.txt", "step-4.safetensors", "step-000000004.safetensors.tmp", ".notes.txt.tmp-1-0",
           ".run.json.tmp-1-x", "log.jsonl.old"]


class End:
    """How a command ended: its status (below 0: a signal's number; None: it hung) and what it printed."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __str__(self):
        return "status %s: %s" % ("none, it hangs" if self.status is None else self.status, self.err.strip() or "-")


def environment(fault=None):
    env = {key: value for key, value in os.environ.items() if not key.startswith("FAULT_")}
    env["LC_ALL"] = "C"
    env.setdefault("NNRUN_PLUGIN_PATH", BUILD + "/plugins/.libs")
    if fault:
        env.update(fault, LD_PRELOAD=FAULT)
    return env


def run(folder, command, fault=None, kill_after=None, began=None):
    """Runs nnrun in the folder; kills it after so many seconds if told to. `began` is given the process."""
    process = subprocess.Popen([NNRUN] + command, cwd=folder, env=environment(fault), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="backslashreplace")
    if began:
        began(process)
    try:
        out, err = process.communicate(timeout=HANGS if kill_after is None else kill_after)
        return End(process.returncode, out, err)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        return End(None if kill_after is None else process.returncode, out, err)


def fault_line(fault, command):
    """The same as words for a shell."""
    words = ["LD_PRELOAD=" + FAULT] + ["%s=%s" % pair for pair in fault.items()] + [NNRUN] + command
    return " ".join(words)


def counts(folder, start, path=None):
    """How many calls of each name a command makes; start(fault) runs it."""
    fault = {"FAULT_CALL": "stdout", "FAULT_AT": "1000000", "FAULT_COUNT": folder + "/counts"}
    if path:
        fault["FAULT_PATH"] = path
    end = start(fault)
    if end.status != 0:
        sys.exit("cannot begin: %s" % end)
    with open(folder + "/counts") as file:
        return {name: int(count) for name, count in (line.split() for line in file)}


def first_of_sites(path):
    """The numbers, from 1, of the calls that are the first of their callers: see FAULT_SITES."""
    with open(path, "rb") as file:
        sites, first = file.read(), {}
    for number in range(len(sites) // 8):
        first.setdefault(sites[8 * number:8 * number + 8], number + 1)
    return sorted(first.values())


def must(folder, command, fault=None, status=0):
    end = run(folder, command, fault)
    if end.status != status:
        sys.exit("cannot begin: nnrun %s: %s" % (" ".join(command), end))
    return end


def steps(folder):
    return sorted(name for name in os.listdir(folder) if re.fullmatch(r"step-\d{9,}\.safetensors", name)
                  and name not in FOREIGN) if os.path.isdir(folder) else []


def temporaries(folder):
    return [name for name in os.listdir(folder) if ".tmp-" in name and name not in FOREIGN] \
        if os.path.isdir(folder) else []


def put_foreign(folder):
    os.makedirs(folder + "/step-000000000.safetensors.d")
    for name in FOREIGN:
        with open(folder + "/" + name, "w") as file:
            file.write("foreign " + name)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def log_lines(folder, name="log.jsonl"):
    with open(folder + "/" + name) as file:
        return [json.loads(line) for line in file]


def epochs(folder):
    """What each epoch came to, without what depends on the clock."""
    return [{key: value for key, value in line.items() if "second" not in key and "samples_per" not in key}
            for line in log_lines(folder) if line.get("event") == "epoch"]


def table(folder):
    with open(folder + "/log.csv", newline="") as file:
        rows = list(csv.reader(file))
    clock = [i for i, key in enumerate(rows[0]) if "second" in key or "samples_per" in key]
    return [[value for i, value in enumerate(row) if i not in clock] for row in rows]


class Reference:
    """The undisturbed run, of so many epochs, in `run` of the folder, and the digest of each of its step
    files. The larger the batch and the more units, the more of the time goes into saving."""

    def __init__(self, folder, epoch_count, batch, units):
        self.folder = folder
        self.config = folder + "/k.cfg"
        os.makedirs(folder, exist_ok=True)
        subprocess.run([BUILD + "/nnrun-make-digits", "--force", "--train", "60", "--test", "20", folder + "/digits"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(self.config, "w") as file:
            file.write(CONFIG % (units, epoch_count, batch, KEEP))
        must(folder, self.train("run"))
        must(folder, self.train("all") + ["output.keep=1000"])
        self.digests = {name: digest(folder + "/all/" + name) for name in steps(folder + "/all")}
        shutil.rmtree(folder + "/all")

    def train(self, to, threads=2):
        return [self.config, "-o", to, "--threads", str(threads)]

    def stopped_at(self, name, step):
        """A run that was killed while it put the file of that step in its place: logs are ahead, temporaries lie there."""
        fault = {"FAULT_CALL": "rename", "FAULT_PATH": "step-%09d" % step, "FAULT_KILL": "1"}
        must(self.folder, self.train(name), fault, -9)
        return self.folder + "/" + name

    def judge_files(self, run_folder):
        """What holds at every instant: each step file and best are whole, and what they are in an undisturbed run."""
        wrong = []
        for name in steps(run_folder):
            if digest(run_folder + "/" + name) != self.digests.get(name):
                wrong.append(name + " is not that of an undisturbed run")
        if os.path.isdir(run_folder) and os.path.exists(run_folder + "/step-000000000.safetensors.d"):
            wrong += self.judge_foreign(run_folder)
        return wrong

    @staticmethod
    def judge_foreign(run_folder):
        wrong = [] if os.path.isdir(run_folder + "/step-000000000.safetensors.d") else ["a foreign folder is gone"]
        for name in FOREIGN:
            try:
                with open(run_folder + "/" + name) as file:
                    whole = file.read() == "foreign " + name
            except FileNotFoundError:
                whole = False
            if not whole:
                wrong.append("the foreign file %s is gone or changed" % name)
        return wrong

    def judge_end(self, run_folder, foreign=False):
        """What holds of a run that came to its end."""
        wrong, whole = self.judge_files(run_folder), self.folder + "/run"
        if steps(run_folder) != steps(whole):
            wrong.append("step files are %s" % " ".join(steps(run_folder)))
        best = run_folder + "/best.safetensors"
        if not os.path.exists(best) or digest(best) != digest(whole + "/best.safetensors"):
            wrong.append("best.safetensors is not that of an undisturbed run")
        wrong += ["left: " + name for name in temporaries(run_folder)]
        if foreign:
            wrong += self.judge_foreign(run_folder)
        try:
            if epochs(run_folder) != epochs(whole):
                wrong.append("log.jsonl has epochs %s" % [line["epoch"] for line in epochs(run_folder)])
            if [line for line in log_lines(run_folder) if line.get("event") == "test"][-1:] != \
                    [line for line in log_lines(whole) if line.get("event") == "test"]:
                wrong.append("log.jsonl lacks the test at the end")
            if log_lines(run_folder)[-1].get("interrupted") is not False:
                wrong.append("log.jsonl does not end with done")
            if table(run_folder) != table(whole):
                wrong.append("log.csv differs from that of an undisturbed run")
            with open(run_folder + "/run.json") as file, open(whole + "/run.json") as undisturbed:
                told, wanted = json.load(file), json.load(undisturbed)
            for key in ("data", "config", "samples", "keep", "report", "version"):
                if told.get(key) != wanted.get(key):
                    wrong.append("run.json: %s is %s" % (key, told.get(key)))
        except (OSError, ValueError, LookupError) as error:
            wrong.append("log or run.json: %s" % error)
        return wrong

    def judge_resumed(self, folder, name, threads, foreign, report):
        """The run is resumed, or begun again if it has no checkpoint, and comes to the undisturbed end."""
        run_folder, wrong = folder + "/" + name, []
        begun = bool(steps(run_folder))
        newest = steps(run_folder)[-1] if begun else None
        end = run(folder, ["resume", name, "--threads", str(threads)])
        if not begun:
            if end.status != 4 or not re.search(r"not a run: it has no step files|No such file or directory", end.err):
                wrong.append("resume of a run without a checkpoint: %s" % end)
            end = run(folder, self.train(name, threads))
        if end.status != 0:
            return wrong + ["nothing goes on%s: %s" % (" from " + newest if newest else "", end)]
        wrong += self.judge_end(run_folder, foreign)
        end = run(folder, ["report", name]) if report else end
        if report and (end.status != 0 or not os.path.exists(run_folder + "/report.html")):
            wrong.append("report: %s" % end)
        return wrong


class Place:
    """A folder of the test, removed at its end. In memory: what was written outlives SIGKILL there as well."""

    def __enter__(self):
        memory = None
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > ROOM:
            memory = "/dev/shm"
        self.path = tempfile.mkdtemp(prefix="nnrun-walk-", dir=memory)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def sample(cases, size, seed):
    return cases if size is None or size >= len(cases) else random.Random(seed).sample(cases, size)


def each(cases, judge):
    """judge(case) for every case, two at a time, in order; gives pairs (case, what it returned)."""
    cases, under_way = iter(cases), {}
    with ThreadPoolExecutor(WORKERS) as pool:
        while True:
            while len(under_way) < 2 * WORKERS:
                case = next(cases, None)
                if case is None:
                    break
                under_way[pool.submit(judge, case)] = case
            if not under_way:
                return
            for done in wait(under_way, return_when=FIRST_COMPLETED)[0]:
                yield under_way.pop(done), done.result()
