"""The answer to what was asked, in other words: its first rows, its values as text or JSON, safe for a spreadsheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Generic, TypeVar

from flows.warehouse.asked import Answer, Rows

if TYPE_CHECKING:
    import pyarrow as pa

Many = TypeVar("Many", Rows, "pa.RecordBatch")

NUMBERS = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
    "float", "double", "decimal", "bignum",
}  # fmt: skip
FORMULA = "[=+@＝＋－＠-]"
# A cell that begins as a formula does, be it behind blanks and what is not seen. Where ; parts cells, a spreadsheet
# ends a quoted one there and at the end of a line.
BEGINS = rf"^([\s\p{{Z}}\p{{C}}]*{FORMULA}|[\t\r\n])"
BEGINS_WITHIN = rf"([;\t\r\n][\s\p{{Z}}\p{{C}}]*)({FORMULA})"


@dataclass
class First(Generic[Many]):
    """The first rows of an answer, all where `rows` is None. `is_cut`, known once they are taken: there were more."""

    batches: Iterator[Many]
    rows: int | None
    is_cut: bool = False

    def __iter__(self) -> Iterator[Many]:
        left = self.rows
        for batch in self.batches:
            yield batch[:left]
            if left is not None:
                self.is_cut = len(batch) > left
                left -= len(batch)
            if self.is_cut:
                return


def as_text(asked: Answer) -> Answer:
    """Each column as text, NULL as it is: lists, structs and maps as JSON, instants as ISO 8601 in UTC, the rest as
    DuckDB writes it."""
    texts = [text_of(f"#{number}", type_.id) for number, type_ in enumerate(asked.types, 1)]
    return asked.project(
        ", ".join(f"{text} AS {name}" for text, name in zip(texts, _names(asked.columns), strict=True))
    )


def as_safe_text(asked: Answer) -> Answer:
    """Each column as text, as as_text gives it, with ' before what a spreadsheet would take for a formula, in all but
    numbers: articles are other people's words, and a formula may send away what stands beside it."""
    safe = []
    names = _names([_safe_name(name) for name in asked.columns])
    for number, (name, type_) in enumerate(zip(names, asked.types, strict=True), 1):
        text = text_of(f"#{number}", type_.id)
        if type_.id not in NUMBERS:
            within = rf"regexp_replace({text}, '{BEGINS_WITHIN}', '\1''\2', 'g')"
            text = rf"regexp_replace({within}, '{BEGINS}', '''\1')"
        safe.append(f"{text} AS {name}")
    return asked.project(", ".join(safe))


def as_json(asked: Answer) -> Answer:
    """Each row as a JSON object in the one column `row`; a number that JSON cannot say (infinite, none) is null."""
    values = []
    for number, (name, type_) in enumerate(zip(_names(asked.columns), asked.types, strict=True), 1):
        value = f"#{number}"
        if type_.id == "timestamp with time zone":
            value = text_of(value, type_.id)
        elif type_.id in ("float", "double"):
            value = f"CASE WHEN isfinite({value}) THEN {value} END"
        values.append(f"{name} := {value}")
    return asked.project(f"to_json(struct_pack({', '.join(values)}))::VARCHAR AS row")


def as_list(asked: Answer) -> Answer:
    """Each row as a JSON list in the one column `row`: instants as ISO 8601 in UTC, a number that JSON cannot say as
    its text (inf)."""
    values = []
    for number, type_ in enumerate(asked.types, 1):
        value = f"#{number}"
        if type_.id == "timestamp with time zone":
            value = text_of(value, type_.id)
        elif type_.id in ("float", "double"):
            value = f"CASE WHEN isfinite({value}) THEN {value}::VARCHAR::JSON ELSE to_json({value}::VARCHAR) END"
        values.append(value)
    return asked.project(f"json_array({', '.join(values)})::VARCHAR AS row")


def text_of(value: str, type_id: str) -> str:
    """An expression of a type (`duckdb.sqltypes`: its id) as text, for SQL."""
    if type_id in ("list", "array", "struct", "map", "union"):
        return f"to_json({value})::VARCHAR"
    if type_id == "timestamp with time zone":
        return f"replace(replace({value}::VARCHAR, ' ', 'T'), '+00', 'Z')"
    return f"{value}::VARCHAR"


def _safe_name(name: str) -> str:
    name = re.sub(rf"([;\t\r\n]\W*?)({FORMULA})", r"\1'\2", name)
    return f"'{name}" if re.match(rf"\W*?{FORMULA}|[\t\r\n]", name) else name


def _names(columns: list[str]) -> list[str]:
    """The columns' names for SQL, each once: a, a_1."""
    names: dict[str, str] = {}
    for name in columns:
        numbered = (f"{name}_{number}" for number in count(1))
        unique = name if name.lower() not in names else next(one for one in numbered if one.lower() not in names)
        names[unique.lower()] = '"' + unique.replace('"', '""') + '"'
    return list(names.values())
