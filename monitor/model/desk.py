"""What analysts do: how stories stand in the inbox, views, alerts, recipients, deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.model.stored import Decision, ReviewState

#: States of which an analyst has still something to do.
OPEN_STATES = (ReviewState.NEW, ReviewState.FLAGGED, ReviewState.NEEDS_CHECK)


class Role(StrEnum):
    """What a user may do; each may do what those before it may."""

    #: Looks, searches, exports.
    READER = "reader"
    #: Decides on stories; saves views, alerts and recipients; adds and edits sources.
    ANALYST = "analyst"
    #: Manages users too.
    ADMIN = "admin"

    def may(self, least: Role) -> bool:
        """Whether this role is at least that one."""
        order = list(Role)
        return order.index(self) >= order.index(least)


class HappeningKind(StrEnum):
    """What can happen in a story; of what happens at once, in this order."""

    NEW = "new"
    DEVELOPMENT = "development"
    ARTICLE = "article"
    CORRECTION = "correction"
    EDIT = "edit"
    CONTRADICTION = "contradiction"


class Order(StrEnum):
    """Which stories come first."""

    #: What happened last.
    CHANGED = "changed"
    FIRST_SEEN = "first-seen"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened in a story, so that it can be said what is new since a moment."""

    #: When we saw it, not when it was published.
    at: datetime
    kind: HappeningKind
    #: Data in words: a step, an outlet, `resource 410 kt W against 1.4 Mt WO3`; may be empty.
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A story in one line of the inbox; made anew whenever something happens in the story."""

    story_id: int
    title: str
    #: Language of the title; BCP 47.
    language: str
    #: Of the first telling.
    site: str
    url: str
    first_seen_at: datetime
    #: When the last thing happened in it (`StoredStory.updated_at`).
    changed_at: datetime
    articles: int
    copies: int
    origins: int
    developments: int
    #: Outlets in order of first telling, at most `deliver.cards.OUTLETS`; and how many there are.
    outlets: tuple[str, ...]
    outlet_count: int
    languages: tuple[str, ...]
    minerals: tuple[str, ...]
    countries: tuple[str, ...]
    companies: tuple[str, ...]
    events: tuple[str, ...]
    #: As a person reads them, those of most outlets first: `stake 70 %`.
    figures: tuple[str, ...]
    contradictions: tuple[str, ...]
    corrections: tuple[str, ...]
    #: Score of the most relevant telling, in [0, 1], and the reasons that made it.
    relevance: float
    reasons: tuple[str, ...]
    #: In order of time; the last ones, when there are many.
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A card with how the story stands: what is decided, and what this reader has seen."""

    card: Card
    state: ReviewState
    #: Version that a decision must be based on.
    version: int
    #: Something happened since it was kept or dismissed.
    needs_attention: bool
    is_starred: bool
    assignee: str
    tags: tuple[str, ...]
    notes: int
    #: Who decided last, and when; empty when nobody did.
    decided_by: str
    decided_at: datetime | None
    #: What happened up to then this reader has seen; None = nothing of it.
    seen_at: datetime | None

    @property
    def news(self) -> tuple[Happening, ...]:
        """What happened in it since this reader looked last, oldest first."""
        seen = self.seen_at
        return tuple(h for h in self.card.happenings if seen is None or h.at > seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuery:
    """
    Which stories, in which order; every given part must hold.

    Of a part with several values one must hold; minerals, countries and so on are concepts
    of the taxonomy, languages BCP 47.
    """

    #: Empty = any state.
    states: tuple[ReviewState, ...] = ()
    #: Only what an analyst has still something to do about: open states, or attention.
    is_open: bool = False
    needs_attention: bool = False
    is_starred: bool = False
    #: Only where figures contradict, or an outlet corrected itself.
    is_disputed: bool = False
    minerals: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    assignee: str = ""
    #: Bounds of `Card.changed_at`: at or after, before.
    since: datetime | None = None
    until: datetime | None = None
    #: Seconds back from now instead of `since`, so that a saved view moves with the time; 0 = none.
    within_s: int = 0
    min_relevance: float = 0.0
    #: Full text; the words are searched for literally, in their inflected forms too.
    search: str = ""
    order: Order = Order.CHANGED


#: Parts of a query that have counts (`Desk.facets`), to the kind of their values in the store.
FACETS = {
    "minerals": "mineral",
    "countries": "country",
    "companies": "company",
    "events": "event",
    "languages": "language",
    "outlets": "outlet",
    "tags": "tag",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One page of lines."""

    lines: tuple[Line, ...]
    #: Opaque; gives the next page, empty when there is none.
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One decision that an analyst wants on one story."""

    story_id: int
    #: `state`, `note`, `tag`, `untag`, `star`, `assign`.
    action: str
    value: str
    #: The version that it is based on; None = whatever it is now.
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why a decision was not taken: the story is another than the one that was looked at."""

    story_id: int
    #: As it is now.
    version: int
    #: Who decided meanwhile; empty when news came in.
    who: str
    #: What was decided meanwhile, in words: `state: dismissed`; or that news came in.
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of several choices; those without a conflict were taken, together."""

    decisions: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who may use the review site."""

    id: int
    #: Unique, lower case.
    name: str
    role: Role
    created_at: datetime
    #: Since then it may not sign in.
    disabled_at: datetime | None = None
    #: Of the interface: `en`, `ru`, `zh`; empty = the browser's.
    language: str = ""
    #: IANA name; empty = the browser's, else UTC.
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One browser in which a user is signed in."""

    #: SHA-256 hex of its token, which only the browser has.
    key: str = field(repr=False)
    user: User
    created_at: datetime
    used_at: datetime
    #: The address that it signed in from.
    place: str = ""
    #: What the browser calls itself.
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What must be known before a password is looked at."""

    #: Whole seconds until the next attempt may be made; 0 = this one may.
    wait_s: int = 0
    #: None when there is no such user, or one who may not sign in.
    user: User | None = None
    password_hash: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved query, with a feed and a spreadsheet of its own."""

    id: int
    name: str
    query: StoryQuery
    #: User's name.
    owner: str
    created_at: datetime
    #: Secret part of the address of its feed and spreadsheet, which need no sign-in.
    token: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets digests and alerts, and where."""

    id: int
    name: str
    #: `mailto:desk@example.org`, or an Apprise address, which may hold `${VARIABLES}`.
    target: str = field(repr=False)
    #: IANA name; its times of day are in this zone.
    zone: str = "UTC"
    #: When it gets a digest, as a cron expression; empty = never.
    digest_cron: str = ""
    #: The view that its digest is about; 0 = all stories.
    digest_view_id: int = 0
    #: `mineral` or `country`.
    digest_by: str = "mineral"
    #: Up to when digests have told it everything.
    told_until: datetime | None = None
    #: When its next digest is due.
    next_digest_at: datetime | None = None
    #: A digest is sent even when there is nothing to tell.
    even_empty: bool = False
    is_active: bool = True
    #: What was there before it is not told; None = since ever.
    created_at: datetime | None = None
    #: What it was told of late, by story: when that happened (`deliver.fresh`).
    told: Mapping[str, Sequence[int]] = field(repr=False, default_factory=dict)


class AlertKind(StrEnum):
    """What an alert tells of."""

    #: Stories of a view.
    VIEW = "view"
    #: Sources that need a person.
    SOURCES = "sources"
    #: Rules of states that take effect or lapse soon.
    RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A standing order to tell a recipient at once."""

    id: int
    name: str
    kind: AlertKind
    #: 0 for `AlertKind.SOURCES`; for `AlertKind.RULES` 0 = in all stories.
    view_id: int
    recipient_id: int
    #: Seconds between two messages at least; what happens meanwhile is told together.
    gap_s: int = 300
    #: `22:00-07:00` in the recipient's zone: nothing is sent then; empty = never quiet.
    quiet: str = ""
    #: Of `AlertKind.RULES`: how many days before the day it tells; else 0.
    days_before: int = 0
    is_active: bool = True
    created_at: datetime
    last_sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How much an alert has told of one subject: `story:12`, `source:7`."""

    subject: str
    told_until: datetime
    #: What a time alone does not say: a source's condition, or what of a story was told of late.
    told: str = ""


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    #: Handed to the other side, whose answer is not known yet.
    SENDING = "sending"
    SENT = "sent"
    #: Given up; a person must look.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be sent out, once."""

    #: 0 until it is queued.
    id: int = 0
    #: Unique: the same change is never queued twice. Also its Message-ID.
    key: str
    #: `digest`, `alert`, `test`.
    kind: str
    recipient_id: int
    #: 0 unless an alert's.
    alert_id: int = 0
    subject: str
    #: The same in several forms; see `deliver.messages`.
    body: Mapping[str, Any] = field(repr=False, default_factory=dict)
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    not_before: datetime | None = None
    created_at: datetime
    started_at: datetime | None = None
    sent_at: datetime | None = None
    #: Why it failed, in words; without secrets.
    error: str = ""
