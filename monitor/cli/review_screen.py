"""
`monitor review --interactive`: open stories one by one, decided by a key.

Every decision is stored at once and carries the version that was shown; what somebody else
decided meanwhile is shown, and the story again. Nothing needs more than a line at a time, so it
works on any terminal and from a pipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.cli.review_keys import Keys
from monitor.cli.session import Session
from monitor.cli.story_list import news_text
from monitor.cli.story_screen import story_lines
from monitor.deliver.chapters import words
from monitor.errors import BadInput
from monitor.model import Choice, Decision, Line, ReviewState, StoryQuery
from monitor.wording import counted, named, one_line, plain_line, short

#: Stories that are read at once.
PAGE = 50

PROMPT = "[e]keep [d]ismiss [f]lag [n]ote [t]ag [a]ssign [s]kip [o]pen [u]ndo [q]uit > "

#: Keys that decide on the state, and lead to the next story.
STATES = {
    "e": ReviewState.KEPT,
    "d": ReviewState.DISMISSED,
    "f": ReviewState.FLAGGED,
}

#: Keys that ask for a text, and stay: the decision, and what is asked.
TEXTS = {
    "n": ("note", "note: "),
    "t": ("tag", "tag: "),
    "a": ("assign", "assign to: "),
}


class Review:
    """One sitting."""

    def __init__(self, session: Session, query: StoryQuery, *, who: str) -> None:
        self._session = session
        self._store = session.database
        self._query = query
        self._who = who
        self._keys = Keys()
        #: Batches of this sitting with the story that was before the user, the last one last.
        self._done: list[tuple[int, int]] = []
        #: What was done, in words.
        self._count: Counter[str] = Counter()
        #: The story that is before the user, in the version that was shown.
        self._shown = (0, 0)

    def run(self) -> None:
        """Go through the stories until the last one, `q`, the end of the input or Ctrl-C."""
        try:
            with self._keys:
                self._go()
        except EOFError:
            self._say("")
        finally:
            self._say(self._summary())

    def _go(self) -> None:
        for number in self._numbers():
            if not self._one(number):
                return
        self._say("No more stories." if self._count else "There is nothing to decide on.")

    def _numbers(self) -> Iterator[int]:
        """Each story once; what comes in meanwhile moves nothing."""
        cursor, met = "", set[int]()
        while True:
            page = self._store.lines(
                self._query, reader=self._who, now=datetime.now(UTC), limit=PAGE, cursor=cursor
            )
            for line in page.lines:
                if line.card.story_id not in met:
                    met.add(line.card.story_id)
                    yield line.card.story_id
            cursor = page.cursor
            if not cursor:
                return

    def _one(self, number: int) -> bool:
        """One story until the user goes on; False when it wants to stop."""
        waiting = [number]
        while waiting:
            line = self._line(waiting[-1])
            if line is None:
                self._say(f"s{waiting.pop()} is no story of its own any more.")
                continue
            if (line.card.story_id, line.version) != self._shown:
                self._show(line)
            key = self._keys.key(PROMPT)
            if key == "q":
                return False
            if key == "s" or (key in STATES and self._decide(line, "state", STATES[key].value)):
                self._pass(line, key)
                waiting.pop()
            elif key == "u":
                before = self._undo()
                waiting = [*(n for n in waiting if n != before), *([before] if before else [])]
            elif key not in STATES:
                self._other(line, key)
        return True

    def _other(self, line: Line, key: str) -> None:
        """Keys after which the same story is still there."""
        if key in TEXTS:
            action, prompt = TEXTS[key]
            if value := self._keys.text(prompt):
                self._decide(line, action, value)
        elif key == "o":
            story = self._store.story(line.card.story_id)
            for text in story_lines(story) if story else []:
                self._say(text)
        else:
            self._say("Keys: " + PROMPT.removesuffix(" > "))

    def _decide(self, line: Line, action: str, value: str) -> bool:
        """Store a decision; False when it was not taken, and why was said."""
        version = line.version if action in {"state", "assign"} else None
        number = line.card.story_id
        choice = Choice(story_id=number, action=action, value=value, version=version)
        try:
            made = self._store.decide([choice], who=self._who, now=datetime.now(UTC))
        except BadInput as error:
            self._say(f"Not taken: {error}")
            return False
        for conflict in made.conflicts:
            happened = f"{conflict.who} {conflict.what}".strip()
            self._say(
                f"Not taken: s{number} changed meanwhile, {short(conflict.at)} UTC: "
                f"{one_line(happened, 120)}. Here it is again."
            )
        for decision in made.decisions:
            self._done.append((decision.batch, number))
            self._shown = (number, line.version + 1)
            self._count[_counted_as(decision)] += 1
            self._say(f"s{number} {decision.action}: {one_line(decision.after, 100)}")
        return not made.conflicts

    def _undo(self) -> int:
        """Take the last decision of this sitting back; its story, 0 when there is none."""
        if not self._done:
            self._say("There is nothing of this sitting to undo.")
            return 0
        batch, number = self._done.pop()
        try:
            undone = self._store.undo_review(who=self._who, now=datetime.now(UTC), batch=batch)
        except BadInput as error:
            self._say(f"Not undone: {error}")
            return 0
        for decision in undone:
            self._count[_counted_as(decision)] -= 1
            self._say(f"s{number} undone: {decision.action}: {one_line(decision.after, 100)}")
        return number

    def _pass(self, line: Line, key: str) -> None:
        self._count["skipped"] += key == "s"
        self._store.mark_seen(self._who, [line.card.story_id], now=datetime.now(UTC))

    def _line(self, number: int) -> Line | None:
        return next(iter(self._store.lines_of([number], reader=self._who)), None)

    def _show(self, line: Line) -> None:
        self._shown = (line.card.story_id, line.version)
        for text, style in _line_texts(line):
            self._session.out.print(text, style=style)

    def _say(self, text: str) -> None:
        self._session.out.print(plain_line(text), soft_wrap=True)

    def _summary(self) -> str:
        parts = [f"{number} {word}" for word, number in self._count.items() if number > 0]
        return f"{', '.join(parts) or 'Nothing decided'}."


def _counted_as(decision: Decision) -> str:
    """`kept`, `dismissed`, `noted`, …."""
    if decision.action == "state":
        return decision.after
    return {"note": "noted", "tag": "tagged", "assign": "assigned"}[decision.action]


def _line_texts(line: Line) -> Iterator[tuple[str, str]]:
    """A story in a few lines, each with its style."""
    card = line.card
    news = news_text(line)
    mark = " !" if line.needs_attention else ""
    yield "", ""
    yield f"s{card.story_id}  {one_line(card.title, 160)}", "bold"
    yield f"  {line.state.value}{mark}{f' · {news}' if news else ''}", "cyan"
    yield (
        (
            f"  {counted(card.articles, 'article')} by {counted(card.outlet_count, 'outlet')} "
            f"({one_line(named(card.outlets, 4), 120)}), {counted(card.origins, 'origin')}, "
            f"in {' '.join(filter(None, card.languages)) or '?'}; {short(card.changed_at)} UTC"
        ),
        "",
    )
    about = " · ".join(filter(None, (words(card.minerals), " ".join(card.countries))))
    yield f"  {one_line(about, 160)}", ""
    rest = [
        ("figures", "; ".join(card.figures), ""),
        ("disputed", "; ".join(card.contradictions), "red"),
        ("corrected", "; ".join(card.corrections), "yellow"),
        ("tags", ", ".join(line.tags), ""),
        ("assigned", line.assignee, ""),
        ("notes", str(line.notes or ""), ""),
        ("decided by", line.decided_by, ""),
    ]
    for name, value, style in rest:
        if value:
            yield f"  {name}: {one_line(value, 200)}", style
    yield f"  {plain_line(card.url)[:200]}", ""
