"""Any text is read for figures in bounded time, and every quote stands where it says."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.enrich.claims import MOST_CLAIMS, reader
from monitor.enrich.sentences import LONGEST, sentences

#: Seconds of processor time for any text: a hundred times what a machine at rest takes.
ENOUGH_S = 8.0

#: Characters of an attack: far more than are read.
LONG = 200_000

PIECES = st.sampled_from(
    "70% 1.4 Mt WO3 $900m of tungsten reserves stake . , 410,000 t 钨 140万吨 запасы млн тонн 三氧化钨 "  # noqa: SIM905 - a list of words
    "- – to per tonne from until 2026 May 5 10月 30日 起 млрд долл. за тонну ¥ € Rs crore half a third "
    "ten percent 三成 三分之一 百分之 yüzde % 30 / : ( ) Ё İ ﬁ ٣٫٥ ۱/۴ १ １ million hundred two and ban "
    "quota MoU C1+C2 JORC oz 3.5 Moz 100.6 g/t @ ppm ② ½ 一 亿 조 lakh".split()
)

ATTACKS = [
    "9", "1,", "1.", "1 ", "1'", "1\u00a0000", "۱/", "1:", "5-", "5%", "$", "$1", "$5 ", "5 t ",
    "5 t stake ", "million ", "5 million ", "ten-", "two ", "two hundred ", "half of ", "a tonne ",
    "一", "3万", "十百千万", "三分之一", "三成", "from 5 to ", ". ", '."', "\n", " ", "May 5 ", "5 May ",
    "2025年1月", "1.1.2025 ", "ban until 5 May 2025 ", "annual ", "$5 per tonne ", "70 % of the ",
    "resource measured JORC 5 t ", "5 contained ", "millionenmillionen", "5 т млн $ 70% stake 三成 ",
    "20 Mt at 700 g/t of 935 t ", "70% stake remaining ", "𝟝", "٣", "²", "½ ",
]  # fmt: skip


def holds(whole, claims):
    """Whether every claim's quote and figure stand where they say."""
    return len(claims) <= MOST_CLAIMS and all(
        whole[claim.start : claim.end] == claim.quote
        and claim.start <= claim.figure_start < claim.figure_end <= claim.end
        for claim in claims
    )


@given(st.text(max_size=400), st.sampled_from(["en", "ru", "zh", "de", "ar", "ja", "xx"]))
def test_any_text(text, language):
    """Nothing raises, and quotes and figures are verbatim at their offsets."""
    whole = f"T\n{text}"
    assert holds(whole, reader().read(whole, language, ()))


@settings(max_examples=300)
@given(
    st.lists(PIECES, max_size=40),
    st.sampled_from([" ", ""]),
    st.sampled_from(["en", "ru", "zh", "tr", "fa", "ko"]),
)
def test_any_words_of_figures(pieces, joint, language):
    """The same for words that the grammar knows, in any order and any language."""
    whole = f"T\n{joint.join(pieces)}"
    assert holds(whole, reader().read(whole, language, ()))


@given(st.floats(min_value=1, max_value=1e9), st.sampled_from(["en", "zh"]))
def test_numbers_parse_back(number, language):
    """A number written with commas and a point is read as what it was."""
    written = f"{number:,.1f}"
    (found,) = reader().quantities(f"{written} tonnes", language)
    assert found.value == pytest.approx(round(number, 1), rel=1e-6)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_take_bounded_time(attack):
    """An endless line of anything is read in bounded time."""
    whole = f"T\n{attack * (LONG // len(attack))} 5 t"
    reader().read("T\nx", "ru", ())
    start = time.process_time()
    claims = reader().read(whole, "ru", ())
    assert time.process_time() - start < ENOUGH_S
    assert holds(whole, claims)


def test_a_megabyte():
    """Of a text of a megabyte the beginning is read."""
    whole = "T\n" + "It will hold a 70 percent stake. The mine costs $1.1 billion.\n" * 16_000
    start = time.process_time()
    claims = reader().read(whole, "en", ())
    assert time.process_time() - start < ENOUGH_S
    assert {(claim.kind, claim.value) for claim in claims} == {("stake", 70.0), ("capex", 1.1e9)}


@pytest.mark.parametrize("digits", [19, 40, 400])
def test_endless_numbers_are_none(digits):
    """A number of hundreds of digits is no figure."""
    assert reader().read(f"T\nReserves of {'7' * digits} tonnes.", "en", ()) == ()


@given(st.text(alphabet="aЯ一 .!?。\n5,", max_size=300))
def test_sentences_cover_the_text(text):
    """Sentences stand in order, none too long, and hold all that is not white."""
    found = sentences(text * 20)
    assert all(end - start <= LONGEST for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    kept = "".join((text * 20)[start:end] for start, end in found)
    assert "".join(kept.split()) == "".join((text * 20).split())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Es gilt ab dem 1. April 2027. Danach nicht.", 2),
        ("Цена 5 тыс. долл. США. Это много.", 2),
        ("It paid 5.2 million U.S. dollars. The end.", 2),
        ("In 2025. The mine opened.", 2),
        ("产量增长。价格下跌。", 2),
        ("यह पहला है। यह दूसरा है।", 2),
    ],
)
def test_sentence_ends(text, count):
    """Abbreviations and days end no sentence."""
    assert len(sentences(text)) == count
