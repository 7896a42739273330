"""The words and groups of labelled sample news never get worse than they were."""

import hashlib
from pathlib import Path

import pytest

from monitor.cli.evaluate_screen import Judged, record
from monitor.enrich.taxonomy import load_taxonomy
from monitor.evaluate import below, false_folds, predict, read_floors, read_items, scores, simple
from monitor.evaluate.progress import silent
from monitor.settings import Settings
from monitor.store import open_database
from tests.quality.report import lines, targets

CORPORA = Path(__file__).parent.parent / "corpora"
FLOORS = read_floors(Path(__file__).parent / "floors.toml")


@pytest.fixture(scope="module")
def taxonomy():
    """The names that everything is looked for by."""
    return load_taxonomy()


@pytest.fixture(scope="module", params=sorted(FLOORS))
def judged(request, tmp_path_factory):
    """One labelled file, with what the program says of it."""
    path = CORPORA / request.param
    items = read_items(path)
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('quality')}/quality.sqlite")
    try:
        return path, items, predict(items, database, threshold=Settings().relevance.threshold)
    finally:
        database.close()


def test_the_corpus_is_the_pinned_one(judged):
    """The floors belong to these very items."""
    path = judged[0]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == FLOORS[path.name]["sha256"]


def test_every_corpus_has_floors():
    """No labelled file is left out of the gate."""
    assert {path.name for path in CORPORA.glob("*.jsonl")} == set(FLOORS)


def test_no_score_falls_below_its_floor(judged):
    """Every figure stands at its floor or above; every floor has its measure."""
    path, items, said = judged
    assert below(FLOORS[path.name], path, scores(items, said)) == []


def test_it_beats_the_simple_methods(judged, taxonomy):
    """Every measure is better than by any simple method, or as good; but who does nothing has no faults."""
    _, items, said = judged
    plain = [{**item, "quantities": None} for item in items]  # the libraries take half a minute
    rows = scores(items, said, simple(plain, taxonomy, silent)).rows
    beaten = [
        (name, baseline.method)
        for name, row in rows.items()
        for baseline in row.baselines
        if baseline.figures and not row.is_fault and baseline.judged > row.judged
    ]
    assert beaten == []


def test_two_developments_are_never_folded(judged):
    """No article is a copy of one that tells something else."""
    _, items, said = judged
    assert false_folds(items, said) == []


def test_quotes_are_verbatim(judged):
    """Every quote stands where its offsets say."""
    _, items, said = judged
    for item, prediction in zip(items, said, strict=True):
        whole = f"{item['title']}\n{item['text']}"
        assert [c["quote"] for c in prediction["claims"]] == [
            whole[c["start"] : c["end"]] for c in prediction["claims"]
        ]


def test_the_report(judged):
    """Every target has its line, with the worst figure of all files and each file's own."""
    path, items, said = judged
    one = Judged(
        file=str(path), items=len(items), seconds=1.0, scores=scores(items, said), false_folds=()
    )
    found = list(lines(record([one, one], None)))
    assert len(found) == 2 + len(list(targets()))
    assert (
        sum(f"| {name}, {figure} |" in line for name, figure, _, _ in targets() for line in found)
        == len(found) - 2
    )
    row = one.scores.rows.get("relevance")
    value = row.figures["recall"] if row else None
    told = "not measured" if value is None else f"**{value:.3f}**" + " (missed)" * (value < 0.95)
    each = "–" if value is None else f"{value:.3f}"
    assert f"| relevance, recall | ≥ 0.95 | {told} | {each} | {each} | – |" in found


def test_the_blind_split_is_frozen():
    """Nobody mended an item of the split that is only reported on."""
    folder = CORPORA / "blind"
    pinned = dict(
        reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    assert {path.name for path in folder.glob("*.jsonl")} == set(pinned)
    for name, digest in pinned.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
