"""Stored articles that are read again: what their words say now, in the place of what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.match.revised import claims_hash
from monitor.model import Claim, Draft, Placement, StoredArticle
from monitor.model.rescoring import RescoreQuery, Unscored
from monitor.store import search
from monitor.store.articles import (
    CONCEPTS,
    TOKEN_CHARS,
    call_attention,
    put_claims,
    put_concepts,
    put_tokens,
    said_columns,
    story_now,
)
from monitor.store.grouping import retire, set_article, settle
from monitor.store.reads import claim_of
from monitor.store.rows import Rows, chunks, clean, cleaned
from monitor.store.tables import (
    articles,
    claims,
    concepts,
    decisions,
    developments,
    entries,
    regroupings,
    revisions,
    stories,
    token_counts,
)
from monitor.store.tables import (
    tokens as token_table,
)

#: Tokens that no taxonomy changes; see `match.tokens`.
OF_TEXT = ("name:", "word:", "link:")

_ROW: sa.BindParameter[int] = sa.bindparam("row")

#: The card follows; what happened, and when, is as it was.
_STALE = (
    sa.update(stories)
    .where(stories.c.id == _ROW)
    .values(version=stories.c.version + 1, card_stale=True)
)

_MARK = sa.update(articles).where(articles.c.id == _ROW).values(read_as=sa.bindparam("reading"))

_ONE_LESS = (
    sa.update(token_counts)
    .where(token_counts.c.token == sa.bindparam("gone"))
    .values(count=token_counts.c.count - 1)
)


class RescoringRows(Rows):
    """See `ports.Rescoring`."""

    def unscored(self, query: RescoreQuery) -> list[Unscored]:
        """Articles to be read again, those stored last first."""
        wanted = sa.select(
            articles.c.id, articles.c.source_id, articles.c.language, articles.c.read_as
        ).order_by(articles.c.id.desc())
        if query.since:
            wanted = wanted.where(articles.c.at >= query.since)
        if query.source_id:
            sightings = sa.select(entries.c.article_id).where(
                entries.c.source_id == query.source_id, entries.c.article_id.is_not(None)
            )
            wanted = wanted.where(articles.c.id.in_(sightings))
        with self.reading() as connection:
            if query.story_id:
                story_id = story_now(connection, query.story_id)
                wanted = wanted.where(articles.c.story_id == story_id)
            return [
                Unscored(
                    id=row.id, source_id=row.source_id, language=row.language, read_as=row.read_as
                )
                for row in connection.execute(wanted)
            ]

    def rescore(
        self, article: StoredArticle, draft: Draft, *, tokens: Sequence[str], read_as: str
    ) -> bool:
        """
        Keep what an article's words say now, within its revision; its story's card is stale.

        Returns:
            False: it has another text by now, and nothing was changed.
        """
        with self.writing() as connection:
            held = sa.select(articles).where(articles.c.id == article.id).with_for_update()
            row = connection.execute(held).first()
            if row is None or (row.revision, row.title, row.text) != (
                article.revision,
                article.title,
                article.text,
            ):
                return False
            said = draft.enrichment
            set_article(connection, article.id, **said_columns(said), read_as=read_as)
            _replace_concepts(connection, article, draft)
            _replace_claims(connection, row, said.claims)
            _replace_tokens(connection, row, tokens)
            if said.language != row.language:
                search.put(connection, row.id, row.title, row.text, said.language)
            connection.execute(_STALE, {"row": row.story_id})
        return True

    def mark_read(self, article_ids: Sequence[int], read_as: Sequence[str]) -> None:
        """Remember what these articles, which say what they said, were read with."""
        marks = [
            {"row": number, "reading": reading}
            for number, reading in zip(article_ids, read_as, strict=True)
        ]
        if marks:
            with self.writing() as connection:
                connection.execute(_MARK, marks)

    def join_story(self, article_id: int, placement: Placement, *, now: datetime) -> int:
        """
        Let an article that has become relevant, with its copies, stand where it belongs.

        Returns:
            The story that it joined; 0 = it stays where it is.
        """
        with self.together(), self.writing() as connection:
            row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).one()
            why = cleaned(list(placement.reasons))
            if not _stands_alone(connection, row):
                return 0
            set_article(connection, article_id, placement_reasons=why)
            if not placement.story_id:
                return 0
            target = story_now(connection, placement.story_id)
            if target == row.story_id:
                return 0
            _move(connection, row, target, placement)
            retire(connection, row.story_id, into=target)
            settle(connection, target, now)
            connection.execute(
                sa.insert(regroupings).values(
                    at=now,
                    action="merge",
                    story_id=target,
                    other_id=row.story_id,
                    article_id=article_id,
                    why=f"it became relevant: {'; '.join(why)}",
                )
            )
        return target


def _replace_concepts(connection: sa.Connection, article: StoredArticle, draft: Draft) -> None:
    was, said = article.enrichment, draft.enrichment
    if any(getattr(was, field) != getattr(said, field) for field in CONCEPTS.values()):
        connection.execute(sa.delete(concepts).where(concepts.c.article_id == article.id))
        put_concepts(connection, article.id, said)


def _replace_claims(connection: sa.Connection, row: Any, said: Sequence[Claim]) -> None:
    """Figures of the present revision; those that are still stated keep their ids."""
    query = sa.select(claims).where(
        claims.c.article_id == row.id, claims.c.revision == row.revision
    )
    left = Counter(said)
    gone = []
    for known in connection.execute(query.order_by(claims.c.id)):
        claim = claim_of(known)
        if left[claim]:
            left[claim] -= 1
        else:
            gone.append(known.id)
    for part in chunks(gone):
        connection.execute(sa.delete(claims).where(claims.c.id.in_(part)))
    fresh = []
    for claim in said:
        if left[claim]:
            left[claim] -= 1
            fresh.append(claim)
    put_claims(connection, row.id, row.revision, fresh)
    connection.execute(
        sa.update(revisions)
        .where(revisions.c.article_id == row.id, revisions.c.number == row.revision)
        .values(claims_hash=claims_hash(said))
    )


def _replace_tokens(connection: sa.Connection, row: Any, found: Sequence[str]) -> None:
    """Those that follow from the taxonomy; words and names of earlier texts stay."""
    stands = sa.select(token_table.c.token).where(token_table.c.article_id == row.id)
    known = set(connection.execute(stands).scalars())
    kept = {clean(token)[:TOKEN_CHARS] for token in found}
    gone = sorted(token for token in known - kept if not token.startswith(OF_TEXT))
    for part in chunks(gone):
        connection.execute(
            sa.delete(token_table).where(
                token_table.c.article_id == row.id, token_table.c.token.in_(part)
            )
        )
    if gone:
        connection.execute(_ONE_LESS, [{"gone": token} for token in gone])
    put_tokens(connection, row.id, found, known=known, at=row.at, is_new=False)


def _stands_alone(connection: sa.Connection, row: Any) -> bool:
    """Whether only the article and its copies are in its story, and nobody decided on that."""
    others = sa.select(sa.func.count()).where(
        articles.c.story_id == row.story_id,
        articles.c.id != row.id,
        articles.c.copy_of.is_distinct_from(row.id),
    )
    decided = sa.select(sa.func.count()).where(decisions.c.story_id == row.story_id)
    return (
        row.copy_of is None
        and not connection.execute(others).scalar_one()
        and not connection.execute(decided).scalar_one()
    )


def _move(connection: sa.Connection, row: Any, target: int, placement: Placement) -> None:
    """The article and its copies go into a development of the story, or theirs goes there whole."""
    home = placement.development_id
    known = sa.select(developments.c.story_id).where(developments.c.id == home)
    if not home or connection.execute(known).scalar() != target:
        home = row.development_id
        connection.execute(
            sa.update(developments).where(developments.c.id == home).values(story_id=target)
        )
        call_attention(connection, target)
    connection.execute(
        sa.update(articles)
        .where(articles.c.story_id == row.story_id)
        .values(story_id=target, development_id=home)
    )
