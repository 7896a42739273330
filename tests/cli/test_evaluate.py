"""`monitor evaluate`: what it prints, what it writes, and what it refuses."""

import json
import subprocess
import sys

import click
import pytest

from monitor.cli.evaluate_screen import Judged, table
from monitor.errors import BadInput
from monitor.evaluate import Baseline, Row, Scores
from monitor.evaluate.outside import MISSING
from tests.cli.desk import run

ITEMS = [
    {
        "id": "a",
        "url": "https://one.example/1",
        "title": "Tungsten mine in Kazakhstan gets $900 million loan",
        "text": "The tungsten mine will get a loan of $900 million, the ministry said. "
        "Output is to begin in 2030 and the ore holds 1.4 Mt of tungsten trioxide.",
        "lang": "en",
        "date": "2026-03-02T09:00:00Z",
        "story_id": "loan",
        "umbrella": "mine",
        "copy_of": "",
        "relevant": True,
        "commodities": ["tungsten"],
        "countries": ["KZ"],
        "companies": [],
        "quantities": [
            {"kind": "loan", "value": 9e8, "unit": "USD", "quote": "$900 million", "in_text": True}
        ],
    },
    {
        "id": "b",
        "url": "https://two.example/2",
        "title": "A separator\u2028inside of a title",
        "text": "Nothing of metals. The choir sang for two hours.",
        "lang": "en",
        "relevant": False,
    },
]


def evaluate(tmp_path, lines, *options):
    """Run the command on these lines."""
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return run(f"sqlite:///{tmp_path}/never.sqlite", "evaluate", "--items", str(path), *options)


def lines_of(*items):
    """JSON Lines in which separators stand unescaped."""
    return [json.dumps(item, ensure_ascii=False) for item in items]


def test_the_table(tmp_path):
    """A table of measures with intervals and simple methods, and the speed, end with status 0."""
    done = evaluate(tmp_path, lines_of(*ITEMS))
    assert (done.status, done.err) == (0, "")
    heads = [line[2:].partition("  ")[0] for line in done.out.splitlines()]
    assert {"relevance", "copies (pairs)", "developments (B³)", "claims", "language"} <= set(heads)
    assert "any mineral name" in done.out
    assert "1.000 [1.00, 1.00]" in done.out
    assert ": 2 items in" in done.out
    assert not (tmp_path / "never.sqlite").exists()


def test_a_narrow_screen():
    """80 columns are enough: of precision, recall and F1 the interval of F1 alone is shown."""
    row = Row(
        figures={"precision": 0.9, "recall": 0.8, "f1": 0.847},
        count=400,
        intervals={"precision": (0.8, 1.0), "recall": (0.7, 0.9), "f1": (0.75, 0.95)},
        baselines=(Baseline(method="quantulum3", missing=MISSING),),
    )
    judged = Judged(
        file="x", items=400, seconds=8, false_folds=(), scores=Scores(rows={"stories (pairs)": row})
    )
    lines = list(table(judged, [], columns=80))
    assert lines[0] == "x: 400 items in 8.0 s (50/s)"
    assert lines[2] == "  stories (pairs)  0.900      0.800   0.847 [0.75, 0.95]  400"
    assert lines[3] == f"    quantulum3: {MISSING}"
    assert max(map(len, lines[:3])) <= 80
    assert "0.900 [0.80, 1.00]" in "".join(table(judged, [], columns=180))


def test_the_table_apart(tmp_path):
    """`--by` adds the measures of each language, of each kind of figure, and says what is missing."""
    ways = ("--by", "language", "--by", "kind", "--by", "trait")
    done = evaluate(tmp_path, lines_of(*ITEMS), *ways, "--no-intervals", "--no-baselines")
    heads = [line[2:].partition("  ")[0] for line in done.out.splitlines()]
    assert {"en: relevance", "en: figures", "loan: claims"} <= set(heads)
    assert "by trait: the items carry no such labels" in done.out
    assert "any mineral name" not in done.out
    assert "[" not in done.out


