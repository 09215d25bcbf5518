"""What the tests of the dashboard share."""

from pathlib import Path

import pytest

from tests.dashboard.watched import watched


@pytest.fixture(scope="session")
def watched_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a source that fails, rejects, learnt lines and three runs; see tests/dashboard/watched.py."""
    return watched(tmp_path_factory.mktemp("watched") / "data")
