"""
The outlets of the fake web: one host, one feed and some pages each; all of it can change.

An outlet says what a real one says: RSS with guids, pages as HTML with a canonical link,
ETag and 304. `edit`, `publish` and `lose` change it between two crawls.
"""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.world import prose

#: The hour of the newest item: this one, so that what is served is news.
TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    etag: str = ""


@dataclass(slots=True)
class Outlet:
    """One outlet; `number` tells its texts from those of the others."""

    number: int
    base: str
    items: int
    sentences: int = 16
    #: Items -> how often they were edited.
    edits: dict[int, int] = field(default_factory=dict)
    #: Items whose page is gone.
    lost: set[int] = field(default_factory=set)
    #: Paths -> what is answered instead.
    instead: dict[str, Reply] = field(default_factory=dict)

    @property
    def feed_url(self) -> str:
        """Where the feed is."""
        return f"{self.base}/feed.xml"

    def url(self, item: int) -> str:
        """Where an item's page is."""
        return f"{self.base}/news/{item}.html"

    def edit(self, item: int) -> None:
        """The publisher changes the words of an item, in the feed and on the page."""
        self.edits[item] = self.edits.get(item, 0) + 1

    def publish(self, count: int = 1) -> None:
        """The publisher adds items."""
        self.items += count

    def lose(self, item: int) -> None:
        """The page of an item is gone; the feed shows it still."""
        self.lost.add(item)

    def reply(self, path: str) -> Reply:
        """The answer to a request."""
        if path in self.instead:
            return self.instead[path]
        if path == "/feed.xml":
            body = self._feed()
            return Reply(body=body, kind="application/rss+xml", etag=_tag(body))
        item = path.removeprefix("/news/").removesuffix(".html")
        if item.isdigit() and int(item) < self.items and int(item) not in self.lost:
            return Reply(body=self._page(int(item)))
        return Reply(status=404, body=b"not here")

    def title(self, item: int) -> str:
        """The headline of an item."""
        return prose.title(self._seed(item))

    def _seed(self, item: int) -> int:
        return self.number * 100_000 + item

    def _text(self, item: int) -> str:
        edits = self.edits.get(item, 0)
        added = f"\n\nCorrected: {edits} changes; output is now {edits * 111} tonnes."
        return prose.text(self._seed(item), sentences=self.sentences) + added * bool(edits)

    def _feed(self) -> bytes:
        items = "".join(self._item(item) for item in reversed(range(self.items)))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Sample outlet {self.number}</title><link>{self.base}/</link>{items}"
            "</channel></rss>"
        ).encode()

    def _item(self, item: int) -> str:
        when = TODAY - timedelta(minutes=7 * (item + 1))
        summary = self._text(item).partition("\n")[0]
        if edits := self.edits.get(item, 0):
            summary += f" Corrected {edits}."
        return (
            f"<item><title>{html.escape(self.title(item))}</title><link>{self.url(item)}</link>"
            f"<guid>{self.number}-{item}</guid><pubDate>{format_datetime(when)}</pubDate>"
            f"<description>{html.escape(summary)}</description></item>"
        )

    def _page(self, item: int) -> bytes:
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in self._text(item).split("\n\n"))
        title = html.escape(self.title(item))
        return (
            f'<!doctype html><html lang="en"><head><title>{title}</title>'
            f'<link rel="canonical" href="{self.url(item)}"></head><body><nav><a href="/">Home</a>'
            f"</nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
        ).encode()


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'
