"""Decisions over HTTP: alone, many at once, by two analysts, on stories that changed, undone."""

import json
from urllib.parse import quote

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Placement, ReviewState, Role
from monitor.web import passwords
from tests.store.records import NOW, hours
from tests.web.inbox_page import Listed, listed, words
from tests.web.visitor import Visitor
from tests.web.world import tell

HTMX = {"HX_Request": "true"}


@pytest.fixture
def ann(desk):
    """Who sits at the desk."""
    return Visitor(desk.url)


@pytest.fixture
def two(desk):
    """Two analysts with accounts, signed in."""
    found = []
    for name in ("ann", "ben"):
        desk.database.add_user(
            name, password_hash=passwords.hashed("x"), role=Role.ANALYST, now=NOW
        )
        found.append(Visitor(desk.url))
        found[-1].sign_in(name, "x")
    return found


def said(answer):
    """What an answer to htmx has a page say."""
    return json.loads(answer.headers["HX-Trigger"])["said"]


def state(desk, number):
    """How a story stands."""
    return desk.database.story(number).state


def test_a_decision_answers_with_its_line_in_place(ann, desk):
    """Htmx gets the one line, dimmed, with Undo; the state is in the store, and it is seen."""
    page = listed(ann)
    answer = ann.post("/decide", {"one": page.choice(2, "dismiss"), "back": "/"}, **HTMX)
    assert answer.status == 200
    line = Listed(answer.text)
    assert line.ids == [2]
    assert line.names("//li/@hx-swap-oob") == ["true"]
    assert "is-decided" in line.names("//li/@class")[0]
    assert "Dismissed" in line.line(2)
    assert said(answer)["text"] == "Dismissed."
    assert line.names("//button[@formaction='/undo']/@value") == [said(answer)["undo"]]
    assert state(desk, 2) == ReviewState.DISMISSED
    assert desk.database.lines_of([2], reader="ann")[0].news == ()


def test_a_star_or_a_tag_leaves_the_line_to_be_decided(ann):
    """Only a new state dims a line; what is added to it keeps its buttons, with the new version."""
    page = listed(ann)
    answer = ann.post("/decide", {"one": page.choice(2, "star"), "back": "/"}, **HTMX)
    line = Listed(answer.text)
    assert "is-decided" not in line.names("//li/@class")[0]
    assert said(answer)["undo"]
    assert ann.post("/decide", {"one": line.choice(2, "keep"), "back": "/"}, **HTMX).status == 200


def test_many_are_decided_together_and_taken_back_together(ann, desk):
    """Boxes and one button: one batch, one undo, and all stand as before."""
    page = listed(ann)
    chosen = [("choice", page.choice(number)) for number in (1, 3, 5)]
    answer = ann.post("/decide", [*chosen, ("action", "keep"), ("back", "/")], **HTMX)
    assert said(answer)["text"] == "3 stories kept."
    assert Listed(answer.text).ids == [1, 3, 5]
    assert {d.batch for n in (1, 3, 5) for d in desk.database.decisions(n)} == {
        int(said(answer)["undo"])
    }
    back = ann.post("/undo", {"batch": said(answer)["undo"], "back": "/"}, **HTMX)
    assert said(back)["text"] == "3 decisions taken back."
    assert sorted(Listed(back.text).ids) == [1, 3, 5]
    assert listed(ann).ids == page.ids


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"action": "tag", "value": "price watch"}, "#price watch"),
        ({"action": "assign", "value": "ben"}, "with ben"),
        ({"action": "take"}, "with ann"),
        ({"action": "star"}, "★"),
        ({"action": "note", "value": "Ask them."}, "1 note"),
        ({"action": "flag"}, "flagged"),
        ({"action": "check"}, "to be checked"),
        ({"action": "state", "value": "flagged"}, "flagged"),
    ],
)
def test_what_was_decided_stands_in_the_line(ann, fields, shown):
    """Tags, names, stars, notes and states are seen by whoever loads the page next."""
    page = listed(ann)
    assert ann.post("/decide", {"choice": page.choice(3), "back": "/", **fields}).status == 303
    assert shown in listed(ann).line(3)


def test_without_javascript_the_page_comes_back_with_what_was_done(ann):
    """A plain form is sent back to the very list, which says what was done and offers Undo."""
    back = "/?mineral=antimony&state=all"
    page = listed(ann, back)
    answer = ann.post("/decide", {"one": page.choice(3, "keep"), "back": back})
    assert (answer.status, answer.to) == (303, back)
    assert "Kept." in words(ann.get(back).text)


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "\t//evil.example"]
)
def test_a_form_leads_to_no_other_site(ann, back):
    """What is no path of this site leads to the inbox."""
    page = listed(ann)
    assert ann.post("/decide", {"one": page.choice(3, "keep"), "back": back}).to == "/"


