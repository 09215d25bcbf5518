"""Which person is which: the same victim told again ("a man", "the 24-year-old", "Lopez") is one person.

Persons are told apart as a careful reader does: by name, by age or the ages that a noun allows ("toddler"), by sex, by
"another", by standing beside each other in one sentence. Within an article's event, which follows a victim's name, in
the order of its text; the title comes last, it repeats.
"""

from dataclasses import dataclass, field
from functools import cache

import polars as pl

from flows.lexicon import lexicon

OF_PERSONS = ["killed", "wounded", "casualties"]


@dataclass
class Person:
    """What an article has told of somebody so far; `years` are the ages that its words allow, from and to."""

    number: int
    names: tuple[str, ...]
    age: int | None
    years: tuple[int, int] | None
    sex: str | None
    is_attacker: bool
    kinds: set[str] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)


def follow_names(counts: pl.DataFrame) -> pl.DataFrame:
    """Nobody is killed twice: a sentence that names a victim told before tells of that victim's event."""
    named = counts.filter(
        pl.col("victim").is_not_null() & pl.col("kind").is_in(OF_PERSONS) & (pl.col("scope") != "cumulative")
    ).select("article_id", "sentence", "event_no", name=pl.col("victim").str.to_lowercase())
    first = named.unique(["article_id", "name"], keep="first", maintain_order=True)
    first = first.select("article_id", "name", known_event="event_no")
    told = named.join(first, on=["article_id", "name"]).unique("sentence", keep="first", maintain_order=True)
    counts = counts.join(told.select("sentence", "known_event"), on="sentence", how="left", maintain_order="left")
    follows = pl.col("known_event").is_not_null() & (pl.col("scope") != "cumulative")
    return counts.with_columns(event_no=pl.when(follows).then("known_event").otherwise("event_no")).drop("known_event")


def number_persons(counts: pl.DataFrame) -> pl.Series:
    """`victim_no` (Int32, from 1 within an article) of each row that counts one person; NULL for other rows.

    `counts` has article_id, event_no, kind, low, high, sentence, victim, age, unit, is_attacker, is_more,
    is_definite, is_kin, field, in the order of the text.
    """
    columns = [
        "article_id",
        "event_no",
        "kind",
        "sentence",
        "victim",
        "age",
        "unit",
        "is_attacker",
        "is_more",
        "is_definite",
        "is_kin",
        "field",
    ]
    singly = (pl.col("low") == 1) & (pl.col("high") == 1) & pl.col("kind").is_in(OF_PERSONS)
    # Behind a figure "another" is somebody else than those, and may have been told of before.
    behind = pl.col("sentence") == pl.col("sentence").shift(1)
    counts = counts.with_columns(is_more=pl.col("is_more") & ~behind.fill_null(False))
    rows = counts.with_row_index("at").filter(singly.fill_null(False))
    known: dict[tuple[str, int], list[Person]] = {}
    last: dict[str, int] = {}
    numbers = []
    for (
        article_id,
        event_no,
        kind,
        sentence,
        victim,
        age,
        unit,
        is_attacker,
        is_more,
        is_definite,
        is_kin,
        text,
    ) in rows.select(columns).iter_rows():
        persons = known.setdefault((article_id, event_no), [])
        alone = tuple(name for name in _one_name(unit) if any(name in person.names for person in persons))
        told = Person(0, _names(victim) or alone, age, _years(age, unit), _sex(unit), is_attacker, {kind})
        person = _find(persons, told, kind, sentence, is_definite, is_more, is_kin, text == "title")
        if person is None:
            last[article_id] = told.number = last.get(article_id, 0) + 1
            persons.append(told)
            person = told
        person.names, person.age = max(person.names, told.names, key=len), person.age or told.age
        person.years = _closer(person.years, told.years)
        person.sex = person.sex or told.sex
        person.kinds.add(kind)
        person.sentences.add(sentence)
        numbers.append(person.number)
    found = pl.DataFrame({"at": rows["at"], "victim_no": pl.Series(numbers, dtype=pl.Int32)})
    return counts.with_row_index("at").join(found, on="at", how="left", maintain_order="left")["victim_no"]


