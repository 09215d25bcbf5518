"""`newsledger dashboard` as a user starts and stops it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT


@contextmanager
def started(*words: object, **environment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command on a free port, and what it said until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "dashboard", "--port", "0", *map(str, words)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        said = [process.stdout.readline()]
        if "0.0.0.0" in words:  # a second line says the token
            said.append(process.stdout.readline())
        yield process, said
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_ends_with_status_0(number: signal.Signals, seeds_data: Path) -> None:
    with started("--data", seeds_data) as (process, said):
        address = re.findall(r"http://127\.0\.0\.1:\d+/", said[0])[0]
        page = httpx.get(address, follow_redirects=True, timeout=30)
        process.send_signal(number)
        rest, status = process.communicate(timeout=30)[0], process.returncode

    assert "<h1>Stories</h1>" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert (status, rest) == (0, "")


def test_to_others_it_shows_nothing_without_the_token_that_it_says(seeds_data: Path) -> None:
    with started("--data", seeds_data, "--host", "0.0.0.0") as (_, said):
        port = re.findall(r":(\d+)/", said[0])[0]
        token = re.findall(r"token: (\S+)", said[1])[0]
        refused = httpx.get(f"http://127.0.0.1:{port}/json/stories", timeout=30)
        shown = httpx.get(
            f"http://127.0.0.1:{port}/json/stories", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    assert refused.status_code == 401
    assert shown.json()["n_all"] > 0
