"""What is new in a story since a moment: all of it, a further development, more tellings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.deliver.chapters import Chapter, chapters, first_told
from monitor.model import StoredArticle, StoredStory
from monitor.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a reader of the last digest has not seen of a story."""

    #: Nothing of the story was known.
    is_new: bool
    #: Developments first seen since; empty for a new story.
    developments: tuple[Chapter, ...]
    #: Articles first seen since; empty for a new story.
    articles: tuple[StoredArticle, ...]
    #: Articles known before whose text changed since.
    edited: tuple[StoredArticle, ...]


def change(story: StoredStory, *, since: datetime | None) -> Change:
    """
    What happened to the story since then.

    Args:
        story: with the revisions of its articles, else no edit is seen.
        since: None = nothing was seen before.
    """
    if since is None or story.first_seen_at > since:
        return Change(is_new=True, developments=(), articles=(), edited=())
    return Change(
        is_new=False,
        developments=tuple(
            chapter
            for chapter in chapters(story)
            if min(article.first_seen_at for article in chapter.members) > since
        ),
        articles=tuple(a for a in story.articles if a.first_seen_at > since),
        edited=tuple(
            article
            for article in story.articles
            if article.first_seen_at <= since and any(r.seen_at > since for r in article.revisions)
        ),
    )


def change_text(found: Change) -> str:
    """Like `update: a further development, d7, signed; 5 more articles; edited by Ore News`."""
    if found.is_new:
        return "new"
    parts = [
        f"a further development, d{chapter.development}, "
        f"{chapter.step or first_told(chapter.members).title}"
        for chapter in found.developments
    ]
    if found.articles:
        parts.append(f"{counted(len(found.articles), 'more article')}")
    if found.edited:
        parts.append(f"edited by {', '.join(dict.fromkeys(a.site for a in found.edited))}")
    return f"update: {'; '.join(parts)}" if parts else "update"
