"""
A desk to try pages on: a served site over a database with a handful of told stories.

Outlets, companies and stories are samples; `.example` hosts only. Others may add stories with
`tell` and serve any database with `served`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

from starlette.routing import BaseRoute

from monitor.deliver.cards import refresh
from monitor.model import Claim, Copy, Enrichment, Mention, Placement
from monitor.settings import Settings
from monitor.store import Database, open_database
from monitor.store.runner import Runner
from monitor.web.app import site
from monitor.web.desk import Desk
from monitor.web.server import serving
from tests.store.records import NOW, draft, entry_of, hours, item, poll, source

#: Who sits at a desk where nobody signs in.
ANALYST = "ann"

#: What strangers write: markup, handlers, controls, turned direction, heaps of marks, no space.
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>"
    "\u202eevil\u2066\x00\x1b[31m Z\u0351\u0352\u0353\u0354\u0355algo " + "W" * 300
)


@dataclass
class Served:
    """A site that answers, and the store below it."""

    url: str
    database: Database
    #: What the site takes for the present; a test may move it.
    now: datetime = field(default_factory=lambda: hours(12))

    def tick(self, **span):
        """Let time pass."""
        self.now += timedelta(**span)


@contextmanager
def served(
    database_url: str,
    *,
    sole_user: str = ANALYST,
    routes: tuple[BaseRoute, ...] = (),
    fetch=None,
    **web,
) -> Iterator[Served]:
    """
    The site over a database, in a thread of this process, on a free port of loopback.

    Args:
        routes: pages of a test's own, which come before those of the site.
        fetch: settings of the section `fetch`, as a mapping.
        web: settings of the section `web`.
    """
    database = open_database(database_url)
    runner = Runner(database)
    here = Served(url="", database=database)
    settings = Settings()
    settings = replace(
        settings,
        web=replace(settings.web, port=0, **web),
        fetch=replace(settings.fetch, **(fetch or {})),
        database=replace(settings.database, url=database_url),
    )
    desk = Desk(settings=settings, runner=runner, now=lambda: here.now, sole_user=sole_user)
    started, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    app = site(desk)
    app.router.routes[:0] = routes

    async def run() -> None:
        async with serving(app, host=settings.web.host, port=0) as place:
            here.url = place
            started.set()
            await ended.wait()

    def work() -> None:
        # What is still under way at the end is cancelled, as in a process of its own.
        with asyncio.Runner(loop_factory=lambda: loop) as running:
            running.run(run())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert started.wait(30), "the site does not start"
    try:
        yield here
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(30)
        runner.close()
        database.close()


def tell(database: Database, key: str, placement: Placement | None = None, **more):
    """
    Store one article; what the store made of it.

    Args:
        more: of `draft` (title, text, site, language, minerals, claims, seen_at, relevant), and
            countries, companies, events, mentions, relevance, reasons.
    """
    said = {
        name: more.pop(name)
        for name in ("countries", "companies", "events", "mentions", "relevance", "reasons")
        if name in more
    }
    source_id, _ = database.add_source(source(), now=NOW)
    entry = item(key)
    entry = replace(entry, entry=replace(entry.entry, title=more.get("title", "Ore")))
    ids = database.commit_poll(poll(source_id, entry, at=more.get("seen_at", NOW))).entry_ids
    entry_id = next(iter(ids.values()), None) or entry_of(database, source_id, key)
    made = draft(source_id, entry_id, f"https://ores.example/{key}", **more)
    made = replace(made, enrichment=_enriched(made.enrichment, said))
    return database.commit_article(
        made, placement or Placement(), bands=(crc32(key.encode()),), tokens=(key,), page_id=None
    )


def _enriched(enrichment: Enrichment, said) -> Enrichment:
    return replace(enrichment, **said) if said else enrichment


def claim(kind, value, unit, quote, basis="", start=0):
    """A figure as a text states it."""
    return Claim(
        kind=kind, value=value, unit=unit, basis=basis, quote=quote, start=start,
        end=start + len(quote),
    )  # fmt: skip


def sample_stories(database: Database) -> None:
    """
    Six stories, newest last, and their cards.

    1 a sale in four tellings (a copy, a figure that contradicts, a closing); 2 Russian; 3 Chinese;
    4 Arabic; 5 hostile; 6 irrelevant to nobody and quiet.
    """
    first = tell(
        database, "sale", site="First Post", title="Sample Cove to sell tungsten mine",
        text="Sample Cove sells its tungsten mine with 1.4 Mt of ore to a buyer in Almaty.",
        claims=(claim("resource", 1.4e6, "t", "1.4 Mt", "WO3", start=38),),
        mentions=(Mention(kind="mineral", concept="tungsten", start=22, end=30, surface="tungsten"),),
        reasons=("+0.60 mineral in the title: tungsten", "+0.30 sale of a mine"),
        seen_at=hours(1),
    )  # fmt: skip
    same = Placement(development_id=first.development_id, story_id=first.story_id)
    copied = Copy(original_id=first.article_id, containment=0.93, why="93 % of its text is in a1")
    tell(
        database, "sale-copy", replace(same, copy=copied), site="Second Post",
        title="Sample Cove to sell tungsten mine", seen_at=hours(2),
    )  # fmt: skip
    tell(
        database, "sale-ru", same, site="Третья газета", language="ru", seen_at=hours(3),
        title="Sample Cove продаёт вольфрамовый рудник", claims=(claim("resource", 410_000, "t", "Sa", "W"),),
    )  # fmt: skip
    tell(
        database, "sale-closed", Placement(story_id=first.story_id), site="First Post",
        title="Sale of the Sample Cove mine is closed", seen_at=hours(6),
    )  # fmt: skip
    tell(
        database, "ru", site="Рудная газета", language="ru", minerals=("lithium", "rare_earths"),
        title="Образцовый завод снизит добычу лития на 10 %", countries=("RU",),
        claims=(claim("output", 10.0, "%", "10 %"),), seen_at=hours(7),
    )  # fmt: skip
    tell(
        database, "zh", site="样例日报", language="zh", minerals=("antimony",), countries=("CN",),
        title="样例公司宣布暂停锑出口许可审批并公布新的管理办法", events=("export_control",), seen_at=hours(8),
    )  # fmt: skip
    tell(
        database, "ar", site="جريدة العينة", language="ar", minerals=("copper",), countries=("SA",),
        title="شركة العينة توقع اتفاقية لتوريد النحاس (2026) مع مصنع", seen_at=hours(9),
    )  # fmt: skip
    tell(
        database, "hostile", site="<b>Bad</b> outlet", title=HOSTILE, text=HOSTILE * 3, seen_at=hours(10),
    )  # fmt: skip
    tell(
        database, "quiet", site="Quiet Herald", title="Graphite makers ask for longer contracts",
        minerals=("graphite",), countries=(), companies=(), claims=(), relevance=0.41, seen_at=hours(11),
    )  # fmt: skip
    while refresh(database):
        pass
