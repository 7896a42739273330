"""
Finding the list of stories on a page: repeated blocks of links with titles and dates.

Links are grouped by the path to them, each group is read as a list (its blocks, headlines,
dates, summaries), and weighed by what news lists have and menus do not: words a headline,
dates, addresses of their own, a heading, number. What a page wears everywhere is left out
before; margins ("most read", sidebars) count half.

Source:
    The idea of repeated siblings as data records is that of Liu, Grossman and Zhai 2003,
    "Mining data records in web pages" (MDR); clustering by tag path that of Miao et al. 2009,
    "Extracting data records from the web using tag path clustering".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import html

from monitor.encoding import decoded
from monitor.model import Entry
from monitor.parse.listing.blocks import (
    NOT_PAGES,
    Group,
    Link,
    Survey,
    groups_of,
    median_words,
    urls_of,
)
from monitor.parse.listing.candidates import (
    Candidate,
    candidate_of,
    has_heading,
    is_in_article,
    is_in_prose,
    reasons_of,
    without_menus,
)
from monitor.parse.listing.classnames import HEADINGS, tag_of
from monitor.parse.listing.dating import dating_of
from monitor.parse.listing.linkshapes import is_of_site, shape_of, site_of, story_likeness
from monitor.parse.listing.listed import (
    ITEM_LIMIT,
    MIN_WORDS,
    Sheet,
    heading_in,
    link_of,
    read,
    sheet_of,
    words_of_element,
)
from monitor.parse.listing.selecting import item_selector, relative_selector
from monitor.parse.listing.zones import Zone
from monitor.parse.sniffing import refuse_binary
from monitor.urls import canonical_key

#: Groups that are read as lists; layouts that are proposed.
_READ, _PROPOSED, _LEADS = 16, 8, 5
#: The least score of a list of stories.
LEAST_SCORE = 0.45
#: A further list belongs to the best one when its score is at least this part of it.
_NEAR = 0.8
#: A list whose addresses another has, more than this share of them, is the same list.
_SAME = 0.6
#: A layout must find this part of a list and little else (F1).
_FIT = 0.9
#: Where no list is found, only addresses that look like those of stories are taken.
_LIKE_STORY = 0.5
#: From this share of dates on, a list is one of stories with dates.
_DATED = 0.8
#: So many headlines of one template are repeated, and were judged as a list.
_REPEATED = 3
#: The least length of a summary, characters; blocks of a list that have one, share.
_SUMMARY_CHARS, _SUMMARY_SHARE, _PARTS = 40, 0.4, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to read a page as a listing: selectors, and what they find."""

    #: Selectors; empty where none is needed.
    item: str
    link: str = ""
    title: str = ""
    date: str = ""
    summary: str = ""
    #: 0 to 1; from `LEAST_SCORE` on it is taken for a list of stories.
    score: float
    #: What speaks for it and against it, in words with figures.
    reasons: tuple[str, ...]
    #: The first five.
    samples: tuple[Entry, ...]
    #: Stories, and those with a date.
    items: int
    dated: int
    #: Part of the page.
    zone: Zone = Zone.MAIN

    @property
    def options(self) -> dict[str, str]:
        """The options of a source that read the page so."""
        found = {
            "item": self.item,
            "link": self.link,
            "title": self.title,
            "date": self.date,
            "summary": self.summary,
        }
        return {name: selector for name, selector in found.items() if selector}


def propose(body: bytes, *, url: str, content_type: str, now: datetime) -> tuple[Layout, ...]:
    """
    Ways to read a page as a listing, the best first; none when nothing is repeated.

    Args:
        body: HTML as it came.
        url: final address, for relative links.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.

    Raises:
        Permanent: it is no HTML.
    """
    refuse_binary(body, url)
    return layouts_of(sheet_of(decoded(body, content_type), url, now))


def layouts_of(sheet: Sheet, *, least: float = 0.0) -> tuple[Layout, ...]:
    """As `propose`, of a page that is a tree already; none with a lower score than `least`."""
    survey = Survey(sheet.root, sheet.base, sheet.url)
    found = _Finding(sheet, survey)
    ranked = [one for one in found.ranked() if one.score >= least][:_PROPOSED]
    layouts = map(found.layout, ranked)
    return tuple(layout for layout in layouts if layout is not None)


def chosen(layouts: Sequence[Layout]) -> tuple[Layout, ...]:
    """Those of ranked layouts that together are the news of a page; none when none is."""
    if not layouts or layouts[0].score < LEAST_SCORE:
        return ()
    best = layouts[0]
    return tuple(
        layout
        for layout in layouts
        if layout is best
        or (
            layout.score >= max(LEAST_SCORE, _NEAR * best.score)
            and layout.zone <= best.zone
            and (layout.dated or not 2 * best.dated >= best.items)
        )
    )