def test_the_record_and_the_predictions(tmp_path):
    """`--json` is one object; the predictions are one line an item, in file order."""
    said = tmp_path / "said.jsonl"
    done = evaluate(tmp_path, lines_of(*ITEMS), "--json", "--predictions", str(said))
    record = json.loads(done.out)
    (one,) = record["files"]
    assert (one["items"], one["false_folds"]) == (2, [])
    claims = one["measures"]["claims"]
    assert claims["recall"]["value"] == 1.0
    assert claims["count"] == 1
    low, high = claims["f1"]["interval"]
    assert 0 <= low <= claims["f1"]["value"] <= high <= 1
    assert one["measures"]["relevance"]["baselines"][0]["method"] == "any mineral name"
    assert one["by"]["kind"]["loan"]["claims"]["recall"]["value"] == 1.0
    assert record["headline"]["language"]["share"] == {
        **one["measures"]["language"]["share"],
        "file": one["file"],
    }
    first, second = (json.loads(line) for line in said.read_text("utf-8").split("\n") if line)
    assert (first["id"], second["id"]) == ("a", "b")
    fields = {"relevant", "relevance", "minerals", "countries", "companies", "claims", "language"}
    assert fields | {"development", "story"} <= set(first)
    assert (first["relevant"], second["relevant"]) == (True, False)


def test_the_worst_of_several_files_is_the_headline(tmp_path):
    """Each file is scored by itself, and of each figure the worst is told with its file."""
    wrong = {**ITEMS[1], "relevant": True, "lang": "kk"}
    other = tmp_path / "other.jsonl"
    other.write_text("\n".join(lines_of(ITEMS[0], wrong)), encoding="utf-8")
    plain = ("--items", str(other), "--no-baselines", "--no-intervals")
    record = json.loads(evaluate(tmp_path, lines_of(*ITEMS), *plain, "--json").out)
    assert [one["measures"]["language"]["share"]["value"] for one in record["files"]] == [1.0, 0.5]
    assert record["headline"]["language"]["share"] == {"value": 0.5, "file": str(other)}
    assert record["headline"]["relevance"]["recall"] == {"value": 0.5, "file": str(other)}
    assert record["headline"]["claims"]["recall"]["value"] == 1.0
    table = evaluate(tmp_path, lines_of(*ITEMS), *plain).out
    assert "The worst of 2 files:" in table
    (line,) = [
        line for line in table.splitlines() if line.startswith("  language ") and "/" in line
    ]
    assert line.split() == ["language", "share", "0.500", str(other)]


FLOORS = """
["items.jsonl".f1]
relevance = 0.9
["items.jsonl".share]
language = 0.9
["items.jsonl".most]
"false alarms (hard negatives)" = 0.05
"""


def with_floors(tmp_path, floors, *items):
    """Run the command with these floors."""
    path = tmp_path / "floors.toml"
    path.write_text(floors, encoding="utf-8")
    plain = ("--no-baselines", "--no-intervals", "--floors", str(path))
    return evaluate(tmp_path, lines_of(*items), *plain)


def test_floors(tmp_path):
    """Scores at their floors end with status 0; one below ends with 1 and says which and why."""
    hard = {**ITEMS[1], "trait": "hard:metaphor"}
    assert with_floors(tmp_path, FLOORS, ITEMS[0], hard).status == 0
    done = with_floors(tmp_path, FLOORS, ITEMS[0], {**hard, "lang": "kk"})
    assert done.status == 1
    assert "below its floor: items.jsonl: share of language is 0.500, at least 0.9" in done.err


def test_a_fault_has_a_ceiling(tmp_path):
    """A share of faults above what is allowed ends with status 1."""
    alarm = {**ITEMS[0], "id": "c", "relevant": False, "trait": "hard:other"}
    done = with_floors(tmp_path, FLOORS, *ITEMS, alarm)
    assert done.status == 1
    assert "false alarms (hard negatives) is 1.000, at most 0.05 is allowed" in done.err


def test_a_floor_without_a_measure(tmp_path):
    """A floor of what the items do not label is missed, not passed over."""
    done = with_floors(tmp_path, FLOORS, *ITEMS)
    assert done.status == 1
    assert "false alarms (hard negatives) is not measured" in done.err


def test_floors_of_another_file(tmp_path):
    """The floors name the very items they were set for."""
    floors = '["items.jsonl"]\nsha256 = "0"'
    assert (
        "is another file than the floors were set for" in with_floors(tmp_path, floors, *ITEMS).err
    )
    with pytest.raises(BadInput, match="has no section in the floors"):
        with_floors(tmp_path, '["a.jsonl".f1]', *ITEMS)
    assert with_floors(tmp_path, '["*".f1]\nrelevance = 1', *ITEMS).status == 0


