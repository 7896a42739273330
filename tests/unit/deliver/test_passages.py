"""A text cut where something was found in it: joined it is the text, whatever the offsets say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.deliver.passages import FIGURE, MOST_MARKS, Mark, figures_in, passages
from monitor.model import Claim

MARKS = st.lists(
    st.builds(
        Mark,
        start=st.integers(-5, 40),
        end=st.integers(-5, 40),
        kind=st.sampled_from(["mineral", "country", FIGURE]),
        name=st.just("n"),
    )
)


@given(st.text(max_size=30), MARKS, st.integers(-3, 40), st.none() | st.integers(-3, 40))
def test_passages_joined_are_the_text(text, marks, start, end):
    """No offset loses, repeats or moves a character."""
    low = min(max(start, 0), len(text))
    high = len(text) if end is None else min(max(end, low), len(text))
    found = passages(text, marks, start=start, end=end)
    assert "".join(piece.text for piece in found) == text[low:high]
    assert all(piece.text for piece in found)


@given(st.text(min_size=1, max_size=30), MARKS)
def test_marks_stand_where_they_say(text, marks):
    """A passage lies in the mark that it shows, and each mark that is shown begins once."""
    at, begun = 0, []
    for piece in passages(text, marks):
        for mark, is_start in (
            (piece.mention, piece.is_mention_start),
            (piece.figure, piece.is_figure_start),
        ):
            if mark is not None:
                assert max(mark.start, 0) <= at
                assert at + len(piece.text) <= mark.end
                begun += [id(mark)] * is_start
        at += len(piece.text)
    assert len(begun) == len(set(begun))


def mark(start, end, kind="mineral"):
    """A mark named by its kind."""
    return Mark(start=start, end=end, kind=kind, name=kind)


def spelled(text, marks):
    """Like `a <mineral>b</>`."""
    return "".join(
        f"<{'+'.join(m.kind for m in (p.figure, p.mention) if m)}>{p.text}</>"
        if p.mention or p.figure
        else p.text
        for p in passages(text, marks)
    )


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([mark(0, 2), mark(1, 5, "country")], "ab<country>...</>"),
        ([mark(0, 4), mark(1, 3, "country")], "<mineral>...</>"),
        ([mark(0, 4), mark(2, 6, FIGURE)], "mixed"),
    ],
)
def test_the_longer_of_two_mentions_is_kept(marks, expected):
    """A figure and a mention may share words; of two mentions the longer stands."""
    text = "abcdefgh"
    found = {
        "ab<country>...</>": "a<country>bcde</>fgh",
        "<mineral>...</>": "<mineral>abcd</>efgh",
        "mixed": "<mineral>ab</><figure+mineral>cd</><figure>ef</>gh",
    }
    assert spelled(text, marks) == found[expected]


@pytest.mark.parametrize(
    ("quote", "language", "value", "unit", "expected"),
    [
        ("The group holds 70 per cent, the state 30 per cent.", "en", 70, "%", ["70 per cent"]),
        (
            "El costo es de 1.100 millones de dólares.",
            "es",
            1.1e9,
            "USD",
            ["1.100 millones de dólares"],
        ),
        ("科夫资本持股70%,陶肯持股30%。", "zh", 30, "%", ["30%"]),
        ("A figure in words only.", "en", 70, "%", ["A figure in words only."]),
    ],
)
def test_a_figure_is_found_in_its_quote(quote, language, value, unit, expected):
    """The number with its unit is marked; the whole quote where it is not found."""
    claim = Claim(kind="stake", value=value, unit=unit, quote=quote, start=0, end=len(quote))
    assert [quote[start:end] for start, end in figures_in(claim, language)] == expected


def test_many_marks_take_no_time():
    """Thousands of marks upon each other are cut as quickly as a few."""
    text = "a" * 20_000
    marks = [replace(mark(0, 2), start=at, end=at + 3) for at in range(0, MOST_MARKS * 2, 2)]
    assert "".join(piece.text for piece in passages(text, marks)) == text
