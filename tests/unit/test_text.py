"""Words, shingles, numbers and skeletons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import (
    content_hash,
    normalised,
    numbers,
    opening_end,
    prose,
    shingles,
    skeleton,
    skeletons,
    words,
)


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


MENU = "Home | Markets | Mining"
TICKER = "Copper 10,812 +0.4%Zinc 3,071 +0.1%Tin 36,240 +1.1%"
SENTENCE = "The ministry signed an order that bans all exports of tungsten ore for six months."


def test_furniture_is_blanked_and_offsets_stay():
    """Menus, tickers and headlines between sentences are blanked, character for character."""
    text = f"{MENU}\n{TICKER}\n{SENTENCE}\n{SENTENCE}\nAnother outlet's headline on gold"
    found = prose(text)
    assert len(found) == len(text)
    assert found.split() == f"{SENTENCE} {SENTENCE}".split()


@pytest.mark.parametrize("text", ["", MENU, f"{TICKER}\n{SENTENCE}", "Bullet one\nBullet two"])
def test_a_text_without_prose_stays(text):
    """A short text, or one of bare lines, is all there is."""
    assert prose(text) == text


def test_the_opening_is_counted_in_prose():
    """Furniture before the text does not use up its opening."""
    text = f"{MENU}\n{SENTENCE}\n{SENTENCE}\n{SENTENCE}"
    assert text[: opening_end(text, 10)].endswith(SENTENCE[:10])
    assert opening_end(text, 10_000) == len(text)
