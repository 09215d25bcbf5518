"""Tell `told` which texts the tests that were chosen will read, so that it reads them in one batch."""

from pathlib import Path

import pytest

from tests.extract.told import ahead

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and HERE in item.path.parents and hasattr(item, "callspec"):
            given = (item.callspec.params.get(name) for name in ("text", "sentence"))
            ahead.update(dict.fromkeys(text for text in given if isinstance(text, str) and text.strip()))
