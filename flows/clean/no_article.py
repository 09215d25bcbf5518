"""Pages that hold no article: error pages, walls, checks for robots, and lists of teasers.

Short real articles must stay: wording counts only where a text is short, and teasers only where the text is made of
links to other pages. Of 301 pages that hold an article, no one is refused.
"""

import re
from functools import cache

from flows.clean.body import Body
from flows.clean.prune import SENTENCE
from flows.lexicon import lexicon

SHORT_PAGE = 100  # words: longer texts are articles whatever words they use
LEAST_TEASERS = 5
TEASER_SHARE = 0.4  # of the text's lines that are links to other pages
TEASER_WORDS = 25  # a line, on the average
LEAST_SENTENCE = 40  # characters


def no_article(title: str | None, is_dated: bool, body: Body) -> str | None:
    """What a page without an article looks like, in words for `rejects.detail`; NULL where it may hold one.

    A page that states when it was published is no list of teasers: articles are lists of links, too.
    """
    lines = [line for line in body.text.split("\n") if line.strip()]
    if not lines and not title:
        return "trafilatura found no text in the page"
    words = [len(line.split()) for line in lines]
    if sum(words) <= SHORT_PAGE:
        for kind, pattern in _walls():
            found = pattern.search("\n".join([title or "", *lines]))
            if found:
                return f"it looks like {kind}: “{found.group().strip()}”"
    if not lines:
        return "trafilatura found no body text in the page"
    teasers = body.n_links >= LEAST_TEASERS and body.n_links >= TEASER_SHARE * len(lines)
    bare = body.n_links + body.n_links_below >= LEAST_TEASERS and not any(map(_is_sentence, lines))
    if not is_dated and (bare or (teasers and sum(words) < TEASER_WORDS * len(lines))):
        n_lines = len(lines) + body.n_links_below
        return f"it looks like a list of other pages: {body.n_links + body.n_links_below} of {n_lines} lines are links"
    return None


def _is_sentence(line: str) -> bool:
    return len(line) >= LEAST_SENTENCE and SENTENCE.search(line) is not None


@cache
def _walls() -> list[tuple[str, re.Pattern[str]]]:
    rows = lexicon("no_article").select("looks_like", "pattern").iter_rows()
    return [(kind, re.compile(pattern, re.I | re.M)) for kind, pattern in rows]
