"""serve_page.py URL OTHER-URL COLOUR-URL NUMBERS-URL PID: draws on the page of nnrun serve, in Chromium, and looks at what it
shows; the others serve wide layers and many classes, a network of pictures in colour with names, and one of numbers. Prints a
line a promise: "yes" or "no", and the promise. The first server, a process of that number, is ended on the way."""
import json
import math
import os
import signal
import sys
import tempfile

from browser import Browser

URL, OTHER, COLOUR, NUMBERS = sys.argv[1:5]
SERVER = int(sys.argv[5])
PICTURES = os.environ.get("NNRUN_SCREENSHOTS")  # a folder to leave screenshots in


def promise(holds, what):
    print("yes" if holds else "no", what, flush=True)


def arc(x, y, across, down, first, last, count=16):
    """Points of an ellipse, from one angle to another; 0 is right, 90 below."""
    angles = (math.radians(first + (last - first) * i / count) for i in range(count + 1))
    return [(x + across * math.cos(a), y + down * math.sin(a)) for a in angles]


def line(*corners, count=8):
    return [tuple(a + (b - a) * i / count for a, b in zip(start, end))
            for start, end in zip(corners, corners[1:]) for i in range(count)] + [corners[-1]]


# Strokes on a square of side 1.
DIGITS = {
    0: [arc(.5, .5, .2, .3, -90, 270)],
    1: [line((.52, .18), (.48, .82))],
    2: [arc(.5, .35, .2, .17, -160, 40) + line((.65, .46), (.3, .8), (.72, .8))],
    3: [arc(.47, .34, .2, .16, -150, 90) + arc(.47, .66, .23, .16, -90, 150)],
    4: [line((.42, .18), (.28, .55), (.75, .55)), line((.62, .2), (.6, .85))],
    7: [line((.27, .22), (.72, .22), (.42, .82))],
    8: [arc(.5, .33, .16, .15, 90, 450) + arc(.5, .65, .19, .17, -90, 270)],
}


