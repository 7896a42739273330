"""One source: how it is doing, what it brought, its options; edit, pause, poll, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.errors import BadInput
from monitor.health.arrivals import by_day
from monitor.health.look import Health, look
from monitor.model import Arrivals, Role, Scope, Source, StoredPoll
from monitor.model.overview import SourceArticle, Tellings
from monitor.ports import Store
from monitor.sources import due
from monitor.web import source_forms
from monitor.web.charts import Column, columns, key
from monitor.web.desk import Reader, desk_of, reader_of, require
from monitor.web.gate import posted
from monitor.web.language import days_locale, words_of
from monitor.web.pages import page, see_other, tell
from monitor.web.refusals import refusal
from monitor.web.watched import look_again, set_states

#: Days of the chart, polls and articles that are listed.
DAYS, POLLS, ARTICLES = 60, 20, 15

#: Who told first is counted of so many days, and of so many articles at most.
TOLD_DAYS, TOLD_MOST = 365, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """All that the store knows of a source."""

    health: Health
    arrivals: Arrivals
    polls: list[StoredPoll]
    told: Tellings
    articles: list[SourceArticle]


async def source(request: Request) -> Response:
    """The page of one source."""
    return await _shown(request, request.path_params["id"])


async def act(request: Request) -> Response:
    """Edit, pause, resume, poll or remove a source."""
    reader = require(request, Role.ANALYST)
    form, number = await posted(request), request.path_params["id"]
    action = _ACTIONS.get(request.path_params["action"])
    if action is None:
        raise HTTPException(404)
    known = await desk_of(request).runner.read(lambda store: store.source(number))
    if known is None:
        raise HTTPException(404)
    fields = {name: str(value) for name, value in form.multi_items()}
    dropped = {str(value) for value in form.getlist("drop")}
    try:
        text = await action(request, reader, known, fields, dropped)
    except BadInput as error:
        return await _shown(request, number, error=error, typed=fields)
    is_gone = action is _remove
    return tell(request, see_other("/sources" if is_gone else f"/sources/{number}"), text)


async def _edit(
    request: Request, _reader: Reader, known: Source, fields: Mapping[str, str], dropped: set[str]
) -> str:
    changes = source_forms.changes(known, fields, dropped=dropped)
    if changes:
        await desk_of(request).runner.write(lambda store: store.edit_source(known.id, **changes))
        await look_again(request, [known.id])
    words = words_of(request)
    return words.gettext("Saved.") if changes else words.gettext("Nothing was to be changed.")


async def _pause(
    request: Request, reader: Reader, known: Source, _fields: Mapping[str, str], _: set[str]
) -> str:
    await set_states(request, [known.id], action="pause", who=reader.name)
    return words_of(request).gettext("Paused: it is not asked until it is resumed.")


async def _resume(
    request: Request, reader: Reader, known: Source, _fields: Mapping[str, str], _: set[str]
) -> str:
    await set_states(request, [known.id], action="resume", who=reader.name)
    return words_of(request).gettext("Resumed: it is asked at once, when the monitor runs.")


async def _poll(
    request: Request, _reader: Reader, known: Source, _fields: Mapping[str, str], _: set[str]
) -> str:
    """Make it due; what it asked for (Retry-After) holds all the same."""
    desk = desk_of(request)
    now = desk.now()
    await desk.runner.write(lambda store: store.reschedule({known.id: (now, known.not_before)}))
    await look_again(request, [known.id])
    words = words_of(request)
    if known.not_before and known.not_before > now:
        return words.gettext("It is due, but asked to be left alone for now; that is kept.")
    return words.gettext("It is due now: the monitor asks it within seconds, when it runs.")


async def _remove(
    request: Request, _reader: Reader, known: Source, fields: Mapping[str, str], _: set[str]
) -> str:
    words = words_of(request)
    if fields.get("sure") != "yes":
        raise BadInput(words.gettext("Check the box first."), subject=known.name)
    await desk_of(request).runner.write(lambda store: store.remove_source(known.id))
    await look_again(request, [known.id])
    return words.gettext("Removed; its articles are kept.")


_ACTIONS = {
    "edit": _edit,
    "pause": _pause,
    "resume": _resume,
    "poll": _poll,
    "remove": _remove,
}


async def _shown(
    request: Request,
    number: int,
    *,
    error: BadInput | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    desk, reader = desk_of(request), reader_of(request)
    now = desk.now()
    facts = await desk.runner.read(lambda store: _facts(store, number, now))
    if facts is None:
        raise HTTPException(404)
    known, told = facts.health.source, facts.told
    news, keeps = by_day(facts.arrivals, until=now.date(), days=DAYS)
    days = [now.date() - timedelta(days=DAYS - 1 - place) for place in range(DAYS)]
    words = words_of(request)
    return page(
        request,
        "source.html",
        status=422 if error else 200,
        source=known,
        health=facts.health,
        polls=facts.polls,
        tellings=told,
        told_days=TOLD_DAYS,
        articles=facts.articles,
        days=DAYS,
        new=sum(news),
        kept=sum(keeps),
        most=max(news, default=0),
        arrivals=list(reversed(list(zip(days, news, keeps, strict=True)))),
        first_day=_day(days[0], reader),
        last_day=_day(days[-1], reader),
        chart=columns(
            _columns(
                days, news, keeps, reader, words.gettext("%(day)s: %(new)s new, %(kept)s kept")
            ),
            name="arrivals",
            title=words.gettext("New entries by day (UTC)"),
            about=words.gettext("Each bar is a day; its solid part was kept."),
        ),
        key_of=key,
        schedule=due.explained(known, desk.settings.schedule),
        form=_form_of(known) | dict(typed or {}),
        agreed=source_forms.headers_of(known),
        safe_url=source_forms.safe_url(known.url),
        may_edit=reader.role.may(Role.ANALYST),
        scopes=list(Scope),
        error=refusal(request, error) if error else "",
    )


def _facts(store: Store, number: int, now: datetime) -> _Facts | None:
    known = store.source(number)
    if known is None:
        return None
    since = (now - timedelta(days=DAYS - 1)).date()
    (health,) = look(store, known, now=now)
    return _Facts(
        health=health,
        arrivals=store.arrivals_of([number], since=since).get(number, Arrivals()),
        polls=store.polls(number, limit=POLLS),
        told=store.source_told(number, since=now - timedelta(days=TOLD_DAYS), most=TOLD_MOST),
        articles=store.source_articles(number, limit=ARTICLES),
    )


def _columns(
    days: list[date], news: list[int], keeps: list[int], reader: Reader, words: str
) -> list[Column]:
    """A bar for each day: what was kept, and the rest of what was new."""
    return [
        Column(
            parts=(min(kept, new), max(new - kept, 0)),
            title=words % {"day": _day(day, reader), "new": new, "kept": kept},
        )
        for day, new, kept in zip(days, news, keeps, strict=True)
    ]


def _day(day: date, reader: Reader) -> str:
    return format_date(day, "medium", locale=days_locale(reader.language))


def _form_of(known: Source) -> dict[str, Any]:
    return {
        "name": known.name,
        "url": source_forms.safe_url(known.url),
        "language": known.language,
        "region": known.region,
        "scope": known.scope.value,
        "tags": ", ".join(known.tags),
        "every": str(known.every_s or ""),
        "cron": known.options.get("cron", ""),
        "timezone": known.options.get("timezone", ""),
        "options": source_forms.shown_options(known),
        "reason": known.state_reason,
    }
