"""The inbox in a browser: nothing moves when one decides, nor when news comes."""

import pytest

from monitor.deliver.cards import refresh
from tests.store.records import hours
from tests.web.world import tell

PLACES = "all => all.map(one => [one.id, Math.round(scrollY + one.getBoundingClientRect().top)])"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_moves_when_one_is_decided(desk, tab, width):
    """A decided line keeps its place and its height."""
    page = tab(width=width).goto(desk.url)
    before = page.locator("[data-item]").evaluate_all(PLACES)
    page.click("#s4 [data-key=d]")
    page.wait_for_selector("#s4.is-decided")
    after = page.locator("[data-item]").evaluate_all(PLACES)
    assert [one for one, _ in after] == [one for one, _ in before]
    assert max(abs(a - b) for (_, a), (_, b) in zip(after, before, strict=True)) <= 2


def test_news_is_told_of_and_put_in_only_when_asked_for(desk, tab):
    """What the bar asks for says how many; the list itself changes when it is loaded anew."""
    opened = tab()
    page = opened.goto(desk.url)
    before = page.locator("[data-item]").evaluate_all(PLACES)
    tell(desk.database, "fresh", site="Post", title="Fresh ore", seen_at=hours(12))
    while refresh(desk.database):
        pass
    bar = page.get_attribute("[data-poll-url]", "data-poll-url")
    assert page.evaluate("url => fetch(url).then(answer => answer.json())", bar)["count"] == 1
    assert page.locator("[data-item]").evaluate_all(PLACES) == before
    page.goto(desk.url)
    assert page.locator("[data-item]").count() == len(before) + 1


def test_several_are_chosen_and_tagged_by_the_enter_key(desk, tab):
    """`x` chooses, the bar appears without moving a line, and Enter in its field tags."""
    page = tab().goto(desk.url)
    before = page.locator("[data-item]").evaluate_all(PLACES)
    for key in "jxjx":
        page.keyboard.press(key)
    page.wait_for_selector(".inbox-bulk:visible")
    assert page.locator("[data-item]").evaluate_all(PLACES) == before
    page.fill(".inbox-bulk input[name=value]", "watch")
    page.press(".inbox-bulk input[name=value]", "Enter")
    page.wait_for_selector("text=2 stories tagged")
    assert page.locator(".chip-tags").count() == 2
    assert page.locator(".is-decided").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_the_inbox_holds_at_every_width(desk, tab, width, scheme):
    """Hostile, long and right-to-left titles make no page scroll sideways."""
    opened = tab(width=width, color_scheme=scheme)
    opened.goto(f"{desk.url}/?group=mineral&state=all")
    assert opened.wider() == []
