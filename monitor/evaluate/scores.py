"""The table: the measures of one file, whole and told apart, with intervals and baselines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.evaluate.asked import (
    LANGUAGE_READERS,
    READERS,
    Case,
    Cases,
    by_edit,
    by_kind,
    by_trait,
)
from monitor.evaluate.baselines import Simple
from monitor.evaluate.intervals import intervals
from monitor.evaluate.items import Item
from monitor.evaluate.measures import Baseline, Measured, Row, figures_of
from monitor.evaluate.progress import Progress, silent

Said = Mapping[str, Any]

#: What items are told apart by.
WAYS = ("language", "trait", "kind", "edit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All measures of one file."""

    rows: Mapping[str, Row]
    #: `language`, `trait`, `kind`, `edit` to value to measure.
    by: Mapping[str, Mapping[str, Mapping[str, Row]]] = field(default_factory=dict)


def scores(
    items: Sequence[Item],
    predictions: Sequence[Said],
    simple: Simple | None = None,
    *,
    draws: int = 0,
    progress: Progress = silent,
) -> Scores:
    """
    Every measure that the items' labels allow.

    Args:
        predictions: one an item, in the same order.
        simple: what the simple methods say; None = no baselines.
        draws: of each interval (`intervals.DRAWS`); 0 = no intervals.
        progress: is told what is done, how much of it, and of how much.
    """
    cases = [
        Case(item, said, number)
        for number, (item, said) in enumerate(zip(items, predictions, strict=True))
    ]
    whole = [found for reader in READERS for found in reader(cases, simple)]
    apart = list(_apart(cases, simple))
    rows: dict[str, Row] = {}
    by: dict[str, dict[str, dict[str, Row]]] = {}
    for number, (name, measured) in enumerate(whole, start=1):
        rows[name] = _row(measured, draws)
        progress("intervals", number, len(whole) + len(apart))
    for number, (way, value, name, measured) in enumerate(apart, start=len(whole) + 1):
        by.setdefault(way, {}).setdefault(value, {})[name] = _row(measured, draws)
        progress("intervals", number, len(whole) + len(apart))
    return Scores(rows=rows, by=by)


def false_folds(items: Sequence[Item], predictions: Sequence[Said]) -> list[tuple[str, str]]:
    """(item, its supposed original) where the two are labelled as different developments."""
    stories = {item["id"]: item.get("story_id") for item in items}
    return [
        (str(said["id"]), str(said["copy_of"]))
        for said in predictions
        if said["copy_of"] in stories
        and {stories[said["copy_of"]], stories[said["id"]]}.isdisjoint({None, ""})
        and stories[said["copy_of"]] != stories[said["id"]]
    ]


def _apart(cases: Cases, simple: Simple | None) -> Iterator[tuple[str, str, str, Measured]]:
    """(way, value, measure, what it adds)."""
    languages = sorted({str(c.item["lang"]) for c in cases if c.item.get("lang")})
    for one in languages:
        among = [c for c in cases if c.item.get("lang") == one]
        for reader in LANGUAGE_READERS:
            for name, measured in reader(among, simple):
                yield "language", one, name, measured
    for way, found in (
        ("trait", by_trait(cases, simple)),
        ("kind", by_kind(cases)),
        ("edit", by_edit(cases)),
    ):
        for value, name, measured in found:
            yield way, value, name, measured


def _row(measured: Measured, draws: int) -> Row:
    share = measured.is_share
    return Row(
        figures=figures_of(measured.parts, is_share=share),
        count=measured.count,
        is_fault=measured.is_fault,
        intervals=intervals(measured.parts, is_share=share, draws=draws) if draws else {},
        baselines=tuple(
            Baseline(method=method, missing=parts)
            if isinstance(parts, str)
            else Baseline(method=method, figures=figures_of(parts, is_share=share))
            for method, parts in measured.simple.items()
        ),
    )
