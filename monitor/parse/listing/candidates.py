"""
What speaks for a group of links being a list of stories, and what against it.

News lists have long headlines, dates, addresses of their own, headings, and many items. Menus
have short words and addresses of sections. Links in running text are no list at all.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import html

from monitor.parse.listing.blocks import Group, Link
from monitor.parse.listing.classnames import HEADINGS, words_of
from monitor.parse.listing.datespots import is_date_line
from monitor.parse.listing.dating import NO_DATES, Dating
from monitor.parse.listing.linkshapes import is_of_site, is_social, site_of, story_likeness
from monitor.parse.listing.listed import MIN_WORDS, heading_in, words_in, words_of_element
from monitor.parse.listing.zones import Zone, labelled_zone

#: Blocks whose text is looked at; siblings that may carry the label of a list.
_SAMPLE, _LABEL_SIBLINGS, _LABEL_LEVELS, _LABEL_CHARS = 60, 3, 3, 60
#: Loose text before a link from which on it stands in running text.
_PROSE_CHARS, _LOOSE_SIBLINGS = 25, 20
#: Letters behind a link that has text before it, from which on it stands in running text.
_AMID_CHARS = 12
#: From so long a paragraph on, three of them are a text; levels above a block that are looked at.
_PARAGRAPH_CHARS, _TEXT_LEVELS = 120, 4
_INLINE = frozenset({"b", "strong", "em", "i", "span", "u", "font", "cite", "sup", "small"})
_TITLE_NAMES = frozenset({"title", "headline", "heading", "tit"})
#: Fewer words, or fewer different ones, are "Read more": the headline stands elsewhere.
_CONTAINERS = 30
_FEW_WORDS, _LEAST_VARIETY = 3, 0.5


@dataclass(slots=True, eq=False)
class Candidate:
    """A group of links read as a list; shares are from 0 to 1."""

    group: Group
    titles: list[str]
    #: The headlines are the links' own words.
    is_direct: bool
    #: Different addresses.
    count: int
    #: Words of the headline in the middle.
    words: float
    #: How much the addresses look like those of stories.
    likeness: float
    #: Share of addresses of sections, people, social networks.
    of_site: float
    #: Share of addresses on the page's own site.
    same_site: float
    #: Share of headlines marked as such.
    headed: float
    #: Share of headlines that differ.
    variety: float
    #: Share of links that stand in running text.
    prose: float
    #: The blocks stand among the paragraphs of a text.
    is_in_article: bool
    zone: Zone
    #: Set when the dates were looked for.
    dating: Dating = NO_DATES

    @property
    def score(self) -> float:
        """From 0 to 1; the weights were set on pages of our own."""
        plain = (
            0.30 * min(1.0, max(0.0, (self.words - 1.5) / 4.5))
            + 0.22 * self.dating.share
            + 0.20 * self.likeness
            + 0.16 * min(1.0, math.log2(self.count) / 4)
            + 0.12 * self.headed
        )
        doubts = (1 - self.of_site) * min(1.0, 2 * self.variety) * (0.6 + 0.4 * self.same_site)
        zone = {Zone.MAIN: 1.0, Zone.MARGIN: 0.5, Zone.FURNITURE: 0.0}[self.zone]
        place = (0.5 if self.is_in_article else 1.0) * (0.2 if self.prose > 0.3 else 1.0)
        return plain * doubts * zone * place * (1.0 if self.is_direct else 0.95)

    @property
    def can_be_list(self) -> bool:
        """Whether it has what every list of stories has."""
        is_dated = self.dating.share >= 0.5
        has_words = self.words >= MIN_WORDS or (
            is_dated and self.words > 1 and self.likeness >= 0.5
        )
        return (
            self.zone < Zone.FURNITURE
            and has_words
            and (self.is_direct or self.likeness >= 0.4)
            and (self.count > 2 or (self.count == 2 and is_dated and self.zone is Zone.MAIN))
        )


def candidate_of(url: str, group: Group) -> Candidate:
    """A group read as a list, on the page at `url`; without its dates."""
    titles = [link.text for link in group.links]
    is_direct = _says_enough(titles)
    if not is_direct:
        above = [_heading_text(item) for item in group.items]
        if _says_enough(above):
            titles = above
    urls = list(dict.fromkeys(link.url for link in group.links))
    sample = list(zip(group.links, group.items, strict=True))[:_SAMPLE]
    return Candidate(
        group=group,
        titles=titles,
        is_direct=is_direct,
        count=len(urls),
        words=statistics.median(map(words_in, titles)),
        likeness=statistics.fmean(map(story_likeness, urls)),
        of_site=statistics.fmean(leads_off(found, url) for found in urls),
        same_site=statistics.fmean(site_of(found) == site_of(url) for found in urls),
        headed=statistics.fmean(has_heading(link, item) for link, item in sample),
        variety=min(1.0, len(set(titles)) / len(urls)),
        prose=statistics.fmean(is_in_prose(link.element) for link, _ in sample),
        is_in_article=is_in_article(group.items),
        zone=_zone(group),
    )


def without_menus(group: Group, url: str) -> Group:
    """A group without the containers of short words, sections or sentences, if others are left."""
    by_container: dict[html.HtmlElement | None, list[int]] = {}
    for at, item in enumerate(group.items):
        by_container.setdefault(item.getparent(), []).append(at)
    if len(by_container) == 1 or len(by_container) > _CONTAINERS:
        return group
    good = [
        at for places in by_container.values() if not _is_menu(group, places, url) for at in places
    ]
    if not good or len(good) == len(group.items):
        return group
    kept = sorted(good)
    return Group([group.links[at] for at in kept], [group.items[at] for at in kept])


def _is_menu(group: Group, places: Sequence[int], url: str) -> bool:
    links = [group.links[at] for at in places]
    words = statistics.median(link.words for link in links)
    if labelled_zone(_label(group.items[places[0]])) is Zone.FURNITURE:
        return True
    if all(is_in_prose(link.element) for link in links):
        return True
    return words < MIN_WORDS and (
        words < _FEW_WORDS or statistics.fmean(leads_off(link.url, url) for link in links) >= 0.5
    )


def reasons_of(candidate: Candidate) -> tuple[str, ...]:
    """What was weighed, in words with figures."""
    count = candidate.count
    where = {
        Zone.MAIN: "not in navigation",
        Zone.MARGIN: 'in a margin ("related", "most read", a sidebar)',
        Zone.FURNITURE: "in navigation",
    }[candidate.zone]
    found = [
        f"{count} {'item' if count == 1 else 'items'}",
        f"{round(candidate.dating.share * count)} with a date",
        f"{candidate.words:g} words a headline",
        f"{round(100 * candidate.likeness)} % like addresses of stories",
        where,
    ]
    if candidate.headed > 0.5:
        found.append("headlines are marked as such")
    if not candidate.is_direct:
        found.append("headlines stand beside the links")
    if candidate.same_site < 0.5:
        found.append("links lead to other sites")
    if candidate.of_site > 0.2:
        found.append(f"{round(100 * candidate.of_site)} % lead to sections")
    if candidate.prose > 0.3:
        found.append("links stand in running text")
    if candidate.is_in_article:
        found.append("among the paragraphs of a text")
    return tuple(found)


def has_heading(link: Link, item: html.HtmlElement) -> bool:
    """Whether a link's words are marked as a headline: it stands in one, or holds one."""
    at = link.element
    if heading_in(at) is not None:
        return True
    for above in (at, *islice(at.iterancestors(), 6)):
        if above.tag in HEADINGS or _TITLE_NAMES.intersection(
            words_of((above.get("class") or "")[:100])
        ):
            return True
        if above is item:
            break
    return False


