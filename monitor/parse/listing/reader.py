"""
Pages that list stories without a feed, read by selectors or by the list that is found on them.

With the option `item` the page is read by the selectors of the source. Without, the list is
found (`layouts`) and remembered, so that it stays the same from poll to poll; it
is sought anew only when it fails. Either way the figures are held against those of earlier
polls: a layout that changed is an alarm, not silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse.listing.layouts import (
    LEAST_SCORE,
    Layout,
    chosen,
    headlines_of,
    layouts_of,
    propose,
    without_odd,
)
from monitor.parse.listing.listed import (
    ITEM_LIMIT,
    MIN_WORDS,
    SELECTORS,
    Sheet,
    read,
    sheet_of,
    stories_of,
)
from monitor.parse.listing.usual import Figures, Usual, usual_of
from monitor.parse.sitemap.addresses import is_asked_for
from monitor.parse.sniffing import refuse_binary
from monitor.urls import canonical_key

__all__ = ["Layout", "parse_listing", "propose"]

#: The key of what a listing remembers.
_KEY = "listing"
#: Layouts that are remembered, and characters of a selector.
_LAYOUTS, _CHARS = 12, 1000

#: A page with fewer headlines lists nothing.
_LEAST_HEADLINES = 2

Options = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What was read of a page, and how."""

    entries: tuple[Entry, ...]
    #: Selectors of the lists that were found; empty when the source has its own.
    layouts: tuple[Options, ...] = ()
    problems: tuple[str, ...] = ()
    alarm: str = ""

    @property
    def figures(self) -> Figures:
        """What is compared from poll to poll."""
        return Figures(len(self.entries), sum(one.published_at is not None for one in self.entries))


def parse_listing(
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    memory: Mapping[str, Any] = MappingProxyType({}),
) -> Document:
    """
    The stories that a page lists, in its order, each address once.

    Args:
        body: HTML as it came.
        url: final address, for relative links (`base href` is honoured).
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: `item` (a block), and within it `link`, `title`, `date`, `summary`; `match`
            and `skip`, words that addresses must, or must not, hold.
        memory: what earlier polls left.

    Raises:
        Permanent: no HTML, a selector that is not valid or finds nothing, no list of stories.
    """
    refuse_binary(body, url)
    sheet = sheet_of(decoded(body, content_type), url, now)
    selectors = {name: options[name] for name in SELECTORS if options.get(name)}
    known = _known(memory, selectors)
    usual = usual_of(known)
    reading = (
        _selected(sheet, selectors, usual)
        if "item" in selectors
        else _found(sheet, selectors, usual, _layouts(known))
    )
    alarm = reading.alarm or usual.oddness(reading.figures)
    after = usual.after(reading.figures)
    is_new_usual = bool(alarm and not after.odd and not reading.alarm)
    problems = (*reading.problems, *((f"taken for usual now: {alarm}",) if is_new_usual else ()))
    entries = tuple(entry for entry in reading.entries if is_asked_for(entry.url, options))
    if not entries:
        problems += (f"match and skip leave none of {len(reading.entries)} items",)
    return Document(
        title=sheet.title,
        language=sheet.language,
        entries=entries,
        problems=problems,
        alarm="" if is_new_usual else alarm,
        memory={
            _KEY: {
                "selectors": selectors,
                "layouts": [dict(layout) for layout in reading.layouts],
                **after.as_memory(),
            }
        },
    )


def _selected(sheet: Sheet, selectors: Options, usual: Usual) -> _Reading:
    """The stories that the selectors of the source find."""
    listed = read(sheet, selectors)
    if not listed.blocks:
        raise _nothing(f"the selector item={selectors['item']} finds nothing", usual, sheet.url)
    if not listed.stories:
        raise _nothing(
            f"the selector link={selectors.get('link', 'a')} finds no address in "
            f"{listed.blocks} items",
            usual,
            sheet.url,
        )
    return _Reading(entries=listed.entries, problems=_cut(listed.blocks))


