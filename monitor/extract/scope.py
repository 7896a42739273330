"""
Where on a page the article stands, told by its prose; what stands elsewhere is furniture.

Prose is a block of some length that is not a link and ends as sentences end. The scope is the
deepest element with most of the page's prose; it grows while that adds long paragraphs, for
an article may be parted. Menus, tapes of prices, pleas and related links stand outside of it
or are links. A list inside of it is the author's, however short its lines.

The idea is Readability's (Arc90, 2009): paragraphs vote for the element that holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from monitor.extract.script import matter

#: A shorter block is no prose (`matter`); a long one is more than a plea or a notice.
LEAST_PROSE = 40
LONG_PROSE = 150

#: The scope grows when that adds long prose, as a share of what it has.
GROWTH = 0.03

#: A block is a link, or fine print, when that share of its characters is.
MOSTLY = 0.8

_CLOSING = r"\"'»”’“)\]）」』"
_SENTENCE_END = re.compile(rf"[.!?…。！？｡।۔؟][{_CLOSING}\s]*$")
_WITHIN = re.compile(rf"[。！？｡]|[.!?…।۔؟][{_CLOSING}]*(?:\s|$)")
_BREAKS = frozenset(
    "address article aside blockquote body br button caption center dd details div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main "
    "nav ol option p pre section select summary table tbody td tfoot th thead tr ul".split()
)
_APART = frozenset(("nav", "footer", "aside", "button", "select"))
#: What is a part of something; an article is more than that.
_PARTS = frozenset(
    "p li blockquote pre h1 h2 h3 h4 h5 h6 dd dt ul ol dl table tbody tr figure".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Words that no layout parts."""

    text: str
    #: Letters and digits, and how many of them are in links, in fine print.
    size: int
    linked: int
    fine: int
    #: The innermost element that forms it.
    home: html.HtmlElement
    #: The text nodes, squeezed.
    pieces: tuple[str, ...]

    @property
    def is_link(self) -> bool:
        """Whether it is little else than links."""
        return self.linked >= MOSTLY * self.size

    @property
    def is_fine(self) -> bool:
        """Whether it is little else than fine print."""
        return self.fine >= MOSTLY * self.size

    @property
    def is_prose(self) -> bool:
        """Whether it is of some length and made of sentences."""
        length = matter(self.text)
        if length < LEAST_PROSE or self.is_fine or 2 * self.linked >= self.size:
            return False
        ends = _WITHIN if length >= LONG_PROSE else _SENTENCE_END
        return bool(ends.search(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the article's element holds, and what stands around it."""

    #: The prose of the article, a line for each block; '' when the page has none.
    prose: str = ""
    #: Squeezed blocks and pieces.
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    #: Squeezed prose.
    sentences: frozenset[str] = frozenset()
    #: Blocks and pieces of links.
    links: frozenset[str] = frozenset()

    def cleared(self, text: str, decoration: str) -> str:
        """
        The lines of a reading without furniture.

        Args:
            text: the reading.
            decoration: the page's own title, which the lines above the article repeat.
        """
        lines = [line for line in text.splitlines() if not self._is_furniture(line)]
        flat = [squeezed(line) for line in lines]
        prose = [at for at, line in enumerate(flat) if line in self.sentences]
        if not prose:
            return "\n".join(lines)
        first, last = prose[0], prose[-1]
        above = squeezed(decoration)
        head = [
            line
            for line, name in zip(lines[:first], flat, strict=False)
            if name not in self.links and name not in above and not name.isdecimal()
        ]
        tail = [line for line in lines[last + 1 :] if squeezed(line) not in self.links]
        return "\n".join([*head, *lines[first : last + 1], *tail])

    def _is_furniture(self, line: str) -> bool:
        flat = squeezed(line)
        if not flat:
            return bool(line.strip())
        return flat in self.outside and flat not in self.inside


def scope_of(page: html.HtmlElement) -> Scope:
    """Find the article on a page; an empty scope, which clears nothing, where there is no prose."""
    body = page.find(".//body")
    blocks = [] if body is None else list(_blocks(body))
    votes = [block for block in blocks if block.is_prose and not _is_apart(block.home)]
    if body is None or not votes:
        return Scope()
    held = set(_widest(_deepest(body, votes), votes).iter())
    inside = [block for block in blocks if block.home in held]
    return Scope(
        prose="\n".join(block.text for block in inside if block.is_prose),
        sentences=frozenset(squeezed(block.text) for block in inside if block.is_prose),
        inside=_names(block for block in inside if not block.is_link and not block.is_fine),
        outside=_names(block for block in blocks if block.home not in held or block.is_fine),
        links=_names(block for block in blocks if block.is_link),
    )


def squeezed(text: str) -> str:
    """Letters and digits alone, so that readings may differ in spaces and signs."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _names(blocks: Iterator[Block]) -> frozenset[str]:
    return frozenset(
        name for block in blocks for name in (squeezed(block.text), *block.pieces) if name
    )


def _blocks(body: html.HtmlElement) -> Iterator[Block]:
    """The page's words, parted where a browser parts them."""
    homes = [body]
    block = _Open()
    links = fine = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_start = event == "start"
        if element.tag in _BREAKS:
            yield from block.closed(homes[-1])
            block = _Open()
            homes = _homes(homes, element, is_start=is_start)
        step = 1 if is_start else -1
        links += step * (element.tag == "a")
        fine += step * _is_fine(element)
        block.add(element.text if is_start else element.tail, is_link=links > 0, is_fine=fine > 0)


@dataclass(slots=True)
class _Open:
    """A block to which words are still added."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    fine: int = 0

    def add(self, words: str | None, *, is_link: bool, is_fine: bool) -> None:
        if words:
            length = len(squeezed(words))
            self.pieces.append(words)
            self.linked += length * is_link
            self.fine += length * is_fine

    def closed(self, home: html.HtmlElement) -> Iterator[Block]:
        text = " ".join("".join(self.pieces).split())
        if text:
            pieces = tuple(map(squeezed, self.pieces))
            yield Block(
                text=text,
                size=len("".join(pieces)),
                linked=self.linked,
                fine=self.fine,
                home=home,
                pieces=pieces,
            )


def _homes(
    homes: list[html.HtmlElement], element: html.HtmlElement, *, is_start: bool
) -> list[html.HtmlElement]:
    if element.tag in ("br", "hr"):
        return homes
    return [*homes, element] if is_start else homes[:-1]


def _is_fine(element: html.HtmlElement) -> bool:
    """Whether it makes its words small."""
    return element.tag == "small" or (
        element.tag == "font" and (element.get("size") or "").strip() in ("1", "-2")
    )


def _is_apart(home: html.HtmlElement) -> bool:
    """Whether the markup says that it is beside the matter."""
    return home.tag in _APART or any(one.tag in _APART for one in home.iterancestors())


def _deepest(body: html.HtmlElement, votes: list[Block]) -> html.HtmlElement:
    """The deepest element with more than half of the prose; no paragraph of its own."""
    weights = _weights(votes)
    half = weights[body] / 2
    found = body
    while heavy := [child for child in found if weights.get(child, 0) > half]:
        found = heavy[0]
    if [vote.home for vote in votes].count(found) == 1:
        found = found.getparent()
    while found.tag in _PARTS:
        found = found.getparent()
    return found


def _widest(found: html.HtmlElement, votes: list[Block]) -> html.HtmlElement:
    """The element or the outermost one around it that adds long prose."""
    weights = _weights(votes)
    long = _weights([vote for vote in votes if matter(vote.text) >= LONG_PROSE])
    widest = found
    for outer in found.iterancestors():
        gain = long.get(outer, 0) - long.get(widest, 0)
        if outer in weights and gain > GROWTH * weights.get(widest, 0):
            widest = outer
    return widest


def _weights(votes: list[Block]) -> dict[html.HtmlElement, int]:
    """Characters of prose in each element that has any."""
    found: dict[html.HtmlElement, int] = {}
    for vote in votes:
        for element in (vote.home, *vote.home.iterancestors()):
            found[element] = found.get(element, 0) + matter(vote.text)
    return found
