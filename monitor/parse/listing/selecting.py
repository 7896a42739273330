"""
Selectors for blocks that were found, short and likely to last.

A candidate is kept when it finds the blocks and no other that can be read as a story. Names
that say what a block is come first, then its place under a named block, then its path; counted
positions only when nothing else parts it from its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice

from lxml import html

from monitor.errors import Permanent
from monitor.parse.listing.classnames import HEADINGS, id_of, names_of, tag_of
from monitor.parse.listing.listed import ITEM_LIMIT, select

#: Candidates that are tried, blocks that a relative selector is tried on, levels looked up.
_TRIES, _SAMPLE, _LEVELS = 60, 120, 7
#: Share of the blocks that a selector must be right about to be taken at once.
_ENOUGH = 0.99
#: What finds so many times the blocks does not tell them from others.
_MANY = 10
_PLAIN_TAGS = frozenset({"div", "span", "a", "li", "p", "tr", "td", "ul", "b", "i", "font"})
#: Elements that say by their own name what is within them.
_CONTAINERS = frozenset({"main", "article", "section", "ul", "ol", "dl", "tbody", "table", "p"})


def item_selector(
    root: html.HtmlElement,
    items: Sequence[html.HtmlElement],
    is_story: Callable[[html.HtmlElement], bool],
) -> str:
    """
    The selector that finds `items` below `root`, and as little else as can be.

    Args:
        is_story: whether another block that it finds would be read as a story.
    """
    wanted = set(items)
    best, best_fit = "", -1.0
    for selector in islice(_unique(_item_candidates(items)), _TRIES):
        found = select(root, selector)
        if len(wanted) >= ITEM_LIMIT:
            # Of a page that long not all is known: what stands behind may well be right.
            found = found[: len(wanted)]
        right = sum(element in wanted for element in found)
        if right < 0.5 * len(wanted) or len(found) > _MANY * len(wanted) + 50:
            continue
        more = sum(is_story(element) for element in found if element not in wanted)
        fit = 2 * right / (len(wanted) + right + more)
        if fit > best_fit:
            best, best_fit = selector, fit
        if right >= _ENOUGH * len(wanted) and not more:
            break
    return best


def relative_selector(
    pairs: Sequence[tuple[html.HtmlElement, html.HtmlElement]], *, is_first: bool = True
) -> str:
    """
    The selector that finds in each block the element that belongs to it.

    Args:
        pairs: blocks with their elements; a block that is the element itself needs none.
        is_first: it must be the first that the selector finds.
    """
    sample = pairs[:_SAMPLE]
    if not sample or all(block is element for block, element in sample):
        return ""
    best, best_right = "", 0
    for selector in islice(_unique(_inner_candidates(sample)), _TRIES):
        right = sum(
            element in select(block, selector)[: 1 if is_first else 8] for block, element in sample
        )
        if right > best_right:
            best, best_right = selector, right
        if right >= _ENOUGH * len(sample):
            break
    return best


def step(element: html.HtmlElement) -> Iterator[str]:
    """Ways to name one element without its surroundings, the likeliest to last first."""
    tag = tag_of(element)
    for name in names_of(element):
        yield _named("", name)
    for name in names_of(element):
        yield _named(tag, name)


def _item_candidates(items: Sequence[html.HtmlElement]) -> Iterator[str]:
    """Selectors that may find all items."""
    tags = {tag_of(item) for item in items}
    tag = tags.pop() if len(tags) == 1 else "*"
    names = _common(items)
    for name in names:
        yield _named("", name)
    for name in names:
        yield _named(tag, name)
    for one, other in combinations(names[:4], 2):
        yield _named(_named(tag, one), other)
    if tag not in _PLAIN_TAGS and tag != "*":
        yield tag
    leaves = [*(_named(tag, name) for name in names[:3]), tag]
    yield from _under(items, leaves)


def _under(items: Sequence[html.HtmlElement], leaves: list[str]) -> Iterator[str]:
    """The leaves below what all items have above them, near names first, then by path."""
    path, levels = leaves[-1], [_parent(item) for item in items]
    for _ in range(_LEVELS):
        above = [element for element in dict.fromkeys(levels) if element is not None]
        if not above:
            return
        tags = {tag_of(element) for element in above}
        tag = tags.pop() if len(tags) == 1 else "*"
        marks = [_named("", name) for name in _common(above)]
        if len(above) == 1 and (own := id_of(above[0])):
            marks.insert(0, f"#{own}")
        for mark in marks:
            for leaf in leaves:
                yield f"{mark} > {leaf}" if path == leaves[-1] else f"{mark} {leaf}"
            yield f"{mark} > {path}"
        if tag in {"main", "article", "section", "table"}:
            yield f"{tag} {leaves[0]}"
        path = f"{tag} > {path}"
        if tag in _CONTAINERS or path.count(" > ") > 1:
            yield path
        if len(above) == 1:
            yield f"{_counted(above[0])} > {path.partition(' > ')[2]}"
        levels = [None if element is None else _parent(element) for element in levels]


def _counted(element: html.HtmlElement) -> str:
    """An element by its place among those of its kind."""
    return f"{tag_of(element)}:nth-of-type({_place(element)})"


def _place(element: html.HtmlElement) -> int:
    before = element.itersiblings(tag_of(element), preceding=True)
    return 1 + len(list(before))


def _inner_candidates(
    pairs: Sequence[tuple[html.HtmlElement, html.HtmlElement]],
) -> Iterator[str]:
    """Selectors that may find the elements within their blocks."""
    for block, element in pairs[:3]:
        tag = tag_of(element)
        if tag not in _PLAIN_TAGS:
            yield tag
        for name in names_of(element):
            yield _named("" if tag != "a" else tag, name)
        above = _parent(element) if element is not block else None
        while above is not None and above is not block:
            if above.tag in HEADINGS:
                yield f"{tag_of(above)} {tag}"
            for name in reversed(names_of(above)):
                yield f"{_named('', name)} {tag}"
            above = _parent(above)
        yield tag
        for name in names_of(element):
            yield _named(tag, name)
        yield from _paths(block, element)


def _paths(block: html.HtmlElement, element: html.HtmlElement) -> Iterator[str]:
    """The way down from a block: by elements, then with counted places."""
    tags: list[str] = []
    counted: list[str] = []
    while element is not block and len(tags) < 12:
        above = _parent(element)
        if above is None:
            return
        tags.insert(0, tag_of(element))
        counted.insert(0, f"{tag_of(element)}[{_place(element)}]")
        element = above
    yield f"./{'/'.join(tags)}"
    yield f"./{'/'.join(counted)}"


def _common(elements: Sequence[html.HtmlElement]) -> list[str]:
    """Lasting names that all the elements have."""
    shared = dict.fromkeys(names_of(elements[0]))
    for element in elements[1:]:
        own = set(names_of(element))
        shared = {name: None for name in shared if name in own}
        if not shared:
            break
    return list(shared)


def _named(tag: str, name: str) -> str:
    """A class as CSS; one that ends in a hash by its beginning."""
    return f'{tag}[class*="{name[:-1]}_"]' if name.endswith("*") else f"{tag}.{name}"


def _parent(element: html.HtmlElement) -> html.HtmlElement | None:
    return element.getparent()


def _unique(selectors: Iterator[str]) -> Iterator[str]:
    """Each selector once, those that can be read."""
    seen: set[str] = set()
    for selector in selectors:
        if selector in seen or not selector:
            continue
        seen.add(selector)
        try:
            select(html.Element("a"), selector)
        except Permanent:
            continue
        yield selector
