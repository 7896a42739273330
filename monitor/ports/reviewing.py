"""What analysts see in one line, decide and save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import (
    Card,
    Choice,
    Decided,
    Decision,
    Line,
    Lines,
    StoredStory,
    StoryQuery,
    View,
)
from monitor.model.instruments import Instrument


class Inbox(Protocol):
    """Stories in one line each; see `model.Card`, `model.Line`, `model.StoryQuery`."""

    def stale_stories(self, *, limit: int) -> list[int]:
        """Stories in which something happened since their card was made; newest first."""
        ...

    def put_cards(
        self,
        made: Mapping[int, tuple[Card | None, int]],
        *,
        outlets: Mapping[int, Sequence[str]],
        instruments: Mapping[int, Sequence[Instrument]] | None = None,
    ) -> None:
        """Keep cards with the version that they were made of, or none; all outlets; rules."""
        ...

    def lines(
        self, query: StoryQuery, *, reader: str, now: datetime, limit: int, cursor: str = ""
    ) -> Lines:
        """
        One page of what a query chooses, in its order, the latest or highest first.

        Raises:
            BadInput: the cursor is none of ours.
        """
        ...

    def lines_of(self, story_ids: Sequence[int], *, reader: str) -> list[Line]:
        """The lines of these stories, in this order; those without a card are left out."""
        ...

    def count_lines(
        self, query: StoryQuery, *, now: datetime, most: int, after_edition: int = 0
    ) -> int:
        """How many stories a query chooses, whose cards are newer; counted up to `most`."""
        ...

    def edition(self) -> int:
        """Number of the cards that were kept last; what is kept later has a higher one."""
        ...

    def mark_seen(self, reader: str, story_ids: Sequence[int], *, now: datetime) -> None:
        """Remember that a reader has seen all that happened in these stories until now."""
        ...

    def mark_all_seen(self, reader: str, *, now: datetime) -> None:
        """Remember that a reader has seen everything until now."""
        ...


class Reviews(Protocol):
    """What an analyst does."""

    def decide(self, choices: Sequence[Choice], *, who: str, now: datetime) -> Decided:
        """
        Log and apply decisions, in one transaction; they are undone together.

        A choice that is based on another version than the present one is not taken.

        Raises:
            BadInput: no such story, unknown action or state, or a value that is too long.
        """
        ...

    def review(
        self,
        story_id: int,
        *,
        action: str,
        value: str,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """
        Log and apply one decision (`state`, `note`, `tag`, `untag`, `star`, `assign`).

        Raises:
            BadInput: no such story, unknown action or state, or `version` is outdated.
        """
        ...

    def undo_review(self, *, who: str, now: datetime, batch: int = 0) -> list[Decision]:
        """
        Take back what this user decided last (merges, splits and "not a copy" too), or a batch.

        Raises:
            BadInput: another user decided on the same since.
        """
        ...

    def decisions(self, story_id: int) -> list[Decision]:
        """The log of one story, oldest first."""
        ...

    def merge_stories(
        self,
        kept_id: int,
        merged_id: int,
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """Make two stories one; the old id redirects, both logs stay."""
        ...

    def split_story(
        self,
        story_id: int,
        article_ids: Sequence[int],
        *,
        who: str,
        now: datetime,
        version: int | None = None,
    ) -> Decision:
        """Make these articles, with their copies, a story of its own; its id is in `after`."""
        ...

    def retract_copy(self, article_id: int, *, who: str, now: datetime) -> Decision | None:
        """An analyst says that the article is no copy; remembered, so it never returns."""
        ...

    def stories_changed_since(self, since: datetime, *, limit: int) -> list[StoredStory]:
        """Stories updated after `since`, newest update first, for digests."""
        ...

    def last_digest_at(self) -> datetime | None:
        """When the last digest was recorded."""
        ...

    def record_digest(self, *, now: datetime) -> None:
        """Remember that a digest was made now."""
        ...


class Views(Protocol):
    """Saved queries."""

    def views(self) -> list[View]:
        """All that are not removed, by name."""
        ...

    def view(self, view_id: int) -> View | None:
        """One view that is not removed."""
        ...

    def view_of_token(self, token: str) -> View | None:
        """The view whose feed has this secret address; None for any other text."""
        ...

    def add_view(self, name: str, query: StoryQuery, *, owner: str, now: datetime) -> View:
        """
        Keep a query under a name.

        Raises:
            BadInput: the name is empty, too long, or taken.
        """
        ...

    def rename_view(self, view_id: int, name: str) -> View:
        """
        Give a view another name.

        Raises:
            BadInput: there is no such view; the name is empty, too long, or taken.
        """
        ...

    def set_view_query(self, view_id: int, query: StoryQuery) -> View:
        """
        Make a view choose something else.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def renew_view(self, view_id: int) -> View:
        """
        Give a view a new secret address; the old one leads nowhere.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def remove_view(self, view_id: int, *, now: datetime) -> View:
        """
        Put a view away; alerts and digests that stand on it rest.

        Raises:
            BadInput: there is no such view.
        """
        ...

    def restore_view(self, view_id: int) -> View:
        """
        Bring a removed view back, under its name and address.

        Raises:
            BadInput: there is none, or its name was taken meanwhile.
        """
        ...
