"""The outbox on both databases: one delivery for what is told, whenever the program dies."""

from datetime import timedelta

import pytest

from monitor.errors import BadInput
from monitor.model import Alert, AlertKind, Delivery, DeliveryState, Mark, Recipient
from tests.store.records import NOW, hours

BODY = {"text": "t", "html": "<p>t</p>", "markdown": "t", "lines": ["t"], "stories": []}


def recipient(database, name="Desk", **more):
    """Add one; as it is stored."""
    new = Recipient(id=0, name=name, target="https://hook.example/secret", **more)
    return database.recipient(database.add_recipient(new, now=NOW))


def alert(database, who, name="Tungsten", **more):
    """Add one; as it is stored."""
    values = {"kind": AlertKind.SOURCES, "view_id": 0, "created_at": NOW} | more
    database.add_alert(Alert(id=0, name=name, recipient_id=who.id, **values))
    return next(one for one in database.alerts() if one.name == name)


def delivery(who, key="k1", **more):
    """One that waits."""
    values = {"kind": "digest", "subject": "News", "body": BODY, "created_at": NOW} | more
    return Delivery(key=key, recipient_id=who.id, **values)


def states(database):
    """Key to state of all that is queued."""
    return {one.key: one.state for one in database.deliveries(limit=99)}


def test_a_digest_is_queued_once(database):
    """Whoever comes second, with the mark as it was, queues nothing."""
    who = recipient(database, told_until=NOW)
    again = database.recipient(who.id)
    for one, key, queued in ((who, "k1", True), (again, "k2", False)):
        assert (
            database.queue_digest(
                one, delivery(one, key), until=hours(1), next_at=hours(24), told={"1": [5]}
            )
            is queued
        )
    found = database.recipient(who.id)
    assert (found.told_until, found.next_digest_at, found.told) == (hours(1), hours(24), {"1": [5]})
    assert states(database) == {"k1": DeliveryState.WAITING}


def test_the_same_key_is_queued_once(database):
    """A key that is there is not queued again, and the mark moves."""
    who = recipient(database)
    database.queue(delivery(who, "k1"))
    assert database.queue_digest(who, delivery(who, "k1"), until=hours(1), next_at=None, told={})
    assert len(database.deliveries(limit=9)) == 1


def test_mark_and_delivery_go_together(database):
    """A delivery that cannot be written leaves the mark where it was."""
    who = recipient(database, told_until=NOW)
    broken = delivery(who, body={"text": object()})
    with pytest.raises(Exception, match="serializable"):
        database.queue_digest(who, broken, until=hours(1), next_at=None, told={})
    assert database.recipient(who.id).told_until == NOW


def test_an_alert_moves_its_marks(database):
    """Marks, time of sending and delivery of an alert are written together, once."""
    who = recipient(database)
    one = alert(database, who)
    mark = Mark(subject="source:7", told_until=NOW, told="failing")
    assert database.queue_alert(one, delivery(who), marks=[mark], now=hours(1))
    assert not database.queue_alert(one, delivery(who, "k2"), marks=[], now=hours(1))
    assert database.alert_marks(one.id) == {"source:7": mark}
    assert database.alert_marks(one.id, ["source:8"]) == {}
    assert database.alerts()[0].last_sent_at == hours(1)


def test_marks_alone_are_no_message(database):
    """Without a delivery the gap between messages does not begin."""
    one = alert(database, recipient(database))
    mark = Mark(subject="looked", told_until=NOW)
    assert database.queue_alert(one, None, marks=[mark], now=hours(1))
    assert database.alerts()[0].last_sent_at is None


