"""The doors in: sources -> raw documents in the archive, before anything is parsed."""

from flows.collect.archive import Archive, Archived, frame_documents, read_raw, scan_raw
from flows.collect.documents import Document
from flows.collect.files import read_paths
from flows.collect.memory import Memory, drop_loaded, open_memory
from flows.collect.remembered import Outcome, frame_outcomes
from flows.collect.web import collect_web

__all__ = [
    "Archive",
    "Archived",
    "Document",
    "Memory",
    "Outcome",
    "collect_web",
    "drop_loaded",
    "frame_documents",
    "frame_outcomes",
    "open_memory",
    "read_paths",
    "read_raw",
    "scan_raw",
]
