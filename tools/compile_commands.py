#!/usr/bin/env python3
"""compile_commands.py: from the commands that `make -n V=1` prints to the database of clangd and clang-tidy.

    make -n V=1 ... | compile_commands.py SOURCE-FOLDER BUILD-FOLDER FILE

A command compiles if it has -c and names a C file of either folder. A file that is compiled more than once (for a test,
with other flags) has its first command alone.
"""
import json
import os
import re
import shlex
import sys

# automake writes `test -f 'NAME' || echo 'SOURCE/'`NAME: the file is in the build folder or else in the source folder.
LOOKED_FOR = re.compile(r"`test -f '[^']*' \|\| echo '[^']*'`")


def compiler_words(command):
    """The words of a command that compiles, from the compiler's name on; of libtool's the compiler's own."""
    words = shlex.split(command)
    if "--mode=compile" in words:
        words = words[words.index("--mode=compile") + 1:]
    return words if "-c" in words else []


def without_outputs(words):
    """The words less the file and those that only say what is written where."""
    kept = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-MT", "-MF", "-o"):
            skip = True
        elif word not in ("-MD", "-MP", "-c") and not is_file(word):
            kept.append(word)
    return kept


def is_file(word):
    return word.endswith(".c") and not word.startswith("-")


def entry(command, source, build):
    words = compiler_words(command)
    for name in filter(is_file, words):
        for folder in (build, source):
            path = os.path.normpath(os.path.join(folder, name))
            if os.path.exists(path):
                return {"directory": build, "file": path, "arguments": without_outputs(words) + ["-c", path]}
    return None


def main():
    source, build, output = (os.path.abspath(name) for name in sys.argv[1:4])
    text = LOOKED_FOR.sub("", sys.stdin.read().replace("\\\n", " "))
    entries = {}
    for command in re.split(r";|&&|\n", text):
        found = entry(command, source, build) if " -c " in command else None
        if found:
            entries.setdefault(found["file"], found)
    if not entries:
        sys.exit("compile_commands.py: no command compiles a C file")
    with open(output + ".new", "w", encoding="utf-8") as file:
        json.dump([entries[path] for path in sorted(entries)], file, indent=1)
        file.write("\n")
    os.replace(output + ".new", output)


main()
