"""`monitor evaluate`: what it prints, what it writes, and what it refuses."""

import json
import subprocess
import sys

import click
import pytest

from monitor.errors import BadInput
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
    """A table of scores with their baselines, and the speed, end with status 0."""
    done = evaluate(tmp_path, lines_of(*ITEMS))
    assert (done.status, done.err) == (0, "")
    heads = [line.split("  ")[0] for line in done.out.splitlines()]
    assert {"relevance", "copies (pairs)", "developments (B³)", "claims", "language"} <= set(heads)
    assert "(names a mineral)" in done.out
    assert "2 items in" in done.out
    assert not (tmp_path / "never.sqlite").exists()


def test_the_record_and_the_predictions(tmp_path):
    """`--json` is one object; the predictions are one line an item, in file order."""
    said = tmp_path / "said.jsonl"
    done = evaluate(tmp_path, lines_of(*ITEMS), "--json", "--predictions", str(said))
    record = json.loads(done.out)
    assert record["claims"]["recall"] == 1.0
    assert record["relevance"]["baseline"]["method"] == "names a mineral"
    assert record["false_folds"] == []
    first, second = (json.loads(line) for line in said.read_text("utf-8").split("\n") if line)
    assert (first["id"], second["id"]) == ("a", "b")
    fields = {"relevant", "relevance", "minerals", "countries", "companies", "claims", "language"}
    assert fields | {"development", "story"} <= set(first)
    assert (first["relevant"], second["relevant"]) == (True, False)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("{", "line 3 is no JSON"),
        ("[1]", "line 3 is no JSON object"),
        ('{"id": "c", "title": "x"}', "line 3 lacks text"),
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
