"""The inbox over HTTP: what a line says, what is new in it, groups, orders, any address."""

import json
import re
from urllib.parse import quote

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Placement
from tests.store.records import hours
from tests.web.inbox_page import Listed, listed, words
from tests.web.visitor import Visitor
from tests.web.world import tell


@pytest.fixture
def ann(desk):
    """Who sits at the desk."""
    return Visitor(desk.url)


def renewed(desk):
    """Make the cards of what happened."""
    while refresh(desk.database):
        pass


def test_a_line_says_who_told_it_first_how_often_and_in_which_languages(ann):
    """First teller, outlets, origins, folded copies, languages, minerals, countries, figures."""
    page = listed(ann)
    line = page.line(1)
    for said in ("First Post", "3 outlets, 2 origins, 1 copy folded", "tungsten", "KZ", "ru"):
        assert said in line
    assert "resource 1.4 Mt WO3" in line
    assert "Contradiction: resource" in line
    assert page.names("//li[@id='s2']//a[@class='title']/bdi/@lang") == ["ru"]


def test_reasons_are_shown_as_they_are_stored_and_so_is_the_value(ann, desk):
    """The relevance with its reasons is the one in the store, word by word."""
    page = listed(ann)
    (line,) = desk.database.lines_of([1], reader="ann")
    told = page.names("//li[@id='s1']//details//li/text()")
    assert (
        told
        == list(line.card.reasons)
        == [
            "+0.60 mineral in the title: tungsten",
            "+0.30 sale of a mine",
        ]
    )
    assert page.names("//li[@id='s1']//meter/@value") == [str(line.card.relevance)]


def test_a_story_is_new_until_it_is_seen_and_then_says_what_came(ann, desk):
    """After all is marked as seen, only what happens later has a badge: how much, and what."""
    assert listed(ann).badges(1) == ["new", "contradiction"]
    ann.post("/seen", {"until": desk.now.isoformat(), "back": "/"})
    assert listed(ann).badges(1) == []
    desk.tick(hours=2)
    same = Placement(development_id=1, story_id=1)
    tell(desk.database, "late", same, site="Late Post", title="Sold", seen_at=hours(13))
    tell(desk.database, "later", same, site="Later Post", title="Sold", seen_at=hours(13))
    renewed(desk)
    assert listed(ann).badges(1) == ["+2 articles"]
    tell(
        desk.database, "void", Placement(story_id=1, reasons=("shares tungsten; but cancelled: a further step",)),
        site="Late Post", title="Sale is off", seen_at=hours(14),
    )  # fmt: skip
    renewed(desk)
    page = listed(ann)
    assert page.badges(1) == ["+1 development"]
    assert "Further development: cancelled" in page.line(1)


def test_what_comes_after_the_page_is_not_marked_as_seen_with_it(ann, desk):
    """`Mark all as seen` means all that the page could show, not what came since."""
    until = re.search(r'name="until" value="([^"]+)"', ann.get("/").text)[1]
    desk.tick(hours=3)
    tell(desk.database, "meanwhile", site="Late Post", title="Fresh ore", seen_at=hours(14))
    renewed(desk)
    ann.post("/seen", {"until": until, "back": "/"})
    page = listed(ann)
    assert [page.badges(number) for number in page.ids] == [["new"]] + [[]] * (len(page.ids) - 1)


@pytest.mark.parametrize("until", ["", "now", "0001-01-01T00:00:00+23:59", "9999-12-31T00:00:00Z"])
def test_any_moment_can_be_asked_to_count_as_seen(ann, until):
    """What is no moment means now; the future is not seen yet."""
    assert ann.post("/seen", {"until": until, "back": "/"}).status == 303


def test_chips_narrow_the_list_and_can_be_taken_away(ann):
    """A mineral's chip shows the stories of that mineral; its × shows all again."""
    page = listed(ann)
    (chip,) = set(
        page.names("//li[@id='s2']//a[contains(@class,'chip') and text()='rare earths']/@href")
    )
    narrow = listed(ann, chip)
    assert narrow.ids == [2]
    (back,) = narrow.names("//a[@aria-label='Without rare earths']/@href")
    assert listed(ann, back).ids == page.ids


def test_lines_stand_by_day_mineral_or_country_once_each(ann):
    """Grouped or not, each story is listed once; a mineral's heading has those that name it first."""
    for group in ("day", "mineral", "country", "none"):
        page = listed(ann, f"/?group={group}")
        assert sorted(page.ids) == [1, 2, 3, 4, 5, 6]
    page = listed(ann, "/?group=mineral")
    under = page.root.xpath("//h2[contains(., 'lithium')]/following-sibling::ol[1]/li/@id")
    assert under == ["s2"]
    assert "under the first mineral" in words(ann.get("/?group=mineral").text)
    under = listed(ann, "/?group=country").root.xpath(
        "//h2[contains(., 'no country')]/following-sibling::ol[1]/li/@id"
    )
    assert under == ["s6"]


def test_days_are_those_of_the_reader(ann, desk):
    """A story of 23:00 in London is one of the next day in Almaty."""
    tell(desk.database, "late", site="Late Post", title="Late ore", seen_at=hours(14))
    renewed(desk)
    desk.tick(hours=12)
    for zone, count in (("Europe/London", 1), ("Asia/Almaty", 2)):
        here = Visitor(desk.url)
        here.cookies["zone"] = zone
        assert len(listed(here).root.xpath("//form[@class='inbox-list']/h2")) == count