def is_in_prose(element: html.HtmlElement) -> bool:
    """Whether a link stands within a sentence: loose text before it, or going on behind it."""
    block = element.getparent()
    while block is not None and block.tag in _INLINE:
        element, block = block, block.getparent()
    if block is None:
        return False
    loose = list(_loose_before(element, block))
    if is_date_line(" ".join(reversed(loose))):
        # A line of a list that begins with its date; what stands behind tells of the story.
        return False
    before = sum(map(len, loose))
    after = (element.tail or "").strip()
    goes_on = after[:1].islower() or after[:1] in {",", ";", "’", "'"}
    is_amid = before > 3 and sum(map(str.isalpha, after)) > _AMID_CHARS
    return before >= _PROSE_CHARS or is_amid or (goes_on and len(after) > 1)


def _loose_before(element: html.HtmlElement, block: html.HtmlElement) -> Iterator[str]:
    """Text of a block's own before an element, back to a link or a new line."""
    for other in islice(element.itersiblings(preceding=True), _LOOSE_SIBLINGS):
        yield (other.tail or "").strip()
        if other.tag in {"a", "br"}:
            return
    yield (block.text or "").strip()


def is_in_article(items: Sequence[html.HtmlElement]) -> bool:
    """Whether blocks stand among the paragraphs of a text."""
    own, at = set(items), items[0]
    for above in islice(at.iterancestors(), _TEXT_LEVELS):
        paragraphs = [
            part
            for part in islice(above.iterchildren("p"), 60)
            if part not in own and part is not at
        ]
        if sum(_own_chars(part) >= _PARAGRAPH_CHARS for part in paragraphs) > 2:
            return True
        at = above
    return False


def _own_chars(paragraph: html.HtmlElement) -> int:
    """Characters of a paragraph, its links apart: links side by side are no text."""
    links = islice(paragraph.iter("a"), _SAMPLE)
    return len(words_of_element(paragraph)) - sum(len(words_of_element(link)) for link in links)


def leads_off(found: str, url: str) -> bool:
    """Whether an address is that of no story, on the page at `url`."""
    return is_of_site(found) or (is_social(found) and site_of(found) != site_of(url))


def _says_enough(titles: Sequence[str]) -> bool:
    words = statistics.median(map(words_in, titles))
    return words >= _FEW_WORDS and len(set(titles)) >= _LEAST_VARIETY * len(titles)


def _heading_text(block: html.HtmlElement) -> str:
    heading = heading_in(block)
    return words_of_element(heading) if heading is not None else ""


def _zone(group: Group) -> Zone:
    """The part of the page that most of a group is in, by its place and by its label."""
    zones = sorted(link.zone for link in group.links)
    placed = zones[len(zones) // 2]
    return max(placed, labelled_zone(_label(group.items[0]))) if group.items else placed


def _label(item: html.HtmlElement) -> str:
    """The heading above a list, as far as one is near."""
    at = item
    for _ in range(_LABEL_LEVELS):
        for other in islice(at.itersiblings(preceding=True), _LABEL_SIBLINGS):
            if not isinstance(other.tag, str):
                continue
            text = words_of_element(other)
            if 0 < len(text) <= _LABEL_CHARS:
                return text
            if text:
                break
        up = at.getparent()
        if up is None or up.tag in {"body", "main"}:
            break
        at = up
    return ""