def headlines_of(sheet: Sheet) -> list[html.HtmlElement]:
    """Links that may be headlines, of a page where nothing is repeated that has headlines."""
    survey = Survey(sheet.root, sheet.base, sheet.url)
    menus = {link.path for link in survey.links if link.words < MIN_WORDS}
    links = [
        link
        for link in survey.links
        if link.zone is Zone.MAIN
        and link.words >= MIN_WORDS
        and link.path not in menus
        and story_likeness(link.url) >= _LIKE_STORY
        and site_of(link.url) == site_of(sheet.url)
        and not is_of_site(link.url)
        and not is_in_prose(link.element)
    ]
    if any(len(urls_of(group)) >= _REPEATED for group in groups_of(links)):
        return []
    return [link.element for link in links if not is_in_article([link.element])]


class _Finding:
    """The lists of one page."""

    def __init__(self, sheet: Sheet, survey: Survey) -> None:
        self._sheet = sheet
        self._survey = survey

    def ranked(self) -> list[Candidate]:
        """Lists of stories, the best first, each once; single stories before them last."""
        links = [link for link in self._survey.links if link.zone < Zone.FURNITURE]
        groups, url = self._merged(groups_of(links)), self._sheet.url
        found = [candidate_of(url, without_menus(group, url)) for group in groups]
        lists = [one for one in found if one.count > 1 and one.zone < Zone.FURNITURE]
        lists.sort(key=lambda one: -one.score)
        for one in lists[:_READ]:
            one.dating = dating_of(self._sheet, one.group.items)
        lists = [one for one in lists[:_READ] if one.can_be_list]
        lists.sort(key=lambda one: -one.score)
        kept = _distinct(lists)
        return [*kept, *self._leads(kept, found)]

    def layout(self, candidate: Candidate) -> Layout | None:
        """A list as selectors, with what they find; None when none can be written."""
        group, sheet = candidate.group, self._sheet
        pairs = [(item, link.element) for item, link in zip(group.items, group.links, strict=True)]
        link = relative_selector(pairs)
        if link.startswith("./") and all(link_of(item, "") is element for item, element in pairs):
            # The link with the headline is found without counting.
            link = ""
        titles = "" if candidate.is_direct else _title_selector(group)
        options = {
            "item": item_selector(sheet.root, group.items, lambda block: _leads_on(block, link)),
            "link": link,
            "title": titles,
            "date": candidate.dating.selector,
            "summary": _summary_selector(group),
        }
        options = {name: selector for name, selector in options.items() if selector}
        entries = read(sheet, options).entries if options.get("item") else ()
        wanted = {canonical_key(link.url) for link in group.links}
        right = sum(bool(one.title) and canonical_key(one.url) in wanted for one in entries)
        if 2 * right < _FIT * (len(entries) + min(len(wanted), ITEM_LIMIT)):
            return None
        return Layout(
            **options,
            score=round(candidate.score, 3),
            reasons=reasons_of(candidate),
            samples=entries[:5],
            items=len(entries),
            dated=sum(one.published_at is not None for one in entries),
            zone=candidate.zone,
        )

    def _merged(self, groups: Sequence[Group]) -> list[Group]:
        """Groups whose blocks are siblings of one kind, put together."""
        merged: dict[tuple[int, str], list[Group]] = {}
        items: dict[tuple[int, str], set[html.HtmlElement]] = {}
        rest = []
        for group in sorted(groups, key=lambda one: len(one.links) == 1):
            key = self._container(group)
            # A single story joins a list; two single ones are none.
            is_apart = len(group.links) == 1 and key not in merged
            if key is None or is_apart or not items.setdefault(key, set()).isdisjoint(group.items):
                rest.append(group)
                continue
            merged.setdefault(key, []).append(group)
            items[key].update(group.items)
        return [*map(_joined, merged.values()), *rest]

    def _container(self, group: Group) -> tuple[int, str] | None:
        """What blocks stand in, and their kind; None when that is not one, or they say little."""
        above = [up for item in group.items if (up := item.getparent()) is not None]
        paths = {self._survey.path_of(up) for up in above}
        if len(paths) != 1 or median_words(group) < MIN_WORDS:
            return None
        return paths.pop(), str(group.items[0].tag)

    def _leads(self, lists: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
        """Single stories of the kind of the best list, before its end."""
        if not lists or lists[0].zone is not Zone.MAIN or lists[0].score < LEAST_SCORE:
            return []
        best = lists[0].group.links
        shapes = {shape for shape, _ in Counter(shape_of(link.url) for link in best).most_common(3)}
        taken = [one for one in lists if one.score >= max(LEAST_SCORE, _NEAR * lists[0].score)]
        listed = {link.url for one in taken for link in one.group.links}
        leads = []
        for one in found:
            if len(one.group.links) > _LEADS:
                continue
            pairs = [
                (link, item)
                for link, item in zip(one.group.links, one.group.items, strict=True)
                if link.zone is Zone.MAIN
                and link.words >= MIN_WORDS
                and link.place < best[-1].place
                and link.url not in listed
                and shape_of(link.url) in shapes
                and not is_of_site(link.url)
                and not is_in_prose(link.element)
                and has_heading(link, item)
            ]
            if len(pairs) == 1:
                # Alone, or with links of other kinds in blocks of one look.
                ((link, item),) = pairs
                leads.append(candidate_of(self._sheet.url, Group([link], [item])))
        leads = [one for one in leads if one.zone is Zone.MAIN]
        for one in leads[:_LEADS]:
            one.dating = dating_of(self._sheet, one.group.items)
        return leads[:_LEADS]


def without_odd(stories: Sequence[tuple[Any, Entry]]) -> list[tuple[Any, Entry]]:
    """
    The stories of a list that was found, without what stands between them.

    Where nearly all have a date, what has none, and an address of another kind that is not a
    story's, is a promotion or the way to the next page.
    """
    dated = [entry for _, entry in stories if entry.published_at is not None]
    if len(dated) < _DATED * len(stories):
        return list(stories)
    shapes = {shape_of(entry.url) for entry in dated}
    return [
        (block, entry)
        for block, entry in stories
        if entry.published_at is not None
        or story_likeness(entry.url) >= _LIKE_STORY
        or shape_of(entry.url) in shapes
    ]


def _leads_on(block: html.HtmlElement, selector: str) -> bool:
    """Whether a block would be read as a story: it has an address."""
    place = link_of(block, selector)
    href = place if isinstance(place, str) else place.get("href") or ""
    return bool(href.strip()) and not href.strip().lower().startswith(NOT_PAGES)


def _joined(groups: Sequence[Group]) -> Group:
    """Groups as one, in the order of the page."""
    pairs = [pair for one in groups for pair in zip(one.links, one.items, strict=True)]
    pairs.sort(key=lambda pair: pair[0].place)
    return Group([link for link, _ in pairs], [item for _, item in pairs])


def _distinct(lists: Sequence[Candidate]) -> list[Candidate]:
    """Lists without those that a better one has already."""
    kept: list[Candidate] = []
    for one in lists:
        urls = urls_of(one.group)
        same = next(
            (at for at, other in enumerate(kept) if _shares(urls, urls_of(other.group))), None
        )
        if same is not None:
            if _tells_it_better(one, kept[same]):
                kept[same] = one
        elif not _shares(urls, {url for other in kept for url in urls_of(other.group)}) and not (
            _is_beside(one, kept)
        ):
            kept.append(one)
    return kept


def _shares(urls: set[str], others: set[str]) -> bool:
    """Whether most of some addresses are among others."""
    return len(urls & others) > _SAME * len(urls)


def _tells_it_better(one: Candidate, kept: Candidate) -> bool:
    """Whether a list has the headlines of which another has "Read more about ..."."""
    return one.headed > 0.5 > kept.headed and one.count >= kept.count and one.zone <= kept.zone


def _is_beside(one: Candidate, lists: Sequence[Candidate]) -> bool:
    """Whether its links are further ones, as attachments, in blocks with headlines of their own."""
    blocks = {item for other in lists for item in other.group.items}
    shared = sum(item in blocks for item in one.group.items)
    return not one.is_direct and shared > _SAME * len(one.group.items)


def _title_selector(group: Group) -> str:
    """Where the headlines stand when they are not the links' own words."""
    headings = [(item, heading_in(item)) for item in group.items]
    return relative_selector([(item, found) for item, found in headings if found is not None])


def _summary_selector(group: Group) -> str:
    """Where summaries stand: the longest text of a block beside its headline."""
    pairs = [
        (item, found)
        for item, link in zip(group.items, group.links, strict=True)
        if (found := _summary(item, link)) is not None
    ]
    return relative_selector(pairs) if len(pairs) >= _SUMMARY_SHARE * len(group.items) else ""


def _summary(item: html.HtmlElement, link: Link) -> html.HtmlElement | None:
    """The element of a block with the longest text of its own."""
    best, most = None, _SUMMARY_CHARS - 1
    for _, part in zip(range(_PARTS), item.iter("*"), strict=False):
        loose = [part.text or "", *((child.tail or "") for child in part)]
        length = sum(len(text.strip()) for text in loose)
        if length > most and part is not item and not _is_headline(part, link):
            best, most = part, length
    return best


def _is_headline(part: html.HtmlElement, link: Link) -> bool:
    """Whether a part of a block says its headline, or holds it."""
    return (
        tag_of(part) in HEADINGS
        or words_of_element(part) in link.text
        or part is link.element
        or link.element in part.iter("a")
    )