def test_orders_put_the_latest_or_the_most_relevant_first(ann):
    """By change, by first sight, by relevance."""
    assert listed(ann).ids == [6, 5, 4, 3, 2, 1]
    assert listed(ann, "/?order=first-seen").ids == [6, 5, 4, 3, 2, 1]
    assert listed(ann, "/?order=relevance").ids == [5, 4, 3, 2, 1, 6]


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "mineral=" + quote("<script>"),
        "order=x&group=y&within=soon&relevance=7",
        "since=yesterday&until=0001-01-01",
        "state=open&state=kept&state=all",
        "q=" + quote("\" OR * NEAR( ' ; --"),
        "mineral=" + "a" * 5000,
        "&".join(f"mineral=m{n}" for n in range(300)),
        "%00=%ff&state=%00",
        "within=99999999999999999999d",
    ],
)
def test_any_address_is_a_valid_one(ann, query):
    """What cannot be read is said, and the rest of the query holds."""
    answer = ann.get(f"/?{query}")
    assert answer.status == 200
    assert "<script>" not in answer.text.partition("<main")[2]


def test_what_could_not_be_read_is_said(ann):
    """An unknown state, group or time is named above the list."""
    said = words(ann.get("/?state=lost&group=colour&since=soon").text)
    assert "Not understood, so not looked at: since=soon, group=colour" in said.replace(
        "state=lost, ", ""
    )
    assert "state=lost" in said


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WzFd",
        "bnVsbA",
        "W10",
        "eyJhIjoxfQ",
        "WzFlOTk5LCAxXQ",
        "WzEsIC0xXQ",
        "%00",
        "é",
        "A" * 9000,
        "W05hTiwgMV0",
    ],
)
def test_any_cursor_is_a_page_or_a_clear_error(ann, cursor):
    """What is none of ours is refused in words."""
    for order in ("changed", "relevance", "first-seen"):
        answer = ann.get(f"/?order={order}&after={quote(cursor)}")
        assert answer.status == 400
        assert "is no place in the list" in answer.text


def test_a_desk_without_stories_says_what_to_do(empty_desk):
    """No story at all: the way to sources, and no form to decide with."""
    answer = Visitor(empty_desk.url).get("/")
    assert "No stories yet" in answer.text
    assert 'href="/sources/add"' in answer.text
    assert "/decide" not in answer.text


def test_an_inbox_that_is_done_says_so(ann, desk):
    """All decided: well done; a query that finds nothing says that instead."""
    page = listed(ann)
    ann.post("/decide", [("choice", page.choice(n)) for n in page.ids] + [("action", "keep")])
    assert "nothing is left to decide" in ann.get("/").text
    assert "No story is like that" in ann.get("/?mineral=unobtainium").text
    assert listed(ann, "/?state=kept").ids == page.ids
    assert listed(ann, "/?state=all").ids == page.ids


def test_news_are_counted_since_the_page(ann, desk):
    """The address in the bar counts what came after, and only what the query chooses."""
    page = ann.get("/?country=AU").text
    bar = re.search(r'data-poll-url="([^"]+)"', page)[1].replace("&amp;", "&")
    assert json.loads(ann.get(bar).text) == {"count": 0, "text": "0 new or changed"}
    for key, country in (("one", "AU"), ("two", "AU"), ("other", "PE")):
        tell(
            desk.database,
            key,
            site="Post",
            title=f"Ore {key}",
            countries=(country,),
            seen_at=hours(12),
        )
    renewed(desk)
    assert json.loads(ann.get(bar).text) == {"count": 2, "text": "2 new or changed"}


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "%00"])
def test_any_edition_can_be_asked_for(ann, since):
    """What is no number counts nothing."""
    assert json.loads(ann.get(f"/news?since={since}").text)["count"] == 0


def test_pages_follow_each_other_without_gap_or_repetition(empty_desk):
    """From page to page each story comes once, also when one is decided on between."""
    for number in range(65):
        tell(
            empty_desk.database,
            f"k{number}",
            site="Post",
            title=f"Ore {number}",
            seen_at=hours(number % 7),
        )
    renewed(empty_desk)
    ann = Visitor(empty_desk.url)
    for order in ("changed", "first-seen", "relevance"):
        path, found = f"/?order={order}&state=all", []
        while path:
            page = listed(ann, path)
            found += page.ids
            ann.post("/decide", {"one": page.choice(page.ids[0], "keep")})
            path = page.older
        assert sorted(found) == list(range(1, 66))


def test_a_megabyte_of_title_is_a_short_line(empty_desk):
    """Long titles are cut, and the page stays small."""
    tell(empty_desk.database, "big", site="Post", title="W" * 1_000_000, seen_at=hours(1))
    renewed(empty_desk)
    assert len(Visitor(empty_desk.url).get("/").text) < 40_000


def test_a_reader_sees_no_buttons(desk):
    """Whoever may not decide gets the list without boxes and buttons."""
    from monitor.model import Role
    from monitor.web import passwords
    from tests.store.records import NOW

    desk.database.add_user("rea", password_hash=passwords.hashed("x"), role=Role.READER, now=NOW)
    rea = Visitor(desk.url)
    rea.sign_in("rea", "x")
    page = listed(rea)
    assert len(page.ids) == 6
    assert page.names("//main//input[@name='choice']/@value") == []
    assert page.names("//main//button[@name='one']/@value") == []
    assert isinstance(page, Listed)
