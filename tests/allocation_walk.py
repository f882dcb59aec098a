"""Runs a command of nnrun once for each allocation that it makes, with that one failing, and judges how it ends.

    allocation_walk.py [OPTION...] COMMAND...

  --name NAME     of this walk
  --stride N      only every N-th allocation, 1 if not given
  --sites         only the first of those allocations that have the same callers
  --first N       from this one on
  --last N        up to this one
  --into PATH     what the command writes: removed before each run, compared after it
  --from FOLDER   ... and made a copy of this one first
  --alone         processes that the command starts are spared
  --rank N        of the ranks that the command starts, only that one is struck
  --url PATH      the command serves: it is asked for this three times once it says where, then told to stop
  --body FILE     ... and sent this
  --type TYPE     ... as this; as a PGM file if not given
  --limits FILE   who may end otherwise; allocation_limits.txt says how
  --list          also prints where nnrun did without the memory

Run in a folder that has what the command reads. NNRUN_FAULT names fault.so. A command may end

  - with status 1 and "out of memory", with no temporary file, and no step file that differs from what an undisturbed run
    writes under that name;
  - with status 0, if all that it prints and writes is what an undisturbed run prints and writes: it did without. A report
    that could not be written after a training is a warning. A server may close a connection without an answer, or answer
    that it has no memory, once; other questions get the answer of an undisturbed run;
  - as a limit says.
"""

import argparse
import concurrent.futures
import http.client
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

from run_judge import first_of_sites

CALLS = "malloc,calloc,realloc,aligned_alloc,posix_memalign"
# The last one is a thread that cannot be started: the system does not say for lack of what.
REASON = "(out of memory|Cannot allocate memory|Resource temporarily unavailable)"
SAID = re.compile(f"^nnrun: (?!warning).*{REASON}", re.M)
NO_REPORT = re.compile(f"^nnrun: warning: there is no report: .*{REASON}$", re.M)
WORKERS = min(2, os.cpu_count() or 1)
MOST_LINES = 3  # of an output that is wrong
SECONDS = 600  # more than any run takes; a run that hangs is a fault


class Ended:
    """How a run ended, and what it left."""

    def __init__(self, status, out, err, answers, files, who):
        self.status, self.out, self.err, self.answers, self.files, self.who = status, out, err, answers, files, who

    def same_result(self, other):
        return (self.status, self.out, self.answers, self.files) == (other.status, other.out, other.answers, other.files)

    def same(self, other):
        return self.same_result(other) and self.err == other.err

    def refuses_once(self, other):
        """The same, but for one answer that is missing."""
        others = [answer for answer in self.answers if answer != REFUSED]
        return len(others) == len(other.answers) - 1 and Ended(
            self.status, self.out, self.err, others + other.answers[:1], self.files, None).same(other)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def files_in(place, here):
    """The bytes of a file, or of all in a folder, by their names, as they would be in any working folder."""
    paths = [os.path.join(parent, name) for parent, _, names in os.walk(place) for name in names]
    if os.path.isfile(place):
        paths = [place]
    return {os.path.relpath(path, place): read(path).replace(here.encode(), b"HERE") for path in paths}


def remove(place):
    if os.path.isfile(place):
        os.remove(place)
    else:
        shutil.rmtree(place, ignore_errors=True)


REFUSED = "refused"


