"""Queues each recipient's digest when its time has come; a missed one is made up once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.deliver import letters, rule_alerts
from monitor.deliver.forms import body
from monitor.deliver.fresh import EPOCH, LATE, News, changed, fresh, moment, remembered
from monitor.deliver.ledger import Stated, stated
from monitor.deliver.messages import Message
from monitor.health.look import look
from monitor.health.troubles import quiet_text, trouble_text, troubles
from monitor.model import Delivery, Recipient, StoryQuery
from monitor.ports import Store
from monitor.sources.cron import next_time

#: Stories of one digest; what is beyond is only counted.
STORIES = 500

#: Days before a rule takes effect or lapses, from which on it stands in every digest.
SOON = 30

#: Stories whose sentences are quoted.
QUOTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest, and what it tells."""

    message: Message
    news: tuple[News, ...]
    #: Of a source that has come to need a person since the last one, or of news.
    is_worth_it: bool


def due(recipient: Recipient, *, now: datetime) -> bool:
    """Whether a recipient is to get its digest now."""
    if not (recipient.is_active and recipient.digest_cron):
        return False
    return recipient.next_digest_at is not None and recipient.next_digest_at <= now


def next_digest(recipient: Recipient, *, now: datetime) -> datetime | None:
    """When a recipient gets its next digest; None when never."""
    if not recipient.digest_cron:
        return None
    return next_time(recipient.digest_cron, recipient.zone, after=now)


def compose(
    store: Store,
    recipient: Recipient,
    *,
    now: datetime,
    public_url: str,
    since: datetime | None = None,
) -> Digest:
    """
    What a recipient has not been told yet.

    Args:
        since: instead of the last digest, told or not.
    """
    last = since or recipient.told_until
    news, unshown = _news(store, recipient, since=since, now=now)
    found = look(store, now=now)
    need = troubles(found)
    is_new_trouble = any(one.since and last and one.since > last for one in need)
    view = store.view(recipient.digest_view_id) if recipient.digest_view_id else None
    message = letters.digest(
        news,
        letters.Occasion(
            recipient=recipient.name, now=now, zone=recipient.zone, public_url=public_url
        ),
        since=last,
        by=recipient.digest_by,
        view=view.name if view else "",
        unshown=unshown,
        quotes=_quotes(store, news[:QUOTED]),
        rules=rule_alerts.upcoming(
            store, days=SOON, view_id=recipient.digest_view_id, now=now, zone=recipient.zone
        ),
        troubles=[trouble_text(one) for one in need],
        quiet=quiet_text(found),
    )
    return Digest(
        message=message, news=tuple(news), is_worth_it=bool(news) or unshown > 0 or is_new_trouble
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A digest that is ready to be queued; None when nothing is sent."""

    recipient: Recipient
    delivery: Delivery | None
    until: datetime
    next_at: datetime | None
    told: Mapping[str, Sequence[int]]

    def queue(self, store: Store) -> Delivery | None:
        """Queue it and remember what it tells; None when nothing is sent, or another did it."""
        is_queued = store.queue_digest(
            self.recipient, self.delivery, until=self.until, next_at=self.next_at, told=self.told
        )
        return self.delivery if is_queued else None


def prepare(
    store: Store,
    recipient: Recipient,
    *,
    now: datetime,
    public_url: str,
    since: datetime | None = None,
    is_asked: bool = False,
) -> Prepared:
    """
    What a recipient has not been told yet, ready to be queued; takes its time, writes nothing.

    Args:
        is_asked: send it even when it is empty; when the next one is due stays as it is.
    """
    made = compose(store, recipient, now=now, public_url=public_url, since=since)
    is_sent = made.is_worth_it or recipient.even_empty or is_asked
    return Prepared(
        recipient=recipient,
        delivery=_delivery(recipient, made, now) if is_sent else None,
        until=now,
        next_at=recipient.next_digest_at if is_asked else next_digest(recipient, now=now),
        told=remembered(recipient.told, made.news, until=now),
    )


def _news(
    store: Store, recipient: Recipient, *, since: datetime | None, now: datetime
) -> tuple[list[News], int]:
    """What is fresh for a recipient, and how many stories more there are."""
    floor = recipient.created_at or EPOCH
    after = since or max((recipient.told_until or floor) - LATE, floor)
    told: Mapping[str, Sequence[int]] = {} if since else recipient.told
    query = _query(store, recipient)
    lines = changed(store, query, after=after, now=now, most=STORIES)
    news = [
        News(line=line, happenings=happened)
        for line in lines
        if (
            happened := fresh(
                line.card.happenings,
                after=after,
                told=frozenset(told.get(str(line.card.story_id), ())),
            )
        )
    ]
    beyond = 0
    if len(lines) == STORIES:
        count = store.count_lines(
            replace(query, since=after, within_s=0), now=now, most=100 * STORIES
        )
        beyond = max(count - STORIES, 0)
    return news, beyond


def _query(store: Store, recipient: Recipient) -> StoryQuery:
    view = store.view(recipient.digest_view_id) if recipient.digest_view_id else None
    return view.query if view else StoryQuery()


def _quotes(store: Store, news: Sequence[News]) -> dict[int, list[Stated]]:
    numbers = [one.line.card.story_id for one in news]
    return {story.id: stated(story) for story in store.whole_stories(numbers)}


def _delivery(recipient: Recipient, made: Digest, now: datetime) -> Delivery:
    return Delivery(
        key=_key(recipient, made, now),
        kind="digest",
        recipient_id=recipient.id,
        subject=made.message.subject,
        body=body(made.message),
        created_at=now,
    )


def _key(recipient: Recipient, made: Digest, now: datetime) -> str:
    """Follows from what it tells whom; an empty one tells that nothing happened until now."""
    told = sorted(
        (one.line.card.story_id, moment(h.at), h.kind.value)
        for one in made.news
        for h in one.happenings
    )
    what = (recipient.id, recipient.told_until, told or now)
    return f"digest-{hashlib.sha256(repr(what).encode()).hexdigest()[:32]}"
