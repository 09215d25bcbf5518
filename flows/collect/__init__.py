"""The doors in: sources -> raw documents in the archive, before anything is parsed."""

from flows.collect.archive import Archive, Archived
from flows.collect.doors import Document, read_source

__all__ = ["Archive", "Archived", "Document", "read_source"]
