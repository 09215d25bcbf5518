"""Bytes -> text."""

import re

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)


class Unreadable(Exception):
    """This document cannot become an article: (reason, detail)."""


def decode_text(body: bytes) -> str:
    """Plain text: UTF-8, with or without a mark. Raises Unreadable."""
    if b"\0" in body[:65536]:
        raise Unreadable("binary", f"a NUL byte at {body.index(0)}: no text file")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        help_ = "convert it, e.g. with iconv -f WINDOWS-1252 -t UTF-8"
        raise Unreadable("not UTF-8", f"byte {error.start} is {body[error.start]:#04x}; {help_}") from error


def decode_html(body: bytes) -> str:
    """A page: UTF-8, else what it declares. Raises Unreadable."""
    declared = CHARSET.search(body[:4096])
    for charset in ("utf-8-sig", declared.group(1).decode("ascii") if declared else "utf-8"):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    said = f"declared as {declared.group(1).decode('ascii')}" if declared else "no charset declared"
    raise Unreadable("charset unknown", f"not UTF-8, and {said}")
