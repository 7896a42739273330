"""What is asked of sources, their polls, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from monitor.model import Arrivals, NewSource, SiteNote, Source, SourceDay, SourceState


class Sources(Protocol):
    """The sources table."""

    def add_source(self, source: NewSource, *, now: datetime) -> tuple[int, bool]:
        """Add it unless its (kind, URL) is there; return (id, whether it is new)."""
        ...

    def sources(self) -> list[Source]:
        """All sources, by id."""
        ...

    def source(self, source_id: int) -> Source | None:
        """A source; None when there is none, or it was removed."""
        ...

    def due_sources(self, *, now: datetime, limit: int) -> list[Source]:
        """Active sources whose `next_poll_at` and `not_before` have passed, oldest first."""
        ...

    def reschedule(self, times: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        """Set when sources are due, and before when no request may be sent, by source."""
        ...

    def set_source_state(self, source_id: int, state: SourceState, reason: str) -> None:
        """Change the state; activating makes it due at once and clears its failures."""
        ...

    def edit_source(self, source_id: int, **fields: Any) -> None:
        """
        Change fields of `NewSource`; another way of reading it forgets what the server said.

        Raises:
            BadInput: there is no such source, or another one has this URL.
        """
        ...

    def remove_source(self, source_id: int) -> None:
        """Stop watching it; its articles keep their source."""
        ...


class History(Protocol):
    """What is remembered of sources and sites from poll to poll."""

    def memory(self, source_id: int) -> Mapping[str, Any]:
        """What earlier polls of the source left for its parser (`Document.memory`)."""
        ...

    def forget_polls(self, before: datetime) -> int:
        """Remove some of the oldest polls that were before then; how many, 0 when none is left."""
        ...

    def tidy(self) -> None:
        """Let the database renew its statistics; short, and while others read and write."""
        ...

    def source_days(self, since: date, *, source_id: int | None = None) -> list[SourceDay]:
        """What each source, or this one, did on each day since then; by source and day."""
        ...

    def days_with_news(
        self, since: date, *, source_ids: Iterable[int] | None = None
    ) -> dict[int, list[int]]:
        """Days since then (`date.toordinal()`) on which each source brought something new."""
        ...

    def arrivals(self, since: date, *, source_id: int | None = None) -> dict[int, Arrivals]:
        """What each source, or this one, brought since then; who brought nothing is missing."""
        ...

    def site_notes(self) -> list[SiteNote]:
        """What sites asked for, from before the program was started."""
        ...

    def remember_sites(self, notes: Iterable[SiteNote], *, now: datetime) -> None:
        """Keep what was learned of sites."""
        ...
