"""Figures across stories: a table to sort and narrow, one subject over time, side by side, CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger import Matter, Verdict, ledger_of
from monitor.deliver.tables import LEDGER_COLUMNS, csv_lines, ledger_row
from monitor.enrich.meaning import meant
from monitor.errors import BadInput
from monitor.model.ledger import LedgerLine, LedgerOrder, LedgerQuery
from monitor.ports import Store
from monitor.web.claims_view import Series, matters_of, series_of
from monitor.web.desk import Reader, desk_of, reader_of
from monitor.web.language import words_of
from monitor.web.memory import Memory, memory_of
from monitor.web.pages import page

#: Figures on a page, pages, and figures that are counted and that a file holds.
PAGE, PAGES, MOST_COUNTED, MOST_WRITTEN = 50, 200, 1000, 10_000

#: Figures of one subject that are drawn, and stories that are put side by side.
DRAWN, STORIES = 300, 40

#: Longest value of a filter.
_LONGEST = 200

#: Seconds that the choices are good for, and that they are shown once more while renewed.
KEPT_S, STALE_S = 60.0, 3600.0

#: Filters that are texts, as an address calls them.
_TEXTS = {"kind": "kind", "unit": "unit", "subject": "subject", "q": "words"}
_MEANT = {"mineral": "mineral", "country": "country"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an address of the page asks for, and addresses that ask for a little else."""

    query: LedgerQuery
    since: str = ""
    until: str = ""
    place: int = 1
    #: Sentences about what is not known.
    unknown: tuple[str, ...] = ()

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """The parameters of its address."""
        query = self.query
        found = {name: getattr(query, part) for name, part in (_TEXTS | _MEANT).items()}
        found |= {
            "verdict": query.verdict.replace(" ", "-"),
            "since": self.since,
            "until": self.until,
            "order": "" if query.order is LedgerOrder.LATEST else query.order.value,
        }
        return [(name, value) for name, value in (found | changes).items() if value]

    def address(self, **changes: str) -> str:
        """A path of the page that asks for this, and a little else."""
        return _address("/claims", self.pairs(**changes))

    def paged(self, place: int) -> str:
        """The same, further on."""
        return _address("/claims", [*self.pairs(), *([("page", str(place))] if place > 1 else [])])

    @property
    def file(self) -> str:
        """The address of the same as a file."""
        return _address("/claims.csv", self.pairs())

    @property
    def is_asking(self) -> bool:
        """Whether it asks for less than everything."""
        return replace(self.query, order=LedgerOrder.LATEST) != LedgerQuery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the page shows."""

    lines: Sequence[LedgerLine]
    is_more: bool
    count: int
    #: Of the subject that is asked for.
    drawn: Sequence[LedgerLine]


async def claims(request: Request) -> Response:
    """The table that an address asks for."""
    desk, reader = desk_of(request), reader_of(request)
    sought = read_sought(request)
    found = await desk.runner.read(partial(_look, sought=sought))
    choices = await _choices(request)
    words = words_of(request)

    def titled(kind: str) -> str:
        said = words.gettext("%(kind)s of %(subject)s over time")
        return said % {"kind": kind.replace("_", " "), "subject": sought.query.subject}

    series: list[Series] = []
    if sought.query.subject:
        series = series_of(found.drawn, written=partial(written, reader), title=titled)
    return page(
        request,
        "claims.html",
        sought=sought,
        found=found,
        series=series,
        choices=choices,
        verdicts=list(Verdict),
        orders=list(LedgerOrder),
        amount_text=amount_text,
        most_counted=MOST_COUNTED,
        most_written=MOST_WRITTEN,
        newer=sought.paged(sought.place - 1) if sought.place > 1 else "",
        older=sought.paged(sought.place + 1) if found.is_more and sought.place < PAGES else "",
    )


async def about(request: Request) -> Response:
    """All figures of one subject side by side, across stories."""
    desk, reader = desk_of(request), reader_of(request)
    subject = request.query_params.get("subject", "")[:_LONGEST].strip()

    def look(store: Store) -> tuple[Any, ...]:
        numbers = store.stories_about(subject, limit=STORIES) if subject else []
        stories = store.stories_of(numbers)
        ledger = ledger_of([one for story in stories for one in story.articles], about=subject)
        return matters_of(ledger, written=partial(written, reader), title=title), stories

    title = partial(matter_title, request)
    matters, stories = await desk.runner.read(look)
    return page(
        request,
        "claims_about.html",
        status=200 if matters else 404,
        subject=subject,
        matters=matters,
        stories=stories,
        most_stories=STORIES,
    )


async def table(request: Request) -> Response:
    """The same figures as a file."""
    desk, sought = desk_of(request), read_sought(request)

    def write(store: Store) -> str:
        lines = store.ledger_lines(sought.query, limit=MOST_WRITTEN)
        return "".join(csv_lines(map(ledger_row, lines), LEDGER_COLUMNS))

    text = await desk.runner.read(write)
    name = f"figures-{desk.now():%Y-%m-%d}.csv"
    return Response(
        text.encode("utf-8", "replace"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def read_sought(request: Request) -> Sought:
    """What an address asks for; any address asks for something."""
    params = request.query_params
    given = {name: params.get(name, "")[:_LONGEST].strip() for name in params}
    unknown: list[str] = []
    found: dict[str, Any] = {part: given.get(name, "") for name, part in _TEXTS.items()}
    for name, part in _MEANT.items():
        found[part] = _meant(name, given.get(name, ""), unknown)
    verdict = given.get("verdict", "").replace("-", " ")
    found["verdict"] = verdict if verdict in set(Verdict) else ""
    order = given.get("order", "")
    found["order"] = LedgerOrder(order) if order in set(LedgerOrder) else LedgerOrder.LATEST
    for name in ("since", "until"):
        found[name] = _day(given.get(name, ""), reader_of(request))
    return Sought(
        query=LedgerQuery(**found),
        since=given.get("since", "") if found["since"] else "",
        until=given.get("until", "") if found["until"] else "",
        place=_place(given.get("page", "")),
        unknown=tuple(unknown),
    )


def matter_title(request: Request, matter: Matter) -> str:
    """What a picture of a matter is called."""
    said = words_of(request).gettext("When each figure was told: %(kind)s")
    return said % {"kind": " ".join((matter.kind.replace("_", " "), *matter.subjects))}


def written(reader: Reader, moment: datetime) -> str:
    """A moment in the reader's zone and language, for a text that can hold no element."""
    local = moment.astimezone(ZoneInfo(reader.zone))
    return format_datetime(local, "medium", locale=reader.language)


