"""Alerts: each change once, nothing old, no copies; gaps and quiet hours only put it off."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.deliver import courier
from monitor.deliver.alert_queue import is_quiet, quiet_hours
from monitor.errors import BadInput
from monitor.model import Copy, Outcome, Placement
from monitor.store import open_database
from tests.store.records import hours, item, poll, source
from tests.unit.deliver.telling import alert, alerted, recipient, sent, stories, told, view
from tests.web.world import claim, tell


@pytest.fixture
def database(tmp_path):
    """A fresh store."""
    opened = open_database(f"sqlite:///{tmp_path}/monitor.sqlite")
    yield opened
    opened.close()


def watching(database, **more):
    """An alert on tungsten since NOW, without a gap."""
    number = view(database, minerals=("tungsten",))
    return alert(database, recipient(database), number, **({"gap_s": 0} | more))


def minutes(number):
    """A moment that many minutes after NOW."""
    return hours(number / 60)


def test_a_new_story_is_told_once(database):
    """It is told when it enters the view, and never again; another mineral is not."""
    watching(database)
    one = tell(database, "sale", seen_at=minutes(1))
    tell(database, "lithium", minerals=("lithium",), seen_at=minutes(1))
    (message,) = alerted(database, minutes(2))
    assert stories(message) == {one.story_id: ["new"]}
    assert message.subject == "Watch: Ore sold"
    assert alerted(database, minutes(3)) == alerted(database, hours(50)) == []


def test_nothing_old_is_told(database):
    """What was there before the alert is told only when something happens in it."""
    one = tell(database, "sale", seen_at=minutes(1))
    watching(database, at=minutes(2))
    assert alerted(database, minutes(3)) == []
    tell(database, "closed", Placement(story_id=one.story_id), title="Closed", seen_at=minutes(4))
    (message,) = alerted(database, minutes(5))
    assert stories(message) == {one.story_id: ["development"]}


def test_a_further_copy_is_no_news(database):
    """A copy and another telling of the same are not told; a contradicting figure is."""
    watching(database)
    figure = claim("resource", 1.4e6, "t", "Ore", "WO3")
    one = tell(database, "sale", claims=(figure,), seen_at=minutes(1))
    assert len(alerted(database, minutes(2))) == 1
    same = Placement(development_id=one.development_id, story_id=one.story_id)
    copied = Copy(original_id=one.article_id, containment=0.9, why="like it")
    tell(database, "copy", Placement(story_id=one.story_id, development_id=one.development_id, copy=copied), claims=(figure,), seen_at=minutes(3))  # fmt: skip
    tell(database, "again", same, claims=(figure,), site="other.example", seen_at=minutes(3))
    assert alerted(database, minutes(4)) == []
    other = claim("resource", 410_000.0, "t", "Ore", "W")
    tell(database, "ru", same, claims=(other,), site="third.example", seen_at=minutes(5))
    (message,) = alerted(database, minutes(6))
    assert stories(message) == {one.story_id: ["contradiction"]}


def test_a_correction_is_told(database):
    """An outlet that replaces a figure is told with both."""
    watching(database)
    one = tell(database, "sale", claims=(claim("stake", 70.0, "%", "Ore"),), seen_at=minutes(1))
    alerted(database, minutes(2))
    tell(
        database, "sale", claims=(claim("stake", 65.0, "%", "Ore"),), text="Another text.",
        seen_at=minutes(3),
    )  # fmt: skip
    (message,) = alerted(database, minutes(4))
    assert stories(message) == {one.story_id: ["correction"]}
    assert "stake 70 % → 65 %" in message.body["text"]


def test_what_comes_late_is_told(database):
    """A happening that is stored after a younger one was told is told too, once."""
    watching(database)
    one = tell(database, "sale", seen_at=minutes(1))
    tell(database, "b", Placement(story_id=one.story_id), title="Second step", seen_at=minutes(9))
    alerted(database, minutes(10))
    tell(database, "c", Placement(story_id=one.story_id), title="Late step", seen_at=minutes(5))
    (message,) = alerted(database, minutes(11))
    assert "Late step" in message.body["text"]
    assert "Second step" not in message.body["text"]
    assert alerted(database, minutes(12)) == []


def test_within_the_gap_it_is_gathered(database):
    """After a message nothing is sent until the gap is over; then all at once."""
    watching(database, gap_s=600)
    tell(database, "a", seen_at=minutes(1))
    assert len(alerted(database, minutes(1))) == 1
    for number, key in enumerate("bcd"):
        tell(database, key, title=f"Ore {key}", seen_at=minutes(2 + number))
        assert alerted(database, minutes(2 + number)) == []
    (message,) = alerted(database, minutes(11))
    assert len(stories(message)) == 3
    assert message.subject == "Watch: 3 stories"


def test_quiet_hours_are_the_recipients(database):
    """NOW is 14:00 in Almaty: quiet until 18:00 there, it is told then."""
    number = view(database)
    who = recipient(database, zone="Asia/Almaty")
    alert(database, who, number, gap_s=0, quiet="13:00-18:00")
    tell(database, "a", seen_at=minutes(1))
    assert alerted(database, hours(1)) == alerted(database, hours(3.9)) == []
    assert len(alerted(database, hours(4))) == 1


@pytest.mark.parametrize(
    ("text", "hour", "quiet"),
    [
        ("22:00-07:00", 23, True),
        ("22:00-07:00", 6, True),
        ("22:00-07:00", 7, False),
        ("09:00-17:00", 9, True),
        ("09:00-17:00", 17, False),
        ("", 3, False),
    ],
)
def test_spans_of_a_day(text, hour, quiet):
    """A span may go over midnight; its end is not in it."""
    assert is_quiet(text, "UTC", now=datetime(2026, 3, 2, hour, tzinfo=UTC)) is quiet


@pytest.mark.parametrize("text", ["24:00-07:00", "22-7", "night", "22:00-07:60", "22:00"])
def test_what_is_no_span(text):
    """It is refused with an example."""
    with pytest.raises(BadInput, match="22:00-07:00"):
        quiet_hours(text)


def test_a_clock_that_was_set_back(database):
    """A message that was sent in the future holds nothing up."""
    number = watching(database, gap_s=3600)
    database.change_alert(number, last_sent_at=hours(9999))
    tell(database, "a", seen_at=minutes(1))
    assert len(alerted(database, minutes(2))) == 1


def test_an_alert_that_is_off(database):
    """Neither it nor one whose recipient is off tells anything; switched on, it makes it up."""
    number = watching(database, is_active=False)
    tell(database, "a", seen_at=minutes(1))
    assert alerted(database, minutes(2)) == []
    database.change_alert(number, is_active=True)
    assert len(alerted(database, minutes(3))) == 1


def test_a_source_that_needs_a_person(database):
    """It is told once when it falls, and once when it is well again."""
    number, _ = database.add_source(source(), now=hours(0))
    database.commit_poll(poll(number, item(), at=hours(0)))
    alert(database, recipient(database), gap_s=0)
    assert alerted(database, minutes(1)) == []
    gone = {"outcome": Outcome.BLOCKED, "cause": "HTTP 403"}
    database.commit_poll(poll(number, at=minutes(2), **gone))
    (message,) = alerted(database, minutes(3))
    assert message.subject == "Watch: 1 source in need of a person"
    assert "HTTP 403" in message.body["text"]
    database.commit_poll(poll(number, at=minutes(4), **gone))
    assert alerted(database, minutes(5)) == []
    database.commit_poll(poll(number, item("g2"), at=minutes(6)))
    (well,) = [*alerted(database, minutes(7)), *alerted(database, minutes(8))]
    assert well.subject == "Watch: 1 well again"
    database.commit_poll(poll(number, at=minutes(9), **gone))
    (again,) = alerted(database, minutes(10))
    assert again.key != message.key


def test_sources_that_were_in_trouble_before(database):
    """An alert tells nothing that was so before it."""
    number, _ = database.add_source(source(), now=hours(0))
    database.commit_poll(poll(number, at=hours(0), outcome=Outcome.BLOCKED, cause="HTTP 403"))
    alert(database, recipient(database), at=minutes(1))
    assert alerted(database, minutes(2)) == []
    assert sent(database, minutes(2)) == []


def test_the_same_looked_at_twice(database):
    """Two that look at the same moment queue one message."""
    watching(database)
    tell(database, "a", seen_at=minutes(1))
    told(database)
    first = courier.due_alerts(database, now=minutes(2), public_url="", with_sources=False)
    second = courier.due_alerts(database, now=minutes(2), public_url="", with_sources=False)
    assert [bool(one.queue(database)) for one in [*first, *second]] == [True, False]
    assert len(database.deliveries(limit=9)) == 1


def test_a_view_of_a_moving_span(database):
    """A view of the last hours tells what changed within them only."""
    number = view(database, within_s=3600)
    alert(database, recipient(database), number, gap_s=0)
    tell(database, "old", seen_at=hours(1))
    tell(database, "young", title="Young", seen_at=hours(5))
    (message,) = alerted(database, hours(5) + timedelta(minutes=1))
    assert message.subject == "Watch: Young"
