"""
From whom a telling comes: copies are their original's, and what names its origin is that one's.

Twelve outlets that tell what one agency told are one origin. An outlet's own tellings are one
origin too, however many articles it makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from monitor.model.news import Copy

#: Who goes back to whom goes back to whom, at most so many times.
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """An independent source of a telling."""

    #: Equal for one origin, however it is written.
    key: str
    name: str


class Told(Protocol):
    """An article, as far as its origin is concerned."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def url(self) -> str:
        """Its address."""
        ...

    @property
    def site(self) -> str:
        """The name of its outlet."""
        ...

    @property
    def attributed_to(self) -> str:
        """Whom it names as its origin."""
        ...

    @property
    def copy(self) -> Copy | None:
        """What it is a copy of."""
        ...


Article = TypeVar("Article", bound=Told)


def roots_of(articles: Sequence[Article]) -> dict[int, Article]:
    """By article: itself, or what it is a copy of, as far as that is among these."""
    by_id = {article.id: article for article in articles}
    return {article.id: _root(article, by_id) for article in articles}


def origins_of(articles: Sequence[Article]) -> dict[int, Origin]:
    """
    By article: from whom it comes.

    Where an outlet names another whose article is among these, that one's origin is its own.
    """
    outlets: dict[str, Origin] = {}
    for article in articles:
        found = _named(article.attributed_to or article.site)
        for name in (article.site, _host(article.url)):
            outlets.setdefault(_key(name), found)
    outlets.pop("", None)
    return {
        number: _followed(_named(root.attributed_to or root.site), outlets)
        for number, root in roots_of(articles).items()
    }


def _root(article: Article, by_id: dict[int, Article]) -> Article:
    seen = {article.id}
    while article.copy and article.copy.original_id in by_id.keys() - seen:
        article = by_id[article.copy.original_id]
        seen.add(article.id)
    return article


def _followed(origin: Origin, outlets: dict[str, Origin]) -> Origin:
    for _ in range(MOST_STEPS):
        further = outlets.get(origin.key, origin)
        if further.key == origin.key:
            break
        origin = further
    return origin


def _named(name: str) -> Origin:
    return Origin(key=_key(name), name=name)


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold().removeprefix("www.")))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
