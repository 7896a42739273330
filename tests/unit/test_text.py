"""Words, shingles, numbers and skeletons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import content_hash, normalised, numbers, shingles, skeleton, skeletons, words


def test_words_of_alphabets():
    """Case, accents and punctuation do not make another word."""
    assert words("Größe – ORE, Élan: Қоры!") == ["grosse", "ore", "elan", "қоры"]


def test_runs_without_spaces_are_pairs():
    """Chinese is read as overlapping pairs; Latin inside it stays whole."""
    assert words("中国钨矿WO3") == ["中国", "国钨", "钨矿", "wo3"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("410,000 t", "410000"),
        ("410 000 т", "410000"),
        ("410\u202f000 т", "410000"),
        ("410.000 Tonnen", "410000"),
        ("1.4 Mt", "1.4"),
        ("1,40 Mio.", "1.4"),
        ("007", "7"),
        ("0.50", "0.5"),
    ],
)
def test_numbers_are_one_in_all_notations(text, plain):
    """Separators of thousands and decimals do not make another number."""
    assert numbers(text) == {plain}


def test_skeletons_join_scripts():
    """A name has one skeleton in Latin, Russian and Kazakh spelling."""
    assert skeleton("Kairakty") == skeleton("Кайракты") == skeleton("Қайрақты") == "krkt"


def test_skeletons_are_of_names():
    """Words in lower case and words that open a sentence are no names."""
    assert skeletons("Producers met. Ministers of Kazakhstan spoke.") == {"kzkstn"}


def test_shingles_of_short_texts():
    """A text of fewer than three words is one shingle; an empty one has none."""
    assert len(shingles("one two")) == 1
    assert shingles("") == frozenset()


@given(st.text())
def test_any_text(text):
    """Nothing raises, and normalising twice changes nothing more."""
    assert normalised(normalised(text)) == normalised(text)
    assert all(0 <= one < 2**63 for one in shingles(text))
    assert all(number.replace(".", "", 1) for number in numbers(text))


@given(st.text(), st.text())
def test_content_hash_keeps_borders(one, other):
    """Moving words from one part to the next is a change."""
    assert content_hash(one, "x" + other) != content_hash(one + " x", other)