def test_a_floor_in_each_language(tmp_path):
    """One language with 20 labels or more falls below; one with fewer is not judged."""
    right = {"id": 0, "title": "Choir sings", "lang": "en"}
    wrong = {**right, "lang": "kk"}
    floors = '["*".each_language]\nlanguage = 0.9\n["*".f1]\nrelevance = 1'
    items = [{**(wrong if n < 20 else right), "id": n} for n in range(25)]
    done = with_floors(tmp_path, floors, *items)
    assert done.status == 1
    assert "share of language in kk is 0.000, at least 0.9 is asked" in done.err
    assert "relevance" not in done.err
    assert with_floors(tmp_path, floors, *items[1:]).status == 0


@pytest.mark.parametrize(
    ("floors", "words"),
    [
        ("= 3", "is no TOML"),
        ("f1 = 3", '["f1"] is no section'),
        ('["items.jsonl".best]', "has 'best'"),
        ('["items.jsonl"]\nf1 = 1', "has 'f1' that is no section"),
        ('["items.jsonl".f1]\nrelevance = 95', "a bound of 'relevance' that is no number"),
    ],
)
def test_bad_floors(tmp_path, floors, words):
    """Floors that cannot be used are refused before anything is scored."""
    with pytest.raises(BadInput) as refused:
        with_floors(tmp_path, floors, *ITEMS)
    assert words in str(refused.value)


def test_what_is_not_labelled_is_not_scored(tmp_path):
    """Items of a title and a language are scored on the language alone."""
    lines = lines_of({"id": "t", "title": "Tungsten mine in Kazakhstan gets loan", "lang": "en"})
    done = evaluate(tmp_path, lines, "--json", "--no-intervals")
    (one,) = json.loads(done.out)["files"]
    assert set(one["measures"]) == {"language"}
    methods = [baseline["method"] for baseline in one["measures"]["language"]["baselines"]]
    assert methods == ["always the commonest", "py3langid"]


def test_items_without_labels(tmp_path):
    """Items that carry no label are no error; a line says that there was nothing to score."""
    done = evaluate(tmp_path, lines_of({"id": 1, "title": "Tungsten", "text": "Ore."}))
    assert done.status == 0
    assert "the items carry no labels to score" in done.err


def test_a_link_of_an_aggregator(tmp_path):
    """Two items that turn out to be one article are both predicted."""
    link = "https://news.google.com/rss/articles/CBMiK2h0dHBz"
    items = [ITEMS[0], {**ITEMS[0], "id": "c", "url": link, "text": ""}]
    said = tmp_path / "said.jsonl"
    evaluate(tmp_path, lines_of(*items), "--predictions", str(said), "--no-baselines")
    records = [json.loads(line) for line in said.read_text("utf-8").split("\n") if line]
    assert [record["id"] for record in records] == ["a", "c"]
    assert records[0]["development"] == records[1]["development"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("{", "line 3 is no JSON"),
        ("[1]", "line 3 is no JSON object"),
        ('{"id": "c", "text": "x"}', "line 3 lacks title"),
        ('{"id": "c", "title": "x", "companies": [[1]]}', "wrong type in companies"),
        ('{"id": "c", "title": "x", "story_id": [1]}', "wrong type in story_id"),
        ('{"id": "c", "title": "x", "date": 5}', "wrong type in date"),
        (
            '{"id": "c", "title": "x", "quantities": [{"kind": "a", "unit": "t", "value": 1'
            + "0" * 400
            + "}]}",
            "value (a number)",
        ),
        ('{"id": "a", "title": "x", "text": "y"}', "line 3 repeats the id 'a' of line 1"),
        ('{"id": "c", "title": 5, "text": "y"}', "wrong type in title"),
        ('{"id": "c", "title": "x", "text": "y", "date": "soon"}', "not ISO 8601: 'soon'"),
        ('{"id": "c", "title": "x", "text": "y", "quantities": [{}]}', "without kind, value"),
    ],
)
def test_a_bad_line(tmp_path, bad, words):
    """A line that is no item is named by its number and its fault."""
    with pytest.raises(BadInput) as refused:
        evaluate(tmp_path, [*lines_of(*ITEMS), bad])
    assert words in str(refused.value)
    assert refused.value.exit_code == 2


def test_no_items(tmp_path):
    """An empty file is refused: there is nothing to score."""
    with pytest.raises(BadInput, match="holds no items"):
        evaluate(tmp_path, ["", ""])


def test_a_folder_is_no_file(tmp_path):
    """A folder instead of a file is wrong usage."""
    with pytest.raises(click.UsageError, match="directory"):
        run("sqlite://", "evaluate", "--items", str(tmp_path))


def test_the_exit_status(tmp_path):
    """A bad line ends the process with status 2 and one line, without a traceback."""
    (tmp_path / "items.jsonl").write_text("{", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "evaluate", "--items", "items.jsonl"],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
