"""What a person orders: recipients and alerts, checked the same way for commands and pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from monitor.deliver import letters, rule_alerts
from monitor.deliver.alert_queue import quiet_hours
from monitor.deliver.digest_queue import next_digest
from monitor.deliver.forms import body
from monitor.deliver.targets import checked
from monitor.errors import BadInput
from monitor.model import Alert, AlertKind, Delivery, Recipient
from monitor.ports import Store
from monitor.sources import cron
from monitor.text import single_line

#: Longest name, and longest gap: a week.
LONGEST_NAME, LONGEST_GAP_S = 100, 7 * 86_400

#: Sections of a digest.
SECTIONS = ("mineral", "country")


class _Named(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=_Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of a recipient; None leaves it as it is."""

    name: str | None = None
    #: One that was tried with `sending.usable`, which takes its time.
    target: str | None = None
    zone: str | None = None
    digest_cron: str | None = None
    digest_view_id: int | None = None
    digest_by: str | None = None
    even_empty: bool | None = None
    is_active: bool | None = None


def add_recipient(store: Store, wish: Wish, *, now: datetime) -> int:
    """
    Add a recipient, who is told what happens from now on; its id.

    Raises:
        BadInput: something of it cannot be.
    """
    fields = _checked(store, wish)
    if not fields.get("name") or "target" not in fields:
        raise BadInput("needs a name and a target.", subject="a recipient")
    values: dict[str, Any] = {"id": 0, "told_until": now} | fields
    new = Recipient(**values)
    number = store.add_recipient(new, now=now)
    store.change_recipient(number, next_digest_at=next_digest(new, now=now))
    return number


def change_recipient(store: Store, recipient: Recipient, wish: Wish, *, now: datetime) -> list[str]:
    """
    Change a recipient; the names of what was changed.

    Raises:
        BadInput: something of it cannot be.
    """
    fields = _checked(store, wish)
    fields = {key: value for key, value in fields.items() if value != getattr(recipient, key)}
    if not fields:
        return []
    later: dict[str, Any] = {}
    if fields.keys() & {"digest_cron", "zone"}:
        kept = {key: getattr(recipient, key) for key in ("id", "name", "digest_cron", "zone")}
        changed = Recipient(target="", **kept | {k: v for k, v in fields.items() if k in kept})
        later["next_digest_at"] = next_digest(changed, now=now)
        if fields.get("digest_cron") and not recipient.digest_cron:
            # From now on, and not since he was added.
            later |= {"told_until": now, "told": {}}
    store.change_recipient(recipient.id, **fields, **later)
    return list(fields)


def alert_fields(
    store: Store,
    *,
    name: str | None = None,
    view_id: int | None = None,
    recipient_id: int | None = None,
    gap_s: int | None = None,
    quiet: str | None = None,
    days_before: int | None = None,
    is_active: bool | None = None,
) -> dict[str, Any]:
    """
    Fields of an alert; None is left out.

    Args:
        view_id: 0 = sources that need a person, or rules in all stories.
        days_before: it is about rules of states, so many days before; 0 = it is not.

    Raises:
        BadInput: something of it cannot be.
    """
    if quiet is not None:
        quiet_hours(quiet)
    if gap_s is not None and not 0 <= gap_s <= LONGEST_GAP_S:
        raise BadInput(f"{gap_s} s is not between 0 and a week.", subject="the gap")
    if recipient_id is not None and store.recipient(recipient_id) is None:
        raise BadInput("there is no such recipient.", advice="See: monitor recipients list")
    if view_id and store.view(view_id) is None:
        raise BadInput("there is no such view.", subject=f"view {view_id}")
    if days_before is not None and not 0 <= days_before <= rule_alerts.MOST_DAYS:
        raise BadInput(f"{days_before} is not between 1 and a year.", subject="days before")
    fields = {
        "name": None if name is None else _name(name),
        "kind": _kind(view_id, days_before),
        "view_id": view_id,
        "recipient_id": recipient_id,
        "gap_s": gap_s,
        "quiet": None if quiet is None else quiet.strip(),
        "days_before": days_before,
        "is_active": is_active,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _kind(view_id: int | None, days_before: int | None) -> AlertKind | None:
    """What an alert tells of; None = as it was."""
    if days_before:
        return AlertKind.RULES
    if view_id is None:
        return None
    return AlertKind.VIEW if view_id else AlertKind.SOURCES


def add_alert(store: Store, fields: Mapping[str, Any], *, now: datetime) -> int:
    """Add an alert of checked fields, which tells what happens from now on; its id."""
    values: dict[str, Any] = {"id": 0, "created_at": now} | dict(fields)
    return store.add_alert(Alert(**values))


def queue_test(store: Store, recipient: Recipient, alert: Alert | None, *, now: datetime) -> int:
    """Queue a message that says that it is a test; its id."""
    occasion = letters.Occasion(recipient=recipient.name, now=now, zone=recipient.zone)
    message = letters.trial(occasion, alert=alert.name if alert else "")
    return store.queue(
        Delivery(
            key=f"test-{uuid.uuid4().hex}",
            kind="test",
            recipient_id=recipient.id,
            alert_id=alert.id if alert else 0,
            subject=message.subject,
            body=body(message),
            created_at=now,
        )
    )


def named(found: Sequence[Named], text: str, noun: str) -> Named:
    """
    The one of that name or id.

    Raises:
        BadInput: there is none.
    """
    wanted = text.strip()
    for one in found:
        if one.name == wanted or (wanted.isdecimal() and one.id == int(wanted)):
            return one
    names = ", ".join(one.name for one in found[:10])
    raise BadInput(
        f"there is no such {noun}.",
        subject=single_line(text, 80),
        advice=f"There are: {names}." if found else f"There is no {noun} yet.",
    )


def _checked(store: Store, wish: Wish) -> dict[str, Any]:
    if wish.zone and (fault := cron.zone_fault(wish.zone)):
        raise BadInput(f"{fault}.", subject=single_line(wish.zone, 60))
    if wish.digest_cron and (fault := cron.fault(wish.digest_cron)):
        raise BadInput(f"{fault}.", subject=single_line(wish.digest_cron, 60))
    if wish.digest_by not in {None, *SECTIONS}:
        raise BadInput(f"is none of {', '.join(SECTIONS)}.", subject="the sections")
    if wish.digest_view_id and store.view(wish.digest_view_id) is None:
        raise BadInput("there is no such view.", subject=f"view {wish.digest_view_id}")
    fields = {
        "name": None if wish.name is None else _name(wish.name),
        "target": None if wish.target is None else checked(wish.target),
        "zone": wish.zone or None,
        "digest_cron": None if wish.digest_cron is None else " ".join(wish.digest_cron.split()),
        "digest_view_id": wish.digest_view_id,
        "digest_by": wish.digest_by,
        "even_empty": wish.even_empty,
        "is_active": wish.is_active,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _name(text: str) -> str:
    name = single_line(text, LONGEST_NAME)
    if not name:
        raise BadInput("is empty.", subject="the name")
    return name
