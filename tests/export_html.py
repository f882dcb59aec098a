"""export_html.py FOLDER [LOOK]: opens pages of exported networks from file://, in a Chromium that reaches no network, and looks at what
they answer. Prints a line a promise: "yes" or "no", and the promise. In the folder are, for any NAME,

    graphs/NAME.html, NAME.c          the same network as a C file, whose samples have answers of the operators' definitions
    samples/NAME.html, NAME.files, NAME.bytes    pictures, and the samples that nnrun makes of them
    answers/NAME.html, NAME.predicted     what nnrun predict --json says of pictures, or of rows of NAME.csv
    look/digits.html, colour.html, numbers.html, columns.html, labels.html
    look/light.html, turned.html, dark.html  networks of light pictures, of light ones that are turned, and of dark ones"""
import base64
import glob
import json
import os
import re
import struct
import sys
import tempfile
import zlib

from browser import Browser

FOLDER = os.path.abspath(sys.argv[1])
PICTURES = os.environ.get("NNRUN_SCREENSHOTS")  # a folder to leave screenshots in
AT_ONCE = 50
SEVEN = [(.27, .22), (.4, .22), (.55, .22), (.72, .22), (.62, .42), (.52, .62), (.42, .82)]

# What the page makes of pictures in base64.
ASK = """(async (list) => {
    const told = [];
    for (const text of list) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const sample = preparePicture(pictureOfPixels((await readPicture(new Blob([bytes]))).pixels), input);
        const answer = answerTo(sample.bytes, sample.digits, sample.many);
        told.push({class: answer.class, classes: answer.classes, digits: answer.digits, many: answer.many,
            bytes: btoa(String.fromCharCode(...sample.bytes))});
    }
    return told;
})"""


# The pixel in the middle of a canvas; Chromium warns of canvases that are read often.
PIXEL = """((canvas) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    return [...copy.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
})"""


def promise(holds, what):
    print("yes" if holds else "no", what, flush=True)


def names(kind, ending):
    return sorted(os.path.basename(path)[:-len(ending)] for path in glob.glob(os.path.join(FOLDER, kind, "*" + ending)))


def path(kind, name):
    return os.path.join(FOLDER, kind, name)


def text(kind, name):
    with open(path(kind, name)) as file:
        return file.read()


def show(browser, kind, name):
    browser.open("file://" + path(kind, name))
    browser.wait("graph !== null")


def ask(browser, files):
    """What the page makes of picture files."""
    told = []
    for first in range(0, len(files), AT_ONCE):
        parts = []
        for name in files[first:first + AT_ONCE]:
            with open(os.path.join(FOLDER, name), "rb") as file:
                parts.append(base64.b64encode(file.read()).decode())
        told += browser.run(f"{ASK}({json.dumps(parts)})")
    return told


# ---- what it computes ------------------------------------------------------------------------------------------

def numbers_of(source, name):
    """The numbers of an array in a C file."""
    body = re.search(rf"\b{name}\[\d+\] = \{{(.*?)\}};", source, re.DOTALL)[1]
    return [float(word.strip().rstrip("f")) for word in body.replace("\n", " ").split(",") if word.strip()]


def part(page, which):
    return re.search(rf'<script type="[a-z/]*" id="{which}">\n(.*?)</script>', page, re.DOTALL)[1]


def graphs(browser):
    """Each network in one page: the interpreter takes any graph."""
    kinds, pages = set(), names("graphs", ".html")
    show(browser, "graphs", pages[0] + ".html")
    for name in pages:
        page, source = text("graphs", name + ".html"), text("graphs", name + ".c")
        told = json.loads(part(page, "network"))["graph"]
        kinds |= {one["type"] for one in told["operators"]}
        inputs, answers = numbers_of(source, "inputs"), numbers_of(source, "answers")
        got = browser.run(f"""(() => {{
            const one = makeGraph({json.dumps(told)}, weightsOf({json.dumps(part(page, "weights"))}));
            const inputs = {json.dumps(inputs)}, size = one.input.length, got = [];
            for (let i = 0; i < inputs.length; i += size) got.push(...runGraph(one, inputs.slice(i, i + size)));
            return got;
        }})()""")
        apart = max((abs(a - b) for a, b in zip(got, answers)), default=0)
        promise(len(got) == len(answers) > 0 and apart <= 1e-5 * max(map(abs, answers)),
                f"{name}: the script computes what the operators' definitions do, up to {apart:.0e}")
    return kinds


