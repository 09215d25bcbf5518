"""Containers that trafilatura misreads: tables that only lay a page out, and bodies split over several containers."""

from collections import defaultdict

from lxml.html import HtmlElement

from flows.clean.prune import prose

CELL_SHARE = 0.5  # of the page's prose in one cell: the table is layout
LEAST_PARTS = 2
HOUSES = ("article", "main")  # parts of one body stand in one of them
LONG_PARAGRAPH = 80  # characters


def open_layout_tables(tree: HtmlElement) -> None:
    """Turn the tables that hold most of a page in one cell into plain containers: a cell's paragraphs stay apart."""
    cells = [cell for cell in tree.iter("td") if cell.find(".//p") is not None or cell.find(".//br") is not None]
    least = prose(tree) * CELL_SHARE if cells else 0
    for cell in cells:
        if prose(cell) <= least:
            continue
        for element in (cell, *cell.iterancestors("td", "tr", "tbody", "table")):
            element.tag = "div"


def join_split_body(tree: HtmlElement) -> bool:
    """Move the paragraphs of a body that stands in several containers of one name into the first of them; whether
    there was such a body. A container is no part where it has a linked heading: that is a teaser."""
    parts: dict[tuple[str, str, HtmlElement], dict[HtmlElement, int]] = defaultdict(lambda: defaultdict(int))
    for paragraph in tree.iter("p"):
        size = len(paragraph.text_content())
        parent = paragraph.getparent()
        house = next(paragraph.iterancestors(*HOUSES), None)
        if size >= LONG_PARAGRAPH and parent is not None and house is not None and parent.get("class"):
            parts[(parent.tag, parent.get("class"), house)][parent] += size
    if not parts:
        return False
    largest = max(parts.values(), key=lambda group: sum(group.values()))
    first, *others = largest
    if len(others) + 1 < LEAST_PARTS or any(part.find(".//h2//a") is not None for part in largest):
        return False
    if any(above in largest for part in largest for above in part.iterancestors()):
        return False  # one within the other: nesting that was never closed, no parts of one body
    for part in others:
        first.extend(list(part))
    return True