def test_taken_sent_and_taken_again(database):
    """What is taken is nobody else's; after a crash it waits again, under its key."""
    who = recipient(database)
    database.queue(delivery(who, "k1"))
    database.queue(delivery(who, "k2", not_before=hours(2)))
    (taken,) = database.take_deliveries(now=hours(1), limit=9)
    assert (taken.key, taken.state, taken.attempts) == ("k1", DeliveryState.SENDING, 1)
    assert taken.body == BODY
    assert database.take_deliveries(now=hours(1), limit=9) == []
    assert database.release_deliveries() == 1
    (again,) = database.take_deliveries(now=hours(1), limit=9)
    assert (again.key, again.attempts) == ("k1", 2)
    database.settle_delivery(again.id, DeliveryState.SENT, now=hours(1))
    assert database.release_deliveries() == 0
    assert states(database) == {"k1": DeliveryState.SENT, "k2": DeliveryState.WAITING}
    assert database.delivery(again.id).sent_at == hours(1)


def test_a_failed_one_waits_then_fails(database):
    """A failure keeps its cause and its time; retry clears both, drop forgets it."""
    who = recipient(database)
    number = database.queue(delivery(who))
    database.take_deliveries(now=NOW, limit=1)
    database.settle_delivery(
        number, DeliveryState.WAITING, now=NOW, error="no answer", not_before=hours(1)
    )
    assert database.take_deliveries(now=NOW, limit=1) == []
    database.take_deliveries(now=hours(1), limit=1)
    database.settle_delivery(number, DeliveryState.FAILED, now=NOW, error="gone\x00")
    assert database.delivery(number).error == "gone\ufffd"
    assert database.delivery_counts()[DeliveryState.FAILED] == 1
    database.retry_delivery(number)
    found = database.delivery(number)
    assert (found.state, found.attempts, found.error) == (DeliveryState.WAITING, 0, "")
    database.drop_delivery(number)
    assert database.delivery(number) is None
    with pytest.raises(BadInput, match="no such delivery"):
        database.drop_delivery(number)


def test_what_is_being_sent_is_not_dropped(database):
    """Nobody takes back what is on its way, or was sent."""
    who = recipient(database)
    number = database.queue(delivery(who))
    database.take_deliveries(now=NOW, limit=1)
    for change in (database.drop_delivery, database.retry_delivery):
        with pytest.raises(BadInput):
            change(number)


def test_old_ones_are_forgotten(database):
    """Only what was sent before then is removed."""
    who = recipient(database)
    for key in ("old", "waits", "new"):
        when = NOW if key != "new" else hours(48)
        number = database.queue(delivery(who, key, created_at=when))
        if key != "waits":
            database.settle_delivery(number, DeliveryState.SENT, now=when)
    assert database.forget_deliveries(NOW + timedelta(hours=1)) == 1
    assert set(states(database)) == {"waits", "new"}


def test_recipients_and_alerts(database):
    """They are listed by name, changed, and removed together; a name is taken once."""
    who = recipient(database, "Zinc", digest_cron="0 7 * * *", zone="Asia/Almaty")
    recipient(database, "Antimony")
    alert(database, who)
    assert [one.name for one in database.recipients()] == ["Antimony", "Zinc"]
    with pytest.raises(BadInput, match="another recipient has that name"):
        recipient(database, "Zinc")
    database.change_recipient(who.id, is_active=False, name="Zinc")
    assert not database.recipient(who.id).is_active
    with pytest.raises(BadInput, match="another recipient"):
        database.change_recipient(who.id, name="Antimony")
    database.queue(delivery(who))
    database.remove_recipient(who.id, now=NOW)
    assert [one.name for one in database.recipients()] == ["Antimony"]
    assert (database.alerts(), database.deliveries(limit=9)) == ([], [])
    with pytest.raises(BadInput, match="no such recipient"):
        database.change_recipient(who.id, name="x")
    recipient(database, "Zinc")
    with pytest.raises(BadInput, match="no such alert"):
        database.remove_alert(77, now=NOW)


def test_a_removed_target_is_gone(database, database_url):
    """The secret of a recipient goes with it."""
    import sqlalchemy as sa

    who = recipient(database)
    database.remove_recipient(who.id, now=NOW)
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT target FROM recipients")).scalar_one() == ""
