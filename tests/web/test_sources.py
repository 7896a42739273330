"""The board of sources and the page of one: what is shown, what a form may change."""

import re
from dataclasses import replace

import pytest

from monitor.model import Outcome, SourceState
from tests.store.records import NOW, hours, item, poll, source
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, served


@pytest.fixture
def board(tmp_path):
    """A desk over four sources: healthy, failing, gone, with an agreement; at ten o'clock."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        store = here.database
        well, _ = store.add_source(source("Ore News", "https://ore.example/feed"), now=NOW)
        bad, _ = store.add_source(
            source("Bad " + HOSTILE, "https://bad.example/feed", language="ru", tags=("gov",)),
            now=NOW,
        )
        gone, _ = store.add_source(source("Old Herald", "https://old.example/feed"), now=NOW)
        agreed = source("Agreed", "https://agreed.example/feed")
        agreed = replace(agreed, options={"header-x-client": "hush-hush", "cron": "0 7 * * *"})
        store.add_source(agreed, now=NOW)
        store.commit_poll(poll(well, item("a"), item("b"), at=hours(9)))
        for hour in range(5):
            failed = {"outcome": Outcome.FAILED, "cause": f"HTTP 503: {HOSTILE}", "at": hours(hour)}
            store.commit_poll(poll(bad, **failed))
        for hour in range(3):
            store.commit_poll(poll(gone, outcome=Outcome.GONE, cause="HTTP 410", at=hours(hour)))
        here.now = hours(9.5)
        yield here


def rows(answer):
    """Names on the board, in order."""
    return re.findall(r'<a class="title" href="/sources/(\d+)"', answer.text)


def test_what_needs_a_person_is_on_top_with_what_to_do(board):
    """Failing before gone before the others; the cause, and what to do, stand there."""
    answer = Visitor(board.url).get("/sources")
    assert answer.status == 200
    assert rows(answer) == ["2", "3", "4", "1"]
    assert "It is asked again by itself" in answer.text
    assert "Find its new address" in answer.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("condition=gone", ["3"]),
        ("condition=person", ["2", "3"]),
        ("language=ru", ["2"]),
        ("tag=gov", ["2"]),
        ("q=ore+NEWS", ["1"]),
        ("q=agreed.example", ["4"]),
        ("order=name", ["4", "2", "3", "1"]),
        ("order=newest", ["1", "2", "3", "4"]),
        ("kind=telegram", []),
        ("kind=nonsense&order=sideways&page=-1&condition=x", ["2", "3", "4", "1"]),
        ("page=999999", ["2", "3", "4", "1"]),
    ],
)
def test_the_board_is_narrowed_and_ordered(board, query, shown):
    """By condition, kind, language, tag, words; what is odd chooses nothing, and is no error."""
    answer = Visitor(board.url).get(f"/sources?{query}")
    assert answer.status == 200
    assert rows(answer) == shown


def test_arrivals_stand_beside_each_source(board):
    """What it brought, in numbers and in a picture that says them."""
    text = Visitor(board.url).get("/sources?q=ore+news").text
    assert "<title>2 new and 0 kept in 30 days</title>" in text


def test_pages_are_bounded(board):
    """Fifty sources a page, whatever there are; the pages lead to one another."""
    for number in range(60):
        more = source(f"More {number:02}", f"https://more{number}.example/feed")
        board.database.add_source(more, now=NOW)
    visitor = Visitor(board.url)
    first = visitor.get("/sources?q=more&order=name")
    assert len(rows(first)) == 50
    assert 'href="/sources?q=more&amp;order=name&amp;page=2"' in first.text
    assert len(rows(visitor.get("/sources?q=more&order=name&page=2"))) == 10


def test_several_are_paused_and_resumed(board):
    """What was chosen is changed at once, and the board knows it at once."""
    visitor = Visitor(board.url)
    visitor.get("/sources")
    back = "/sources?order=name"
    pairs = [("source", "1"), ("source", "4"), ("action", "pause"), ("back", back)]
    answer = visitor.post("/sources/change", pairs)
    assert (answer.status, answer.to) == (303, back)
    assert board.database.source(1).state is SourceState.PAUSED
    assert board.database.source(1).state_reason == "paused by ann"
    assert rows(visitor.get("/sources?condition=paused")) == ["1", "4"]
    visitor.post("/sources/change", [("source", "1"), ("action", "resume")])
    assert board.database.source(1).state is SourceState.ACTIVE
    assert rows(visitor.get("/sources?condition=paused")) == ["4"]


@pytest.mark.parametrize(
    "pairs",
    [
        [("action", "pause")],
        [("source", "1"), ("action", "explode")],
        [("source", "1 or 1=1"), ("action", "pause")],
        [*(("source", str(number)) for number in range(501)), ("action", "pause")],
    ],
)
def test_a_wrong_choice_changes_nothing(board, pairs):
    """Nothing chosen, no such action, no number, too many: a message."""
    answer = Visitor(board.url).post("/sources/change", pairs)
    assert answer.status == 400
    assert all(one.state is not SourceState.PAUSED for one in board.database.sources())


def test_one_source_is_told_whole(board):
    """Polls with their causes, arrivals as picture and table, how often, what it told."""
    text = Visitor(board.url).get("/sources/2").text
    assert text.count("HTTP 503") >= 5
    assert "Failures in a row" in text
    healthy = Visitor(board.url).get("/sources/1").text
    assert "<title>2 Mar 2026: 2 new, 0 kept</title>" in healthy
    assert '<td>2026-03-02</td><td class="num">2</td>' in healthy


def test_nothing_a_stranger_wrote_is_markup(board):
    """Names and causes with script, handlers and turned direction are text."""
    visitor = Visitor(board.url)
    for path in ("/sources", "/sources/2", "/sources?condition=person", "/overview"):
        text = visitor.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in text


def test_a_secret_is_never_shown(board):
    """The value of an agreement's header is on no page, not even in the form."""
    visitor = Visitor(board.url)
    assert "hush-hush" not in visitor.get("/sources/4").text
    assert "hush-hush" not in visitor.get("/sources").text
    assert "header-x-client" in visitor.get("/sources/4").text


