"""Stories per mineral and country over time, coverage and silence, as charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.health.conditions import Condition
from monitor.model import ReviewState
from monitor.model.overview import Tellings
from monitor.ports import Store
from monitor.web.charts import Column, columns, key
from monitor.web.desk import Reader, desk_of, reader_of
from monitor.web.filters import concept
from monitor.web.language import days_locale, words_of
from monitor.web.memory import Memory, memory_of
from monitor.web.overview_counts import (
    MOST_ARTICLES,
    MOST_DECISIONS,
    Series,
    Year,
    counts,
    languages,
    outlets,
    series,
    silent,
    year_of,
)
from monitor.web.pages import page
from monitor.web.periods import PERIODS, USUAL, Bucket, buckets
from monitor.web.watched import remembered

#: Seconds that counts are good for, and that they are shown once more while they are renewed.
KEPT_S, STALE_S = 60.0, 3600.0

#: Minerals and countries that have a row of bars, that are in the table; outlets and silent ones.
ROWS, TABLE, OUTLETS, SILENT = 8, 60, 25, 30

#: Days without a story after which a mineral is silent.
SILENT_AFTER = 14

#: A moment in few letters: a page has hundreds of links.
_SHORT = "%Y%m%dT%H%MZ"

#: Conditions of sources that bring nothing.
_SILENCE = (Condition.QUIET, Condition.STALE, Condition.FROZEN, Condition.EMPTY)

_DECISIONS = (
    ReviewState.KEPT,
    ReviewState.DISMISSED,
    ReviewState.FLAGGED,
    ReviewState.NEEDS_CHECK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mineral or country: its name, its numbers, and where its stories are listed."""

    name: str
    href: str
    #: Empty beyond the first ones.
    chart: Markup
    total: int
    counts: tuple[int, ...]


async def overview(request: Request) -> Response:
    """The period that was chosen."""
    desk, reader = desk_of(request), reader_of(request)
    period = _period(request.query_params.get("days", ""))
    zone, now = ZoneInfo(reader.zone), desk.now()
    bars = buckets(period, now=now, zone=zone)
    year = await _year(request, zone)
    told, wait = await _told(request, bars[0], period)
    board = await remembered(request)
    today = now.astimezone(zone).date()
    silent_sources = [one for one in board.found if one.condition in _SILENCE]
    minerals, countries = series(year.minerals, bars), series(year.countries, bars)
    outlets_told = outlets(told)
    return page(
        request,
        "overview.html",
        period=period,
        periods=PERIODS,
        labels=[_label(bar, reader) for bar in bars],
        stories=_stories(request, year, bars),
        total=sum(counts(year.stories.get("", {}), bars)),
        all_href=_search(bars[0], bars[-1]),
        minerals=_rows(request, "mineral", minerals, bars),
        countries=_rows(request, "country", countries, bars),
        rows_shown=ROWS,
        silent=silent(year.minerals, today=today, after=SILENT_AFTER)[:SILENT],
        silent_after=SILENT_AFTER,
        sources=silent_sources[:SILENT],
        source_count=len(silent_sources),
        languages_told=languages(told),
        outlets=outlets_told[:OUTLETS],
        copying=[one for one in outlets_told if one.only_copies and one.told > 1][:OUTLETS],
        outlet_count=len(outlets_told),
        most_articles=MOST_ARTICLES if sum(one.told for one in told) >= MOST_ARTICLES else 0,
        decisions=_decisions(request, year, bars),
        states=_DECISIONS,
        wait=wait and format_timedelta(wait, locale=reader.language),
        key_of=key,
    )


def _period(given: str) -> int:
    return next((days for days in PERIODS if str(days) == given), USUAL)


async def _year(request: Request, zone: ZoneInfo) -> Year:
    desk = desk_of(request)
    memory: Memory[Year] = memory_of(request, "year", KEPT_S, STALE_S)

    def made(store: Store) -> Year:
        return year_of(store, now=desk.now(), zone=zone)

    return await memory.get(zone.key, lambda: desk.runner.read(made))


async def _told(
    request: Request, first: Bucket, period: int
) -> tuple[list[Tellings], timedelta | None]:
    """What outlets told in a period, and how long stories waited for a decision."""
    desk = desk_of(request)
    memory: Memory[tuple[list[Tellings], timedelta | None]] = memory_of(
        request, "told", KEPT_S, STALE_S
    )

    def made(store: Store) -> tuple[list[Tellings], timedelta | None]:
        return (
            store.outlets_told(since=first.since, most=MOST_ARTICLES),
            store.median_wait(since=first.since, most=MOST_DECISIONS),
        )

    return await memory.get(period, lambda: desk.runner.read(made))


