"""
Full text by stems: the index holds the pieces that `store.search` cuts, and is made anew.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store import search

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Articles that are read at once.
BATCH = 500

_NEXT = sa.text(
    "SELECT id, title, text, language FROM articles WHERE id > :last ORDER BY id LIMIT :batch"
)


def upgrade() -> None:
    """Make the index anew of all articles."""
    connection = op.get_bind()
    op.execute("DROP TABLE article_search")
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5"
            "(words, tokenize = 'ascii', columnsize = 0)"
        )
    else:
        op.execute(
            "CREATE TABLE article_search ("
            "article_id bigint PRIMARY KEY REFERENCES articles (id), document tsvector NOT NULL)"
        )
        # Beside its row, not in a table of its own: else PostgreSQL takes reading all of them for
        # cheap, and does not ask the index.
        op.execute("ALTER TABLE article_search ALTER COLUMN document SET STORAGE MAIN")
        op.execute("CREATE INDEX article_search_document ON article_search USING gin (document)")
    last = 0
    while rows := connection.execute(_NEXT, {"last": last, "batch": BATCH}).all():
        for row in rows:
            search.put(connection, row.id, row.title, row.text, row.language, is_new=True)
        last = rows[-1].id
