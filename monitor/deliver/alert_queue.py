"""
What alerts have to tell: stories of a view in which something happened, sources, rules.

An alert tells nothing that was there before it. Between two messages of one alert there is a
gap, and in quiet hours none is sent: what happens meanwhile is told together afterwards.
"""

from __future__ import annotations

import hashlib
import json
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from monitor.deliver import letters, rule_alerts
from monitor.deliver.forms import body
from monitor.deliver.fresh import LATE, TELLING, News, changed, fresh, moment
from monitor.deliver.messages import Message
from monitor.errors import BadInput
from monitor.health.look import Health, look
from monitor.health.troubles import trouble_text, troubles
from monitor.model import Alert, AlertKind, Delivery, Line, Mark, Recipient
from monitor.ports import Store

#: Stories in one message; the others are told in the next one.
STORIES = 1000

#: Changed stories of a view that are looked at in one go.
LOOKED_AT = 20_000

#: The subject of the mark that says up to when an alert has looked.
LOOKED = "looked"

_QUIET = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def quiet_hours(text: str) -> tuple[time, time] | None:
    """
    When an alert is quiet, from and until; None = never.

    Raises:
        BadInput: it is no span of a day.
    """
    if not text.strip():
        return None
    match = _QUIET.fullmatch(text.strip())
    if match is None:
        raise BadInput(
            f"{text[:40]!r} is no span of a day.", subject="quiet hours", advice="Write 22:00-07:00"
        )
    return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))


def is_quiet(text: str, zone: str, *, now: datetime) -> bool:
    """Whether it is within the quiet hours of a place."""
    span = quiet_hours(text)
    if span is None:
        return False
    start, end = span
    here = now.astimezone(zoneinfo.ZoneInfo(zone)).time()
    return start <= here < end if start <= end else here >= start or here < end


