"""Sources, how their polls ended, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    LISTING = "listing"
    TELEGRAM = "telegram"
    SITEMAP = "sitemap"
    API = "api"
    PAGE = "page"


class Scope(StrEnum):
    """Whether all of a source is about minerals, or relevance must decide."""

    DEDICATED = "dedicated"
    GENERAL = "general"


class SourceState(StrEnum):
    """Whether a source is polled."""

    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    GONE = "gone"


class Outcome(StrEnum):
    """How one attempt on a source or page ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    #: It answered, and not in the form that it had: its layout has changed. What could be
    #: read is kept, and a person must look.
    CHANGED = "changed"
    BLOCKED = "blocked"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_success(self) -> bool:
        """True when the source answered with something usable."""
        return self in {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.EMPTY}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source as the catalogue, an OPML file or a user describes it."""

    name: str
    kind: SourceKind
    url: str
    homepage: str = ""
    #: BCP 47; empty when unknown.
    language: str = ""
    region: str = ""
    scope: Scope = Scope.GENERAL
    tags: tuple[str, ...] = ()
    state: SourceState = SourceState.ACTIVE
    #: Why it is paused, blocked or gone; or a note that was kept.
    state_reason: str = ""
    #: Seconds between polls; 0 lets the scheduler choose.
    every_s: int = 0
    #: Selectors and the like, per kind.
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(NewSource):
    """A source as the store knows it."""

    id: int
    etag: str = ""
    last_modified: str = ""
    #: SHA-256 hex of the last body that was parsed; an equal body is not parsed again.
    body_hash: str = ""
    next_poll_at: datetime | None = None
    #: No request before this time, whatever the schedule says (Retry-After).
    not_before: datetime | None = None
    #: Consecutive failed polls.
    failures: int = 0
    last_polled_at: datetime | None = None
    last_outcome: Outcome | None = None
    last_error: str = ""
    #: Polls in a row that ended with `last_outcome`.
    streak: int = 0
    #: The first poll of the present run of polls that were no success.
    failing_since: datetime | None = None
    #: The first poll of the present run of documents without any entry.
    empty_since: datetime | None = None
    #: Last poll that was a success.
    answered_at: datetime | None = None
    #: Last poll whose body differed from the one before.
    changed_at: datetime | None = None
    #: Last poll that brought a new entry.
    new_at: datetime | None = None
    #: Latest date of an entry in any of its documents, none in the future.
    newest_at: datetime | None = None
    #: Where permanent redirects lead, and how many polls in a row said so.
    moved_to: str = ""
    moved_times: int = 0
    #: What `sources.due` remembers of how it publishes; JSON values.
    rhythm: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a source's addresses are fetched."""

    #: The only origin (`https://host:port`) that gets the headers.
    origin: str = ""
    #: What an agreement asks us to send; secrets, so never shown.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Why robots.txt does not bind us here: the publisher's consent. Empty = it does.
    consent: str = ""
    #: Seconds between two requests to its host, when it asks for more than our own gap.
    gap_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPoll:
    """One poll as the store shows it."""

    source_id: int
    started_at: datetime
    outcome: Outcome
    cause: str
    status: int
    bytes: int
    seen: int
    new: int
    updated: int
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDay:
    """What one source did on one day (UTC)."""

    source_id: int
    day: date
    polls: int
    #: Polls that were no success.
    failures: int
    #: Entries that were new.
    new: int
    #: Relevant articles that came of them.
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What one source brought, day by day (UTC); days that brought nothing are left out."""

    #: `date.toordinal()`, ascending; `new` and `kept` stand beside them.
    days: Sequence[int] = ()
    #: Entries that were new.
    new: Sequence[int] = ()
    #: Relevant articles that came of them.
    kept: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNote:
    """What is remembered of a site from one start of the program to the next."""

    #: Scheme, host and port: `https://example.org`.
    origin: str
    #: It asked to be left alone until then.
    not_before: datetime | None = None
    #: When its robots.txt was asked for; None = not known.
    robots_at: datetime | None = None
    #: The file, at most 500 KiB; empty when there is none.
    robots: bytes = b""
