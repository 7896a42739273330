"""
What the desk knows: more of each figure, rules of states and of users, furniture, repairs.

Revision: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and tables; figures stored so far state nothing more."""
    for name in ("category", "standard", "as_of"):
        op.add_column("claims", _text(name))
    op.add_column("claims", sa.Column("doubts", sa.Text, nullable=False, server_default="[]"))
    for name in ("figure_start", "figure_end"):
        op.add_column("claims", _number(name))
    op.create_index("claims_kind", "claims", ["kind", "article_id"])
    for name in ("raw_hash", "text_hash", "claims_hash"):
        op.add_column("revisions", _text(name))
    for name in ("attributed_to", "attribution", "read_as"):
        op.add_column("articles", _text(name))
    op.create_table(
        "site_lines",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("line", Id, primary_key=True, autoincrement=False),
        _number("pages"),
        sa.Column("last_at", _time(), nullable=False),
    )
    _ledger()
    _instruments()
    op.add_column("alerts", _number("days_before"))
    _rules()
    op.create_table(
        "regroupings",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", _time(), nullable=False),
        _text("action"),
        *(_number(name) for name in ("story_id", "other_id", "article_id")),
        _text("why"),
        sa.Column("details", sa.Text, nullable=False, server_default="{}"),
    )


def _ledger() -> None:
    """Figures side by side; made with the cards, so these are made anew."""
    op.create_table(
        "ledger",
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        _number("claim_id"),
        *(_text(name) for name in ("kind", "unit")),
        sa.Column("value", sa.Float, nullable=False),
        *(_text(name) for name in ("verdict", "note", "subject")),
        *(_text(name) for name in ("basis", "stage", "category", "standard", "as_of")),
        *(_number(name) for name in ("outlets", "origins")),
        *(sa.Column(name, _time(), nullable=False) for name in ("first_at", "last_at")),
        _text("words"),
    )
    op.create_index("ledger_last", "ledger", ["last_at", "first_at"])
    op.create_index("ledger_first", "ledger", ["first_at"])
    for name in ("value", "outlets"):
        op.create_index(f"ledger_{name}", "ledger", [name])
    for name in ("kind", "unit", "verdict"):
        op.create_index(f"ledger_{name}", "ledger", [name, "last_at"])
    op.create_table(
        "ledger_names",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
    )
    op.create_index("ledger_names_story", "ledger_names", ["story_id"])
    op.execute("UPDATE stories SET card_stale = true")


def _instruments() -> None:
    op.create_table(
        "instruments",
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *(_text(name) for name in ("in_force_from", "until", "stage")),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index("instruments_until", "instruments", ["until"])
    op.create_index("instruments_from", "instruments", ["in_force_from"])


def _rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", Id, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True),
        *(_text(name) for name in ("name", "expression", "action", "value")),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        _text("created_by"),
    )
    op.create_table(
        "rule_hits",
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("rule_id", Id, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("rule_hits_rule", "rule_hits", ["rule_id", "article_id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Id, nullable=False, server_default="0")


def _time() -> Any:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return sa.BigInteger() if is_sqlite else sa.TIMESTAMP(timezone=True)
