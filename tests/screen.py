"""screen.py: a command on a terminal, and what that would show.

screen.py run COLUMNS[,LATER] FILE COMMAND...   runs it, everything that it writes into the file; its status. When it
                                               has printed the end of an epoch the window gets LATER columns.
screen.py widest FILE [PATTERN]                the columns of the widest line behind the first that has the pattern,
                                               redrawn ones among them, before it would wrap
screen.py plain FILE                           the lines that stay, without colours
"""
import fcntl
import os
import pty
import re
import struct
import sys
import termios


def set_columns(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def run(columns, file, command):
    now, _, later = columns.partition(",")
    child, terminal = pty.fork()
    if child == 0:
        sys.stdin.readline()  # until the window has its size
        os.execvp(command[0], command)
    set_columns(terminal, int(now))
    os.write(terminal, b"\n")
    written = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        written += part
        if later and re.search(rb"epoch[^\r\n]*\r\n", written):
            set_columns(terminal, int(later))
            later = ""
    with open(file, "wb") as to:
        to.write(written[written.index(b"\n") + 1 :])
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def text_of(file):
    with open(file, encoding="utf-8", newline="") as text:
        return text.read()


def plain(text):
    return re.sub(r"\033\[[0-9;]*[A-Za-z]", "", text)


def widest(file, pattern):
    lines = re.split("[\r\n]+", plain(text_of(file)))
    first = next(i for i, line in enumerate(lines) if re.search(pattern, line))
    return max(len(line) for line in lines[first:])


def lines(file):
    for line in text_of(file).replace("\r\n", "\n").split("\n"):
        print(plain(line.split("\r")[-1]))


if sys.argv[1] == "run":
    sys.exit(run(sys.argv[2], sys.argv[3], sys.argv[4:]))
elif sys.argv[1] == "widest":
    print(widest(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
else:
    lines(sys.argv[2])
