"""Search: stories by words and facets, each with the places where the words were found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.enrich.meaning import understood
from monitor.model import FACETS, Lines, Order, ReviewState, Role, SearchHit, StoryQuery
from monitor.model.facets import Facet
from monitor.ports import Store
from monitor.review.queries import query_pairs, read_query
from monitor.store.search import query_words
from monitor.web import views
from monitor.web.desk import desk_of, reader_of
from monitor.web.filters import flat
from monitor.web.lines import LINE_WORDS
from monitor.web.pages import page

#: Stories on a page; articles when these are asked for; places shown of one story.
PAGE, ARTICLES, PLACES = 30, 50, 2

#: Values of each facet, and stories that are counted.
VALUES, MOST_COUNTED = 10, 1000

#: What `within` offers.
WITHIN = {"86400": "1d", "604800": "7d", "2592000": "30d", "31536000": "365d"}

#: What the store puts around words that were found.
_FOUND = re.compile("\u2068([^\u2068\u2069]*)\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an address of the search page asks for, and addresses that ask for a little else."""

    query: StoryQuery
    #: Articles one by one, instead of stories.
    is_of_articles: bool = False
    unread: tuple[str, ...] = ()
    #: Sentences about concepts that the taxonomy does not know.
    unknown: tuple[str, ...] = ()

    @property
    def is_asking(self) -> bool:
        """Whether it asks for less than everything."""
        return replace(self.query, order=Order.CHANGED) != StoryQuery()

    def pairs(self, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
        """The parameters of its address."""
        found = query_pairs(self.query) + ([("of", "articles")] if self.is_of_articles else [])
        return [pair for pair in found if pair[0] not in without]

    def address(self, cursor: str = "") -> str:
        """Its path."""
        pairs = self.pairs() + ([("after", cursor)] if cursor else [])
        return f"/search?{urlencode(pairs, errors='replace')}" if pairs else "/search"

    def having(self, **parts: Any) -> Sought:
        """The same with other parts of the query."""
        return replace(self, query=replace(self.query, **parts), is_of_articles=False)

    def narrowed(self, part: str, value: str) -> str:
        """The address that asks for that value too."""
        values = dict.fromkeys([*map(str, getattr(self.query, part)), value])
        return self.having(**{part: tuple(values)}).address()

    def widened(self, part: str, value: str) -> str:
        """The address without asking for that value."""
        left = tuple(one for one in getattr(self.query, part) if str(one) != value)
        return self.having(**{part: left}).address()

    def has(self, part: str, value: str) -> bool:
        """Whether it asks for that value."""
        return value in map(str, getattr(self.query, part))

    def as_articles(self, *, wanted: bool) -> str:
        """The address of the same as articles, or as stories."""
        return replace(self, is_of_articles=wanted).address()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page of results shows."""

    lines: Lines
    #: By story: where the words stand.
    places: Mapping[int, Sequence[SearchHit]]
    facets: Mapping[str, Facet]
    count: int = 0
    #: The newest articles, when these are asked for.
    hits: Sequence[SearchHit] = ()


def read_sought(request: Request) -> Sought:
    """What an address asks for; any address asks for something."""
    params = request.query_params
    read = read_query(params.multi_items())
    query, unknown = understood(read.query)
    return Sought(
        query=query,
        is_of_articles=params.get("of") == "articles",
        unread=tuple(flat(text, 200) for text in read.unread),
        unknown=unknown,
    )


async def search(request: Request) -> Response:
    """The search page: an empty box, or what was found."""
    desk, reader = desk_of(request), reader_of(request)
    sought, cursor = read_sought(request), request.query_params.get("after", "")
    now = desk.now()

    def look(store: Store) -> Found:
        facets = store.facets(sought.query, now=now, limit=VALUES)
        if sought.is_of_articles:
            hits = store.search(sought.query.search, limit=ARTICLES)
            return Found(lines=Lines(lines=()), places={}, facets=facets, hits=hits)
        lines = store.lines(sought.query, reader=reader.name, now=now, limit=PAGE, cursor=cursor)
        count = len(lines.lines)
        if lines.cursor and not cursor:
            count = store.count_lines(sought.query, now=now, most=MOST_COUNTED)
        numbers = [line.card.story_id for line in lines.lines]
        hits = store.hits_of(sought.query.search, numbers, each=PLACES)
        places = {n: [hit for hit in hits if hit.story_id == n] for n in numbers}
        return Found(lines=lines, count=count, places=places, facets=facets)

    found = await desk.runner.read(look)
    return page(
        request,
        "search.html",
        sought=sought,
        found=found,
        search_words=sought.query.search,
        is_more=found.count >= MOST_COUNTED,
        older=sought.address(found.lines.cursor) if found.lines.cursor else "",
        newest=sought.address() if cursor else "",
        parts=(*FACETS, "states"),
        within=WITHIN,
        states=list(ReviewState),
        orders=list(Order),
        marked=marked,
        may_decide=reader.role.may(Role.ANALYST),
        most_articles=ARTICLES,
        has_words=bool(query_words(sought.query.search)),
        only_words=Sought(query=StoryQuery(search=sought.query.search)).address(),
        **LINE_WORDS,
    )


def marked(snippet: str) -> Markup:
    """A snippet with what was found in `<mark>`; all else of it is a stranger's text."""
    pieces = _FOUND.split(snippet)
    shown = [
        Markup("<mark>{}</mark>").format(flat(piece))
        if at % 2
        else Markup("{}").format(flat(piece))
        for at, piece in enumerate(pieces)
    ]
    return Markup("<bdi>{}</bdi>").format(Markup("").join(shown))


routes = [Route("/search", search, name="search"), *views.routes]
