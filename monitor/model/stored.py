"""Stories, articles and figures as the store shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.model.news import Claim, Copy, DateEvidence, Enrichment
from monitor.model.origins import origins_of


class ReviewState(StrEnum):
    """What an analyst decided about a story."""

    NEW = "new"
    KEPT = "kept"
    DISMISSED = "dismissed"
    FLAGGED = "flagged"
    NEEDS_CHECK = "needs-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which stories, articles or claims to show; every given part must hold."""

    since: datetime | None = None
    mineral: str = ""
    country: str = ""
    company: str = ""
    event: str = ""
    language: str = ""
    source_id: int = 0
    state: ReviewState | None = None
    min_relevance: float = 0.0
    #: Full text; the words are searched for literally.
    search: str = ""
    #: Show irrelevant articles too.
    include_irrelevant: bool = False
    limit: int = 50
    #: 0 = any; else only this story.
    story_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where an article was seen."""

    source_id: int
    source: str
    url: str
    guid: str
    title: str
    seen_at: datetime
    #: Channel or person that it was forwarded from.
    forwarded_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim with where it stands."""

    id: int
    article_id: int
    #: Revision of the article that states it, from 1.
    revision: int
    claim: Claim
    #: Site of the article.
    site: str
    language: str
    #: False for a claim of a superseded revision.
    is_current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One text that an article has had."""

    number: int
    title: str
    text: str
    seen_at: datetime
    #: `first`, `cosmetic`, `text`, `material`.
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store shows it."""

    id: int
    url: str
    url_key: str
    canonical_url: str
    title: str
    text: str
    site: str
    authors: tuple[str, ...]
    published_at: datetime | None
    published_from: DateEvidence
    first_seen_at: datetime
    source_id: int
    source: str
    flags: tuple[str, ...]
    enrichment: Enrichment
    copy: Copy | None
    development_id: int
    story_id: int
    #: Why it stands in its group.
    placement_reasons: tuple[str, ...]
    revision: int
    #: Whom its own words name as their origin (`Reuters`), and those words; or empty.
    attributed_to: str = ""
    attribution: str = ""
    sightings: tuple[Sighting, ...] = ()
    revisions: tuple[StoredRevision, ...] = ()
    claims: tuple[StoredClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story as the store shows it."""

    id: int
    title: str
    first_seen_at: datetime
    updated_at: datetime
    state: ReviewState
    #: Version that a review must be based on.
    version: int
    #: Oldest first.
    articles: tuple[StoredArticle, ...]
    #: Development ids, oldest first.
    developments: tuple[int, ...]
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_starred: bool = False
    assignee: str = ""
    #: Something happened since it was kept or dismissed.
    needs_attention: bool = False

    @property
    def outlets(self) -> tuple[str, ...]:
        """Distinct sites, in order of first telling."""
        return tuple(dict.fromkeys(article.site for article in self.articles))

    @property
    def languages(self) -> tuple[str, ...]:
        """Distinct languages, in order of first telling."""
        return tuple(dict.fromkeys(a.enrichment.language for a in self.articles))

    @property
    def originals(self) -> tuple[StoredArticle, ...]:
        """Articles that are not copies: texts of their own."""
        return tuple(article for article in self.articles if article.copy is None)

    @property
    def origins(self) -> tuple[str, ...]:
        """Independent tellings by whom they come from, in order; see `model.origins`."""
        found = origins_of(self.articles)
        return tuple(
            {found[article.id].key: found[article.id].name for article in self.articles}.values()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One answer of full-text search."""

    article_id: int
    story_id: int
    title: str
    url: str
    site: str
    at: datetime
    #: Words found are between U+2068 and U+2069.
    snippet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of a story's review log; `undone` ones stay in it."""

    id: int
    story_id: int
    at: datetime
    who: str
    #: `state`, `note`, `tag`, `untag`, `star`, `assign`, `merge`, `split`, `not-a-copy`, `undo`.
    action: str
    before: str
    after: str
    undone: bool = False
    #: Decisions that were made, and are undone, together share a number.
    batch: int = 0
    #: What undoing a merge, a split or a "not a copy" needs; JSON values.
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
