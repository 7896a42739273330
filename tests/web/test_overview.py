"""The overview: what is counted is what its links lead to; pictures have their tables."""

import re
from datetime import timedelta

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Choice
from monitor.review.queries import read_query
from tests.store.records import NOW, hours
from tests.web.visitor import Visitor
from tests.web.world import HOSTILE, sample_stories, served, tell


@pytest.fixture
def desk(tmp_path):
    """The sample stories of one day, and one of antimony forty days before."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        old = NOW - timedelta(days=40)
        more = {"seen_at": old, "published_at": old}
        tell(here.database, "old", title="Vanadium", minerals=("vanadium",), **more)
        sample_stories(here.database)
        here.database.decide(
            [Choice(story_id=1, action="state", value="dismissed")], who="ann", now=NOW
        )
        yield here


def test_a_bar_leads_to_what_it_counts(desk):
    """The number of stories in a bar is the number of lines that its link chooses."""
    text = Visitor(desk.url).get("/overview").text
    bars = re.findall(r'<a tabindex="-1" href="/search\?([^"]*)"><title>([^<]*)</title>', text)
    assert bars
    for query, said in bars:
        pairs = [tuple(one.split("=")) for one in query.replace("&amp;", "&").split("&")]
        read = read_query(pairs)
        assert read.unread == ()
        count = desk.database.count_lines(read.query, now=desk.now, most=1000)
        assert said.endswith(f": {count} {'story' if count == 1 else 'stories'}")


def test_a_period_is_chosen(desk):
    """Thirty days leave the old story out, ninety do not; odd periods are the usual one."""
    visitor = Visitor(desk.url)
    assert "vanadium</a>" not in visitor.get("/overview").text
    assert "vanadium</a>" in visitor.get("/overview?days=90").text
    for odd in ("x", "-1", "31", "99999999999999"):
        assert "vanadium</a>" not in visitor.get(f"/overview?days={odd}").text
    for days in (7, 365):
        assert visitor.get(f"/overview?days={days}").status == 200


def test_silence_is_told(desk):
    """A mineral that had a story within the year and none for weeks stands there with its days."""
    text = Visitor(desk.url).get("/overview").text
    assert re.search(r"vanadium · 40 days", text)


def test_days_are_the_readers(desk):
    """In Tokyo a story of late evening (UTC) is one of the next day."""
    tell(desk.database, "late", minerals=("gallium",), seen_at=hours(12))  # 21:00 UTC
    while refresh(desk.database):
        pass
    desk.now = hours(14)
    visitor = Visitor(desk.url, Cookie="zone=Asia/Tokyo")
    text = visitor.get("/overview?days=7").text
    assert "Asia/Tokyo" in text
    assert re.search(r"3 Mar 2026: \d stor", text)


def test_who_is_first_and_who_copies(desk):
    """Outlets with their counts; the one that only copies once too often is named."""
    text = Visitor(desk.url).get("/overview").text
    row = re.search(r"First Post</bdi></a></th>(.*?)</tr>", text, re.DOTALL)[1]
    assert re.findall(r'class="num">(\d+)', row)[:2] == ["2", "1"]


def test_each_picture_has_its_table(desk):
    """Beside each chart the same numbers stand in a table; each picture has a name."""
    text = Visitor(desk.url).get("/overview").text
    assert text.count("The same as a table") == 4
    charts = re.findall(r'<svg xmlns="[^"]*" class="bars" ([^>]*)>', text)
    assert charts
    for chart in charts:
        names = re.search(r'aria-labelledby="([^"]*)"', chart)[1].split()
        assert all(f'id="{name}"' in text for name in names)


def test_decisions_are_counted(desk):
    """What was decided, and how long it took."""
    text = Visitor(desk.url).get("/overview").text
    assert "0 kept, 1 dismissed" in text
    assert "Half of the stories were decided on within" in text


def test_nothing_moves_into_markup(desk):
    """No style, script or handler stands in the page; hostile outlets are text."""
    tell(desk.database, "worse", site=HOSTILE[:150], seen_at=hours(11))
    while refresh(desk.database):
        pass
    text = Visitor(desk.url).get("/overview?days=7").text
    assert "<script>alert" not in text
    assert not re.search(r"\sstyle=|\son\w+=\"", text)


def test_an_empty_desk_has_an_overview(tmp_path):
    """Nothing was told yet: the page says so."""
    with served(f"sqlite:///{tmp_path}/empty.sqlite") as here:
        answer = Visitor(here.url).get("/overview")
    assert answer.status == 200
    assert "No stories in this time." in answer.text