def _find(
    persons: list[Person],
    told: Person,
    kind: str,
    sentence: int,
    is_definite: bool,
    is_more: bool,
    is_kin: bool,
    in_title: bool,
) -> Person | None:
    """The person told of again: by name or age, else who fits and shares the fate, the one told last first."""
    fitting = [person for person in reversed(persons) if _fits(person, told, sentence)]
    for person in fitting:
        if (told.names and person.names) or (told.age and person.age):
            return person
    repeated = fitting[0] if in_title and fitting else None
    same_fate = [person for person in fitting if kind in person.kinds or not _has_both({kind, *person.kinds})]
    if is_kin:
        before = (person for person in fitting if sentence not in person.sentences)
        # "He admitted to shooting his brother" tells again of the boy told dead before.
        return next((person for person in before if _shares(person, kind)), None)
    if is_definite:
        return next(iter(same_fate or [p for p in fitting if sentence not in p.sentences]), None)
    if told.names or told.age:
        return next((p for p in same_fate if kind in p.kinds), next(iter(same_fate), repeated))
    anew = is_more or any(sentence in person.sentences for person in fitting)
    known = next((person for person in fitting if _shares(person, kind)), None)
    return None if anew else known or repeated


def _has_both(kinds: set[str]) -> bool:
    return kinds >= {"killed", "wounded"}


def _shares(person: Person, kind: str) -> bool:
    """Whether what befell the person may be told by `kind`; "shot" tells no outcome and goes with either."""
    return kind in person.kinds or kind == "casualties"


def _fits(person: Person, told: Person, sentence: int) -> bool:
    """Whether nothing that is told of the two says that they are not one."""
    if told.names and person.names:
        same = _is_one_name(person.names, told.names, apart=sentence in person.sentences and told.kinds <= person.kinds)
        return same and not _differ(told.age, person.age)
    if person.is_attacker != told.is_attacker or _differ(person.sex, told.sex):
        return False
    return (
        person.years is None
        or told.years is None
        or (person.years[0] <= told.years[1] and told.years[0] <= person.years[1])
    )


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _names(victim: str | None) -> tuple[str, ...]:
    words = (word.strip(".") for word in (victim or "").lower().split())
    return tuple(word for word in words if word not in ("jr", "sr", "ii", "iii", "iv"))


def _is_one_name(one: tuple[str, ...], other: tuple[str, ...], apart: bool) -> bool:
    """ "Ana Maria Lopez", "Ana Lopez", "Maria Lopez", "Lopez" and "Ana" may be one. So may two first names of one
    surname, for spellings differ, unless they stand side by side (`apart`)."""
    within = set(one) <= set(other) or set(other) <= set(one)
    return within or (one[-1] == other[-1] and (not apart or one[0] == other[0]))


def _one_name(unit: str | None) -> list[str]:
    """A surname or first name that stands alone ("Lopez died at the scene")."""
    words = (unit or "").split()
    return [word.lower() for word in words if len(words) == 1 and word[0].isupper()]


def _years(age: int | None, unit: str | None) -> tuple[int, int] | None:
    """The ages that the wording allows: a told one give or take a year, else what the noun says ("toddler")."""
    if age is not None:
        return age - 1, age + 1
    return next((_ages()[word] for word in reversed((unit or "").lower().split()) if word in _ages()), None)


def _closer(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """The narrower of two spans of years."""
    return min((span for span in (one, other) if span), key=lambda span: span[1] - span[0], default=None)


@cache
def _ages() -> dict[str, tuple[int, int]]:
    return {noun: (low, high) for noun, low, high in lexicon("ages").select("noun", "low", "high").iter_rows()}


@cache
def _sexes() -> dict[str, str]:
    return dict(lexicon("sexes").select("noun", "sex").iter_rows())


def _sex(unit: str | None) -> str | None:
    return next((_sexes()[word] for word in reversed((unit or "").lower().split()) if word in _sexes()), None)
