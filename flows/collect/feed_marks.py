"""A feed's text -> its tags and texts, in one pass that any text ends in time linear in its length.

A parser of XML stops at the first flaw; this reader names it and goes on. It knows nothing of feeds, defines no
entity and opens nothing."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple
from xml.sax.saxutils import escape

MARK = re.compile(r"<(?=[A-Za-z_/!?])")
SECTIONS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>", "<!": ">"}
TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
TORN_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*+)([^<>]*+)>?")  # quotes or brackets that never close
ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))")
DOCTYPE = re.compile(
    r"<!DOCTYPE(?:[^\[\]\"'<>]++|\"[^\"]*+\"|'[^']*+')*+"
    r"(?:\[(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<(?!!--)|<!--(?:[^-]++|-(?!->))*+-->)*+\]\s*+)?>",
    re.I,
)
REFERENCE = re.compile(r"&(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});)?")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
IN_XML = {"lt", "gt", "amp", "quot", "apos"}
LONGEST = 20_000  # characters of a title, an address or a tag; a longer one is none, and bombs are


class Mark(NamedTuple):
    """`kind`: start | empty | end (of the element `name`), text, or section (CDATA). `text` is as it is written: a
    start's attributes, or text; of texts no more than shows that they are longer than LONGEST."""

    kind: str
    name: str
    text: str


def read_marks(text: str, flaws: list[str]) -> Iterator[Mark]:
    """Tags and texts in order; comments, instructions and the document type are passed over. Torn marks are put in
    words into `flaws`."""
    at = 0
    unclosed: set[str] = set()  # closings that do not come any more, so that they are not looked for again
    had_type = False
    while found := MARK.search(text, at):
        start = found.start()
        if start > at:
            yield Mark("text", "", text[at : min(start, at + LONGEST + 1)])
        section = next((one for one in SECTIONS if text.startswith(one, start)), None)
        if section is None:
            tag = TAG.match(text, start)
            if tag is None:
                note(flaws, "a tag is torn")
                tag = TORN_TAG.match(text, start)
            at = tag.end() if tag else start + 2  # none: "</ " or "</>"
            if tag:
                yield _tag_mark(tag)
        elif section == "<!" and not had_type and (document_type := DOCTYPE.match(text, start)):
            at, had_type = document_type.end(), True
        else:
            had_type = had_type or section == "<!"  # looked for once: each may read to the end
            end, at = _end_of(text, start + len(section), SECTIONS[section], unclosed)
            if section == "<![CDATA[":
                yield Mark("section", "", text[start + 9 : min(end, start + 9 + LONGEST + 1)])
    if at < len(text):
        yield Mark("text", "", text[at : at + LONGEST + 1])
    if unclosed:
        note(flaws, "a comment or a section is not closed")


def _end_of(text: str, start: int, closing: str, unclosed: set[str]) -> tuple[int, int]:
    """Where what begins at `start` ends, without and with its closing; unclosed, it is passed over as a mark alone."""
    end = -1 if closing in unclosed else text.find(closing, start)
    if end < 0:
        unclosed.add(closing)
        return start, start
    return end, end + len(closing)


def _tag_mark(tag: re.Match[str]) -> Mark:
    ends, name, rest = tag.groups()
    if ends:
        return Mark("end", name, "")
    return Mark("empty" if rest.endswith("/") else "start", name, rest)


def read_attributes(text: str, flaws: list[str]) -> dict[str, str]:
    """A start tag's attributes, names in lower case, values sound in XML and between double quotes; the first of two
    of one name counts."""
    found: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(text[:LONGEST]):
        value = sound_text("".join(values), flaws).replace('"', "&quot;")
        found.setdefault(name.lower(), value)
    return found


def sound_text(text: str, flaws: list[str]) -> str:
    """Text as XML can hold it: HTML's entities as their characters, an & or < that stands for itself escaped. An
    entity that the document defines is none here: its reference stays as written."""
    if "&" in text:
        text = REFERENCE.sub(lambda reference: _sound_reference(reference, flaws), text)
    if (clean := NO_XML.sub("", text)) != text:
        note(flaws, "has characters that XML forbids")
    if "<" in clean:
        note(flaws, "a < stands for itself")
    return clean.replace("<", "&lt;").replace(">", "&gt;")


def _sound_reference(reference: re.Match[str], flaws: list[str]) -> str:
    name = reference.group(1)
    if name is None:
        note(flaws, "an & stands for itself")
        return "&amp;"
    if name in IN_XML:
        return reference.group()
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        is_sound = number <= 0x10FFFF and not NO_XML.match(chr(number))
        if not is_sound:
            note(flaws, "has characters that XML forbids")
        return f"&#{number};" if is_sound else ""
    if character := html5.get(f"{name};"):
        note(flaws, f"entity &{name}; is none of XML")
        return escape(character)
    note(flaws, f"entity &{name}; is none that is known; it is left as it stands")
    return f"&amp;{name};"


def note(flaws: list[str], flaw: str) -> None:
    """Put a flaw into words once; after ten kinds there is nothing more to learn."""
    if flaw not in flaws and len(flaws) < 10:
        flaws.append(flaw)
