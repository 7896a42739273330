"""
One outlet's site: which body stands at which address on which day.

Bodies depend on nothing but the outlet, the day and the time that the web began with, so
that validators hold between requests.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.demo import channel
from monitor.demo.content import Article, Outlet
from monitor.demo.dialects import FEEDS, PAGES
from monitor.demo.pages import wall
from monitor.demo.pages.portal import listing
from monitor.demo.shown import Masthead, Shown
from monitor.model import NewSource, SourceKind

HTML = "text/html; charset={}"
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /print/\n"

#: Content type by the beginning of the dialect's name.
FEED_TYPES = {
    "rss2": "application/rss+xml",
    "rss091": "text/xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "jsonfeed": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address holds."""

    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    #: None where a server states none.
    modified_at: datetime | None = None
    #: Target of a redirect.
    location: str = ""


@dataclass(slots=True, kw_only=True)
class Site:
    """One outlet at one address of loopback."""

    outlet: Outlet
    #: `http://127.x.y.z:port`.
    base: str
    now: datetime
    _pages: dict[int, dict[str, Answer]] = field(default_factory=dict)

    def answer(self, path: str, day: int) -> Answer:
        """What stands at `path` (with its query) on that day; 404 when nothing does."""
        if path == "/robots.txt":
            return Answer(body=ROBOTS.encode())
        if self.outlet.refuses:
            return wall_of(self.outlet)
        if day not in self._pages:
            self._pages[day] = self._built(day)
        return self._pages[day].get(path, Answer(status=404, body=b"Not found\n"))

    def shown(self, day: int) -> tuple[Shown, ...]:
        """Articles that stand on that day, newest first."""
        standing = [self._shown(a, day) for a in self.outlet.articles if a.day <= day]
        return tuple(sorted(standing, key=lambda one: one.published_at, reverse=True))

    def source(self) -> NewSource:
        """The source that a catalogue would hold."""
        outlet = self.outlet
        return NewSource(
            name=outlet.name,
            kind=outlet.kind,
            url=self.base + (outlet.moved_from or outlet.start),
            homepage=self.base + "/",
            language=outlet.language,
            region=outlet.region,
            scope=outlet.scope,
            tags=("sample",),
            options=outlet.options,
        )

    def _built(self, day: int) -> dict[str, Answer]:
        """All addresses of one day."""
        outlet, shown, masthead = self.outlet, self.shown(day), self._masthead(day)
        latest = max((one.updated_at for one in shown), default=self.now)
        start = self._start(masthead, shown, latest)
        pages = {outlet.start: start, "/": start}
        if outlet.moved_from:
            pages[outlet.moved_from] = Answer(status=301, location=self.base + outlet.start)
        if outlet.kind is SourceKind.TELEGRAM:
            return pages
        for one in shown:
            text = PAGES[outlet.page](masthead, one, shown)
            pages[one.url.removeprefix(self.base)] = self._html(text, one.updated_at)
            if outlet.link:
                pages[one.link.removeprefix(self.base)] = Answer(status=302, location=one.url)
        return pages

    def _start(self, masthead: Masthead, shown: Sequence[Shown], latest: datetime) -> Answer:
        outlet = self.outlet
        if outlet.kind is SourceKind.TELEGRAM:
            return self._html(channel.page(masthead, shown), latest)
        if outlet.kind is SourceKind.LISTING:
            return self._html(listing(masthead, shown), latest)
        kind = next(kind for start, kind in FEED_TYPES.items() if outlet.feed.startswith(start))
        body = FEEDS[outlet.feed](masthead, shown).encode(outlet.encoding)
        return Answer(content_type=kind, body=body, modified_at=latest)

    def _html(self, text: str, modified_at: datetime) -> Answer:
        encoding = self.outlet.encoding
        # An old server states no charset; the page says it itself.
        kind = HTML.format(encoding) if encoding == "utf-8" else "text/html"
        body = text.encode(encoding, "xmlcharrefreplace")
        return Answer(content_type=kind, body=body, modified_at=modified_at)

    def _masthead(self, day: int) -> Masthead:
        outlet = self.outlet
        return Masthead(
            name=outlet.name,
            tagline=outlet.tagline,
            language=outlet.language,
            base=self.base,
            start=self.base + outlet.start,
            encoding=outlet.declared or outlet.encoding,
            day=day,
        )

    def _shown(self, article: Article, day: int) -> Shown:
        published = self._at(article.hours_ago)
        title, paragraphs, updated = article.title, article.paragraphs, published
        for edit in article.edits:
            if edit.day <= day:
                title = title.replace(edit.find, edit.put)
                paragraphs = tuple(part.replace(edit.find, edit.put) for part in paragraphs)
                updated = max(updated, self._at(edit.hours_ago))
        number = zlib.crc32(article.id.encode()) % 90_000 + 10_000
        filled = {"id": article.id, "n": number, "date": f"{published:%Y/%m/%d}"}
        url = self.base + self.outlet.path.format(**filled)
        return Shown(
            id=article.id,
            number=number,
            url=url,
            link=self.base + self.outlet.link.format(**filled) if self.outlet.link else url,
            title=title,
            paragraphs=paragraphs,
            author=article.author,
            forwarded_from=article.forwarded_from,
            published_at=published,
            updated_at=updated,
        )

    def _at(self, hours_ago: float) -> datetime:
        return (self.now - timedelta(hours=hours_ago)).replace(microsecond=0)


def wall_of(outlet: Outlet) -> Answer:
    """What an outlet answers that does not want us, or is no more."""
    text = wall.page(outlet.name, outlet.refuses)
    return Answer(status=outlet.refuses, content_type=HTML.format("utf-8"), body=text.encode())