class Page:
    def __init__(self, browser):
        self.browser = browser

    def text(self, which):
        return self.browser.run(f"document.getElementById({json.dumps(which)}).textContent")

    def open(self, url=URL):
        self.browser.open(url)
        self.browser.wait("document.querySelectorAll('.layer').length > 0")

    def place(self, stroke):
        box = self.browser.run("(b => [b.x, b.y, b.width, b.height])(document.getElementById('paper').getBoundingClientRect())")
        return [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in stroke]

    def draw(self, digit, draw_with):
        for stroke in DIGITS[digit]:
            draw_with(self.place(stroke))
        self.settle()

    def settle(self):
        """Until the answer is that to all that is drawn."""
        self.browser.wait("!asking && !changed")

    def clear(self):
        self.browser.key("Escape")

    def reads(self, draw_with):
        read = {}
        for digit in DIGITS:
            self.clear()
            self.draw(digit, draw_with)
            read[digit] = self.text("class")
        wrong = {digit: said for digit, said in read.items() if said != str(digit)}
        print("read as another:", wrong, file=sys.stderr)
        return len(wrong) <= 1


    def ink(self):
        return self.browser.run("pictureOfPaper().slice(15).filter(v => v > 128).length")

    def dot(self, browser):
        browser.mouse(self.place([(.5, .5)]))
        self.settle()
        promise(self.ink() > 100 and self.text("class") != "–", "a click without moving is a dot")
        self.clear()

    def slow(self, browser):
        """What comes back after the paper was cleared is not shown for the next drawing."""
        self.draw(7, browser.mouse)
        browser.run("window.said = [], new MutationObserver(() => said.push($('class').textContent)).observe($('class'), {childList: true});"
                    "window.quick = fetch, window.fetch = (...all) => pause(1000).then(() => quick(...all)), 0")
        browser.mouse(self.place([DIGITS[7][0][-1]]))
        self.clear()
        browser.run("said.length = 0")
        browser.mouse(self.place(DIGITS[1][0]))
        self.settle()
        browser.run("window.fetch = quick, 0")
        said = browser.run("said")
        promise("7" not in said and "1" in said, f"an answer to what was cleared is not shown {said}")
        self.clear()

    def photograph(self, browser, strokes, turned=False):
        """Keeps a photograph in window.photograph: dark on shaded paper, 1200x900, JPEG; if turned, stored lying on its
        side with an EXIF orientation that says so."""
        browser.run("""(async () => {
            const turned = %s, strokes = %s;
            const canvas = new OffscreenCanvas(turned ? 900 : 1200, turned ? 1200 : 900), pen = canvas.getContext("2d");
            if (turned) { pen.translate(0, 1200); pen.rotate(-Math.PI / 2); }
            const light = pen.createLinearGradient(0, 0, 1200, 900);
            light.addColorStop(0, "#eee8dc");
            light.addColorStop(1, "#5f5c58");
            pen.fillStyle = light;
            pen.fillRect(0, 0, 1200, 900);
            pen.strokeStyle = "#202436";
            pen.lineWidth = 36;
            pen.lineCap = pen.lineJoin = "round";
            for (const stroke of strokes) {
                pen.beginPath();
                for (const [x, y] of stroke) pen.lineTo(x * 900, y * 900);
                pen.stroke();
            }
            const made = new Uint8Array(await (await canvas.convertToBlob({type: "image/jpeg"})).arrayBuffer());
            const exif = [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6,
                0, 0, 0, 0, 0, 0];
            const parts = turned ? [made.slice(0, 2), new Uint8Array(exif), made.slice(2)] : [made];
            window.photograph = new File(parts, "seven.jpg", {type: "image/jpeg"});
        })()""" % (json.dumps(turned), json.dumps(strokes)))

    def give(self, browser, how, until="(given || !document.getElementById('note').hidden) && !asking && !changed"):
        """Drops or pastes what is in window.photograph, as the browser does."""
        event = {"drop": "new DragEvent('drop', {dataTransfer: list, bubbles: true, cancelable: true})",
                 "paste": "new ClipboardEvent('paste', {clipboardData: list, bubbles: true, cancelable: true})"}[how]
        browser.run("(() => {const list = new DataTransfer(); list.items.add(window.photograph);"
                    f" document.getElementById('paper').dispatchEvent({event});}})()")
        browser.wait(until)

    def given(self, browser):
        self.photograph(browser, DIGITS[7])
        self.give(browser, "drop")
        promise(self.text("class") == "7", "a photograph that is dropped on the page is read")
        promise(browser.run(f"{LIVELY}(document.getElementById('paper'))") > 1000 and
                browser.run("document.getElementById('hint').hidden"), "and shown on the paper")
        shot(browser, "photograph")
        browser.mouse(self.place(DIGITS[1][0]))
        self.settle()
        promise(self.text("class") == "1", "drawing then begins anew")
        self.clear()
        promise(self.text("class") == "–" and browser.run("given") is None, "Escape takes a photograph away")
        self.photograph(browser, DIGITS[4], turned=True)
        self.give(browser, "paste")
        promise(self.text("class") == "4", "one that lies on its side by its EXIF data is pasted upright")
        self.photograph(browser, [[(x * .6, y) for x, y in DIGITS[7][0]], [(.7 + x * .6, y) for x, y in DIGITS[1][0]]])
        self.give(browser, "drop")
        promise(self.text("several") == "2 digits seen, answered as one", "of several digits the page says how many it sees")
        self.photograph(browser, DIGITS[7])
        self.give(browser, "drop")
        promise(browser.run("document.getElementById('several').hidden"), "and of one it does not")
        browser.run("window.photograph = new File(['hello'], 'notes.txt')")
        self.give(browser, "drop")
        promise(self.text("note") == "notes.txt is not a picture that the browser can read." and self.text("class") == "–",
                "a file that is no picture is named")
        self.clear()
        promise(browser.run("document.getElementById('note').hidden"), "until the paper is cleared")
        promise(browser.run("getComputedStyle(document.getElementById('file')).display") == "none" and
                browser.run("document.getElementById('choose').textContent") == "Picture…", "a button chooses a file")

    def two_pens(self, browser):
        """A palm on the paper, and a mouse moved without its button, while a pen draws."""
        browser.run("""(() => {
            const b = paper.getBoundingClientRect(), real = paper.setPointerCapture;
            const send = (type, pointerId, x, y) => paper.dispatchEvent(new PointerEvent(type,
                {pointerId, isPrimary: true, button: 0, clientX: b.x + x * b.width, clientY: b.y + y * b.height}));
            paper.setPointerCapture = () => {};  // these pointers are made up
            send("pointerdown", 7, .3, .3);
            send("pointerdown", 8, .9, .9);
            send("pointermove", 7, .3, .5);
            send("pointermove", 9, .9, .1);
            send("pointerup", 8, .9, .9);
            send("pointermove", 7, .3, .7);
            send("pointerup", 7, .3, .7);
            paper.setPointerCapture = real;
        })()""")
        box = browser.run("(() => {const p = pictureOfPaper().slice(15), x = [], y = []; p.forEach((v, i) => { if (v > 128)"
                          " { x.push(i % 280); y.push(Math.floor(i / 280)); }}); return [Math.max(...x), Math.max(...y)]})()")
        promise(box[0] < 110 and 180 < box[1] < 220, f"of several pointers the first draws, alone {box}")
        self.clear()


