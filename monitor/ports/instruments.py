"""Rules of states with their dates."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from monitor.model.instruments import Dated, Instrument


class Instruments(Protocol):
    """Rules of states, made with the cards of their stories; see `model.instruments`."""

    def instruments_of(self, story_id: int) -> list[Instrument]:
        """The rules that a story tells, by their numbers."""
        ...

    def calendar(self, *, since: date, until: date, limit: int) -> list[Dated]:
        """
        What takes effect and what lapses on these days, both included, the earliest first.

        Rules of stories that were dismissed are left out.
        """
        ...

    def undated_rules(self, *, limit: int) -> list[Dated]:
        """Terms of which no day is told, of stories that changed last; their `day` is the last."""
        ...
