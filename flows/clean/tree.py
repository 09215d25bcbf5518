"""A page's text -> its tree of elements, read once."""

import re

import lxml.html
from lxml.etree import ElementDefaultClassLookup
from lxml.html import HTMLParser

BEGINNING, FIRST_LINES = 50, 4096  # characters: where a page says that it is HTML, and where trafilatura mends it
CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)])
NO_CHARACTERS = ("\ufffe", "\uffff")
SLASHED_DOCTYPE = re.compile(r"< ?! ?doctype[^>]*/[^<>]*>", re.I)
SLASHED_HTML = re.compile(r"(<html[^>]*?)\s*/>", re.I)
# All elements are of one class: choosing one by the tag calls Python for every element that is touched, a twentieth of
# the time that a page takes. The settings are trafilatura's own.
PARSER = HTMLParser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
PARSER.set_element_class_lookup(
    ElementDefaultClassLookup(
        element=lxml.html.HtmlElement, comment=lxml.html.HtmlComment, pi=lxml.html.HtmlProcessingInstruction
    )
)


def read_tree(text: str) -> lxml.html.HtmlElement | None:
    """The root of a page, or NULL where it is no HTML; what makes parsers stumble is mended as trafilatura's
    `load_html` does it, and halves of characters go.

    The parser gets bytes, of which controls go in one step: patterns over all of a page's characters took as long as
    parsing it.
    """
    start = text[:BEGINNING].lower()
    if "doctype" in start:
        line, end, rest = text.partition("\n")
        text = SLASHED_DOCTYPE.sub("", line, count=1) + end + rest
    if "/>" in text[:FIRST_LINES] and SLASHED_HTML.search(text[:FIRST_LINES]):
        text = SLASHED_HTML.sub(r"\1>", text, count=1)
    for no_character in NO_CHARACTERS:
        text = text.replace(no_character, "")
    page = text.encode(errors="ignore").translate(None, CONTROLS)
    try:
        tree = lxml.html.fromstring(page, parser=PARSER)
    except (lxml.etree.LxmlError, ValueError):
        return None
    return None if "html" not in start and len(tree) < 2 else tree
