"""The inbox: one line per story, what is new in it, and decisions by one key."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitor.model import Lines, Role, StoryQuery
from monitor.ports import Store
from monitor.web.asked import STATES, Asked, read_asked
from monitor.web.desk import desk_of, reader_of
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.lines import LINE_WORDS, grouped, moment_of
from monitor.web.pages import own_path, page, see_other, tell

#: Stories on one page.
PAGE = 30

#: What is new is counted so far.
MOST_NEWS = 100

#: Stories are counted so far; fewer where each must be looked at in turn.
MOST_COUNTED, MOST_NARROWED = 1000, 200

#: Longest number of an edition.
_DIGITS = 18


async def inbox(request: Request) -> Response:
    """What is still open, or what a query chooses."""
    desk, reader = desk_of(request), reader_of(request)
    asked = read_asked(request.query_params.multi_items())
    cursor, now = request.query_params.get("after", ""), desk.now()

    most = MOST_NARROWED if asked.wanted or asked.query.search else MOST_COUNTED

    def look(store: Store) -> tuple[int, Lines, int, bool]:
        # The edition first: what is kept meanwhile is told of, and never missed.
        edition = store.edition()
        lines = store.lines(asked.query, reader=reader.name, now=now, limit=PAGE, cursor=cursor)
        count = len(lines.lines)
        if lines.cursor or cursor:
            count = 0 if cursor else store.count_lines(asked.query, now=now, most=most)
        has_any = bool(lines.lines) or store.count_lines(StoryQuery(), now=now, most=1) > 0
        return edition, lines, count, has_any

    edition, lines, count, has_any = await desk.runner.read(look)
    return page(
        request,
        "inbox.html",
        asked=asked,
        groups=grouped(lines.lines, asked.group, order=asked.query.order, zone=reader.zone),
        count=count,
        is_more=count >= most,
        has_any=has_any,
        older=asked.address(lines.cursor) if lines.cursor else "",
        newest=asked.address() if cursor else "",
        news_address=_news_address(asked, edition),
        states=STATES,
        moment=lambda line: moment_of(line, asked.query.order),
        may_decide=reader.role.may(Role.ANALYST),
        **LINE_WORDS,
    )


async def news(request: Request) -> Response:
    """How many stories of a query are new, or changed, since an edition of the cards."""
    desk = desk_of(request)
    asked = read_asked(request.query_params.multi_items())
    since = _number(request.query_params.get("since", ""))
    if since is None:
        return JSONResponse({"count": 0, "text": ""})
    count = await desk.runner.read(
        lambda store: store.count_lines(
            asked.query, now=desk.now(), most=MOST_NEWS, after_edition=since
        )
    )
    ngettext = words_of(request).ngettext
    text = ngettext("%(num)s new or changed", "%(num)s new or changed", count)
    shown = f"{count}+" if count >= MOST_NEWS else str(count)
    return JSONResponse({"count": count, "text": text % {"num": shown}})


async def see_all(request: Request) -> Response:
    """Everything up to the moment of the page is seen."""
    form = await posted(request)
    desk, reader = desk_of(request), reader_of(request)
    until = min(_moment(str(form.get("until", ""))) or desk.now(), desk.now())
    await desk.runner.write(lambda store: store.mark_all_seen(reader.name, now=until))
    _ = words_of(request).gettext
    answer = see_other(own_path(str(form.get("back", "/"))))
    return tell(request, answer, _("All that this list has told you counts as seen."))


def _news_address(asked: Asked, edition: int) -> str:
    return "/news?" + urlencode([*asked.pairs(), ("since", str(edition))])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _moment(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError):
        return None


routes = [
    Route("/", inbox, name="inbox"),
    Route("/news", news, name="news"),
    Route("/seen", see_all, methods=["POST"], name="seen"),
]
