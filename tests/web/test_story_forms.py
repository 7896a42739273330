"""What analysts do to a story: notes, merge, split, "not a copy"; two of them at once; undo."""

import threading
from contextlib import ExitStack

import pytest

from monitor.model import ReviewState
from tests.web import story_page
from tests.web.visitor import Visitor
from tests.web.world import sample_stories, served


@pytest.fixture
def ann(desk):
    """Somebody at the desk with the sample stories."""
    return Visitor(desk.url)


@pytest.fixture
def pair(tmp_path):
    """Two analysts, ann and bob, over one database; and the database."""
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with ExitStack() as open_sites:
        one = open_sites.enter_context(served(url, sole_user="ann"))
        sample_stories(one.database)
        other = open_sites.enter_context(served(url, sole_user="bob"))
        yield Visitor(one.url), Visitor(other.url), one.database


def test_a_decision_and_its_undo(desk, ann):
    """A button of the page decides, the page says so, and the undo beside that takes it back."""
    page = ann.get("/stories/1")
    sent = ann.post("/decide", {"one": story_page.choice(page, "keep"), "back": "/stories/1"})
    assert (sent.status, sent.to) == (303, "/stories/1")
    page = ann.get("/stories/1")
    assert desk.database.story(1).state is ReviewState.KEPT
    assert "ann kept it" in story_page.words(page)
    ann.post("/undo", {"batch": story_page.batch(page), "back": "/stories/1"})
    assert desk.database.story(1).state is ReviewState.NEW
    assert "ann took back" in story_page.words(ann.get("/stories/1"))


def test_a_note_keeps_its_lines(desk, ann):
    """A note is plain text: its lines are kept, its markup is shown."""
    sent = ann.post(
        "/stories/1/note", {"value": "first\r\n<b>second</b>\r\n", "back": "/?state=all"}
    )
    assert (sent.status, sent.to) == (303, "/stories/1?back=%2F%3Fstate%3Dall")
    assert desk.database.story(1).notes == ("first\n<b>second</b>",)
    page = ann.get(sent.to)
    assert "first\n&lt;b&gt;second&lt;/b&gt;</div>" in page.text
    assert 'href="/?state=all"' in page.text


@pytest.mark.parametrize(
    ("value", "token", "status", "why"),
    [
        ("x" * 10_001, None, 400, "is too long"),
        ("what I typed\nfor an hour", "no token", 403, "did not come from a page"),
        (" \n ", None, 400, "is empty"),
    ],
)
def test_what_was_typed_is_not_lost(desk, ann, value, token, status, why):
    """A note that is not taken stands in its field again, with the reason."""
    answer = ann.post("/stories/1/note", {"value": value}, token=token)
    assert answer.status == status
    assert why in story_page.words(answer)
    assert f">{value.strip()}</textarea>" in answer.text
    assert desk.database.decisions(1) == []


def test_a_note_on_a_story_that_went(desk, ann):
    """A note that was typed while another merged the story is a note on what it became."""
    desk.database.merge_stories(1, 2, who="bob", now=desk.now)
    sent = ann.post("/stories/2/note", {"value": "late"})
    assert ann.get(sent.to).to == "/stories/1"
    assert desk.database.story(1).notes == ("late",)


@pytest.mark.parametrize(
    ("words", "found"),
    [("s2", [2]), ("2", [2]), ("Graphite", [6]), ("s1", []), ("s999", []), ('"*(', [])],
)
def test_stories_to_merge_are_found(ann, words, found):
    """By number or by words, never the story itself; any words are safe."""
    page = ann.get(f"/stories/1?find={words}")
    assert page.status == 200
    offered = [n for n in range(1, 9) if f"Merge s{n} into this" in page.text]
    assert offered == found


def test_a_merge_and_its_undo(desk, ann):
    """The story that was chosen becomes part of this one; undo makes two of them again."""
    fields = story_page.form(ann.get("/stories/1?find=s2"), "/stories/1/merge")
    sent = ann.post("/stories/1/merge", fields)
    page = ann.get(sent.to)
    assert "s2 is part of this story now." in page.text
    assert "ann merged s2 into s1" in story_page.words(page)
    assert ann.get("/stories/2").to == "/stories/1"
    ann.post("/undo", {"batch": story_page.batch(page), "back": "/stories/1"})
    assert ann.get("/stories/2").status == 200
    assert "ann took back the merge" in story_page.words(ann.get("/stories/2"))
    assert len(desk.database.story(1).articles) == 4


def test_a_split_says_what_would_move(desk, ann):
    """Copies follow their original; what would be left empty is refused before it is done."""
    page = ann.get("/stories/1?split=a1&split=a3")
    said = story_page.words(page)
    assert "3 articles would become a story of their own" in said
    assert "follows as a copy" in said
    assert "1 article stays here." in said
    sent = ann.post("/stories/1/split", story_page.form(page, "/stories/1/split"))
    page = ann.get(sent.to)
    assert "They are the story s7 now." in page.text
    assert [article.id for article in desk.database.story(7).articles] == [1, 2, 3]
    ann.post("/undo", {"batch": story_page.batch(page), "back": "/stories/1"})
    assert len(desk.database.story(1).articles) == 4
    assert ann.get("/stories/7").to == "/stories/1"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("split=a1&split=a3&split=a4", "would be left empty"),
        ("split=a5", "a5: is not in s1"),
        ("split=x", "Choose articles"),
    ],
)
def test_a_split_that_makes_no_sense(ann, query, words):
    """It is said why, and there is no button."""
    page = ann.get(f"/stories/1?{query}")
    assert words in story_page.words(page)
    assert 'action="/stories/1/split"' not in page.text