def all_graphs(browser):
    kinds, known = graphs(browser), set(browser.run("Object.keys(operators)"))
    promise(kinds == known, f"each operator was computed {sorted(kinds ^ known) or ''}")


def samples(browser):
    """Pictures become the same bytes."""
    for name in names("samples", ".html"):
        files = text("samples", name + ".files").split()
        with open(path("samples", name + ".bytes"), "rb") as file:
            wanted = file.read()
        show(browser, "samples", name + ".html")
        told = ask(browser, files)
        size = len(wanted) // len(files)
        wrong = [f for i, f in enumerate(files) if base64.b64decode(told[i]["bytes"]) != wanted[i * size:(i + 1) * size]]
        promise(not wrong and size > 0, f"{name}: {len(files)} pictures become the samples that nnrun predict makes {wrong[:5] or ''}")


def alike(told, event):
    """The same class and, of the best, the same values; a tie may fall otherwise."""
    values = {one["class"]: one["value"] for one in told["classes"]}
    said = {one["class"]: one["value"] for one in event["classes"]}
    return told["class"] == event["class"] and told["digits"] == event.get("digits", told["digits"]) and \
        all(abs(values[which] - value) <= 1e-5 * max(1, abs(value)) for which, value in said.items() if which in values)


def answers(browser):
    for name in names("answers", ".html"):
        events = [json.loads(line) for line in text("answers", name + ".predicted").splitlines()]
        show(browser, "answers", name + ".html")
        if os.path.exists(path("answers", name + ".csv")):
            header, *rows = text("answers", name + ".csv").splitlines()
            told = browser.run(f"{json.dumps(rows)}.map((row) => answerTo(rowOf({json.dumps(header)} + '\\n' + row).numbers))")
        else:
            told = ask(browser, [event["file"] for event in events])
        wrong = [i for i, event in enumerate(events) if not alike(told[i], event)]
        promise(len(told) == len(events) > 0 and not wrong,
                f"{name}: {len(events)} answers are those of nnrun predict {wrong[:5] or ''}")


# ---- how it looks ------------------------------------------------------------------------------------------------

def said(browser, which):
    return browser.run(f"document.getElementById({json.dumps(which)}).textContent")


def settle(browser):
    browser.wait("!asking && !changed")


def draw(browser, how):
    box = browser.run("(b => [b.x, b.y, b.width, b.height])(paper.getBoundingClientRect())")
    how([(box[0] + x * box[2], box[1] + y * box[3]) for x, y in SEVEN])
    settle(browser)


def shot(browser, name):
    if PICTURES:
        browser.picture(os.path.join(PICTURES, "export-" + name + ".png"))


def give(browser, kind, make):
    browser.run(f"""(async () => {{
        const list = new DataTransfer();
        list.items.add(await ({make})());
        document.body.dispatchEvent(new {"DragEvent" if kind == "drop" else "ClipboardEvent"}({json.dumps(kind)},
            {{{"dataTransfer" if kind == "drop" else "clipboardData"}: list, bubbles: true, cancelable: true}}));
    }})()""")
    browser.wait("(drawn || !document.getElementById('note').hidden) && !asking && !changed")