def _look(store: Store, *, sought: Sought) -> Found:
    offset = (sought.place - 1) * PAGE
    lines = store.ledger_lines(sought.query, limit=PAGE + 1, offset=offset)
    is_more = len(lines) > PAGE
    count = offset + len(lines)
    if is_more and sought.place == 1:
        count = store.count_ledger(sought.query, most=MOST_COUNTED)
    drawn: Sequence[LedgerLine] = ()
    if sought.query.subject:
        drawn = lines if not is_more else store.ledger_lines(sought.query, limit=DRAWN)
    return Found(lines=lines[:PAGE], is_more=is_more, count=count, drawn=drawn)


async def _choices(request: Request) -> Mapping[str, Mapping[str, int]]:
    desk = desk_of(request)
    memory: Memory[Mapping[str, Mapping[str, int]]] = memory_of(request, "ledger", KEPT_S, STALE_S)
    return await memory.get("", lambda: desk.runner.read(lambda store: store.ledger_choices()))


def _meant(kind: str, given: str, unknown: list[str]) -> str:
    """The taxonomy's own word; what it does not know stays as it is, and finds nothing."""
    try:
        return meant(kind, given)
    except BadInput as error:
        unknown.append(str(error))
        return given


def _day(given: str, reader: Reader) -> datetime | None:
    """The beginning of one of the reader's days."""
    try:
        day = date.fromisoformat(given)
        return datetime.combine(day, time(), ZoneInfo(reader.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _place(given: str) -> int:
    is_number = given.isascii() and given.isdigit() and len(given) < 6
    return min(max(int(given), 1), PAGES) if is_number else 1


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs, errors='replace')}" if pairs else path


routes: list[BaseRoute] = [
    Route("/claims", claims, name="claims"),
    Route("/claims/about", about, name="claims-about"),
    Route("/claims.csv", table, name="claims-table"),
]
