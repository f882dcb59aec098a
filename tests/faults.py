"""faults.py [--sample N] [--seed N] [--sites] [--messages] [CASE...]: system calls of commands fail, each call once and from
there on for good (a sample of N; all if it is not given; with --sites only the first call of those with the same callers),
for each reason that fits. A command ends with a documented status and a message
that has the reason and what it is about, or with the undisturbed result. A run keeps its newest checkpoint, and comes to
the undisturbed end when it is resumed. Calls that are interrupted or come short change nothing. CASE is a name that a
failing case was printed with; --messages prints what was said, each kind of message once."""
import argparse
import collections
import errno
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import run_judge
from run_judge import NNRUN, End, Place, Reference, counts, each, environment, first_of_sites, must, put_foreign, run, \
    sample, steps, temporaries

FULL = "EIO ENOSPC EDQUOT"
TABLE = "EMFILE ENFILE"
# Reasons of each call; "short" and EINTR must not be noticed.
REASONS = {
    "open": "EACCES EROFS ENOMEM EINTR " + FULL + " " + TABLE,
    "open_read": "EACCES EIO ENOMEM EINTR " + TABLE,
    "read": "EIO ENOMEM EINTR short",
    "write": "EINTR short " + FULL,
    "fsync": "EINTR " + FULL,
    "fdatasync": "EINTR " + FULL,
    "close": "EINTR " + FULL,
    "rename": "EACCES EROFS ENOMEM " + FULL,
    "mkdir": "EACCES EROFS ENOMEM " + FULL,
    "unlink": "EACCES EROFS EIO ENOMEM EPERM",
    "stat": "EACCES EIO ENOMEM",
    "access": "EACCES EIO ENOMEM",
    "lseek": "EIO",
    "flock": "EINTR ENOLCK EIO",
    "opendir": "EACCES EIO ENOMEM " + TABLE,
    "readdir": "EIO",
    "mmap": "ENOMEM EMFILE",
    "pthread_create": "EAGAIN",
    "stdout": "EPIPE " + FULL,
}
# What libmicrohttpd wakes its threads by never fails in life.
FILES, NOT_ITS_WAKING = "/", ("read", "write", "close")
UNNOTICED = ("EINTR", "short")
DENIED = ("EACCES", "EPERM", "EROFS")  # says something about the file
# What a message is about: a file or folder of these tests, or what is no file.
ABOUT = re.compile(r"run\b|done|digits|k\.cfg|digit\.p|sheet\.png|plugins|\.so\b|/proc/|report|wrong|out\.html|the output"
                   r"|thread|signals|folder|pets|own\.cfg|rows|ask\.csv|packed|o\.onnx|o\.c\b")


