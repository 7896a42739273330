"""`monitor evaluate`: scores on labelled items."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.enrich import Enricher
from monitor.enrich.taxonomy import load_taxonomy
from monitor.errors import BadInput
from monitor.evaluate import Row, Score, false_folds, predict, read_items, scores
from monitor.store import open_database
from monitor.wording import json_line


@click.command()
@click.option(
    "--items",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labelled items, one JSON object a line.",
)
@click.option(
    "--predictions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one line an item.",
)
@json_option
@pass_session
def evaluate(session: Session, items: Path, predictions: Path | None, as_json: bool) -> int:
    """
    Run the real enrich and match stages on labelled JSON Lines and score them.

    \b
    Example:
      monitor evaluate --items labelled.jsonl --predictions said.jsonl
    """
    labelled = read_items(items)
    enricher = Enricher(load_taxonomy(), threshold=session.settings.relevance.threshold)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="monitor-evaluate-") as folder:
        database = open_database(f"sqlite:///{folder}/evaluation.sqlite")
        try:
            said = predict(labelled, database, enricher)
        finally:
            database.close()
    seconds = time.perf_counter() - began
    if predictions:
        _write(predictions, said)
    found, folds = scores(labelled, said), false_folds(labelled, said)
    if as_json:
        session.emit(_record(found, folds, len(labelled), seconds))
        return 0
    _table(session, found)
    for item, original in folds:
        session.out.print(f"folded though labelled as different: {item} into {original}")
    session.out.print(f"{len(labelled)} items in {seconds:.1f} s: {len(labelled) / seconds:.0f}/s")
    if not found:
        session.say("The items carry no labels to score.")
    return 0


def _write(path: Path, said: list[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(map(json_line, said)), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"cannot be written: {error}.", subject=str(path)) from error


def _table(session: Session, found: Mapping[str, Row]) -> None:
    heads = f"{'precision':>10}{'recall':>8}{'F1':>8}{'count':>7}"
    session.out.print(f"{'':<18}{heads}   baseline F1")
    for name, row in found.items():
        score = row.score
        line = f"{name:<18}{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>8.3f}"
        line += f"{score.items:>7}"
        if row.baseline:
            line += f"   {row.baseline.f1:.3f} ({row.method})"
        session.out.print(line)


def _record(
    found: Mapping[str, Row], folds: list[tuple[str, str]], items: int, seconds: float
) -> dict[str, Any]:
    rows: dict[str, Any] = {
        name.partition(" ")[0]: {
            **_numbers(row.score),
            **(
                {"baseline": {**_numbers(row.baseline), "method": row.method}}
                if row.baseline
                else {}
            ),
        }
        for name, row in found.items()
    }
    rows["false_folds"] = [{"id": item, "copy_of": original} for item, original in folds]
    rows["speed"] = {"items": items, "seconds": round(seconds, 3)}
    return rows


def _numbers(score: Score) -> dict[str, float]:
    return {
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "items": score.items,
    }
