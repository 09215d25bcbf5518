"""What the server that Prefect starts for us keeps of past runs: an SQLite file below the data folder, 130 KB a run.

Only that file is touched; a server that PREFECT_API_URL names, or a profile, is its owner's to look after.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

TOGETHER = 200  # runs in one transaction: others that write wait for as long
OLD_RUNS = "SELECT id FROM flow_run WHERE coalesce(end_time, start_time, expected_start_time) < ?"
OLD_EVENTS = "SELECT id FROM events WHERE occurred < ?"


def prefect_path(data: Path) -> Path:
    """The file of a data folder."""
    return data / "prefect" / "prefect.db"


def server_settings(days: float) -> dict[str, str]:
    """What lets a server of ours that stays up forget runs older than `days` by itself (0: none), as it does events
    after a week. Prefect takes no less than an hour."""
    if not days:
        return {}
    service = "PREFECT_SERVER_SERVICES_DB_VACUUM"
    return {f"{service}_ENABLED": "true", f"{service}_RETENTION_PERIOD": str(max(int(days * 86400), 3601))}


def count_old(data: Path, days: float, now: datetime) -> int:
    """How many runs older than `days` it knows; 0 where there is no such file."""
    if not prefect_path(data).exists() or not days:
        return 0
    with closing(_open(data)) as con:
        (number,) = con.execute(f"SELECT count(*) FROM ({OLD_RUNS})", [_before(now, days)]).fetchone()
    return int(number)


def forget_old(data: Path, days: float, now: datetime, is_time: Callable[[], bool]) -> None:
    """Let it know nothing of runs and events older than `days`, and give the disk what that frees once it is half of
    the file and nobody else has it open. Raises sqlite3.Error where the file is in use for long, or no such file."""
    before = _before(now, days)
    with closing(_open(data)) as con:
        con.execute("PRAGMA foreign_keys = ON")  # task runs and states go with their run
        while is_time():
            con.execute("BEGIN IMMEDIATE")
            con.execute(f"CREATE TEMP TABLE old AS {OLD_RUNS} LIMIT {TOGETHER}", [before])
            n_runs = con.execute("DELETE FROM flow_run WHERE id IN old").rowcount
            for table in ("artifact", "log"):
                con.execute(f"DELETE FROM {table} WHERE flow_run_id IN old")
            con.execute("DROP TABLE old")
            con.execute(f"CREATE TEMP TABLE old AS {OLD_EVENTS} LIMIT {50 * TOGETHER}", [before])
            con.execute("DELETE FROM event_resources WHERE event_id IN old")
            n_events = con.execute("DELETE FROM events WHERE id IN old").rowcount
            con.execute("DROP TABLE old")
            con.execute("COMMIT")
            if not n_runs and not n_events:
                break
        (n_free,), (n_pages,) = (con.execute(f"PRAGMA {one}").fetchone() for one in ("freelist_count", "page_count"))
        if 2 * n_free > n_pages and is_time():
            con.execute("VACUUM")


def _open(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(prefect_path(data), timeout=5.0, isolation_level=None)


def _before(now: datetime, days: float) -> str:
    """An instant as Prefect writes it into SQLite: UTC, without offset."""
    return f"{now - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}"
