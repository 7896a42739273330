"""Two texts as what stayed, went and came: true for any texts, readable for those of newsrooms."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.deliver.differences import condensed, differences, figure_changes
from monitor.model import Claim, StoredClaim

WORDS = st.lists(
    st.sampled_from(["a", "b ", " ", "\n", "钨", "矿", ". ", "70", "%", "\ud800", "é"])
)


def sides(pieces):
    """The two texts that pieces are made of."""
    older = "".join(piece.text for piece in pieces if piece.kind in {"same", "gone"})
    newer = "".join(piece.text for piece in pieces if piece.kind in {"same", "came"})
    return older, newer


def marked(before, after):
    """Like `The stake is [-70-][+65+] %.`"""
    forms = {"same": "{}", "gone": "[-{}-]", "came": "[+{}+]"}
    return "".join(forms[p.kind].format(p.text) for p in differences(before, after))


@settings(max_examples=300)
@given(st.one_of(WORDS.map("".join), st.text()), st.one_of(WORDS.map("".join), st.text()))
def test_pieces_give_both_texts(before, after):
    """Applied one way they are the older text, the other way the newer one; no kind stands twice."""
    pieces = differences(before, after)
    assert sides(pieces) == (before, after)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other for one, other in pairwise(kinds))
    assert ("came", "gone") not in pairwise(kinds)
    assert all(piece.text for piece in pieces)


@given(WORDS.map("".join), WORDS.map("".join), st.integers(0, 60))
def test_few_steps_give_both_texts_too(before, after, steps):
    """Where the steps do not suffice the pieces are larger, and as true."""
    assert sides(differences(before, after, steps=steps)) == (before, after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The stake is 70 %.", "The stake is 65 %.", "The stake is [-70-][+65+] %."),
        ("科夫持股70%。", "科夫持股65%。", "科夫持股[-70-][+65+]%。"),
        ("钨矿合资公司", "钨矿公司", "钨矿[-合资-]公司"),
        ("one two three", "one three", "one [-two -]three"),
        ("a b c d", "a x y d", "a [-b c-][+x y+] d"),
        ("costs $1.2 billion", "costs $1.1 billion", "costs $[-1.2-][+1.1+] billion"),
        ("One. Two. End", "One. New. Two. End", "One. [+New. +]Two. End"),
        ("First told. Last", "First told. Put right. Last", "First told. [+Put right. +]Last"),
        (
            "It ends in China.\n",
            "It ends in China. Corrected.\n",
            "It ends in China.[+ Corrected.+]\n",
        ),
        ("same", "same", "same"),
        ("", "all new", "[+all new+]"),
        ("all old", "", "[-all old-]"),
        ("", "", ""),
    ],
)
def test_differences_of_newsrooms(before, after, expected):
    """Words are compared whole, ideographs one by one, and neighbours change together."""
    assert marked(before, after) == expected


def test_a_changed_word_in_a_long_text():
    """One figure changed in 200 kB is one word gone and one come."""
    sentences = [f"Sentence {number} is about ore and money.\n" for number in range(5000)]
    before = "".join(sentences)
    after = before.replace("Sentence 2500 is about ore", "Sentence 2500 is about tin")
    changed = [piece.text for piece in differences(before, after) if piece.kind != "same"]
    assert changed == ["ore", "tin"]


def test_sentences_where_words_are_too_many():
    """A text of which each second sentence was rewritten is compared by sentences."""
    before = "".join(f"Alpha {number} beta gamma delta. " for number in range(3000))
    after = "".join(
        f"{'Alpha' if number % 2 else 'Omega'} {number} beta gamma delta. "
        for number in range(3000)
    )
    pieces = differences(before, after)
    assert sides(pieces) == (before, after)
    assert sum(len(p.text) for p in pieces if p.kind == "same") > len(before) / 3


SEED = random.Random(4)
HARD = {
    "nothing shared": ("a " * 100_000, "b " * 100_000),
    "one word over and over": ("a " * 100_000, "a " * 90_000 + "b"),
    "random words": tuple(
        " ".join(SEED.choice("abcdefghij") for _ in range(100_000)) for _ in range(2)
    ),
    "random ideographs": tuple(
        "".join(chr(SEED.randrange(0x4E00, 0x4E20)) for _ in range(200_000)) for _ in range(2)
    ),
    "one long word": ("x" * 200_000, "y" * 200_000),
    "stops": (". " * 100_000, "! " * 100_000),
    "short sentences": tuple(
        "".join(f"{SEED.choice('abc')}. " for _ in range(66_000)) for _ in range(2)
    ),
    "line ends": ("\n" * 200_000, "\n \n" * 66_000),
    "turned round": ("a b c d e " * 20_000, "e d c b a " * 20_000),
}


@pytest.mark.parametrize("name", HARD)
def test_no_text_takes_long(name):
    """200 kB of the worst texts are compared in less than a second of the processor."""
    before, after = HARD[name]
    began = time.process_time()
    pieces = differences(before, after)
    took = time.process_time() - began
    assert sides(pieces) == (before, after)
    assert took < 1.0


def test_what_did_not_change_is_left_out():
    """Long same parts are cut to what stands beside a change, and it is said how much is missing."""
    same = "word " * 500
    pieces = condensed(differences(f"{same}70{same}", f"{same}65{same}"))
    assert [piece.kind for piece in pieces] == [
        "skipped",
        "same",
        "gone",
        "came",
        "same",
        "skipped",
    ]
    assert pieces[0].text == str(len(same) - len(pieces[1].text))
    assert condensed(differences("short a", "short b")) == differences("short a", "short b")


def figure(revision, value, unit="%", kind="stake", **more):
    """A figure of one revision."""
    claim = Claim(kind=kind, value=value, unit=unit, quote="q", start=0, end=1, **more)
    return StoredClaim(
        id=0, article_id=1, revision=revision, claim=claim, site="s.example", language="en"
    )


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([figure(1, 70), figure(2, 65)], ["stake 70 % → 65 %"]),
        ([figure(1, 70), figure(2, 70)], []),
        ([figure(1, 70), figure(2, 70, stage="closed")], ["stake 70 % → 70 % (closed)"]),
        ([figure(2, 1.1e9, "USD", "capex")], ["+ capex 1.1 bn USD"]),
        ([figure(1, 1.1e9, "USD", "capex")], ["− capex 1.1 bn USD"]),
        ([figure(1, 70), figure(3, 65)], ["− stake 70 %"]),
    ],
)
def test_figures_that_changed(claims, expected):
    """Two revisions side by side: what was replaced, came and went."""
    assert figure_changes(claims, 1, 2) == expected
