"""`monitor views`: searches under a name, from the terminal."""

import pytest

from monitor.deliver.cards import refresh
from monitor.errors import BadInput
from monitor.store import open_database
from tests.cli.desk import run, told_story


@pytest.fixture
def url(tmp_path):
    """A desk with a story and its card."""
    place = f"sqlite:///{tmp_path}/monitor.sqlite"
    told_story(place)
    database = open_database(place)
    while refresh(database):
        pass
    database.close()
    return place


def test_a_view_from_its_making_to_its_end(url):
    """Saved in any language's words, listed, shown with its stories, removed."""
    (made,) = run(url, "views", "add", "Ore", "mineral=钨", "q=sold", "--json").records
    assert made["query"] == {"mineral": ["tungsten"], "q": ["sold"]}
    assert run(url, "views", "list", "--json").records == [made]
    (shown,) = run(url, "views", "show", "ore", "--json").records
    assert shown["stories"] == ["s1"]
    assert shown["feed"].endswith("/feed.atom")
    assert "mineral=tungsten" in run(url, "views", "show", str(made["id"])).out
    assert run(url, "views", "remove", "Ore", "--yes").status == 0
    assert "no views" in run(url, "views", "list").err


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (["tungsten"], "PART=VALUE"),
        (["colour=red"], "PART=VALUE"),
        (["since=yesterday"], "no value"),
        (["q= "], "no value"),
        (["mineral=tungstn"], "Did you mean tungsten"),
    ],
)
def test_what_is_no_search_is_refused(url, parts, words):
    """With what is wrong, and how it is written."""
    with pytest.raises(BadInput, match=words):
        run(url, "views", "add", "Ore", *parts)


def test_an_unknown_view(url):
    """It is named, with the command that lists them."""
    for words in (["show", "x"], ["remove", "9" * 30, "--yes"]):
        with pytest.raises(BadInput, match="no such view"):
            run(url, "views", *words)
