"""
Lines that the pages of a site repeat: tickers, menus, promotions, appeals; by their keys only.

Counted as articles are stored, copies left out, so that a text told at many addresses of a site
is not taken for its furniture. Bounded: once a site has many pages its counts are halved, and
what was seen once is forgotten; so a site's new furniture is learned, and its old one unlearned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from monitor.model import ArticleStored, Draft
from monitor.store.rows import Rows, chunks, clean, insert_into, looked_up
from monitor.store.tables import articles, site_lines
from monitor.text import line_keys
from monitor.urls import publication

#: A line is repeated on so many pages of a site, and this share of them.
LEAST_PAGES, LEAST_SHARE = 3, 0.2

#: Pages of a site that are counted before the counts are halved.
MOST_PAGES = 40

#: The key under which a site's pages are counted.
ALL = 0

#: Newest articles of a source that are looked through for lines that were just learned.
LOOKED_THROUGH = 120

_OF_SITES = sa.select(site_lines.c.site, site_lines.c.line, site_lines.c.pages).where(
    looked_up(site_lines.c.site),
    sa.or_(site_lines.c.line == ALL, site_lines.c.pages >= LEAST_PAGES),
)

_SITE: sa.BindParameter[str] = sa.bindparam("named")

_HALVED = (
    sa.update(site_lines).where(site_lines.c.site == _SITE).values(pages=site_lines.c.pages // 2)
)
_EMPTY = sa.delete(site_lines).where(site_lines.c.site == _SITE, site_lines.c.pages < 1)

_NEWEST = (
    sa.select(articles.c.id, articles.c.url, articles.c.text)
    .where(articles.c.source_id == sa.bindparam("source"))
    .order_by(articles.c.at.desc(), articles.c.id.desc())
    .limit(LOOKED_THROUGH)
)


class FurnitureRows(Rows):
    """See `ports.Furniture`."""

    def repeated_lines(self, sites: Iterable[str]) -> dict[str, frozenset[int]]:
        """By site (`urls.publication`): keys of the lines that its pages repeat."""
        with self.reading() as connection:
            return repeated(connection, sites)

    def carrying(self, source_id: int, site: str, lines: AbstractSet[int]) -> list[int]:
        """Of a source's newest articles: those of the site with one of these lines."""
        with self.reading() as connection:
            return [
                row.id
                for row in connection.execute(_NEWEST, {"source": source_id})
                if publication(row.url) == site and not lines.isdisjoint(line_keys(row.text))
            ]


def repeated(connection: sa.Connection, sites: Iterable[str]) -> dict[str, frozenset[int]]:
    """See `FurnitureRows.repeated_lines`."""
    counts: dict[str, dict[int, int]] = {}
    for part in chunks(dict.fromkeys(map(clean, sites))):
        for row in connection.execute(_OF_SITES, {"keys": part}):
            counts.setdefault(row.site, {})[row.line] = row.pages
    return {site: _repeated(found) for site, found in counts.items()}


def _repeated(counts: dict[int, int]) -> frozenset[int]:
    least = max(LEAST_PAGES, LEAST_SHARE * counts.get(ALL, 0))
    return frozenset(line for line, pages in counts.items() if line != ALL and pages >= least)


def count_lines(
    connection: sa.Connection, site: str, lines: Sequence[int], at: datetime
) -> frozenset[int]:
    """
    One more page of a site, with these lines.

    Returns:
        Those of them that its pages repeat by now.
    """
    site = clean(site)
    if not site or not lines:
        return frozenset()
    # Sorted, so that two programs never wait for each other's rows.
    rows = [{"site": site, "line": line, "pages": 1, "last_at": at} for line in sorted(lines)]
    one_more = _one_more(connection.dialect.name)
    connection.execute(one_more, [{"site": site, "line": ALL, "pages": 1, "last_at": at}, *rows])
    counted = sa.select(site_lines.c.pages).where(
        site_lines.c.site == site, site_lines.c.line == ALL
    )
    if connection.execute(counted).scalar_one() >= MOST_PAGES:
        connection.execute(_HALVED, {"named": site})
        connection.execute(_EMPTY, {"named": site})
    return repeated(connection, [site]).get(site, frozenset()) & frozenset(lines)


def learned(connection: sa.Connection, draft: Draft, stored: ArticleStored) -> frozenset[int]:
    """Lines of an article, new or revised, that did count though its site repeats them."""
    lines, site = line_keys(draft.text), publication(draft.url)
    if not (lines and site) or not (stored.is_new or stored.is_revised):
        return frozenset()
    if stored.is_new and not stored.is_copy:
        found = count_lines(connection, site, lines, draft.seen_at)
    else:
        found = repeated(connection, [site]).get(clean(site), frozenset()).intersection(lines)
    return found - draft.furniture


@cache
def _one_more(dialect: str) -> Any:
    """Count each line once more; made once."""
    fresh = insert_into(dialect, site_lines)
    return fresh.on_conflict_do_update(
        index_elements=["site", "line"],
        set_={"pages": site_lines.c.pages + 1, "last_at": fresh.excluded.last_at},
    )
