"""Digests: each change once, in the recipient's hours; missed ones are made up once."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.deliver import digest_queue
from monitor.model import Outcome, Placement
from monitor.store import open_database
from tests.store.records import NOW, hours, item, poll, source
from tests.unit.deliver.telling import digested, recipient, stories, told, view
from tests.web.world import claim, sample_stories, tell


@pytest.fixture
def database(tmp_path):
    """A fresh store."""
    opened = open_database(f"sqlite:///{tmp_path}/monitor.sqlite")
    yield opened
    opened.close()


def daily(database, **more):
    """A recipient who gets a digest at seven in the morning, by his own clock."""
    made = recipient(database, **({"digest_cron": "0 7 * * *"} | more))
    assert digested(database, NOW) == []
    return database.recipient(made.id)


def test_it_comes_at_its_hour(database):
    """At seven in Almaty, with what changed since the last one; each change once."""
    who = daily(database, zone="Asia/Almaty")
    assert who.next_digest_at == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    one = tell(database, "a", seen_at=hours(1))
    assert digested(database, who.next_digest_at - timedelta(seconds=1)) == []
    (made,) = digested(database, who.next_digest_at)
    assert stories(made) == {one.story_id: ["new"]}
    assert "since 2 Mar 2026 14:00" in made.body["text"]
    assert digested(database, who.next_digest_at) == []
    tell(database, "b", Placement(story_id=one.story_id), title="Signed", seen_at=hours(30))
    (made,) = digested(database, hours(48))
    assert stories(made) == {one.story_id: ["development"]}


def test_missed_ones_are_made_up_once(database):
    """After a week of rest there is one digest, about all of it."""
    who = daily(database)
    tell(database, "a", seen_at=hours(1))
    tell(database, "b", title="Other", seen_at=hours(100))
    (made,) = digested(database, hours(24 * 7))
    assert len(stories(made)) == 2
    assert database.recipient(who.id).next_digest_at == datetime(2026, 3, 10, 7, tzinfo=UTC)


def test_a_night_with_an_hour_less(database):
    """Where the clocks skip the hour of a digest it comes once all the same, and only once."""
    who = recipient(database, digest_cron="30 2 * * *", zone="Europe/Berlin", at=datetime(2026, 3, 28, 12, tzinfo=UTC))  # fmt: skip
    when = digest_queue.next_digest(who, now=datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert when == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert digest_queue.next_digest(who, now=when) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_empty_ones_are_not_sent(database):
    """When nothing changed nothing is sent, and the mark moves; unless it is asked for."""
    who = daily(database)
    assert digested(database, hours(24)) == []
    assert database.recipient(who.id).told_until == hours(24)
    database.change_recipient(who.id, even_empty=True)
    (made,) = digested(database, hours(48))
    assert "Nothing changed since 3 Mar 2026" in made.body["text"]


def test_a_new_trouble_is_worth_a_digest(database):
    """A source that came to need a person since the last one is told without news, once."""
    daily(database)
    number, _ = database.add_source(source(), now=NOW)
    database.commit_poll(poll(number, item(), at=NOW))
    database.commit_poll(_blocked(number))
    (made,) = digested(database, hours(24))
    assert "SOURCES THAT NEED A PERSON" in made.body["text"]
    assert "HTTP 403" in made.body["text"]
    assert digested(database, hours(48)) == []


def _blocked(number):
    return poll(number, at=hours(1), outcome=Outcome.BLOCKED, cause="HTTP 403")


def test_what_comes_late_is_in_the_next_one(database):
    """What is stored after a digest, and was seen before it, is told by the next one."""
    daily(database)
    tell(database, "a", seen_at=hours(20))
    assert len(digested(database, hours(24))) == 1
    late = tell(database, "late", title="Late", seen_at=hours(24) - timedelta(minutes=30))
    (made,) = digested(database, hours(48))
    assert list(stories(made)) == [late.story_id]


def test_nothing_before_the_recipient(database):
    """What was there before a recipient was added is not told."""
    tell(database, "a", seen_at=NOW - timedelta(minutes=5))
    daily(database)
    # What is in it is the source that nobody polled since.
    assert [stories(made) for made in digested(database, hours(24))] == [{}]


def test_sections(database):
    """Under its mineral or its country, each story once, those told again only at the end."""
    daily(database, digest_by="country")
    sample_stories(database)
    (made,) = digested(database, hours(24))
    text = made.body["text"]
    assert len(stories(made)) == 6
    assert text.index("KAZAKHSTAN") < text.index("OTHER MATTERS")
    assert text.count("Sample Cove to sell tungsten mine") == 1
    assert text.count("contradiction: resource") == 1
    assert "https://desk.example/stories/1" in text


def test_only_told_again(database):
    """A story that was only told again stands at the end, with its title only."""
    daily(database)
    one = tell(database, "a", seen_at=hours(1))
    digested(database, hours(24))
    same = Placement(development_id=one.development_id, story_id=one.story_id)
    tell(database, "b", same, site="Second Post", seen_at=hours(25))
    (made,) = digested(database, hours(48))
    assert "- Ore sold (told again: 1 × Second Post)" in made.body["text"]


def test_a_view_narrows_it(database):
    """A digest about a view tells its stories only, and names it."""
    number = view(database, "Lithium watch", minerals=("lithium",))
    daily(database, digest_view_id=number)
    tell(database, "a", seen_at=hours(1))
    one = tell(database, "b", title="Brine", minerals=("lithium",), seen_at=hours(1))
    (made,) = digested(database, hours(24))
    assert list(stories(made)) == [one.story_id]
    assert made.subject == "Critical minerals, Lithium watch, 3 Mar 2026: 1 new"


def test_no_text_is_republished(database):
    """A sentence is quoted for a figure; the rest of the text is not there."""
    daily(database)
    sentence = "Cove takes 70 % of the mine."
    text = f"{sentence} " + "Nothing of this long text may be found in a digest. " * 20
    tell(database, "a", text=text, claims=(claim("stake", 70.0, "%", sentence),), seen_at=hours(1))
    (made,) = digested(database, hours(24))
    assert sentence in made.body["text"]
    assert all("Nothing of this" not in str(made.body[form]) for form in made.body)


def test_more_than_a_digest_holds(database, monkeypatch):
    """What finds no room is counted, and told as told."""
    monkeypatch.setattr(digest_queue, "STORIES", 3)
    daily(database)
    for number in range(5):
        tell(database, f"k{number}", title=f"Ore {number}", seen_at=hours(1 + number / 10))
    (made,) = digested(database, hours(24))
    assert "5 stories changed" in made.body["text"]
    assert "2 more stories are not shown" in made.body["text"]


def test_since_a_moment(database):
    """Asked for since a moment it tells that again, and stays on its hours."""
    who = daily(database)
    tell(database, "a", seen_at=hours(1))
    digested(database, hours(24))
    told(database)
    who = database.recipient(who.id)
    made = digest_queue.prepare(
        database, who, now=hours(25), public_url="", since=NOW, is_asked=True
    )
    assert len(stories(made.delivery)) == 1
    assert made.next_at == who.next_digest_at
