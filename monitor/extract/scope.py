"""
Where on a page the article stands, told by its prose; what stands elsewhere is furniture.

Prose is a block of some length that is not a link and ends as sentences end. The scope is the
deepest element with most of the page's prose; it grows while that adds long paragraphs, for
an article may be parted. Menus, tapes of prices, pleas and related links stand outside of it
or are links. A list inside of it is the author's, however short its lines.

The idea is Readability's (Arc90, 2009): paragraphs vote for the element that holds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import html

from monitor.extract.blocks import LONG_PROSE, Block, blocks_of, squeezed
from monitor.extract.script import matter

#: The scope grows when that adds long prose, as a share of what it has.
GROWTH = 0.03

#: Less prose than this tells nothing of where the article stands (`matter`).
LEAST_VOTES = 150

#: A line before the text is a date or a tape when one character of so many is a digit.
MUCH_FIGURES = 3

_APART = frozenset(("nav", "footer", "aside", "button", "select"))
#: What is a part of something; an article is more than that.
_PARTS = frozenset(
    [f"h{level}" for level in range(1, 7)]
    + ["p", "li", "blockquote", "pre", "dd", "dt", "ul", "ol", "dl", "table", "tbody", "tr"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the article's element holds, and what stands around it."""

    #: The article's own words, a line for each block: without links and fine print, and
    #: prose alone where the article is not parted from the rest of the page.
    words: str = ""
    #: Whether all of the page is the article's element.
    is_whole: bool = False
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
        prose = [at for at, line in enumerate(lines) if squeezed(line) in self.sentences]
        if not prose:
            return "\n".join(lines)
        first, behind = prose[0], prose[-1] + 1
        above = squeezed(decoration)
        head = [line for line in lines[:first] if not self._is_above(squeezed(line), above)]
        tail = [line for line in lines[behind:] if squeezed(line) not in self.links]
        return "\n".join([*head, *lines[first:behind], *tail])

    def _is_above(self, name: str, decoration: str) -> bool:
        """Whether a line before the text is a menu, a date, a tape or the title again."""
        digits = sum(map(str.isdecimal, name))
        is_figures = MUCH_FIGURES * digits >= len(name) if self.is_whole else name.isdecimal()
        return is_figures or name in self.links or name in decoration

    def _is_furniture(self, line: str) -> bool:
        flat = squeezed(line)
        return not flat or (flat in self.outside and flat not in self.inside)


def scope_of(page: html.HtmlElement) -> Scope:
    """Find the article on a page; an empty scope, which clears nothing, where there is no prose."""
    body = page.find(".//body")
    blocks = [] if body is None else list(blocks_of(body))
    votes = _votes(page, blocks)
    prose = "\n".join(vote.text for vote in votes)
    if body is None or matter(prose) < LEAST_VOTES:
        return Scope(words=prose)
    found = _widest(body, _deepest(body, votes), votes)
    if _is_denied(page, found):
        return Scope(words=prose)
    held = set(found.iter())
    inside = [block for block in blocks if block.home in held]
    own = [block for block in inside if not block.is_link and not block.is_fine]
    spoken = [block.text for block in own if block.is_prose]
    return Scope(
        words="\n".join(spoken if found is body else (block.text for block in own)),
        is_whole=found is body,
        sentences=frozenset(map(squeezed, spoken)),
        inside=_names(own),
        outside=_names(block for block in blocks if block.home not in held or block.is_fine),
        links=_names(block for block in blocks if block.is_link),
    )


def _votes(page: html.HtmlElement, blocks: list[Block]) -> list[Block]:
    """The prose that the markup does not set beside the matter."""
    apart: set[html.HtmlElement] = set()
    for element in page.iter(*_APART):
        if element not in apart:
            apart.update(element.iter())
    return [block for block in blocks if block.is_prose and block.home not in apart]


def _names(blocks: Iterable[Block]) -> frozenset[str]:
    return frozenset(
        name for block in blocks for name in (squeezed(block.text), *block.pieces) if name
    )


def _deepest(body: html.HtmlElement, votes: list[Block]) -> html.HtmlElement:
    """The deepest element with more than half of the prose; no paragraph of its own."""
    weights = _weights(body, votes)
    half = weights[body] / 2
    found = body
    while heavy := [child for child in found if weights.get(child, 0) > half]:
        found = heavy[0]
    is_lone = [vote.home for vote in votes].count(found) == 1
    while found is not body and (is_lone or found.tag in _PARTS):
        parent = found.getparent()
        found = body if parent is None else parent
        is_lone = False
    return found


def _widest(
    body: html.HtmlElement, found: html.HtmlElement, votes: list[Block]
) -> html.HtmlElement:
    """The element, or the outermost one around it that adds long prose."""
    weights = _weights(body, votes)
    long = _weights(body, [vote for vote in votes if matter(vote.text) >= LONG_PROSE])
    widest = found
    for outer in found.iterancestors():
        gain = long.get(outer, 0) - long.get(widest, 0)
        if gain > GROWTH * weights[widest]:
            widest = outer
    return widest


def _is_denied(page: html.HtmlElement, found: html.HtmlElement) -> bool:
    """Whether the markup has an article, and it is elsewhere: perhaps a list without prose."""
    near = {found, *found.iterancestors(), *found.iterdescendants()}
    named = list(page.iter("article", "main"))
    return bool(named) and near.isdisjoint(named)


def _weights(body: html.HtmlElement, votes: list[Block]) -> dict[html.HtmlElement, int]:
    """Characters of prose in each element that has any; from the leaves up, in linear time."""
    found: dict[html.HtmlElement, int] = {body: 0}
    for vote in votes:
        found[vote.home] = found.get(vote.home, 0) + matter(vote.text)
    for element in reversed(list(body.iterdescendants())):
        parent = element.getparent()
        if parent is not None and element in found:
            found[parent] = found.get(parent, 0) + found[element]
    return found