def test_the_second_analyst_sees_what_the_first_did(two, desk):
    """Both look, one decides; the other's decision is not taken, and the line says who did what."""
    ann, ben = two
    seen_by_ben = listed(ben)
    ann.post("/decide", {"one": listed(ann).choice(1, "dismiss"), "back": "/"})
    answer = ben.post("/decide", {"one": seen_by_ben.choice(1, "keep"), "back": "/"}, **HTMX)
    assert answer.status == 409
    line = Listed(answer.text)
    assert "ann decided meanwhile (state: dismissed" in line.line(1)
    assert "is-decided" not in line.names("//li/@class")[0]
    assert state(desk, 1) == ReviewState.DISMISSED
    again = ben.post("/decide", {"one": line.choice(1, "keep"), "back": "/"}, **HTMX)
    assert again.status == 200
    assert state(desk, 1) == ReviewState.KEPT
    assert [d.who for d in desk.database.decisions(1)] == ["ann", "ben"]


def test_of_many_the_ones_that_changed_are_told_and_the_others_taken(two, desk):
    """Three chosen, one decided by another meanwhile: two are taken, the third is shown."""
    ann, ben = two
    before = listed(ben)
    ann.post("/decide", {"one": listed(ann).choice(3, "flag"), "back": "/"})
    form = [("choice", before.choice(n)) for n in (2, 3, 4)] + [("action", "keep"), ("back", "/")]
    answer = ben.post("/decide", form, **HTMX)
    assert answer.status == 200
    assert said(answer)["text"] == "2 stories kept. Not taken: the story changed meanwhile."
    assert [state(desk, n) for n in (2, 3, 4)] == [
        ReviewState.KEPT,
        ReviewState.FLAGGED,
        ReviewState.KEPT,
    ]
    assert "ann decided meanwhile (state: flagged" in Listed(answer.text).line(3)


def test_without_javascript_a_conflict_is_a_page_to_decide_anew_on(two, desk):
    """The page has status 409, says who did what, and its own buttons work."""
    ann, ben = two
    before = listed(ben)
    ann.post("/decide", {"one": listed(ann).choice(1, "dismiss"), "back": "/"})
    form = [("choice", before.choice(n)) for n in (1, 2)] + [
        ("action", "keep"),
        ("back", "/?state=all"),
    ]
    answer = ben.post("/decide", form)
    assert answer.status == 409
    page = Listed(answer.text)
    assert page.ids == [1]
    assert "ann decided meanwhile" in page.line(1)
    assert "What you decided on others of them was taken." in words(answer.text)
    again = ben.post("/decide", {"one": page.choice(1, "keep"), "back": "/?state=all"})
    assert (again.status, again.to) == (303, "/?state=all")
    assert state(desk, 1) == ReviewState.KEPT


def test_news_that_came_in_meanwhile_are_looked_at_first(ann, desk):
    """A story that grew since the page was made is not dismissed unseen."""
    before = listed(ann)
    tell(
        desk.database,
        "more",
        Placement(development_id=1, story_id=1),
        site="New Post",
        title="More",
        seen_at=hours(12),
    )
    while refresh(desk.database):
        pass
    answer = ann.post("/decide", {"one": before.choice(1, "dismiss"), "back": "/"}, **HTMX)
    assert answer.status == 409
    assert "news came into this story meanwhile" in Listed(answer.text).line(1)
    assert "4 outlets" in Listed(answer.text).line(1)


def test_notes_and_tags_of_two_analysts_do_not_collide(two):
    """What adds something is taken from both, whatever the other did."""
    ann, ben = two
    before = listed(ben)
    ann.post("/decide", {"choice": listed(ann).choice(2), "action": "tag", "value": "first"})
    assert (
        ben.post("/decide", {"choice": before.choice(2), "action": "tag", "value": "second"}).status
        == 303
    )
    assert "#first" in listed(ann).line(2)
    assert "#second" in listed(ann).line(2)


def test_undo_takes_back_ones_own_only(two, desk):
    """Another's batch is not mine to take back, and mine not once another built upon it."""
    ann, ben = two
    kept = ann.post("/decide", {"one": listed(ann).choice(2, "keep"), "back": "/"}, **HTMX)
    nothing = ben.post("/undo", {"batch": said(kept)["undo"], "back": "/"}, **HTMX)
    assert said(nothing)["text"] == "There is nothing of yours to take back."
    assert state(desk, 2) == ReviewState.KEPT
    ben.post("/decide", {"one": listed(ben, "/?state=kept").choice(2, "flag"), "back": "/"})
    refused = ann.post("/undo", {"batch": said(kept)["undo"], "back": "/"})
    assert refused.status == 400
    assert "ben decided on it since" in words(refused.text)
    assert state(desk, 2) == ReviewState.FLAGGED


def test_what_one_analyst_saw_the_other_has_not(two):
    """Badges are each reader's own."""
    ann, ben = two
    ann.post("/decide", {"one": listed(ann).choice(2, "flag"), "back": "/"})
    assert listed(ann).badges(2) == ["flagged"]
    assert listed(ben).badges(2) == ["new", "flagged"]