def serve(folder, command, fault, path="/model"):
    """Starts the server, asks it, ends it. Its answer stands behind what it printed."""
    process = subprocess.Popen([NNRUN] + command, cwd=folder, env=environment(fault), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = threading.Timer(run_judge.HANGS, process.kill)
    watch.start()
    line, answer = process.stdout.readline(), ""
    at = re.search(r"http://([\d.]+):(\d+)", line)
    if at:
        try:
            connection = http.client.HTTPConnection(at.group(1), int(at.group(2)), timeout=run_judge.HANGS)
            connection.request("GET", path)
            answer = connection.getresponse().read().decode()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            answer = "no answer: %s" % error
        line = line.replace(at.group(2), "PORT")
        process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    hangs = not watch.is_alive()
    watch.cancel()
    return End(None if hangs else process.returncode, line + out + answer, err)


def without_clock(text):
    return re.sub(r'("(?:seconds|samples_per_s|peak_bytes)": ?)[\d.e+-]+', r"\1N", text)


def page(path):
    """A report without its numbers: some are of the clock."""
    if not os.path.exists(path):
        return None
    with open(path, errors="backslashreplace") as file:
        text = re.sub(r"<svg.*?</svg>", "<svg>", file.read(), flags=re.S)
    return re.sub(r"[\d.,:]+( [kM])?", "N", text)


def sections(path):
    """The titles in a report: a run that was resumed has other facts in it."""
    return re.findall(r"<h\d.*?</h\d>", page(path) or "")


def files(folder):
    """Names and contents."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                found[os.path.relpath(os.path.join(root, name), folder)] = file.read()
    return found


class Faults:
    def __init__(self, place):
        self.place = place
        self.reference = Reference(place, 3, 10, 4)
        self.begun = self.reference.stopped_at("begun", 8)
        os.environ["NNRUN_PLUGIN_PATH"] = self.few_plugins()
        self.done = place + "/run"
        must(place, ["show", self.reference.config, "--samples", "sheet.png"])
        with open(place + "/digit.pgm", "wb") as file:
            file.write(b"P5 28 28 255\n" + bytes(255 if 8 < i % 28 < 20 and 4 < i // 28 < 24 else 0 for i in range(784)))
        for i in range(12):
            name = "%s/pets/%s" % (place, ("cats", "dogs")[i % 2])
            os.makedirs(name, exist_ok=True)
            with open("%s/%d.pgm" % (name, i), "wb") as file:
                file.write(b"P5 3 2 255\n" + bytes((7 * i * k) % 256 for k in range(1, 7)))
        self.make_tables(place)
        best = "../run/best.safetensors"
        self.commands = {
            "train": self.reference.train("run"),
            "resume": ["resume", "run", "--threads", "2"],
            "test": ["test", best, "--json", "--threads", "2"],
            "mistakes": ["test", best, "--wrong", "wrong", "-q", "--threads", "1"],
            "predict": ["predict", best, "../digit.pgm", "../sheet.png", "--json"],
            "report": ["report", "../run", "-o", "out.html"],
            "compare": ["report", "../run", "../begun", "-o", "out.html"],
            "serve": ["serve", best, "--port", "0", "--threads", "2"],
            "show": ["show", "../k.cfg"],
            "checkpoint": ["show", best],
            "layers": ["layers"],
            "pack": ["pack", "../pets", "-o", "packed", "--config", "own.cfg", "--threads", "2"],
            "table": ["pack", "../rows.csv", "-o", "packed", "--config", "own.cfg", "--threads", "2"],
            "rows": ["predict", "../rows/best.safetensors", "../ask.csv", "--csv"],
            "export": ["export", best, "--onnx", "o.onnx", "--c", "o.c", "--html", "out.html"],
            "sheet": ["show", "../k.cfg", "--samples", "sheet.png"],
        }
        self.wanted = {}
        for name in self.commands:
            if name not in ("train", "resume"):
                folder = self.prepare("undisturbed-" + name, name)
                end = self.start(name, folder)
                if end.status != 0:
                    sys.exit("cannot begin: %s: %s" % (name, end))
                self.wanted[name] = self.result(name, folder, end)
        self.given = self.inputs()
        self.said, self.took = {}, []

    def few_plugins(self):
        """Those of the network alone: `layers` loads all there are."""
        os.mkdir(self.place + "/plugins")
        for layer in ("conv", "batchnorm", "relu", "dropout", "dense", "softmax"):
            shutil.copy("%s/plugins/.libs/%s.so" % (run_judge.BUILD, layer), self.place + "/plugins")
        return self.place + "/plugins"

    @staticmethod
    def make_tables(place):
        """A table, a network of its numbers, and rows to ask it about."""
        with open(place + "/rows.csv", "w") as file:
            file.write("a,b,label\n" + "".join("%d,%d.5,%s\n" % (i * i % 17, i, "xyz"[i % 3]) for i in range(60)))
        with open(place + "/ask.csv", "w") as file:
            file.writelines("%d,0.25\n" % i for i in range(20))
        must(place, ["pack", "rows.csv", "-q", "-o", "folder", "--config", "rows.cfg"])
        must(place, ["rows.cfg", "-q", "-o", "rows", "train.epochs=1"])

    def inputs(self):
        return files(self.place + "/digits"), files(self.done), files(self.begun), files(self.place + "/rows")

    def prepare(self, case, name):
        folder = "%s/%s" % (self.place, case)
        if name == "resume":
            shutil.copytree(self.begun, folder + "/run")
        os.makedirs(folder, exist_ok=True)
        if name in ("train", "resume"):
            put_foreign(folder + "/run")
        return folder

    def start(self, name, folder, fault=None):
        return (serve if name == "serve" else run)(folder, self.commands[name], fault)

    def result(self, name, folder, end):
        made = {} if name in ("report", "compare") else files(folder)
        made.pop("mark", None)
        return without_clock(end.out), made, page(folder + "/out.html")

    def first_calls(self, name, call):
        """The numbers of the calls that are the first of their callers."""
        case = "%s-%s-sites" % (name, call)
        folder = self.prepare(case, name)
        fault = self.fault("%s-%s-EIO-once-1000000000" % (name, call), folder)
        end = self.start(name, folder, dict(fault, FAULT_SITES=folder + "/sites"))
        if end.status != 0:
            sys.exit("cannot begin: %s: %s" % (case, end))
        numbers = first_of_sites(folder + "/sites")
        shutil.rmtree(folder)
        return numbers

    def cases(self, sites):
        """All of them, in order; with sites those that strike the first call of its callers."""
        cases = []
        for name in self.commands:
            folder = self.prepare("count-" + name, name)
            count = counts(folder, lambda fault, name=name, folder=folder: self.start(name, folder, fault))
            if name == "serve":
                of_files = counts(folder, lambda fault, folder=folder: self.start("serve", folder, fault), FILES)
                count.update({call: of_files[call] for call in NOT_ITS_WAKING})
            for call, reasons in REASONS.items():
                numbers = self.first_calls(name, call) if sites else range(1, count[call] + 1)
                for reason in reasons.split():
                    for often in ("once", "always")[:1 if reason == "EINTR" else 2]:
                        cases += ["%s-%s-%s-%s-%d" % (name, call, reason, often, n) for n in numbers]
        return cases

    @staticmethod
    def fault(case, folder):
        name, call, reason, often, number = case.split("-")
        fault = {"FAULT_CALL": call, "FAULT_AT": number, "FAULT_MARK": folder + "/mark",
                 "FAULT_ALWAYS": "1" if often == "always" else "0"}
        if name == "serve" and call in NOT_ITS_WAKING:
            fault["FAULT_PATH"] = FILES
        if reason == "short":
            fault["FAULT_SHORT"] = "1"
        else:
            fault["FAULT_ERRNO"] = reason
        return fault

    def judge(self, case):
        """Gives a list of what is wrong, and whether a call was struck."""
        name, call, reason, _, _ = case.split("-")
        began = time.monotonic()
        folder = self.prepare(case, name)
        fault = self.fault(case, folder)
        end = self.start(name, folder, fault)
        struck = os.path.exists(folder + "/mark")
        wrong = []
        if end.status is None or end.status < 0:
            wrong.append(str(end))
        elif end.status == 0:
            wrong += self.judge_success(name, reason, folder, end)
        elif not struck or reason in UNNOTICED:
            wrong.append("it is noticed: %s" % end)
        else:
            wrong += self.judge_failure(call, reason, end)
        if name in ("train", "resume"):
            wrong += self.judge_run(name, folder, call, end)
        if not wrong:
            shutil.rmtree(folder)
        self.took.append((time.monotonic() - began, case))
        return wrong, struck, end

    def judge_success(self, name, reason, folder, end):
        if name in ("train", "resume"):
            wrong = self.reference.judge_end(folder + "/run", True)
            if sections(folder + "/run/report.html") != sections(self.done + "/report.html") and \
                    not re.search(r"^nnrun: warning: there is no report: ", end.err, re.M):
                wrong.append("another report")
            return wrong
        out, made, html = self.result(name, folder, end)
        wrong = []
        shown = name in ("show", "checkpoint") and reason in DENIED and os.strerror(getattr(errno, reason)) in out
        if out != self.wanted[name][0] and not shown:  # shown: why it cannot be trained
            wrong.append("status 0, but it printed other lines: %s" % out)
        if made != self.wanted[name][1]:
            wrong.append("status 0, but it wrote other files: %s" % " ".join(sorted(made)))
        if html != self.wanted[name][2] and not (html and reason in DENIED and os.strerror(getattr(errno, reason)) in html):
            wrong.append("status 0, but it wrote another report")
        return wrong

    @staticmethod
    def judge_failure(call, reason, end):
        wrong = []
        if end.status != 1:
            wrong.append("status %d: %s" % (end.status, end.err.strip()))
        because = os.strerror(getattr(errno, reason))
        lines = [line for line in end.err.splitlines() if line.startswith("nnrun: ")]
        if call in ("stdout", "mmap"):  # the reason may be gone by the time it is said; memory has one reason
            because = "cannot write the output" if call == "stdout" else "out of memory"
        if not any(because in line and ABOUT.search(line) or "out of memory" in line and reason == "ENOMEM" for line in lines) \
                and call != "mmap":
            wrong.append("it does not say what and why: %s" % end)
        return wrong

    def judge_run(self, name, folder, call, end):
        run_folder, wrong = folder + "/run", []
        if os.path.isdir(run_folder):
            if call != "unlink":
                left = set(temporaries(run_folder)) - (set(temporaries(self.begun)) if name == "resume" else set())
                wrong += ["left: " + name for name in left]
            wrong += self.reference.judge_files(run_folder)
        if name == "resume" and (not steps(run_folder) or steps(run_folder)[-1] < steps(self.begun)[-1]):
            wrong.append("the newest checkpoint is gone")
        if "passed over" in end.err:
            wrong.append("a checkpoint that is whole was passed over")
        if end.status != 0:  # else it is at its end, and was judged
            wrong += self.reference.judge_resumed(folder, "run", 1, True, False)
        return wrong

    def note(self, case, end):
        name, call, reason = case.split("-")[:3]
        for line in end.err.splitlines():
            line = re.sub(r"\d+", "N", line)
            self.said.setdefault((name, line), "%s %s %s: status %s" % (name, call, reason, end.status))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--sites", action="store_true")
    parser.add_argument("--messages", action="store_true")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    began, failed, struck = time.monotonic(), 0, collections.Counter()
    print("# seed %d" % options.seed, flush=True)
    with Place() as place:
        faults = Faults(place)
        for case, (wrong, hit, end) in each(options.cases or sample(faults.cases(options.sites), options.sample, options.seed), faults.judge):
            struck[case.split("-")[0]] += hit
            if hit:
                faults.note(case, end)
            if not wrong:
                continue
            failed += 1
            print("# %s: %s" % (case, "; ".join(dict.fromkeys(wrong))))
            print("# again: NNRUN_BUILD=%s python3 %s %s" % (run_judge.BUILD, os.path.abspath(__file__), case), flush=True)
        if faults.inputs() != faults.given:
            failed += 1
            print("# data or a run that was only read changed")
        if options.messages:
            for seconds, case in sorted(faults.took)[-5:]:
                print("# took long: %s: %.1f s" % (case, seconds))
            for (_, line), how in sorted(faults.said.items()):
                print("# said: %s: %s" % (how, line))
    for name, count in struck.items():
        print("# %s: %d calls failed" % (name, count))
    print("# %d failing calls in %.0f s, %d wrong" % (sum(struck.values()), time.monotonic() - began, failed))
    return 1 if failed or not struck else 0


if __name__ == "__main__":
    sys.exit(main())
