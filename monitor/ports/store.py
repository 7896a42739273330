"""The whole store, and how async callers reach it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from monitor.ports.instruments import Instruments
from monitor.ports.journey import Furniture, Identities, Neighbours, Writes
from monitor.ports.ledger import Ledger
from monitor.ports.outbox import Outbox
from monitor.ports.reading import Exchange, Facets, Overview, Reads
from monitor.ports.repairs import Repairs
from monitor.ports.rescoring import Rescoring
from monitor.ports.reviewing import Inbox, Reviews, Views
from monitor.ports.ruling import Rules
from monitor.ports.users import Users
from monitor.ports.watching import History, Sources

Result = TypeVar("Result")


class Store(
    Sources,
    Identities,
    Neighbours,
    Furniture,
    Writes,
    History,
    Reads,
    Reviews,
    Inbox,
    Facets,
    Ledger,
    Views,
    Rules,
    Rescoring,
    Repairs,
    Overview,
    Instruments,
    Users,
    Outbox,
    Exchange,
    Protocol,
):
    """The whole store."""


class Runner(Protocol):
    """How async callers reach the store: reads side by side, writes one after another."""

    async def read(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in a reader's thread."""
        ...

    async def write(self, work: Callable[[Store], Result]) -> Result:
        """Run `work` in the writer's thread."""
        ...
