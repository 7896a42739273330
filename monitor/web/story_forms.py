"""What the page of a story can do to it: a note, a merge, a split, "not a copy"; each with undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput, MonitorError, Outdated
from monitor.model import Choice, Decision, Role
from monitor.ports import Store
from monitor.web.desk import Forbidden, desk_of, require
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.pages import own_path, see_other, tell
from monitor.web.refusals import refusal
from monitor.web.story import number_of, read_wanted, story_again
from monitor.web.story_view import Wanted

_NUMBER = re.compile(r"[sa]?(\d{1,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form is about."""

    request: Request
    form: FormData
    story: int
    who: str

    @property
    def version(self) -> int | None:
        """The version that was looked at."""
        return _number(self.form.get("version", "")) or None


async def note(request: Request) -> Response:
    """Add a note; what was typed is never lost."""
    reader = require(request, Role.ANALYST)
    number = number_of(request)
    form = await request.form(max_files=0, max_fields=50)
    text = str(form.get("value", "")).replace("\r\n", "\n").strip()
    desk, back = desk_of(request), own_path(str(form.get("back", "")))
    choice = Choice(story_id=number, action="note", value=text)
    try:
        await posted(request)
        made = await desk.runner.write(
            lambda store: store.decide([choice], who=reader.name, now=desk.now())
        )
    except MonitorError as error:
        if isinstance(error, BadInput) and await _is_gone(request, number):
            raise
        status = error.status if isinstance(error, Forbidden) else 400
        if not isinstance(error, BadInput):
            status = 503
        problem = refusal(request, error) if isinstance(error, BadInput) else ""
        return await story_again(
            request, number, _wanted(back), status=status, problem=problem, typed=text
        )
    said = words_of(request).gettext("The note is added.")
    return tell(request, see_other(_page(number, back)), said, undo=made.decisions[0].batch)


async def merge(request: Request) -> Response:
    """Make another story part of this one."""

    def work(asked: _Asked) -> Callable[[Store], Decision | None]:
        other, now = _number(asked.form.get("other", "")), desk_of(request).now()
        return lambda store: store.merge_stories(
            asked.story, other, who=asked.who, now=now, version=asked.version
        )

    words = words_of(request)
    return await _grouped(
        request, work, lambda made: words.gettext("%(story)s is part of this story now.")
        % {"story": made.before},
    )  # fmt: skip


async def split(request: Request) -> Response:
    """Make some articles a story of their own."""

    def work(asked: _Asked) -> Callable[[Store], Decision | None]:
        numbers = [_number(one) for one in asked.form.getlist("split")]
        now = desk_of(request).now()
        return lambda store: store.split_story(
            asked.story, numbers, who=asked.who, now=now, version=asked.version
        )

    words = words_of(request)
    return await _grouped(
        request,
        work,
        lambda made: words.gettext("They are the story %(story)s now.") % {"story": made.after},
    )


async def not_a_copy(request: Request) -> Response:
    """An article is no copy of the one that it is folded under."""

    def work(asked: _Asked) -> Callable[[Store], Decision | None]:
        article, now = _number(asked.form.get("article", "")), desk_of(request).now()
        return lambda store: store.retract_copy(article, who=asked.who, now=now)

    words = words_of(request)
    return await _grouped(
        request,
        work,
        lambda made: words.gettext("%(article)s is no copy any more.") % {"article": made.after},
    )


async def _grouped(
    request: Request,
    work: Callable[[_Asked], Callable[[Store], Decision | None]],
    told: Callable[[Decision], str],
) -> Response:
    """Do it, and say so with an undo; or show why not, with the story as it is now."""
    reader = require(request, Role.ANALYST)
    number = number_of(request)
    form = await posted(request)
    asked = _Asked(request, form, number, reader.name)
    back = own_path(str(form.get("back", "")))
    try:
        made = await desk_of(request).runner.write(work(asked))
    except BadInput as error:
        if await _is_gone(request, number):
            raise
        wanted = replace(
            _wanted(back), split=tuple(map(_number, form.getlist("split"))),
            find=str(form["find"]) if "find" in form else None,
        )  # fmt: skip
        status = 409 if isinstance(error, Outdated) else 400
        problem = refusal(request, error)
        return await story_again(request, number, wanted, status=status, problem=problem)
    path = _page(number, back)
    if made is None:
        return tell(request, see_other(path), words_of(request).gettext("It was no copy already."))
    return tell(request, see_other(path), told(made), undo=made.batch)


async def _is_gone(request: Request, number: int) -> bool:
    """Whether there is no such story whose page could be shown."""
    return await desk_of(request).runner.read(lambda store: store.story(number)) is None


def _wanted(back: str) -> Wanted:
    return replace(read_wanted(()), back=back)


def _page(number: int, back: str) -> str:
    return Wanted(back=back).address(number)


def _number(value: object) -> int:
    found = _NUMBER.fullmatch(str(value).strip())
    return int(found[1]) if found else 0


routes = [
    Route("/stories/{number}/note", note, methods=["POST"], name="story-note"),
    Route("/stories/{number}/merge", merge, methods=["POST"], name="story-merge"),
    Route("/stories/{number}/split", split, methods=["POST"], name="story-split"),
    Route("/stories/{number}/not-a-copy", not_a_copy, methods=["POST"], name="story-not-a-copy"),
]
