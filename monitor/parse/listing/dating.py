"""
How the blocks of a list tell their dates: the selector that finds most of them.

First within the blocks; then beside them, as in tables and definition lists; then in headings
above several of them, as where stories stand under their day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import html

from monitor.calendar_words import MONTHS
from monitor.parse.listing.classnames import names_of, tag_of
from monitor.parse.listing.datespots import SPOT_CHARS, Spot, date_in, spots
from monitor.parse.listing.listed import Sheet, date_of, words_of_element
from monitor.parse.listing.selecting import step

#: Blocks that are read; candidates that are tried; spots of a block; neighbours looked at.
_SAMPLE, _TRIES, _SPOTS, _NEIGHBOURS, _HEADINGS = 40, 10, 4, 3, 30
#: With fewer dates within the blocks, those around them are tried.
_FEW = 0.5
#: Headings that several blocks share stand so many levels up at most.
_LEVELS = 3
#: Elements of a block that are looked at for the day; what is a day, and a month with its year.
_PARTS = 20
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?")
_MONTHS = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_MONTH = re.compile(rf"^(?:{_MONTHS})[.,]?\s(?:de )?\d{{4}}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dating:
    """The selector of a list's dates, and the share of blocks in which it finds one."""

    selector: str
    share: float


#: Of a list without dates, or whose dates were not looked for.
NO_DATES = Dating("", 0.0)


def dating_of(sheet: Sheet, blocks: Sequence[html.HtmlElement]) -> Dating:
    """The selector, within a block, that finds the most dates; '' and 0 when none does."""
    sample = blocks[:_SAMPLE]
    votes: Counter[str] = Counter()
    for block in sample:
        found = islice(spots(block, sheet.now, sheet.language), _SPOTS)
        votes.update(list(dict.fromkeys(name for spot in found for name in _names(block, spot))))
    best = _best(sheet, sample, [name for name, _ in votes.most_common(_TRIES)])
    if best.share >= _FEW:
        return best
    around = dict.fromkeys(
        (*_beside(sheet, sample), *_above(sheet, sample), *_days_of_months(sample))
    )
    return max(best, _best(sheet, sample, list(around)[: 2 * _TRIES]), key=lambda one: one.share)


def _best(sheet: Sheet, sample: Sequence[html.HtmlElement], selectors: Sequence[str]) -> Dating:
    """The selector with the most dates; of equals that which finds them first, then the first."""
    best, best_fit = "", (0, 0)
    for selector in selectors:
        fit = (
            sum(date_of(sheet, block, selector)[1] is not None for block in sample),
            sum(date_of(sheet, block, selector, tries=1)[1] is not None for block in sample),
        )
        if fit > best_fit:
            best, best_fit = selector, fit
        if fit[1] == len(sample):
            break
    return Dating(best, best_fit[0] / len(sample))


def _names(block: html.HtmlElement, spot: Spot) -> Iterator[str]:
    """Selectors for a spot, the likeliest to last first."""
    if spot.element is block:
        yield "./text()"
        return
    tail = "::text" if spot.is_own_text else ""
    if tag_of(spot.element) == "time":
        yield f"time{tail}"
    yield from (f"{name}{tail}" for name in step(spot.element))
    above = spot.element.getparent()
    if above is not None and above is not block:
        yield from (f"{name} {tag_of(spot.element)}{tail}" for name in step(above))
    yield f"{tag_of(spot.element)}{tail}"


def _beside(sheet: Sheet, sample: Sequence[html.HtmlElement]) -> Iterator[str]:
    """Selectors of what stands between a block and the next."""
    blocks = set(sample)
    for block in sample[:6]:
        for axis, is_before in (("following", False), ("preceding", True)):
            yield f"./{axis}-sibling::text()[1]"
            for other in islice(block.itersiblings(preceding=is_before), _NEIGHBOURS):
                if other in blocks:
                    break
                text = words_of_element(other) if tag_of(other) else ""
                if date_in(text, sheet.now, sheet.language):
                    yield f"./{axis}-sibling::{tag_of(other)}[1]"


def _above(sheet: Sheet, sample: Sequence[html.HtmlElement]) -> Iterator[str]:
    """Selectors of headings that are dates, before a block or what holds it."""
    blocks = set(sample)
    for block in (*sample[:3], *sample[-2:]):
        for other, up in _before(block):
            if other not in blocks and _is_heading(sheet, other):
                before = f"{up}preceding-sibling::{tag_of(other)}"
                for name in names_of(other)[:1]:
                    yield f'{before}[contains(@class, "{name.removesuffix("*")}")][1]'
                yield f"{before}[1]"


def _before(block: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """What stands before a block and before what holds it, with the way up to it."""
    at, up = block, "./"
    for _ in range(_LEVELS):
        kinds: set[str] = set()
        for other in islice(at.itersiblings(preceding=True), _HEADINGS):
            # Of one kind the nearest is meant.
            if tag_of(other) and tag_of(other) not in kinds:
                kinds.add(tag_of(other))
                yield other, up
        above = at.getparent()
        if above is None:
            return
        at, up = above, f"{up}../"


def _days_of_months(sample: Sequence[html.HtmlElement]) -> Iterator[str]:
    """Selectors that put a day within a block and the month in a heading above together."""
    for block in (*sample[:3], *sample[-2:]):
        day = next(filter(_is_day, islice(block.iter("*"), 1, _PARTS)), None)
        if day is None:
            continue
        name = next((name for name in names_of(day) if not name.endswith("*")), "")
        within = f".//{tag_of(day)}" + (f'[contains(@class, "{name}")]' if name else "")
        for other, up in _before(block):
            if _MONTH.search(words_of_element(other)[:SPOT_CHARS]):
                yield f'(concat({within}, " ", {up}preceding-sibling::{tag_of(other)}[1]))'


def _is_day(element: html.HtmlElement) -> bool:
    """Whether an element is the number of a day and nothing else."""
    text = words_of_element(element) if tag_of(element) and len(element) < 2 else ""
    return _DAY.fullmatch(text) is not None


def _is_heading(sheet: Sheet, element: html.HtmlElement) -> bool:
    """Whether an element is a date and little else."""
    if not tag_of(element) or len(element) > 4:
        return False
    text = words_of_element(element)
    found = date_in(text, sheet.now, sheet.language) if len(text) <= SPOT_CHARS else None
    return found is not None and 2 * len(found[0]) >= len(text)
