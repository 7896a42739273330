"""Stories, articles and search as commands, digests and exports read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import (
    Claim,
    Copy,
    DateEvidence,
    Decision,
    Enrichment,
    Filter,
    Mention,
    ReviewState,
    SearchHit,
    Sighting,
    StoredArticle,
    StoredClaim,
    StoredRevision,
    StoredStory,
)
from monitor.store import search
from monitor.store.articles import story_now
from monitor.store.rows import Rows, chunks, clean
from monitor.store.tables import (
    articles,
    claims,
    concepts,
    decisions,
    developments,
    entries,
    revisions,
    said_part,
    sources,
    stories,
    story_facets,
    wanted_pages,
)

#: A search looks at so many of the newest hits at most.
MOST_HITS = 1000


class Reads(Rows):
    """See `ports.Reads`."""

    def stories(self, query: Filter) -> list[StoredStory]:
        """Stories with at least one article that passes, newest update first."""
        with self.reading() as connection:
            return _stories(connection, list(connection.execute(self._passing(query)).scalars()))

    def story_ids(self, query: Filter) -> list[int]:
        """The ids of the same stories."""
        with self.reading() as connection:
            return list(connection.execute(self._passing(query)).scalars())

    def story(self, story_id: int) -> StoredStory | None:
        """One story with everything known of it; an old id leads to what it became."""
        with self.reading() as connection:
            found = _stories(connection, [story_now(connection, story_id)], with_texts=True)
        return found[0] if found else None

    def whole_stories(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """These stories with everything known of them; those that were merged away are missing."""
        return self._present(story_ids, with_texts=True)

    def stories_of(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """The same without former texts."""
        return self._present(story_ids, with_texts=False)

    def stories_changed_since(self, since: datetime, *, limit: int) -> list[StoredStory]:
        """Stories updated after `since`, without those dismissed for good."""
        wanted = (
            sa.select(stories.c.id)
            .where(
                stories.c.merged_into.is_(None),
                stories.c.updated_at > since,
                sa.or_(stories.c.state != ReviewState.DISMISSED.value, stories.c.needs_attention),
                stories.c.id.in_(sa.select(articles.c.story_id).where(articles.c.relevant)),
            )
            .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return _stories(connection, list(connection.execute(wanted).scalars()))

    def articles(self, query: Filter) -> list[StoredArticle]:
        """Articles that pass, newest first, with sightings and claims."""
        with self.reading() as connection:
            return _articles(connection, list(connection.execute(self._telling(query)).scalars()))

    def article_ids(self, query: Filter) -> list[int]:
        """The ids of the same articles."""
        with self.reading() as connection:
            return list(connection.execute(self._telling(query)).scalars())

    def articles_of(self, article_ids: Sequence[int]) -> list[StoredArticle]:
        """These articles without former texts."""
        with self.reading() as connection:
            return _articles(connection, article_ids)

    def article(self, article_id: int) -> StoredArticle | None:
        """One article with everything known of it."""
        with self.reading() as connection:
            found = _articles(connection, [article_id], with_texts=True)
        return found[0] if found else None

    def search(self, words: str, *, limit: int) -> list[SearchHit]:
        """Full text, newest first; never an error, whatever the words are."""
        wanted = search.query_words(words)
        if not wanted:
            return []
        hits = search.found_ids(self.dialect, wanted)
        newest = hits.order_by(sa.desc("id")).limit(min(limit, MOST_HITS))
        with self.reading() as connection:
            numbers = list(connection.execute(newest).scalars())
            rows = [
                row
                for part in chunks(numbers)
                for row in connection.execute(sa.select(articles).where(articles.c.id.in_(part)))
            ]
        rows.sort(key=lambda row: (row.at, row.id), reverse=True)
        return [_hit(row, wanted) for row in rows]

    def hits_of(self, words: str, story_ids: Sequence[int], *, each: int) -> list[SearchHit]:
        """The newest articles of these stories that the words find, so many of each."""
        wanted = search.query_words(words)
        if not wanted:
            return []
        place = sa.func.row_number().over(
            partition_by=articles.c.story_id, order_by=(articles.c.at.desc(), articles.c.id.desc())
        )
        ranked = (
            sa.select(articles.c.id, place.label("place"))
            .where(
                articles.c.story_id.in_(story_ids),
                articles.c.id.in_(search.found_ids(self.dialect, wanted)),
            )
            .subquery()
        )
        query = (
            sa.select(articles)
            .join(ranked, ranked.c.id == articles.c.id)
            .where(ranked.c.place <= each)
            .order_by(articles.c.at.desc(), articles.c.id.desc())
        )
        with self.reading() as connection:
            return [_hit(row, wanted) for row in connection.execute(query)]

    def counts(self) -> Mapping[str, int]:
        """Rows by noun."""
        queries = {
            "sources": sa.select(sa.func.count()).where(sources.c.removed_at.is_(None)),
            "entries": sa.select(sa.func.count()).select_from(entries),
            "articles": sa.select(sa.func.count()).select_from(articles),
            "relevant": sa.select(sa.func.count()).where(articles.c.relevant),
            "copies": sa.select(sa.func.count()).where(articles.c.copy_of.is_not(None)),
            "stories": sa.select(sa.func.count(sa.distinct(articles.c.story_id))).where(
                articles.c.relevant
            ),
            "developments": sa.select(sa.func.count(sa.distinct(articles.c.development_id))).where(
                articles.c.relevant
            ),
            "claims": sa.select(sa.func.count()).select_from(claims),
            "wanted_pages": sa.select(sa.func.count()).where(wanted_pages.c.state == "wanted"),
        }
        with self.reading() as connection:
            return {name: connection.execute(q).scalar_one() for name, q in queries.items()}

    def _passing(self, query: Filter) -> sa.Select[int]:
        """The ids of stories that pass, newest update first."""
        passing = sa.select(articles.c.story_id).where(*self._conditions(query))
        wanted = (
            sa.select(stories.c.id)
            .where(stories.c.merged_into.is_(None), stories.c.id.in_(passing))
            .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
            .limit(query.limit)
        )
        return wanted.where(stories.c.state == query.state.value) if query.state else wanted

    def _telling(self, query: Filter) -> sa.Select[int]:
        """The ids of articles that pass, newest first."""
        wanted = (
            sa.select(articles.c.id)
            .where(*self._conditions(query))
            .order_by(articles.c.at.desc(), articles.c.id.desc())
            .limit(query.limit)
        )
        if query.state is None:
            return wanted
        of_state = sa.select(stories.c.id).where(stories.c.state == query.state.value)
        return wanted.where(articles.c.story_id.in_(of_state))

    def _present(self, story_ids: Sequence[int], *, with_texts: bool) -> list[StoredStory]:
        present = sa.select(stories.c.id).where(
            stories.c.id.in_(story_ids), stories.c.merged_into.is_(None)
        )
        with self.reading() as connection:
            numbers = set(connection.execute(present).scalars())
            wanted = [number for number in story_ids if number in numbers]
            return _stories(connection, wanted, with_texts=with_texts)

    def _conditions(self, query: Filter) -> list[sa.ColumnElement[bool]]:
        found: list[sa.ColumnElement[bool]] = []
        if not query.include_irrelevant:
            found.append(articles.c.relevant)
        if query.min_relevance:
            found.append(articles.c.relevance >= query.min_relevance)
        if query.since:
            found.append(articles.c.at >= query.since)
        if query.language:
            found.append(articles.c.language == query.language)
        if query.story_id:
            found.append(articles.c.story_id == query.story_id)
        if query.source_id:
            sightings = sa.select(entries.c.article_id).where(
                entries.c.source_id == query.source_id, entries.c.article_id.is_not(None)
            )
            found.append(articles.c.id.in_(sightings))
        for kind in ("mineral", "country", "company", "event"):
            if value := getattr(query, kind):
                carrying = sa.select(concepts.c.article_id).where(
                    concepts.c.kind == kind,
                    sa.func.lower(concepts.c.value) == clean(value).lower(),
                )
                found.append(articles.c.id.in_(carrying))
        if query.search:
            words = search.query_words(query.search)
            found.append(
                articles.c.id.in_(search.found_ids(self.dialect, words)) if words else sa.false()
            )
        return found


def enrichments(connection: sa.Connection, rows: Sequence[Any]) -> dict[int, Enrichment]:
    """What the words of these article rows say, with the figures of their newest texts."""
    numbers = [row.id for row in rows]
    by_kind = _concepts(connection, numbers)
    current = {row.id: row.revision for row in rows}
    said: dict[int, list[Claim]] = {number: [] for number in numbers}
    for row in _claim_rows(connection, numbers):
        if row.revision == current[row.article_id]:
            said[row.article_id].append(claim_of(row))
    return {row.id: _enrichment(row, by_kind[row.id], tuple(said[row.id])) for row in rows}


def decision(row: Any) -> Decision:
    """A decision as the log has it."""
    return Decision(
        id=row.id,
        story_id=row.story_id,
        at=row.at,
        who=row.who,
        action=row.action,
        before=row.before,
        after=row.after,
        undone=row.undone,
        batch=row.batch,
        details=row.details,
    )


def _stories(
    connection: sa.Connection, numbers: Sequence[int], *, with_texts: bool = False
) -> list[StoredStory]:
    """The stories of these ids, in this order, without a query per story."""
    rows: dict[int, Any] = {}
    members: dict[int, list[StoredArticle]] = {number: [] for number in numbers}
    order: dict[int, list[int]] = {number: [] for number in numbers}
    log: dict[int, list[Any]] = {number: [] for number in numbers}
    tags: dict[int, list[str]] = {number: [] for number in numbers}
    for part in chunks(numbers):
        rows |= {
            r.id: r for r in connection.execute(sa.select(stories).where(stories.c.id.in_(part)))
        }
        wanted = (
            sa.select(articles.c.id)
            .where(articles.c.story_id.in_(part))
            .order_by(articles.c.at, articles.c.id)
        )
        ids = list(connection.execute(wanted).scalars())
        for article in _articles(connection, ids, with_texts=with_texts):
            members[article.story_id].append(article)
        groups = sa.select(developments.c.id, developments.c.story_id).where(
            developments.c.story_id.in_(part)
        )
        for number, story_id in connection.execute(groups):
            order[story_id].append(number)
        said = sa.select(decisions).where(
            decisions.c.story_id.in_(part), ~decisions.c.undone, decisions.c.action != "undo"
        )
        for row in connection.execute(said.order_by(decisions.c.id)):
            log[row.story_id].append(row)
        tagged = sa.select(story_facets.c.story_id, story_facets.c.value).where(
            story_facets.c.kind == "tag", story_facets.c.story_id.in_(part)
        )
        for story_id, tag in connection.execute(tagged.order_by(story_facets.c.value)):
            tags[story_id].append(tag)
    return [
        _story(rows[number], members[number], order[number], log[number], tags[number])
        for number in numbers
        if number in rows and members[number]
    ]


def _story(
    row: Any,
    members: Sequence[StoredArticle],
    groups: Sequence[int],
    log: Sequence[Any],
    tags: Sequence[str],
) -> StoredStory:
    first: dict[int, int] = {}
    for position, article in enumerate(members):
        first.setdefault(article.development_id, position)
    shown = [m for m in members if m.copy is None and m.enrichment.relevant] or members
    return StoredStory(
        id=row.id,
        title=shown[0].title,
        first_seen_at=row.first_seen_at,
        updated_at=row.updated_at,
        state=ReviewState(row.state),
        version=row.version,
        articles=tuple(members),
        developments=tuple(sorted((g for g in groups if g in first), key=first.__getitem__)),
        notes=tuple(d.after for d in log if d.action == "note"),
        tags=tuple(tags),
        is_starred=row.is_starred,
        assignee=row.assignee,
        needs_attention=row.needs_attention,
    )


def _articles(
    connection: sa.Connection, numbers: Sequence[int], *, with_texts: bool = False
) -> list[StoredArticle]:
    """The articles of these ids, in this order."""
    rows: dict[int, Any] = {}
    names = {
        row.id: row.name for row in connection.execute(sa.select(sources.c.id, sources.c.name))
    }
    for part in chunks(numbers):
        rows |= {
            r.id: r for r in connection.execute(sa.select(articles).where(articles.c.id.in_(part)))
        }
    said = enrichments(connection, list(rows.values()))
    figures: dict[int, list[StoredClaim]] = {number: [] for number in numbers}
    for row in _claim_rows(connection, numbers):
        figures[row.article_id].append(_stored_claim(row, rows[row.article_id]))
    seen = _sightings(connection, numbers, names)
    texts = _revisions(connection, numbers) if with_texts else {}
    return [
        _article(
            rows[number],
            names,
            said[number],
            tuple(seen[number]),
            tuple(texts.get(number, ())),
            tuple(figures[number]),
        )
        for number in numbers
        if number in rows
    ]


def _article(
    row: Any,
    names: Mapping[int, str],
    said: Enrichment,
    seen: tuple[Sighting, ...],
    texts: tuple[StoredRevision, ...],
    figures: tuple[StoredClaim, ...],
) -> StoredArticle:
    copy = None
    if row.copy_of is not None:
        copy = Copy(
            original_id=row.copy_of, containment=row.copy_containment or 0.0, why=row.copy_why
        )
    return StoredArticle(
        id=row.id,
        url=row.url,
        url_key=row.url_key,
        canonical_url=row.canonical_url,
        title=row.title,
        text=row.text,
        site=row.site,
        authors=tuple(row.authors),
        published_at=row.published_at,
        published_from=DateEvidence(row.published_from),
        first_seen_at=row.first_seen_at,
        source_id=row.source_id,
        source=names.get(row.source_id, ""),
        flags=tuple(row.flags),
        enrichment=said,
        copy=copy,
        development_id=row.development_id,
        story_id=row.story_id,
        placement_reasons=tuple(row.placement_reasons),
        revision=row.revision,
        attributed_to=row.attributed_to,
        attribution=row.attribution,
        sightings=seen,
        revisions=texts,
        claims=figures,
    )


def _sightings(
    connection: sa.Connection, numbers: Sequence[int], names: Mapping[int, str]
) -> dict[int, list[Sighting]]:
    found: dict[int, list[Sighting]] = {number: [] for number in numbers}
    for part in chunks(numbers):
        query = sa.select(
            entries.c.article_id,
            entries.c.source_id,
            entries.c.url,
            entries.c.guid,
            entries.c.title,
            entries.c.first_seen_at,
            said_part(connection.dialect.name, "forwarded_from").label("forwarded_from"),
        ).where(entries.c.article_id.in_(part))
        for row in connection.execute(query.order_by(entries.c.id)):
            found[row.article_id].append(
                Sighting(
                    source_id=row.source_id,
                    source=names.get(row.source_id, ""),
                    url=row.url,
                    guid=row.guid,
                    title=row.title,
                    seen_at=row.first_seen_at,
                    forwarded_from=row.forwarded_from or "",
                )
            )
    return found


def _revisions(
    connection: sa.Connection, numbers: Sequence[int]
) -> dict[int, list[StoredRevision]]:
    found: dict[int, list[StoredRevision]] = {number: [] for number in numbers}
    for part in chunks(numbers):
        query = sa.select(revisions).where(revisions.c.article_id.in_(part))
        for row in connection.execute(query.order_by(revisions.c.article_id, revisions.c.number)):
            found[row.article_id].append(
                StoredRevision(
                    number=row.number,
                    title=row.title,
                    text=row.text,
                    seen_at=row.seen_at,
                    change=row.change,
                )
            )
    return found


def _claim_rows(connection: sa.Connection, numbers: Sequence[int]) -> Iterable[Any]:
    for part in chunks(numbers):
        query = sa.select(claims).where(claims.c.article_id.in_(part))
        yield from connection.execute(query.order_by(claims.c.id))


def _concepts(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {number: {} for number in numbers}
    for part in chunks(numbers):
        query = sa.select(concepts).where(concepts.c.article_id.in_(part))
        for row in connection.execute(query.order_by(concepts.c.position)):
            found[row.article_id].setdefault(row.kind, []).append(row.value)
    return found


def _enrichment(
    row: Any, by_kind: Mapping[str, Sequence[str]], said: tuple[Claim, ...]
) -> Enrichment:
    return Enrichment(
        language=row.language,
        mentions=tuple(
            Mention(kind=kind, concept=concept, start=start, end=end, surface=surface)
            for kind, concept, start, end, surface in row.mentions
        ),
        minerals=tuple(by_kind.get("mineral", ())),
        countries=tuple(by_kind.get("country", ())),
        companies=tuple(by_kind.get("company", ())),
        places=tuple(by_kind.get("place", ())),
        events=tuple(by_kind.get("event", ())),
        claims=said,
        relevance=row.relevance,
        relevant=row.relevant,
        reasons=tuple(row.reasons),
        attributed_to=row.attributed_to,
        attribution=row.attribution,
    )


def claim_of(row: Any) -> Claim:
    """What a row of `claims` states."""
    return Claim(
        kind=row.kind,
        value=row.value,
        unit=row.unit,
        basis=row.basis,
        stage=row.stage,
        subjects=tuple(row.subjects),
        category=row.category,
        standard=row.standard,
        as_of=row.as_of,
        doubts=tuple(row.doubts),
        quote=row.quote,
        start=row.start,
        end=row.end,
        figure_start=row.figure_start,
        figure_end=row.figure_end,
    )


def _stored_claim(row: Any, article: Any) -> StoredClaim:
    return StoredClaim(
        id=row.id,
        article_id=row.article_id,
        revision=row.revision,
        claim=claim_of(row),
        site=article.site,
        language=article.language,
        is_current=row.revision == article.revision,
    )


def _hit(row: Any, words: Sequence[search.Term]) -> SearchHit:
    at: datetime = row.at
    return SearchHit(
        article_id=row.id,
        story_id=row.story_id,
        title=row.title,
        url=row.url,
        site=row.site,
        at=at,
        snippet=search.snippet(row.text, words, row.language),
    )