def may_tell(alert: Alert, recipient: Recipient, *, now: datetime) -> bool:
    """Whether an alert may send something now."""
    if not (alert.is_active and recipient.is_active):
        return False
    last = alert.last_sent_at
    # A message in the future means that the clock was set back.
    is_in_gap = last is not None and last <= now < last + timedelta(seconds=alert.gap_s)
    return not is_in_gap and not is_quiet(alert.quiet, recipient.zone, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A message of an alert that is ready to be queued; None when only marks move."""

    alert: Alert
    delivery: Delivery | None
    marks: tuple[Mark, ...]
    now: datetime

    def queue(self, store: Store) -> Delivery | None:
        """Queue it and remember what it tells; None when nothing is sent, or another did it."""
        is_queued = store.queue_alert(self.alert, self.delivery, marks=self.marks, now=self.now)
        return self.delivery if is_queued else None


def prepare(
    store: Store, alert: Alert, recipient: Recipient, *, now: datetime, public_url: str
) -> Prepared | None:
    """What an alert has to tell, ready to be queued; None when there is nothing."""
    occasion = letters.Occasion(
        recipient=recipient.name, now=now, zone=recipient.zone, public_url=public_url
    )
    if alert.kind is AlertKind.SOURCES:
        return _of_sources(store, alert, occasion)
    if alert.kind is AlertKind.RULES:
        return _of_rules(store, alert, occasion)
    return _of_stories(store, alert, occasion)


def _of_stories(store: Store, alert: Alert, occasion: letters.Occasion) -> Prepared | None:
    view = store.view(alert.view_id)
    if view is None:
        return None
    now = occasion.now
    looked = store.alert_marks(alert.id, [LOOKED]).get(LOOKED)
    after = max((looked.told_until if looked else alert.created_at) - LATE, alert.created_at)
    lines = changed(store, view.query, after=after, now=now, most=LOOKED_AT)
    marks = store.alert_marks(alert.id, [_story(line) for line in lines])
    # The oldest first: what finds no room is the newest, and is met again.
    found = [*_news(lines, marks, alert)][::-1]
    told, is_all = found[:STORIES], len(found) <= STORIES and len(lines) < LOOKED_AT
    moved = [_mark(one, marks) for one in told]
    if is_all and (looked is None or told or now - looked.told_until > LATE):
        moved.append(Mark(subject=LOOKED, told_until=now))
    if not moved:
        return None
    delivery = None
    if told:
        keyed = [(_story(one.line), [moment(h.at) for h in one.happenings]) for one in told]
        message = letters.story_alert(alert.name, told[::-1], occasion)
        delivery = _delivery(alert, message, keyed, now)
    return Prepared(alert=alert, delivery=delivery, marks=tuple(moved), now=now)


def _news(lines: Sequence[Line], marks: dict[str, Mark], alert: Alert) -> Iterator[News]:
    for line in lines:
        mark = marks.get(_story(line))
        told = frozenset(json.loads(mark.told)) if mark else frozenset()
        after = max(mark.told_until - LATE, alert.created_at) if mark else alert.created_at
        happened = fresh(line.card.happenings, after=after, told=told)
        # A story that is younger than the alert and was never told has come into the view.
        has_come = mark is None and line.card.first_seen_at > alert.created_at
        if has_come or any(h.kind in TELLING for h in happened):
            telling = tuple(h for h in happened if h.kind in TELLING)
            if telling or happened:
                yield News(line=line, happenings=telling or happened)


def _mark(one: News, marks: dict[str, Mark]) -> Mark:
    """What is told of a story, as far as it could be met again."""
    old = marks.get(_story(one.line))
    until = max(h.at for h in one.happenings)
    until = max(until, old.told_until) if old else until
    told = {moment(h.at) for h in one.happenings} | set(json.loads(old.told) if old else ())
    least = moment(until - LATE)
    return Mark(
        subject=_story(one.line),
        told_until=until,
        told=json.dumps(sorted(at for at in told if at > least)),
    )


def _of_sources(store: Store, alert: Alert, occasion: letters.Occasion) -> Prepared | None:
    """Sources that fell into a condition that needs a person, and those that recovered."""
    now = occasion.now
    health = look(store, now=now)
    marks = store.alert_marks(alert.id)
    fallen = [one for one in health if _has_fallen(one, marks.get(_source(one)))]
    well = [
        one
        for one in health
        if not one.needs_a_person and (mark := marks.get(_source(one))) and mark.told
    ]
    moved = [
        *(Mark(subject=_source(o), told_until=now, told=o.condition.value) for o in fallen),
        *(Mark(subject=_source(o), told_until=now) for o in well),
    ]
    is_first = LOOKED not in marks
    if is_first:
        moved.append(Mark(subject=LOOKED, told_until=now))
    # What was so before the alert is known, and not told.
    told = [o for o in fallen if not is_first or (o.since and o.since > alert.created_at)]
    if not moved:
        return None
    delivery = None
    if told or well:
        keyed = [
            (mark.subject, mark.told, old.told_until if (old := marks.get(mark.subject)) else None)
            for mark in moved
        ]
        message = letters.source_alert(
            alert.name,
            [trouble_text(one) for one in troubles(told)],
            [f"{one.source.name} ({one.source.id})" for one in well],
            occasion,
        )
        delivery = _delivery(alert, message, keyed, now)
    return Prepared(alert=alert, delivery=delivery, marks=tuple(moved), now=now)


def _of_rules(store: Store, alert: Alert, occasion: letters.Occasion) -> Prepared | None:
    """Rules that take effect or lapse within the alert's days, each day once."""
    now, zone = occasion.now, occasion.zone
    found = rule_alerts.upcoming(
        store, days=alert.days_before, view_id=alert.view_id, now=now, zone=zone
    )
    told = rule_alerts.untold(store, alert, found)[:STORIES]
    if not told:
        return None
    numbers = list(dict.fromkeys(one.instrument.story_id for one in told))
    lines = {line.card.story_id: line for line in store.lines_of(numbers, reader="")}
    message = letters.rule_alert(alert.name, told, lines, occasion)
    return Prepared(
        alert=alert,
        delivery=_delivery(alert, message, rule_alerts.key_of(told), now),
        marks=tuple(rule_alerts.marks(told, now=now)),
        now=now,
    )


def _has_fallen(one: Health, mark: Mark | None) -> bool:
    return one.needs_a_person and (mark is None or mark.told != one.condition.value)


def _delivery(alert: Alert, message: Message, told: Sequence[object], now: datetime) -> Delivery:
    what = repr((alert.id, sorted(map(repr, told))))
    return Delivery(
        key=f"alert-{hashlib.sha256(what.encode()).hexdigest()[:32]}",
        kind="alert",
        recipient_id=alert.recipient_id,
        alert_id=alert.id,
        subject=message.subject,
        body=body(message),
        created_at=now,
    )


def _story(line: Line) -> str:
    return f"story:{line.card.story_id}"


def _source(one: Health) -> str:
    return f"source:{one.source.id}"
