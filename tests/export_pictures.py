"""export_pictures.py FOLDER IDX COUNT: writes the first samples of an IDX file as FOLDER/sample-N.png.
export_pictures.py FOLDER PHOTOGRAPHS: each PPM file in folders of PHOTOGRAPHS as FOLDER/photograph-FAMILY-N.png.
export_pictures.py FOLDER: pictures of many sizes, in grey, colour, and with parts that are transparent, FOLDER/drawn-KIND-N.png; and each
kind of PNG file, FOLDER/kind-TYPE-DEPTH-N.png."""
import glob
import gzip
import os
import random
import struct
import sys
import zlib

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
WHOLE = [(0, 0, 1, 1)]
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def predicted(kind, i, row, above, step):
    """What a filter takes off byte i."""
    left, corner = (row[i - step], above[i - step]) if i >= step else (0, 0)
    by = left + above[i] - corner
    nearest = min((left, above[i], corner), key=lambda value: abs(by - value))
    return [0, left, above[i], (left + above[i]) // 2, nearest][kind]


def packed(samples, depth):
    """Samples of so many bits, the first in the highest."""
    bits = "".join(f"{sample:0{depth}b}" for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def rows_of(height, width, samples, depth, channels, passes):
    """The bytes of all passes, filtered by each kind in turn."""
    step, out = max(1, depth * channels // 8), bytearray()
    for left, top, across, down in passes:
        columns, above = range(left, width, across), None
        for y in range(top, height, down) if len(columns) else ():
            row = packed([samples[(y * width + x) * channels + c] for x in columns for c in range(channels)], depth)
            above, kind = above or bytes(len(row)), y % 5
            out += bytes([kind]) + bytes((row[i] - predicted(kind, i, row, above, step)) % 256 for i in range(len(row)))
            above = row
    return bytes(out)


def write(name, height, width, channels, pixels, depth=8, kind=None, before=b"", passes=None):
    """Pixels whose channels follow one another. `before` is chunks before the pixels."""
    if depth == 8 and not passes:
        line = width * channels
        rows = b"".join(b"\0" + bytes(pixels[y * line:(y + 1) * line]) for y in range(height))
    else:
        rows = rows_of(height, width, pixels, depth, channels, passes or WHOLE)
    header = struct.pack(">IIBBBBB", width, height, depth, COLOUR_TYPES[channels] if kind is None else kind, 0, 0, bool(passes))
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def kinds():
    """Each kind of PNG file: depths, palettes, what is transparent, interlaced or not, turned by EXIF data."""
    dice = random.Random(2)
    number = 0
    for kind, channels in (0, 1), (2, 3), (3, 1), (4, 2), (6, 4):
        for depth in (1, 2, 4, 8, 16):
            if depth < 8 and kind not in (0, 3) or depth == 16 and kind == 3:
                continue
            for passes in None, PASSES:
                height, width = dice.choice([(3, 2), (13, 21), (40, 17)])
                samples = [dice.randrange(1 << depth) for _ in range(height * width * channels)]
                before = chunk(b"gAMA", struct.pack(">I", 100000))
                if kind == 3:
                    before += chunk(b"PLTE", bytes(dice.randrange(256) for _ in range(3 << depth)))
                    before += chunk(b"tRNS", bytes(dice.randrange(256) for _ in range(dice.randrange(1, 1 + (1 << depth)))))
                elif kind in (0, 2) and number % 3:
                    before += chunk(b"tRNS", struct.pack(f">{channels}H", *samples[:channels]))
                if number % 2:
                    orientation = number // 2 % 9
                    before += chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0" + bytes([orientation]) + b"\0\0\0\0\0\0")
                write(f"kind-{kind}-{depth}-{number:02}.png", height, width, channels, samples, depth, kind, before, passes)
                number += 1


def samples(idx, count):
    with gzip.open(idx) as file:
        data = file.read(16 + 784 * count)
    for i in range(count):
        write(f"sample-{i:03}.png", 28, 28, 1, data[16 + 784 * i:16 + 784 * (i + 1)])


def photographs(source):
    for path in sorted(glob.glob(os.path.join(source, "*", "*.ppm"))):
        with open(path, "rb") as file:
            data = file.read()
        kind, width, height, _ = data.split(None, 4)[:4]
        channels = {b"P5": 1, b"P6": 3}[kind]
        size = int(width) * int(height) * channels
        family, number = path.split(os.sep)[-2:]
        write(f"photograph-{family}-{number[:-4]}.png", int(height), int(width), channels, data[-size:])


def drawn():
    """Squares of a few shades, some noise, and strokes."""
    dice = random.Random(1)
    sizes = [(1, 1), (1, 9), (7, 1), (28, 28), (20, 31), (64, 64), (63, 200), (90, 70), (131, 97), (300, 210), (41, 600), (700, 530)]
    for number, (height, width) in enumerate(sizes):
        for kind, channels in ("grey", 1), ("colour", 3), ("clear", 4):
            noise, light = dice.choice([0, 2, 9]), dice.random() < .5
            shades = [[dice.randrange(200) + 28 for _ in range(channels)] for _ in range(4)]
            row, column = dice.randrange(height), dice.randrange(width)
            pixels = bytearray()
            for y in range(height):
                for x in range(width):
                    block = 2 * (2 * y > height) + (2 * x > width)
                    ink = abs(y - row) * 12 < height or abs(x - column + (y - row) / 3) * 16 < width
                    shade = shades[0] if number % 3 == 0 else shades[block]
                    pixel = [(10 if light else 250) if ink else min(255, value + dice.randrange(noise + 1)) for value in shade]
                    if kind == "clear":
                        pixel[3] = 255 if ink or block == number % 4 else 0
                        pixel[:3] = pixel[:3] if pixel[3] else [0, 0, 0]
                    pixels += bytes(pixel)
            write(f"drawn-{kind}-{number:02}.png", height, width, channels, pixels)


folder = sys.argv[1]
if len(sys.argv) > 3:
    samples(sys.argv[2], int(sys.argv[3]))
elif len(sys.argv) > 2:
    photographs(sys.argv[2])
else:
    drawn()
    kinds()
