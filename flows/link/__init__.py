"""Articles -> copies, stories, events: what is one text, one happening, one thing that happened."""

from flows.link.links import Links, link

__all__ = ["Links", "link"]
