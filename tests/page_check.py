#!/usr/bin/env python3
"""page_check.py PAGE...: each is one whole HTML file: well nested, fetching nothing, running nothing."""
import html.parser
import re
import sys

VOID = {"meta", "link", "img", "br"}
WANTED = {"html", "head", "title", "style", "body", "main", "h1", "footer"}


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.path, self.open, self.seen, self.wrong, self.ids = path, [], set(), [], set()
        self.title, self.lang, self.metas = "", None, {}

    def complain(self, what):
        self.wrong.append(f"{self.path}:{self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.complain(f"<{tag}> has an attribute twice")
        for name, value in attrs:
            if name.startswith("on"):
                self.complain(f"<{tag} {name}>")
            if name in ("src", "href", "xlink:href", "action", "srcset") and not (value or "").startswith("data:"):
                self.complain(f"<{tag} {name}={value}>")
        attributes = dict(attrs)
        if tag == "script":
            self.complain("a script")
        if tag == "img" and not attributes.get("alt"):
            self.complain("<img> without alt")
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag == "meta":
            self.metas[attributes.get("name") or attributes.get("http-equiv") or "charset"] = attributes

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.complain(f"</{tag}> within {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title" and "head" in self.open:
            self.title += data


def check(path):
    with open(path, "rb") as file:
        text = file.read().decode("utf-8", "strict")
    page = Page(path)
    page.feed(text)
    page.close()
    wrong = page.wrong
    if page.open:
        wrong.append(f"{path}: not closed: {page.open}")
    if not text.startswith("<!DOCTYPE html>\n"):
        wrong.append(f"{path}: no doctype")
    wrong += [f"{path}: no <{tag}>" for tag in WANTED - page.seen]
    if page.lang != "en" or page.metas.get("charset", {}).get("charset") != "utf-8":
        wrong.append(f"{path}: no language or character set")
    if "width=device-width" not in page.metas.get("viewport", {}).get("content", ""):
        wrong.append(f"{path}: no viewport")
    if "default-src 'none'" not in page.metas.get("Content-Security-Policy", {}).get("content", ""):
        wrong.append(f"{path}: no content security policy")
    if not page.title.strip():
        wrong.append(f"{path}: no title")
    style = text[text.index("<style>"):text.index("</style>")]
    if re.search(r"url\(|@import", style):
        wrong.append(f"{path}: the style fetches something")
    if style.count("{") != style.count("}"):
        wrong.append(f"{path}: braces of the style")
    wrong += [f"{path}: {what}" for what in re.findall(r".{0,40}\b(?:https?|ftp|file)://.{0,40}|\bNaN\b|[ \"(]-?(?:nan|inf)\b.{0,20}", text)]
    return wrong


faults = [fault for path in sys.argv[1:] for fault in check(path)]
print("\n".join(faults))
sys.exit(bool(faults))
