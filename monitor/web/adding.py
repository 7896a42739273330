"""Adding a source: an address is looked at in the background, and what was found is chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.errors import BadInput
from monitor.finding.adding import completed, judged, of_candidate, warning
from monitor.finding.searches import Search, Searches
from monitor.model import NewSource, Role, Scope
from monitor.sources.ranking import described
from monitor.web.desk import desk_of, require
from monitor.web.gate import posted
from monitor.web.language import msgid, words_of
from monitor.web.pages import page, see_other, tell
from monitor.web.refusals import refusal
from monitor.web.source_forms import wished_for
from monitor.web.watched import look_again, remembered

#: Entries that a preview shows, and characters of a summary.
ENTRIES, SUMMARY = 5, 200

#: What is lost is told of so many.
LOST = 10

#: Words of a cause, to what can be done about it.
_WAYS_OUT = (
    (
        "robots.txt forbids",
        msgid(
            "Ask its publisher. With consent, look again and write down under “More” who agreed, "
            "and when."
        ),
    ),
    (
        "allow it with",
        msgid("It is in a private network: the operator can allow that in the configuration."),
    ),
    (
        "wall",
        msgid("A wall stands before it: ask the publisher for access, or watch another source."),
    ),
    ("HTTP 404", msgid("Look whether the address is written right.")),
    ("HTTP 410", msgid("It was removed for good: look where it goes on.")),
    ("could not be resolved", msgid("Look whether the name of the site is written right.")),
)


def searches_of(request: Request) -> Searches:
    """
    The searches of this site.

    A daemon that crawls in the same process sets `app.state.manners`, so that hosts meet one
    visitor, not two.
    """
    state, desk = request.app.state, desk_of(request)
    if not hasattr(state, "searches"):
        state.searches = Searches(desk.settings, desk.runner, getattr(state, "manners", None))
    searches: Searches = state.searches
    return searches


async def form(request: Request) -> Response:
    """Which address?"""
    require(request, Role.ANALYST)
    return _form(request, dict(request.query_params))


async def begin(request: Request) -> Response:
    """Begin to look at an address."""
    reader = require(request, Role.ANALYST)
    fields = {name: str(value) for name, value in (await posted(request)).multi_items()}
    try:
        wanted = wished_for(fields)
        known = await _watched(request)
        if (wanted.kind, wanted.url) in known:
            number = known[wanted.kind, wanted.url]
            text = words_of(request).gettext("It is watched already.")
            return tell(request, see_other(f"/sources/{number}"), text)
        has_name = bool(fields.get("name", "").strip())
        one = searches_of(request).begin(wanted, has_name=has_name, who=reader.name)
    except BadInput as error:
        return _form(request, fields, error=error)
    return see_other(f"/sources/add/{one.token}")


async def search(request: Request) -> Response:
    """How far a search is, or what it found."""
    one = _search(request)
    if not one.is_over:
        return page(request, "sources_looking.html", search=one)
    known = await _watched(request)
    return page(request, "sources_found.html", **_told(request, one, known))


async def take(request: Request) -> Response:
    """Watch one of what was found; 0 = the address as it is."""
    require(request, Role.ANALYST)
    number = str((await posted(request)).get("number", ""))
    one, desk = _search(request), desk_of(request)
    new = _chosen(one, number)
    now = desk.now()
    source_id, is_new = await desk.runner.write(lambda store: store.add_source(new, now=now))
    await look_again(request, [source_id])
    words = words_of(request)
    said = (
        words.gettext("It is watched now.") if is_new else words.gettext("It is watched already.")
    )
    return tell(request, see_other(f"/sources/{source_id}"), said)


def _search(request: Request) -> Search:
    """
    The search that is meant.

    Raises:
        HTTPException: there is none, any more, or it is another person's.
    """
    reader = require(request, Role.ANALYST)
    found = searches_of(request).get(request.path_params["token"], who=reader.name)
    if found is None:
        raise HTTPException(404)
    return found


def _chosen(one: Search, number: str) -> NewSource:
    """
    The source that was chosen of what a search found.

    Raises:
        BadInput: there is no such number, or the search is not over.
    """
    if not one.is_over or one.look is None:
        raise BadInput("is not over.", subject="the search", advice="Wait for its end.")
    if number == "0" and not judged(one.wanted, one.look, has_kind=False).fault:
        return completed(one.wanted, one.look.document, has_name=one.has_name)
    ranked = one.found.ranked if one.found else ()
    for candidate in ranked:
        if str(candidate.number) == number:
            return of_candidate(one.wanted, candidate, has_name=one.has_name)
    raise BadInput("was not found.", subject=f"number {number[:20]}")


async def _watched(request: Request) -> dict[tuple[str, str], int]:
    """Numbers of what is watched, by kind and address."""
    board = await remembered(request)
    return {(one.source.kind, one.source.url): one.source.id for one in board.found}


def _form(request: Request, typed: Mapping[str, str], error: BadInput | None = None) -> Response:
    return page(
        request,
        "sources_add.html",
        status=422 if error else 200,
        typed=typed,
        error=refusal(request, error) if error else "",
        scopes=list(Scope),
    )


def _told(request: Request, one: Search, known: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """What the page of a search's end shows."""
    found, look = one.found, one.look
    alone = judged(one.wanted, look, has_kind=False) if look and not found else None
    ranked = found.ranked if found else ()
    cause = one.cause or (alone.fault if alone else "")
    if not cause and not ranked and look and look.document is None:
        cause = look.cause
    return {
        "search": one,
        "cause": cause,
        "way_out": way_out(request, cause),
        "alone": alone,
        "look": look,
        "best": found.best if found else None,
        "offers": [
            {
                "ranked": candidate,
                "facts": described(candidate.candidate),
                "entries": candidate.candidate.entries[:ENTRIES],
                "warning": warning(candidate),
                "known": known.get((candidate.candidate.kind, candidate.candidate.url)),
            }
            for candidate in ranked
        ],
        "lost": [
            {"candidate": lost, "way_out": way_out(request, lost.cause)}
            for lost in (found.lost if found else ())[:LOST]
        ],
        "summary": SUMMARY,
    }


def way_out(request: Request, cause: str) -> str:
    """What can be done about what could not be read; empty when nothing is known."""
    text = next((words for part, words in _WAYS_OUT if part in cause), "")
    return words_of(request).gettext(text) if text else ""
