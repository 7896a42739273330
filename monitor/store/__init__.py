"""The store: everything that must survive, on SQLite or PostgreSQL."""

from monitor.store.database import Database, open_database

__all__ = ["Database", "open_database"]
