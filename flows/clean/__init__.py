"""Bytes -> article: page (trafilatura), lines (boilerplate), what the residue tells (metadata, dates)."""

from flows.clean.articles import clean

__all__ = ["clean"]
