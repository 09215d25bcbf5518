"""How the doors show a path, and say that something at it cannot come in."""

import os
from pathlib import Path

from flows.collect.documents import Document
from flows.sources import Source


def refused(source: Source, path: Path, reason: str, detail: str, body: bytes = b"") -> Document:
    """What could not come in of a file, or the file as a whole."""
    return Document(source.name, shown(path), body, reason=reason, detail=detail)


def shown(path: Path) -> str:
    """The path as its user would write it: relative where it lies below the working folder."""
    try:
        return path.relative_to(os.getcwd()).as_posix()
    except ValueError:
        return path.as_posix()
