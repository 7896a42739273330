"""`monitor evaluate`: scores on labelled items."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.enrich import Enricher
from monitor.enrich.taxonomy import load_taxonomy
from monitor.evaluate import predict, read_items, scores
from monitor.store import open_database


@click.command()
@click.option("--items", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--predictions", type=click.Path(path_type=Path), help="Write one line an item.")
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
    with tempfile.TemporaryDirectory(prefix="monitor-evaluate-") as folder:
        database = open_database(f"sqlite:///{folder}/evaluation.sqlite")
        try:
            said = predict(labelled, database, enricher)
        finally:
            database.close()
    if predictions:
        lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in said)
        predictions.write_text("".join(lines), encoding="utf-8")
    found = scores(labelled, said)
    if as_json:
        session.emit(
            {
                name: {"precision": s.precision, "recall": s.recall, "f1": s.f1, "items": s.items}
                for name, s in found.items()
            }
        )
        return 0
    session.out.print(f"{'':<14}{'precision':>10}{'recall':>10}{'F1':>10}{'items':>8}")
    for name, s in found.items():
        row = f"{name:<14}{s.precision:>10.3f}{s.recall:>10.3f}{s.f1:>10.3f}{s.items:>8}"
        session.out.print(row)
    if not found:
        session.say("The items carry no labels to score.")
    return 0
