"""What the nightly repair asks of the store, and leaves there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Placement
from monitor.model.repairs import Regrouping


class Repairs(Protocol):
    """Groups that the order of arrival made; those that an analyst made are never touched."""

    def lonely(self, *, since: datetime, limit: int) -> list[int]:
        """
        Relevant originals that, but for their copies, are alone in their development.

        Returns:
            Those dated last, `limit` at most, in order of time.
        """
        ...

    def regroup(
        self, article_id: int, placement: Placement, *, now: datetime, is_kept: bool = True
    ) -> Regrouping | None:
        """
        Let an article, with its copies, stand where it was found to belong, and log that.

        One that is alone in its story brings it into the other one, whose id stays, as when an
        analyst merges them; one that is alone in its development joins another of its story.

        Args:
            is_kept: False tells what would be done.

        Returns:
            None: it stays where it is; others came to it, or an analyst put it there.
        """
        ...

    def regroupings(
        self, *, story_id: int = 0, since: datetime | None = None, limit: int = 100
    ) -> Sequence[Regrouping]:
        """What repairs did, the last first; with `story_id`, to this story."""
        ...
