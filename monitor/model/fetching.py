"""What is asked of the network, and what one request brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.sources import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRequest:
    """A further document of a poll under way: a child sitemap, older messages, a next page."""

    source_id: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A page that an entry pointed to: a durable unit of work."""

    #: Row of the wanted page.
    id: int
    source_id: int
    #: The entry that wants it.
    entry_id: int
    url: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one request brought, or why it brought nothing."""

    source_id: int
    #: Row of the wanted page, or None for the poll of the source itself.
    page_id: int | None
    requested_url: str
    #: Final URL after redirects.
    url: str
    #: Where the redirects led as long as they were permanent (301, 308); empty when none was.
    moved_to: str = ""
    #: It answers a `PartRequest`.
    is_part: bool = False
    outcome: Outcome
    #: In words for a person; empty on success.
    cause: str = ""
    #: 0 when no answer came.
    status: int = 0
    #: Lower-case names.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched_at: datetime
    elapsed_s: float = 0.0
    #: Earliest time for the next request to this host (Retry-After), if it said one.
    not_before: datetime | None = None
    #: Whether the same request may succeed later.
    retryable: bool = False
