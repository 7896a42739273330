"""
The nouns: frozen records that travel from stage to stage.

Named by direction of travel: what a publisher said (`Entry`, `Document`, `Page`),
what the stages made of it (`Enrichment`, `Claim`, `Placement`), what we intend
(`PageRequest`, `PollRecord`), what the store knows (`Source`, `KnownEntry`, …).
All times are aware datetimes in UTC. No record does I/O.
"""

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


class DateEvidence(StrEnum):
    """Where a published time came from."""

    FEED = "feed"
    PAGE = "page"
    URL = "url"
    FIRST_SEEN = "first_seen"


class ReviewState(StrEnum):
    """What an analyst decided about a story."""

    NEW = "new"
    KEPT = "kept"
    DISMISSED = "dismissed"
    FLAGGED = "flagged"
    NEEDS_CHECK = "needs-check"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as a source showed it."""

    guid: str = ""
    #: Absolute URL, or empty.
    url: str = ""
    title: str = ""
    #: Plain text, whitespace collapsed.
    summary: str = ""
    #: Full text if the source carries it (plain), else empty.
    content: str = ""
    authors: tuple[str, ...] = ()
    #: None when absent or impossible.
    published_at: datetime | None = None
    #: As the publisher wrote it.
    published_raw: str = ""
    language: str = ""
    #: Channel or person a message was forwarded from.
    forwarded_from: str = ""
    #: Position of this story within a message that tells several; 0 = the only one.
    part: int = 0
    #: Addresses that the entry's text points to.
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed feed, listing or channel page."""

    title: str = ""
    language: str = ""
    #: Order of the document.
    entries: tuple[Entry, ...] = ()
    #: Publisher's wish for the polling interval in seconds; 0 = none.
    ttl_s: int = 0
    #: What was wrong with the document though entries were saved, in words.
    problems: tuple[str, ...] = ()
    #: How the document differs from those before it, so that a person must look, in words.
    alarm: str = ""
    #: Further documents of this poll, absolute, the most important first.
    follow: tuple[str, ...] = ()
    #: Only the documents that it leads to tell whether something is new, so that it is asked
    #: for as a whole, and read, at every poll.
    is_directory: bool = False
    #: What the source's parser wants to know at the next poll, to be merged by key into what it
    #: knew (None takes a key away); JSON values. Kept only when everything in `follow`, and what
    #: that leads to, was read.
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was extracted from an article page."""

    title: str = ""
    text: str = ""
    language: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    #: rel=canonical or og:url, absolute, or empty.
    canonical_url: str = ""
    #: `truncated`, `paywalled`, `summary_only`.
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A concept of the taxonomy found in a text."""

    #: `mineral`, `company`, `state_body`, `deposit`, `country`, `event`.
    kind: str
    #: Identifier in the taxonomy (`tungsten`, `KZ`, `Cove Capital`, `stake`).
    concept: str
    #: Offsets into `title + "\n" + text`, in code points.
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One figure stated by an article, with its quote."""

    #: `stake`, `capex`, `loan`, `price`, `resource`, `reserve`, `production`, ….
    kind: str
    value: float
    #: `%`, `USD`, `t`, `t/y`, `g/t`, ….
    unit: str
    #: `W`, `WO3`, `REO`, `LCE`, … or empty when not stated.
    basis: str = ""
    stage: str = ""
    subjects: tuple[str, ...] = ()
    #: Verbatim; equals `(title + "\n" + text)[start:end]`.
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What the words of an article say, with the reasons."""

    language: str
    mentions: tuple[Mention, ...] = ()
    minerals: tuple[str, ...] = ()
    #: ISO 3166-1 alpha-2, plus `EU`.
    countries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    #: Deposits and projects.
    places: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    #: In [0, 1].
    relevance: float = 0.0
    relevant: bool = False
    #: The parts of the score, in words: "+0.40 mineral in the title: tungsten".
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as the matcher sees it."""

    #: 0 for one that is not stored yet.
    article_id: int
    source_id: int
    url: str
    title: str
    text: str
    language: str
    #: Published, or first seen when that is unknown or later than it.
    at: datetime
    enrichment: Enrichment
    #: Name or host of its outlet.
    site: str = ""
    development_id: int = 0
    story_id: int = 0
    #: The article that this one is a copy of; 0 = none.
    copy_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An edge: this article is a copy of that one."""

    original_id: int
    #: Share of the shorter text's shingles that the longer one has, in [0, 1].
    containment: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs; 0 means "open a new one"."""

    development_id: int = 0
    story_id: int = 0
    copy: Copy | None = None
    #: Stored articles that turn out to be copies of this one, with their edges.
    turned: Mapping[int, Copy] = field(default_factory=dict)
    #: Why, in words, with the values that decided.
    reasons: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which stories, articles or claims to show; every given part must hold."""

    since: datetime | None = None
    mineral: str = ""
    country: str = ""
    company: str = ""
    event: str = ""
    language: str = ""
    source_id: int = 0
    state: ReviewState | None = None
    min_relevance: float = 0.0
    #: Full text; the words are searched for literally.
    search: str = ""
    #: Show irrelevant articles too.
    include_irrelevant: bool = False
    limit: int = 50
    #: 0 = any; else only this story.
    story_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where an article was seen."""

    source_id: int
    source: str
    url: str
    guid: str
    title: str
    seen_at: datetime
    #: Channel or person that it was forwarded from.
    forwarded_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with where it stands."""

    id: int
    article_id: int
    #: Revision of the article that states it, from 1.
    revision: int
    claim: Claim
    #: Site of the article.
    site: str
    language: str
    #: False for a claim of a superseded revision.
    is_current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One text that an article has had."""

    number: int
    title: str
    text: str
    seen_at: datetime
    #: `first`, `cosmetic`, `text`, `material`.
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store shows it."""

    id: int
    url: str
    url_key: str
    canonical_url: str
    title: str
    text: str
    site: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: DateEvidence
    first_seen_at: datetime
    source_id: int
    source: str
    flags: tuple[str, ...]
    enrichment: Enrichment
    copy: Copy | None
    development_id: int
    story_id: int
    #: Why it stands in its group.
    placement_reasons: tuple[str, ...]
    revision: int
    sightings: tuple[Sighting, ...] = ()
    revisions: tuple[StoredRevision, ...] = ()
    claims: tuple[StoredClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story as the store shows it."""

    id: int
    title: str
    first_seen_at: datetime
    updated_at: datetime
    state: ReviewState
    #: Version that a review must be based on.
    version: int
    #: Oldest first.
    articles: tuple[StoredArticle, ...]
    #: Development ids, oldest first.
    developments: tuple[int, ...]
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_starred: bool = False
    assignee: str = ""
    #: Something happened since it was dismissed.
    needs_attention: bool = False

    @property
    def outlets(self) -> tuple[str, ...]:
        """Distinct sites, in order of first telling."""
        return tuple(dict.fromkeys(article.site for article in self.articles))

    @property
    def languages(self) -> tuple[str, ...]:
        """Distinct languages, in order of first telling."""
        return tuple(dict.fromkeys(a.enrichment.language for a in self.articles))

    @property
    def originals(self) -> tuple[StoredArticle, ...]:
        """Articles that are not copies: independent tellings, as far as text shows."""
        return tuple(article for article in self.articles if article.copy is None)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One answer of full-text search."""

    article_id: int
    story_id: int
    title: str
    url: str
    site: str
    at: datetime
    #: Words found are between U+2068 and U+2069.
    snippet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of a story's review log; `undone` ones stay in it."""

    id: int
    story_id: int
    at: datetime
    who: str
    #: `state`, `note`, `tag`, `star`, `assign`, `undo`.
    action: str
    before: str
    after: str
    undone: bool = False
