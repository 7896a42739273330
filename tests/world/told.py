"""
Killing the daemon while it delivers, and counting at the receivers what they were told.

The worst moment is when a message has come and is not answered yet; it is chosen often. What
was to be told is read from the store.
"""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from monitor.deliver.fresh import TELLING
from monitor.model import Alert, AlertKind, DeliveryState, Recipient, StoryQuery
from monitor.store import open_database
from monitor.store.tables import views
from monitor.wording import stamp
from tests.world import program
from tests.world.receivers import Webhook
from tests.world.web import FakeWeb

#: Under which the daemon is quick about it.
QUICK = {
    "MONITOR_SCHEDULE__MIN_INTERVAL": "1",
    "MONITOR_SCHEDULE__DEFAULT_INTERVAL": "1",
    "MONITOR_SCHEDULE__MAX_INTERVAL": "2",
    "MONITOR_SCHEDULE__TICK": "0.2",
}

#: Moments of a kill, and how often they are chosen: a message has come and is not answered yet;
#: some time after a crawl; some time after the start.
RECEIPT, CRAWLED, EARLY = "a message had come", "after a crawl", "after the start"
MOMENTS = {RECEIPT: 0.4, CRAWLED: 0.4, EARLY: 0.2}

#: Some time is at most so many seconds; a message is waited for so long.
SPAN_S, PATIENCE_S = 3.0, 20.0

#: Seconds until the last daemon must have told everything.
END_S = 90.0


@dataclass
class Receipts:
    """What the receivers were told, and what is wrong with it."""

    changes: int = 0
    messages: int = 0
    #: Posts that repeat an id.
    repeats: int = 0
    faults: list[str] = field(default_factory=list)


def prepare(url: str, web: FakeWeb, alerts: Webhook, digests: Webhook) -> None:
    """Sources, an alert on all stories without a gap, and a digest every minute."""
    program.prepare(url, web)
    database = open_database(url)
    now = datetime.now(UTC)
    with database.writing() as connection:
        number = connection.execute(
            sa.insert(views)
            .values(name="All", query={}, owner="ann", token="t", created_at=now)
            .returning(views.c.id)
        ).scalar_one()
    chat = database.add_recipient(Recipient(id=0, name="chat", target=alerts.url), now=now)
    database.add_recipient(
        Recipient(id=0, name="desk", target=digests.url, digest_cron="* * * * *", told_until=now),
        now=now,
    )
    database.add_alert(
        Alert(
            id=0, name="all", kind=AlertKind.VIEW, view_id=number, recipient_id=chat, gap_s=0,
            created_at=now,
        )
    )  # fmt: skip
    database.close()


def kill_once(url: str, web: FakeWeb, hooks: list[Webhook], dice: random.Random) -> str:
    """Outlets publish, a daemon starts and is killed; at which kind of moment."""
    for outlet in web.outlets:
        outlet.publish()
    child = _started(url)
    (moment,) = dice.choices([*MOMENTS], MOMENTS.values())
    hit = threading.Event()

    def kill() -> None:
        child.kill()
        hit.set()

    for hook in hooks:
        hook.before = kill if moment == RECEIPT else _nothing
    assert child.stderr is not None
    sign = "watching" if moment == EARLY else "crawl: "
    for line in child.stderr:
        if hit.is_set() or sign in line:
            break
    rest = threading.Thread(target=child.stderr.read, daemon=True)
    rest.start()
    hit.wait(PATIENCE_S if moment == RECEIPT else dice.random() * SPAN_S)
    child.kill()
    child.wait()
    rest.join(10)
    child.stderr.close()
    for hook in hooks:
        hook.before = _nothing
    return moment if moment != RECEIPT or hit.is_set() else "no message came"


def finish(url: str, web: FakeWeb) -> None:
    """A last daemon tells the rest and ends; then the last digest is sent."""
    child = _started(url)
    assert child.stderr is not None
    threading.Thread(target=child.stderr.read, daemon=True).start()
    try:
        _wait_until(lambda: _is_told(url, web))
    finally:
        child.terminate()
        child.wait(60)
    folder = Path(url.removeprefix("sqlite:///")).parent
    done = program.run(url, "digest", "--send", folder=folder)
    assert done.returncode == 0, done.stderr


def judge(url: str, alerts: Webhook, digests: Webhook) -> Receipts:
    """Every change is told by one id at each receiver."""
    found = Receipts()
    database = open_database(url)
    lines = database.lines(StoryQuery(), reader="", now=datetime.now(UTC), limit=100_000).lines
    states = database.delivery_counts()
    articles = database.counts()["articles"]
    database.close()
    wanted = {
        (line.card.story_id, happening.kind.value, stamp(happening.at))
        for line in lines
        for happening in line.card.happenings
        if happening.kind in TELLING
    }
    found.changes = len(wanted)
    if not (wanted and articles):
        found.faults.append(f"{articles} articles, {len(wanted)} changes: nothing was tried")
    for name, hook in (("alerts", alerts), ("digests", digests)):
        told: dict[tuple[int, str, str], set[str]] = {}
        for post in hook.posts:
            for story in post["stories"]:
                for change in story["changes"]:
                    key = (story["id"], change["kind"], change["at"])
                    told.setdefault(key, set()).add(post["id"])
        found.faults += [f"{name}: never told: {key}" for key in wanted - told.keys()]
        found.faults += [
            f"{name}: told {len(ids)} times: {key}"
            for key, ids in told.items()
            if len(ids) > 1 and key in wanted
        ]
        found.messages += len(hook.ids)
        found.repeats += len(hook.posts) - len(hook.ids)
    unsent = {state: n for state, n in states.items() if n and state is not DeliveryState.SENT}
    found.faults += [f"left in the outbox: {unsent}"] * bool(unsent)
    return found


def _started(url: str) -> subprocess.Popen[str]:
    folder = Path(url.removeprefix("sqlite:///")).parent
    return subprocess.Popen(
        program.command(url, "run"),
        cwd=folder,
        env=program.environment(folder, **QUICK),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _is_told(url: str, web: FakeWeb) -> bool:
    """All that was published is stored, and the outbox is empty."""
    database = open_database(url)
    try:
        counts = database.delivery_counts()
        stored = database.counts()["articles"]
        is_empty = not (counts[DeliveryState.WAITING] or counts[DeliveryState.SENDING])
        return (
            is_empty
            and stored >= sum(outlet.items for outlet in web.outlets)
            and not database.stale_stories(limit=1)
        )
    finally:
        database.close()


def _wait_until(holds: Callable[[], bool]) -> None:
    """Wait until it holds for several looks of the daemon one after another."""
    end, streak = time.monotonic() + END_S, 0
    while streak < 5:
        streak = streak + 1 if holds() else 0
        assert time.monotonic() < end, "not everything was told"
        time.sleep(1)


def _nothing() -> None:
    """A message is answered at once."""
