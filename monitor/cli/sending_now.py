"""Sending from a command: at once when no daemon runs, else by the daemon, which is waited for."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from monitor.cli.session import Session
from monitor.deliver import courier
from monitor.deliver.targets import shown
from monitor.errors import Unusable
from monitor.model import Delivery, DeliveryState
from monitor.store.lock import InstanceLock

#: Seconds that a daemon gets to send it, and between two looks.
PATIENCE_S, LOOK_S = 30.0, 0.3


def send_now(session: Session, number: int) -> int:
    """Send a queued delivery, or see that the daemon does; say what came of it. Exit status."""
    database = session.database
    try:
        with InstanceLock(session.settings.database.url):
            database.release_deliveries()
            _send(session, number)
    except Unusable as error:
        if "is in use by" not in error.message:
            raise
        _wait(session, number)
    found = database.delivery(number)
    return _say(session, found) if found else 1


def _send(session: Session, number: int) -> None:
    database = session.database
    for one in database.take_deliveries(now=datetime.now(UTC), limit=1, only=number):
        recipient = database.recipient(one.recipient_id)
        failure = courier.hand_over(one, recipient, session.settings, session.environ)
        now = datetime.now(UTC)
        courier.settle(database, one, failure, now=now, dice=random.Random())  # noqa: S311


def _wait(session: Session, number: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = session.database.delivery(number)
        if found is None or found.state in {DeliveryState.SENT, DeliveryState.FAILED}:
            return
        if found.state is DeliveryState.WAITING and found.error:
            return
        time.sleep(LOOK_S)


def _say(session: Session, found: Delivery) -> int:
    recipient = session.database.recipient(found.recipient_id)
    place = f"{recipient.name} ({shown(recipient.target)})" if recipient else "nobody"
    if found.state is DeliveryState.SENT:
        session.say(f"Sent to {place}.")
        return 0
    if found.error:
        again = "" if found.state is DeliveryState.FAILED else " It is tried again later."
        session.say(f"Not sent to {place}: {found.error}{again}")
        return 1
    session.say(f"Queued for {place}: monitor run sends it.")
    return 0