# What a canvas shows: how many of its pixels differ from its first. Chromium warns of canvases that are read often.
LIVELY = "(c => {const copy = new OffscreenCanvas(c.width, c.height).getContext('2d', {willReadFrequently: true});" \
    " copy.drawImage(c, 0, 0); const d = new Uint32Array(copy.getImageData(0, 0, c.width, c.height).data.buffer);" \
    " return d.filter(word => word !== d[0]).length})"


def look(page, browser):
    browser.screen(1280, 900)
    page.open()
    promise(page.text("name") == "lenet" and "61,706 parameters" in page.text("about"), "the page says which network it is")
    promise(page.text("class") == "–" and browser.run("document.getElementById('clear').ariaDisabled") == "true",
            "before anything is drawn it says nothing")
    names = browser.run("model.layers.map(layer => layer.name + layer.type + layer.output.join('×'))")
    promise(names and names == browser.run("[...document.querySelectorAll('.layer h3')].map(h => h.textContent)"),
            "each layer is there, with its shape")

    half = DIGITS[7][0]
    browser.call("Input.dispatchMouseEvent", type="mousePressed", x=page.place(half)[0][0], y=page.place(half)[0][1],
                 button="left", clickCount=1)
    said = set()
    for x, y in page.place(half)[1:]:
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y, button="left", buttons=1)
        page.settle()
        said.add(page.text("class") + page.text("sure"))
    promise(len(said) > 3, "the answer moves while the button is down")
    browser.call("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left", clickCount=1)
    page.settle()
    promise(page.text("class") == "7", "a seven drawn with the mouse is read as one")
    promise(browser.run("bars.every((bar, i) => bar.row.classList.contains('best') === (i === 7))") and
            browser.run("bars.length") == 10, "its bar of the ten stands out")
    total = browser.run("bars.reduce((sum, bar) => sum + parseFloat(bar.value.textContent), 0)")
    promise(abs(total - 100) < 0.6, "the bars make 100 %")
    promise(browser.run(f"{LIVELY}(document.getElementById('seen'))") > 40, "what the network sees is shown")
    promise(browser.run("[document.getElementById('seen').width, document.getElementById('seen').height]") == [28, 28],
            "as 28x28 pixels")
    still = browser.run(f"[...document.querySelectorAll('.layer')].filter(l => ![...l.querySelectorAll('canvas')].some({LIVELY}))"
                        ".map(l => l.querySelector('h3').textContent)")
    promise(still == [], "each layer shows what it gives")
    counts = browser.run("[...document.querySelectorAll('.layer')].map(l => l.querySelectorAll('canvas').length)")
    promise(counts[:6] == [6, 6, 6, 16, 16, 16], "a picture a channel")
    pixels = browser.run("Array.from(pictureOfPaper())")
    same = browser.run("fetch('/predict', {method: 'POST', headers: {'Content-Type': 'image/x-portable-graymap'},"
                       f"body: new Uint8Array({pixels})}}).then(r => r.json()).then(a => [a.class, a.probability])")
    promise([str(same[0]), f"{100 * same[1]:.1f} %"] == [page.text("class"), page.text("sure")],
            "it says what POST /predict says of the same picture")
    # On a busy machine the hand seems to rest halfway, too.
    browser.wait("['class', 'sure'].map(id => document.getElementById(id).textContent).join(', ') === "
                 "document.getElementById('spoken').textContent")
    promise(page.text("spoken").startswith("7, "), "a screen reader is told, once the hand rests")
    shot(browser, "desktop-light")

    page.clear()
    promise(page.text("class") == "–" and not browser.run(f"{LIVELY}(document.getElementById('seen'))") and
            not browser.run("document.getElementById('hint').hidden"), "Escape clears the paper")
    promise(page.reads(browser.mouse), "other digits are read, too")
    browser.run("document.getElementById('clear').focus()")
    browser.key("Enter")
    promise(page.text("class") == "–", "the button clears it from the keyboard")
    promise(browser.run("document.activeElement.id") == "clear", "and keeps the focus")
    page.dot(browser)
    page.slow(browser)
    page.two_pens(browser)
    page.given(browser)


