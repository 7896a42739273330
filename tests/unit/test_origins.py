"""How many independent tellings a story has: by whom its texts go back to."""

from dataclasses import dataclass

import pytest

from monitor.model import Copy
from monitor.model.origins import origins_of


@dataclass
class Told:
    """An article, as far as its origin is concerned."""

    id: int
    site: str
    attributed_to: str = ""
    copy: Copy | None = None
    url: str = ""


def copy_of(number):
    """An edge to that article."""
    return Copy(original_id=number, containment=1.0, why="all of it")


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ([Told(1, "Post"), Told(2, "Gazette")], ["Post", "Gazette"]),
        ([Told(1, "Post"), Told(2, "post")], ["Post", "post"]),
        ([Told(1, "Reuters"), Told(2, "Post", "Reuters")], ["Reuters", "Reuters"]),
        ([Told(1, "Post", "Reuters"), Told(2, "Gazette", "Reuters")], ["Reuters", "Reuters"]),
        ([Told(1, "Post"), Told(2, "Gazette", copy=copy_of(1))], ["Post", "Post"]),
        ([Told(2, "Gazette", copy=copy_of(9))], ["Gazette"]),
        ([Told(1, "Kapital", "Reuters"), Told(2, "Post", "Kapital")], ["Reuters", "Reuters"]),
        (
            [Told(1, "The Capital", url="https://www.kapital.kz/1"), Told(2, "Post", "kapital.kz")],
            ["The Capital", "The Capital"],
        ),
        ([Told(1, "A", "B"), Told(2, "B", "A")], ["A", "B"]),
        (
            [Told(1, "A", copy=copy_of(2)), Told(2, "B", copy=copy_of(1))],
            ["B", "A"],
        ),
    ],
)
def test_whose_telling_it_is(told, names):
    """Copies, rewrites that name their source, and rewrites of rewrites are one origin."""
    found = origins_of(told)
    assert [found[one.id].name for one in told] == names
    assert len({one.key for one in found.values()}) == len({name.casefold() for name in names})
