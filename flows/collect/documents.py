"""One document as it came in, whatever door it came through; or why it could not."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True)
class Document:
    """A row of RAW; where `reason` is set, what could not come in: it is refused with that reason.

    `url` is what was asked for, `final_url` where the answer came from; `listed_*` is what the feed or sitemap at
    `listed_by` says of it, as worded. NULL where the door knows nothing of the kind."""

    source_name: str
    input: str
    body: bytes
    kind: str | None = None
    article_id: str | None = None
    url: str | None = None
    publisher: str | None = None
    fetched_at: datetime | None = None
    final_url: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] | None = None
    asked_at: datetime | None = None
    listed_by: str | None = None
    listed_title: str | None = None
    listed_published: str | None = None
    listed_published_at: datetime | None = None
    listed_publisher: str | None = None
    reason: str | None = None
    detail: str | None = None

    @cached_property
    def raw_sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.body).hexdigest()
