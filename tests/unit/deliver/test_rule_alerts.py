"""Alerts on rules: before they lapse or take effect, each day once, whatever becomes of a story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.deliver import digest_queue, orders
from monitor.deliver.digest import markdown
from monitor.deliver.rule_alerts import upcoming
from monitor.errors import BadInput
from monitor.model import AlertKind, DeliveryState, Placement
from monitor.settings import Settings
from monitor.store import open_database
from tests.store.records import NOW
from tests.unit.deliver.telling import alerted, recipient, sent, view
from tests.web.rule_stories import RENEWED_RU, rule_article, rule_stories
from tests.world.receivers import webhook


@pytest.fixture
def database(sqlite_url):
    """A fresh store with the stories of rules."""
    opened = open_database(sqlite_url)
    rule_stories(opened)
    yield opened
    opened.close()


def watching(database, days=30, view_id=0, **more):
    """An alert on rules so many days before."""
    who = recipient(database, **more)
    fields = orders.alert_fields(
        database, name="Lapses", recipient_id=who.id, view_id=view_id, days_before=days, gap_s=0
    )
    return orders.add_alert(database, fields, now=NOW)


def at(day, month, hour=9, year=2026):
    """A moment of a day."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def texts(delivery):
    """What a delivery says of each rule."""
    return [change["text"] for one in delivery.body["stories"] for change in one["changes"]]


def test_a_lapse_is_told_so_many_days_before_and_once(database):
    """Nothing on the thirty-first day, one message on the thirtieth, and none after it."""
    watching(database, days=30)
    assert alerted(database, at(30, 3)) == []
    (message,) = alerted(database, at(31, 3))
    assert texts(message) == [
        "30 Apr 2026, in 30 days: ends, and is renewed: Kazakhstan, export ban: scrap; "
        "приказ № 449; also told: 2026-05-01 (Hasty Herald)",
        "30 Apr 2026, in 30 days: next term begins: Kazakhstan, export ban: scrap; приказ № 120",
    ]
    later = [at(day, 4) for day in (1, 2, 15, 30)]
    assert [message.subject for now in later for message in alerted(database, now)] == [
        "Lapses: 1 May 2026, in 30 days: takes effect: Kazakhstan, export ban (tungsten); order No. 7"
    ]


def test_what_passed_is_not_told(database):
    """A day that was before the alert looked is past: nobody is told that it lapsed."""
    watching(database, days=365)
    found = [text for message in alerted(database, at(1, 11)) for text in texts(message)]
    assert found == [
        "10 Nov 2026, in 9 days: suspension ends: China, export licensing (rare earths); "
        "Announcement No. 70"
    ]


def test_the_end_of_a_plan_is_nothing_that_happens(database):
    """A draft that would end is not told."""
    watching(database, days=365)
    assert "31 Dec 2026" not in str([texts(m) for m in alerted(database, NOW)])


def test_another_date_of_the_same_rule_is_told(database):
    """A renewal makes a new last day, which is told; the days before are not told again."""
    watching(database, days=40)
    assert len(alerted(database, at(22, 3))) == 1
    words = (RENEWED_RU[0], RENEWED_RU[1].replace("30 апреля", "15 апреля"))
    rule_article(
        database, "correction", words, Placement(story_id=1), at=at(22, 3, 12), language="ru",
        site="Другая газета", minerals=(), dates=(("effective", "2026-04-15", "15 апреля 2026"),),
    )  # fmt: skip
    rule_article(
        database, "correction-2", words, Placement(story_id=1), at=at(22, 3, 13), language="ru",
        site="Третья газета", minerals=(), dates=(("effective", "2026-04-15", "15 апреля 2026"),),
    )  # fmt: skip
    (message,) = alerted(database, at(23, 3))
    (text,) = texts(message)
    assert text.startswith("15 Apr 2026, in 23 days: next term begins")
    assert "also told: 2026-04-30" in text


def test_a_merge_tells_nothing_again(database):
    """Rules are known by their articles, which keep their ids when stories become one."""
    watching(database, days=300)
    assert len(alerted(database, at(1, 4))) == 1
    database.merge_stories(3, 1, who="ann", now=at(2, 4))
    assert alerted(database, at(2, 4)) == []
    database.undo_review(who="ann", now=at(3, 4))
    assert alerted(database, at(3, 4)) == []


def test_only_rules_in_the_stories_of_a_view(database):
    """With a view the alert tells of the rules in its stories alone."""
    watching(database, days=365, view_id=view(database, countries=("CN",)))
    (message,) = alerted(database, NOW)
    assert [one["id"] for one in message.body["stories"]] == [2]


def test_today_is_the_recipients(database):
    """In Almaty it is the next day while it is still evening in London."""
    watching(database, days=30, zone="Asia/Almaty")
    assert alerted(database, at(30, 3, 18)) == []
    assert len(alerted(database, at(30, 3, 19))) == 1


def test_it_goes_through_the_outbox_to_a_receiver(database):
    """One message arrives, with the rule, its words and the story; sent again it has one id."""
    with webhook() as hook:
        hook.answers = [503]
        watching(database, days=60, target=hook.url)
        (message,) = alerted(database, at(10, 3))
        made = Settings()
        allowed = replace(made, fetch=replace(made.fetch, allow_private=("127.0.0.0/8",)))
        (first,) = sent(database, at(10, 3), allowed)
        assert first.state is DeliveryState.WAITING
        assert alerted(database, at(10, 3, 10)) == []
        (second,) = sent(database, at(11, 3), allowed)
        assert second.state is DeliveryState.SENT
    assert [*hook.ids.values()] == [2]
    stories = hook.posts[1]["stories"]
    assert {change["kind"] for one in stories for change in one["changes"]} == {"rule"}
    assert "export ban: scrap; приказ № 449" in str(stories)
    assert "шесть месяцев" in message.body["text"], "the words that it rests on"


def test_an_alert_on_rules_is_checked(database):
    """A year at most; what is no number of days is refused; a change of kind forgets the days."""
    with pytest.raises(BadInput, match="between 1 and a year"):
        orders.alert_fields(database, days_before=366)
    fields = orders.alert_fields(database, view_id=0, days_before=7)
    assert (fields["kind"], fields["days_before"]) == (AlertKind.RULES, 7)
    assert orders.alert_fields(database, view_id=0, days_before=0)["kind"] is AlertKind.SOURCES
    assert "kind" not in orders.alert_fields(database, gap_s=5)


def test_the_digest_has_what_is_near(database):
    """Thirty days ahead: what lapses and what takes effect, by mail and in the terminal."""
    now = at(10, 4)
    who = recipient(database, digest_cron="0 7 * * *")
    made = digest_queue.compose(database, who, now=now, public_url="")
    headings = dict(made.message.notes)
    assert [*headings][:2] == ["Lapses within 30 days", "Takes effect within 30 days"]
    assert "ends, and is renewed: Kazakhstan" in headings["Lapses within 30 days"][0]
    assert not made.is_worth_it or made.news, "rules alone send no digest"
    found = upcoming(database, days=30, view_id=0, now=now, zone="UTC")
    text = markdown([], since=NOW, now=now, rules=found)
    assert "## Lapses within 30 days" in text
    assert r"приказ № 449" in text
    assert "<script" not in text
    early = digest_queue.compose(database, who, now=NOW - timedelta(days=20), public_url="")
    assert "Lapses within 30 days" not in dict(early.message.notes)