def form_of(number, **more):
    """What the form of a source sends when nothing else was changed."""
    known = {"name": "Agreed", "url": "https://agreed.example/feed", "scope": "general"}
    return known | {"cron": "0 7 * * *", "number": number} | more


def test_a_source_is_edited(board):
    """Each field by the rules of the command line; an agreement's header stays."""
    more = {"language": "kk", "tags": "gov, wire", "every": "900", "options": "gap=5"}
    answer = Visitor(board.url).post("/sources/4/edit", form_of(4, **more, region="KZ"))
    assert (answer.status, answer.to) == (303, "/sources/4")
    fresh = board.database.source(4)
    assert (fresh.language, fresh.tags, fresh.every_s) == ("kk", ("gov", "wire"), 900)
    assert dict(fresh.options) == {
        "header-x-client": "hush-hush",
        "cron": "0 7 * * *",
        "gap": "5",
    }


def test_a_header_can_be_removed(board):
    """Nothing else can be done with it here."""
    Visitor(board.url).post("/sources/4/edit", form_of(4, drop="header-x-client"))
    assert dict(board.database.source(4).options) == {"cron": "0 7 * * *"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"language": "klingon!"}, "is no language tag"),
        ({"every": "5"}, "is less than 60 seconds"),
        ({"cron": "every day"}, "cron"),
        ({"options": "item"}, "is no KEY=VALUE"),
        ({"options": "colour=red"}, "there is no such option"),
        ({"options": "header-cookie=${HOME}"}, "on the command line only"),
        ({"options": "robots=${HOME}"}, "names an environment variable"),
        ({"url": "https://thief.example/?${HOME}"}, "names an environment variable"),
        ({"url": "https://thief.example/feed"}, "its address is changed on the command line only"),
        ({"url": "javascript:alert(1)"}, ""),
    ],
)
def test_a_wrong_field_changes_nothing(board, wrong, said):
    """The page comes back with what was typed and what is wrong with it; nothing was kept."""
    before = board.database.source(4)
    answer = Visitor(board.url).post("/sources/4/edit", form_of(4, name="Other", **wrong))
    assert answer.status == 422
    assert said in answer.text
    assert 'value="Other"' in answer.text
    assert board.database.source(4) == before


def test_asking_now_keeps_what_the_site_asked_for(board):
    """It is due at once; that it wants to be left alone (Retry-After) holds all the same."""
    held = hours(20)
    board.database.reschedule({1: (hours(30), held)})
    Visitor(board.url).post("/sources/1/poll")
    fresh = board.database.source(1)
    assert fresh.next_poll_at == board.now
    assert fresh.not_before == held


def test_removing_needs_a_check(board):
    """Without the box nothing happens; with it the source is gone from the board, not its news."""
    visitor = Visitor(board.url)
    visitor.get("/sources")
    assert visitor.post("/sources/1/remove").status == 422
    assert board.database.source(1) is not None
    assert visitor.post("/sources/1/remove", {"sure": "yes"}).to == "/sources"
    assert board.database.source(1) is None
    assert "1" not in rows(visitor.get("/sources"))
    assert visitor.get("/sources/1").status == 404


def test_what_is_not_there_is_not_found(board):
    """Another number, another action."""
    visitor = Visitor(board.url)
    assert visitor.get("/sources/999").status == 404
    assert visitor.post("/sources/999/pause").status == 404
    assert visitor.post("/sources/1/explode").status == 404


def test_a_form_of_another_site_changes_nothing(board):
    """Without the token of this reader's pages nothing is taken."""
    answer = Visitor(board.url).post("/sources/1/pause", token="x" * 64)
    assert answer.status == 403
    assert board.database.source(1).state is SourceState.ACTIVE