@pytest.mark.parametrize(("action", "word"), [("dismiss", "dismissed"), ("keep", "kept")])
def test_a_further_development_brings_a_story_back_and_says_why(ann, desk, action, word):
    """Who was done with it sees it open again, with who did that and what came; a copy does not."""
    ann.post("/decide", {"one": listed(ann).choice(1, action), "back": "/"})
    assert 1 not in listed(ann).ids
    desk.tick(hours=4)
    tell(
        desk.database,
        "same",
        Placement(development_id=1, story_id=1),
        site="Echo",
        title="Sold",
        seen_at=hours(13),
    )
    while refresh(desk.database):
        pass
    assert 1 not in listed(ann).ids
    step = Placement(story_id=1, reasons=("shares tungsten; but suspended: a further step",))
    tell(desk.database, "step", step, site="First Post", title="Sale suspended", seen_at=hours(15))
    while refresh(desk.database):
        pass
    page = listed(ann)
    assert page.ids[0] == 1
    assert f"Came back: a further development after ann {word} it. suspended" in page.line(1)
    assert listed(ann, "/?attention=1").ids == [1]
    ann.post("/decide", {"one": page.choice(1, action), "back": "/"})
    assert 1 not in listed(ann).ids


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "no story is chosen"),
        ({"action": "keep"}, "no story is chosen"),
        ({"choice": "1", "action": "keep"}, "names no story"),
        ({"choice": "1:x", "action": "keep"}, "names no story"),
        ({"choice": "99999:1", "action": "keep"}, "there is no such story"),
        ({"choice": "9" * 18 + ":1", "action": "keep"}, "there is no such story"),
        ({"choice": "1:1", "action": "explode"}, "is no kind of decision"),
        ({"choice": "1:1"}, "is no kind of decision"),
        ({"choice": "1:1", "action": "state", "value": "lost"}, "is no state"),
        ({"choice": "1:1", "action": "tag", "value": " "}, "is empty"),
        ({"choice": "1:1", "action": "tag", "value": "x" * 101}, "is too long"),
        ({"one": "<script>"}, "names no story"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_in_words(ann, desk, fields, told):
    """Nothing is decided, and the page says why."""
    answer = ann.post("/decide", {**fields, "back": "/"})
    assert answer.status == 400
    assert told in words(answer.text)
    assert desk.database.decisions(1) == []


def test_too_many_stories_at_once_are_refused(ann, desk):
    """A form has its bound."""
    form = [("choice", f"{number}:1") for number in range(1, 502)] + [("action", "keep")]
    assert "at most 500 stories" in words(ann.post("/decide", form).text)
    assert state(desk, 1) == ReviewState.NEW


def test_a_form_of_another_site_decides_nothing(ann, desk):
    """Without the token of this reader's forms nothing is taken."""
    choice = listed(ann).choice(1, "keep")
    assert ann.post("/decide", {"one": choice}, token="").status == 403
    assert ann.post("/undo", {}, token="0" * 64).status == 403
    assert state(desk, 1) == ReviewState.NEW


def test_a_reader_may_not_decide(desk):
    """The role decides, not the buttons that are shown."""
    desk.database.add_user("rea", password_hash=passwords.hashed("x"), role=Role.READER, now=NOW)
    rea = Visitor(desk.url)
    rea.sign_in("rea", "x")
    assert rea.post("/decide", {"one": "1:2:keep"}).status == 403
    assert rea.post("/undo", {}).status == 403
    assert state(desk, 1) == ReviewState.NEW


def test_undoing_ones_last_decision_shows_the_page_anew(ann, desk):
    """Without a batch the story may be anywhere, so htmx loads the page again."""
    ann.post("/decide", {"one": listed(ann).choice(2, "keep"), "back": "/"})
    answer = ann.post("/undo", {"batch": "", "back": "/"}, **HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    assert state(desk, 2) == ReviewState.NEW
    assert "Taken back." in words(ann.get("/").text)


@pytest.mark.parametrize("batch", ["x", "-1", "9" * 30, "0", "%00"])
def test_any_batch_can_be_named(ann, desk, batch):
    """What is no batch means the last decision; nobody's nothing."""
    ann.post("/decide", {"one": listed(ann).choice(2, "keep"), "back": "/"})
    assert ann.post("/undo", {"batch": batch, "back": "/"}).status == 303
    assert state(desk, 2) == ReviewState.NEW


def test_chips_of_a_decided_line_narrow_the_list_it_stood_in(ann):
    """The line that comes back belongs to the list as it was asked for."""
    back = "/?state=all&country=KZ"
    page = listed(ann, back)
    answer = ann.post("/decide", {"one": page.choice(1, "keep"), "back": back}, **HTMX)
    (chip,) = set(Listed(answer.text).names("//a[text()='tungsten']/@href"))
    assert chip == f"{back.replace('state=all&', '')}&state=all&mineral={quote('tungsten')}"
