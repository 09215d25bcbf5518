"""The suite in two processes: every test runs once, and what fails in either is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULE = """
import pathlib, pytest

@pytest.mark.parametrize("number", range(3))
def test_of_{name}(number):
    with pathlib.Path(__file__).with_name("ran").open("a") as ran:
        ran.write(f"{name}{{number}}\\n")
    assert "{name}" != "{wrong}"
"""


@pytest.mark.parametrize(("wrong", "status"), [("", 0), ("a", 1), ("d", 1)])
def test_each_test_runs_in_one_of_two_processes_and_a_failure_in_either_is_one(
    wrong: str, status: int, tmp_path: Path
) -> None:
    for name in "abcd":
        (tmp_path / f"test_{name}.py").write_text(MODULE.format(name=name, wrong=wrong), "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "tests.halves", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == status, done.stdout
    assert sorted((tmp_path / "ran").read_text("utf-8").split()) == [f"{name}{n}" for name in "abcd" for n in range(3)]
