"""Stages gone wrong, for workers to run: the real ones, patched to hang, to allocate without end, to fail, to die."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from flows import stages
from flows.clean import articles as cleaning
from flows.clean.page import Page, read_page
from flows.extract import facts

HANGS, GROWS, FAILS, DIES = b"HANGS", b"GROWS", b"FAILS", b"DIES"


def _read_page(kind: str, body: bytes, *told: Any) -> Page:
    if HANGS in body:
        time.sleep(3600)
    if GROWS in body:
        held = []
        while True:
            held.append(bytearray(os.urandom(1 << 20)) * 8)
    if FAILS in body:
        raise RuntimeError("the cleaner tripped")
    if DIES in body:
        os.abort()
    return read_page(kind, body, *told)


def clean_rows(**arguments: Any) -> dict[str, int]:
    """`stages.clean_rows` with a cleaner that goes wrong on a word."""
    cleaning.read_page = _read_page
    return stages.clean_rows(**arguments)


def extract_rows(**arguments: Any) -> dict[str, int]:
    """`stages.extract_rows` with rules that trip over a word."""

    def extract(articles: Any) -> facts.Facts:
        if articles["text"].str.contains("TRIPS").any():
            raise RuntimeError("the rules tripped")
        return facts.extract(articles)

    stages.extract = extract
    return stages.extract_rows(**arguments)


def sleep(seconds: float) -> dict[str, int]:
    """Take a while."""
    time.sleep(seconds)
    return {}


def own_process() -> dict[str, int]:
    """The worker's process."""
    return {"pid": os.getpid()}


def fail(error: Exception) -> None:
    """Raise it."""
    raise error


def note_and_die(calls: Path) -> None:
    """Add a line to a file, then be killed."""
    with calls.open("a", encoding="utf-8") as file:
        print("called", file=file)
    os.kill(os.getpid(), signal.SIGKILL)
