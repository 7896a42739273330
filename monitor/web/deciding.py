"""
Decisions from any page: POST /decide and POST /undo.

One form decides on one story or on many. What is based on an outdated look is not taken: the
answer shows who did what meanwhile, with the story as it is now. For htmx the answer is the lines
that changed, each put where it was; nothing leaves its place under a reader's eyes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import BadInput
from monitor.model import Choice, Conflict, Decided, Decision, Line, ReviewState, Role
from monitor.ports import Store
from monitor.web.asked import Asked, read_asked
from monitor.web.desk import desk_of, require
from monitor.web.gate import posted
from monitor.web.language import words_of
from monitor.web.lines import LINE_WORDS
from monitor.web.pages import is_part_wanted, own_path, page, see_other, tell

#: Most stories in one form.
MOST = 500

#: What buttons say, to the decision that they mean; a value of None is typed by the analyst.
SHORT = {
    "keep": ("state", ReviewState.KEPT.value),
    "dismiss": ("state", ReviewState.DISMISSED.value),
    "flag": ("state", ReviewState.FLAGGED.value),
    "check": ("state", ReviewState.NEEDS_CHECK.value),
    "reopen": ("state", ReviewState.NEW.value),
    "star": ("star", "1"),
    "unstar": ("star", ""),
    "unassign": ("assign", ""),
}

#: Decisions that must be based on the present version: they replace what another decided.
VERSIONED = ("state", "assign")

#: Decisions on groups change more of a page than its lines.
_ON_GROUPS = ("merge", "split", "not-a-copy")

#: `12:7`, `12:7:keep`: a story, the version that was looked at, what to do.
_CHOICE = re.compile(r"(\d{1,18}):(\d{1,9})(?::([a-z]{1,20}))?", re.ASCII)

_BATCH = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a form did, for the templates."""

    decided: Decided
    #: All stories of the form as they are now.
    lines: tuple[Line, ...]

    @property
    def batch(self) -> int:
        """What undoing takes back; 0 = nothing was taken."""
        return self.decided.decisions[0].batch if self.decided.decisions else 0

    def conflict(self, line: Line) -> Conflict | None:
        """Why the decision on that story was not taken."""
        found = (c for c in self.decided.conflicts if c.story_id == line.card.story_id)
        return next(found, None)

    def batch_of(self, line: Line) -> int:
        """The batch, when the story got another state; a tag or a star leaves a line as it is."""
        return self.batch if self._state_before(line) is not None else 0

    def is_first(self, line: Line) -> bool:
        """Whether nobody had decided before: its line told of nobody, and stays as high."""
        return self._state_before(line) == ReviewState.NEW

    def _state_before(self, line: Line) -> str | None:
        own = (d for d in self.decided.decisions if d.story_id == line.card.story_id)
        return next((d.before for d in own if d.action == "state"), None)


async def decide(request: Request) -> Response:
    """Take a form's decisions, together; show what came of them."""
    reader = require(request, Role.ANALYST)
    form = await posted(request)
    choices = read_choices(form, reader.name)
    desk = desk_of(request)

    def take(store: Store) -> Taken:
        # One transaction: what is waited for is the disk.
        with store.together():
            decided = store.decide(choices, who=reader.name, now=desk.now())
            numbers = list(dict.fromkeys(d.story_id for d in decided.decisions))
            store.mark_seen(reader.name, numbers, now=desk.now())
        shown = [*numbers, *(c.story_id for c in decided.conflicts)]
        lines = store.lines_of(list(dict.fromkeys(shown)), reader=reader.name)
        return Taken(decided=decided, lines=tuple(lines))

    taken = await desk.runner.write(take)
    text = _said(taken.decided, words_of(request))
    if is_part_wanted(request):
        status = 409 if taken.decided.conflicts and not taken.decided.decisions else 200
        return tell(request, _parts(request, form, taken, status), text, undo=taken.batch)
    if taken.decided.conflicts:
        return _shown(request, form, taken)
    return tell(request, see_other(_back(form)), text, undo=taken.batch)


async def undo(request: Request) -> Response:
    """Take back a batch of the reader's own decisions, or what he decided last."""
    reader = require(request, Role.ANALYST)
    form = await posted(request)
    given = str(form.get("batch", ""))
    batch = int(given) if _BATCH.fullmatch(given) else 0
    desk = desk_of(request)

    def take_back(store: Store) -> tuple[list[Decision], tuple[Line, ...]]:
        undone = store.undo_review(who=reader.name, now=desk.now(), batch=batch)
        numbers = list(dict.fromkeys(d.story_id for d in undone))
        return undone, tuple(store.lines_of(numbers, reader=reader.name))

    undone, lines = await desk.runner.write(take_back)
    text = _undone_text(undone, words_of(request))
    if not is_part_wanted(request):
        return tell(request, see_other(_back(form)), text)
    if not batch or any(d.action in _ON_GROUPS for d in undone) or not _is_list(_back(form)):
        # It may be anywhere: the whole page is shown anew.
        return tell(request, Response(headers={"HX-Refresh": "true"}), text)
    taken = Taken(decided=Decided(decisions=()), lines=lines)
    return tell(request, _parts(request, form, taken, 200), text)


