"""A store with recipients and alerts, and what they would be told; time is a number of hours."""

import random

import sqlalchemy as sa

from monitor.deliver import courier, digest_queue
from monitor.deliver.cards import refresh
from monitor.model import Alert, AlertKind, Recipient, StoryQuery
from monitor.review.queries import query_record
from monitor.settings import Settings
from monitor.store.tables import views
from tests.store.records import NOW


def told(database):
    """Make all cards."""
    while refresh(database):
        pass


def view(database, name="Tungsten", **query):
    """Save a view; its id."""
    with database.writing() as connection:
        return connection.execute(
            sa.insert(views)
            .values(
                name=name,
                query=query_record(StoryQuery(**query)),
                owner="ann",
                token=name,
                created_at=NOW,
            )
            .returning(views.c.id)
        ).scalar_one()


def recipient(database, target="https://hook.example/secret", *, at=NOW, **more):
    """Add one; as it is stored."""
    new = Recipient(id=0, target=target, told_until=at, **({"name": "Desk"} | more))
    return database.recipient(database.add_recipient(new, now=at))


def alert(database, who, view_id=0, *, at=NOW, **more):
    """Add one; its id."""
    kind = AlertKind.VIEW if view_id else AlertKind.SOURCES
    values = {"name": "Watch", "kind": kind, "view_id": view_id, "created_at": at} | more
    return database.add_alert(Alert(id=0, recipient_id=who.id, **values))


def alerted(database, now):
    """Make cards, look at all alerts; the deliveries that were queued."""
    told(database)
    found = courier.due_alerts(database, now=now, public_url="", with_sources=True)
    return [made for one in found if (made := one.queue(database))]


def digested(database, now):
    """Make cards, look at all digests; the deliveries that were queued."""
    told(database)
    prepared = [
        digest_queue.prepare(database, one, now=now, public_url="https://desk.example")
        for one in courier.due_digests(database, now=now)
    ]
    return [made for one in prepared if (made := one.queue(database))]


def sent(database, now, settings=None, environ=None):
    """Send what waits; the states it is in then."""
    found = []
    for one in database.take_deliveries(now=now, limit=99):
        who = database.recipient(one.recipient_id)
        failure = courier.hand_over(one, who, settings or Settings(), environ or {})
        courier.settle(database, one, failure, now=now, dice=random.Random(1))
        found.append(database.delivery(one.id))
    return found


def stories(delivery):
    """Id to kinds of what a delivery tells."""
    return {
        one["id"]: [change["kind"] for change in one["changes"]] for one in delivery.body["stories"]
    }