def inside(page, browser, when):
    wide = browser.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    out = browser.run("[...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right >"
                      " document.documentElement.clientWidth + 1 && !e.closest('.unseen, .track')).map(e => e.outerHTML.slice(0, 80))")
    promise(wide == 0 and out == [], f"{when} nothing sticks out {out or ''}")


def fit(page, browser):
    for width, height, dark, touch in (320, 640, False, True), (390, 844, True, True), (768, 1024, False, True), \
            (1280, 900, True, False):
        browser.screen(width, height, dark, 2 if touch else 1, touch)
        page.open()
        page.draw(2, browser.finger if touch else browser.mouse)
        promise(page.text("class") == "2", f"at {width}x{height} a two drawn with {'a finger' if touch else 'the mouse'} is read")
        inside(page, browser, f"at {width} pixels")
        if width == 390:
            below = browser.run("document.getElementById('bars').getBoundingClientRect().bottom - innerHeight")
            promise(below <= 0 and browser.run("scrollY") == 0, "on a telephone paper, answer and bars are on one screen,"
                                                                " which drawing does not scroll")
        shot(browser, f"{width}-{'dark' if dark else 'light'}")
    browser.screen(320, 640, touch=True)
    page.open(OTHER)
    page.draw(2, browser.finger)
    promise(browser.run("[bars.length, document.querySelectorAll('.tiles canvas').length > 0, layers.size]") == [20, True, 6],
            "another network has its own classes and layers")
    inside(page, browser, "of wide layers and many classes")
    browser.screen(390, 844, touch=True)
    page.open()
    promise(page.reads(browser.finger), "digits drawn with a finger are read")


