"""Decisions of analysts: an append-only log, batches, versions, undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput, Outdated
from monitor.model import OPEN_STATES, Choice, Conflict, Decided, Decision, ReviewState
from monitor.store.reads import Reads, decision
from monitor.store.rows import clean, insert, inserted_id
from monitor.store.tables import decisions, digests, stories, story_facets
from monitor.wording import one_line

#: What a decision may be about, to the column that it changes.
ACTIONS = {
    "state": "state",
    "note": "",
    "tag": "",
    "untag": "",
    "star": "is_starred",
    "assign": "assignee",
}

#: Longest note, tag and name, in characters.
LONGEST = {"note": 10_000, "tag": 100, "untag": 100, "assign": 100}

_TRUE = frozenset({"1", "True", "true", "yes"})


class ReviewRows(Reads):
    """See `ports.Reviews`."""

    def decide(self, choices: Sequence[Choice], *, who: str, now: datetime) -> Decided:
        """
        Log and apply decisions, in one transaction; they are undone together.

        A choice that is based on another version than the present one is not taken: what
        happened meanwhile comes back as its conflict.

        Raises:
            BadInput: no such story, unknown action or state, or a value that is too long.
        """
        wanted = [_checked(choice) for choice in dict.fromkeys(choices)]
        taken: list[Decision] = []
        conflicts: dict[int, Conflict] = {}
        #: By story: the version that it had before the first of these.
        based: dict[int, int] = {}
        with self._deciding(wanted) as connection:
            batch = 0
            for choice in wanted:
                row = story_row(connection, choice.story_id)
                if row.id in conflicts:
                    continue
                if _is_outdated(row, choice, based.setdefault(row.id, row.version)):
                    conflicts[row.id] = conflict_of(connection, row)
                    continue
                made = _decide(connection, row, choice, who=who, now=now, batch=batch)
                batch = batch or made.batch
                taken.append(made)
        return Decided(decisions=tuple(taken), conflicts=tuple(conflicts.values()))

    @contextmanager
    def _deciding(self, choices: Sequence[Choice]) -> Iterator[sa.Connection]:
        """One transaction; those that hold several stories take turns, so that none waits."""
        if len({choice.story_id for choice in choices}) < 2:
            with self.writing() as connection:
                yield connection
        else:
            with self.together(), self.writing() as connection:
                yield connection

    def review(
        self,
        story_id: int,
        *,
        action: str,
        value: str,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Log and apply one decision.

        Raises:
            BadInput: no such story, unknown action or state.
            Outdated: the story is not in this version any more.
        """
        choice = Choice(story_id=story_id, action=action, value=value, version=version)
        made = self.decide([choice], who=who, now=now)
        if made.conflicts:
            raise outdated(made.conflicts[0], version)
        return made.decisions[0]

    def decisions(self, story_id: int) -> list[Decision]:
        """The log of one story, oldest first."""
        query = sa.select(decisions).where(decisions.c.story_id == story_id)
        with self.reading() as connection:
            return [decision(row) for row in connection.execute(query.order_by(decisions.c.id))]

    def last_digest_at(self) -> datetime | None:
        """When the last digest was recorded."""
        with self.reading() as connection:
            found: datetime | None = connection.execute(
                sa.select(sa.func.max(digests.c.at))
            ).scalar()
        return found

    def record_digest(self, *, now: datetime) -> None:
        """Remember that a digest was made now."""
        with self.writing() as connection:
            connection.execute(sa.insert(digests).values(at=now))


def apply(connection: sa.Connection, story_id: int, action: str, value: str) -> None:
    """Make a story what a decision says; the log is not touched."""
    changes: dict[str, Any] = {"version": stories.c.version + 1}
    if action == "star":
        changes["is_starred"] = value in _TRUE
    elif column := ACTIONS[action]:
        changes[column] = clean(value)
    if action == "state":
        changes["needs_attention"] = False
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(**changes))
    if action == "state":
        settle_open(connection, story_id)
    elif action == "tag":
        add_tags(connection, story_id, [value])
    elif action == "untag":
        drop_tag(connection, story_id, value)


def settle_open(connection: sa.Connection, story_id: int) -> None:
    """Whether an analyst has still something to do, after its state or attention changed."""
    states = [state.value for state in OPEN_STATES]
    is_open = sa.or_(stories.c.state.in_(states), stories.c.needs_attention)
    connection.execute(sa.update(stories).where(stories.c.id == story_id).values(is_open=is_open))


def add_tags(connection: sa.Connection, story_id: int, tags: Iterable[str]) -> None:
    """Put tags on a story; those that it has stay."""
    for tag in tags:
        connection.execute(
            insert(connection, story_facets)
            .values(kind="tag", value=clean(tag), story_id=story_id)
            .on_conflict_do_nothing()
        )


def drop_tag(connection: sa.Connection, story_id: int, tag: str) -> None:
    """Take a tag off a story."""
    connection.execute(
        sa.delete(story_facets).where(
            story_facets.c.kind == "tag",
            story_facets.c.value == clean(tag),
            story_facets.c.story_id == story_id,
        )
    )


def tags_of(connection: sa.Connection, story_id: int) -> set[str]:
    """The tags that a story has."""
    query = sa.select(story_facets.c.value).where(
        story_facets.c.kind == "tag", story_facets.c.story_id == story_id
    )
    return set(connection.execute(query).scalars())


