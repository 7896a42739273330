"""
What the overview shows, from what the store counted: by bar, by mineral, by outlet.

The store counts a year by the reader's days, once a minute for all readers of a zone; periods
and bars are cut from that. Everything here is arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.model.overview import DayCount, Tellings
from monitor.ports import Store
from monitor.web.periods import Bucket, midnight, stretches

#: Days that are counted, and articles of outlets and decisions that are at most.
YEAR, MOST_ARTICLES, MOST_DECISIONS = 365, 20_000, 5000

#: Counts of one thing: by value, then by day (`date.toordinal()`).
Days = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year as the store counted it."""

    counted_at: datetime
    stories: Days
    minerals: Days
    countries: Days
    decisions: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One mineral or country: how many stories in each bar."""

    value: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all bars."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What one outlet told, in all its languages."""

    name: str
    languages: tuple[str, ...]
    told: int
    first: int
    alone: int
    copies: int

    @property
    def later(self) -> int:
        """Told in its own words, after others."""
        return self.told - self.first - self.alone - self.copies

    @property
    def only_copies(self) -> bool:
        """It has never told anything in its own words."""
        return self.told == self.copies


def year_of(store: Store, *, now: datetime, zone: ZoneInfo) -> Year:
    """Count the year that ends with the reader's present day."""
    today = now.astimezone(zone).date()
    since = midnight(date(today.year - 1, today.month, 1), zone)
    until = midnight(today + timedelta(days=1), zone)
    parts = stretches(since, until, zone)

    def stories(kind: str) -> Days:
        return _by_day(
            one
            for begin, end, ahead in parts
            for one in store.story_days(kind, since=begin, until=end, ahead_s=ahead)
        )

    return Year(
        counted_at=now,
        stories=stories(""),
        minerals=stories("mineral"),
        countries=stories("country"),
        decisions=_by_day(
            one
            for begin, end, ahead in parts
            for one in store.decision_days(since=begin, until=end, ahead_s=ahead)
        ),
    )


def _by_day(counts: Iterable[DayCount]) -> Days:
    found: dict[str, dict[int, int]] = {}
    for one in counts:
        days = found.setdefault(one.value, {})
        # A day on which the clocks were set stands in two parts.
        days[one.day.toordinal()] = days.get(one.day.toordinal(), 0) + one.count
    return found


def series(days: Days, bars: Sequence[Bucket]) -> list[Series]:
    """Each value that there was in these bars, that of most stories first."""
    found = [Series(value=value, counts=counts(each, bars)) for value, each in days.items()]
    return sorted((one for one in found if one.total), key=lambda one: (-one.total, one.value))


def counts(each: Mapping[int, int], bars: Sequence[Bucket]) -> tuple[int, ...]:
    """How many there were in each bar."""
    return tuple(sum(each.get(day, 0) for day in bar.days()) for bar in bars)


def silent(days: Days, *, today: date, after: int) -> list[tuple[str, int]]:
    """
    What had stories in the year and none for more than `after` days, the longest first.

    Returns:
        Each with the number of days since its last story.
    """
    since = [(value, today.toordinal() - max(each)) for value, each in days.items() if each]
    return sorted((one for one in since if one[1] > after), key=lambda one: (-one[1], one[0]))


def outlets(told: Iterable[Tellings]) -> list[Outlet]:
    """Outlets over all languages, those that were first most often on top."""
    by_name: dict[str, list[Tellings]] = {}
    for one in told:
        by_name.setdefault(one.outlet, []).append(one)
    found = [
        Outlet(
            name=name,
            languages=tuple(sorted({one.language for one in each} - {""})),
            told=sum(one.told for one in each),
            first=sum(one.first for one in each),
            alone=sum(one.alone for one in each),
            copies=sum(one.copies for one in each),
        )
        for name, each in by_name.items()
    ]
    return sorted(found, key=lambda one: (-one.first, -one.told, one.name))


def languages(told: Iterable[Tellings]) -> list[tuple[str, int, int]]:
    """Each language with its outlets and its articles, that of most articles first."""
    names: dict[str, set[str]] = {}
    articles: dict[str, int] = {}
    for one in told:
        names.setdefault(one.language, set()).add(one.outlet)
        articles[one.language] = articles.get(one.language, 0) + one.told
    found = [(code, len(names[code]), articles[code]) for code in names]
    return sorted(found, key=lambda one: (-one[2], one[0]))
