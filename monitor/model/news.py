"""What publishers said, and what the stages made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class DateEvidence(StrEnum):
    """Where a published time came from."""

    FEED = "feed"
    PAGE = "page"
    URL = "url"
    FIRST_SEEN = "first_seen"


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
    """One figure or dated fact stated by an article, with its quote."""

    #: `stake`, `capex`, `loan`, `price`, `resource`, `reserve`, `production`, …, and of a rule
    #: `effective` and `expiry`.
    kind: str
    #: Of a date: its day as a number, 20261110.
    value: float
    #: `%`, `USD`, `t`, `t/y`, `g/t`, …; `date`.
    unit: str
    #: `W`, `WO3`, `REO`, `LCE`, … or empty when not stated.
    basis: str = ""
    #: Where the matter stands: `letter_of_interest`, `plan`, `binding`, `closed`, `draft`,
    #: `in_force`, `suspended`, `extended`, …; empty when not stated.
    stage: str = ""
    subjects: tuple[str, ...] = ()
    #: Class of a resource or reserve: `measured`, `indicated`, `inferred`, `proven`, `probable`,
    #: `A`, `B`, `C1`, `C2`, `P1`…, joined with `+`; empty when not stated.
    category: str = ""
    #: By which code it was estimated: `JORC`, `NI 43-101`, `SK-1300`, `KAZRC`, `GKZ`, …; or empty.
    standard: str = ""
    #: The date that the figure is of, as far as stated: `2025-06-30`, `2025-06`, `2025`; or empty.
    as_of: str = ""
    #: Arithmetic that cannot hold, in words: "100.6 t are 3.23 Moz, not 3.5".
    doubts: tuple[str, ...] = ()
    #: Verbatim; equals `(title + "\n" + text)[start:end]`.
    quote: str
    start: int
    end: int
    #: Where the figure itself stands in the same string; 0, 0 = not known.
    figure_start: int = 0
    figure_end: int = 0


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
    #: Whom it goes back to: the agency, outlet, company or state body that it names as its source,
    #: or the agency that it is of; empty when it speaks for itself.
    attributed_to: str = ""
    #: The words that name it, verbatim; empty for an agency's own text.
    attribution: str = ""


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
    #: rel=canonical of its page, or empty.
    canonical_url: str = ""
    #: Addresses that it points to.
    links: tuple[str, ...] = ()
    #: Channel or person that it was forwarded from.
    forwarded_from: str = ""
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