def _found(
    sheet: Sheet, selectors: Options, usual: Usual, remembered: tuple[Options, ...]
) -> _Reading:
    """The stories of the lists that earlier polls found, or that are found now."""
    old = _read_all(sheet, remembered)
    if old.entries and not usual.oddness(old.figures):
        return old
    layouts = [{**one.options, **selectors} for one in chosen(layouts_of(sheet, least=LEAST_SCORE))]
    new = _read_all(sheet, layouts)
    if not remembered:
        return new if new.entries else _headlines(sheet)
    before = f"the list item={remembered[0].get('item', '')} finds {len(old.entries)} items"
    if new.entries and not usual.oddness(new.figures):
        said = f"{before}; found anew: item={layouts[0]['item']} finds {len(new.entries)}"
        return replace(new, problems=(*new.problems, said))
    if old.entries:
        return old
    if not new.entries:
        raise _nothing(before, usual, sheet.url)
    oddness = usual.oddness(new.figures)
    if len(usual.after(new.figures).odd) == 0:
        return new
    return replace(new, layouts=remembered, alarm=f"{before}, another list: {oddness}")


def _headlines(sheet: Sheet) -> _Reading:
    """Of a page without a list of stories, every link that may be a headline."""
    entries = tuple(entry for _, entry in stories_of(sheet, headlines_of(sheet), {}))
    if len(entries) < _LEAST_HEADLINES:
        raise Permanent(
            "no list of stories is found on this page.",
            subject=sheet.url,
            advice="Give the address of a page that lists news, or selectors: see "
            "`monitor sources preview ADDRESS`.",
        )
    said = f"no repeated blocks of stories: every link of {MIN_WORDS} words is taken for one"
    return _Reading(entries=entries, problems=(said,))


def _read_all(sheet: Sheet, layouts: Sequence[Options]) -> _Reading:
    """The stories of several lists, in the order of the page, each address once."""
    listed = [read(sheet, layout) for layout in layouts]
    stories = [story for one in listed for story in without_odd(one.stories)]
    if len(listed) > 1:
        blocks = {block for block, _ in stories}
        places = {part: at for at, part in enumerate(sheet.root.iter()) if part in blocks}
        stories.sort(key=lambda story: places.get(story[0], 0))
    kept: dict[str, Entry] = {}
    for _, entry in stories:
        first = kept.setdefault(canonical_key(entry.url), entry)
        if first.published_at is None and entry.published_at is not None:
            kept[canonical_key(entry.url)] = entry
    return _Reading(
        entries=tuple(kept.values()),
        layouts=tuple(layouts),
        problems=_cut(max((one.blocks for one in listed), default=0)),
    )


def _cut(blocks: int) -> tuple[str, ...]:
    beyond = blocks - ITEM_LIMIT
    return (f"{beyond} items beyond {ITEM_LIMIT} were left out",) if beyond > 0 else ()


def _nothing(what: str, usual: Usual, url: str) -> Permanent:
    """The error of a page on which nothing is found any more."""
    before = f" (usually {usual.items} items)" if usual.items else ""
    return Permanent(
        f"{what}{before}; the layout may have changed.",
        subject=url,
        advice="See what there is now: `monitor sources preview ID`.",
    )


def _known(memory: Mapping[str, Any], selectors: Options) -> Mapping[str, Any]:
    """What earlier polls left, if they read by the same selectors."""
    known = memory.get(_KEY)
    if not isinstance(known, Mapping) or known.get("selectors") != dict(selectors):
        return {}
    return known


def _layouts(known: Mapping[str, Any]) -> tuple[Options, ...]:
    """The lists that earlier polls found."""
    found = known.get("layouts")
    return tuple(
        {name: one[name] for name in SELECTORS if one.get(name)}
        for one in (found[:_LAYOUTS] if isinstance(found, list) else ())
        if isinstance(one, Mapping)
        and all(isinstance(one.get(name, ""), str) for name in SELECTORS)
    )
