"""
From whom a telling comes: copies are their original's, and what names its origin is that one's.

Twelve outlets that tell what one agency told are one origin. An outlet's own tellings are one
origin too, however many articles it makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import StoredArticle


@dataclass(frozen=True, slots=True)
class Origin:
    """An independent source of a telling."""

    #: Equal for one origin, however it is written.
    key: str
    name: str


def roots_of(articles: Sequence[StoredArticle]) -> dict[int, StoredArticle]:
    """By article: itself, or what it is a copy of, as far as that is among these."""
    by_id = {article.id: article for article in articles}
    return {article.id: _root(article, by_id) for article in articles}


def origins_of(articles: Sequence[StoredArticle]) -> dict[int, Origin]:
    """By article: from whom it comes."""
    return {number: _origin(root) for number, root in roots_of(articles).items()}


def _root(article: StoredArticle, by_id: dict[int, StoredArticle]) -> StoredArticle:
    seen = {article.id}
    while article.copy and article.copy.original_id in by_id.keys() - seen:
        article = by_id[article.copy.original_id]
        seen.add(article.id)
    return article


def _origin(root: StoredArticle) -> Origin:
    name = root.attributed_to or root.site
    return Origin(key=" ".join(name.casefold().split()), name=name)
