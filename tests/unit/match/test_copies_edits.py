"""
Edits of our own texts: each kind is found again, and no two texts of one metal are copies.

The same is measured at length on any folder of articles by `python -m tests.benchmarks.copies`.
"""

from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from monitor import match
from tests.benchmarks import copies

CORPORA = Path(__file__).parents[2] / "corpora"

#: Kind of edit to the least share of the edits that are found.
LEAST = {
    "dateline, boilerplate": 0.98,
    "page furniture": 0.98,
    "20 % of sentences gone": 0.98,
    "a third of paragraphs gone": 0.98,
    "first 40 %": 0.98,
    "300-character summary": 0.98,
    "10 % of words spun": 0.98,
    "25 % of words spun": 0.8,
    "mojibake": 0.98,
}


@pytest.fixture(scope="module")
def texts():
    """Texts of several paragraphs, none of which copies another."""
    found = [one for one in copies.texts(CORPORA, None) if not one.copy_of]
    return [one for one in found if len(one.body) >= copies.LEAST_CHARS]


@pytest.fixture(scope="module")
def originals(texts):
    """The same as the matcher sees them."""
    return [copies.telling(one, number=at + 1) for at, one in enumerate(texts)]


@pytest.mark.parametrize(("kind", "least"), LEAST.items())
def test_an_edited_text_is_found(texts, originals, kind, least):
    """An edit shares keys with its original, and is judged its copy."""
    # Spinners exchange words; whom and what a text names is news.
    made = copies.edited(kind, texts, 3, new_titles=False, words=("quite", "xylem", "лишь", "ganz"))
    late = [copies.telling(one, at=copies.START + timedelta(hours=5)) for one in made]
    pairs = list(zip(late, originals, strict=True))
    shared = [bool({*match.bands(a.text)} & {*match.bands(b.text)}) for a, b in pairs]
    judged = [match.judge(one, [original]) is not None for one, original in pairs]
    assert sum(shared) == len(pairs)
    assert sum(judged) >= least * len(pairs)


def test_texts_of_one_metal_are_no_copies(originals):
    """No pair of texts on the same mineral in their own words is a pair of copies."""
    pairs = [
        (one, other)
        for one, other in combinations(originals, 2)
        if {*one.enrichment.minerals} & {*other.enrichment.minerals}
    ]
    assert len(pairs) > 100
    wrong = [(a.title, b.title) for a, b in pairs if match.judge(b, [a])]
    assert wrong == []