def png(width, height, data):
    """A grey picture of 8 bits a pixel."""
    def chunk(kind, what):
        return struct.pack(">I", len(what)) + kind + what + struct.pack(">I", zlib.crc32(kind + what))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def digits(browser):
    for width, height, dark, touch in (1280, 900, False, False), (1280, 900, True, False), (390, 844, True, True), (320, 640, False, True):
        browser.screen(width, height, dark, 2 if touch else 1, touch)
        show(browser, "look", "digits.html")
        draw(browser, browser.finger if touch else browser.mouse)
        promise(said(browser, "class") == "7", f"at {width} pixels a seven that is drawn is read as one")
        out = browser.run("[...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right >"
                          " document.documentElement.clientWidth + 1 && !e.closest('.unseen, .track, pre')).map(e => e.outerHTML.slice(0, 80))")
        promise(out == [] and browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
                f"and nothing sticks out {out or ''}")
        shot(browser, f"{width}-{'dark' if dark else 'light'}")
    browser.screen(1280, 900)
    show(browser, "look", "digits.html")
    browser.wait("graph.output.some((value) => value > 0)")
    promise(said(browser, "class") == "–" and not browser.run("drawn"), "an answer to warm up by is not shown")
    draw(browser, browser.mouse)
    wanted = browser.run("(() => { const sample = preparePicture([{bytes: greysOfPaper(), height: PICTURE, width: PICTURE}], input);"
                         " return [...answerTo(sample.bytes).layers.at(-1).values] })()")
    shown = browser.run("bars.map((bar) => bar.value.textContent)")
    promise(shown == [f"{100 * value:.1f} %" for value in wanted], "each class has a bar with its probability")
    promise(browser.run("[...document.querySelectorAll('.layer h3')].map(h => h.textContent).length === model.layers.length"),
            "each layer is shown")
    browser.wait("document.getElementById('spoken').textContent.startsWith('7, ')")
    promise(True, "a screen reader is told, once the hand rests")
    browser.run("document.getElementById('clear').focus()")
    browser.key("Enter")
    promise(said(browser, "class") == "–" and browser.run("document.activeElement.id") == "clear",
            "the button clears the paper from the keyboard")
    give(browser, "paste", "() => new File(['hello'], 'notes.txt')")
    promise(said(browser, "note") == "notes.txt is not a picture that the browser can read.", "a file that is no picture is named")
    for after, refused in (3, False), (200 << 20, True):
        bytes_of = base64.b64encode(png(28, 28, bytes(29 * 28 + after))).decode()
        give(browser, "drop", f"() => new File([Uint8Array.from(atob('{bytes_of}'), c => c.charCodeAt(0))], 'long.png', {{type: 'image/png'}})")
        promise((said(browser, "note") == "long.png is not a picture that the browser can read.") == refused,
                f"a PNG with {after} bytes after its last pixel is {'refused' if refused else 'read'}")


def colour(browser):
    show(browser, "look", "colour.html")
    promise(said(browser, "hint") == "Drop or paste a picture", "a network of colours asks for a picture, not for a drawing")
    for kind in "drop", "paste":
        give(browser, kind, """async () => {
            const canvas = new OffscreenCanvas(90, 60), pen = canvas.getContext("2d");
            pen.fillStyle = "#0000ff";
            pen.fillRect(0, 0, 90, 60);
            return new File([await canvas.convertToBlob({type: "image/png"})], "blue.png", {type: "image/png"});
        }""")
        promise(said(browser, "class") in browser.run("model.classes") and
                browser.run(f"{PIXEL}($('seen'))") == [0, 0, 255, 255],
                f"a picture to {kind} gets the name of a class, and is seen in its colours")
    shot(browser, "colour")


def numbers(browser):
    show(browser, "look", "numbers.html")
    hidden = browser.run("[...document.querySelectorAll('.draw, .seen')].every((part) => part.hidden)")
    promise(hidden and browser.run("!document.querySelector('.rows').hidden"), "a network of numbers has a field for a row of them")
    row = text("answers", "numbers.csv").splitlines()[1]
    browser.run("$('row').focus()")
    said_of = []
    for form in row, row.replace(",", "; "), json.dumps({"values": [float(word) for word in row.split(",")]}):
        browser.run("$('row').value = ''")
        browser.call("Input.insertText", text=form)
        settle(browser)
        said_of.append(said(browser, "class") + said(browser, "sure"))
    promise(len(set(said_of)) == 1 and "%" in said_of[0], f"which may be CSV or JSON {said_of}")
    shot(browser, "numbers")
    browser.run("$('row').value = ''")
    browser.call("Input.insertText", text=row + ", 1")
    settle(browser)
    promise(" numbers, not " in said(browser, "note"), "a row of another length is refused with both")
    browser.key("Escape")
    promise(browser.run("$('row').value") == "" and said(browser, "class") == "–", "Escape clears it")
    give(browser, "drop", f"() => new File([{json.dumps(row)}], 'row.csv')")
    promise(said(browser, "class") + said(browser, "sure") == said_of[0], "a file with a row may be dropped")
    browser.run("take({name: 'folder', text: () => Promise.reject(new Error())})")
    promise(said(browser, "note") == "folder is not a file that the browser can read.", "what cannot be read is named")


