"""
A story in the order a reader wants: developments, their tellings, the copies folded under each.

Pure: what was told first, what a later telling adds, and what a reader has not seen yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.dates import told_by
from monitor.deliver.figures import figure_text
from monitor.model import StoredArticle, StoredStory
from monitor.wording import counted

#: Between what an article shares with its story and the step that it tells (`match.stories`).
STEP_MARK = "; but "

#: How such a step ends.
STEP_END = ": a further step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A telling with what is folded under it."""

    article: StoredArticle
    #: In order of time; some may be older than the fuller text that they are folded under.
    copies: tuple[StoredArticle, ...]
    #: Figures that nobody in the story stated before these; empty for the story's first.
    adds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One development."""

    development: int
    #: In order of time, copies included.
    members: tuple[StoredArticle, ...]
    #: In order of time of the first of each telling and its copies.
    told: tuple[Told, ...]
    #: Why it is a development of its own, in words; empty when that is not known.
    step: str


def chapters(story: StoredStory) -> list[Chapter]:
    """The story's developments, oldest first."""
    additions = _additions(story)
    return [
        Chapter(
            development=number,
            members=tuple(members),
            told=tuple(_told(members, additions)),
            step=next(filter(None, map(_step, members)), ""),
        )
        for number in story.developments
        if (members := [a for a in story.articles if a.development_id == number])
    ]


def told_at(article: StoredArticle) -> datetime:
    """When it was published, or first seen where that is unknown; UTC."""
    return (article.published_at or article.first_seen_at).astimezone(UTC)


def first_told(members: Iterable[StoredArticle]) -> StoredArticle:
    """The oldest of some articles, copies included."""
    return min(members, key=in_order)


def last_told(members: Iterable[StoredArticle]) -> StoredArticle:
    """The newest of some articles, copies included."""
    return max(members, key=in_order)


def in_order(article: StoredArticle) -> tuple[datetime, int]:
    """By what tellings are put in order: see `dates.told_by`."""
    return told_by(article.published_at, article.first_seen_at), article.id


def words(concepts: Iterable[str]) -> str:
    """Concepts of the taxonomy as a person reads them: `rare earths, met coal`."""
    return ", ".join(dict.fromkeys(concept.replace("_", " ") for concept in concepts))


def size_text(story: StoredStory) -> str:
    """Like `22 articles by 15 outlets in en, ru: 16 origins, 6 copies; 3 developments`."""
    copies = len(story.articles) - len(story.originals)
    origins = counted(len(story.origins), "origin")
    return (
        f"{counted(len(story.articles), 'article')} by {counted(len(story.outlets), 'outlet')} in "
        f"{', '.join(filter(None, story.languages))}: {origins}, "
        f"{counted(copies, 'copy') if copies else 'no copies'}; "
        f"{counted(len(story.developments), 'development')}"
    )


def _told(members: Sequence[StoredArticle], additions: dict[int, tuple[str, ...]]) -> list[Told]:
    by_id = {article.id: article for article in members}
    folded: dict[int, list[StoredArticle]] = {}
    for article in members:
        folded.setdefault(_root(article, by_id).id, []).append(article)
    return [
        Told(
            article=by_id[number],
            copies=tuple(one for one in group if one.id != number),
            adds=tuple(dict.fromkeys(text for one in group for text in additions[one.id])),
        )
        for number, group in folded.items()
    ]


def _root(article: StoredArticle, by_id: dict[int, StoredArticle]) -> StoredArticle:
    """What an article is folded under in its development: itself, unless it is a copy there."""
    seen = {article.id}
    while article.copy and article.copy.original_id in by_id.keys() - seen:
        article = by_id[article.copy.original_id]
        seen.add(article.id)
    return article


def _additions(story: StoredStory) -> dict[int, tuple[str, ...]]:
    """By article: the figures of its current text that nobody stated before it."""
    stated: set[tuple[str, str, float, str]] = set()
    found: dict[int, tuple[str, ...]] = {}
    for article in story.articles:
        new: dict[str, None] = {}
        for claim in (stored.claim for stored in article.claims if stored.is_current):
            key = (claim.kind, claim.unit, claim.value, claim.basis)
            if key not in stated:
                stated.add(key)
                new[figure_text(claim)] = None
        found[article.id] = () if article is story.articles[0] else tuple(new)
    return found


def _step(article: StoredArticle) -> str:
    """The words of a reason that say why this is a further development."""
    for reason in article.placement_reasons:
        _, mark, step = reason.partition(STEP_MARK)
        if mark:
            return step.removesuffix(STEP_END)
    return ""
