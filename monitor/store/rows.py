"""What all parts of the store share: transactions, clean text, upserts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store import engine as engines

#: Neither database's text takes NUL, nor half of a surrogate pair; offsets stay.
_UNFIT = re.compile("[\x00\ud800-\udfff]")

#: Values in one `IN (…)`; databases bound the number of parameters.
CHUNK = 500

#: On PostgreSQL: one program at a time stores articles; ends with the transaction. Its key must
#: differ from that of `lock.KEY`, which the same program holds meanwhile.
_TURN = sa.text("SELECT pg_advisory_xact_lock(7279)")

Value = TypeVar("Value")


class Rows:
    """Base of the parts of `Database`: an engine, and transactions that read or write."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._writer = engines.writing(engine)
        self._held = threading.local()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view; within `together`, what it wrote so far included."""
        if held := self._connection:
            yield held
            return
        with engines.translated(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing."""
        if held := self._connection:
            yield held
            return
        with engines.translated(self.engine), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction for all that this thread asks and writes within the block."""
        outer = self._connection
        with self.writing() as connection:
            if outer is None and self.dialect == "postgresql":
                # Programs that store articles take turns, else each waits for the other's rows.
                connection.execute(_TURN)
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = outer

    @property
    def _connection(self) -> sa.Connection | None:
        held: sa.Connection | None = getattr(self._held, "connection", None)
        return held


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """The same, for a statement that is used once."""
    return insert_into(connection.dialect.name, table)


def inserted_id(connection: sa.Connection, table: sa.Table, **values: Any) -> int:
    """Insert a row; its id."""
    statement = _insert_for_id(connection.dialect.name, table)
    number: int = connection.execute(statement, values).scalar_one()
    return number


def looked_up(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """`column IN (…)`, for a statement that is made once; the values are `keys`."""
    return column.in_(sa.bindparam("keys", expanding=True))


@cache
def insert_new(dialect: str, table: sa.Table) -> Any:
    """An INSERT, made once, that leaves what is there."""
    return insert_into(dialect, table).on_conflict_do_nothing()


@cache
def _insert_for_id(dialect: str, table: sa.Table) -> Any:
    return insert_into(dialect, table).returning(table.c.id)


def insert_into(dialect: str, table: sa.Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


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
