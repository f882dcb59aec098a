"""serve_mixes.py: clients that crowd nnrun serve in one way each, and how long a 28x28 picture waits among them. Module
of bench.py."""
import http.client
import json
import multiprocessing
import os
import random
import socket
import struct
import subprocess
import tempfile
import threading
import time
import zlib

SMALL = b"P5 28 28 255\n" + bytes(784)
PGM = "image/x-portable-graymap"


def square(side):
    return f"P5 {side} {side} 255\n".encode() + random.Random(side).randbytes(side * side)


def png(side):
    """16-bit RGBA, all its bytes filtered: as much work as a picture of that many pixels makes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress((b"\4" + b"\x10" * (8 * side)) * side, 1)
    head = struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def photographs():
    """Bodies and their types: digits on squared paper, 240 to 400 pixels a side, JPEG where the tests are built with it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.path.join(os.environ["NNRUN_BUILD"], "tests/draw_photographs"), "squared", "8", folder],
                       check=True)
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                kind = "image/jpeg" if name.endswith(".jpg") else "image/x-portable-pixmap"
                found.append((file.read(), kind))
    return found


def head(size, kind, more=""):
    return (f"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n"
            f"{more}\r\n").encode()


class Crowd:
    """Threads that do one thing again and again until they are told to stop."""

    def __init__(self, port):
        self.port, self.over, self.threads = port, threading.Event(), []

    def run(self, count, what, *words):
        for _ in range(count):
            thread = threading.Thread(target=self.again, args=(what, *words), daemon=True)
            thread.start()
            self.threads.append(thread)

    def again(self, what, *words):
        while not self.over.is_set():
            try:
                what(*words)
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, body, kind, path="/predict"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while not self.over.is_set():
                connection.request("POST", path, body, {"Content-Type": kind})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 503:
                    time.sleep(0.05)
        finally:
            connection.close()

    def slow(self):
        with self.connect() as client:
            client.sendall(head(60000, "image/png"))
            while not self.over.wait(1):
                client.sendall(b"x")

    def refused(self):
        with self.connect() as client:
            client.sendall(head(60 << 20, PGM))
            while not self.over.is_set():
                client.sendall(bytes(1 << 16))

    def attempt(self):
        self.connect().close()


def mixes():
    """Name -> a function of a crowd that lets it begin."""
    picture, bomb, photos = png(2048), png(4000), photographs()
    wrong = json.dumps({"pixels": [[1] * 300] * 300 + [[1]]}).encode()
    return {
        "60 pictures of 16 megapixels, refused": lambda crowd: crowd.run(60, crowd.ask, bomb, "image/png"),
        "60 pictures of 4 megapixels": lambda crowd: crowd.run(60, crowd.ask, picture, "image/png"),
        "100 clients with photographs": lambda crowd: crowd.run(100, lambda: crowd.ask(*random.choice(photos))),
        "100 clients with 256x256": lambda crowd: crowd.run(100, crowd.ask, square(256), PGM),
        "500 slow senders": lambda crowd: crowd.run(500, crowd.slow),
        "100 clients with 28x28": lambda crowd: crowd.run(100, crowd.ask, SMALL, PGM),
        "100 clients with 28x28 and layers": lambda crowd: crowd.run(100, crowd.ask, SMALL, PGM, "/predict?layers=1"),
        "16 bodies of 60 MB, refused": lambda crowd: crowd.run(16, crowd.refused),
        "30 clients with wrong JSON": lambda crowd: crowd.run(30, crowd.ask, wrong, "application/json"),
        "connections without end": lambda crowd: crowd.run(8, crowd.attempt),
        "all of these": lambda crowd: (
            crowd.run(30, crowd.ask, picture, "image/png"), crowd.run(10, crowd.ask, bomb, "image/png"),
            crowd.run(20, lambda: crowd.ask(*random.choice(photos))), crowd.run(200, crowd.slow), crowd.run(30, crowd.ask, SMALL, PGM), crowd.run(2, crowd.refused),
            crowd.run(10, crowd.ask, wrong, "application/json"), crowd.run(2, crowd.attempt)),
    }


def ask_small(port):
    """Seconds until a 28x28 picture is answered, on a connection of its own."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=200)
    connection.request("POST", "/predict", SMALL, {"Content-Type": PGM})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return time.monotonic() - began, answer.status


def crowd_of(name, port, ready, over):
    crowd = Crowd(port)
    mixes()[name](crowd)
    ready.set()
    over.wait()


def longest(port, name, seconds):
    """The longest wait of pictures that are asked one after the other among this crowd, which is a process of its own,
    and what was answered but 200."""
    ready, over = multiprocessing.Event(), multiprocessing.Event()
    crowd = multiprocessing.Process(target=crowd_of, args=(name, port, ready, over), daemon=True)
    crowd.start()
    ready.wait()
    time.sleep(1)
    until, waits, others = time.monotonic() + seconds, [], []
    while time.monotonic() < until:
        try:
            wait, status = ask_small(port)
        except (OSError, http.client.HTTPException) as error:
            others.append(type(error).__name__)
            continue
        waits.append(wait)
        if status != 200:
            others.append(status)
    over.set()
    crowd.join()
    return max(waits), others
