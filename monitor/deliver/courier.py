"""
What is to be told is queued, and what is queued is sent; one look of each.

Whoever sends holds the instance lock: the daemon, or a command while no daemon runs.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import datetime

from monitor.deliver import alert_queue, digest_queue, sending
from monitor.deliver.targets import shown
from monitor.errors import MonitorError, Permanent, Refused
from monitor.model import AlertKind, Delivery, DeliveryState, Recipient
from monitor.ports import Store
from monitor.settings import Settings

log = logging.getLogger(__name__)


def due_digests(store: Store, *, now: datetime) -> list[Recipient]:
    """Recipients who are to get their digest now; times that are not set or too far are set."""
    found = []
    for one in store.recipients():
        if not (one.is_active and one.digest_cron):
            continue
        following = digest_queue.next_digest(one, now=now)
        known = one.next_digest_at
        if following and (known is None or known > following):
            # Never set, or the clock was set back since.
            store.change_recipient(one.id, next_digest_at=following)
        elif digest_queue.due(one, now=now):
            found.append(one)
    return found


def due_alerts(
    store: Store, *, now: datetime, public_url: str, with_sources: bool
) -> list[alert_queue.Prepared]:
    """What alerts have to tell now; takes its time, writes nothing."""
    known = {one.id: one for one in store.recipients()}
    found = []
    for alert in store.alerts():
        recipient = known.get(alert.recipient_id)
        if recipient is None or (alert.kind is AlertKind.SOURCES and not with_sources):
            continue
        if alert_queue.may_tell(alert, recipient, now=now):
            made = alert_queue.prepare(store, alert, recipient, now=now, public_url=public_url)
            found += [made] if made else []
    return found


def hand_over(
    delivery: Delivery, recipient: Recipient | None, settings: Settings, environ: Mapping[str, str]
) -> MonitorError | None:
    """Send a delivery that was taken; why it failed, or None. Blocks; asks no store."""
    if recipient is None:
        return Permanent("was removed.", subject="the recipient")
    try:
        sending.send(delivery, recipient.target, settings, environ=environ)
    except MonitorError as error:
        return error
    return None


def settle(
    store: Store,
    delivery: Delivery,
    failure: MonitorError | None,
    *,
    now: datetime,
    dice: random.Random,
) -> DeliveryState:
    """Remember what came of it; its state from now on."""
    if failure is None:
        store.settle_delivery(delivery.id, DeliveryState.SENT, now=now)
        return DeliveryState.SENT
    is_final = isinstance(failure, Permanent | Refused)
    again = None if is_final else sending.next_attempt(delivery.attempts, now=now, dice=dice)
    state = DeliveryState.WAITING if again else DeliveryState.FAILED
    store.settle_delivery(delivery.id, state, now=now, error=str(failure), not_before=again)
    return state


def tell(delivery: Delivery, recipient: Recipient | None, failure: MonitorError | None) -> None:
    """One line of the log; where it went, without the target."""
    place = f"{recipient.name} ({shown(recipient.target)})" if recipient else "nobody"
    if failure is None:
        log.info("sent %s %d to %s", delivery.kind, delivery.id, place)
    else:
        log.warning("%s %d to %s: not sent: %s", delivery.kind, delivery.id, place, failure)