def others(page, browser):
    """Networks of something else than drawn digits."""
    browser.screen(1280, 900)
    page.open(COLOUR)
    promise(page.text("hint") == "Drop or paste a picture", "a network of colours asks for a picture, not for a drawing")
    browser.run("""(async () => {
        const canvas = new OffscreenCanvas(90, 60), pen = canvas.getContext("2d");
        pen.fillStyle = "#0000ff";
        pen.fillRect(0, 0, 90, 60);
        window.photograph = new File([await canvas.convertToBlob({type: "image/png"})], "blue.png", {type: "image/png"});
    })()""")
    page.give(browser, "paste")
    seen = "document.getElementById('seen')"
    promise(page.text("class") in browser.run("model.classes"), "one that is pasted gets the name of a class")
    promise(browser.run(f"[{seen}.width, {seen}.height, ...{seen}.getContext('2d').getImageData(16, 16, 1, 1).data]") ==
            [32, 32, 0, 0, 255, 255], "the network sees it in its colours")
    shot(browser, "colour")
    for kind, what in ("png", "a picture is prepared as its file is by nnrun pack, whatever its size"), \
            ("webp", "one of a kind that the server does not read is sent as the browser reads it"):
        browser.run("""(async () => {
            const canvas = new OffscreenCanvas(900, 600), pen = canvas.getContext("2d"), image = pen.createImageData(900, 600);
            const noise = (i) => (Math.imul(i, 2654435761) >>> 24);
            for (let i = 0; i < image.data.length; i++) image.data[i] = i %% 4 === 3 ? 255 : noise(i) & (i < 900000 ? 255 : 127);
            pen.putImageData(image, 0, 0);
            window.photograph = new File([await canvas.convertToBlob({type: "image/%s"})], "noise");
        })()""" % kind)
        page.give(browser, "drop")
        pixels = "(c => {const copy = new OffscreenCanvas(32, 32).getContext('2d', {willReadFrequently: true});" \
            f" copy.drawImage(c, 0, 0); return [...copy.getImageData(0, 0, 32, 32).data].filter((v, i) => i % 4 === 0)}})({seen})"
        body = "window.photograph" if kind == "png" else "given.bytes"
        wanted = browser.run(f"fetch('/predict?input=1', {{method: 'POST', headers: {{'Content-Type': 'image/x-portable-anymap'}}, body: {body}}})"
                             ".then(r => r.json()).then(a => a.input ? a.input.pixels.slice(0, 1024) : a.error)")
        promise(len(wanted) == 1024 and browser.run(pixels) == wanted, what)
    page.open(OTHER)
    grounds = [browser.run(f"model.prepare = '{how}', model.mean = {mean}, clear(), pen.fillStyle + pen.strokeStyle")
               for how, mean in (("stretch", .9), ("stretch", .1), ("digit", .9))]
    promise(grounds == ["#ffffff#000000", "#000000#ffffff", "#000000#ffffff"],
            "the page draws dark on light where the network's pictures are so, unless digits are turned")
    page.open(NUMBERS)
    browser.run("window.photograph = new File(['hello'], 'notes.txt'), 0")
    promise("rows of numbers" in page.text("hint") and browser.run("document.getElementById('choose').disabled"),
            "a network of numbers says that it takes no pictures")
    browser.mouse(page.place([(.4, .4), (.6, .6)]))
    page.give(browser, "drop", "!asking")
    promise(page.text("class") == "–" and not browser.run("drawn"), "and is asked about none")
    shot(browser, "numbers")


def end(page, browser):
    promise(browser.complaints() == [], f"the console stays silent {str(browser.complaints() or '')[:300]}")
    os.kill(SERVER, signal.SIGTERM)
    page.clear()
    browser.wait(f"fetch('{URL}healthz').then(() => false, () => true)")
    for stroke in DIGITS[1]:
        browser.finger(page.place(stroke))
    browser.wait("!document.getElementById('note').hidden")
    promise(page.text("note") == "The server does not answer.", "when the server is gone the page says so")
    shot(browser, "gone")


def shot(browser, name):
    if PICTURES:
        browser.picture(os.path.join(PICTURES, name + ".png"))


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    chromium = Browser(folder)
    try:
        the_page = Page(chromium)
        look(the_page, chromium)
        others(the_page, chromium)
        fit(the_page, chromium)
        end(the_page, chromium)
    finally:
        chromium.close()
