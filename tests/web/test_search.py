"""The search page: words, facets, places found, odd queries, saved views."""

import contextlib
import re
from urllib.parse import quote, urlencode

import pytest

from monitor.model import Role
from tests.store.records import NOW
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, served, tell


def searched(desk, words="", **parts):
    """The page that was found."""
    pairs = {"q": words, **parts}
    answer = Visitor(desk.url).get(f"/search?{urlencode({k: v for k, v in pairs.items() if v})}")
    assert answer.status == 200
    return answer.text


def stories(page):
    """The stories of a page, in order."""
    return [int(number) for number in re.findall(r'<li id="s(\d+)"', page)]


def test_words_are_found_in_their_forms_and_marked(desk):
    """Another form of the word finds the story, and the form that stands there is marked."""
    page = searched(desk, "mines sold", order="changed")
    assert 1 in stories(page)
    assert "<mark>mine</mark>" in page
    assert stories(searched(desk, "锑出口")) == [3]
    assert stories(searched(desk, "заводов литием")) == [2]


def test_facets_narrow_and_widen(desk):
    """Each value links to the query with it; a chosen one to the query without it."""
    page = searched(desk)
    link = re.search(r'<a href="(/search\?[^"]*mineral=antimony[^"]*)"', page)[1]
    chosen = Visitor(desk.url).get(link.replace("&amp;", "&")).text
    assert stories(chosen) == [3]
    assert re.search(r'<a href="/search" aria-current="true"[^>]*><span><bdi>antimony', chosen)
    assert re.search(r"<bdi>tungsten</bdi></span> <span class=\"num muted\">\d", chosen)


def test_concepts_in_any_language(desk):
    """A mineral may be named in Chinese, a country in Russian; a slip is answered with a guess."""
    assert stories(searched(desk, mineral="锑")) == [3]
    assert stories(searched(desk, country="Китай")) == [3]
    assert "Did you mean antimony?" in searched(desk, mineral="antimny")


def test_articles_one_by_one(desk):
    """The articles that hold the words, whichever story they are in."""
    page = searched(desk, "Sample Cove", of="articles")
    assert len(re.findall(r'href="/stories/1#a\d+"', page)) >= 3


def test_what_could_not_be_read_is_said(desk):
    """The rest of the query holds."""
    page = searched(desk, "锑", since="yesterday", order="best")
    assert "since=yesterday" in page
    assert stories(page) == [3]


def test_nothing_found_offers_ways_out(desk):
    """Without the dates, with the words alone, from the start."""
    page = searched(desk, "锑", since="2030-01-01")
    assert stories(page) == []
    assert "Search in all the time" in page
    assert 'href="/search?q=%E9%94%91"' in page
    assert "at least one word that is wanted" in searched(desk, "-tin")


@pytest.mark.parametrize(
    "query",
    [
        "%ED%A0%80", "%00", "%F0%9F%8E%89", "'%3B+DROP+TABLE+articles%3B--", "NEAR(a+b)+AND+%22",
        "%22" * 300, "%28" * 300, "a" * 6000, "%E9%92%A8" * 600, "-" * 400, "%FF%FE", "a%0Ab",
    ],
)  # fmt: skip
def test_no_query_is_an_error(desk, query):
    """Whatever is typed, a page answers, and the words stand in the box as text."""
    visitor = Visitor(desk.url)
    for path in (
        f"/search?q={query}",
        f"/search?q={query}&of=articles",
        f"/search?mineral={query}",
    ):
        assert visitor.get(path).status == 200
    assert visitor.get(f"/search?after={query}").status in {200, 400}


def test_a_query_of_a_megabyte_is_answered_in_words(desk):
    """It is refused or cut, and the site goes on."""
    # The server may close before all of it was sent.
    with contextlib.suppress(OSError):
        assert Visitor(desk.url).get("/search?q=" + "a" * 1_000_000).status in {200, 400, 414, 431}
    assert Visitor(desk.url).get("/search").status == 200


