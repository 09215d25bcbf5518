"""The bytes of a feed -> its text, whatever encoding they claim to be in; and markup -> plain text."""

import codecs
import html
import re

from lxml.html import defs

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),  # before UTF-16, whose mark is the start of UTF-32's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
BARE = (  # a "<" and where its zero bytes stand: no mark, but no ASCII either
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.I)
ONE_BYTE = re.compile(r"^(?:ascii|iso8859-\d+|cp125\d|latin_1|koi8-[ru])$")
SUPERSETS = {"gb2312": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}  # what writers mean who name the key
STRAY = re.compile(r"[\udc80-\udcff]+")
MARKUP = re.compile(r"<![^<>]*+>|<(/?)([a-z][a-z0-9]*+)(?:\s[^<>]*+|/)?>", re.I)
UNSEEN = {"script", "style", "template"}
INLINE = (defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | {"mark", "time", "wbr"}) - {"br"}
TAGS = defs.tags | UNSEEN | {"frame"}


def decode(body: bytes, content_type: str | None) -> tuple[str, str | None]:
    """The text of an XML or JSON body, and what was wrong with its encoding (None: nothing).

    A byte order mark wins, then Content-Type's charset, then the XML declaration (RFC 7303), then UTF-8. Bytes above
    ASCII that are sound UTF-8 are UTF-8 though a one-byte encoding be named: by chance they hardly ever are. Bytes
    that are none in the encoding found are read as windows-1252, one by one."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return _decode_as(body[len(mark) :], encoding, None)
    start = body[:200].lstrip(b" \t\r\n")
    for mark, encoding in BARE:
        if start.startswith(mark):
            return _decode_as(body, encoding, None)
    named = CHARSET.search(content_type or "")
    declared = DECLARED.search(body[:2000])
    names = [named.group(1)] if named else []
    names += [declared.group(1).decode("ascii", "replace")] if declared else []
    known = [found for name in names if (found := _codec(name))]
    flaw = None if len(known) == len(names) else f"encoding '{names[0]}' is none that is known"
    if known and known[0] != "utf-8" and not (ONE_BYTE.match(known[0]) and _is_utf8(body)):
        return _decode_as(body, SUPERSETS.get(known[0], known[0]), flaw)
    if known and known[0] != "utf-8" and not body.isascii():
        flaw = f"says that it is {known[0]} and is UTF-8"
    return _decode_as(body, "utf-8", flaw)


def _codec(name: str) -> str | None:
    """Python's name of a text encoding, None for what is none; UTF-16 and 32 without their bytes' look are a lie."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # base64 and the like are codecs too, but not of texts
    except (LookupError, UnicodeError):
        return None
    return "utf-8" if found.name.startswith(("utf-16", "utf-32", "utf-8")) else found.name


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(body: bytes, encoding: str, flaw: str | None) -> tuple[str, str | None]:
    try:
        return body.decode(encoding), flaw
    except UnicodeDecodeError as error:
        flaw = flaw or f"byte {error.start} is no {encoding}"
    if encoding != "utf-8":
        return body.decode(encoding, "replace"), flaw
    text = body.decode("utf-8", "surrogateescape")
    if len(text) - len(body.decode("utf-8", "ignore")) > len(text) / 50:  # not UTF-8 with a slip, but none at all
        return body.decode("cp1252", "replace"), flaw
    return STRAY.sub(lambda stray: _stray_bytes(stray.group()), text), flaw


def _stray_bytes(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def plain_text(text: str | None, is_markup: bool = True) -> str | None:
    """A title or a name without markup, its entities decoded once, its blanks made one; None where nothing is left.
    Where it `is_markup` no more, it is taken as it reads. Only HTML's own tags count: "<3" and "<Reuters>" stay."""
    if text is None:
        return None
    text = html.unescape(_without_tags(text)) if is_markup else text
    return " ".join(text.split()) or None


def _without_tags(text: str) -> str:
    pieces: list[str] = []
    unseen: str | None = None
    after = 0
    text = _without_comments(text)
    for tag in MARKUP.finditer(text):
        name = (tag.group(2) or "").lower()
        if name and name not in TAGS:
            continue
        if unseen is None:
            pieces += [text[after : tag.start()], "" if not name or name in INLINE else " "]
            unseen = name if name in UNSEEN and not tag.group(1) and not tag.group().endswith("/>") else None
        elif name == unseen and tag.group(1):
            unseen = None
        after = tag.end()
    return "".join(pieces) + (text[after:] if unseen is None else "")


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    after = 0
    while (start := text.find("<!--", after)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces.append(text[after:start])
        after = end + 3
    if start >= 0 and ">" not in text[start:]:  # cut short within a comment; else only its mark goes, as any other
        text = text[:start]
    return "".join(pieces) + text[after:]
