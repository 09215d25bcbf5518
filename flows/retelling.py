"""The second half of the link stage: events, of what the stories tell that were linked anew and of what stands beside.

Some events at a time, from files and to files: a pass may be of a million articles.
"""

from pathlib import Path

import duckdb
import polars as pl

from flows.handed import write
from flows.link.events import TELLINGS, describe_events
from flows.link.happenings import HAPPENINGS, SAME, compare_happenings, join_happenings
from flows.warehouse.retold import gather_told, read_met, read_told, write_rows


def retell(con: duckdb.DuckDBPyConnection, folder: Path, touched: pl.DataFrame) -> None:
    """Write the rows of `linked_events`, `mentioned_events`, `happenings`, `happening_keys` and `regrouped` to files of
    `folder`, which has what linking found of the articles `touched` (linking.link_some)."""
    is_main = gather_told(con, folder, touched)
    same = [compare_happenings(*some) for some in read_met(con)]
    event_of = join_happenings(is_main, pl.concat([SAME.to_frame(), *same]))
    for number, (tellings, happenings) in enumerate(read_told(con, event_of)):
        tellings = tellings.select(*TELLINGS.names(), "event").cast({name: TELLINGS[name] for name in TELLINGS})
        events, mentioned = describe_events(tellings)
        event_ids = mentioned.select("happening_id", "event_id").unique()
        happenings = happenings.select(HAPPENINGS.names()).cast(HAPPENINGS).join(event_ids, on="happening_id")
        write(folder, number, linked_events=events, mentioned_events=mentioned, happenings=happenings)
    write_rows(con, folder)
