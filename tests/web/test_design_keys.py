"""Keys, focus, toasts and the news bar, in a real browser on the page of the vocabulary."""

import pytest

from tests.web.vocabulary import ROUTES, add_templates
from tests.web.world import served

ITEM = "() => document.activeElement.closest('[data-item]')?.id ?? ''"
FOCUS = "() => document.activeElement.tagName + ':' + (document.activeElement.name || '')"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the vocabulary is served; nothing in it changes."""
    add_templates()
    folder = tmp_path_factory.mktemp("vocabulary")
    with served(f"sqlite:///{folder}/v.sqlite", routes=tuple(ROUTES)) as here:
        yield here.url


@pytest.fixture
def page(tab, address):
    """The vocabulary, just opened."""
    return tab().goto(f"{address}/sample")


def test_j_and_k_go_from_item_to_item_and_stop_at_the_ends(page):
    """The first j takes the first item; k before it and j after the last stay where they are."""
    seen = []
    for key in ("j", "j", "k", "k", *"jjjjjjj"):
        page.keyboard.press(key)
        seen.append(page.evaluate(ITEM))
    assert seen == ["s1", "s2", "s1", "s1", "s2", "s3", "s4", "s5", "s6", "s6", "s6"]


def test_one_item_alone_is_reached_with_tab(page):
    """Tabs pass a list by one stop, which is the current item."""
    stops = "() => [...document.querySelectorAll('[data-item]')].filter(i => i.tabIndex === 0).map(i => i.id)"
    assert page.evaluate(stops) == ["s1"]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(stops) == ["s2"]


def test_arrows_move_within_the_list_and_scroll_outside_it(page):
    """Arrows are the browser's until an item is current."""
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ITEM) == ""
    for key in ("j", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate(ITEM) == "s2"


def test_a_decided_item_stays_in_place_and_the_next_is_current(page):
    """Keeping the second story marks it where it stands; the third has the focus; it is said."""
    before = page.locator("[data-item]").evaluate_all("all => all.map(one => one.id)")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector("#s2.is-decided")
    page.wait_for_selector("#s3:focus")
    assert page.locator("[data-item]").evaluate_all("all => all.map(one => one.id)") == before
    assert page.inner_text("#toasts").split() == ["Kept.", "Undo", "u"]


def test_u_takes_the_last_decision_back(page):
    """After a decision `u` undoes its batch, and says so."""
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector("#s1.is-decided")
    page.keyboard.press("u")
    page.wait_for_selector("#toasts >> text=Undone 7.")


def test_a_click_keeps_the_focus_where_the_hand_is(page):
    """Deciding with the mouse does not move to the next story."""
    page.click("#s3 [data-key=e]")
    page.wait_for_selector("#s3.is-decided")
    page.wait_for_selector("#s3:focus")


def test_a_conflict_is_shown_in_the_item_and_said(tab, address):
    """A 409 brings the item as it is now, and a message that stays."""
    one = tab()
    page = one.goto(f"{address}/sample")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_selector("#s1.is-decided")
    assert page.inner_text("#s1 b") == "Ben dismissed 1 meanwhile"
    assert "Somebody else decided meanwhile" in page.inner_text(".toast-bad")
    one.faults = [fault for fault in one.faults if "409" not in fault]


@pytest.mark.parametrize(
    ("value", "said"), [("refused", "You may not do that"), ("fault", "That did not work")]
)
def test_a_refusal_and_a_fault_are_told_in_words(tab, address, value, said):
    """A 403 and a 500 leave the item as it is, and are told."""
    one = tab()
    page = one.goto(f"{address}/sample")
    page.eval_on_selector("#s1 [data-key=e]", f"one => one.value = '{value}'")
    page.click("#s1 [data-key=e]")
    page.wait_for_selector(".toast-bad")
    assert said in page.inner_text(".toast-bad")
    assert page.locator("#s1.is-decided").count() == 0
    one.faults.clear()


def test_being_offline_is_told_in_words(tab, address):
    """A request that reaches nobody is told."""
    one = tab()
    page = one.goto(f"{address}/sample")
    page.context.set_offline(True)
    page.click("#s1 [data-key=e]")
    page.wait_for_selector(".toast-bad")
    assert "cannot be reached" in page.inner_text(".toast-bad")
    one.faults.clear()


def test_keys_do_nothing_while_somebody_types(page):
    """In a field every key writes; Escape leads back to the item of the field."""
    for key in ("j", "n"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUS) == "TEXTAREA:note"
    page.keyboard.type("jeden/u?")
    assert page.input_value("#s1 textarea") == "jeden/u?"
    assert page.locator(".is-decided").count() == 0
    page.keyboard.press("Escape")
    assert page.evaluate(ITEM) == "s1"
    assert page.evaluate(FOCUS) == "LI:"


def test_keys_with_control_alt_or_meta_are_left_to_the_browser(page):
    """Ctrl-D, Alt-E and Meta-J decide and move nothing."""
    page.keyboard.press("j")
    for key in ("Control+e", "Alt+e", "Meta+j"):
        page.keyboard.press(key)
    assert page.evaluate(ITEM) == "s1"
    assert page.locator(".is-decided").count() == 0


@pytest.mark.parametrize(("letter", "code"), [("о", "KeyJ"), ("О", "KeyJ"), ("Process", "KeyJ")])
def test_letters_count_by_their_place_on_other_keyboards(page, letter, code):
    """On a Cyrillic layout the key of `j` is `о`; with an input method it has no letter at all."""
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true}))",
        [letter, code],
    )
    assert page.evaluate(ITEM) == "s1"


def test_a_slash_goes_to_the_search_and_x_checks_the_box(page):
    """`/` takes the field of the page's head; `x` chooses the current story."""
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.is_checked("#s1 input[name=choice]")
    assert page.inner_text("[data-when-checked]") == "1 chosen"
    page.keyboard.press("/")
    assert page.evaluate(FOCUS) == "INPUT:q"


def test_a_question_mark_shows_the_keys(page, address):
    """`?` opens the dialog, Escape closes it; keys do nothing behind it."""
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("j")
    assert page.evaluate(ITEM) == ""
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    assert page.url == f"{address}/sample"


def test_enter_opens_the_current_story(page, address):
    """Enter on an item follows its link."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/sample?story=1")


def test_news_are_told_of_and_not_put_in(page):
    """The bar shows how many there are; the list stays as it was."""
    before = page.inner_html("#list")
    page.wait_for_selector(".news-bar a")
    assert page.inner_text(".news-bar") == "12 new"
    assert page.inner_html("#list") == before


def test_the_zone_of_the_browser_is_told_in_a_cookie(tab, address):
    """The next page can show times where the reader is."""
    page = tab(timezone_id="Asia/Almaty").goto(f"{address}/sample")
    assert {c["name"]: c["value"] for c in page.context.cookies()}["zone"] == "Asia/Almaty"


def test_without_javascript_the_help_is_a_link_and_hints_of_keys_are_hidden(tab, address):
    """What only a script can do is not shown; the help key leads to a page."""
    page = tab(java_script_enabled=False).goto(f"{address}/sample")
    assert page.locator("kbd:visible").count() == 0
    page.click("a[data-dialog=keys]")
    assert page.url == f"{address}/help"


def test_nothing_makes_a_page_scroll_sideways(tab, address):
    """Words of a megabyte, markup and turned text stay within windows of 320 to 1920 px."""
    one = tab()
    page = one.goto(f"{address}/sample")
    for width in (320, 390, 768, 1119, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert one.wider() == [], width
