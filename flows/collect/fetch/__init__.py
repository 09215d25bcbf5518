"""Fetching: one address in, one answer out, whatever the server does; polite, within limits, never where it may not."""

from flows.collect.fetch.address import host_of
from flows.collect.fetch.answer import MEANINGS, OUTCOMES, Answer, Verdict
from flows.collect.fetch.client import Client
from flows.collect.fetch.content import Accept
from flows.collect.fetch.robots import Robots

__all__ = ["MEANINGS", "OUTCOMES", "Accept", "Answer", "Client", "Robots", "Verdict", "host_of"]
