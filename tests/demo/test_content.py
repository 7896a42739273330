"""Mistakes in the sample content are named with their file, and with a way out."""

import shutil
from dataclasses import fields

import pytest

from monitor.demo.content import BUNDLED, Article, Edit, Outlet, load_outlets
from monitor.demo.dialects import FEEDS, PAGES
from monitor.errors import BadInput


@pytest.fixture
def folder(tmp_path):
    """A copy of one outlet that may be spoilt."""
    shutil.copy(BUNDLED / "battery-belt.toml", tmp_path)
    return tmp_path


def spoil(folder, old, new):
    """Replace words in the copied file, once."""
    file = folder / "battery-belt.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tagline = "', 'taglin = "', "unknown key taglin. Did you mean tagline?"),
        ('name = "Battery Belt News"\n', "", "name is missing"),
        ('feed = "atom10"', 'feed = "atom11"', "feed is 'atom11'. Take one of"),
        ('page = "soup"', 'page = "soap"', "page is 'soap'. Take one of"),
        ('kind = "feed"', 'kind = "food"', "kind is 'food'. Take one of"),
        ("hours_ago = 33", "hours_ago = -1", "hours_ago is -1; it must be between 0 and"),
        ('path = "/news/item?p={n}"', 'path = "/news"', "path is '/news'. Use {id} or {n}"),
        ("p={n}", "p={number}", "Use {id} or {n}"),
        ('start = "/atom', 'start = "atom', "start is 'atom.xml'; it must begin with /"),
        ("day = 1", "day = 3", "day is 3; it must be 1 or 2"),
        ("hours_ago = 33", 'hours_ago = "33"', "hours_ago must be float"),
        ('find = "agreeing', 'find = "agreed', "are not in the text"),
        ('id = "bb-lac"', 'id = "bb-cove"', "the article id bb-cove is taken"),
        ('name = "Battery', "name = Battery", "is no valid TOML"),
        ('region = "US"', 'region = "US"\nencoding = "latin-9000"', "no encoding 'latin-9000'"),
    ],
)
def test_a_mistake_is_named(folder, old, new, said):
    """The message says what is wrong, in which file."""
    spoil(folder, old, new)
    with pytest.raises(BadInput) as caught:
        load_outlets(folder)
    assert said in str(caught.value)
    assert "battery-belt" in str(caught.value)


def test_a_letter_that_the_encoding_lacks_is_named(folder):
    """An outlet cannot print what its encoding does not have."""
    spoil(folder, 'region = "US"', 'region = "US"\nencoding = "ascii"')
    spoil(folder, "No cobalt from Congo", "Kein Kobalt für")
    with pytest.raises(BadInput, match="'ü' does not exist in ascii"):
        load_outlets(folder)


def test_the_guide_names_every_key_and_choice():
    """What the folder's README says of the files is complete."""
    guide = (BUNDLED / "README.md").read_text(encoding="utf-8")
    names = {spec.name for record in (Outlet, Article, Edit) for spec in fields(record)}
    names -= {"key", "articles", "edits", "paragraphs"}
    missing = {name for name in names | set(FEEDS) | set(PAGES) if f"`{name}`" not in guide}
    assert missing - {"options"} == set()


def test_an_empty_folder_is_refused(tmp_path):
    """A folder without outlets says so."""
    with pytest.raises(BadInput, match="holds no outlets"):
        load_outlets(tmp_path)
