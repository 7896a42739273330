"""The page of a story in a real browser: it fits, it can be read out, its keys do what they say."""

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_the_page_fits(desk, tab, width, scheme):
    """No size scrolls sideways, nothing of a stranger runs, and nobody is shut out."""
    opened = tab(width=width, color_scheme=scheme)
    for path in ("/stories/1?find=&split=a1", "/stories/5"):
        page = opened.goto(desk.url + path)
        assert opened.wider() == [], path
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found.response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], path


def test_keys_decide_note_and_lead_back(desk, tab):
    """`e` keeps, `u` takes it back, `n` goes to the note, Escape leaves it and then the page."""
    page = tab().goto(desk.url + "/stories/1?back=%2F%3Fstate%3Dall")
    page.keyboard.press("e")
    page.wait_for_selector("[data-key=e][aria-pressed=true]")
    page.keyboard.press("u")
    page.wait_for_selector("[data-key=e]:not([aria-pressed])")
    page.keyboard.press("n")
    page.keyboard.type("written by hand")
    page.keyboard.press("Escape")
    page.click("text=Add note >> nth=-1")
    page.wait_for_selector(".story-note-text >> text=written by hand")
    page.keyboard.press("Escape")
    page.wait_for_url("**/?state=all")


def test_all_of_it_without_javascript(desk, tab):
    """A merge and its undo, and two texts side by side, with plain forms and links."""
    page = tab(java_script_enabled=False).goto(desk.url + "/stories/1")
    page.fill("input[name=find]", "s6")
    page.click("#merge button >> text=Find")
    page.click("text=Merge s6 into this")
    assert "s6 is part of this story now." in page.inner_text(".toast")
    page.click(".toast button")
    assert page.goto(desk.url + "/stories/6").url.endswith("/stories/6")
    page.goto(desk.url + "/stories/1")
    page.select_option("select[name=left]", "a3")
    page.click("text=Show side by side")
    assert "left=a3" in page.url
    assert page.locator(".story-texts article").count() == 2
