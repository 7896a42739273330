"""The table of `monitor evaluate`, and its record for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.evaluate import Baseline, Row, Scores

#: Columns of a screen from which all intervals are shown.
WIDE = 108

#: Figures that F1 is made of.
PARTS = ("precision", "recall")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One file of items, scored."""

    file: str
    items: int
    #: That the stages took.
    seconds: float
    scores: Scores
    #: (item, its supposed original) that are labelled as two developments.
    false_folds: Sequence[tuple[str, str]]


def table(judged: Judged, by: Sequence[str], *, columns: int = WIDE) -> Iterator[str]:
    """
    The lines of one file.

    Args:
        columns: of the screen; a narrow one shows the intervals of F1 and of shares alone.
    """
    rate = judged.items / judged.seconds if judged.seconds else 0
    yield f"{judged.file}: {judged.items} items in {judged.seconds:.1f} s ({rate:.0f}/s)"
    yield from _rows(judged.scores.rows, is_narrow=columns < WIDE)
    for way in by:
        yield from _apart(way, judged.scores.by.get(way, {}), is_narrow=columns < WIDE)
    for item, original in judged.false_folds:
        yield f"folded though labelled as different: {item} into {original}"


def lowest_table(judged: Sequence[Judged]) -> Iterator[str]:
    """The lines that are quoted: of each figure the worst of all files."""
    yield f"The worst of {len(judged)} files:"
    yield from _aligned(
        [name, figure, _figure(one["value"], one.get("interval")), one["file"]]
        for name, figures in lowest(judged).items()
        for figure, one in figures.items()
    )


def lowest(judged: Sequence[Judged]) -> dict[str, dict[str, dict[str, Any]]]:
    """Measure to figure to the worst value, with its file."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in judged:
        for name, row in one.scores.rows.items():
            for figure, value in row.figures.items():
                best = found.setdefault(name, {}).get(figure)
                is_worse = best is None or (
                    value > best["value"] if row.is_fault else value < best["value"]
                )
                if is_worse:
                    found[name][figure] = {**_value(row, figure), "file": one.file}
    return found


def record(judged: Sequence[Judged], below: Sequence[str] | None) -> dict[str, Any]:
    """Everything, for scripts."""
    return {
        "files": [
            {
                "file": one.file,
                "items": one.items,
                "seconds": round(one.seconds, 3),
                "measures": _records(one.scores.rows),
                "by": {
                    way: {value: _records(rows) for value, rows in groups.items()}
                    for way, groups in one.scores.by.items()
                },
                "false_folds": [{"id": item, "copy_of": of} for item, of in one.false_folds],
            }
            for one in judged
        ],
        "headline": lowest(judged),
        **({} if below is None else {"below": list(below)}),
    }


def _rows(rows: Mapping[str, Row], *, is_narrow: bool) -> Iterator[str]:
    ratios = {name: row for name, row in rows.items() if "f1" in row.figures}
    shares = {name: row for name, row in rows.items() if "f1" not in row.figures}
    for found, figures in ((ratios, (*PARTS, "f1")), (shares, ("share",))):
        if found:
            lines: list[Sequence[str]] = [["", *figures, "count"]]
            for name, row in found.items():
                lines += _lines(name, row, figures, is_narrow=is_narrow)
            yield from _aligned(lines)


def _lines(
    name: str, row: Row, figures: Sequence[str], *, is_narrow: bool
) -> Iterator[Sequence[str]]:
    """The cells of one measure, and of what simple methods score."""
    shown = [
        _figure(row.figures[one], None if is_narrow and one in PARTS else row.intervals.get(one))
        for one in figures
    ]
    yield [name, *shown, f"{row.count}{' (faults)' * row.is_fault}"]
    for baseline in row.baselines:
        if baseline.missing:
            yield [f"  {baseline.method}: {baseline.missing}"]
        else:
            yield [
                f"  {baseline.method}",
                *(_figure(baseline.figures[one], None) for one in figures),
            ]


def _aligned(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """Cells in columns, each as wide as it must be; a line of one cell takes what it needs."""
    lines = list(lines)
    widths = [
        max((len(line[at]) for line in lines if at < len(line) > 1), default=0)
        for at in range(max(map(len, lines), default=0))
    ]
    for line in lines:
        cells = (f"{cell:<{width}}" for cell, width in zip(line, widths, strict=False))
        yield f"  {'  '.join(cells)}".rstrip()


def _apart(way: str, groups: Mapping[str, Mapping[str, Row]], *, is_narrow: bool) -> Iterator[str]:
    """The measures of each value, without baselines."""
    yield f"by {way}" if groups else f"by {way}: the items carry no such labels"
    rows = {
        f"{value}: {name}": replace(row, baselines=())
        for value, measures in groups.items()
        for name, row in measures.items()
    }
    yield from _rows(rows, is_narrow=is_narrow)


def _figure(value: float, interval: Sequence[float] | None) -> str:
    if interval is None:
        return f"{value:.3f}"
    return f"{value:.3f} [{interval[0]:.2f}, {interval[1]:.2f}]"


def _records(rows: Mapping[str, Row]) -> dict[str, Any]:
    return {
        name: {
            **{figure: _value(row, figure) for figure in row.figures},
            "count": row.count,
            "less_is_better": row.is_fault,
            "baselines": [_baseline_record(baseline) for baseline in row.baselines],
        }
        for name, row in rows.items()
    }


def _value(row: Row, figure: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": row.figures[figure]}
    if figure in row.intervals:
        found["interval"] = list(row.intervals[figure])
    return found


def _baseline_record(baseline: Baseline) -> dict[str, Any]:
    return {
        "method": baseline.method,
        **baseline.figures,
        **({"missing": baseline.missing} if baseline.missing else {}),
    }
