"""Kill runs over news sites on loopback at random instants and run them again: `python -m tests.web_kills 50`.

Each round takes a fresh data folder, starts a run over three sites of 100 pages each in a process group of its own,
waits a random while and sends the whole group a SIGKILL. The run after it must leave the tables that an undisturbed run
leaves, and no page may have been asked for more than twice.
"""

import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.kills import stage_of, start
from tests.newsroom import Newsroom, open_newsroom, write_article
from tests.tables import checksum, differing

SITES, PAGES, LATENCY = 3, 100, 0.01
SOURCE = """
[[source]]
name = "site-{number}"
type = "feed"
url = "{url}/feed"
allow_private = true
"""


@dataclass(frozen=True)
class Round:
    """One kill: after how many seconds, where the run was, how many pages had been sent, whether the next run made it
    whole, and how often the page asked for most was asked."""

    seconds: float
    died_at: str
    n_sent: int
    is_same: bool
    most_asked: int
    said: str


@contextlib.contextmanager
def open_sites(folder: Path, pages: int = PAGES) -> Iterator[tuple[list[Newsroom], Path]]:
    """Three sites of so many pages each, and a config of their feeds."""
    with ExitStack() as stack:
        sites = [stack.enter_context(open_newsroom(Newsroom(latency=LATENCY))) for _ in range(SITES)]
        for number, site in enumerate(sites):
            site.listed = [f"/news/{number}-{n}" for n in range(pages)]
            for n, path in enumerate(site.listed):
                site.write(path, write_article(1000 * number + n))
        config = folder / "sources.toml"
        tables = [SOURCE.format(number=number, url=site.url) for number, site in enumerate(sites)]
        config.write_text("[collect]\npause_seconds = 0\n" + "".join(tables), "utf-8")
        yield sites, config


def forget_requests(sites: Sequence[Newsroom]) -> None:
    """Begin to count anew."""
    for site in sites:
        site.asked.clear()
        site.sent.clear()


def kill_rounds(number: int, folder: Path, seed: int, pages: int = PAGES) -> Iterator[Round]:
    """`number` kills at random instants of the time that an undisturbed run takes from its first request on."""
    dice = random.Random(seed)
    with open_sites(folder, pages) as (sites, config):
        whole = folder / "whole"
        running = start(config, whole)
        while running.poll() is None and not sites[0].asked:
            time.sleep(0.005)
        began = time.monotonic()
        said, _ = running.communicate()
        seconds = time.monotonic() - began
        if running.returncode != 0:
            raise RuntimeError(said)
        wanted = checksum(whole / "news.duckdb")
        for n in range(number):
            forget_requests(sites)
            data = folder / f"killed-{n}"
            running = start(config, data)
            while running.poll() is None and not any(site.asked for site in sites):
                time.sleep(0.002)
            wait = dice.uniform(0, seconds)
            time.sleep(wait)
            died_at = stage_of(data) if running.poll() is None else "after its end"
            with contextlib.suppress(ProcessLookupError):  # it had ended before
                os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
            n_sent = sum(count for site in sites for path, count in site.sent.items() if path.startswith("/news/"))
            again = start(config, data)
            said, _ = again.communicate()
            is_same = again.returncode == 0 and checksum(data / "news.duckdb") == wanted
            if not is_same and again.returncode == 0:
                said += repr(differing(whole / "news.duckdb", data / "news.duckdb"))[:3000]
            most = max(count for site in sites for path, count in site.asked.items() if path.startswith("/news/"))
            yield Round(wait, died_at, n_sent, is_same, most, "" if is_same else said[-4000:])
            shutil.rmtree(data)


def main() -> None:
    """Print a line a round, then the tally by stage."""
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    number = int(sys.argv[1])
    tally: Counter[tuple[str, bool, int]] = Counter()
    with prefect_test_harness(server_startup_timeout=120), tempfile.TemporaryDirectory() as folder:
        os.environ["PREFECT_API_URL"] = str(PREFECT_API_URL.value())  # one server for all runs
        for n, one in enumerate(kill_rounds(number, Path(folder), seed=number), 1):
            tally[one.died_at, one.is_same, one.most_asked] += 1
            told = "same" if one.is_same else f"DIFFERENT\n{one.said}"
            print(
                n, f"{one.seconds:.2f} s", one.died_at, one.n_sent, "sent,", one.most_asked, "asked,", told, flush=True
            )
    for (stage, is_same, most), times in sorted(tally.items()):
        print(f"{stage:<16} {'same' if is_same else 'DIFFERENT':<10} most asked {most}: {times}")


if __name__ == "__main__":
    main()
