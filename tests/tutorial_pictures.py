#!/usr/bin/env python3
"""tutorial_pictures.py [--write] FOLDER: the pictures of the tutorial in FOLDER are those that the reports of the runs in
./runs have, or become those. Drawings that are made by hand are left alone."""
import base64
import os
import re
import struct
import subprocess
import sys
import zlib

# As the style of a report has them, on white.
STYLE = """<style>text{font:12px sans-serif;fill:#5c6066}.x{text-anchor:middle}.y,.late{text-anchor:end}.grid{stroke:#e3e3de}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round}.c0{stroke:#0b6fb8}.c1{stroke:#d1570a}.c2{stroke:#00855f}
.mark{stroke:#5c6066;stroke-dasharray:2 4;fill:none}text.mark{stroke:none}</style>"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def chart(title, *runs):
    """The chart of that title, of one run's report or of a report about several, as an SVG file."""
    page = f"{runs[0]}/report.html"
    if len(runs) > 1:
        page = "compared.html"
        subprocess.run(["nnrun", "report", *runs, "-q", "-o", page, "--plugin-path", "."], check=True,
                       stdout=subprocess.DEVNULL)
    text = read(page)
    body = re.search(rf'<svg [^>]*aria-label="{title}">(.*?)</svg>', text)[1]
    body = re.sub(r'<g class="hover">.*?</g></g>', "", body)
    keys = re.findall(r'<path class="line (c\d)"[^>]*/></svg>([^<]*)<', text[:text.index(body[:200])])
    known, legend, at = set(), "", 38
    for colour, name in reversed(keys):
        if colour not in known:
            known.add(colour)
            legend = f"{colour} {name.strip()}\n{legend}"
    drawn = f'<text x="8" y="18">{title.removesuffix(" by epoch")}, by epoch</text>'
    for line in legend.splitlines():
        colour, name = line.split(" ", 1)
        drawn += f'<path class="line {colour}" d="M{at} 36h14"/><text x="{at + 20}" y="40">{name}</text>'
        at += 44 + 7 * len(name)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 256" width="570" height="384" role="img">{STYLE}\n'
            f'<rect width="380" height="256" fill="#fff"/>{drawn}<g transform="translate(0 48)">{body}</g></svg>\n').encode()


def decoded(png):
    """The rows of a PNG of 8 bits a channel, and its channels."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    channels = {0: 1, 2: 3, 3: 1}[colour]
    data, palette, at = b"", b"", 8
    assert depth == 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IDAT":
            data += png[at + 8:at + 8 + size]
        elif kind == b"PLTE":
            palette = png[at + 8:at + 8 + size]
        at += size + 12
    data, rows, above = zlib.decompress(data), [], bytes(width * channels)
    for y in range(height):
        kind, *row = data[y * (width * channels + 1):(y + 1) * (width * channels + 1)]
        for i, value in enumerate(row):
            left = row[i - channels] if i >= channels else 0
            corner = above[i - channels] if i >= channels else 0
            guess = min((abs(above[i] - corner), 0, left), (abs(left - corner), 1, above[i]),
                        (abs(left + above[i] - 2 * corner), 2, corner))[2]
            row[i] = (value + [0, left, above[i], (left + above[i]) // 2, guess][kind]) & 255
        rows.append(bytes(row))
        above = row
    if colour == 3:
        return [b"".join(palette[3 * value:3 * value + 3] for value in row) for row in rows], 3
    return rows, channels


def encoded(rows, width):
    """A PNG of rows of RGB."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", data) + chunk(b"IEND", b""))


def sheet(run, kind, count, columns, scale):
    """The first pictures whose alternative text begins with that kind, side by side, as one PNG."""
    found = re.findall(rf'<img [^>]*alt="{kind}[^>]*src="data:image/png;base64,([^"]*)"', read(f"{run}/report.html"))
    lines, width = [], 0
    for first in range(0, count, columns):
        row = []
        for code in found[first:min(first + columns, count)]:
            pixels, channels = decoded(base64.b64decode(code))
            grown = []
            for line in pixels:
                wide = b"".join(line[i:i + channels] * (3 // channels) * scale for i in range(0, len(line), channels))
                grown += [wide + b"\xff" * 3 * scale] * scale
            row.append(grown)
        row = [b"".join(parts) for parts in zip(*row)]
        lines += [*row, *[b"\xff" * len(row[0])] * scale]
        width = len(row[0]) // 3
    return encoded(lines, width)


def pictures():
    yield "1-weights.png", sheet("runs/1-linear", "filter", 10, 5, 4)
    yield "2-flat.svg", chart("Training accuracy by epoch", "runs/1-linear", "runs/2-flat")
    yield "3-accuracy.svg", chart("Validation accuracy by epoch", "runs/2-flat", "runs/2-hidden")
    yield "3-weights.png", sheet("runs/2-hidden", "filter", 16, 8, 3)
    yield "4-accuracy.svg", chart("Validation accuracy by epoch", "runs/2-hidden", "runs/4-squares", "runs/4-faster")
    yield "5-loss.svg", chart("Loss by epoch", "runs/5-more")
    yield "6-filters.png", sheet("runs/6-conv", "filter", 8, 8, 12)
    yield "7-accuracy.svg", chart("Validation accuracy by epoch", "runs/6-conv", "runs/7-pool")
    yield "8-mistakes.png", sheet("runs/8-lenet", "", 9, 9, 2)
    yield "9-dead.svg", chart("Training loss by epoch", "runs/3-relu", "runs/9-dead", "runs/9-leaky")
    yield "9-few.svg", chart("Accuracy by epoch", "runs/9-few")
    yield "9-norm.svg", chart("Training accuracy by epoch", "runs/9-deep", "runs/9-norm")
    yield "10-clamp.svg", chart("Validation accuracy by epoch", "runs/3-relu", "runs/10-clamp", "runs/10-wrong")


def same(path, new):
    with open(path, "rb") as file:
        old = file.read()
    if path.endswith(".png"):  # zlib may pack them otherwise
        return decoded(old) == decoded(new)
    return old == new


def main():
    folder, wrong = sys.argv[-1], False
    for name, picture in pictures():
        path = os.path.join(folder, name)
        if os.path.exists(path) and same(path, picture):
            continue
        if "--write" in sys.argv:
            with open(path, "wb") as file:
                file.write(picture)
        else:
            print(f"{path} is not what the report shows")
            wrong = True
    return wrong


if __name__ == "__main__":
    sys.exit(main())
