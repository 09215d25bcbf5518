"""A feed's text -> the small, sound XML of what a listing needs: safe to give to any parser, quick to read.

Content, pictures, authors and categories go, and with them nine tenths of most feeds. What is written anew is well
formed whatever came in, and carries no document type."""

from collections.abc import Iterator
from html import escape
from itertools import chain

from flows.collect.feed_marks import LONGEST, Mark, note, read_attributes, read_marks, sound_text
from flows.collect.feed_names import (
    CORE,
    DECLARED,
    ENDERS,
    ENTRIES,
    FIELD_ENDERS,
    FIELDS,
    GROUPS,
    HTML,
    KEPT_ATTRIBUTES,
    OTHER_KINDS,
    ROOTS,
    WITH_TEXT,
    Names,
)
from flows.collect.feed_text import INLINE, UNSEEN
from flows.collect.listing import NoListing

LOOK_FOR_ROOT = 20_000  # marks before the feed's own first tag: a warning of the server, a page's head
DEEPEST = 20  # elements within each other: a feed needs five
MOST_MARKS = 4_000_000  # tags and texts: 50,000 items of 80; a body of nothing else takes 10 s on a busy core
MOST_ELEMENTS = 400_000  # written: 50,000 items of 8; 25 s on a busy core, most of it in feedparser


def thin_feed(text: str, most: int, flaws: list[str]) -> bytes:
    """The feed's own fields and those of its first `most` entries as sound XML in UTF-8; what was ill-formed, and what
    was cut, is put in words into `flaws`. Raises NoListing where no feed begins."""
    marks, names = read_marks(text, flaws), Names()
    thin = _Thin(names, most, flaws)
    root = _find_root(marks, names, flaws)
    is_whole = all(thin.takes(mark) for mark in chain([root], marks))
    return thin.closed(is_whole)


def _find_root(marks: Iterator[Mark], names: Names, flaws: list[str]) -> Mark:
    """The start of the feed. What comes before it is junk, unless it shows that this is something else."""
    first, has_junk = None, False
    for number, mark in enumerate(marks):
        local = mark.name.rpartition(":")[2].lower()
        if mark.kind == "start" and names.name_of(mark) in ROOTS:
            if has_junk:
                note(flaws, "something stands before the feed")
            return mark
        if mark.kind == "start" and local in HTML:
            detail = "an HTML page; a site's page may name its feeds: `newsledger sources find URL` lists them"
            raise NoListing("no feed", detail)
        if mark.kind == "start" and local in OTHER_KINDS:
            raise NoListing("no feed", f"{OTHER_KINDS[local]}, not a feed")
        first = first or mark.name
        has_junk = has_junk or mark.kind != "text" or bool(mark.text.strip("\ufeff \t\r\n"))
        if number > LOOK_FOR_ROOT:
            break
    begins = f"markup that begins with <{first[:40]}>" if first else "no markup"
    raise NoListing("no feed", f"{begins}; RSS, Atom, RDF, CDF and JSON Feed are read")


