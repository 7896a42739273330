"""The simple methods that the stages are held against."""

import importlib.util
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.enrich.taxonomy import load_taxonomy
from monitor.evaluate.baselines import KEYWORD, LETTERS, MINERAL, TRIPLES, simple
from monitor.evaluate.outside import MISSING, figures, languages
from monitor.evaluate.progress import silent
from monitor.evaluate.tfidf import cosine, similar_groups, weighed

HAS_QUANTULUM = importlib.util.find_spec("quantulum3") is not None


@pytest.fixture(scope="module")
def taxonomy():
    """The names that keywords are taken from."""
    return load_taxonomy()


def item(number, title, text="", date="2026-03-02T09:00:00Z"):
    """One item with a date."""
    return {"id": number, "title": title, "text": text, "date": date}


def test_any_mineral_name(taxonomy):
    """A name of a mineral is enough, whatever it means there."""
    titles = ["Tungsten mine sold", "Gold medal for the runner", "The choir sang"]
    assert simple([item(n, t) for n, t in enumerate(titles)], taxonomy, silent).relevant == [
        True,
        True,
        False,
    ], KEYWORD


def test_the_same_mineral_within_two_weeks(taxonomy):
    """Items go with the latest one of the same mineral unless it is more than 14 days old."""
    items = [
        item(0, "Tungsten mine sold", date="2026-03-01"),
        item(1, "Lithium plant opens", date="2026-03-02"),
        item(2, "Loan for tungsten", date="2026-03-14"),
        item(3, "Tungsten quota", date="2026-03-29"),
        item(4, "The choir sang", date="2026-03-29"),
    ]
    assert simple(items, taxonomy, silent).groups[MINERAL] == [0, 1, 0, 3, 4]


def test_texts_that_share_their_words(taxonomy):
    """Word triples and letters group a text with its copy, and with nothing else."""
    text = "The ministry sold the old mine in the northern hills to a new owner on Monday"
    items = [item(0, "Sale", text), item(1, "A choir sang", ""), item(2, "Sale", f"{text}.")]
    said = simple(items, taxonomy, silent)
    for method in (TRIPLES, LETTERS):
        assert said.groups[method][0] == said.groups[method][2] != said.groups[method][1]
    assert said.copies[0] == said.copies[2] != said.copies[1]


def test_letters_weigh_by_rarity():
    """A term of all texts weighs less than one of two; one of a single text only takes length."""
    vectors = weighed([Counter("ab"), Counter("ab"), Counter("ac")])
    assert vectors[0]["a"] < vectors[0]["b"]
    assert "c" not in vectors[2]
    assert cosine(vectors[0], vectors[1]) == pytest.approx(1)


@given(st.lists(st.text(max_size=40), max_size=8))
def test_letters_of_any_text(texts):
    """Every text gets a group, and equal texts of some length one group."""
    doubled = [*texts, *texts]
    groups = similar_groups(doubled, lambda done: None)
    assert len(groups) == len(doubled)
    for at, text in enumerate(texts):
        if len(text.split()) and len("".join(text.split())) > 4:
            assert groups[at] == groups[at + len(texts)]


def test_what_is_not_installed_is_said(monkeypatch):
    """Without the optional libraries their rows say what to install."""
    monkeypatch.setitem(__import__("sys").modules, "quantulum3.parser", None)
    monkeypatch.setitem(__import__("sys").modules, "price_parser", None)
    monkeypatch.setitem(__import__("sys").modules, "py3langid", None)
    items = [{**item(0, "x"), "quantities": []}]
    assert set(figures(items, silent).values()) == {MISSING}
    assert set(languages(["x"], silent).values()) == {MISSING}
    assert "[evaluate]" in MISSING


@pytest.mark.skipif(not HAS_QUANTULUM, reason="the extra [evaluate] is not installed")
def test_the_libraries():
    """Their figures come in our units; items without such labels are not read."""
    texts = ["A loan of $900 million", "Ore of 5,000 tonnes", "At 3.2 g/t", "It is $4.20 per pound"]
    items = [{**item(n, "", text), "quantities": []} for n, text in enumerate(texts)]
    said = figures([*items, item(4, "$5")], silent)
    assert said["quantulum3"] == [
        [(9e8, "USD")],
        [(5000, "t")],
        [(3.2, "g/t")],
        [(4.2, "USD/lb")],
        None,
    ]
    assert said["price-parser"] == [[(900, "USD")], [], [], [(4.2, "USD")], None]
