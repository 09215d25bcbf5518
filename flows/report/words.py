"""Figures and tables in words."""

from rich.padding import Padding
from rich.text import Text

WORDS = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "about": "about {}",
    "up_to": "up to {}",
    "fewer_than": "fewer than {}",
}


def figure(value: int | None, modifier: str | None, low: int | None = None, high: int | None = None) -> str:
    """A figure with the wording that it stands in: 8, at least 35, 10 to 12, several."""
    if value is not None:
        return WORDS.get(modifier or "", "{}").format(f"{value:,}")
    if low is None:
        return "–"
    return f"{low:,} to {high:,}" if high is not None else f"several ({low:,} or more)"


SIGNS = {"at_least": "≥ {}", "more_than": "> {}", "about": "~ {}", "up_to": "≤ {}", "fewer_than": "< {}"}


def short_figure(value: int | None, modifier: str | None) -> str:
    """A figure for a column: 8, ≥ 35, ~ 24."""
    return "–" if value is None else SIGNS.get(modifier or "", "{}").format(f"{value:,}")


def indented(text: str, level: int = 1) -> Padding:
    """Markup that keeps its indent when it wraps."""
    return Padding(Text.from_markup(text), (0, 0, 0, 4 * level))


def clipped(text: str, width: int = 56) -> str:
    """The beginning of a text, an ellipsis where it goes on."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def plural(number: int, noun: str) -> str:
    """1 article, 2 articles."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def bytes_in_words(n_bytes: int, sign: str = "") -> str:
    """Bytes in the largest unit that gives one or more: 1.2 GB."""
    number, units = float(n_bytes), iter(("B", "KB", "MB", "GB", "TB"))
    unit = next(units)
    while abs(number) >= 1000 and unit != "TB":
        number, unit = number / 1000, next(units)
    return f"{number:{sign}.{0 if unit == 'B' else 1}f} {unit}"
