"""The whole store over one engine, and how it is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import exc

from monitor.errors import Unusable
from monitor.settings import redacted
from monitor.store import engine as engines
from monitor.store import schema
from monitor.store.articles import ArticleRows
from monitor.store.cards import CardRows
from monitor.store.entries import EntryRows
from monitor.store.exchange import ExchangeRows
from monitor.store.facets import FacetRows
from monitor.store.furniture import FurnitureRows
from monitor.store.grouping import GroupingRows
from monitor.store.history import HistoryRows
from monitor.store.instruments import InstrumentRows
from monitor.store.ledger import LedgerRows
from monitor.store.neighbours import NeighbourRows
from monitor.store.outbox import OutboxRows
from monitor.store.overview import OverviewRows
from monitor.store.polls import PollRows
from monitor.store.repairs import RepairRows
from monitor.store.rescoring import RescoringRows
from monitor.store.reviews import ReviewRows
from monitor.store.rules import RuleRows
from monitor.store.sources import SourceRows
from monitor.store.undo import UndoRows
from monitor.store.upkeep import UpkeepRows
from monitor.store.users import UserRows
from monitor.store.views import ViewRows


class Database(
    SourceRows,
    PollRows,
    HistoryRows,
    EntryRows,
    NeighbourRows,
    ArticleRows,
    FurnitureRows,
    ReviewRows,
    GroupingRows,
    UndoRows,
    RuleRows,
    RescoringRows,
    RepairRows,
    CardRows,
    FacetRows,
    InstrumentRows,
    LedgerRows,
    ExchangeRows,
    OutboxRows,
    OverviewRows,
    UserRows,
    ViewRows,
    UpkeepRows,
):
    """`ports.Store` on SQLite or PostgreSQL; safe to share between threads."""

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str, *, create: bool = True, busy_s: float = engines.BUSY_S) -> Database:
    """
    Open a database, and bring it to this version's schema.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`.
        create: False refuses to make a new SQLite file.
        busy_s: seconds to wait for another writer.

    Raises:
        BadInput: the address is none.
        Unusable: it cannot be reached, read or written, is damaged, or newer than we are.
    """
    engine = engines.create(url, busy_s=busy_s)
    path = engines.sqlite_path(url)
    try:
        if path is not None:
            _prepare(path, url, create=create)
        with engines.translated(engine):
            schema.migrate(engine, redacted(url))
    except (exc.SQLAlchemyError, Unusable):
        engine.dispose()
        raise
    return Database(engine)


def _prepare(path: Path, url: str, *, create: bool) -> None:
    """Make the folder; look at the file before the engine does, for clearer errors."""
    if not path.exists():
        if not create:
            raise Unusable("does not exist.", subject=redacted(url), advice="Run: monitor init")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unusable(
                f"its folder cannot be made: {error.strerror}.",
                subject=redacted(url),
                advice="Choose another database.url.",
            ) from error
        return
    if path.is_dir():
        raise Unusable("is a folder.", subject=redacted(url), advice="Name a file in it.")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise engines.unusable(url, error) from error
