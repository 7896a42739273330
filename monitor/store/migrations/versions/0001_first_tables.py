"""
The first tables: sources, polls, entries, wanted pages, articles, stories, decisions.

Revision: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables, then the full-text index in the database's own way."""
    _sources()
    _articles()
    _neighbours()
    _stories()
    _search()


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", Id, primary_key=True),
        _text("name"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        _text("homepage"),
        _text("language"),
        _text("region"),
        _text("scope"),
        sa.Column("tags", sa.Text(), nullable=False),
        _text("state"),
        _text("state_reason"),
        _number("every_s"),
        sa.Column("options", sa.Text(), nullable=False),
        _text("etag"),
        _text("last_modified"),
        _text("body_hash"),
        sa.Column("next_poll_at", _time()),
        sa.Column("not_before", _time()),
        _number("failures"),
        sa.Column("last_polled_at", _time()),
        _text("last_outcome"),
        _text("last_error"),
        sa.Column("removed_at", _time()),
        sa.UniqueConstraint("kind", "url", name="sources_kind_url"),
    )
    op.create_index("sources_due", "sources", ["state", "next_poll_at"])
    op.create_table(
        "polls",
        sa.Column("id", Id, primary_key=True),
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("started_at", _time(), nullable=False),
        _text("outcome"),
        _text("cause"),
        _number("status"),
        _number("bytes"),
        _number("seen"),
        _number("new"),
        _number("updated"),
        sa.Column("elapsed_s", sa.Float, nullable=False),
    )
    op.create_index("polls_source", "polls", ["source_id", "id"])


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", Id, primary_key=True),
        sa.Column("url_key", sa.Text, nullable=False, unique=True),
        _text("url"),
        _text("canonical_url"),
        _text("title"),
        _text("text"),
        _text("site"),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("published_at", _time()),
        _text("published_from"),
        sa.Column("first_seen_at", _time(), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("updated_at", _time(), nullable=False),
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        _text("language"),
        sa.Column("relevance", sa.Float, nullable=False),
        sa.Column("relevant", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("development_id", Id, nullable=False),
        sa.Column("story_id", Id, nullable=False),
        sa.Column("placement_reasons", sa.Text(), nullable=False),
        _number("revision"),
        sa.Column("copy_of", Id),
        sa.Column("copy_containment", sa.Float),
        _text("copy_why"),
    )
    op.create_index("articles_story", "articles", ["story_id"])
    op.create_index("articles_development", "articles", ["development_id"])
    op.create_index("articles_copy_of", "articles", ["copy_of"])
    op.create_index("articles_at", "articles", ["relevant", "at"])
    op.create_table(
        "entries",
        sa.Column("id", Id, primary_key=True),
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        _text("guid"),
        _text("url_key"),
        _text("content_hash"),
        _number("part"),
        _text("url"),
        _text("title"),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("first_seen_at", _time(), nullable=False),
        sa.Column("last_seen_at", _time(), nullable=False),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id")),
        sa.UniqueConstraint("source_id", "identity", name="entries_identity"),
    )
    op.create_index("entries_guid", "entries", ["source_id", "guid"])
    op.create_index("entries_url_key", "entries", ["source_id", "url_key"])
    op.create_index("entries_content_hash", "entries", ["source_id", "content_hash"])
    op.create_index("entries_article", "entries", ["article_id"])
    op.create_table(
        "wanted_pages",
        sa.Column("id", Id, primary_key=True),
        sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("entry_id", Id, sa.ForeignKey("entries.id"), nullable=False, unique=True),
        sa.Column("url", sa.Text, nullable=False),
        _text("state"),
        _number("attempts"),
        sa.Column("not_before", _time()),
        sa.Column("leased_until", _time()),
        _text("cause"),
    )
    op.create_index("wanted_pages_open", "wanted_pages", ["state", "id"])
    op.create_table(
        "aliases",
        sa.Column("url_key", sa.Text, primary_key=True),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        _text("title"),
        _text("text"),
        sa.Column("seen_at", _time(), nullable=False),
        _text("change"),
    )
    op.create_table(
        "concepts",
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        _number("position"),
    )
    op.create_index("concepts_value", "concepts", ["kind", "value", "article_id"])
    op.create_table(
        "claims",
        sa.Column("id", Id, primary_key=True),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        _text("kind"),
        sa.Column("value", sa.Float, nullable=False),
        _text("unit"),
        _text("basis"),
        _text("stage"),
        sa.Column("subjects", sa.Text(), nullable=False),
        _text("quote"),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_index("claims_article", "claims", ["article_id"])


def _neighbours() -> None:
    op.create_table(
        "bands",
        sa.Column("key", Id, primary_key=True, autoincrement=False),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    )
    op.create_table(
        "tokens",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("at", _time(), primary_key=True),
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    )
    op.create_index("tokens_article", "tokens", ["article_id"])
    op.create_table(
        "token_counts",
        sa.Column("token", sa.Text, primary_key=True),
        _number("count"),
    )


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", Id, primary_key=True),
        _text("state"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("needs_attention", sa.Boolean, nullable=False),
        sa.Column("is_starred", sa.Boolean, nullable=False),
        _text("assignee"),
        sa.Column("first_seen_at", _time(), nullable=False),
        sa.Column("updated_at", _time(), nullable=False),
        sa.Column("merged_into", Id),
    )
    op.create_index("stories_updated", "stories", ["updated_at"])
    op.create_table(
        "developments",
        sa.Column("id", Id, primary_key=True),
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
        sa.Column("first_seen_at", _time(), nullable=False),
    )
    op.create_index("developments_story", "developments", ["story_id"])
    op.create_table(
        "decisions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
        sa.Column("at", _time(), nullable=False),
        _text("who"),
        _text("action"),
        _text("before"),
        _text("after"),
        sa.Column("undone", sa.Boolean, nullable=False),
    )
    op.create_index("decisions_story", "decisions", ["story_id"])
    op.create_table(
        "retracted_copies",
        sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("original_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    )
    op.create_table(
        "digests",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", _time(), nullable=False),
    )


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5"
            "(title, text, tokenize = 'unicode61 remove_diacritics 2')"
        )
        return
    op.execute(
        "CREATE TABLE article_search ("
        "article_id bigint PRIMARY KEY REFERENCES articles (id), document tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX article_search_document ON article_search USING gin (document)")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Id, nullable=False, server_default="0")


def _time() -> sa.types.TypeEngine[Any]:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return sa.BigInteger() if is_sqlite else sa.TIMESTAMP(timezone=True)