def read_choices(form: FormData, reader: str) -> list[Choice]:
    """
    What a form wants.

    Raises:
        BadInput: it wants nothing, too much, or what cannot be read.
    """
    if one := str(form.get("one", "")):
        given, action = [one], ""
    else:
        given = [str(value) for value in form.getlist("choice")]
        action = str(form.get("action", ""))
    if not given:
        raise BadInput(
            "no story is chosen.", subject="the decision", advice="Choose one or more, and again."
        )
    if len(given) > MOST:
        raise BadInput(f"at most {MOST} stories at once.", subject=f"{len(given)} stories")
    value = str(form.get("value", "")).strip()
    return [_choice(text, action, value, reader) for text in dict.fromkeys(given)]


def _choice(text: str, action: str, value: str, reader: str) -> Choice:
    found = _CHOICE.fullmatch(text)
    if found is None:
        raise BadInput("names no story.", subject=text[:80] or "choice")
    story_id, version, own = found.groups()
    name = own or action
    if name == "take":
        name, value = "assign", reader
    meant, fixed = SHORT.get(name, (name, value))
    return Choice(
        story_id=int(story_id),
        action=meant,
        value=fixed,
        version=int(version) if meant in VERSIONED else None,
    )


def _parts(request: Request, form: FormData, taken: Taken, status: int) -> Response:
    return page(
        request,
        "_decided.html",
        status=status,
        taken=taken,
        asked=_asked(form),
        may_decide=True,
        **LINE_WORDS,
    )


def _shown(request: Request, form: FormData, taken: Taken) -> Response:
    """What was not taken, as a page of its own, so that one can decide anew."""
    return page(
        request,
        "conflicts.html",
        status=409,
        taken=taken,
        asked=_asked(form),
        back=_back(form),
        text=_said(taken.decided, words_of(request)),
        may_decide=True,
        **LINE_WORDS,
    )


def _asked(form: FormData) -> Asked:
    """The inbox that the form stood in, so that chips of its lines narrow that."""
    parts = urlsplit(_back(form))
    return read_asked(parse_qsl(parts.query) if parts.path == "/" else ())


def _back(form: FormData) -> str:
    return own_path(str(form.get("back", "/")))


def _is_list(back: str) -> bool:
    return urlsplit(back).path in {"/", "/search"}


def _said(decided: Decided, words: NullTranslations) -> str:
    """What was done, in one sentence or two."""
    told = []
    if decided.decisions:
        count = len({decision.story_id for decision in decided.decisions})
        told.append(_done_text(decided.decisions[0], count, words))
    if count := len(decided.conflicts):
        text = words.ngettext(
            "Not taken: the story changed meanwhile.",
            "Not taken for %(num)d stories: they changed meanwhile.",
            count,
        )
        told.append(text % {"num": count})
    return " ".join(told)


def _done_text(decision: Decision, count: int, words: NullTranslations) -> str:
    texts = _state_texts if decision.action == "state" else _other_texts
    key = decision.after if decision.action == "state" else decision.action
    if decision.action in {"star", "assign"} and not decision.after:
        key = f"no-{key}"
    found = texts(count, words)
    text = found.get(key) or words.ngettext("Done.", "Done for %(num)d stories.", count)
    return text % {"num": count, "value": decision.after[:100]}


def _state_texts(count: int, words: NullTranslations) -> dict[str, str]:
    ngettext = words.ngettext
    return {
        "kept": ngettext("Kept.", "%(num)d stories kept.", count),
        "dismissed": ngettext("Dismissed.", "%(num)d stories dismissed.", count),
        "flagged": ngettext("Flagged.", "%(num)d stories flagged.", count),
        "needs-check": ngettext("To be checked.", "%(num)d stories to be checked.", count),
        "new": ngettext("Open again.", "%(num)d stories open again.", count),
    }


def _other_texts(count: int, words: NullTranslations) -> dict[str, str]:
    ngettext = words.ngettext
    return {
        "note": ngettext("Note added.", "Note added to %(num)d stories.", count),
        "tag": ngettext("Tagged “%(value)s”.", "%(num)d stories tagged “%(value)s”.", count),
        "untag": ngettext(
            "Tag “%(value)s” taken off.", "Tag “%(value)s” taken off %(num)d stories.", count
        ),
        "star": ngettext("Starred.", "%(num)d stories starred.", count),
        "no-star": ngettext("Star taken off.", "Star taken off %(num)d stories.", count),
        "assign": ngettext(
            "Assigned to %(value)s.", "%(num)d stories assigned to %(value)s.", count
        ),
        "no-assign": ngettext("Assigned to nobody.", "%(num)d stories assigned to nobody.", count),
    }


def _undone_text(undone: Sequence[Decision], words: NullTranslations) -> str:
    if not undone:
        return words.gettext("There is nothing of yours to take back.")
    text = words.ngettext("Taken back.", "%(num)d decisions taken back.", len(undone))
    return text % {"num": len(undone)}


routes = [
    Route("/decide", decide, methods=["POST"], name="decide"),
    Route("/undo", undo, methods=["POST"], name="undo"),
]
