"""Search and views in a real browser: width, keys, and what screen readers meet."""

from urllib.parse import quote

import pytest

from monitor.model import StoryQuery
from tests.store.records import NOW


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_hold_at_any_width(desk, tab, scheme):
    """No page is wider than its window, with hostile titles and a long query in it."""
    desk.database.add_view("W" * 100, StoryQuery(search="x" * 400), owner="ann", now=NOW)
    for width in (320, 390, 1280, 1920):
        one = tab(width=width, color_scheme=scheme)
        for path in ("/search", "/search?q=zalgo", f"/search?q={quote('W' * 400)}", "/views"):
            one.goto(f"{desk.url}{path}")
            assert one.wider() == [], (width, path)


def test_a_search_from_the_box_to_a_saved_view(desk, tab):
    """Words, a facet, a name: by keyboard and mouse, as a newcomer does it."""
    page = tab(width=1280).goto(f"{desk.url}/search")
    page.fill(".search-ask input[name=q]", "рудника")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("mark").count() > 0 or page.locator("li.line").count() > 0
    page.locator("aside a", has_text="tungsten").first.click()
    page.fill("input[name=name]", "Mines")
    page.get_by_role("button", name="Save view").click()
    page.wait_for_url("**/views*")
    page.get_by_role("link", name="Mines").click()
    page.wait_for_url("**/search?*mineral=tungsten*")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.hasAttribute('data-item')")


def test_what_decides_on_several_waits_until_some_are_chosen(desk, tab):
    """The bar is not there before, counts them then, and all can be chosen at once."""
    page = tab(width=1280).goto(f"{desk.url}/search")
    bar = page.get_by_role("group", name="Decide on the chosen stories")
    assert bar.count() == 0 or not bar.is_visible()
    page.get_by_label("choose all on this page").check()
    assert bar.is_visible()
    assert int(bar.locator("[data-checked-count]").inner_text()) == page.locator("li.line").count()
