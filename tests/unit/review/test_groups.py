"""What a split moves: the chosen articles with all that copy them."""

import pytest

from monitor.errors import BadInput
from monitor.review.groups import with_copies


def test_copies_of_copies_follow():
    """An original that has become a copy itself takes its own copies along."""
    copies = {1: None, 2: 1, 3: 2, 4: 3, 5: None}
    assert with_copies(copies, [1], 7) == {1, 2, 3, 4}
    assert with_copies(copies, [3], 7) == {3, 4}


def test_copies_in_a_circle_end():
    """Edges that lead back to where they began are followed once."""
    assert with_copies({1: 2, 2: 1, 3: None}, [1], 7) == {1, 2}


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([], "s7: no article was chosen"),
        ([9], "a9: is not in s7"),
        ([1, 3], "s7: would be left empty"),
    ],
)
def test_splits_that_make_no_sense(chosen, words):
    """It is said why."""
    with pytest.raises(BadInput, match=words):
        with_copies({1: None, 2: 1, 3: None}, chosen, 7)
