"""Which person is which: the same victim told again ("a man", "the 24-year-old", "Lopez") is one person.

Persons are told apart as a careful reader does: by name, by age, by sex, by "another", by standing beside each other in
one sentence. Within an article's event only, in the order of its text; the title comes last, it repeats.
"""

from dataclasses import dataclass, field
from functools import cache

import polars as pl

from flows.lexicon import lexicon

OF_PERSONS = ["killed", "wounded", "casualties"]


@dataclass
class Person:
    """What an article has told of somebody so far; `places` are the sentences and cues that told it."""

    number: int
    surname: str | None
    age: int | None
    sex: str | None
    is_attacker: bool
    kinds: set[str] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)


def number_persons(counts: pl.DataFrame) -> pl.Series:
    """`victim_no` (Int32, from 1 within an article) of each row that counts one person; NULL for other rows.

    `counts` has article_id, event_no, kind, low, high, sentence, victim, age, unit, is_attacker, is_more,
    is_definite, is_kin, field,
    in the order of the text.
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
        told = Person(0, _surname(victim), age, _sex(unit), is_attacker)
        persons = known.setdefault((article_id, event_no), [])
        person = _find(persons, told, kind, sentence, is_definite, is_more, is_kin, text == "title")
        if person is None:
            last[article_id] = told.number = last.get(article_id, 0) + 1
            persons.append(told)
            person = told
        person.surname, person.age = person.surname or told.surname, person.age or told.age
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
    fitting = [person for person in reversed(persons) if _fits(person, told)]
    for person in fitting:
        if (told.surname and person.surname) or (told.age and person.age):
            return person
    same_fate = [person for person in fitting if not {kind, *person.kinds} >= {"killed", "wounded"}]
    if is_kin:
        before = [person for person in fitting if sentence not in person.sentences]
        # "He admitted to shooting his brother" tells again of the boy told dead before.
        return next((p for p in before if kind in p.kinds or kind == "casualties"), None)
    if is_definite:
        return next(iter(same_fate or fitting), None)
    if told.surname or told.age:
        return next((p for p in same_fate if kind in p.kinds), same_fate[0] if same_fate else None)
    anew = is_more or any(sentence in person.sentences for person in fitting)
    known = next((person for person in fitting if kind in person.kinds), None)
    repeated = fitting[0] if in_title and fitting else None
    return None if anew else known or repeated


def _fits(person: Person, told: Person) -> bool:
    """Whether nothing that is told of the two says that they are not one."""
    if told.surname and person.surname:
        return told.surname == person.surname and not _differ(told.age, person.age)
    if person.is_attacker != told.is_attacker or _differ(person.sex, told.sex):
        return False
    return person.age is None or told.age is None or abs(person.age - told.age) <= 1


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _surname(victim: str | None) -> str | None:
    words = [word for word in (victim or "").lower().split() if word.strip(".") not in ("jr", "sr", "ii", "iii", "iv")]
    return words[-1] if words else None


@cache
def _sexes() -> dict[str, str]:
    return dict(lexicon("sexes").select("noun", "sex").iter_rows())


def _sex(unit: str | None) -> str | None:
    return next((_sexes()[word] for word in (unit or "").lower().split() if word in _sexes()), None)
