"""
The table of `docs/quality.md` from what `monitor evaluate --json` printed.

    monitor evaluate --items FILE… --json | python -m tests.quality.report

Each figure that has a target (`targets.toml`) on each file, the worst one as the headline, with
its 95 % interval; beside the headline what the best simple method (by F1) has on that file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.evaluate import read_floors

TARGETS = read_floors(Path(__file__).parent / "targets.toml")["*"]


def targets() -> Iterator[tuple[str, str, float, bool]]:
    """(measure, figure, bound, whether it is a ceiling), in the order of the table."""
    for figure, bounds in TARGETS.items():
        if figure == "each_language":
            continue
        for name, bound in bounds.items():
            is_most = figure == "most"
            yield name, "share" if is_most else figure, bound, is_most


def lines(record: Mapping[str, Any]) -> Iterator[str]:
    """The table as Markdown."""
    files = record["files"]
    names = [Path(one["file"]).name for one in files]
    yield f"| measure | asked | worst | {' | '.join(names)} | best simple method |"
    yield "|" + "---|" * (len(names) + 4)
    for name, figure, bound, is_most in targets():
        worst = record["headline"].get(name, {}).get(figure)
        cells = [_cell(one["measures"].get(name, {}).get(figure)) for one in files]
        asked = f"{'≤' if is_most else '≥'} {bound:.2f}"
        is_met = worst and (worst["value"] <= bound if is_most else worst["value"] >= bound)
        headline = "not measured" if not worst else f"**{worst['value']:.3f}**"
        verdict = "" if is_met or not worst else " (missed)"
        yield (
            f"| {name}, {figure} | {asked} | {headline}{verdict} | {' | '.join(cells)} "
            f"| {_simple(record, name, figure)} |"
        )


def _cell(found: Mapping[str, Any] | None) -> str:
    if not found:
        return "–"
    low, high = found.get("interval", (None, None))
    return f"{found['value']:.3f}" + (f" ({low:.2f}–{high:.2f})" if low is not None else "")


def _simple(record: Mapping[str, Any], name: str, figure: str) -> str:
    """That figure of the best simple method, by F1, on the file of the headline."""
    worst = record["headline"].get(name, {}).get(figure)
    (measured,) = [
        one["measures"][name] for one in record["files"] if worst and one["file"] == worst["file"]
    ][:1] or [{"baselines": ()}]
    tried = [one for one in measured["baselines"] if figure in one]
    if not tried:
        return "–"
    choose = min if measured["less_is_better"] else max
    best = choose(tried, key=lambda one: one.get("f1", one[figure]))
    return f"{best[figure]:.3f} ({best['method']})"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(json.load(sys.stdin))) + "\n")
