"""kill.py [--random N] [--sample N] [--seed N] [CASE...]: training and resuming are killed: N times at random instants
each (200), and at file operations (a sample of N; all if it is not given). Whatever is left, the run comes to the
undisturbed end: the same bytes, by another number of threads, a log with each epoch once, nothing of ours left lying
about, nothing foreign gone. CASE is a name that a failing case was printed with. Prints what failed, the command that
repeats it, and where the kills fell."""
import argparse
import collections
import os
import random
import re
import shutil
import statistics
import sys
import time

import run_judge
from run_judge import Place, Reference, counts, each, must, put_foreign, run, sample, steps, temporaries

CALLS = "write,fsync,close,open,rename,mkdir,unlink"
LONG, SHORT = 60, 3  # epochs: of runs that are killed at random, at every operation


class Kills:
    def __init__(self, place, seed):
        self.place, self.seed = place, seed
        self.long, self.short = Reference(place + "/long", LONG, 20, 2000), Reference(place + "/short", SHORT, 10, 4)
        self.half = self.long.stopped_at("half", LONG // 2)
        self.begun = self.short.stopped_at("begun", 8)
        self.time = {what: self.measure(what) for what in ("train", "resume")}

    def prepare(self, name, template):
        folder = "%s/%s" % (self.place, name)
        if template:
            shutil.copytree(template, folder + "/run")
        put_foreign(folder + "/run")
        return folder

    def measure(self, what):
        took = []
        for i in range(5):
            folder = self.prepare("time-%s-%d" % (what, i), self.half if what == "resume" else None)
            began = time.monotonic()
            must(folder, self.long.train("run") if what == "train" else ["resume", "run"])
            took.append(time.monotonic() - began)
            shutil.rmtree(folder)
        return statistics.median(took)

    def random_cases(self, count):
        return ["%s-random-%d" % (what, i) for i in range(1, count + 1) for what in ("train", "resume")]

    def command(self, what, way):
        """The command, and the folder that its run begins as a copy of."""
        if what == "train":
            return (self.long if way == "random" else self.short).train("run", 2), None
        return ["resume", "run", "--threads", "2"], self.half if way == "random" else self.begun

    def walk_cases(self):
        cases = []
        for what in ("train", "resume"):
            command, template = self.command(what, "half")
            folder = self.prepare("count-" + what, template)
            found = counts(folder, lambda fault, folder=folder, command=command: run(folder, command, fault))
            total = sum(found[name] for name in CALLS.split(","))
            cases += ["%s-%s-%d" % (what, way, n) for way in ("early", "half") for n in range(1, total + 1)]
        return cases

    def judge(self, case):
        """Gives a list of what is wrong, and where the kill fell."""
        what, way, number = case.split("-")
        chance = random.Random("%d %s" % (self.seed, case))
        reference = self.long if way == "random" else self.short
        command, template = self.command(what, way)
        fault = None
        folder = self.prepare(case, template)
        if way == "random":
            after = chance.uniform(0, self.time[what])
            end = run(folder, command, None, after)
            while end.status == 0:  # too late
                shutil.rmtree(folder)
                self.prepare(case, template)
                after /= 2
                end = run(folder, command, None, after)
        else:
            fault = {"FAULT_CALL": CALLS, "FAULT_AT": number, "FAULT_MARK": folder + "/mark",
                     "FAULT_KILL": "early" if way == "early" else "1"}
            end = run(folder, command, fault)
        where = self.fell(folder + "/run", template)
        wrong = []
        if end.status != -9:
            wrong.append("not killed: %s" % end)
        wrong += reference.judge_files(folder + "/run")
        if template and (not steps(folder + "/run") or steps(folder + "/run")[-1] < steps(template)[-1]):
            wrong.append("the newest checkpoint is gone")
        wrong += reference.judge_resumed(folder, "run", chance.choice((1, 3)), True, True)
        if not wrong:
            shutil.rmtree(folder)
        return wrong, where

    @staticmethod
    def fell(run_folder, template):
        if not steps(run_folder):
            return "before the first checkpoint"
        if template and steps(run_folder) == steps(template) and temporaries(template) and temporaries(run_folder):
            return "before anything is done"
        with open(run_folder + "/log.jsonl") as file:
            logged = re.findall(r'"event":"epoch".*"step":(\d+)', file.read())
        if temporaries(run_folder) or len(steps(run_folder)) > run_judge.KEEP or \
                (logged and int(logged[-1]) > int(steps(run_folder)[-1][5:14])):
            return "within a save"
        return "between saves"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    began, failed, fell = time.monotonic(), 0, collections.Counter()
    print("# seed %d" % options.seed, flush=True)
    with Place() as place:
        kills = Kills(place, options.seed)
        cases = options.cases
        if not cases:
            cases = kills.random_cases(options.random) + sample(kills.walk_cases(), options.sample, options.seed)
        for case, (wrong, where) in each(cases, kills.judge):
            what, way, _ = case.split("-")
            fell[what, "at random" if way == "random" else "at an operation", where] += 1
            if not wrong:
                continue
            failed += 1
            print("# %s: %s" % (case, "; ".join(wrong)))
            print("# again: NNRUN_BUILD=%s python3 %s --seed %d %s" % (
                run_judge.BUILD, os.path.abspath(__file__), options.seed, case), flush=True)
    for (what, how, where), count in sorted(fell.items()):
        print("# %s killed %s: %d %s" % (what, how, count, where))
    count = sum(fell.values())
    print("# %d kills in %.0f s, %d wrong" % (count, time.monotonic() - began, failed))
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
