"""Articles, their revisions, claims, copy edges and groups: what `match` decided, made durable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.dates import told_by
from monitor.match import revised
from monitor.model import (
    ArticleStored,
    Claim,
    Copy,
    Draft,
    Enrichment,
    Placement,
    ReviewState,
)
from monitor.store import furniture, search
from monitor.store.entries import articles_of
from monitor.store.history import count_day
from monitor.store.rows import Rows, clean, cleaned, insert_into, insert_new, inserted_id
from monitor.store.tables import (
    aliases,
    articles,
    claims,
    concepts,
    developments,
    entries,
    retracted_copies,
    revisions,
    stories,
    token_counts,
    wanted_pages,
)
from monitor.store.tables import (
    bands as band_table,
)
from monitor.store.tables import (
    tokens as token_table,
)

#: A sighting with less than this share of the stored text brings no new revision.
POORER = 0.6

#: Longer tokens are cut.
TOKEN_CHARS = 200

#: Kinds of concept that are kept per article, in the order of `model.Enrichment`.
CONCEPTS = {
    "mineral": "minerals",
    "country": "countries",
    "company": "companies",
    "place": "places",
    "event": "events",
}


#: The row that a statement, made once, is about.
_ROW: sa.BindParameter[int] = sa.bindparam("row")

#: Its other values are those of the columns to set.
_ENTRY_TOLD = sa.update(entries).where(entries.c.id == _ROW)

#: The entry has no article yet.
_UNTOLD = sa.select(entries.c.id).where(entries.c.id == _ROW, entries.c.article_id.is_(None))

_PAGE_DONE = (
    sa.update(wanted_pages)
    .where(wanted_pages.c.id == _ROW)
    .values(state="done", cause="", leased_until=None)
)

_STORY_TOUCHED = (
    sa.update(stories)
    .where(stories.c.id == _ROW)
    .values(version=stories.c.version + 1, updated_at=sa.bindparam("now"), card_stale=True)
)

#: Who was done with a story must look again.
_ATTENTION = (
    sa.update(stories)
    .where(
        stories.c.id == _ROW,
        stories.c.state.in_([ReviewState.DISMISSED.value, ReviewState.KEPT.value]),
    )
    .values(needs_attention=True, is_open=True)
)

_STANDS = sa.select(articles.c.story_id, articles.c.development_id).where(articles.c.id == _ROW)

_STORY_OF = sa.select(developments.c.story_id).where(developments.c.id == _ROW)

_MERGED_INTO = sa.select(stories.c.merged_into).where(stories.c.id == _ROW)

_COPIED = sa.select(articles.c.id, articles.c.copy_of).where(articles.c.id == _ROW)

_ARTICLE = sa.select(articles).where(articles.c.id == _ROW)

_REVISION = sa.select(revisions).where(
    revisions.c.article_id == _ROW, revisions.c.number == sa.bindparam("last")
)

_SHOWN = sa.select(entries.c.url_key, entries.c.part).where(entries.c.id == _ROW)

_TOKENS_OF = sa.select(token_table.c.token).where(token_table.c.article_id == _ROW)

_NEW_REVISION = sa.insert(revisions)
_NEW_CONCEPT = sa.insert(concepts)
_NEW_CLAIM = sa.insert(claims)
_NEW_TOKEN = sa.insert(token_table)


class ArticleRows(Rows):
    """See `ports.Writes`."""

    def commit_article(
        self,
        draft: Draft,
        placement: Placement,
        *,
        bands: Sequence[int],
        tokens: Sequence[str],
        page_id: int | None,
    ) -> ArticleStored:
        """The article, its mentions, claims, copy edge and group; its page is done."""
        with self.writing() as connection:
            known = articles_of(connection, [clean(draft.url_key)]).get(clean(draft.url_key))
            if known is None:
                stored = _new(connection, draft, placement)
                _index(connection, stored.article_id, draft, bands, tokens, is_new=True)
            else:
                stored = _seen_again(connection, known, draft)
                if stored.is_revised:
                    _index(connection, known, draft, bands, tokens, is_new=False)
            _alias(connection, draft, stored.article_id)
            told = {"row": draft.entry_id, "article_id": stored.article_id}
            is_first = connection.execute(_UNTOLD, {"row": draft.entry_id}).first() is not None
            connection.execute(_ENTRY_TOLD, told)
            if draft.enrichment.relevant and is_first:
                count_day(connection, draft.source_id, draft.seen_at, kept=1)
            if page_id is not None:
                connection.execute(_PAGE_DONE, {"row": page_id})
            return replace(stored, learned=furniture.learned(connection, draft, stored))


def touch_story(connection: sa.Connection, story_id: int, now: datetime) -> None:
    """Something of the story changed: a new version, from now."""
    connection.execute(_STORY_TOUCHED, {"row": story_id, "now": now})


def call_attention(connection: sa.Connection, story_id: int) -> None:
    """Who was done with a story must look again."""
    connection.execute(_ATTENTION, {"row": story_id})


def _new(connection: sa.Connection, draft: Draft, placement: Placement) -> ArticleStored:
    copy = _root(connection, placement.copy)
    story_id, development_id, is_new_story = _group(connection, draft, placement, copy)
    at = told_by(draft.published_at, draft.seen_at)
    article_id = inserted_id(
        connection,
        articles,
        **_content(draft),
        url_key=clean(draft.url_key),
        url=clean(draft.url),
        site=clean(draft.site),
        published_at=draft.published_at,
        published_from=draft.published_from.value,
        first_seen_at=draft.seen_at,
        at=at,
        updated_at=draft.seen_at,
        source_id=draft.source_id,
        development_id=development_id,
        story_id=story_id,
        placement_reasons=cleaned(list(placement.reasons)),
        revision=1,
        **_edge(copy),
    )
    if placement.turned:
        _turn(connection, article_id, placement.turned)
    _put_revision(connection, article_id, 1, draft, "first")
    if not is_new_story:
        touch_story(connection, story_id, draft.seen_at)
    return ArticleStored(
        article_id=article_id,
        is_new=True,
        is_revised=False,
        development_id=development_id,
        story_id=story_id,
        is_new_story=is_new_story,
        is_copy=copy is not None or bool(placement.turned),
        claims=len(draft.enrichment.claims),
    )


def _group(
    connection: sa.Connection, draft: Draft, placement: Placement, copy: Copy | None
) -> tuple[int, int, bool]:
    """(story, development, whether the story is new); a copy stands where its original does."""
    story_id, development_id = placement.story_id, placement.development_id
    if copy:
        row = connection.execute(_STANDS, {"row": copy.original_id}).one()
        return row.story_id, row.development_id, False
    if development_id:
        found = connection.execute(_STORY_OF, {"row": development_id}).scalar()
        if found is not None:
            return found, development_id, False
    is_new_story = not story_id
    if is_new_story:
        story_id = inserted_id(
            connection,
            stories,
            state=ReviewState.NEW.value,
            version=1,
            needs_attention=False,
            is_starred=False,
            first_seen_at=draft.seen_at,
            updated_at=draft.seen_at,
        )
    else:
        story_id = story_now(connection, story_id)
        call_attention(connection, story_id)
    development_id = inserted_id(
        connection, developments, story_id=story_id, first_seen_at=draft.seen_at
    )
    return story_id, development_id, is_new_story


def story_now(connection: sa.Connection, story_id: int) -> int:
    """The story that this one has become by merges."""
    seen = {story_id}
    while True:
        into = connection.execute(_MERGED_INTO, {"row": story_id}).scalar()
        if into is None or into in seen:
            return story_id
        seen.add(into)
        story_id = into


def _root(connection: sa.Connection, copy: Copy | None) -> Copy | None:
    """The edge to the original itself: it may have become a copy since the matcher looked."""
    if copy is None:
        return None
    row = connection.execute(_COPIED, {"row": copy.original_id}).first()
    if row is None:
        return None
    return Copy(original_id=row.copy_of or row.id, containment=copy.containment, why=copy.why)


def _turn(connection: sa.Connection, article_id: int, turned: Mapping[int, Copy]) -> None:
    """The new article is the original of these, except where an analyst said otherwise."""
    own = set(
        connection.execute(
            sa.select(retracted_copies.c.article_id).where(
                retracted_copies.c.article_id.in_(list(turned))
            )
        ).scalars()
    )
    for number, edge in turned.items():
        if number in own:
            continue
        connection.execute(
            sa.update(articles)
            .where(articles.c.id == number)
            .values(
                **_edge(Copy(original_id=article_id, containment=edge.containment, why=edge.why))
            )
        )
    connection.execute(
        sa.update(articles)
        .where(articles.c.id == article_id)
        .values(copy_of=None, copy_containment=None, copy_why="")
    )


def _seen_again(connection: sa.Connection, article_id: int, draft: Draft) -> ArticleStored:
    """A known article: a revision when its text changed for real."""
    old = connection.execute(_ARTICLE, {"row": article_id}).one()
    before = connection.execute(_REVISION, {"row": article_id, "last": old.revision}).one()
    is_revised = not _is_poorer(old, draft) and _is_other(before, draft)
    if is_revised:
        change = _change(connection, before, draft)
        connection.execute(sa.delete(concepts).where(concepts.c.article_id == article_id))
        connection.execute(
            sa.update(articles)
            .where(articles.c.id == article_id)
            .values(**_content(draft), revision=old.revision + 1, updated_at=draft.seen_at)
        )
        _put_revision(connection, article_id, old.revision + 1, draft, change)
        if change == "material" or revised.notice(_whole(before), _whole(draft)):
            call_attention(connection, old.story_id)
        touch_story(connection, old.story_id, draft.seen_at)
    return ArticleStored(
        article_id=article_id,
        is_new=False,
        is_revised=is_revised,
        development_id=old.development_id,
        story_id=old.story_id,
        is_new_story=False,
        is_copy=old.copy_of is not None,
        claims=len(draft.enrichment.claims) if is_revised else 0,
    )


def _is_poorer(old: Any, draft: Draft) -> bool:
    """Whether a sighting shows less of the article than is stored: a summary, an extract."""
    if not draft.text:
        return True
    if "summary_only" in draft.flags and "summary_only" not in old.flags:
        return True
    return draft.source_id != old.source_id and len(draft.text) < POORER * len(old.text)


def _is_other(before: Any, draft: Draft) -> bool:
    """Whether it is not what was read last; a text that was pruned since is known by its hash."""
    if before.raw_hash:
        return bool(before.raw_hash != _hashes(draft).raw)
    return (before.title, before.text) != (clean(draft.title), clean(draft.text))


def _change(connection: sa.Connection, before: Any, draft: Draft) -> str:
    """See `revised.change`; older versions of the program kept no hashes."""
    query = sa.select(claims).where(
        claims.c.article_id == before.article_id, claims.c.revision == before.number
    )
    known = revised.hashes(before.title, before.text, connection.execute(query).all())
    if before.text_hash:
        known = replace(known, text=before.text_hash)
    return revised.change(known, _hashes(draft))


def _hashes(draft: Draft) -> revised.Hashes:
    return revised.hashes(clean(draft.title), clean(draft.text), draft.enrichment.claims)


def _whole(told: Any) -> str:
    return f"{told.title}\n{told.text}"


def _put_revision(
    connection: sa.Connection, article_id: int, number: int, draft: Draft, change: str
) -> None:
    told = _hashes(draft)
    revision = {
        "article_id": article_id,
        "number": number,
        "title": clean(draft.title),
        "text": clean(draft.text),
        "seen_at": draft.seen_at,
        "change": change,
        "raw_hash": told.raw,
        "text_hash": told.text,
        "claims_hash": told.claims,
    }
    connection.execute(_NEW_REVISION, revision)
    put_concepts(connection, article_id, draft.enrichment)
    put_claims(connection, article_id, number, draft.enrichment.claims)


def put_concepts(connection: sa.Connection, article_id: int, said: Enrichment) -> None:
    """What an article can be chosen by; it has none yet."""
    found = [
        {"article_id": article_id, "kind": kind, "value": clean(value), "position": position}
        for kind, field in CONCEPTS.items()
        for position, value in enumerate(dict.fromkeys(getattr(said, field)))
    ]
    if found:
        connection.execute(_NEW_CONCEPT, found)


def put_claims(
    connection: sa.Connection, article_id: int, revision: int, figures: Sequence[Claim]
) -> None:
    """More figures of a revision."""
    rows = [_claim(article_id, revision, claim) for claim in figures]
    if rows:
        connection.execute(_NEW_CLAIM, rows)


def _claim(article_id: int, revision: int, claim: Claim) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "revision": revision,
        "kind": claim.kind,
        "value": claim.value,
        "unit": claim.unit,
        "basis": claim.basis,
        "stage": claim.stage,
        "subjects": cleaned(list(claim.subjects)),
        "category": claim.category,
        "standard": claim.standard,
        "as_of": claim.as_of,
        "doubts": cleaned(list(claim.doubts)),
        "figure_start": claim.figure_start,
        "figure_end": claim.figure_end,
        "quote": clean(claim.quote),
        "start": claim.start,
        "end": claim.end,
    }


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "canonical_url": clean(draft.canonical_url),
        "title": clean(draft.title),
        "text": clean(draft.text),
        "authors": cleaned(list(draft.authors)),
        "flags": cleaned(list(draft.flags)),
        "read_as": "",
        **said_columns(draft.enrichment),
    }


def said_columns(said: Enrichment) -> dict[str, Any]:
    """Columns of an article that follow from its words."""
    return {
        "language": said.language,
        "relevance": said.relevance,
        "relevant": said.relevant,
        "reasons": cleaned(list(said.reasons)),
        "mentions": cleaned(
            [[m.kind, m.concept, m.start, m.end, m.surface] for m in said.mentions]
        ),
        "attributed_to": clean(said.attributed_to),
        "attribution": clean(said.attribution),
    }


def _edge(copy: Copy | None) -> dict[str, Any]:
    if copy is None:
        return {"copy_of": None, "copy_containment": None, "copy_why": ""}
    return {
        "copy_of": copy.original_id,
        "copy_containment": copy.containment,
        "copy_why": clean(copy.why),
    }


def _alias(connection: sa.Connection, draft: Draft, article_id: int) -> None:
    """The address under which the entry was found leads to the article too."""
    shown = connection.execute(_SHOWN, {"row": draft.entry_id}).first()
    if shown is None or not shown.url_key or shown.part or draft.url_key.startswith("entry:"):
        return
    if shown.url_key != clean(draft.url_key):
        alias = {"url_key": shown.url_key, "article_id": article_id}
        connection.execute(insert_new(connection.dialect.name, aliases), alias)


def _index(
    connection: sa.Connection,
    article_id: int,
    draft: Draft,
    keys: Sequence[int],
    found: Sequence[str],
    *,
    is_new: bool,
) -> None:
    """Make it findable: full text, bands, tokens; an older revision's keys stay too."""
    title, text, language = map(clean, (draft.title, draft.text, draft.enrichment.language))
    search.put(connection, article_id, title, text, language, is_new=is_new)
    if keys:
        connection.execute(
            insert_new(connection.dialect.name, band_table),
            [{"key": key, "article_id": article_id} for key in dict.fromkeys(keys)],
        )
    at = told_by(draft.published_at, draft.seen_at)
    known: set[str] = set()
    if not is_new:
        known.update(connection.execute(_TOKENS_OF, {"row": article_id}).scalars())
    put_tokens(connection, article_id, found, known=known, at=at, is_new=is_new)


def put_tokens(
    connection: sa.Connection,
    article_id: int,
    found: Sequence[str],
    *,
    known: AbstractSet[str],
    at: datetime,
    is_new: bool,
) -> None:
    """More tokens of an article beside those that it has, and their counts."""
    fresh = [t for t in dict.fromkeys(clean(t)[:TOKEN_CHARS] for t in found) if t not in known]
    if fresh:
        connection.execute(
            _NEW_TOKEN,
            [{"token": token, "at": at, "article_id": article_id} for token in fresh],
        )
    # Sorted, so that two programs never wait for each other's rows.
    counted = sorted([*fresh, ""] if is_new else fresh)
    if not counted:
        return
    one_more = _one_more(connection.dialect.name)
    connection.execute(one_more, [{"token": token, "count": 1} for token in counted])


@cache
def _one_more(dialect: str) -> Any:
    """Count each token once more; made once."""
    return insert_into(dialect, token_counts).on_conflict_do_update(
        index_elements=["token"], set_={"count": token_counts.c.count + 1}
    )
