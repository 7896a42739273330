"""What the stages hand to the store, and what it made of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model.fetching import PageRequest
from monitor.model.news import DateEvidence, Enrichment, Entry
from monitor.model.rules import RuleHit
from monitor.model.sources import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry as the store knows it, as far as identity goes."""

    id: int
    guid: str
    url_key: str
    title: str
    #: Hash over title, summary, content.
    content_hash: str
    part: int
    article_id: int
    #: As it was shown first, or last changed.
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedEntry:
    """An entry with its identity decided."""

    entry: Entry
    #: Canonical key of the URL, or empty.
    url_key: str
    content_hash: str
    #: Unique within the source.
    identity: str
    #: The stored entry that this is; 0 = new.
    known_id: int = 0
    #: The publisher's title, summary or content differ from what is stored.
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article ready to be stored."""

    source_id: int
    entry_id: int
    #: Canonical key: the article's identity across all sources.
    url_key: str
    url: str
    canonical_url: str
    title: str
    text: str
    site: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: DateEvidence
    flags: tuple[str, ...]
    enrichment: Enrichment
    seen_at: datetime
    #: Rules of the users that were about it.
    hits: tuple[RuleHit, ...] = ()
    #: Channel or person that it was forwarded from.
    forwarded_from: str = ""
    #: Addresses that its text points to.
    links: tuple[str, ...] = ()
    #: Keys of lines (`text.line_keys`) that did not count: they are repeated on its site.
    furniture: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """What one poll learned; committed in one transaction."""

    source_id: int
    started_at: datetime
    outcome: Outcome
    cause: str = ""
    status: int = 0
    bytes: int = 0
    elapsed_s: float = 0.0
    #: Validators to send next time; None leaves what is stored.
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_poll_at: datetime
    not_before: datetime | None = None
    seen: int = 0
    entries: tuple[IdentifiedEntry, ...] = ()
    #: Identities of the entries whose page is wanted.
    wanted: frozenset[str] = frozenset()
    #: See `Fetched.moved_to`.
    moved_to: str = ""
    #: Latest date among the entries that is not in the future.
    newest_at: datetime | None = None
    #: See `Document.memory`; None leaves what is stored.
    memory: Mapping[str, Any] | None = None
    #: See `Source.rhythm`; None leaves what is stored.
    rhythm: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollStored:
    """What the store made of a poll."""

    new: int
    updated: int
    pages: tuple[PageRequest, ...]
    #: identity -> entry id, for new and changed entries.
    entry_ids: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleStored:
    """What the store made of a draft."""

    article_id: int
    is_new: bool
    #: A revision was added: the text changed.
    is_revised: bool
    development_id: int
    story_id: int
    is_new_story: bool
    #: It was folded, or an article that was published after it was folded under it.
    is_copy: bool
    claims: int
    #: Keys of its lines that its site is known by now to repeat, and that did count.
    learned: frozenset[int] = frozenset()
