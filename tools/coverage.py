#!/usr/bin/env python3
"""coverage.py: what lines and branches of src and plugins the tests reached, by gcov's counters in a build folder.

    coverage.py SOURCE-FOLDER [BUILD-FOLDER] [--left FILE [--rewrite]] [--show PATH]

Prints a table of the files, the totals last. A line counts once, however many objects it is compiled into (kernels are
compiled once per code level), and so does a branch. --left names the list of what is left, with lines

    FILE: LINES BRANCHES: REASON

the numbers being those that may be unreached. The status is 1 if a file has clearly more of either, or if the totals are
below those of the list's line "total: LINES% BRANCHES%". --rewrite stores the numbers of this run there, and keeps the
reasons. --show PATH prints the lines of files that begin so: "-" those not reached, "?" those with a branch that is not."""
import argparse
import gzip
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict


def objects(build):
    """Paths of all .gcno files of the library, the program and the plugins."""
    for folder, _, names in os.walk(build):
        inner = os.path.relpath(folder, build).split(os.sep)
        if inner[0] in ("src", "plugins") and "wide" not in inner:
            yield from (os.path.abspath(os.path.join(folder, name)) for name in names if name.endswith(".gcno"))


def gcov(build):
    """The reports of gcov, one for each object."""
    notes = sorted(objects(build))
    with tempfile.TemporaryDirectory() as folder:
        for i, note in enumerate(notes):
            inner = os.path.join(folder, str(i))
            os.mkdir(inner)
            done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", note], cwd=inner, check=False,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if done.returncode != 0:
                print(f"coverage.py: {os.path.relpath(note, build)}: its counters cannot be read", file=sys.stderr)
            for name in os.listdir(inner):
                with gzip.open(os.path.join(inner, name), "rt", encoding="utf-8") as report:
                    yield json.load(report)


def measure(source, build):
    """{file: ({line: count}, {(line, branch...): count})}, files relative to the source folder."""
    found = defaultdict(lambda: (defaultdict(int), defaultdict(int)))
    forms = defaultdict(list)
    for report in gcov(build):
        for entry in report["files"]:
            path = entry["file"].removeprefix("../")  # as the compiler is told to call the sources: configure.ac
            if not path.startswith(("src/", "plugins/")) or not os.path.exists(os.path.join(source, path)):
                continue
            lines, branches = found[path]
            for line in entry["lines"]:
                number = line["line_number"]
                lines[number] += line["count"]
                taken = [b["count"] for b in line["branches"] if not b["throw"]]
                if taken:
                    forms[path, number].append(taken)
    for path in found:
        with open(os.path.join(source, path), encoding="utf-8") as file:
            text = file.read()
        for number, line in enumerate(text.splitlines(), 1):
            if forms[path, number]:
                own = conditions(line) if "NNRUN_INLINE" in text else 0
                fold(found[path][1], number, forms[path, number], 2 * own)
    return found


def conditions(line):
    """How many a line of a kernel has."""
    return len(re.findall(r"&&|\|\||\?|\b(?:if|for|while)\b", line))


def fold(branches, number, copies, own):
    """Adds up the copies of a line's branches: one for each function that it is compiled into. In one, those of a kernel that
    is inlined several times, for each size and level, come one after the other: `own` of the source, if that is not 0."""
    for taken in copies:
        of_copy = own if own and len(taken) % own == 0 else len(taken)
        for i, count in enumerate(taken):
            branches[number, of_copy, i % of_copy] += count


def reached(counts):
    return sum(count > 0 for count in counts.values())


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


NO_REASON = "(say why)"
SLACK = 2  # lines or branches of a file that come and go with the instant of a signal or a thread
TOTAL_SLACK = 0.2  # percent of all of them


def read_left(path):
    """{file: (lines, branches, reason)}, the two thresholds, and the comment before."""
    left, least, head = {}, (0.0, 0.0), []
    with open(path, encoding="utf-8") as text:
        for line in text:
            if line.startswith("#") or not line.strip():
                head.append(line)
                continue
            name, numbers, *reason = line.strip().split(": ", 2)
            first, second = numbers.split()
            if name == "total":
                least = (float(first.rstrip("%")), float(second.rstrip("%")))
            else:
                left[name] = (int(first), int(second), reason[0])
    return left, least, head


def missed(counts):
    return tuple(len(part) - reached(part) for part in counts)


def write_left(path, found, totals):
    """Stores less than the totals, as a run may differ from another by where a signal came."""
    left, _, head = read_left(path)
    with open(path, "w", encoding="utf-8") as text:
        text.writelines(head)
        text.write("total: %s%% %s%%\n" % tuple(math.floor((total - TOTAL_SLACK) * 10) / 10 for total in totals))
        for name in sorted(found):
            if any(missed(found[name])):
                text.write("%s: %d %d: %s\n" % (name, *missed(found[name]), left.get(name, (0, 0, NO_REASON))[2]))


def judge(found, left, totals, least):
    """What falls short, in words."""
    for path in sorted(set(found) | set(left)):
        now = missed(found.get(path, ({}, {})))
        *allowed, reason = left.get(path, (0, 0, ""))
        if path in left and path not in found:
            yield f"{path}: is listed, and there is no such file"
        elif now[0] > allowed[0] + SLACK or now[1] > allowed[1] + SLACK:
            yield "%s: %d lines and %d branches are not reached, listed are %d and %d" % (path, *now, *allowed)
        elif reason == NO_REASON:
            yield f"{path}: is listed without a reason"
    for name, got, wanted in zip(("lines", "branches"), totals, least):
        if got < wanted:
            yield f"{got:.2f} % of all {name} are reached, {wanted:g} are wanted"


def show(source, path, counts):
    lines, branches = counts
    open_lines = {number for number, count in lines.items() if count == 0}
    partly = {key[0] for key, count in branches.items() if count == 0} - open_lines
    with open(os.path.join(source, path), encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            mark = "-" if number in open_lines else "?" if number in partly else None
            if mark:
                print(f"{path}:{number}: {mark} {line.rstrip()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source")
    parser.add_argument("build", nargs="?", default=".")
    parser.add_argument("--left")
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("--show", action="append", default=[])
    options = parser.parse_args()
    found = measure(os.path.abspath(options.source), os.path.abspath(options.build))
    if not found:
        sys.exit("coverage.py: gcov found nothing")
    if options.show:
        for path in sorted(found):
            if any(path.startswith(begin) for begin in options.show):
                show(options.source, path, found[path])
        return 0
    sums = [0, 0, 0, 0]
    for path in sorted(found):
        lines, branches = found[path]
        row = reached(lines), len(lines), reached(branches), len(branches)
        sums = [a + b for a, b in zip(sums, row)]
        print("%-48s %5d of %5d lines %6.1f %%  %5d of %5d branches %6.1f %%" %
              (path, *row[:2], percent(*row[:2]), *row[2:], percent(*row[2:])))
    totals = percent(*sums[:2]), percent(*sums[2:])
    print("%-48s %5d of %5d lines %6.2f %%  %5d of %5d branches %6.2f %%" %
          ("total", *sums[:2], totals[0], *sums[2:], totals[1]))
    faults = []
    if options.left:
        if options.rewrite:
            write_left(options.left, found, totals)
        left, least, _ = read_left(options.left)
        faults += judge(found, left, totals, least)
    for fault in faults:
        print(f"not ok - {fault}")
    print(f"# PASS: {int(not faults)}\n# FAIL: {len(faults)}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
