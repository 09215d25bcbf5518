"""Bytes -> text, whatever they claim to be; and text -> the characters that a reader sees."""

import codecs
import re
from collections.abc import Mapping, Sequence

from trafilatura.utils import detect_encoding

CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
OF_TYPE = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.I)
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# As browsers read them: pages that declare the first are written in the second, of which it is a part.
READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Codecs that a page may name. Others are no charsets ("hex"), or take minutes on a megabyte ("punycode").
CHARSETS = re.compile(
    r"(?:cp\d+|iso8859-\d+|koi8-\w|mac-\w+|big5\w*|gb\w+|euc_\w+|shift_jis\w*|iso2022_\w+|hz|utf-(?:8|16|32).*|ascii)$"
)
SOUND = 10  # well-formed characters for each bad byte: the page is UTF-8, damaged in places
MOST_CONTROLS = 0.01  # of the characters: above it the bytes are no text
BINARY = bytes([*range(9), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)])  # C0, DEL, C1
MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"PK\3\4": "a ZIP",
}
MOST_TEXT = 5_000_000  # characters: 5 MB of paragraphs take trafilatura 3 s and 900 MB
HIDDEN = re.compile(r"<(!--|script\b|style\b)|\bdata:[\w/+;-]{1,80},[\w+/=%-]+", re.I)
END_OF_COMMENT, END_OF_SCRIPT = re.compile("-->"), re.compile("</(?:script|style)", re.I)

CONTROLS = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 but tab and line ends, DEL, C1
    "\u00ad\u200b\u2060-\u2064\ufeff"  # soft hyphens and what has no width: they split words and hide figures
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction: they show another text than is stored
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"  # halves of characters, and what is none
)
REFERENCES = re.compile(  # a pattern for which the case of letters counts is searched for by its first ones
    "&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));?(?![0-9a-fA-F])"
)
JOINED = ("\u200c", "\u200d")
JOINERS = re.compile("(?<=[0-9A-Za-z\u00c0-\u024f])[\u200c\u200d]+(?=[0-9A-Za-z\u00c0-\u024f])")
ENDS = "\r\x0b\x0c\x85\u2028\u2029"
LINE_ENDS = re.compile(f"\r\n?|[{ENDS}]")


class Unreadable(Exception):
    """This document cannot become an article: (reason, detail)."""


def tidy(text: str) -> str:
    """A text without controls, marks of direction and characters without width; its lines end in a line feed.

    Joiners stay where a script needs them (Persian, Hindi, emoji) and go between Latin letters and between digits.
    """
    if any(map(text.__contains__, ENDS)):
        text = LINE_ENDS.sub("\n", text)
    text = CONTROLS.sub("", text)
    return JOINERS.sub("", text) if any(map(text.__contains__, JOINED)) else text


def charset_of(headers: Sequence[Mapping[str, str]] | None) -> str | None:
    """The charset that an answer's Content-Type names; NULL where it names none that is one."""
    stated = [one["value"] for one in headers or () if one["name"].lower() == "content-type"]
    found = OF_TYPE.search(stated[-1]) if stated else None
    return _known(found.group(1)) if found else None


def decode_text(body: bytes, stated: str | None = None) -> str:
    """Plain text: UTF-16 and UTF-32 with a mark, what its transfer `stated`, else UTF-8. Raises Unreadable."""
    charset = _marked(body) or (stated if stated and _is_sound(body.decode(stated, "replace")) else None)
    if charset is None and b"\0" in body[:65536]:
        raise Unreadable("binary", f"a NUL byte at {body.index(0)}: no text file")
    try:
        return _checked(body.decode(charset or "utf-8"))
    except UnicodeDecodeError as error:
        help_ = "convert it, e.g. with iconv -f WINDOWS-1252 -t UTF-8"
        raise Unreadable("not UTF-8", f"byte {error.start} is {body[error.start]:#04x}; {help_}") from error


