"""`monitor evaluate`: scores on labelled items."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import rich.progress
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from monitor.cli.evaluate_screen import Judged, lowest_table, record, table
from monitor.cli.session import Session, json_option, pass_session
from monitor.enrich.taxonomy import load_taxonomy
from monitor.errors import BadInput
from monitor.evaluate import (
    DRAWS,
    WAYS,
    Floors,
    Progress,
    below,
    false_folds,
    floors_of,
    predict,
    read_floors,
    read_items,
    scores,
    simple,
)
from monitor.evaluate.progress import silent
from monitor.settings import taxonomy_folder
from monitor.store import open_database
from monitor.wording import json_line

FILE = click.Path(path_type=Path, dir_okay=False)
INPUT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option(
    "--items",
    "files",
    required=True,
    multiple=True,
    type=INPUT,
    help="Labelled items, one JSON object a line; may be given several times.",
)
@click.option("--predictions", type=FILE, help="Write one line an item.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(WAYS),
    help="Also print the measures for each language, trait, kind of figure, or edit of copies.",
)
@click.option("--floors", type=INPUT, help="Least scores (TOML); status 1 when one is missed.")
@click.option("--no-intervals", is_flag=True, help="Leave out the 95 % intervals.")
@click.option("--no-baselines", is_flag=True, help="Leave out the simple methods.")
@json_option
@pass_session
def evaluate(
    session: Session,
    files: Sequence[Path],
    predictions: Path | None,
    by: Sequence[str],
    floors: Path | None,
    no_intervals: bool,
    no_baselines: bool,
    as_json: bool,
) -> int:
    """
    Run the real enrich and match stages on labelled JSON Lines and score them.

    Each measure stands with its 95 % interval and with what simple methods score on the same
    items. Of several files each is scored by itself, and the worst figure is the headline.

    \b
    Examples:
      monitor evaluate --items labelled.jsonl --predictions said.jsonl
      monitor evaluate --items ours.jsonl --items theirs.jsonl --by language
      monitor evaluate --items ours.jsonl --floors floors.toml --no-baselines --json

    Status 0: scored; 1: a score is below its floor; 2: a file cannot be used.
    """
    bounds = read_floors(floors) if floors else None
    wanted = None if bounds is None else [floors_of(bounds, path) for path in files]
    named = [(path, read_items(path)) for path in files]
    judge = _Judge(session, draws=0 if no_intervals else DRAWS, has_baselines=not no_baselines)
    with _progress(session) as tell:
        judged = [judge.score(path, items, tell) for path, items in named]
    if predictions:
        _write(predictions, judge.said)
    missed = None if wanted is None else _missed(wanted, files, judged)
    if as_json:
        session.emit(record(judged, missed))
    else:
        _print(session, judged, by)
    for words in missed or ():
        session.say(f"below its floor: {words}")
    return 1 if missed else 0


def _missed(wanted: Sequence[Floors], files: Sequence[Path], judged: Sequence[Judged]) -> list[str]:
    """What falls below its floor, in all files."""
    return [
        words
        for bounds, path, one in zip(wanted, files, judged, strict=True)
        for words in below(bounds, path, one.scores)
    ]


class _Judge:
    """The stages and the simple methods, ready for one file after the other."""

    def __init__(self, session: Session, *, draws: int, has_baselines: bool) -> None:
        self._threshold = session.settings.relevance.threshold
        self._taxonomy = load_taxonomy(taxonomy_folder()) if has_baselines else None
        self._draws = draws
        #: The predictions of all files, in order.
        self.said: list[dict[str, Any]] = []

    def score(self, path: Path, items: list[dict[str, Any]], tell: Progress) -> Judged:
        """Score one file, on a database of its own."""
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="monitor-evaluate-") as folder:
            database = open_database(f"sqlite:///{folder}/evaluation.sqlite")
            try:
                said = predict(items, database, threshold=self._threshold, progress=tell)
            finally:
                database.close()
        seconds = time.perf_counter() - began
        self.said += said
        plain = simple(items, self._taxonomy, tell) if self._taxonomy else None
        return Judged(
            file=str(path),
            items=len(items),
            seconds=seconds,
            scores=scores(items, said, plain, draws=self._draws, progress=tell),
            false_folds=false_folds(items, said),
        )


@contextmanager
def _progress(session: Session) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if session.is_quiet or not session.err.is_terminal:
        yield silent
        return
    with rich.progress.Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=session.err,
        transient=True,
    ) as bar:
        task = bar.add_task("")
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total
        )


def _print(session: Session, judged: Sequence[Judged], by: Sequence[str]) -> None:
    for one in judged:
        for line in table(one, by, columns=session.out.width):
            session.out.print(line)
        if not one.scores.rows:
            session.say(f"{one.file}: the items carry no labels to score.")
    if len(judged) > 1 and any(one.scores.rows for one in judged):
        for line in lowest_table(judged):
            session.out.print(line)


def _write(path: Path, said: list[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(map(json_line, said)), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"cannot be written: {error}.", subject=str(path)) from error