def test_no_copy_and_its_undo(desk, ann):
    """A copy stands by itself after a click, and is folded again, for its reason, after an undo."""
    fields = story_page.form(ann.get("/stories/1"), "/stories/1/not-a-copy")
    page = ann.get(ann.post("/stories/1/not-a-copy", fields).to)
    assert "a2 is no copy any more." in page.text
    assert "copy folded" not in story_page.words(page)
    again = ann.get(ann.post("/stories/1/not-a-copy", fields).to)
    assert "It was no copy already." in again.text
    ann.post("/undo", {"batch": story_page.batch(page)})
    assert desk.database.article(2).copy.why == "93 % of its text is in a1"


def test_two_decide_at_once(pair):
    """Of two decisions on one look one is taken, and the other is told who took it and what."""
    ann, bob, database = pair
    looks = {name: visitor.get("/stories/1") for name, visitor in (("a", ann), ("b", bob))}
    tokens = ann.token(), bob.token()
    answers = {}

    def decide(visitor, token, what, name):
        fields = {"one": story_page.choice(looks[name], what), "back": "/stories/1"}
        answers[name] = visitor.post("/decide", fields, token=token)

    threads = [
        threading.Thread(target=decide, args=(ann, tokens[0], "keep", "a")),
        threading.Thread(target=decide, args=(bob, tokens[1], "dismiss", "b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status for answer in answers.values()) == [303, 409]
    story, (made,) = database.story(1), database.decisions(1)
    assert (made.after, made.undone) == (story.state.value, False)
    (told,) = [answer for answer in answers.values() if answer.status == 409]
    assert f"{made.who} decided meanwhile" in story_page.words(told)
    assert f"state: {made.after}" in story_page.words(told)


def test_a_merge_of_what_another_changed(pair):
    """It is refused with who did what, the story as it stands, and the form to do it again."""
    ann, bob, database = pair
    look = ann.get("/stories/1?find=s2")
    bob.post("/decide", {"one": story_page.choice(bob.get("/stories/1"), "dismiss"), "back": "/"})
    answer = ann.post("/stories/1/merge", story_page.form(look, "/stories/1/merge"))
    said = story_page.words(answer)
    assert answer.status == 409
    assert "bob state: dismissed" in said
    assert "bob dismissed it" in said
    assert len(database.story(1).articles) == 4
    assert database.story(1).state is ReviewState.DISMISSED
    again = ann.post("/stories/1/merge", story_page.form(answer, "/stories/1/merge"))
    assert again.status == 303
    assert database.story(2).id == 1


def test_a_split_of_what_another_changed(pair):
    """It is refused, and what was chosen is still chosen."""
    ann, bob, database = pair
    look = ann.get("/stories/1?split=a4")
    bob.post("/stories/1/note", {"value": "leave them together"})
    answer = ann.post("/stories/1/split", story_page.form(look, "/stories/1/split"))
    assert answer.status == 409
    assert "bob note: leave them together" in story_page.words(answer)
    assert "1 article would become a story of its own" in story_page.words(answer)
    assert len(database.story(1).articles) == 4


def test_no_undo_over_another(pair):
    """One cannot take back a merge on which another has built; it is said who and what."""
    ann, bob, database = pair
    page = ann.get(
        ann.post(
            "/stories/1/merge", story_page.form(ann.get("/stories/1?find=s2"), "/stories/1/merge")
        ).to
    )
    split = bob.get("/stories/1?split=a4")
    bob.post("/stories/1/split", story_page.form(split, "/stories/1/split"))
    answer = ann.post("/undo", {"batch": story_page.batch(page), "back": "/stories/1"})
    assert answer.status in {400, 409}
    assert "bob decided on it since (split" in story_page.words(answer)
    assert database.story(2).id == 1


@pytest.mark.parametrize("action", ["note", "merge", "split", "not-a-copy"])
def test_forms_of_other_sites_do_nothing(desk, ann, action):
    """Without the page's token nothing is done."""
    fields = [("value", "x"), ("other", "2"), ("split", "a4"), ("article", "a2")]
    assert ann.post(f"/stories/1/{action}", fields, token="").status == 403
    assert desk.database.decisions(1) == []


@pytest.mark.parametrize("action", ["note", "merge", "split", "not-a-copy"])
def test_forms_about_nothing(ann, action):
    """Odd numbers, none, or a story that does not exist: a page that says so, and no fault."""
    odd = [("version", "x" * 99), ("other", "9" * 99), ("split", "\x00"), ("article", "-1")]
    assert ann.post(f"/stories/1/{action}", odd).status in {400, 303}
    assert ann.post(f"/stories/999/{action}", [("value", "x"), *odd]).status in {400, 404, 303}
    assert ann.get(f"/stories/1/{action}").status == 405
