"""The pages of rules: by month, as a timeline that is a table, filtered, and as a calendar."""

import re

import pytest

from monitor.model import Role, StoryQuery
from tests.store.records import NOW
from tests.web.rule_stories import rule_stories
from tests.web.test_every_page import _THIN_OUT, _severe
from tests.web.visitor import Visitor
from tests.web.world import served


@pytest.fixture
def desk(sqlite_url):
    """A desk with the stories of rules."""
    with served(sqlite_url) as here:
        rule_stories(here.database)
        yield here


def main(text):
    """The page without its frame."""
    return text.partition('<main id="main"')[2].partition("</main>")[0]


def test_what_is_ahead_stands_by_month(desk):
    """Days in order under their months, with what happens, who says so and how it follows."""
    text = main(Visitor(desk.url).get("/calendar").text)
    months = re.findall(r'<h2 id="m\d+">([^<]*)</h2>', text)
    assert months == ["April 2026", "May 2026", "October 2026", "November 2026", "December 2026"]
    days = re.findall(r'<time datetime="([^"]*)" class="strong">', text)
    assert days == [
        "2026-04-30",
        "2026-04-30",
        "2026-05-01",
        "2026-10-30",
        "2026-11-10",
        "2026-12-31",
    ]
    for word in ("next term begins", "ends, and is renewed", "suspension ends", "would lapse"):
        assert word in text
    assert "6 months from 2025-10-30" in text
    assert "told differently" in text
    assert "Hasty Herald" in text


def test_what_is_behind_can_be_reached(desk):
    """The other tab has what passed, the latest first."""
    visitor = Visitor(desk.url)
    assert 'href="/calendar?past=1"' in visitor.get("/calendar").text
    text = main(visitor.get("/calendar?past=1").text)
    assert re.findall(r'<time datetime="([^"]*)" class="strong">', text) == ["2025-10-30"]


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("country=CN", ["2026-11-10"]),
        ("country=cn", ["2026-11-10"]),
        ("mineral=copper", ["2026-12-31"]),
        ("stage=draft", ["2026-12-31"]),
        ("stage=suspended&country=KZ", []),
        ("stage=nonsense&country=CN", ["2026-11-10"]),
        ("country=%3Cscript%3E", []),
    ],
)
def test_filters(desk, query, days):
    """By state, mineral and how a rule stands; nonsense is no fault."""
    answer = Visitor(desk.url).get(f"/calendar?{query}")
    assert answer.status == 200
    found = re.findall(r'<time datetime="([^"]*)" class="strong">', main(answer.text))
    assert found == days
    assert "<script>" not in main(answer.text)


def test_the_timeline_is_a_table(desk):
    """Each rule is a row with its days and one picture, which says the same in words."""
    text = main(Visitor(desk.url).get("/calendar").text)
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text, re.DOTALL)
    assert len(rows) == 4
    assert all(row.count("<svg") == 1 and 'role="img"' in row for row in rows)
    first = rows[0]
    assert "30 Apr 2026" in first
    assert "from 30 Oct 2025 until 30 Apr 2026; from 30 Apr 2026 until 30 Oct 2026" in first
    assert first.count("<rect") == 2, "both terms are drawn"


def test_a_story_shows_its_rules(desk):
    """Terms, the latest first, with the words that they rest on, and what is told differently."""
    text = main(Visitor(desk.url).get("/stories/1").text)
    rule = text.partition('id="rule-1"')[2].partition('id="rule-2"')[0]
    assert "Kazakhstan" in rule
    assert rule.index("30 Oct 2026") < rule.index("30 Oct 2025")
    assert "of scrap, not of ore: that is rule 2" in rule
    assert "приказ № 449" in rule
    assert "told differently" in rule
    assert 'href="/stories/1?left=a1#compare"' in rule
    assert '<h2 id="rules">' not in main(Visitor(desk.url).get("/stories/99").text)


def test_no_markup_of_strangers(desk):
    """Outlets, titles and quotes are text; nothing runs, nothing has a style."""
    for path in ("/calendar", "/calendar?past=1", "/stories/4"):
        text = Visitor(desk.url).get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert not re.search(r"\sstyle=|\son\w+=\"", text)


def test_an_empty_desk_says_what_rules_are(sqlite_url):
    """Nothing was told yet."""
    with served(sqlite_url) as here:
        text = Visitor(here.url).get("/calendar").text
    assert "No rule takes effect or lapses." in text


def test_the_calendar_is_one(desk):
    """Each day is an event with an id that stays, whole days, escaped, folded at 75 octets."""
    answer = Visitor(desk.url).get("/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = answer.text.encode()
    assert raw.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 6
    assert "DTSTART;VALUE=DATE:20261110" in lines
    assert "DTEND;VALUE=DATE:20261111" in lines
    assert "SUMMARY:Suspension ends: China\\, export licensing (rare earths)" in lines
    assert lines.count("STATUS:TENTATIVE") == 1, "a plan is no certain thing"
    ids = [line for line in lines if line.startswith("UID:")]
    assert len(set(ids)) == 6
    again = Visitor(desk.url).get("/calendar.ics").text.replace("\r\n ", "")
    assert [line for line in again.split("\r\n") if line.startswith("UID:")] == ids
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\u202e\u2066]", "".join(lines))


def test_the_calendar_takes_the_same_filters(desk):
    """What is filtered on the page is filtered in the calendar it links to."""
    visitor = Visitor(desk.url)
    assert 'href="/calendar.ics?country=CN"' in visitor.get("/calendar?country=CN").text
    assert visitor.get("/calendar.ics?country=CN").text.count("BEGIN:VEVENT") == 1


def test_a_view_has_a_calendar_without_signing_in(sqlite_url):
    """Whoever knows its secret address reads it; nobody reads the desk's own, nor a wrong one."""
    with served(sqlite_url, sole_user="") as here:
        rule_stories(here.database)
        here.database.add_user("ann", password_hash="x", role=Role.ADMIN, now=NOW)
        view = here.database.add_view("China", StoryQuery(countries=("CN",)), owner="ann", now=NOW)
        visitor = Visitor(here.url)
        answer = visitor.get(f"/views/{view.token}/calendar.ics")
        assert (answer.status, answer.text.count("BEGIN:VEVENT")) == (200, 1)
        assert visitor.get("/views/wrong/calendar.ics").status == 404
        assert visitor.get("/calendar.ics").status in {303, 401}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_hold(desk, tab, width, scheme):
    """On a phone and a wide screen, light and dark: nothing sticks out, nobody is shut out."""
    opened = tab(width=width, color_scheme=scheme)
    for path in ("/calendar", "/calendar?past=1", "/stories/1"):
        page = opened.goto(desk.url + path)
        for one in page.query_selector_all("main details"):
            one.evaluate("one => { one.open = true }")
        assert opened.wider() == [], path
        if (width, scheme) in {(390, "dark"), (1280, "light")}:
            page.evaluate(_THIN_OUT)
            assert _severe(page) == [], path
