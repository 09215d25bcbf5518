"""Lists that are longer than a page."""

from collections.abc import Mapping

DIGITS = 9  # of a page's number: more is no page


def page_number(params: Mapping[str, str]) -> int:
    """The page that an address asks for with ?page=2: the first one where it says none, or nothing that is one."""
    asked = params.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) <= DIGITS else 1


def n_pages(n_rows: int, shown: int) -> int:
    """How many pages so many rows make; an empty list is one page."""
    return max(-(-n_rows // shown), 1)