def test_hostile_words_stay_text(desk):
    """Titles, snippets and the query itself are shown as text."""
    page = searched(desk, "zalgo")
    assert stories(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in searched(desk, '"><script>alert(1)</script>')
    marked = searched(desk, "alert script")
    assert "<mark>script</mark>" in marked
    assert "<script>alert" not in marked


def saved(desk, name="Sale", **query):
    """Save a view as the page's form does; its record in the store."""
    query = query or {"q": "mine", "mineral": "tungsten"}
    answer = Visitor(desk.url).post("/views", {"name": name, **query})
    assert answer.status == 303
    return next(view for view in desk.database.views() if view.name == name)


def test_a_search_is_saved_under_a_name(desk):
    """The view asks for the same, belongs to who saved it, and everybody sees it."""
    view = saved(desk)
    assert (view.query.search, view.query.minerals, view.owner) == ("mine", ("tungsten",), "ann")
    page = Visitor(desk.url).get("/views").text
    assert 'href="/search?mineral=tungsten&amp;q=mine"' in page
    assert "<bdi>Sale</bdi>" in page
    assert "<bdi>ann</bdi>" in page


def test_a_view_is_renamed_renewed_removed_and_brought_back(desk):
    """Each by its form; what is taken back is there again, at its address."""
    view, visitor = saved(desk), Visitor(desk.url)
    visitor.post(f"/views/{view.id}/rename", {"name": "Sales"})
    visitor.post(f"/views/{view.id}/renew")
    changed = desk.database.view(view.id)
    assert changed.name == "Sales"
    assert visitor.get(f"/views/{view.token}/feed.atom").status == 404
    gone = visitor.post(f"/views/{view.id}/remove").to
    assert visitor.get(f"/views/{changed.token}/feed.atom").status == 404
    assert f'action="/views/{view.id}/restore"' in visitor.get(gone).text
    visitor.post(f"/views/{view.id}/restore")
    assert visitor.get(f"/views/{changed.token}/feed.atom").status == 200


def test_names_and_numbers_that_are_none(desk):
    """Refused in words; forms without their token change nothing."""
    view, visitor = saved(desk), Visitor(desk.url)
    assert visitor.post("/views", {"name": "sale", "q": "x"}).status == 400
    assert visitor.post("/views", {"name": " ", "q": "x"}).status == 400
    assert visitor.post("/views/99/rename", {"name": "x"}).status == 400
    for number in ("x", "9" * 30, "%00"):
        assert visitor.post(f"/views/{number}/remove").status in {400, 404}
    assert visitor.post(f"/views/{view.id}/remove", token="wrong").status == 403
    assert [one.name for one in desk.database.views()] == ["Sale"]


def test_views_of_others_are_seen_and_not_changed(tmp_path):
    """An analyst reads another's view, and only its owner or an administrator changes it."""
    with served(f"sqlite:///{tmp_path}/v.sqlite") as desk:
        tell(desk.database, "one")
        mine = desk.database.add_view("Mine", _query(), owner="ben", now=NOW)
        visitors = accounts(desk)
        for name in ("ann", "ben", "reader", "root"):
            assert "<bdi>Mine</bdi>" in visitors[name].get("/views").text
        rename = f"/views/{mine.id}/rename"
        assert visitors["ann"].post(rename, {"name": "Theirs"}).status == 403
        assert visitors["reader"].post(rename, {"name": "Theirs"}).status == 403
        assert visitors["reader"].post("/views", {"name": "x", "q": "x"}).status == 403
        assert visitors["ben"].post(rename, {"name": "Ours"}).status == 303
        assert visitors["root"].post(rename, {"name": "All"}).status == 303
        assert Visitor(desk.url).get(f"/views/{mine.token}/feed.atom").status == 200
        assert Visitor(desk.url).get("/views").status in {303, 401}


def _query():
    from monitor.model import StoryQuery

    return StoryQuery(search="mine")


def accounts(desk):
    """A signed-in visitor for each user."""
    from monitor.web.passwords import hashed

    roles = {"ann": Role.ANALYST, "ben": Role.ANALYST, "reader": Role.READER, "root": Role.ADMIN}
    found = {}
    for name, role in roles.items():
        password = f"a long sentence of {name}"
        desk.database.add_user(name, password_hash=hashed(password), role=role, now=desk.now)
        found[name] = Visitor(desk.url)
    for name, visitor in found.items():
        assert visitor.sign_in(name, f"a long sentence of {name}").status == 303
    return found


def test_the_name_of_a_view_is_text(desk):
    """Whatever it is called, the page and the file's name hold."""
    view = saved(desk, name=HOSTILE[:80].replace("\x00", ""))
    page = Visitor(desk.url).get("/views").text
    assert "<script>alert" not in page
    table = Visitor(desk.url).get(f"/views/{view.token}/stories.csv")
    assert table.status == 200
    assert quote("<script>", safe="") in table.headers["Content-Disposition"]


def test_the_spreadsheet_of_a_view(desk):
    """Its stories as CSV for spreadsheets, without signing in."""
    view = saved(desk)
    table = Visitor(desk.url).get(f"/views/{view.token}/stories.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert table.text.startswith("\ufeffid,")
    assert "\r\ns1," in table.text


def test_stories_found_are_decided_on_where_they_were_found(desk):
    """The lines of a search are those of the inbox: boxes, buttons, and the way back."""
    page = searched(desk, "锑出口")
    choice = re.search(r'name="choice" value="(3:\d+)"', page)[1]
    assert 'name="action" value="keep"' in page
    answer = Visitor(desk.url).post(
        "/decide", {"choice": choice, "action": "keep", "back": "/search?q=%E9%94%91"}
    )
    assert (answer.status, answer.to) == (303, "/search?q=%E9%94%91")
    assert desk.database.story(3).state.value == "kept"