class _Thin:
    """What is open and what is written so far. `stack` holds the names that are written and not closed; `dropped` the
    element that is passed over, in lower case, and `depth` how often it is open within itself."""

    def __init__(self, names: Names, most: int, flaws: list[str]) -> None:
        self.names, self.most, self.flaws = names, most, flaws
        self.out: list[str] = []
        self.stack: list[str] = []
        self.dropped: str | None = None
        self.depth = self.n_marks = self.n_elements = self.n_entries = 0
        self.is_ended = False  # the root's end was seen; it is written last, what comes after it is read all the same
        self.field_at = self.n_characters = 0  # of the field that is open: where it stands in `out`, its length

    def takes(self, mark: Mark) -> bool:
        """Take one more; False where there is enough."""
        self.n_marks += 1
        if self.n_marks > MOST_MARKS or self.n_elements > MOST_ELEMENTS:
            note(self.flaws, f"has more than {MOST_MARKS} tags and texts or {MOST_ELEMENTS} fields; read so far")
            return False
        if mark.kind in ("text", "section"):
            if self.dropped is None and self.stack and self.stack[-1] in WITH_TEXT:
                self._write_text(mark)
        elif mark.kind == "end":
            self._end(mark)
        else:
            return self._start(mark)
        return True

    def _start(self, mark: Mark) -> bool:
        name = self.names.name_of(mark)
        if self.dropped is not None:
            if name not in ENDERS:
                self.depth += mark.kind == "start" and mark.name.lower() == self.dropped
                return True
            note(self.flaws, f"<{self.dropped[:40]}> is not closed")
            self.dropped = None
        if self.stack and self.stack[-1] in FIELDS:
            if name not in FIELD_ENDERS:
                self._pass_over_markup(mark)
                return True
            note(self.flaws, f"<{self.stack[-1]}> is not closed")
            self._close_to(self.stack[-1])
        if name is None or name not in FIELDS | GROUPS or len(self.stack) >= DEEPEST:
            self.dropped, self.depth = (mark.name.lower(), 1) if mark.kind == "start" else (None, 0)
            return True
        if name in ENTRIES and not self._begins_entry():
            return False
        if "source" in self.stack and name in ENDERS | {"source"}:
            note(self.flaws, "<source> is not closed")
            self._close_to("source")
        self._write_start(name, mark)
        return True

    def _pass_over_markup(self, mark: Mark) -> None:
        """A tag within a title: its texts are what is wanted, a script's are not."""
        if mark.name.lower() not in INLINE:
            self._write_text(Mark("text", "", " "))
        if mark.kind == "start" and mark.name.rpartition(":")[2].lower() in UNSEEN:
            self.dropped, self.depth = mark.name.lower(), 1

    def _begins_entry(self) -> bool:
        for open_one in ENTRIES.intersection(self.stack):
            note(self.flaws, f"<{open_one}> is not closed")
            self._close_to(open_one)
        self.n_entries += 1
        if self.n_entries > self.most:
            note(self.flaws, f"lists more than {self.most} items")
        return self.n_entries <= self.most

    def _write_start(self, name: str, mark: Mark) -> None:
        given = read_attributes(mark.text, self.flaws)
        kept = {key: given[key] for key in KEPT_ATTRIBUTES if key in given}
        if "ispermalink" in kept:
            kept["ispermalink"] = kept["ispermalink"].strip().lower()
        if name in ENTRIES and (about := [value for key, value in given.items() if key.endswith(":about")]):
            kept["rdf:about"] = about[0]
        if not self.stack:
            kept |= _root_attributes(name, given)
        self.field_at, self.n_characters = len(self.out), 0
        self.n_elements += 1
        attributes = "".join(f' {key}="{value}"' for key, value in kept.items())
        self.out.append(f"<{_written(name)}{attributes}>")
        self.stack.append(name)
        if mark.kind == "empty" and len(self.stack) > 1:
            self._close_to(name)
        elif mark.kind == "empty":
            self.is_ended = True

    def _write_text(self, mark: Mark) -> None:
        self.n_characters += len(mark.text)
        if self.n_characters <= LONGEST:
            text = escape(mark.text, quote=False) if mark.kind == "section" else mark.text
            self.out.append(sound_text(text, self.flaws))

    def _end(self, mark: Mark) -> None:
        name = self.names.name_of(mark)
        if self.dropped is not None:
            if mark.name.lower() == self.dropped:
                self.depth -= 1
                self.dropped = self.dropped if self.depth else None
                return
            if name not in self.stack:
                return
            note(self.flaws, f"<{self.dropped[:40]}> is not closed")
            self.dropped = None
        if name in self.stack[1:]:
            if name != self.stack[-1]:
                note(self.flaws, f"<{self.stack[-1]}> is not closed")
            self._close_to(str(name))
        elif name in self.stack:
            self.is_ended = len(self.stack) == 1
        elif self.stack and self.stack[-1] in FIELDS:
            self._pass_over_markup(mark)

    def _close_to(self, name: str) -> None:
        """Close what is open, up to the innermost of that name."""
        while True:
            last = self.stack.pop()
            if last in FIELDS and self._is_void(last):
                del self.out[self.field_at :]
            else:
                self.out.append(f"</{_written(last)}>")
            if last == name:
                return

    def _is_void(self, name: str) -> bool:
        """A field that says nothing we want: one too long, a link to nowhere (it would pass for one to the feed), an
        id that is no address (it would pass for a link)."""
        if self.n_characters > LONGEST:
            note(self.flaws, f"<{name}> is longer than {LONGEST} characters")
            return True
        start, *texts = self.out[self.field_at :]
        said = "".join(texts).strip().lower()
        if name == "link":
            return not said and ' href="' not in start and ' url="' not in start
        return name in ("guid", "id") and (
            not said.startswith(("http://", "https://")) or ' ispermalink="false"' in start
        )

    def closed(self, is_whole: bool) -> bytes:
        """All that was written, what is still open closed: a flaw where the feed was read to its end."""
        if is_whole and not self.is_ended:
            note(self.flaws, f"<{self.stack[-1]}> is not closed")
        while self.stack:
            self._close_to(self.stack[-1])
        return "".join(self.out).encode("utf-8")


def _written(name: str) -> str:
    return "rdf:RDF" if name == "rdf:rdf" else name


def _root_attributes(name: str, given: dict[str, str]) -> dict[str, str]:
    """The namespaces of the feed that is written: our prefixes, and the format's own where the feed has one of those
    that are known; a <feed> that says nothing is Atom 1.0."""
    namespaces = {f"xmlns:{prefix}": uri for prefix, uri in DECLARED.items()}
    own = given.get("xmlns", "").strip()
    if own.lower() in CORE:
        namespaces["xmlns"] = own
    elif name == "feed" and "version" not in given:
        namespaces["xmlns"] = "http://www.w3.org/2005/Atom"
    return namespaces
