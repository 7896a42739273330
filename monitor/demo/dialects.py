"""The dialects of feeds and the families of pages, by the names that outlets use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from monitor.demo.feeds import atom03, atom10, jsonfeed, rdf, rss091, rss2
from monitor.demo.pages import cms, minimal, old, portal, semantic, soup, table
from monitor.demo.shown import Masthead, Shown

Feed = Callable[[Masthead, Sequence[Shown]], str]
Page = Callable[[Masthead, Shown, Sequence[Shown]], str]

FEEDS: Mapping[str, Feed] = {
    "rss2": rss2.summaries,
    "rss2-full": rss2.full_texts,
    "rss2-no-guid": rss2.without_guids,
    "rss2-no-link": rss2.without_links,
    "rss2-churning": rss2.churning_guids,
    "rss091": rss091.feed,
    "rdf": rdf.feed,
    "atom10": atom10.feed,
    "atom03": atom03.feed,
    "jsonfeed": jsonfeed.feed,
}

PAGES: Mapping[str, Page] = {
    "semantic": semantic.page,
    "table": table.page,
    "soup": soup.page,
    "minimal": minimal.page,
    "cms": cms.page,
    "old": old.page,
    "portal": portal.page,
}
