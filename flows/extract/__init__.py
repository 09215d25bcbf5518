"""Article -> facts: tokens, sentences and tag strings, then counts, claims and quotes with their events."""

from flows.extract.facts import Facts, extract

__all__ = ["Facts", "extract"]
