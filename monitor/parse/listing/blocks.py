"""
The links of a page, each with the path to it and the part of the page it is in.

Links whose paths read alike (elements with their lasting class names) are members of one
template: the repeated blocks of a list. One pass over the ancestors of links, without
recursion; pages of any depth and length are bounded by the limits below.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import html

from monitor.parse.listing.classnames import base_of, id_of, names_of, tag_of
from monitor.parse.listing.linkshapes import is_file
from monitor.parse.listing.listed import headline, words_in
from monitor.parse.listing.zones import Zone, holds_blocks, is_page_itself, own_zone, visible_chars
from monitor.urls import absolute

#: Links of a page that are looked at.
LINK_LIMIT = 6000
#: Longest text of a link that is kept.
_TEXT_CHARS = 400
#: How far up the block of a link without siblings may begin, and links looked at on the way.
_LONE_LEVELS, _LONE_LINKS = 6, 40
#: Columns of a table that are told apart.
_COLUMNS = 12
#: Beginnings of what leads to no page.
NOT_PAGES = ("#", "javascript:", "mailto:", "tel:", "data:", "whatsapp:", "tg:")
_RELS = frozenset({"tag", "author", "category", "license", "search", "privacy-policy"})


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link to another page."""

    element: html.HtmlElement
    url: str
    text: str
    words: int
    #: Number of the path to it; equal for links of one template.
    path: int
    zone: Zone
    #: Place among the links of the page.
    place: int


@dataclass(slots=True, eq=False)
class Group:
    """Links of one template, or of several that share their containers."""

    links: list[Link]
    #: Blocks, one for each link, as far up as only that link is in them.
    items: list[html.HtmlElement] = field(default_factory=list)


@dataclass(slots=True)
class _Node:
    """What is known of an element above links."""

    path: int
    up: html.HtmlElement | None
    is_in_block: bool
    zone: Zone


class Survey:
    """A page's links and what stands above them."""

    def __init__(self, page: html.HtmlElement, base: str, url: str) -> None:
        """
        Args:
            page: the root of the tree.
            base: the address that links are relative to.
            url: the page's own address; links to it are none.
        """
        self._paths: dict[tuple[int, str, tuple[str, ...]], int] = {}
        self._nodes: dict[html.HtmlElement, _Node] = {}
        self._chars = max(1, visible_chars(page))
        self.links = list(self._read(page, base, url.partition("#")[0]))

    def path_of(self, element: html.HtmlElement) -> int:
        """The number of the path to an element above a link."""
        return self._node(element).path

    def _read(self, page: html.HtmlElement, base: str, own: str) -> Iterator[Link]:
        for place, element in enumerate(islice(page.iter("a"), LINK_LIMIT)):
            href = (element.get("href") or "").strip()
            if not href or href.lower().startswith(NOT_PAGES):
                continue
            url = absolute(base, href).partition("#")[0]
            if not url or url == own or is_file(url):
                continue
            node = self._node(element)
            is_labelled = _RELS.intersection((element.get("rel") or "")[:60].split())
            zone = Zone.FURNITURE if is_labelled else node.zone
            text = headline(element)[:_TEXT_CHARS]
            yield Link(element, url, text, words_in(text), node.path, zone, place)

    def _node(self, element: html.HtmlElement) -> _Node:
        """What is known of an element; of those above it too, from the root down."""
        unknown = []
        while element not in self._nodes:
            unknown.append(element)
            up = element.getparent()
            if up is None:
                break
            element = up
        for element in reversed(unknown):
            self._nodes[element] = self._described(element)
        return self._nodes[unknown[0] if unknown else element]

    def _described(self, element: html.HtmlElement) -> _Node:
        up = element.getparent()
        above = self._nodes[up] if up is not None else _Node(0, None, False, Zone.MAIN)
        names = tuple(sorted({base_of(name) for name in names_of(element)}))
        key = (above.path, f"{tag_of(element)}#{id_of(element)}{_column(element)}", names)
        zone = above.zone
        if zone < Zone.FURNITURE:
            own = own_zone(element, is_in_block=above.is_in_block)
            if own > zone and not is_page_itself(element, self._chars):
                zone = own
        return _Node(
            path=self._paths.setdefault(key, len(self._paths) + 1),
            up=up,
            is_in_block=above.is_in_block or holds_blocks(element),
            zone=zone,
        )


def _column(element: html.HtmlElement) -> str:
    """The place of a cell in its row: cells of one column are of one template."""
    if element.tag != "td":
        return ""
    return str(len(list(islice(element.itersiblings("td", preceding=True), _COLUMNS))))


def groups_of(links: Sequence[Link]) -> list[Group]:
    """Links by their template, with the block of each."""
    by_path: dict[int, list[Link]] = {}
    for link in links:
        by_path.setdefault(link.path, []).append(link)
    stories = {link.element: link.url for link in links if link.words > 2}
    groups = []
    for found in by_path.values():
        members = _each_once(found)
        if len(members) > 1:
            groups.append(Group(links=members, items=blocks_of(members)))
        elif members[0].words > 2:
            block = _lone_block(members[0], stories)
            groups.append(Group(links=members, items=[block]))
    return groups


def _each_once(links: Sequence[Link]) -> list[Link]:
    """Of links to one address that with the headline, not the picture's."""
    best: dict[str, Link] = {}
    for link in links:
        kept = best.setdefault(link.url, link)
        if link.words > kept.words:
            best[link.url] = link
    return sorted(best.values(), key=lambda link: link.place)


def urls_of(group: Group) -> set[str]:
    """The addresses of a group."""
    return {link.url for link in group.links}


def blocks_of(links: Sequence[Link]) -> list[html.HtmlElement]:
    """
    For each link the largest block that tells its story alone, all as far above their links.

    As far up as nearly every address keeps a block of its own: in a list by days, where most
    days have one story, the block is still the story, not the day.
    """
    owners: dict[html.HtmlElement, str | None] = {}
    for link in links:
        for element in (link.element, *link.element.iterancestors()):
            owner = owners.get(element, "")
            if owner is None:
                break
            owners[element] = link.url if owner in {"", link.url} else None
    heights = [_height(link.element, owners) for link in links]
    allowed = len({link.url for link in links}) // 20
    height = sorted(heights)[min(allowed, len(heights) - 1)]
    return [
        _lifted(link.element, min(height, own)) for link, own in zip(links, heights, strict=True)
    ]


def _lone_block(link: Link, stories: Mapping[html.HtmlElement, str]) -> html.HtmlElement:
    """The block of a link that has no siblings: up to where other stories begin."""
    block = link.element
    for above in islice(link.element.iterancestors(), _LONE_LEVELS):
        within = islice(above.iter("a"), _LONE_LINKS)
        if above.tag in {"body", "html", "main"} or any(
            stories.get(other, link.url) != link.url for other in within
        ):
            break
        block = above
    return block


def _height(element: html.HtmlElement, owners: dict[html.HtmlElement, str | None]) -> int:
    """How many levels up a link is still alone with its address."""
    height = 0
    for above in element.iterancestors():
        if owners[above] is None or above.tag in {"body", "html"}:
            break
        height += 1
    return height


def _lifted(element: html.HtmlElement, levels: int) -> html.HtmlElement:
    for above in islice(element.iterancestors(), levels):
        element = above
    return element


def median_words(group: Group) -> float:
    """Words of the headline in the middle."""
    return statistics.median(link.words for link in group.links)
