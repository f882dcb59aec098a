#!/usr/bin/env python3
"""tutorial.py [--all] [--loose] [--rewrite] FOLDER DOCUMENT...: runs every command of the documents in FOLDER, one document
after the other, and compares what each prints with what stands below it.

A fenced block whose first line begins with "$ " is commands, each with its output below, where "..." stands for any
lines. Before a block may stand <!-- from: FILE -->: it is a part of that file; <!-- exact -->: what it prints depends on
no data; <!-- mnist -->: it means nothing with other data. Times, speeds, threads and code levels are never compared.
Without --all other figures are compared in exact blocks alone, for the data are few and not MNIST's; with --loose, where a
processor rounds otherwise, in none.

--rewrite puts into the documents what was printed, keeping "..." where it stands."""
import difflib
import os
import re
import subprocess
import sys

FENCE = "```"
DOTS = "..."
LEVEL = r"(?:portable|avx2|avx512)"
NUMBER = re.compile(r"(?<![A-Za-z0-9_])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def normal(line):
    """Without what differs from machine to machine."""
    line = re.sub(rf"{LEVEL}( {LEVEL})*", "LEVEL", line)
    line = re.sub(r"\b\d+ threads?\b", "N threads", line)
    line = re.sub(r"\d+ samples/s +[\d.]+ s$", "N samples/s  N s", line)
    if "LEVEL" in line or "largest error" in line:
        line = re.sub(r"\d\.\de[-+]\d\d", "E", line)
    line = re.sub(re.escape(os.getcwd()), "FOLDER", line)
    return re.sub(r"\s+", " ", line).strip()


def loose(line):
    """Without figures, and without the mark of the best epoch."""
    return NUMBER.sub("N", normal(line)).replace(" *", "")


def kin(line):
    """Equal for two lines that say the same of the same thing, one perhaps with other figures."""
    epoch = re.match(r"epoch +\d+/\d+", line)
    return (epoch.group() if epoch else "") + loose(line)


def fits(shown, said, form):
    """True if the lines said are those shown, where DOTS stands for any."""
    shown, said = [line if line == DOTS else form(line) for line in shown], [form(line) for line in said]
    ends = {0}
    for line in shown:
        if line == DOTS:
            ends = set(range(min(ends), len(said) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(said) and said[end] == line}
        if not ends:
            return False
    return len(said) in ends


def likeness(shown, said):
    """From 0 to 1: how much a line said looks like the one shown, in other words or with other figures."""
    if shown == DOTS:
        return 0
    if kin(shown) == kin(said):
        return 1
    if shown.startswith("epoch ") and said.startswith("epoch "):
        return 0
    ratio = difflib.SequenceMatcher(None, loose(shown), loose(said)).ratio()
    return ratio / 2 if ratio > 0.6 else 0


def pairs(shown, said):
    """Indices of lines that are alike, in order, as many and as much as can be."""
    alike = [[likeness(line, other) for other in said] for line in shown]
    best = [[0] * (len(said) + 1) for _ in range(len(shown) + 1)]
    for i in reversed(range(len(shown))):
        for j in reversed(range(len(said))):
            paired = alike[i][j] and alike[i][j] + best[i + 1][j + 1]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(shown) and j < len(said):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def merged(shown, said):
    """What is to be shown of what was said: all but what DOTS stands for; a line that only took other time stays."""
    if fits(shown, said, normal):
        return shown
    lines, i, j = [], 0, 0
    for to_i, to_j in [*pairs(shown, said), (len(shown), len(said))]:
        lines += [DOTS] if DOTS in shown[i:to_i] else said[j:to_j]
        if to_i < len(shown):
            lines.append(shown[to_i] if normal(shown[to_i]) == normal(said[to_j]) else said[to_j])
        i, j = to_i + 1, to_j + 1
    return lines


def blocks(text):
    """Of each fenced block: its marks, whether it is commands, and its lines; then of each line of text outside None."""
    marks, inside = {}, None
    for line in text.splitlines():
        mark = re.fullmatch(r"<!-- (exact|mnist|from): ?(\S+) -->|<!-- (exact|mnist) -->", line)
        if inside is not None:
            if line == FENCE:
                yield marks, inside, line
                marks, inside = {}, None
            else:
                inside.append(line)
        elif line.startswith(FENCE):
            yield None, None, line
            inside = []
        else:
            if mark:
                marks = {mark[1] or mark[3]: mark[2]}
            yield None, None, line


class Tutorial:
    def __init__(self, source, options):
        self.source, self.everything = source, "--all" in options
        self.exact, self.rewrite = "--loose" not in options, "--rewrite" in options
        self.count = self.failures = 0

    def result(self, holds, promise, lines=()):
        self.count += 1
        self.failures += not holds
        print(f"{'ok' if holds else 'not ok'} {self.count} - {promise}", *lines, sep="\n# ", flush=True)

    def skip(self, promise, why):
        self.result(True, f"{promise} # SKIP {why}")

    @staticmethod
    def open_folders():
        """Configs are copied of a source that perhaps nobody may write: so are their folders then."""
        for folder, _, _ in os.walk("configs"):
            os.chmod(folder, 0o755)

    def run(self, title, command, shown, marks):
        promise = f"{title}: $ {command}"
        if "mnist" in marks and not self.everything:
            self.skip(promise, "it is about MNIST's digits")
            return shown
        done = subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        said = [line.rstrip() for line in done.stdout.decode("ascii", "replace").splitlines()]
        self.open_folders()
        exact = self.exact and (self.everything or "exact" in marks)
        if self.rewrite and exact:
            kept = {i for i, _ in pairs(shown, said)}
            gone = [line for i, line in enumerate(shown) if line != DOTS and i not in kept]
            print(*[f"# no longer shown below $ {command}: {line}" for line in gone], sep="\n", end="\n" * bool(gone))
            shown = merged(shown, said)
        if done.returncode and not any(line.startswith("nnrun: ") for line in shown):
            self.result(False, promise, [f"status {done.returncode}, and no error is shown", *said[-20:]])
        elif not fits(shown, said, normal if exact else loose):
            new = merged(shown, said)
            self.result(False, promise, ["what it prints is not what is shown; if it is meant: " + REWRITE]
                        + ["shown: " + line for line in shown if line not in new]
                        + ["said: " + line for line in new if line not in shown])
        else:
            self.result(True, promise)
        return shown

    def commands(self, title, lines, marks):
        """Runs a block; what is to stand in it."""
        new, command, shown = [], None, []
        for line in [*lines, None]:
            if line is None or line.startswith("$ "):
                if command is not None:
                    new += ["$ " + command, *self.run(title, command, shown, marks)]
                command, shown = line and line[2:], []
            else:
                shown.append(line)
        return new

    def part(self, title, lines, path):
        with open(os.path.join(self.source, path), encoding="ascii") as file:
            whole = file.read().splitlines()
        self.result(any(whole[i:i + len(lines)] == lines for i in range(len(whole))), f"{title}: it is a part of {path}")

    def document(self, path):
        with open(path, encoding="ascii") as file:
            text = file.read()
        title, new, here = "", [], os.path.basename(path)
        for marks, lines, line in blocks(text):
            if lines is not None:
                if lines and lines[0].startswith("$ "):
                    lines = self.commands(f"{here}, {title}", lines, marks)
                elif "from" in marks:
                    self.part(f"{here}, {title}", lines, marks["from"])
                new += lines
            elif line.startswith("#"):
                title = line.lstrip("# ")
            new.append(line)
        new = "\n".join(new) + "\n"
        if new != text and self.rewrite:
            with open(path, "w", encoding="ascii") as file:
                file.write(new)


REWRITE = "NNRUN_REWRITE=1 make check-tutorial (tests/README.md)"


def main():
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    documents = [os.path.abspath(path) for path in arguments[1:]]
    os.chdir(arguments[0])
    tutorial = Tutorial(os.environ["NNRUN_SOURCE"], sys.argv)
    for path in documents:
        tutorial.document(path)
    print(f"1..{tutorial.count}")
    return tutorial.failures > 0


if __name__ == "__main__":
    sys.exit(main())
