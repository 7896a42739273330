"""The words for how a source is doing, and a word with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Condition(StrEnum):
    """How a source is doing."""

    HEALTHY = "healthy"
    NEW = "new"
    PAUSED = "paused"
    QUIET = "quiet"
    EMPTY = "empty"
    STALE = "stale"
    FROZEN = "frozen"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    REFUSED = "refused"
    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A condition with its reasons."""

    condition: Condition
    #: It will not mend by itself.
    needs_a_person: bool = False
    #: When it fell into it, as far as that is known.
    since: datetime | None = None
    #: Why, in words.
    cause: str = ""
    #: What to do, as a sentence in which `ID` stands for the source; empty when nothing.
    remedy: str = ""
