"""
The tables, once for SQLite and PostgreSQL.

Times are integer microseconds since 1970 UTC in SQLite, `timestamptz` in PostgreSQL; lists
and records are JSON text. Identity columns (`url_key`, `identity`) are unique for ever:
retention empties texts and never removes a row.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Row ids: 64 bits everywhere.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Microseconds in SQLite, `timestamptz` elsewhere."""
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(
            sa.BigInteger() if is_sqlite else sa.TIMESTAMP(timezone=True)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times: they would be read as another moment elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        when = value.astimezone(UTC)
        return (when - EPOCH) // timedelta(microseconds=1) if dialect.name == "sqlite" else when

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Back to UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        moment: datetime = value.astimezone(UTC)
        return moment


class Json(sa.types.TypeDecorator[Any]):
    """A list or record as JSON text, readable in any tool."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Compact, not escaped."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """As it was given."""
        return None if value is None else json.loads(value)


metadata = sa.MetaData()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, Id, nullable=False, server_default="0")


sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _text("name"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    _text("homepage"),
    _text("language"),
    _text("region"),
    _text("scope"),
    sa.Column("tags", Json, nullable=False),
    _text("state"),
    _text("state_reason"),
    _number("every_s"),
    sa.Column("options", Json, nullable=False),
    _text("etag"),
    _text("last_modified"),
    _text("body_hash"),
    sa.Column("next_poll_at", UtcTime),
    sa.Column("not_before", UtcTime),
    _number("failures"),
    sa.Column("last_polled_at", UtcTime),
    _text("last_outcome"),
    _text("last_error"),
    sa.Column("removed_at", UtcTime),
    _number("streak"),
    sa.Column("failing_since", UtcTime),
    sa.Column("empty_since", UtcTime),
    sa.Column("answered_at", UtcTime),
    sa.Column("changed_at", UtcTime),
    sa.Column("new_at", UtcTime),
    sa.Column("newest_at", UtcTime),
    _text("moved_to"),
    _number("moved_times"),
    sa.Column("rhythm", Json, nullable=False, server_default="{}"),
    sa.UniqueConstraint("kind", "url", name="sources_kind_url"),
    sa.Index("sources_due", "state", "next_poll_at"),
)

polls = sa.Table(
    "polls",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    _text("outcome"),
    _text("cause"),
    _number("status"),
    _number("bytes"),
    _number("seen"),
    _number("new"),
    _number("updated"),
    sa.Column("elapsed_s", sa.Float, nullable=False),
    sa.Index("polls_source", "source_id", "id"),
)

#: What a source's parser wants to know at the next poll.
memories = sa.Table(
    "memories",
    metadata,
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

#: What each source did, day by day (days since 1970, UTC).
source_days = sa.Table(
    "source_days",
    metadata,
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True),
    _number("polls"),
    _number("failures"),
    _number("new"),
    _number("kept"),
)

#: What is remembered of sites, so that a restart does not make us forget our manners.
sites = sa.Table(
    "sites",
    metadata,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("not_before", UtcTime),
    sa.Column("robots_at", UtcTime),
    sa.Column("robots", sa.LargeBinary, nullable=False),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("identity", sa.Text, nullable=False),
    _text("guid"),
    _text("url_key"),
    _text("content_hash"),
    _number("part"),
    _text("url"),
    _text("title"),
    sa.Column("said", Json, nullable=False),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Column("last_seen_at", UtcTime, nullable=False),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id")),
    sa.UniqueConstraint("source_id", "identity", name="entries_identity"),
    sa.Index("entries_guid", "source_id", "guid"),
    sa.Index("entries_url_key", "source_id", "url_key"),
    sa.Index("entries_content_hash", "source_id", "content_hash"),
    sa.Index("entries_article", "article_id"),
)


def said_part(dialect: str, name: str) -> sa.ColumnElement[str]:
    """One text of what an entry said, without reading the rest of it."""
    whole = sa.type_coerce(entries.c.said, sa.Text)
    if dialect == "postgresql":
        return sa.func.json_extract_path_text(sa.cast(whole, sa.JSON), name)
    return sa.func.json_extract(whole, f"$.{name}")


wanted_pages = sa.Table(
    "wanted_pages",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("entry_id", Id, sa.ForeignKey("entries.id"), nullable=False, unique=True),
    sa.Column("url", sa.Text, nullable=False),
    #: `wanted`, `done`, `failed`.
    _text("state"),
    _number("attempts"),
    sa.Column("not_before", UtcTime),
    sa.Column("leased_until", UtcTime),
    _text("cause"),
    sa.Index("wanted_pages_open", "state", "id"),
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("url_key", sa.Text, nullable=False, unique=True),
    _text("url"),
    _text("canonical_url"),
    _text("title"),
    _text("text"),
    _text("site"),
    sa.Column("authors", Json, nullable=False),
    sa.Column("published_at", UtcTime),
    _text("published_from"),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    #: Published, or first seen when that is unknown or earlier.
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("flags", Json, nullable=False),
    _text("language"),
    sa.Column("relevance", sa.Float, nullable=False),
    sa.Column("relevant", sa.Boolean, nullable=False),
    sa.Column("reasons", Json, nullable=False),
    sa.Column("mentions", Json, nullable=False),
    sa.Column("development_id", Id, nullable=False),
    sa.Column("story_id", Id, nullable=False),
    sa.Column("placement_reasons", Json, nullable=False),
    _number("revision"),
    sa.Column("copy_of", Id),
    sa.Column("copy_containment", sa.Float),
    _text("copy_why"),
    #: Whom its own words name as their origin ("Reuters reports"), and those words.
    _text("attributed_to"),
    _text("attribution"),
    #: By which taxonomy, rules and threshold `monitor rescore` read it last; '' = not known.
    _text("read_as"),
    sa.Index("articles_story", "story_id"),
    sa.Index("articles_source", "source_id", "at"),
    sa.Index("articles_development", "development_id"),
    sa.Index("articles_copy_of", "copy_of"),
    sa.Index("articles_at", "relevant", "at"),
)

aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("url_key", sa.Text, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _text("title"),
    _text("text"),
    sa.Column("seen_at", UtcTime, nullable=False),
    _text("change"),
    #: SHA-256 hex of the title and text as they were read, of their words, and of the figures.
    _text("raw_hash"),
    _text("text_hash"),
    _text("claims_hash"),
)

concepts = sa.Table(
    "concepts",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    _number("position"),
    sa.Index("concepts_value", "kind", "value", "article_id"),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    _text("kind"),
    sa.Column("value", sa.Float, nullable=False),
    _text("unit"),
    _text("basis"),
    _text("stage"),
    sa.Column("subjects", Json, nullable=False),
    _text("category"),
    _text("standard"),
    _text("as_of"),
    sa.Column("doubts", Json, nullable=False, server_default="[]"),
    _number("figure_start"),
    _number("figure_end"),
    _text("quote"),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Index("claims_article", "article_id"),
    sa.Index("claims_kind", "kind", "article_id"),
)

bands = sa.Table(
    "bands",
    metadata,
    sa.Column("key", Id, primary_key=True, autoincrement=False),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Index("tokens_article", "article_id"),
)

#: How many articles carry a token; the empty token counts all articles.
token_counts = sa.Table(
    "token_counts",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    _number("count"),
)

stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _text("state"),
    sa.Column("version", sa.Integer, nullable=False),
    #: Something new happened in a story that was kept or dismissed.
    sa.Column("needs_attention", sa.Boolean, nullable=False),
    sa.Column("is_starred", sa.Boolean, nullable=False),
    _text("assignee"),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
    #: The story that this one went into; its old id redirects for ever.
    sa.Column("merged_into", Id),
    #: An analyst has still something to do: see `model.OPEN_STATES`, or attention.
    sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.true()),
    #: Something happened since its card was made.
    sa.Column("card_stale", sa.Boolean, nullable=False, server_default=sa.true()),
    #: Counts up, over all stories, each time that cards are kept: what is newer than a page.
    _number("card_edition"),
    #: Of its card, so that lists are put in order without reading cards; None = it has no card.
    sa.Column("relevance", sa.Float),
    sa.Column("is_disputed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("stories_updated", "updated_at"),
    sa.Index("stories_first_seen", "first_seen_at"),
    sa.Index("stories_relevance", "relevance"),
    sa.Index("stories_open", "is_open", "updated_at"),
    sa.Index("stories_open_first_seen", "is_open", "first_seen_at"),
    sa.Index("stories_open_relevance", "is_open", "relevance"),
    sa.Index("stories_state", "state", "updated_at"),
    sa.Index("stories_state_first_seen", "state", "first_seen_at"),
    sa.Index("stories_state_relevance", "state", "relevance"),
    sa.Index("stories_assignee", "assignee", "updated_at"),
    sa.Index("stories_disputed", "is_disputed", "updated_at"),
    sa.Index("stories_attention", "needs_attention", "updated_at"),
    sa.Index("stories_starred", "is_starred", "updated_at"),
    sa.Index("stories_card_stale", "card_stale"),
    sa.Index("stories_card_edition", "card_edition"),
)

#: Each relevant story in one line; see `model.Card`.
cards = sa.Table(
    "cards",
    metadata,
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Column("relevance", sa.Float, nullable=False),
    _text("title"),
    #: The rest of the card.
    sa.Column("data", Json, nullable=False),
)

#: By what stories can be chosen and counted: `model.FACETS`, made with the card; and their tags.
story_facets = sa.Table(
    "story_facets",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Index("story_facets_story", "story_id"),
)

developments = sa.Table(
    "developments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("first_seen_at", UtcTime, nullable=False),
    sa.Index("developments_story", "story_id"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    _text("who"),
    _text("action"),
    _text("before"),
    _text("after"),
    sa.Column("undone", sa.Boolean, nullable=False),
    _number("batch"),
    sa.Column("details", Json, nullable=False, server_default="{}"),
    sa.Index("decisions_story", "story_id"),
    sa.Index("decisions_who", "who", "id"),
)

#: Copy edges that an analyst took back.
retracted_copies = sa.Table(
    "retracted_copies",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("original_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
)

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)

#: Up to when a user has seen what happened in a story.
seen = sa.Table(
    "seen",
    metadata,
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)

#: Up to when a user has seen everything.
readers = sa.Table(
    "readers",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("seen_before", UtcTime),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    #: argon2id, in its own encoding.
    _text("password_hash"),
    _text("role"),
    _text("language"),
    _text("zone"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("disabled_at", UtcTime),
)

#: Who is signed in; the token itself is only in the browser.
logins = sa.Table(
    "logins",
    metadata,
    #: SHA-256 hex of the token.
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime, nullable=False),
    #: Where from, and what the browser calls itself, so that its user knows it.
    _text("place"),
    _text("browser"),
    sa.Index("logins_user", "user_id"),
)

#: Attempts to sign in that failed, so that guessing is slowed down.
login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    #: The name that was tried, and where from.
    _text("name"),
    _text("place"),
    sa.Index("login_failures_name", "name", "at"),
    sa.Index("login_failures_place", "place", "at"),
)

views = sa.Table(
    "views",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _text("name"),
    sa.Column("query", Json, nullable=False),
    _text("owner"),
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("removed_at", UtcTime),
)

recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    _text("target"),
    _text("zone"),
    _text("digest_cron"),
    sa.Column("digest_view_id", Id, sa.ForeignKey("views.id")),
    _text("digest_by"),
    sa.Column("told_until", UtcTime),
    sa.Column("next_digest_at", UtcTime),
    sa.Column("even_empty", sa.Boolean, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    #: By story: when that happened which it was told of late.
    sa.Column("told", Json, nullable=False),
    sa.Column("removed_at", UtcTime),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _text("name"),
    _text("kind"),
    sa.Column("view_id", Id, sa.ForeignKey("views.id")),
    sa.Column("recipient_id", Id, sa.ForeignKey("recipients.id"), nullable=False),
    _number("gap_s"),
    _text("quiet"),
    _number("days_before"),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("last_sent_at", UtcTime),
    sa.Column("removed_at", UtcTime),
)

#: Up to when an alert has told of each of its subjects: `story:12`, `source:7`.
alert_marks = sa.Table(
    "alert_marks",
    metadata,
    sa.Column("alert_id", Id, sa.ForeignKey("alerts.id"), primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("told_until", UtcTime, nullable=False),
    #: What was told of it, where a time does not say it: see `model.Mark`.
    _text("told"),
)

#: The outbox.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    _text("kind"),
    sa.Column("recipient_id", Id, sa.ForeignKey("recipients.id"), nullable=False),
    sa.Column("alert_id", Id, sa.ForeignKey("alerts.id")),
    _text("subject"),
    sa.Column("body", Json, nullable=False),
    _text("state"),
    _number("attempts"),
    sa.Column("not_before", UtcTime),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("started_at", UtcTime),
    sa.Column("sent_at", UtcTime),
    _text("error"),
    sa.Index("deliveries_open", "state", "not_before"),
    sa.Index("deliveries_created", "created_at"),
)

#: Lines of a site's pages by how many pages show them, so that its furniture is known; line 0
#: counts the pages.
site_lines = sa.Table(
    "site_lines",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("line", Id, primary_key=True, autoincrement=False),
    _number("pages"),
    sa.Column("last_at", UtcTime, nullable=False),
)

#: Figures of each story as its ledger has them, made with its card; see `model.ledger`.
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    #: Who says so first.
    _number("claim_id"),
    _text("kind"),
    _text("unit"),
    sa.Column("value", sa.Float, nullable=False),
    _text("verdict"),
    _text("note"),
    _text("subject"),
    _text("basis"),
    _text("stage"),
    _text("category"),
    _text("standard"),
    _text("as_of"),
    _number("outlets"),
    _number("origins"),
    sa.Column("first_at", UtcTime, nullable=False),
    sa.Column("last_at", UtcTime, nullable=False),
    #: What a search for words looks at, folded.
    _text("words"),
    sa.Index("ledger_last", "last_at", "first_at"),
    sa.Index("ledger_first", "first_at"),
    sa.Index("ledger_value", "value"),
    sa.Index("ledger_outlets", "outlets"),
    sa.Index("ledger_kind", "kind", "last_at"),
    sa.Index("ledger_unit", "unit", "last_at"),
    sa.Index("ledger_verdict", "verdict", "last_at"),
)

#: What they are about, by `subject`, `mineral` and `country`.
ledger_names = sa.Table(
    "ledger_names",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Index("ledger_names_story", "story_id"),
)

#: Rules of states (a ban, a quota, a duty), made with the card of the story that tells them.
instruments = sa.Table(
    "instruments",
    metadata,
    sa.Column("story_id", Id, sa.ForeignKey("stories.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    #: ISO 8601 days; '' = not stated.
    _text("in_force_from"),
    _text("until"),
    _text("stage"),
    #: The rest of the instrument.
    sa.Column("data", Json, nullable=False),
    sa.Index("instruments_until", "until"),
    sa.Index("instruments_from", "in_force_from"),
)

#: Rules of the users, every version of them; the one with the highest number holds.
rules = sa.Table(
    "rules",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True),
    _text("name"),
    _text("expression"),
    #: `tag`, `raise`, `lower`, `mute`, `alert`.
    _text("action"),
    _text("value"),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    _text("created_by"),
)

#: Articles to which a rule applied.
rule_hits = sa.Table(
    "rule_hits",
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("rule_id", Id, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("rule_hits_rule", "rule_id", "article_id"),
)

#: What the nightly repair of groups did.
regroupings = sa.Table(
    "regroupings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    #: `merge`, `split`, `move`.
    _text("action"),
    _number("story_id"),
    _number("other_id"),
    _number("article_id"),
    _text("why"),
    sa.Column("details", Json, nullable=False, server_default="{}"),
)
