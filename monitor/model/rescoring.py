"""What reading stored articles again would change, and did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.news import Claim
from monitor.model.stored import StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class RescoreQuery:
    """Which stored articles are read again; every given part must hold."""

    #: Told at or after.
    since: datetime | None = None
    #: 0 = any.
    source_id: int = 0
    story_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """A stored article, as far as is needed to tell whether it must be read again."""

    id: int
    source_id: int
    language: str
    #: What it was read with last; empty = not known.
    read_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a stored article differs from what its words say now."""

    article: StoredArticle
    was_relevant: bool
    is_relevant: bool
    #: In [0, 1].
    before: float
    after: float
    reasons_lost: tuple[str, ...] = ()
    reasons_gained: tuple[str, ...] = ()
    #: `mineral: tungsten`, `language: ru`, `tag: Kazakh tungsten`.
    tags_lost: tuple[str, ...] = ()
    tags_gained: tuple[str, ...] = ()
    figures_lost: tuple[Claim, ...] = ()
    figures_gained: tuple[Claim, ...] = ()
    #: Something else differs: where a name stands, who is named as the origin.
    is_deeper: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything differs."""
        return (
            (self.was_relevant, self.before) != (self.is_relevant, self.after)
            or bool(self.reasons_lost or self.reasons_gained or self.tags_lost)
            or bool(self.tags_gained or self.figures_lost or self.figures_gained)
            or self.is_deeper
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What the store made of one article that was read again."""

    article_id: int
    #: False: it got another text meanwhile, which was read then.
    is_done: bool
    #: The story that it joined, now that it is relevant; 0 = it stays where it is.
    joined: int = 0
    #: Tags that rules put on its story, and took off.
    tagged: tuple[str, ...] = ()
    untagged: tuple[str, ...] = ()


@dataclass(slots=True)
class RescoreTally:
    """What was read again so far, counted as it happens."""

    read: int = 0
    #: Anything differs.
    changed: int = 0
    becoming_relevant: int = 0
    no_longer_relevant: int = 0
    #: Relevant as before, or not, with another score.
    rescored: int = 0
    figures_gained: int = 0
    figures_lost: int = 0
    tags_gained: int = 0
    tags_lost: int = 0
    #: Articles that became relevant and joined a story that was there.
    joined: int = 0
    #: Tags that rules put on stories, and took off.
    tagged: int = 0
    untagged: int = 0
    #: They got another text meanwhile, which was read then.
    passed_over: int = 0
    #: Their words could not be read; they stay as they are.
    unreadable: int = 0
    #: Of a preview: story to the tags that rules would put on it, and take off.
    story_tags: Mapping[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """One more article."""
        self.read += 1
        self.changed += change.is_any
        self.becoming_relevant += change.is_relevant and not change.was_relevant
        self.no_longer_relevant += change.was_relevant and not change.is_relevant
        is_same = change.was_relevant == change.is_relevant
        self.rescored += is_same and change.before != change.after
        self.figures_gained += len(change.figures_gained)
        self.figures_lost += len(change.figures_lost)
        self.tags_gained += len(change.tags_gained)
        self.tags_lost += len(change.tags_lost)
