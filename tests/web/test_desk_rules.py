"""The page of users' rules: tried before they are kept, changed, taken back; readers only look."""

import re

import pytest

from monitor.model import Role
from monitor.web import passwords
from tests.store.records import NOW
from tests.web import browsing
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, served

RULE = {"name": "Sample", "expression": "mineral:tungsten", "action": "raise", "value": "0.2"}


def step(visitor, step, /, **fields):
    """Send the form; the page that comes of it."""
    return visitor.post("/rules", {**RULE, "step": step, **fields})


def test_a_rule_is_tried_before_it_is_kept(desk):
    """The trial tells what would change, keeps nothing, and leads to keeping it."""
    visitor = Visitor(desk.url)
    tried = step(visitor, "try", action="mute", value="")
    assert tried.status == 200
    assert "Sample Cove to sell tungsten mine" in tried.text
    assert "no longer relevant" in tried.text
    assert 'value="save"' in tried.text
    assert desk.database.rules() == []
    assert step(visitor, "save").to == "/rules"
    (rule,) = desk.database.rules()
    assert (rule.expression, rule.value, rule.created_by) == ("mineral:tungsten", "0.20", "ann")
    page = visitor.get("/rules").text
    assert "mineral:tungsten" in page
    assert "raise 0.20" in page


def test_a_fault_is_shown_beside_the_form(desk):
    """With its column; what was written is still there, and cannot be kept."""
    visitor = Visitor(desk.url)
    tried = step(visitor, "try", expression='title:"x" AND foo:bar<b>')
    assert tried.status == 400
    assert "column 15" in tried.text
    assert "foo:bar&lt;b&gt;</textarea>" in tried.text
    assert 'value="save"' not in tried.text
    assert step(visitor, "save", expression="foo:bar").status == 400
    assert step(visitor, "dance").status == 400
    assert step(visitor, "try", action="dance").status == 400
    assert desk.database.rules() == []


def test_every_change_can_be_taken_back(desk):
    """A new version each time; one that was looked at before another's change is refused."""
    visitor = Visitor(desk.url)
    step(visitor, "save")
    step(visitor, "save", id="1", version="1", value="0.3")
    late = step(visitor, "save", id="1", version="1", value="0.4")
    assert late.status in {400, 409}
    assert "changed by ann" in late.text
    step(visitor, "remove", id="1", version="2")
    assert [rule.is_active for rule in desk.database.rules()] == [False]
    step(visitor, "undo", id="1")
    (rule,) = desk.database.rules()
    assert (rule.version, rule.value, rule.is_active) == (4, "0.30", True)
    assert len(re.findall(r'<td class="num">\d</td>', visitor.get("/rules").text)) == 4


def test_what_strangers_wrote_is_shown_as_text(desk):
    """Names and expressions of users, titles and outlets of publishers."""
    visitor = Visitor(desk.url)
    step(visitor, "save", name=HOSTILE[:90], expression='title:"<script>alert(1)</script>"')
    tried = step(visitor, "try", expression="title:alert OR title:tungsten", name=HOSTILE[:90])
    for text in (visitor.get("/rules").text, tried.text):
        assert "<script>alert" not in text
        assert "<img" not in text


def test_readers_look(sqlite_url):
    """A reader sees the rules and no form, and may change nothing."""
    with served(sqlite_url, sole_user="") as here:
        here.database.add_user(
            "rea", password_hash=passwords.hashed("x"), role=Role.READER, now=NOW
        )
        reader, token = Visitor(here.url), passwords.new_token()
        reader.cookies["monitor_session"] = token
        here.database.sign_in("rea", passwords.key_of(token), place="", browser="", now=here.now)
        shown = reader.get("/rules")
        assert shown.status == 200
        assert "There is no rule yet." in shown.text
        assert 'action="/rules"' not in shown.text
        assert step(reader, "try").status == 403
        assert step(reader, "save").status == 403


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_a_trial_holds_in_a_browser(desk, tab, width, scheme):
    """By clicks, without JavaScript: nothing sticks out, and the rule is kept."""
    page = tab(width=width, color_scheme=scheme, java_script_enabled=False).goto(
        desk.url + "/rules"
    )
    page.fill("#rule-name-new", "W" * 90)
    page.fill("#rule-when-new", "title:sample OR title:alert")
    page.fill("#rule-value-new", "sample tag")
    browsing.follow(page, "text=Try it")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    browsing.follow(page, "button:has-text('Save')")
    assert "tag sample tag" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
