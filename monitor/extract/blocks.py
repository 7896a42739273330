"""A page's words in blocks, as a browser parts them: links, fine print, prose and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from monitor.extract.script import matter

#: A shorter block is no prose (`matter`); a long one is more than a plea or a notice.
LEAST_PROSE = 40
LONG_PROSE = 150

#: A block is a link, or fine print, when that share of its characters is.
MOSTLY = 0.8

_CLOSING = r"\"'»”’“)\]）」』"
_SENTENCE_END = re.compile(rf"[.!?…。！？｡।۔؟][{_CLOSING}\s]*$")
_WITHIN = re.compile(rf"[。！？｡]|[.!?…।۔؟][{_CLOSING}]*(?:\s|$)")
_PARTING = (
    "address article aside blockquote body br button caption center dd details div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main "
    "nav ol option p pre section select summary table tbody td tfoot th thead tr ul"
)
#: Elements that part the words before and behind them.
BREAKS = frozenset(_PARTING.split())


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


def blocks_of(body: html.HtmlElement) -> Iterator[Block]:
    """The words of an element, parted where a browser parts them."""
    homes = [body]
    block = _Open()
    links = fine = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_start = event == "start"
        if element.tag in BREAKS:
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


def squeezed(text: str) -> str:
    """Letters and digits alone, so that readings may differ in spaces and signs."""
    return re.sub(r"[\W_]+", "", text).casefold()
