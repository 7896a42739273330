"""The ledger of figures across stories: what is kept of each figure, asked for, and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.news import Claim


class LedgerOrder(StrEnum):
    """In which order figures are listed; the last, highest or most first, but for `earliest`."""

    LATEST = "latest"
    EARLIEST = "earliest"
    VALUE = "value"
    OUTLETS = "outlets"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One figure of a story as its ledger has it."""

    #: Of who says so first.
    claim_id: int
    kind: str
    unit: str
    value: float
    #: See `deliver.ledger.Verdict`.
    verdict: str
    #: Why, in words.
    note: str
    #: What its matter is called by; or empty.
    subject: str
    #: As any of its tellings states it; see `Claim`.
    basis: str = ""
    stage: str = ""
    category: str = ""
    standard: str = ""
    as_of: str = ""
    outlets: int
    origins: int
    first_at: datetime
    last_at: datetime
    #: What a search for words looks at, folded.
    words: str
    #: All that it is about.
    subjects: tuple[str, ...] = ()
    minerals: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """The same as it is shown, with the words of who says so first."""

    row: LedgerRow
    story_id: int
    #: Of its card; empty when the story has none.
    story: str
    claim: Claim
    article_id: int
    revision: int
    site: str
    url: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuery:
    """Which figures to list; every given part must hold."""

    kind: str = ""
    unit: str = ""
    verdict: str = ""
    mineral: str = ""
    country: str = ""
    subject: str = ""
    #: Told within this time, by whomever.
    since: datetime | None = None
    until: datetime | None = None
    #: All of these words stand in the figure, its quote, subjects or first outlet.
    words: str = ""
    order: LedgerOrder = LedgerOrder.LATEST
