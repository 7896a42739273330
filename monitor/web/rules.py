"""Rules of states by their days: what takes effect, what lapses, and a calendar to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.deliver import icalendar
from monitor.deliver.calendar import MOST, Wanted, by_month, chosen
from monitor.deliver.rule_alerts import MOST_STORIES
from monitor.deliver.rule_words import day_text, happening
from monitor.model.instruments import Dated, Instrument, Term, day_of, standing
from monitor.ports import Store
from monitor.web.desk import Reader, desk_of, peer_of, reader_of
from monitor.web.language import days_locale, words_of
from monitor.web.pages import page
from monitor.web.rule_words import STAGES, WORDS
from monitor.web.timeline import Span, span_around, strip

#: Days that are looked at: ahead, as some rules are told decades before; and back.
AHEAD, BACK = 36_500, 5 * 365

#: Days of rules on one page, rules in the timeline, rules without a day.
SHOWN, ROWS, UNDATED = 300, 40, 60

#: Months of the timeline before and after this one.
BEFORE, AFTER = 6, 17

#: Longest value of a filter.
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happens on one day to one rule."""

    dated: Dated
    #: A key of `rule_words.HAPPENS`.
    happens: str
    standing: str
    #: The day in words, and how far away it is.
    day: str
    distance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule in the timeline."""

    rule: Instrument
    standing: str
    #: Of the term that stands there, in words.
    start: str
    end: str
    strip: Markup


async def calendar(request: Request) -> Response:
    """What is ahead, or behind, by month."""
    desk, reader = desk_of(request), reader_of(request)
    today = desk.now().astimezone(ZoneInfo(reader.zone)).date()
    is_past = request.query_params.get("past") == "1"
    wanted = _wanted(request)
    since, until = _span(today, is_past=is_past)

    def look(store: Store) -> tuple[list[Dated], list[Dated]]:
        found = store.calendar(since=since, until=until, limit=MOST)
        return found, [] if is_past else store.undated_rules(limit=UNDATED)

    found, undated = await desk.runner.read(look)
    taken = chosen(found, wanted, today=today)
    if is_past:
        taken.reverse()
    shown = taken[:SHOWN]
    months = [
        (_month(first, reader), [_entry(request, one, today) for one in group])
        for first, group in by_month(shown)
    ]
    span = span_around(today, before=BEFORE, after=AFTER)
    pairs = _pairs(wanted)
    return page(
        request,
        "calendar.html",
        months=months,
        rows=_rows(request, shown, span, today),
        ends=(_month(span.first, reader), _month(span.end - timedelta(days=1), reader)),
        today_at=round(span.place(today)),
        undated=chosen(undated, wanted, today=today),
        count=len(taken),
        hidden=len(taken) - len(shown),
        is_past=is_past,
        wanted=wanted,
        countries=sorted({one.instrument.country for one in found} | {wanted.country} - {""}),
        minerals=sorted(
            {m for o in found for m in o.instrument.minerals} | {wanted.mineral} - {""}
        ),
        stages=STAGES,
        say_rule=WORDS,
        here_of=lambda past: "/calendar" + _query([*pairs, *([("past", "1")] if past else [])]),
        feed="/calendar.ics" + _query(pairs),
    )


async def feed(request: Request) -> Response:
    """The calendar for other programs, for whoever may see the page."""
    wanted = _wanted(request)
    return await _feed(request, lambda store: _ahead(request, store), wanted)


async def feed_of_view(request: Request) -> Response:
    """The rules in the stories of a view, for whoever knows its address."""
    token = request.path_params["token"]
    now = desk_of(request).now()

    def look(store: Store) -> list[Dated] | None:
        view = store.view_of_token(token)
        if view is None:
            return None
        numbers = set(store.chosen_ids(view.query, now=now, limit=MOST_STORIES))
        return [o for o in _ahead(request, store) if o.instrument.story_id in numbers]

    return await _feed(request, look, Wanted())


async def _feed(request: Request, look: Any, wanted: Wanted) -> Response:
    desk = desk_of(request)
    found = await desk.runner.read(look)
    if found is None:
        raise HTTPException(404)
    now = desk.now()
    taken = chosen(found, wanted, today=now.date())
    body = icalendar.icalendar(taken, now=now, site=_site(request), name="Critical minerals: rules")
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": 'inline; filename="rules.ics"',
    }
    return Response(body, media_type=icalendar.MEDIA_TYPE, headers=headers)


def _ahead(request: Request, store: Store) -> list[Dated]:
    """A quarter of a year back, so that what has just passed stays where it was; and all ahead."""
    today = desk_of(request).now().date()
    since, until = today - timedelta(days=92), today + timedelta(days=AHEAD)
    return store.calendar(since=since, until=until, limit=MOST)


def _span(today: date, *, is_past: bool) -> tuple[date, date]:
    if is_past:
        return today - timedelta(days=BACK), today - timedelta(days=1)
    return today, today + timedelta(days=AHEAD)


def _wanted(request: Request) -> Wanted:
    """What the address asks for; what is too long or no stage is left out."""
    given = request.query_params
    stage = given.get("stage", "")
    return Wanted(
        country=given.get("country", "")[:_LONGEST].strip().upper(),
        mineral=given.get("mineral", "")[:_LONGEST].strip(),
        stage=stage if stage in STAGES else "",
    )


def _pairs(wanted: Wanted) -> list[tuple[str, str]]:
    named = (("country", wanted.country), ("mineral", wanted.mineral), ("stage", wanted.stage))
    return [(name, value) for name, value in named if value]


def _choices(wanted: str, found: Iterable[str]) -> list[str]:
    """What a filter can be set to: all that is there, and what it is set to."""
    return sorted({*found, wanted} - {""})


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    text = urlencode(list(pairs))
    return f"?{text}" if text else ""


def _site(request: Request) -> str:
    """Where the review site is reached."""
    public = desk_of(request).settings.web.public_url
    return public or f"{'https' if peer_of(request).is_https else 'http'}://{request.url.netloc}"


def _entry(request: Request, one: Dated, today: date) -> Entry:
    return Entry(
        dated=one,
        happens=happening(one),
        standing=standing(one.term, today),
        day=_day(one, reader_of(request)),
        distance=_distance(request, one.day, today),
    )


def _day(one: Dated, reader: Reader) -> str:
    """The day with its day of the week, or as much of it as is told."""
    told = one.term.until if one.event == "lapse" else one.term.in_force_from
    if len(told) < len("2026-11-10"):
        return day_text(one) if len(told) == len("2026") else _month(one.day, reader)
    return format_skeleton("EEEd", one.day, locale=days_locale(reader.language))


def _distance(request: Request, day: date, today: date) -> str:
    words, days = words_of(request), (day - today).days
    if days == 0:
        return words.gettext("today")
    if days > 0:
        return words.ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    return words.ngettext("%(num)s day ago", "%(num)s days ago", -days) % {"num": -days}


def _month(day: date, reader: Reader) -> str:
    return format_skeleton("yMMMM", day, locale=days_locale(reader.language))


def _rows(request: Request, found: Sequence[Dated], span: Span, today: date) -> list[Row]:
    """Each rule once, in the order of its first day here, with all its terms."""
    firsts: dict[tuple[int, int], Dated] = {}
    for one in found:
        firsts.setdefault((one.instrument.story_id, one.instrument.number), one)
    reader = reader_of(request)
    made = []
    for one in list(firsts.values())[:ROWS]:
        terms = [(term, _said(request, term)) for term in one.instrument.terms]
        made.append(
            Row(
                rule=one.instrument,
                standing=standing(one.term, today),
                start=told_day(one.term.in_force_from, reader),
                end=told_day(one.term.until, reader),
                strip=strip(
                    terms, span, today=today, title="; ".join(filter(None, (s for _, s in terms)))
                ),
            )
        )
    return made


def _said(request: Request, term: Term) -> str:
    """A term in words."""
    reader, _ = reader_of(request), words_of(request).gettext
    start, end = told_day(term.in_force_from, reader), told_day(term.until, reader)
    if start and end:
        return _("from %(start)s until %(end)s") % {"start": start, "end": end}
    if end:
        return _("until %(end)s") % {"end": end}
    return _("from %(start)s") % {"start": start} if start else ""


def told_day(text: str, reader: Reader) -> str:
    """A day as it is told: a day, a month, a year; '' when none is."""
    day = day_of(text)
    if day is None:
        return ""
    if len(text) == len("2026"):
        return text
    if len(text) == len("2026-11"):
        return _month(day, reader)
    return format_date(day, "medium", locale=days_locale(reader.language))


routes: list[BaseRoute] = [
    Route("/calendar", calendar, name="calendar"),
    Route("/calendar.ics", feed, name="calendar-feed"),
    Route("/views/{token}/calendar.ics", feed_of_view, name="view-calendar"),
]
