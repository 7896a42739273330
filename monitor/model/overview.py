"""What the overview counts: stories by day, who told them first, decisions by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many there were of one thing on one day."""

    day: date
    #: A mineral, a country, a state: whatever was counted.
    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tellings:
    """What an outlet, or a source, told, and which part of it was its own."""

    #: Empty for a source.
    outlet: str = ""
    #: BCP 47; empty for a source, or when it is not known.
    language: str = ""
    #: Relevant articles.
    told: int = 0
    #: Those that were the first of their story, where others told it too.
    first: int = 0
    #: Those that are alone in their story.
    alone: int = 0
    #: Those whose text is another's.
    copies: int = 0

    @property
    def later(self) -> int:
        """Told in its own words, after others."""
        return self.told - self.first - self.alone - self.copies


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArticle:
    """One article that a source brought, in one line."""

    id: int
    story_id: int
    title: str
    url: str
    #: Published, or first seen.
    at: datetime
    relevant: bool
    is_copy: bool
