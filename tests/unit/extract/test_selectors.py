"""Facts about selectors that a source gives for its pages."""

from datetime import UTC, datetime

import pytest

from monitor.errors import Permanent
from tests.unit.extract.pages import ENGLISH, extract, page

SHOWN = (
    '<h2 class="real-title">The true headline</h2><i class="when">Thursday, 12.03.2026</i>'
    '<b class="who">Ann Sample</b><b class="who">Bo Sample</b>'
    '<div class="lede"><p>First  words.</p><p>Second<br>third words.</p></div>'
)


def test_selectors_override_rules():
    """Text, title, date and authors come from where the source says."""
    found = extract(
        page(shown=SHOWN, head='<meta name="date" content="2025-01-02">'),
        text=".lede",
        title="//h2[@class='real-title']",
        date=".when::text",
        author="b.who",
    )
    assert found.text == "First words.\nSecond\nthird words."
    assert found.title == "The true headline"
    assert found.published_at == datetime(2026, 3, 12, tzinfo=UTC)
    assert found.authors == ("Ann Sample", "Bo Sample")


def test_selectors_that_find_nothing_leave_the_rules():
    """A selector that no longer fits the page costs nothing."""
    found = extract(page(), text=".gone", title=".gone", date=".gone", author=".gone")
    assert found.title == "Sample Ridge lifts tungsten forecast"
    assert found.text.split("\n") == list(ENGLISH)


def test_removed_parts_are_never_read():
    """What `remove` finds is dropped before text, title and date are looked for."""
    shown = (
        '<div class="promo"><p>Buy our very good book about the metals of the world now.</p></div>'
    )
    found = extract(
        page(shown=shown, head='<meta name="date" content="2026-03-12">'), remove=".promo, meta"
    )
    assert "good book" not in found.text
    assert found.published_at is None


def test_attributes_are_selected():
    """`::attr()` takes the value of an attribute."""
    found = extract(page(shown='<i data-when="2026-03-12T10:00Z"></i>'), date="i::attr(data-when)")
    assert found.published_at == datetime(2026, 3, 12, 10, tzinfo=UTC)


def test_selectors_of_a_listing_are_not_those_of_its_pages():
    """A listing names its blocks' title and date; for its pages `page_title` does."""
    body = page(shown=SHOWN)
    listing = {"item": ".card", "title": "nav a", "date": "nav a"}
    assert extract(body, options=listing).title == "Sample Ridge lifts tungsten forecast"
    both = {**listing, "page_title": ".real-title"}
    assert extract(body, options=both).title == "The true headline"


@pytest.mark.parametrize("name", ["text", "title", "date", "author", "remove"])
@pytest.mark.parametrize(
    "selector", ["p[", "//p[", "::nonsense(1)", "p::attr(", "(((", "/p/unknown()"]
)
def test_invalid_selector_is_named(name, selector):
    """The error names the selector, so that the operator can find it."""
    with pytest.raises(Permanent) as caught:
        extract(page(), **{name: selector})
    assert repr(selector) in str(caught.value)
    assert "options of the source" in str(caught.value)
