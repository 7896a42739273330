"""What reading stored articles again asks of the store, and leaves there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Draft, Placement, StoredArticle
from monitor.model.rescoring import RescoreQuery, Unscored


class Rescoring(Protocol):
    """Stored articles, read again; what analysts decided is never touched."""

    def unscored(self, query: RescoreQuery) -> list[Unscored]:
        """Articles to be read again, those stored last first."""
        ...

    def rescore(
        self, article: StoredArticle, draft: Draft, *, tokens: Sequence[str], read_as: str
    ) -> bool:
        """
        Keep what an article's words say now, within its revision; its story's card is stale.

        Args:
            article: as it was when it was read.
            tokens: index `related`, in the place of those that it had.
            read_as: what it was read with.

        Returns:
            False: it has another text by now, and nothing was changed.
        """
        ...

    def mark_read(self, article_ids: Sequence[int], read_as: Sequence[str]) -> None:
        """Remember what these articles, which say what they said, were read with."""
        ...

    def join_story(self, article_id: int, placement: Placement, *, now: datetime) -> int:
        """
        Let an article that has become relevant, with its copies, stand where it belongs.

        Its own story goes into that one; unless somebody decided on it, or others stand in it.

        Returns:
            The story that it joined; 0 = it stays where it is.
        """
        ...
