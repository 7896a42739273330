"""
The headline of a page: what the page says, without the name of the outlet around it.

The outlet is known by its site's name, by its host, or because the page shows the headline
in a block of its own and never with that piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from monitor.extract.blocks import blocks_of, squeezed
from monitor.extract.jsonld import flat
from monitor.urls import host

#: What parts a headline from the outlet, before it and behind it.
_BEFORE = re.compile(r"\s+[|–—·»«-]\s+|\s*:{1,2}\s+")
_BEHIND = re.compile(r"\s+(?:[|–—·»«-]|:{1,2})\s+")
#: A shorter heading ("News") is no title although the title contains it (characters).
_LEAST_HEADING = 10
_LEAST_NAME = 3


def headline(page: html.HtmlElement, said: str, *, site: str, url: str) -> str:
    """
    What was said for machines, else the only heading, else the title without the outlet.

    Args:
        page: the tree.
        said: by Open Graph or JSON-LD, or ''.
        site: the outlet's name, or ''.
        url: final address, whose host may spell the outlet.
    """
    headings = [flat(str(heading.text_content())) for heading in page.iter("h1")]
    headings = [heading for heading in headings if heading]
    if not said and len(headings) == 1:
        return headings[0]
    titles = [flat(str(title.text_content())) for title in page.iter("title")]
    shown = said or (titles[0] if titles else "")
    # A heading that the title contains is the title without its decoration.
    inside = (one for one in headings if len(one) > _LEAST_HEADING and one in shown)
    bare = _bare(page, shown, site, url)
    return next(inside, bare or (headings[0] if headings else ""))


def _bare(page: html.HtmlElement, title: str, site: str, url: str) -> str:
    """The title without the outlet's name before or behind it."""
    parted = [(rest, piece) for rest, piece in _parted(title) if squeezed(rest)]
    named = [rest for rest, piece in parted if _is_outlet(piece, site, url)]
    if named or not parted:
        return next(iter(named), title)
    body = page.find(".//body")
    shown = set() if body is None else {squeezed(block.text) for block in blocks_of(body)}
    if squeezed(title) in shown:
        return title
    alone = (rest for rest, piece in parted if {squeezed(rest), squeezed(piece)} <= shown)
    return max(alone, key=len, default=title)


def _parted(title: str) -> Iterator[tuple[str, str]]:
    """The title without its last and without its first piece, and that piece."""
    if behind := list(_BEHIND.finditer(title)):
        yield title[: behind[-1].start()], title[behind[-1].end() :]
    if before := _BEFORE.search(title):
        yield title[before.end() :], title[: before.start()]


def _is_outlet(piece: str, site: str, url: str) -> bool:
    name = squeezed(piece)
    start = squeezed(host(url).removeprefix("www.").partition(".")[0])
    return bool(name) and (name == squeezed(site) or (len(name) >= _LEAST_NAME and name in start))