def is_tagged_by_log(connection: sa.Connection, story_id: int, tag: str) -> bool | None:
    """Whether the last decision that stands on a tag put it there; None = there is none."""
    last = connection.execute(
        _on_tag(story_id, tag).where(~decisions.c.undone).order_by(decisions.c.id.desc()).limit(1)
    ).first()
    return None if last is None else last.action == "tag"


def was_tagged_first(connection: sa.Connection, story_id: int, tag: str) -> bool:
    """Whether a story had a tag before anybody decided on it."""
    first = connection.execute(_on_tag(story_id, tag).order_by(decisions.c.id).limit(1)).first()
    return bool(first and first.details.get("had", False))


def _on_tag(story_id: int, tag: str) -> sa.Select[Any]:
    return sa.select(decisions).where(
        decisions.c.story_id == story_id,
        decisions.c.action.in_(["tag", "untag"]),
        decisions.c.after == clean(tag),
    )


def log_entry(
    connection: sa.Connection,
    story_id: int,
    *,
    action: str,
    before: str,
    after: str,
    who: str,
    now: datetime,
    batch: int = 0,
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """Add to a story's log; without a batch it is the first of its own."""
    number = inserted_id(
        connection,
        decisions,
        story_id=story_id,
        at=now,
        who=clean(who),
        action=action,
        before=clean(before),
        after=clean(after),
        undone=False,
        batch=batch,
        details=dict(details or {}),
    )
    if not batch:
        connection.execute(
            sa.update(decisions).where(decisions.c.id == number).values(batch=number)
        )
    return decision(connection.execute(sa.select(decisions).where(decisions.c.id == number)).one())


def story_row(connection: sa.Connection, story_id: int) -> Any:
    """
    What a story is now, or what it went into; nobody else changes it meanwhile.

    Raises:
        BadInput: there is no such story.
    """
    seen: set[int] = set()
    number: int | None = story_id
    while number is not None and number not in seen:
        seen.add(number)
        held = sa.select(stories).where(stories.c.id == number).with_for_update()
        row = connection.execute(held).first()
        if row is None:
            break
        if row.merged_into is None:
            return row
        number = row.merged_into
    raise BadInput(
        "there is no such story.", subject=f"s{story_id}", advice="See: monitor stories list"
    )


def conflict_of(connection: sa.Connection, row: Any) -> Conflict:
    """What was the last thing that made the story another: a decision, or news."""
    last = connection.execute(
        sa.select(decisions)
        .where(decisions.c.story_id == row.id)
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).first()
    if last is None or row.updated_at > last.at:
        return Conflict(
            story_id=row.id, version=row.version, who="", what="news came in", at=row.updated_at
        )
    return Conflict(
        story_id=row.id,
        version=row.version,
        who=last.who,
        what=one_line(f"{last.action}: {last.after}" if last.after else last.action, 200),
        at=last.at,
    )


def outdated(conflict: Conflict, version: int | None) -> Outdated:
    """The same as an error."""
    happened = f"{conflict.who} {conflict.what}".strip()
    return Outdated(
        f"changed since you looked (version {conflict.version}, yours {version}): {happened}.",
        subject=f"s{conflict.story_id}",
        advice="Look again and decide anew.",
    )


def _checked(choice: Choice) -> Choice:
    """
    The choice, its value without needless blanks.

    Raises:
        BadInput: it makes no sense.
    """
    value = choice.value
    if choice.action in {"tag", "untag", "assign"}:
        value = " ".join(value.split())
    if choice.action not in ACTIONS:
        raise BadInput("is no kind of decision.", subject=choice.action)
    if choice.action == "state" and value not in set(ReviewState):
        raise BadInput("is no state.", subject=value, advice=f"One of {', '.join(ReviewState)}.")
    longest = LONGEST.get(choice.action)
    if longest and len(value) > longest:
        raise BadInput(
            f"is too long: {len(value)} characters, at most {longest}.", subject=choice.action
        )
    if choice.action in {"note", "tag", "untag"} and not value.strip():
        raise BadInput("is empty.", subject=choice.action)
    return replace(choice, value=value)


def _is_outdated(row: Any, choice: Choice, version: int) -> bool:
    """Whether another story, or another version of it, was looked at than there is."""
    if choice.version is None:
        return False
    return (choice.story_id, choice.version) != (row.id, version)


def _decide(
    connection: sa.Connection, row: Any, choice: Choice, *, who: str, now: datetime, batch: int
) -> Decision:
    column = ACTIONS[choice.action]
    made = log_entry(
        connection,
        row.id,
        action=choice.action,
        before=str(getattr(row, column)) if column else "",
        after=choice.value,
        who=who,
        now=now,
        batch=batch,
        details={"story": row.id, **_details(connection, row, choice)},
    )
    apply(connection, row.id, choice.action, choice.value)
    return made


def _details(connection: sa.Connection, row: Any, choice: Choice) -> dict[str, Any]:
    """What undoing needs beside the value before, and the story that it was before."""
    if choice.action == "state":
        return {"attention": row.needs_attention}
    if choice.action in {"tag", "untag"}:
        return {"had": clean(choice.value) in tags_of(connection, row.id)}
    return {}
