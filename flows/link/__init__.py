"""Articles -> copies, stories, events: what is one text, one happening, one thing that happened."""

from flows.link.links import Links, link, link_events

__all__ = ["Links", "link", "link_events"]
