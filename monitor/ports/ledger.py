"""Figures across stories, as their ledgers have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from monitor.model.ledger import LedgerLine, LedgerQuery, LedgerRow


class Ledger(Protocol):
    """Figures of all stories; see `model.ledger` for the records."""

    def put_ledger(self, made: Mapping[int, Sequence[LedgerRow]]) -> None:
        """By story: the figures of its ledger, in place of those that were kept."""
        ...

    def ledger_lines(self, query: LedgerQuery, *, limit: int, offset: int = 0) -> list[LedgerLine]:
        """The figures that a query chooses, in its order."""
        ...

    def count_ledger(self, query: LedgerQuery, *, most: int) -> int:
        """How many figures a query chooses, counted up to `most`."""
        ...

    def ledger_choices(self) -> Mapping[str, Mapping[str, int]]:
        """What there is to choose from: by `kind` and `unit`, each value with its figures."""
        ...

    def stories_about(self, subject: str, *, limit: int) -> list[int]:
        """Stories with a figure that names a subject, those told last first."""
        ...

    def subjects_like(self, words: str, *, limit: int) -> list[str]:
        """Subjects with these letters in them; who is called just so comes first."""
        ...