def decode_html(body: bytes, stated: str | None = None) -> str:
    """A page: by its mark, as UTF-8, as what its transfer `stated` or itself declares, else by a guess. Raises
    Unreadable."""
    kind = next((kind for magic, kind in MAGIC.items() if body.startswith(magic)), None)
    if kind:
        raise Unreadable("binary", f"{kind}, no page: {body[:4]!r} at its beginning")
    text = _decoded(body, stated)
    start = text[:65536].encode("latin-1", "replace")
    controls = len(start) - len(start.translate(None, BINARY))
    if controls > MOST_CONTROLS * len(start):
        raise Unreadable("binary", f"{controls} control characters in the first {len(start)}: no page")
    return prepare_html(text)


def prepare_html(text: str) -> str:
    """A page without what parsers trip over: references to controls, of which one in a paragraph makes trafilatura drop
    the whole page. Raises Unreadable where it is too long."""
    if "&#" in text:
        text = REFERENCES.sub("", text)
    return _checked(text if len(text) <= MOST_TEXT else _without_hidden(text))


def _decoded(body: bytes, stated: str | None) -> str:
    charset = _marked(body) or _unmarked(body)
    if charset:
        return body.decode(charset, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    if _is_sound(text):
        return text
    if stated and _is_sound(text := body.decode(stated, "replace")):
        return text
    declared = CHARSET.search(body[:4096])
    name = declared.group(1).decode("ascii") if declared else ""
    charset = _known(name)
    if charset and _is_sound(text := body.decode(charset, "replace")):
        return text
    for charset in detect_encoding(body):
        try:
            text = body.decode(charset)
        except (UnicodeError, LookupError):
            continue
        if "<" in text:
            return text
    said = f"declared as {name}, which does not fit" if declared else "no charset declared"
    raise Unreadable("charset unknown", f"not UTF-8, and {said}; save the page as UTF-8")


def _is_sound(text: str) -> bool:
    """Whether few of the characters outside ASCII could not be decoded."""
    n_bad = text.count("\ufffd")
    return n_bad * SOUND <= len(text) - len(text.encode("ascii", "ignore")) - n_bad


def _without_hidden(text: str) -> str:
    """A page without comments, scripts, styles and inline pictures; one that is left open runs to the end."""
    kept, at = [], 0
    while found := HIDDEN.search(text, at):
        kept.append(text[at : found.start()])
        kind = found.group(1)
        if kind is None:
            at = found.end()
            continue
        closed = (END_OF_COMMENT if kind == "!--" else END_OF_SCRIPT).search(text, found.end())
        at = closed.end() if closed else len(text)
    return "".join(kept) + text[at:]


def _marked(body: bytes) -> str | None:
    """The charset that a byte order mark tells; NULL without one."""
    return next((charset for mark, charset in MARKS if body.startswith(mark)), None)


def _unmarked(body: bytes) -> str | None:
    """UTF-16 without a mark: most of its bytes at even or at odd places are NUL; NULL for anything else."""
    start = body[:1024]
    nuls = start[::2].count(0), start[1::2].count(0)
    if max(nuls) < len(start) / 4 or min(nuls) > len(start) / 50:
        return None
    return "utf-16-be" if nuls[0] > nuls[1] else "utf-16-le"


def _known(declared: str) -> str | None:
    """The codec for a declared charset, as browsers read it; NULL where it names none."""
    try:
        name = codecs.lookup(READ_AS.get(declared.lower(), declared)).name
    except (LookupError, ValueError):
        return None
    name = READ_AS.get(name, name)
    return name if CHARSETS.match(name) else None


def _checked(text: str) -> str:
    """The text, if it is not too long for an article. Raises Unreadable."""
    if len(text) > MOST_TEXT:
        size = f"{len(text) / 1e6:.1f} million characters without scripts, at most {MOST_TEXT / 1e6:.0f} are read"
        raise Unreadable("too large", f"{size}; split it into its articles")
    return text
