"""How a story stands when decisions come back from a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.stored import ReviewState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A story's review, without its articles; and what was the last thing that changed it."""

    #: As it is now: another than was asked for, when that was merged into it.
    story_id: int
    #: Empty as long as it has no card.
    title: str
    version: int
    state: ReviewState
    assignee: str
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    #: Who decided last; empty when news came in since, or nobody decided.
    changed_by: str
    #: What that was, in words: `state: dismissed`; or that news came in.
    changed_what: str
    changed_at: datetime
