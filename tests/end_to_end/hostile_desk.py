"""A desk full of hostile words: crawled from hostile outlets, decided and named by hostile people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from monitor.deliver.cards import refresh
from monitor.errors import BadInput
from monitor.model import (
    Alert,
    AlertKind,
    Choice,
    Copy,
    Mention,
    NewSource,
    Placement,
    Recipient,
    Scope,
    SourceKind,
    StoryQuery,
)
from monitor.store import Database, open_database
from tests.store.records import draft, item, poll
from tests.web.world import claim
from tests.world import hostile, hostile_web, program
from tests.world.web import FakeWeb, fake_web

#: Who sits at the desk; names of people come from outside too.
WHO = "<b onclick=top.__ran=1>ann</b>\u202e"

#: One attack of each class, short enough for a name or a tag.
SHORT = tuple(
    next((one for one in attacks if 3 < len(one) <= 80), attacks[0][:80])
    for attacks in hostile.CLASSES.values()
)

#: Tellings of one story with hostile addresses.
TOGETHER = 12

#: Times that nothing of the crawl can be as new as.
NOW = datetime.now(UTC)


@dataclass
class World:
    """The database, the outlets, and what the crawls said."""

    url: str
    folder: Path
    web: FakeWeb
    #: Of both crawls: all that went to the terminal and the logs.
    said: str = ""
    views: list[str] = field(default_factory=list)
    stories: list[int] = field(default_factory=list)


@contextmanager
def hostile_world(folder: Path, targets: Sequence[str]) -> Iterator[World]:
    """
    Two crawls of hostile outlets, with edits between them, and a desk that worked on them.

    Args:
        targets: where digests and alerts go.
    """
    url = f"sqlite:///{folder}/monitor.sqlite"
    with fake_web(outlets=3, items=0) as web:
        world = World(url, folder, web)
        database = open_database(url)
        for number, outlet in enumerate(web.outlets):
            new = NewSource(
                name=SHORT[number] + SHORT[14], kind=SourceKind.FEED, url=outlet.feed_url,
                homepage=hostile.URLS[number], language="en", scope=Scope.DEDICATED,
                tags=SHORT, region=SHORT[number], state_reason=SHORT[number],
            )  # fmt: skip
            database.add_source(new, now=NOW)
        hostile_web.publish(web)
        for log in ("text", "json"):
            done = program.run(
                url, "-vv", "crawl", "--all", folder=folder, environ={"MONITOR_LOG__FORMAT": log}
            )
            assert done.returncode == 0, done.stderr[-2000:]
            world.said += done.stdout + done.stderr
            hostile_web.edit(web)
        _store_addresses(database)
        while refresh(database):
            pass
        world.stories = [
            line.card.story_id
            for line in database.lines(StoryQuery(), reader="", now=datetime.now(UTC), limit=500).lines
        ]  # fmt: skip
        _work(database, world, targets)
        while refresh(database):
            pass
        database.close()
        yield world


def _store_addresses(database: Database) -> None:
    """What no crawl lets in: every hostile address and concept, as if it were in the store."""
    addresses = hostile.URLS + hostile.HOSTS
    new = NewSource(name="stored", kind=SourceKind.FEED, url="https://stored.example/feed")
    source_id, _ = database.add_source(new, now=NOW)
    place, original = Placement(), 0
    for at, address in enumerate(addresses):
        if at % TOGETHER == 0:
            place = Placement()
        key, bad = f"https://stored.example/{at}", SHORT[at % len(SHORT)]
        entry = database.commit_poll(poll(source_id, item(f"stored {at}"), at=NOW)).entry_ids
        made = draft(
            source_id, next(iter(entry.values())), key, url=address, canonical_url=address,
            title=f"Tungsten {at} {bad}", text=f"{bad} tungsten 12,{at:03} tonnes {bad}. " * 9,
            site=f"{bad} {at}", authors=(bad, address), seen_at=NOW + timedelta(seconds=at),
            language="en" if at % 7 else bad[:20],
            claims=(claim(f"output {bad}", 12000.0 + at, f"t{bad}", f"{bad} tungsten", bad),),
        )  # fmt: skip
        made = _meaning(made, bad)
        stored = database.commit_article(
            made, place, bands=(crc32(key.encode()),), tokens=(key,), page_id=None
        )
        if place.story_id is None:
            original = stored.article_id
        copied = Copy(original_id=original, containment=0.9, why=f"copied {bad}")
        place = Placement(
            story_id=stored.story_id, development_id=stored.development_id if at % 2 else None,
            copy=copied if at % 5 == 4 else None, reasons=(f"placed {bad}",),
        )  # fmt: skip


def _meaning(made, bad):
    """A draft that means hostile things."""
    said = replace(
        made.enrichment,
        minerals=("tungsten", bad),
        countries=("KZ", bad[:20]),
        companies=("Cove Capital", bad),
        events=("stake", bad),
        reasons=(f"+0.5 {bad}",),
        mentions=tuple(
            Mention(kind=kind, concept=bad, start=at, end=at + 9, surface=bad[:9])
            for at, kind in enumerate(("mineral", "country", "company", "place", "event"))
        ),
    )
    return replace(made, enrichment=said)


def _work(database: Database, world: World, targets: Sequence[str]) -> None:
    """Notes, tags, names, views, recipients, alerts, merges: all with hostile words."""
    now = datetime.now(UTC)
    for at, attacks in enumerate(hostile.CLASSES.values()):
        number = world.stories[at]
        state = ("kept", "flagged", "dismissed", "needs-check")[at % 4]
        for action, value in (
            ("note", "\n".join(attacks)[:9000]),
            ("tag", SHORT[at]),
            ("assign", SHORT[at]),
            ("state", state),
        ):
            database.decide([Choice(story_id=number, action=action, value=value)], who=WHO, now=now)
        query = StoryQuery(
            search=attacks[0][:200], tags=(SHORT[at],), companies=(SHORT[at],), outlets=(SHORT[at],)
        )
        name = f"{at} {SHORT[at]}"
        world.views.append(database.add_view(name, query, owner=WHO, now=now).token)
    everything = database.add_view(f"all {SHORT[7]}{SHORT[0]}", StoryQuery(), owner=WHO, now=now)
    world.views.append(everything.token)
    for number, target in enumerate(targets):
        name = f"{number} {hostile.HEADERS[0]} {SHORT[0]}"
        new = Recipient(
            id=0, name=name, target=target, digest_cron="0 7 * * *",
            digest_view_id=everything.id, told_until=None,
        )  # fmt: skip
        who = database.add_recipient(new, now=NOW - timedelta(days=30))
        for kind, view in ((AlertKind.VIEW, everything.id), (AlertKind.SOURCES, 0)):
            database.add_alert(
                Alert(
                    id=0, name=f"{kind} {hostile.HEADERS[0]} {SHORT[4]} {number}", kind=kind,
                    view_id=view, recipient_id=who, created_at=NOW - timedelta(days=30),
                )
            )  # fmt: skip


def taken(work):
    """What it gives; None when the desk refuses hostile words in words."""
    try:
        return work()
    except BadInput:
        return None