def columns(browser):
    show(browser, "look", "columns.html")
    promise(json.loads(browser.run("$('row').placeholder")) == {"height": 0, "width (cm)": 0, "a, b": 0, "0": 0},
            "the field of a network whose columns have names shows them")
    sent = {"0": .5, "a, b": .25, "width (cm)": -1, "height": 1e-1}
    for form in json.dumps(sent), json.dumps({"values": sent}), 'width (cm);"a, b";0;height\r\n-1;0.25;0.5;.1\r\n', "[0.1, -1, 0.25, 0.5]", ".1 -1 .25 .5":
        got = browser.run(f"rowOf({json.dumps(form)}).numbers")
        promise(got and [round(value, 6) for value in got] == [.1, -1, .25, .5], f"numbers are placed by their names, or in order: {form[:16]!r}")
    for form, reason in ((json.dumps({"height": 1}), "The column “width (cm)” is missing."),
                         (json.dumps({**sent, "x": 1}), "“x” is not a column that the network takes."),
                         ('0,0,"a, b",height\n1,2,3,4', "The column “0” is there twice."),
                         ('0,"a, b",height,width (cm)\n1,2,3', "Expected 4 numbers below the header, not 3."),
                         ('0,"a, b",height,width (cm)\n1,2,3,4\n1,2,3,4', "Expected one row below the header, not 2."),
                         ("[1, 2, 3", "This is not valid JSON."), ("0x1, 2, 3, 4", "“0x1” is not a number.")):
        browser.run("$('row').value = '1,2,3,4', $('row').dispatchEvent(new Event('input'))")
        settle(browser)
        browser.run(f"$('row').value = {json.dumps(form)}, $('row').dispatchEvent(new Event('input'))")
        settle(browser)
        promise((said(browser, "note"), said(browser, "class")) == (reason, "–"), f"a wrong row is refused, and has no answer: {reason}")
    browser.run("$('row').value = '', $('row').dispatchEvent(new Event('input'))")
    promise(said(browser, "note") == "", "an empty field is no mistake")
    promise(browser.run("bars.map((bar) => bar.label.title)") == browser.run("model.classes"), "a name of a class that is cut can be read")
    shot(browser, "columns")


def grounds(browser):
    for name, paper in ("light", "#ffffff#000000"), ("turned", "#000000#ffffff"), ("dark", "#000000#ffffff"):
        show(browser, "look", name + ".html")
        promise(browser.run("pen.fillStyle + pen.strokeStyle") == paper, f"{name}: it is drawn as the network's pictures are, unless they are turned")
        grey = int(re.match(r"rgb\((\d+), \1, \1\)$", browser.run("getComputedStyle($('hint')).color"))[1]) / 255
        light = ((grey + .055) / 1.055) ** 2.4 + .05
        promise(max(light, 1.05 if name == "light" else .05) >= 4.5 * min(light, 1.05 if name == "light" else .05) and
                browser.run("getComputedStyle(paper).boxShadow") != "none", f"{name}: the hint can be read, and the paper has an edge")
    promise(.02 < browser.run("model.mean") < .5, "the mean may be that of the training samples")


def labels(browser):
    show(browser, "look", "labels.html")
    draw(browser, browser.mouse)
    outputs = browser.run("[...graph.output]")
    over = [i for i, value in enumerate(outputs) if value > 0.5]
    wanted = ", ".join(browser.run(f"{over}.map(className)")) or "none"
    promise(said(browser, "class") == wanted and said(browser, "sure") == "", "of several labels each that is likelier than not is named")
    promise(browser.run("bars.map((bar) => bar.value.textContent)") == [f"{100 * value:.1f} %" for value in outputs],
            "each with its own probability")
    shot(browser, "labels")


def end(browser):
    promise(browser.complaints() == [], f"the console stays silent {str(browser.complaints() or '')[:300]}")
    asked = [event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    other = [url for url in asked if not url.startswith(("file://" + FOLDER, "about:", "data:", "blob:"))]
    pages = [url for url in asked if url.startswith("file:")]
    promise(not other and pages and all(url.endswith(".html") for url in pages), f"no page asks for anything {other[:3] or ''}")


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
    chromium = Browser(home, flags=["--host-resolver-rules=MAP * ~NOTFOUND"])
    try:
        looks = [all_graphs, samples, answers, digits, colour, numbers, columns, grounds, labels, end]
        for look in [globals()[sys.argv[2]]] if len(sys.argv) > 2 else looks:
            look(chromium)
    finally:
        chromium.close()
