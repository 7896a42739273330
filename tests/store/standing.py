"""How stories and articles stand, in full, so that before and after can be compared."""

import sqlalchemy as sa

from monitor.store.tables import articles, developments, stories


def place(database, article_id):
    """(story, development) of an article."""
    article = database.article(article_id)
    return article.story_id, article.development_id


def groups(database, numbers):
    """By article: all that grouping may change; by story: how it stands."""
    found = {}
    for number in numbers:
        article = database.article(number)
        found[f"a{number}"] = (
            article.story_id,
            article.development_id,
            article.copy,
            article.placement_reasons,
        )
        story = database.story(article.story_id)
        found[f"s{story.id}"] = (
            story.state,
            story.is_starred,
            story.assignee,
            story.tags,
            story.notes,
            story.needs_attention,
            story.first_seen_at,
            story.developments,
        )
    return found


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
