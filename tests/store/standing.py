"""How stories and articles stand, in full, so that before and after can be compared."""

import sqlalchemy as sa

from monitor.store.tables import articles, decisions, developments, stories, story_facets

EDGE = ("copy_of", "copy_containment", "copy_why")

STANDING = ("state", "is_starred", "assignee", "needs_attention", "is_open", "first_seen_at")


def place(database, article_id):
    """(story, development) of an article."""
    article = database.article(article_id)
    return article.story_id, article.development_id


def groups(database, numbers):
    """By article: all that grouping may change; by story: how it stands."""
    grouping = ("id", "story_id", "development_id", "placement_reasons", *EDGE)
    with database.reading() as connection:
        rows = connection.execute(
            sa.select(*(articles.c[name] for name in grouping)).where(articles.c.id.in_(numbers))
        ).all()
        present = {row.story_id for row in rows}
        found = {f"a{row.id}": tuple(row) for row in rows}
        for row in connection.execute(
            sa.select(stories.c.id, *(stories.c[name] for name in STANDING)).where(
                stories.c.id.in_(present)
            )
        ):
            found[f"s{row.id}"] = tuple(row)
        said = sa.select(decisions.c.story_id, decisions.c.action, decisions.c.after).where(
            decisions.c.story_id.in_(present), decisions.c.action == "note", ~decisions.c.undone
        )
        tags = sa.select(story_facets.c.story_id, story_facets.c.kind, story_facets.c.value).where(
            story_facets.c.story_id.in_(present), story_facets.c.kind == "tag"
        )
        found["words"] = sorted(map(tuple, [*connection.execute(said), *connection.execute(tags)]))
    return found


def log_of(database, numbers):
    """By id: what may never change of the decisions on these articles' stories."""
    query = sa.select(decisions).where(
        decisions.c.story_id.in_(sa.select(articles.c.story_id).where(articles.c.id.in_(numbers)))
    )
    with database.reading() as connection:
        return {
            row.id: (row.at, row.who, row.action, row.after) for row in connection.execute(query)
        }


def moves(database):
    """Articles that stand in no story, in one that went, or not where their development does."""
    query = (
        sa.select(articles.c.id, articles.c.story_id, developments.c.story_id.label("of_group"))
        .outerjoin(developments, developments.c.id == articles.c.development_id)
        .outerjoin(stories, stories.c.id == articles.c.story_id)
        .where(
            sa.or_(
                developments.c.id.is_(None),
                developments.c.story_id != articles.c.story_id,
                stories.c.id.is_(None),
                stories.c.merged_into.is_not(None),
            )
        )
    )
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]