def ask(options, address):
    """The status and body that the server answers; REFUSED if it closes the connection or has no memory."""
    body = read(options.body) if options.body else None
    headers = {"Content-Type": options.type} if body else {}
    request = urllib.request.Request(address + options.url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
        return REFUSED if error.code == 503 or b"out of memory" in body else (error.code, body)
    except (OSError, http.client.HTTPException):
        return REFUSED


def communicate(options, process):
    """What the command prints, and what it answers if it serves."""
    if not options.url:
        return *process.communicate(timeout=SECONDS), []
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    answers, first = [], process.stdout.readline()
    address = re.search(rb" on (http://\S+:(\d+))/", first)
    if address:
        answers = [ask(options, address.group(1).decode()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        first = first.replace(address.group(2), b"PORT")
    out, err = process.communicate()
    timer.cancel()
    return first + out, err, answers


def who_asked(trace):
    """The callers of the allocation that failed; None if none did."""
    return read(trace).decode().splitlines() if os.path.exists(trace) else None


def spared(options):
    """What fault.c is told of processes that are not struck."""
    return {"FAULT_ALONE": "1"} if options.alone else {"FAULT_RANK": options.rank} if options.rank else {}


def run(options, folder, at, sites=None):
    """The command with allocation `at` failing, if it makes so many."""
    into = options.into and os.path.join(folder, options.into)
    if into:
        remove(into)
        if options.copied:
            shutil.copytree(options.copied, into)
    trace = os.path.join(folder, ".trace")
    remove(trace)
    environment = dict(os.environ, LD_PRELOAD=os.environ["NNRUN_FAULT"], FAULT_CALL=CALLS, FAULT_AT=str(at),
                       FAULT_TRACE=".trace", FAULT_STEADY="1", **({"FAULT_SITES": sites} if sites else {}), **spared(options))
    process = subprocess.Popen(options.command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err, answers = communicate(options, process)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return Ended("no end", out.decode(), err.decode(), [], {}, who_asked(trace))
    return Ended(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"), answers,
                 files_in(into, folder) if into else {}, who_asked(trace))


def culprit(who):
    """Which library, or the program, wanted the memory: what the C library asks for is its caller's."""
    for line in who:
        name = line.split("+")[0]
        if not re.match(r"(libc|libm|libpthread|ld-linux[^.]*)\.so", name):
            return name
    return "libc.so"


def read_limits(path):
    """Library, ending and words of each: see the file."""
    if not path:
        return []
    lines = [line.split("#")[0].split(maxsplit=2) for line in read(path).decode().splitlines()]
    return [(*line, "")[:3] for line in lines if line]


def is_limit(limits, ended):
    name = culprit(ended.who)
    ending = signal.Signals(-ended.status).name if isinstance(ended.status, int) and ended.status < 0 else str(ended.status)
    return any(name.startswith(library) and ending == how and words in ended.err for library, how, words in limits)


def judge(whole, ended, limits):
    """What the run did: "said", "without" or "limit"; else what is wrong with it."""
    changed = [name for name, data in ended.files.items()
               if name.startswith("step-") and name in whole.files and data != whole.files[name]]
    if any(".tmp-" in name for name in ended.files):
        return "leaves a temporary file"
    if changed:
        return "writes another " + changed[0]
    if ended.status == 1 and SAID.search(ended.err):
        return "said"
    if ended.same(whole):
        return "without"
    if ended.status == 0 and NO_REPORT.search(ended.err):
        return "said"
    if ended.refuses_once(whole):
        return "said"
    if is_limit(limits, ended) and (ended.status != 0 or ended.same_result(whole)):
        return "limit"
    return f"status {ended.status}"


def repeat(options, at):
    """A command that repeats a run."""
    lines = []
    if options.into:
        lines.append(f"rm -rf {shlex.quote(options.into)}")
    if options.copied:
        lines.append(f"cp -r {shlex.quote(options.copied)} {shlex.quote(options.into)}")
    lines.append(f"LD_PRELOAD={os.environ['NNRUN_FAULT']} FAULT_CALL={CALLS} FAULT_AT={at} FAULT_STEADY=1 " +
                 "".join(f"{name}={value} " for name, value in spared(options).items()) + " ".join(map(shlex.quote, options.command)))
    return "; ".join(lines)


def numbers_of(options, folder):
    """Which allocations are to fail."""
    if not options.sites:
        return range(options.first, options.last + 1, options.stride)
    path = os.path.join(folder, ".sites")
    run(options, folder, 10**9, path)
    return first_of_sites(path)


def walk(options, folder, numbers, whole, limits, counts, faults):
    for at in numbers:
        ended = run(options, folder, at)
        if ended.who is None:
            if not ended.same(whole):
                faults.append((at, "another result without a fault", ended))
            return
        found = judge(whole, ended, limits)
        if found in counts:
            counts[found].append((at, ended))
        else:
            faults.append((at, found, ended))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--sites", action="store_true")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=10**9 - 1)
    parser.add_argument("--into")
    parser.add_argument("--from", dest="copied")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--rank")
    parser.add_argument("--url")
    parser.add_argument("--body")
    parser.add_argument("--type", default="image/x-portable-graymap")
    parser.add_argument("--limits")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--name", required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def work_folder(options, base):
    """A folder of a worker's own, which has all that is here."""
    folder = tempfile.mkdtemp(dir=base)
    for name in os.listdir("."):
        if name != options.into and os.path.abspath(name) != base:
            os.symlink(os.path.abspath(name), os.path.join(folder, name))
    return folder


def show(options, faults):
    for at, found, ended in sorted(faults, key=lambda fault: fault[0])[:int(os.environ.get("NNRUN_MOST", "20"))]:
        print(f"# allocation {at} of {options.name}: {found}; asked for by {culprit(ended.who or [])}")
        if ended.answers:
            print(f"#     answers {ended.answers}"[:150])
        for text in (ended.out, ended.err):
            for line in text.splitlines()[-MOST_LINES:]:
                print(f"#     {line[:150]}")
        print(f"#   again: NNRUN_WALK={options.name}:{at} make check TESTS=tests/allocation.sh")
        print(f"#   where its files are: {repeat(options, at)}")


def main():
    options = parse()
    counts, faults = {"said": [], "without": [], "limit": []}, []
    limits = read_limits(options.limits)
    with tempfile.TemporaryDirectory(dir=".") as base:
        base = os.path.abspath(base)
        folders = [work_folder(options, base) for _ in range(WORKERS)]
        whole, again = (run(options, folder, 10**9) for folder in (folders[0], folders[-1]))
        if not whole.same(again):
            print(f"# {options.name}: two undisturbed runs differ")
            return 99
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            numbers = numbers_of(options, folders[0])
            walks = [pool.submit(walk, options, folder, numbers[i::WORKERS], whole, limits, counts, faults)
                     for i, folder in enumerate(folders)]
            for each in walks:
                each.result()
    total = sum(map(len, counts.values())) + len(faults)
    print(f"{options.name}: {total} allocations failed, {len(counts['said'])} said, {len(counts['without'])} done without, "
          f"{len(counts['limit'])} limits, {len(faults)} faults")
    show(options, faults)
    for at, ended in sorted(counts["without"], key=lambda each: each[0]) if options.list else ():
        print(f"  {at}: without, asked for by {culprit(ended.who)}: {' '.join(ended.who[:6])}")
    return 1 if faults or total == 0 else 0


sys.exit(main())
