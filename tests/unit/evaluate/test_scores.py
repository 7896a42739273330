"""The table: which measures come from which labels, on labellings with known answers."""

import pytest

from monitor.evaluate.scores import false_folds, scores

SAID = {
    "relevant": True,
    "relevance": 1.0,
    "minerals": [],
    "countries": [],
    "companies": [],
    "bodies": [],
    "places": [],
    "claims": [],
    "language": "en",
    "development": "d1",
    "story": "s1",
    "copy_of": "",
}


def cases(*rows):
    """Items and predictions from pairs of what differs from the plain ones."""
    items = [{"id": n, "title": "", "text": "", **labels} for n, (labels, _) in enumerate(rows)]
    return items, [{"id": n, **SAID, **said} for n, (_, said) in enumerate(rows)]


def rows(*pairs):
    """Measure to its figures."""
    return {name: row.figures for name, row in scores(*cases(*pairs)).rows.items()}


def test_nothing_labelled():
    """Items without labels have no measures."""
    assert scores(*cases(({}, {}))).rows == {}


def test_hard_negatives_and_tricky_positives():
    """False alarms are the share of hard negatives, and what was found that of tricky items."""
    yes, no = {"relevant": True}, {"relevant": False}
    found = rows(
        ({**no, "trait": "hard:sport"}, yes),
        ({**no, "trait": "hard:sport"}, no),
        ({**no, "trait": "hard:other"}, no),
        ({**no, "trait": ""}, yes),
        ({**yes, "trait": "tricky:policy-only"}, yes),
        ({"relevant": "borderline"}, yes),
    )
    assert found["false alarms (hard negatives)"]["share"] == pytest.approx(1 / 3)
    assert found["found (tricky positives)"]["share"] == 1.0
    assert found["relevance"]["precision"] == pytest.approx(1 / 3)


def test_each_trait():
    """Every trait has its own share."""
    no = {"relevant": False, "trait": "hard:sport"}
    by = scores(*cases((no, {}), (no, {"relevant": False}))).by["trait"]
    assert by["hard:sport"]["false alarms"].figures == {"share": 0.5}
    assert by["hard:sport"]["false alarms"].is_fault


def test_developments_and_stories():
    """Developments by `story_id`, stories by `umbrella`, over-merges between the two."""
    found = rows(
        ({"story_id": "sale", "umbrella": "mine", "lang": "en"}, {}),
        ({"story_id": "sale", "umbrella": "mine", "lang": "zh"}, {}),
        ({"story_id": "close", "umbrella": "mine", "lang": "en"}, {"development": "d2"}),
        ({"story_id": "open", "umbrella": "mine", "lang": "en"}, {"development": "d2"}),
    )
    assert found["developments (B³)"]["precision"] == 0.75
    assert found["developments (cross-language)"]["recall"] == 1.0
    assert found["developments (pairs)"]["precision"] == 0.5
    assert found["merged within a story"]["share"] == pytest.approx(1 / 5)
    assert found["stories (B³)"]["f1"] == 1.0


def test_chains_of_copies():
    """A copy of a copy goes back to the first text, on either side."""
    found = rows(
        ({"copy_of": ""}, {}),
        ({"copy_of": 0}, {"copy_of": 0}),
        ({"copy_of": 1}, {"copy_of": 0}),
        ({"copy_of": 7}, {"copy_of": ""}),
    )
    assert found["copies (pairs)"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_a_ring_of_copies_ends():
    """Labels that go round in a ring are a mistake, and no endless loop."""
    found = rows(({"copy_of": 1}, {}), ({"copy_of": 0}, {}))
    assert set(found) == {"copies (pairs)"}


def test_copies_by_edit():
    """Of the copies that were edited in one way, how many were found."""
    by = scores(
        *cases(
            ({"copy_of": ""}, {}),
            ({"copy_of": 0, "edit": "cut"}, {"copy_of": 0}),
            ({"copy_of": 0, "edit": "cut"}, {}),
        )
    ).by["edit"]
    assert by["cut"]["copies found"].figures == {"share": 0.5}


def test_what_is_irrelevant_has_no_names_to_find():
    """Labels of names count only for relevant items."""
    tin = {"commodities": ["tin"], "relevant": True}
    gold = {"commodities": [], "relevant": False}
    found = rows((tin, {"minerals": ["tin"]}), (gold, {"minerals": ["gold"]}))
    assert found["minerals"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_by_language():
    """Figures and language also stand for each language."""
    figure = {"kind": "capex", "value": 5, "unit": "USD", "quote": ""}
    by = scores(
        *cases(
            ({"lang": "ru", "quantities": [figure]}, {"language": "uk"}),
            (
                {"lang": "en", "quantities": [figure]},
                {"claims": [{**figure, "start": 0, "end": 0}]},
            ),
        )
    ).by
    assert by["language"]["ru"]["figures"].figures["recall"] == 0.0
    assert by["language"]["en"]["figures"].figures["recall"] == 1.0
    assert by["language"]["ru"]["language"].figures == {"share": 0.0}
    assert by["kind"]["capex"]["claims"].count == 2


def test_intervals_only_when_asked_for():
    """Without draws there are none."""
    items, said = cases(({"lang": "en"}, {}), ({"lang": "ru"}, {}))
    assert scores(items, said).rows["language"].intervals == {}
    low, high = scores(items, said, draws=100).rows["language"].intervals["share"]
    assert low < 0.5 < high


def test_false_folds():
    """A copy that is labelled as another development is named with its supposed original."""
    items, said = cases(
        ({"story_id": "a"}, {}), ({"story_id": "b"}, {"copy_of": 0}), ({}, {"copy_of": 0})
    )
    assert false_folds(items, said) == [("1", "0")]
