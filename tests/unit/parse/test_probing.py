"""What each option of a source finds."""

from datetime import UTC, datetime

import pytest

from monitor.errors import Permanent
from monitor.model import SourceKind
from monitor.parse.probing import probe

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = b"""<ul><li><a href="/1"><b>One</b> mine</a> <i>1 May</i></li>
<li><a href="/2">Two mines</a></li><li>No link</li></ul>"""


def probed(options, body=PAGE, kind=SourceKind.LISTING):
    """(option, found, items, first texts) of each option."""
    found = probe(kind, body, url="https://ore.example/", content_type="", now=NOW, options=options)
    return [(one.option, one.found, one.items, one.first) for one in found]


def test_selectors_of_a_listing_are_counted_by_block():
    """In how many blocks each finds something, and what; addresses for links."""
    assert probed({"item": "li", "link": "a", "title": "b::text", "date": ".//i"}) == [
        ("item", 3, 0, ("One mine 1 May", "Two mines", "No link")),
        ("link", 2, 3, ("/1", "/2")),
        ("title", 1, 3, ("One",)),
        ("date", 1, 3, ("1 May",)),
    ]


def test_a_selector_that_finds_nothing_is_counted_so():
    """Nought is told, and the others are tried all the same."""
    assert probed({"item": "p", "link": "a"}) == [("item", 0, 0, ()), ("link", 0, 0, ())]


def test_without_a_block_there_is_nothing_to_try():
    """Selectors within a block say nothing without it; feeds have none."""
    assert probed({"link": "a"}) == []
    assert probed({}, kind=SourceKind.PAGE) == []
    assert probed({}, kind=SourceKind.FEED) == []


def test_the_watched_part_of_a_page_is_shown():
    """`watch` finds parts of the whole page."""
    assert probed({"watch": "li a"}, kind=SourceKind.PAGE) == [
        ("watch", 2, 0, ("One mine", "Two mines"))
    ]


def test_paths_of_an_api_are_tried_on_each_item():
    """Named paths, and fields that are found by themselves."""
    body = b'{"d": [{"t": "A", "url": "/1"}, {"t": "B", "url": "/2", "x": {"day": "2026-05-01"}}]}'
    found = probed({"item": "d", "title": "t", "date": "x.day"}, body, SourceKind.API)
    assert found == [
        ("item", 2, 0, ()),
        ("link", 2, 2, ("/1", "/2")),
        ("title", 2, 2, ("A", "B")),
        ("date", 1, 2, ("2026-05-01",)),
    ]


def test_what_is_no_such_document_is_refused():
    """A picture is no page, a page is no JSON."""
    with pytest.raises(Permanent):
        probed({"item": "li"}, b"\x89PNG")
    with pytest.raises(Permanent):
        probed({}, PAGE, SourceKind.API)