def _search(first: Bucket, last: Bucket, kind: str = "", value: str = "") -> str:
    """Where the stories of some bars are listed; see `review.queries` for the parameters."""
    pairs = [(kind, value)] if kind else []
    pairs += [("since", f"{first.since:{_SHORT}}"), ("until", f"{last.until:{_SHORT}}")]
    return f"/search?{urlencode(pairs)}"


def _label(bar: Bucket, reader: Reader) -> str:
    """The days of a bar, in words."""
    last, locale = bar.end - timedelta(days=1), days_locale(reader.language)
    if last == bar.first:
        return format_date(bar.first, "medium", locale=locale)
    if bar.first.day == 1 and (last - bar.first).days > 6:
        return format_skeleton("yMMM", bar.first, locale=locale)
    return format_interval(bar.first, last, "yMMMd", locale=locale)


def _country(code: str, reader: Reader) -> str:
    return str(Locale.parse(reader.language).territories.get(code, code))


def _told_title(request: Request, label: str, count: int) -> str:
    """What a bar says: `3 March: 5 stories`."""
    said = words_of(request).ngettext("%(label)s: %(n)s story", "%(label)s: %(n)s stories", count)
    return said % {"label": label, "n": count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart of all, and the rows of its table: label, counts, where it leads."""

    chart: Markup
    rows: tuple[tuple[str, tuple[int, ...], str], ...]
    most: int


def _stories(request: Request, year: Year, bars: Sequence[Bucket]) -> Chart:
    reader, words = reader_of(request), words_of(request)
    each = counts(year.stories.get("", {}), bars)
    labels = [_label(bar, reader) for bar in bars]
    links = [_search(bar, bar) for bar in bars]
    drawn = [
        Column(parts=(count,), title=_told_title(request, label, count), href=link)
        for count, label, link in zip(each, labels, links, strict=True)
    ]
    return Chart(
        chart=columns(
            drawn,
            name="stories",
            title=words.gettext("Stories over time"),
            about=words.gettext("Each bar leads to its stories; the table below has the numbers."),
        ),
        rows=tuple(
            (label, (count,), link) for label, count, link in zip(labels, each, links, strict=True)
        ),
        most=max(each, default=0),
    )


def _decisions(request: Request, year: Year, bars: Sequence[Bucket]) -> Chart:
    reader, words = reader_of(request), words_of(request)
    by_state = [counts(year.decisions.get(state.value, {}), bars) for state in _DECISIONS]
    each = list(zip(*by_state, strict=True))
    labels = [_label(bar, reader) for bar in bars]
    said = words.gettext(
        "%(label)s: %(kept)s kept, %(dismissed)s dismissed, %(flagged)s flagged, %(check)s to check"
    )
    names = ("kept", "dismissed", "flagged", "check")
    drawn = [
        Column(
            parts=parts,
            title=said % {"label": label, **dict(zip(names, parts, strict=True))},
        )
        for parts, label in zip(each, labels, strict=True)
    ]
    return Chart(
        chart=columns(drawn, name="decisions", title=words.gettext("Decisions over time")),
        rows=tuple((label, parts, "") for label, parts in zip(labels, each, strict=True)),
        most=max((sum(parts) for parts in each), default=0),
    )


def _rows(
    request: Request, kind: str, found: Sequence[Series], bars: Sequence[Bucket]
) -> list[Row]:
    """Rows of bars, all of one scale, so that they can be compared."""
    reader = reader_of(request)
    most = max((max(one.counts) for one in found), default=0)
    labels = [_label(bar, reader) for bar in bars]
    made = []
    for place, one in enumerate(found[:TABLE]):
        name = concept(one.value) if kind == "mineral" else _country(one.value, reader)
        drawn = [
            Column(
                parts=(count,),
                title=_told_title(request, label, count),
                href=_search(bar, bar, kind, one.value),
            )
            for count, label, bar in zip(one.counts, labels, bars, strict=True)
        ]
        chart = Markup()
        if place < ROWS:
            chart = columns(drawn, name=f"{kind}-{place}", title=name, most=most)
        made.append(
            Row(
                name=name,
                href=_search(bars[0], bars[-1], kind, one.value),
                chart=chart,
                total=one.total,
                counts=one.counts,
            )
        )
    return made


routes: list[BaseRoute] = [Route("/overview", overview, name="overview")]
