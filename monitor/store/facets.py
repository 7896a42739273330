"""
What else a query could be narrowed to, with counts.

Each part is counted as if nothing were chosen of it, so that one choice can be exchanged for
another. Of a query that chooses many stories the newest are counted, so that the time does
not grow with the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.model import FACETS, StoryQuery
from monitor.model.facets import Facet
from monitor.store.narrowing import conditions, rare_parts
from monitor.store.rows import Rows
from monitor.store.tables import stories, story_facets

#: Parts that can be counted: those of `model.FACETS`, and how a story stands.
PARTS = (*FACETS, "states")

#: Stories that are counted at most.
MOST_COUNTED = 2000


class FacetRows(Rows):
    """See `ports.Facets`."""

    def facets(
        self,
        query: StoryQuery,
        parts: Iterable[str] = PARTS,
        *,
        now: datetime,
        limit: int,
        most: int = MOST_COUNTED,
    ) -> dict[str, Facet]:
        """
        The values of each part that a query could be narrowed to, with counts.

        Args:
            limit: values of each part, the most frequent; what is chosen comes beside them.
            most: stories that are counted, the newest.
        """
        wanted = list(parts)
        free = [part for part in wanted if not getattr(query, part)]
        with self.reading() as connection:
            found = self._counted(connection, query, free, now=now, most=most)
            for part in wanted:
                if part in free:
                    continue
                nothing: dict[str, Any] = {part: ()}
                without = replace(query, **nothing)
                found |= self._counted(connection, without, [part], now=now, most=most)
        return {
            part: Facet(counts=_first(counts, getattr(query, part), limit), counted=counted)
            for part, (counts, counted) in found.items()
        }

    def _counted(
        self,
        connection: sa.Connection,
        query: StoryQuery,
        parts: Sequence[str],
        *,
        now: datetime,
        most: int,
    ) -> dict[str, tuple[dict[str, int], int]]:
        """The counts of all values of these parts, and of how many stories when not of all."""
        if not parts:
            return {}
        rare = rare_parts(connection, query)
        newest = (
            sa.select(stories.c.id, stories.c.state)
            .where(*conditions(self.dialect, query, now=now, rare=rare))
            .order_by(stories.c.updated_at.desc(), stories.c.id.desc())
            .limit(most)
            .cte("newest")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        kinds = {FACETS[part]: part for part in parts if part in FACETS}
        counts: dict[str, dict[str, int]] = {part: {} for part in parts}
        for kind, value, number in connection.execute(_by_value(newest, list(kinds))):
            if kind in kinds:
                counts[kinds[kind]][value] = number
            elif kind == "states" in counts:
                counts["states"][value] = number
        total = sum(counts.get("states", {}).values())
        if "states" not in counts:
            total = connection.execute(sa.select(sa.func.count()).select_from(newest)).scalar_one()
        return {part: (found, most if total >= most else 0) for part, found in counts.items()}


def _by_value(newest: Any, kinds: Sequence[str]) -> sa.CompoundSelect[Any]:
    """(kind, value, count) of facets, and of states as a kind of their own."""
    of_facets = (
        sa.select(story_facets.c.kind, story_facets.c.value, sa.func.count())
        .join(newest, newest.c.id == story_facets.c.story_id)
        .where(story_facets.c.kind.in_(kinds))
        .group_by(story_facets.c.kind, story_facets.c.value)
    )
    of_states = sa.select(sa.literal("states"), newest.c.state, sa.func.count()).group_by(
        newest.c.state
    )
    return sa.union_all(of_facets, of_states)


def _first(counts: Mapping[str, int], chosen: Sequence[Any], limit: int) -> dict[str, int]:
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    kept = dict.fromkeys([*ranked[:limit], *(str(value) for value in chosen)])
    return {value: counts.get(value, 0) for value in kept}
