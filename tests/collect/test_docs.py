"""docs/collecting.md promises what the code does: every outcome, every limit."""

import re
import tomllib
from dataclasses import asdict

from flows.collect.fetch.answer import MEANINGS, OUTCOMES
from flows.settings import Collecting, Keep
from flows.sources import SOURCE_TYPES
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "collecting.md").read_text("utf-8")


def test_every_outcome_stands_in_the_docs_with_its_verdict_and_meaning() -> None:
    told = set(re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.M))

    assert {(outcome, OUTCOMES[outcome], MEANINGS[outcome]) for outcome in OUTCOMES} <= told


def test_the_table_of_the_config_stands_in_the_docs_with_its_defaults() -> None:
    (block,) = re.findall(r"```toml\n(.+?)```", TEXT, re.S)

    told = tomllib.loads(block)["collect"]

    assert told | {"contact": None} == asdict(Collecting())


def test_what_is_kept_stands_in_the_docs_with_its_defaults() -> None:
    (block,) = re.findall(r"```toml\n(.+?)```", (ROOT / "docs" / "housekeeping.md").read_text("utf-8"), re.S)

    assert tomllib.loads(block)["keep"] == asdict(Keep())


def test_every_type_of_source_stands_in_the_docs() -> None:
    told = {
        word for first in re.findall(r"^\| ([a-z, ]+) \| (?:path|url) \|", TEXT, re.M) for word in first.split(", ")
    }

    assert told == set(SOURCE_TYPES)
