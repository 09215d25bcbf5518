"""Serve a schedule over a changing news site on loopback, kill all its processes once: `python -m tests.served 600`.

While `newsledger serve` makes its passes, articles appear and change. In the middle of the time all its processes are
killed at once in the middle of a pass, and started again after two steps. Then the ledger must have every article
once, each as it was written last, no revision that was not written, and no two passes at the same time.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

from tests.conftest import ROOT
from tests.newsroom import Newsroom, open_newsroom, write_article
from tests.web_kills import SOURCE

COLLECT = """[collect]
pause_seconds = 0
poll_least_minutes = 0
poll_most_minutes = 0.01
recheck_least_minutes = 0
"""


@dataclass(frozen=True)
class Served:
    """What came of it: passes, seconds from the restart to the next pass, and what went wrong (empty: nothing)."""

    n_passes: int
    n_articles: int
    n_revisions: int
    seconds_until_on: float
    wrong: list[str]


def start(config: Path, data: Path, step: int) -> "subprocess.Popen[str]":
    """Serve in a process group of its own, with a Prefect server of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    words = ["serve", "--every", f"{step}s", "--config", str(config), "--data", str(data)]
    return subprocess.Popen(
        [sys.executable, "-m", "flows", *words],
        cwd=ROOT,
        env=own | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class Site:
    """A newsroom that writes and rewrites; `written` has the tolls that each page has told, in order."""

    def __init__(self, room: Newsroom, seed: int) -> None:
        self.room, self.dice = room, random.Random(seed)
        self.written: dict[str, list[int]] = {}

    def change(self) -> None:
        """Write an article, and another toll into one that is there."""
        number = len(self.written)
        path = f"/news/{number}"
        self._write(path, number, 3)
        self.room.listed.insert(0, path)
        known = self.dice.randrange(number + 1)
        self._write(f"/news/{known}", known, self.written[f"/news/{known}"][-1] + 1)

    def _write(self, path: str, number: int, killed: int) -> None:
        self.written.setdefault(path, []).append(killed)
        self.room.write(path, write_article(number, killed))


def serve_and_kill(folder: Path, step: int, seconds: float) -> Served:
    """Serve for so many seconds with a pass every `step` of them, killed in the middle; then look at the ledger."""
    data, config = folder / "data", folder / "sources.toml"
    with open_newsroom(Newsroom(latency=0.02)) as room:
        config.write_text(COLLECT + SOURCE.format(number=0, url=room.url), "utf-8")
        site = Site(room, 1)
        for _ in range(30):
            site.change()
        serving = start(config, data, step)
        _go_on(site, data, seconds / 2, step)
        _wait_for(lambda: "at clean" in _lock(data) or "at load" in _lock(data), 3 * step + 60, "a pass to kill")
        killed_at = datetime.now(UTC)
        os.killpg(serving.pid, signal.SIGKILL)
        serving.communicate()
        time.sleep(2 * step)
        back_at = datetime.now(UTC)
        serving = start(config, data, step)
        _wait_for(lambda: any(began > back_at for began, _ in _passes(data)), 120, "a pass after the restart")
        _go_on(site, data, seconds / 2, step)
        quiet_at = datetime.now(UTC)  # a pass that begins from here on sees the site as it is
        _wait_for(
            lambda: any(began > quiet_at and ended for began, ended in _passes(data)), 3 * step + 60, "the last pass"
        )
        serving.send_signal(signal.SIGTERM)
        said, _ = serving.communicate(timeout=60)
    passes = _passes(data)
    until_on = min((began - back_at).total_seconds() for began, _ in passes if began > back_at)
    wrong = _wrong_passes(passes, killed_at, step) + _wrong_articles(data, site, room.url)
    if serving.returncode or "Traceback" in said:
        wrong.append(f"stopped with status {serving.returncode}: {said}")
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        ((n_articles, n_revisions),) = con.execute(
            "SELECT count(DISTINCT article_id), count(*) FROM revisions"
        ).fetchall()
    return Served(len(passes), n_articles, n_revisions, until_on, wrong)


def _go_on(site: Site, data: Path, seconds: float, step: int) -> None:
    """Let the site change for a while, a few times a step."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        site.change()
        time.sleep(step / 4)


def _lock(data: Path) -> str:
    path = data / "work" / "lock"
    return path.read_text("utf-8") if path.exists() else ""


def _wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


def _passes(data: Path) -> list[tuple[datetime, datetime | None]]:
    """When the passes that are published began and ended (NULL: killed), in their order."""
    if not (data / "news.duckdb").exists():
        return []
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        return con.execute("SET TimeZone = 'UTC'; SELECT started_at, ended_at FROM runs ORDER BY run_no").fetchall()


def _wrong_passes(passes: list[tuple[datetime, datetime | None]], killed_at: datetime, step: int) -> list[str]:
    """Passes at the same time, and more of them than there were steps."""
    wrong = []
    for (began, ended), (next_began, _) in pairwise(passes):
        if next_began < (ended or killed_at):
            wrong.append(f"the pass of {next_began} began before that of {began} had ended")
    most = (passes[-1][0] - passes[0][0]) / timedelta(seconds=step) + 3  # the first, and one at the restart
    return [*wrong, *([f"{len(passes)} passes, {most:.0f} at most were due"] if len(passes) > most else [])]


def _wrong_articles(data: Path, site: Site, url: str) -> list[str]:
    """Articles that are lost, twice, not as they were written last, or with a revision that nobody wrote."""
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        read = con.execute(
            """SELECT r.url, list(c.value ORDER BY r.revision), count(DISTINCT r.article_id)
            FROM revisions AS r JOIN counts_history AS c USING (article_id, revision)
            WHERE c.kind = 'killed' AND c.field = 'text' GROUP BY r.url"""
        ).fetchall()
    told = {address.removeprefix(url): (values, n) for address, values, n in read}
    wrong = [f"{path}: not there" for path in site.written.keys() - told.keys()]
    for path, (values, n_ids) in told.items():
        written = site.written[path]
        if n_ids != 1 or len(set(values)) != len(values) or values != sorted(set(values) & set(written)):
            wrong.append(f"{path}: revisions tell {values} under {n_ids} ids, written were {written}")
        elif values[-1] != written[-1]:
            wrong.append(f"{path}: stands at {values[-1]}, written last was {written[-1]}")
    return wrong


def main() -> None:
    """Print what came of it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyboardInterrupt):
        print(serve_and_kill(Path(folder), 60, float(sys.argv[1])))


if __name__ == "__main__":
    main()
