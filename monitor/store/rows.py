"""What all parts of the store share: transactions, clean text, upserts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store import engine as engines

#: Neither database's text takes NUL, nor half of a surrogate pair; offsets stay.
_UNFIT = re.compile("[\x00\ud800-\udfff]")

#: Values in one `IN (…)`; databases bound the number of parameters.
CHUNK = 500

Value = TypeVar("Value")


class Rows:
    """Base of the parts of `Database`: an engine, and transactions that read or write."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._writer = engines.writing(engine)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view."""
        with engines.translated(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing."""
        with engines.translated(self.engine), self._writer.begin() as connection:
            yield connection


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def inserted_id(connection: sa.Connection, table: sa.Table, **values: Any) -> int:
    """Insert a row; its id."""
    number: int = connection.execute(
        insert(connection, table).values(**values).returning(table.c.id)
    ).scalar_one()
    return number


def clean(text: str) -> str:
    """Text that both databases take; every unfit character becomes U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def cleaned(value: Any) -> Any:
    """The same for lists and records of JSON."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return value


def chunks(values: Iterable[Value], size: int = CHUNK) -> Iterator[Sequence[Value]]:
    """Parts of at most `size` values."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
