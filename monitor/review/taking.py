"""Takes what an edited spreadsheet says into the store, as one batch that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import Retryable
from monitor.model import Decision
from monitor.ports import Store
from monitor.review.importing import Edit, Plan, plan

#: How often a plan is made anew when somebody decides in between.
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of an import."""

    plan: Plan
    decisions: tuple[Decision, ...] = ()

    @property
    def batch(self) -> int:
        """The number under which all of it can be undone; 0 = nothing changed."""
        return self.decisions[0].batch if self.decisions else 0


def planned(store: Store, edits: Sequence[Edit]) -> Plan:
    """What an import would do now."""
    return plan(edits, store.standings([edit.story_id for edit in edits]))


def take(
    store: Store, edits: Sequence[Edit], *, who: str, now: datetime, skip_bad: bool = False
) -> Taken:
    """
    Apply the edits to stories that are as they were exported.

    Args:
        skip_bad: False takes nothing at all when a row's story does not exist.

    Raises:
        Retryable: others decided on the same stories each time that it was tried.
    """
    for _ in range(TRIES):
        try:
            with store.together():
                return _taken(store, edits, who=who, now=now, skip_bad=skip_bad)
        except _Moved:
            continue
    raise Retryable(
        "others decide on these stories right now.", subject="the import", advice="Try again."
    )


def _taken(
    store: Store, edits: Sequence[Edit], *, who: str, now: datetime, skip_bad: bool
) -> Taken:
    made = planned(store, edits)
    if not made.changes or (made.faults and not skip_bad):
        return Taken(plan=made)
    decided = store.decide([change.choice for change in made.changes], who=who, now=now)
    if decided.conflicts:
        raise _Moved
    return Taken(plan=made, decisions=decided.decisions)


class _Moved(Exception):
    """Somebody decided between the plan and the decision; nothing was kept."""
