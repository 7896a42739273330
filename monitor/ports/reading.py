"""What commands, pages, digests and exports read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from monitor.model import (
    Arrivals,
    Filter,
    SearchHit,
    StoredArticle,
    StoredPoll,
    StoredStory,
    StoryQuery,
)
from monitor.model.exchange import Standing
from monitor.model.facets import Facet
from monitor.model.overview import DayCount, SourceArticle, Tellings


class Reads(Protocol):
    """What commands, digests and exports ask; see `monitor.model` for the records."""

    def stories(self, query: Filter) -> list[StoredStory]:
        """Stories with at least one article that passes, newest update first."""
        ...

    def story(self, story_id: int) -> StoredStory | None:
        """One story with its articles, sightings, revisions and claims; redirects after merges."""
        ...

    def whole_stories(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """These stories as `story` gives them; those that were merged away are missing."""
        ...

    def articles(self, query: Filter) -> list[StoredArticle]:
        """Articles that pass, newest first, with sightings and claims."""
        ...

    def article(self, article_id: int) -> StoredArticle | None:
        """One article with everything known of it."""
        ...

    def search(self, words: str, *, limit: int) -> list[SearchHit]:
        """Full text, newest first; never an error, whatever the words are."""
        ...

    def hits_of(self, words: str, story_ids: Sequence[int], *, each: int) -> list[SearchHit]:
        """The newest articles of these stories that the words find, so many of each."""
        ...

    def polls(self, source_id: int, *, limit: int) -> list[StoredPoll]:
        """Last polls of one source, newest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Rows by noun: sources, entries, articles, copies, stories, claims, wanted_pages."""
        ...


class Facets(Protocol):
    """What else a query could be narrowed to, with counts."""

    def facets(
        self, query: StoryQuery, parts: Iterable[str] = ..., *, now: datetime, limit: int
    ) -> dict[str, Facet]:
        """
        The values of each part (of `FACETS`, and `states`), with how many stories each has.

        Args:
            limit: values of each part, the most frequent; what is chosen comes beside them.
        """
        ...


class Overview(Protocol):
    """Stories counted over time; see `model.overview` for the records."""

    def story_days(
        self, kind: str, *, since: datetime, until: datetime, ahead_s: int
    ) -> list[DayCount]:
        """Stories by the day on which something last happened; of a facet's kind, or all ('')."""
        ...

    def decision_days(self, *, since: datetime, until: datetime, ahead_s: int) -> list[DayCount]:
        """Stories by the day on which a state was given to them, and by that state."""
        ...

    def median_wait(self, *, since: datetime, most: int) -> timedelta | None:
        """From a story's beginning until its first decision, by the last `most` decisions."""
        ...

    def outlets_told(self, *, since: datetime, most: int) -> list[Tellings]:
        """By outlet and language what was told since then, of the last `most` articles."""
        ...

    def source_told(self, source_id: int, *, since: datetime, most: int) -> Tellings:
        """The same of what one source brought."""
        ...

    def source_articles(self, source_id: int, *, limit: int) -> list[SourceArticle]:
        """The newest articles that a source brought."""
        ...

    def arrivals_of(self, source_ids: Iterable[int], *, since: date) -> dict[int, Arrivals]:
        """What these sources brought since then, by day (UTC); who brought nothing is missing."""
        ...


class Exchange(Protocol):
    """What goes out into files, and how stories stand when it comes back."""

    def story_ids(self, query: Filter) -> list[int]:
        """Stories with at least one article that passes, newest update first; all of them."""
        ...

    def article_ids(self, query: Filter) -> list[int]:
        """Articles that pass, newest first; all of them."""
        ...

    def chosen_ids(self, query: StoryQuery, *, now: datetime, limit: int) -> list[int]:
        """Stories that a query chooses, those that changed last first."""
        ...

    def stories_of(self, story_ids: Sequence[int]) -> list[StoredStory]:
        """These stories without former texts; those that were merged away are missing."""
        ...

    def articles_of(self, article_ids: Sequence[int]) -> list[StoredArticle]:
        """These articles without former texts."""
        ...

    def standings(self, story_ids: Sequence[int]) -> dict[int, Standing]:
        """How stories stand, by the id that was asked for; unknown ones are missing."""
        ...

    def poll_before(self, source_id: int, at: datetime) -> StoredPoll | None:
        """The poll that brought what was seen then, as long as it is kept."""
        ...
