"""The table of `monitor evaluate`, and its record for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.evaluate import Baseline, Row, Scores

#: Columns of a name, and of a figure with its interval.
NAME, FIGURE = 31, 20

HEADS = ("precision", "recall", "f1")


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


def table(judged: Judged, by: Sequence[str]) -> Iterator[str]:
    """The lines of one file."""
    rate = judged.items / judged.seconds if judged.seconds else 0
    yield f"{judged.file}: {judged.items} items in {judged.seconds:.1f} s ({rate:.0f}/s)"
    yield from _rows(judged.scores.rows)
    for way in by:
        yield from _apart(way, judged.scores.by.get(way, {}))
    for item, original in judged.false_folds:
        yield f"folded though labelled as different: {item} into {original}"


def lowest_table(judged: Sequence[Judged]) -> Iterator[str]:
    """The lines that are quoted: of each figure the worst of all files."""
    found = lowest(judged)
    width = max(len(one["file"]) for figures in found.values() for one in figures.values())
    yield f"The worst of {len(judged)} files:"
    for name, figures in found.items():
        for figure, one in figures.items():
            value = _figure(one["value"], one.get("interval"))
            yield f"  {name:<{NAME}}{figure:<11}{value:<{FIGURE}}{one['file']:<{width}}".rstrip()


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


def _rows(rows: Mapping[str, Row]) -> Iterator[str]:
    ratios = {name: row for name, row in rows.items() if "f1" in row.figures}
    shares = {name: row for name, row in rows.items() if "f1" not in row.figures}
    if ratios:
        heads = "".join(f"{head:<{FIGURE}}" for head in ("precision", "recall", "F1"))
        yield f"  {'':<{NAME}}{heads}count"
        yield from _lines(ratios, HEADS)
    if shares:
        yield f"  {'':<{NAME}}{'share':<{FIGURE}}count"
        yield from _lines(shares, ("share",))


def _lines(rows: Mapping[str, Row], heads: Sequence[str]) -> Iterator[str]:
    for name, row in rows.items():
        shown = "".join(
            f"{_figure(row.figures[head], row.intervals.get(head)):<{FIGURE}}" for head in heads
        )
        yield f"  {name:<{NAME}}{shown}{row.count}{' (less is better)' * row.is_fault}"
        for baseline in row.baselines:
            yield f"  {'  ' + baseline.method:<{NAME}}{_baseline(baseline, heads)}".rstrip()


def _baseline(baseline: Baseline, heads: Sequence[str]) -> str:
    if baseline.missing:
        return baseline.missing
    return "".join(f"{_figure(baseline.figures[head], None):<{FIGURE}}" for head in heads)


def _apart(way: str, groups: Mapping[str, Mapping[str, Row]]) -> Iterator[str]:
    """The measures of each value, without baselines."""
    yield f"by {way}" if groups else f"by {way}: the items carry no such labels"
    rows = {
        f"{value}: {name}": replace(row, baselines=())
        for value, measures in groups.items()
        for name, row in measures.items()
    }
    yield from _rows(rows)


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
