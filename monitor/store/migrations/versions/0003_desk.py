"""
What analysts work with: cards, facets, users, views, recipients, alerts, the outbox.

Tags become facets of their stories; cards are made when the monitor is used next.

Revision: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add columns to stories and decisions, and the new tables."""
    op.create_index("articles_source", "articles", ["source_id", "at"])
    _stories()
    _decisions()
    _cards()
    _users()
    _outbox()
    _fill()


def _stories() -> None:
    for name in ("is_open", "card_stale"):
        op.add_column(
            "stories", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true())
        )
    op.add_column("stories", _number("card_edition"))
    op.add_column("stories", sa.Column("relevance", sa.Float))
    op.add_column(
        "stories", sa.Column("is_disputed", sa.Boolean, nullable=False, server_default=sa.false())
    )
    for name, columns in {
        "first_seen": ["first_seen_at"],
        "relevance": ["relevance"],
        "open": ["is_open", "updated_at"],
        "open_first_seen": ["is_open", "first_seen_at"],
        "open_relevance": ["is_open", "relevance"],
        "state": ["state", "updated_at"],
        "state_first_seen": ["state", "first_seen_at"],
        "state_relevance": ["state", "relevance"],
        "assignee": ["assignee", "updated_at"],
        "disputed": ["is_disputed", "updated_at"],
        "attention": ["needs_attention", "updated_at"],
        "starred": ["is_starred", "updated_at"],
        "card_stale": ["card_stale"],
        "card_edition": ["card_edition"],
    }.items():
        op.create_index(f"stories_{name}", "stories", columns)


def _decisions() -> None:
    op.add_column("decisions", _number("batch"))
    op.add_column("decisions", sa.Column("details", sa.Text, nullable=False, server_default="{}"))
    op.create_index("decisions_who", "decisions", ["who", "id"])


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
        sa.Column("changed_at", _time(), nullable=False),
        sa.Column("first_seen_at", _time(), nullable=False),
        sa.Column("relevance", sa.Float, nullable=False),
        _text("title"),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "story_facets",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    )
    op.create_index("story_facets_story", "story_facets", ["story_id"])
    op.create_table(
        "seen",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
        sa.Column("at", _time(), nullable=False),
    )
    op.create_table(
        "readers",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seen_before", _time()),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        *map(_text, ("password_hash", "role", "language", "zone")),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("disabled_at", _time()),
    )
    op.create_table(
        "logins",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("user_id", Id, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("used_at", _time(), nullable=False),
        *map(_text, ("place", "browser")),
    )
    op.create_index("logins_user", "logins", ["user_id"])
    op.create_table(
        "login_failures",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", _time(), nullable=False),
        _text("name"),
        _text("place"),
    )
    op.create_index("login_failures_name", "login_failures", ["name", "at"])
    op.create_index("login_failures_place", "login_failures", ["place", "at"])


def _outbox() -> None:
    op.create_table(
        "views",
        sa.Column("id", Id, primary_key=True),
        _text("name"),
        sa.Column("query", sa.Text, nullable=False),
        _text("owner"),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("removed_at", _time()),
    )
    op.create_table(
        "recipients",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        *map(_text, ("target", "zone", "digest_cron", "digest_by")),
        sa.Column("digest_view_id", Id, sa.ForeignKey("views.id")),
        sa.Column("told_until", _time()),
        sa.Column("next_digest_at", _time()),
        sa.Column("even_empty", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("removed_at", _time()),
    )
    op.create_table(
        "alerts",
        sa.Column("id", Id, primary_key=True),
        *map(_text, ("name", "kind", "quiet")),
        sa.Column("view_id", Id, sa.ForeignKey("views.id")),
        sa.Column("recipient_id", Id, sa.ForeignKey("recipients.id"), nullable=False),
        _number("gap_s"),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("last_sent_at", _time()),
        sa.Column("removed_at", _time()),
    )
    op.create_table(
        "alert_marks",
        sa.Column("alert_id", Id, sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("told_until", _time(), nullable=False),
        _text("told"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", Id, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *map(_text, ("kind", "subject", "state", "error")),
        sa.Column("recipient_id", Id, sa.ForeignKey("recipients.id"), nullable=False),
        sa.Column("alert_id", Id, sa.ForeignKey("alerts.id")),
        sa.Column("body", sa.Text, nullable=False),
        _number("attempts"),
        sa.Column("not_before", _time()),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("started_at", _time()),
        sa.Column("sent_at", _time()),
    )
    op.create_index("deliveries_open", "deliveries", ["state", "not_before"])
    op.create_index("deliveries_created", "deliveries", ["created_at"])


def _fill() -> None:
    """Who is done with is not open; tags are facets."""
    is_quiet = "needs_attention = 0" if _is_sqlite() else "NOT needs_attention"
    no = "0" if _is_sqlite() else "false"
    op.execute(
        f"UPDATE stories SET is_open = {no} "  # noqa: S608  (no value is a user's)
        f"WHERE state IN ('kept', 'dismissed') AND {is_quiet}"
    )
    is_standing = "undone = 0" if _is_sqlite() else "NOT undone"
    op.execute(
        "INSERT INTO story_facets (kind, value, story_id) "  # noqa: S608  (no value is a user's)
        "SELECT DISTINCT 'tag', after, story_id FROM decisions "
        f"WHERE action = 'tag' AND {is_standing}"
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Id, nullable=False, server_default="0")


def _time() -> Any:
    return sa.TIMESTAMP(timezone=True).with_variant(sa.BigInteger, "sqlite")
