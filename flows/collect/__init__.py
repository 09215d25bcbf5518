"""The doors in: sources -> raw documents in the archive, before anything is parsed."""

from flows.collect.archive import Archive, Archived, read_raw, scan_raw
from flows.collect.documents import Document
from flows.collect.files import read_paths

__all__ = ["Archive", "Archived", "Document", "read_paths", "read_raw", "scan_raw"]
