"""One story: its developments, who told it first, its figures, notes and decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger import correction_text
from monitor.model import Line, Role, StoredStory, StoryQuery
from monitor.model.instruments import standing
from monitor.ports import Store
from monitor.urls import publication
from monitor.web.claims import matter_title, written
from monitor.web.claims_view import matters_of
from monitor.web.desk import desk_of, reader_of
from monitor.web.lines import return_of
from monitor.web.pages import own_path, page, see_other
from monitor.web.refusals import refusal
from monitor.web.rule_words import WORDS
from monitor.web.rules import told_day
from monitor.web.story_view import (
    ARTICLES,
    ENTRIES,
    FIGURES,
    TELLINGS,
    StoryView,
    Wanted,
    joined_state,
    view_of,
)

#: Stories that are offered for a merge.
CANDIDATES = 8

#: Companies, minerals and countries by which those are found that are like it.
MOST_NAMES = 20

#: Longest words to look for one.
_LONGEST = 200

_STORY = re.compile(r"s?(\d{1,18})", re.ASCII | re.IGNORECASE)
_ARTICLE = re.compile(r"a?(\d{1,18})", re.ASCII | re.IGNORECASE)


async def story(request: Request) -> Response:
    """The page of a story; what was merged away leads to what it has become."""
    number = number_of(request)
    wanted = read_wanted(request.query_params.multi_items())
    found = await _looked(request, number, wanted)
    if found.story.id != number:
        query = request.url.query
        return see_other(f"/stories/{found.story.id}" + (f"?{query}" if query else ""))
    answer = shown(request, found, wanted)
    if request.method == "GET":
        await _mark_seen(request, found)
    return answer


async def story_again(
    request: Request, number: int, wanted: Wanted, *, status: int, problem: str, typed: str = ""
) -> Response:
    """
    The page after a form that was not taken: why, how the story stands now, and what was typed.

    Args:
        typed: the text of a note.
    """
    found = await _looked(request, number, wanted)
    return shown(request, found, wanted, status=status, problem=problem, typed=typed)


def shown(
    request: Request,
    found: StoryView,
    wanted: Wanted,
    *,
    status: int = 200,
    problem: str = "",
    typed: str = "",
) -> Response:
    """The page itself."""
    return page(
        request,
        "story.html",
        status=status,
        view=found,
        story=found.story,
        wanted=wanted,
        problem=problem,
        typed=typed,
        returned=return_of(found.line) if found.line else None,
        joined_state=joined_state,
        said=partial(refusal, request),
        say_rule=WORDS,
        standing=standing,
        today=desk_of(request).now().astimezone(ZoneInfo(reader_of(request).zone)).date(),
        rule_day=lambda text: told_day(text, reader_of(request)),
        matters=matters_of(
            found.ledger,
            written=partial(written, reader_of(request)),
            title=partial(matter_title, request),
            is_whole=wanted.is_whole,
        ),
        amount_text=amount_text,
        correction_text=correction_text,
        most={"tellings": TELLINGS, "figures": FIGURES, "articles": ARTICLES, "log": ENTRIES},
        may_decide=reader_of(request).role.may(Role.ANALYST),
    )


def number_of(request: Request) -> int:
    """
    The story that an address is about.

    Raises:
        HTTPException: it cannot be one.
    """
    found = _STORY.fullmatch(request.path_params["number"])
    if found is None:
        raise HTTPException(404)
    return int(found[1])


def read_wanted(pairs: Iterable[tuple[str, str]]) -> Wanted:
    """What an address asks for; what cannot be read is left out."""
    given: dict[str, str] = {}
    split: dict[int, None] = {}
    for name, value in pairs:
        if name == "split":
            split[_article(value)] = None
        else:
            given[name] = value
    find = given.get("find")
    return Wanted(
        left=_article(given.get("left", "")),
        right=_article(given.get("right", "")),
        is_whole=given.get("all") == "1",
        find=find[:_LONGEST].strip() if find is not None else None,
        split=tuple(number for number in split if number),
        back=own_path(given.get("back", "/")),
    )


async def _looked(request: Request, number: int, wanted: Wanted) -> StoryView:
    """
    All that the page needs, read in one go and put together beside the loop.

    Raises:
        HTTPException: there is no such story.
    """
    desk, reader = desk_of(request), reader_of(request)
    now = desk.now()

    def look_up(store: Store, query: StoryQuery) -> Sequence[Line]:
        return store.lines(query, reader=reader.name, now=now, limit=CANDIDATES + 1).lines

    def look(store: Store) -> StoryView | None:
        found = store.story(number)
        if found is None:
            return None
        lines = store.lines_of([found.id], reader=reader.name)
        candidates = [] if wanted.find is None else _candidates(store, found, wanted.find, look_up)
        return view_of(
            found,
            line=lines[0] if lines else None,
            log=store.decisions(found.id),
            reader=reader.name,
            wanted=wanted,
            candidates=candidates,
            rules=store.instruments_of(found.id),
            repeated=store.repeated_lines({publication(one.url) for one in found.articles} - {""}),
        )

    found = await desk.runner.read(look)
    if found is None:
        raise HTTPException(404)
    return found


def _candidates(
    store: Store,
    found: StoredStory,
    words: str,
    look_up: Callable[[Store, StoryQuery], Sequence[Line]],
) -> list[Line]:
    """What may be merged: the story of that number, those with these words, or those like it."""
    named = _STORY.fullmatch(words)
    if named and (other := store.story(int(named[1]))):
        return store.lines_of([other.id], reader="")
    if words:
        return list(look_up(store, StoryQuery(search=words)))
    like = {line.card.story_id: line for query in _like(found) for line in look_up(store, query)}
    return list(like.values())[: CANDIDATES + 1]


def _like(found: StoredStory) -> list[StoryQuery]:
    """Stories that may be the same matter: of the same companies; of the same minerals and land."""
    words = [article.enrichment for article in found.articles if article.enrichment.relevant]
    companies, minerals, countries = (
        tuple(dict.fromkeys(name for one in words for name in getattr(one, part)))[:MOST_NAMES]
        for part in ("companies", "minerals", "countries")
    )
    queries = [StoryQuery(companies=companies)] if companies else []
    return [*queries, StoryQuery(minerals=minerals, countries=countries)] if minerals else queries


async def _mark_seen(request: Request, found: StoryView) -> None:
    """What the page showed is seen; nothing is written when nothing was new."""
    until, seen = found.seen_until, found.line.seen_at if found.line else None
    if found.line is None or until is None or (seen is not None and seen >= until):
        return
    name, number = reader_of(request).name, found.story.id
    await desk_of(request).runner.write(lambda store: store.mark_seen(name, [number], now=until))


def _article(text: str) -> int:
    found = _ARTICLE.fullmatch(text.strip())
    return int(found[1]) if found else 0


routes = [Route("/stories/{number}", story, name="story")]
