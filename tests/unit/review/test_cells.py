"""Texts in cells: guarded against formulas, and whole when they come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.review.cells import (
    name_cell,
    names_cell,
    names_of,
    plain_cell,
    typed,
)
from monitor.wording import guarded, unguarded

nasty = st.text(st.sampled_from("'=+-@\t\r\n;＝ ab"), max_size=12)


@given(st.one_of(st.text(), nasty))
def test_a_guard_comes_off_again(text):
    """Whatever a text is, also one that has guards already."""
    assert unguarded(guarded(text)) == text
    assert unguarded(typed(text)) == text


@given(nasty)
def test_no_guarded_text_begins_a_formula(text):
    """Neither at its start nor after what a spreadsheet may split cells at."""
    for part in guarded(text).replace("\n", ";").split(";"):
        assert not part.lstrip(" ").startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", " '=1+1"),
        ("a; =HYPERLINK(1)", "a; '=HYPERLINK(1)"),
        ("a\n=1", "a\n'=1"),
        ("'=1", "''=1"),
        ("up 5 %; down", "up 5 %; down"),
        ("it's", "it's"),
    ],
)
def test_what_is_guarded(text, shown):
    """An apostrophe stands before each formula, and nowhere else."""
    assert guarded(text) == shown


def test_controls_and_directions_are_shown():
    """What a reader cannot see, or XML cannot hold, becomes a visible mark."""
    assert plain_cell("a\x00b\u202ec\ud800d\uffffe\x1bf") == "a�b�c�d�e�f"
    assert plain_cell("a\r\nb\tc") == "a\nb\tc"


@given(st.lists(st.text(min_size=1), max_size=4))
def test_names_keep_apart(names):
    """A semicolon or a line end within a tag does not make two of it."""
    shown = [name for name in dict.fromkeys(map(name_cell, names)) if name]
    assert list(names_of(names_cell(names))) == shown
