"""The suite on two cores: `python -m tests.halves`, with whatever pytest takes; exit status 0 where all passed.

Two pytest processes collect the same tests. One goes through their modules from the first on, the other from the last
on; each claims a module before it runs it, and where they meet both are done. So the two end together whatever is
selected, no list of modules is kept, and modules that share a session's or a package's fixture stay side by side.
"""

import contextlib
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of one of the two."""
    parser.addoption("--claims", type=Path, help="the folder where both say which modules they run")
    parser.addoption("--from-the-end", action="store_true", help="begin with the last module")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The last module first; the tests of a module stay in their order."""
    if config.getoption("--from-the-end"):
        modules = [list(tests) for _, tests in groupby(items, key=lambda test: test.path)]
        items[:] = [test for tests in reversed(modules) for test in tests]


class Claims:
    """Which modules this process has claimed; its last refusal ends it, as the other has all that is left."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own = folder, set[Path]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """True, which runs nothing more, for a test of the other's module."""
        if item.path not in self.own:
            try:
                (self.folder / item.nodeid.partition("::")[0].replace("/", "-")).touch(exist_ok=False)
            except FileExistsError:
                return True
            self.own.add(item.path)
        return None


def pytest_configure(config: pytest.Config) -> None:
    """Claim from here on."""
    if folder := config.getoption("--claims"):
        config.pluginmanager.register(Claims(folder))


def main() -> int:
    """Run both; what the second says is printed behind what the first says."""
    with tempfile.TemporaryDirectory() as claims, tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        command = [sys.executable, "-m", "pytest", "-p", "tests.halves", f"--claims={claims}", *sys.argv[1:]]
        with (
            subprocess.Popen(command) as first,
            subprocess.Popen(
                [*command, "--from-the-end", "-p", "no:cacheprovider"], stdout=said, stderr=subprocess.STDOUT
            ) as second,
            contextlib.suppress(KeyboardInterrupt),
        ):
            first.wait()
            second.wait()
        said.seek(0)
        sys.stdout.write(said.read())
    return max(abs(first.returncode), abs(second.returncode))


if __name__ == "__main__":
    sys.exit(main())
