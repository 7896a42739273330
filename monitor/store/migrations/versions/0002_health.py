"""
What health, schedule and manners remember: of sources, of their days, of sites.

The days before this version are counted from the entries that were seen first on them.

Revision: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DAY_US = 86_400_000_000


def upgrade() -> None:
    """Add the columns and tables, and fill them as far as the entries tell."""
    for name in ("streak", "moved_times"):
        op.add_column("sources", sa.Column(name, Id, nullable=False, server_default="0"))
    for name in (
        "failing_since",
        "empty_since",
        "answered_at",
        "changed_at",
        "new_at",
        "newest_at",
    ):
        op.add_column("sources", sa.Column(name, _time()))
    op.add_column("sources", sa.Column("moved_to", sa.Text, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("rhythm", sa.Text, nullable=False, server_default="{}"))
    op.create_table(
        "memories",
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "source_days",
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        *(
            sa.Column(name, Id, nullable=False, server_default="0")
            for name in ("polls", "failures", "new", "kept")
        ),
    )
    op.create_table(
        "sites",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("not_before", _time()),
        sa.Column("robots_at", _time()),
        sa.Column("robots", sa.LargeBinary, nullable=False),
    )
    _fill()


def _fill() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    day = (
        f"e.first_seen_at / {DAY_US}"
        if is_sqlite
        else "CAST(floor(extract(epoch FROM e.first_seen_at) / 86400) AS integer)"
    )
    is_kept = "a.relevant = 1" if is_sqlite else "a.relevant"
    op.execute(
        "UPDATE sources SET new_at = "
        "(SELECT max(first_seen_at) FROM entries WHERE source_id = sources.id)"
    )
    op.execute(
        "UPDATE sources SET answered_at = last_polled_at, streak = 1 "
        "WHERE last_outcome IN ('ok', 'not_modified', 'unchanged', 'empty')"
    )
    op.execute("UPDATE sources SET failing_since = last_polled_at WHERE failures > 0")
    op.execute("UPDATE sources SET empty_since = last_polled_at WHERE last_outcome = 'empty'")
    op.execute(
        "INSERT INTO source_days (source_id, day, new, kept) "  # noqa: S608  (no value is a user's)
        f"SELECT e.source_id, {day}, count(*), count(CASE WHEN {is_kept} THEN 1 END) "
        "FROM entries e LEFT JOIN articles a ON a.id = e.article_id "
        f"GROUP BY e.source_id, {day}"
    )


def _time() -> Any:
    return sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger, "sqlite")
