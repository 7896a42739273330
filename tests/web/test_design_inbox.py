"""The keys on the real inbox: what is decided stays in place, is told, and can be taken back."""

from tests.web import browsing

ORDER = "all => all.map(one => one.id)"
HERE = "() => document.activeElement.id"


def test_a_story_is_kept_and_taken_back_with_three_keys(desk, tab):
    """`j` and `e` keep the first story where it stands and go to the next; `u` takes it back."""
    page = tab().goto(desk.url)
    before = page.locator("[data-item]").evaluate_all(ORDER)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector(f"#{before[0]}.is-decided")
    page.wait_for_selector(f"#{before[1]}:focus")
    assert page.locator("[data-item]").evaluate_all(ORDER) == before
    assert "Undo" in page.inner_text("#toasts")
    page.keyboard.press("u")
    page.wait_for_selector(f"#{before[0]}:not(.is-decided)")
    assert page.locator("[data-item]").evaluate_all(ORDER) == before


def test_a_list_can_be_decided_without_a_look_up_between(desk, tab):
    """Keep, dismiss, keep: each key acts on the next story, whatever came of the one before."""
    page = tab().goto(desk.url)
    listed = page.locator("[data-item]").evaluate_all(ORDER)
    page.keyboard.press("j")
    for number, key in enumerate("ede"):
        page.keyboard.press(key)
        page.wait_for_selector(f"#{listed[number + 1]}:focus")
    assert page.locator(".is-decided").evaluate_all(ORDER) == listed[:3]


def test_a_decision_without_javascript_is_told_on_the_next_page(desk, tab):
    """A plain form goes to the next page, which says what was done and offers to undo it."""
    page = tab(java_script_enabled=False).goto(desk.url)
    title = page.inner_text("[data-item] .title >> nth=0")
    browsing.follow(page, "[data-item] >> nth=0 >> [data-key=e]")
    assert "Undo" in page.inner_text(".toast")
    assert title not in page.inner_text("main")
    browsing.follow(page, ".toast button")
    assert title in page.inner_text("main")


def test_the_language_is_switched_at_the_foot(desk, tab):
    """A click on another language stays on the page and speaks it from then on."""
    page = tab().goto(desk.url + "/help")
    browsing.follow(page, "footer button[value=ru]")
    assert page.url == desk.url + "/help"
    assert page.get_attribute("html", "lang") == "ru"
    assert page.inner_text("h1") != "Help"
    browsing.follow(page, "footer button[value=zh]")
    assert page.get_attribute("html", "lang") == "zh"
