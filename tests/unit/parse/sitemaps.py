"""Sitemaps of a sample site, and a site that is polled as the crawl polls it."""

import json
from datetime import UTC, datetime, timedelta

from monitor.parse.sitemap.reader import parse_sitemap

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROOT = "https://e.test/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_NS = "http://www.google.com/schemas/sitemap-news/0.9"


def at(**ago):
    """A moment before now, as sitemaps write it."""
    return (NOW - timedelta(**ago)).isoformat()


def url(path, lastmod="", more=""):
    """One item."""
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://e.test/{path}</loc>{stamp}{more}</url>"


def urlset(*items, attributes=NS):
    """A sitemap."""
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {attributes}>{"".join(items)}</urlset>'


def index(*children):
    """An index of (path, lastmod)."""
    listed = "".join(
        f"<sitemap><loc>https://e.test/{path}</loc>"
        + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")
        + "</sitemap>"
        for path, lastmod in children
    )
    return f"<sitemapindex {NS}>{listed}</sitemapindex>"


def news(path, title, stamp, prefix="news"):
    """An item of a news sitemap."""
    return url(
        path,
        more=f"<{prefix}:news><{prefix}:publication><{prefix}:name>Ore Daily</{prefix}:name>"
        f"<{prefix}:language>kk</{prefix}:language></{prefix}:publication>"
        f"<{prefix}:publication_date>{stamp}</{prefix}:publication_date>"
        f"<{prefix}:title>{title}</{prefix}:title></{prefix}:news>",
    )


def read(body, *, asked=ROOT, memory=None, is_part=False, now=NOW, content_type="", **options):
    """The document that is read from `body`."""
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_sitemap(
        raw,
        url=asked.partition("#")[0],
        asked=asked,
        content_type=content_type,
        now=now,
        options=options,
        memory=memory or {},
        is_part=is_part,
    )


def paths(document):
    """Paths of the entries."""
    return [entry.url.removeprefix("https://e.test/") for entry in document.entries]


class Site:
    """A site with sitemaps by path, polled as the crawl polls it: parts first, memory last."""

    def __init__(self, **documents):
        self.documents = documents
        self.memory = {}
        self.now = NOW
        self.fetched = []

    def poll(self):
        """Paths of all entries of one poll, an hour after the last; `fetched` tells the parts."""
        self.now += timedelta(hours=1)
        self.fetched, entries, fresh = [], [], {}
        waiting = [(ROOT, False)]
        while waiting and len(self.fetched) < 51:
            asked, is_part = waiting.pop(0)
            name = asked.partition("#")[0].removeprefix("https://e.test/").removesuffix(".xml")
            self.fetched.append(name)
            document = read(
                self.documents[name.replace("-", "_")],
                asked=asked,
                memory=self.memory,
                is_part=is_part,
                now=self.now,
            )
            entries += paths(document)
            fresh.update(document.memory)
            waiting += [(one, True) for one in document.follow]
        self.memory = json.loads(json.dumps({**self.memory, **fresh}))
        return entries
