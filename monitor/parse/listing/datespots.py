"""
Where a block of a listing says when its story was published.

A spot is an element whose words are a date and little else, or that carries one for machines.
Only what `monitor.dates` can read counts, and a month with a number in a headline does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from lxml import html

from monitor.calendar_words import AGO, DAYS_BACK, MONTHS
from monitor.dates import TOLERANCE, parse_date

#: Attributes that carry a date for machines; `title` often the full one of "3 hours ago".
STAMPS = (
    "datetime", "content", "data-date", "data-datetime", "data-time", "data-timestamp",
    "data-published", "data-pubdate", "data-publish-date", "data-utime", "title",
)  # fmt: skip
#: A text longer than this is no date with its surroundings.
SPOT_CHARS = 90
#: Elements of one block that are looked at.
_ELEMENTS = 80
#: Parts that a date may be written in: day, month and year each in an element.
_CHILDREN = 6
#: The least share of a text that a date must be, unless the text begins with it.
_SHARE = 0.3
#: Letters that may stand behind a date in a line of its own: "20.11.2026 г."
_AFTER_DATE = 4
#: The same of words like "today", which headlines have too.
_SHARE_OF_WORDS = 0.5

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_CLOCK = (
    r"(?:[\s,|·•/–—-]{0,4}(?:at |в |um |alle |às |a las )?"
    r"(?:上午|下午|오전|오후|午前|午後)?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:GMT|UTC|MSK|[A-Z]{2,4})?(?:[+-]\d{1,2}(?::?\d{2})?)?)?)?"
)
_WITH_YEAR = (
    r"(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}\S{0,14}"
    r"|(?<![\d.])\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}(?!\d)\s?[日일]?"
    r"|(?<![\d.])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d.])"
    rf"|(?<!\w)\d{{1,2}}(?:st|nd|rd|th|º|er)?[.,\s-]{{1,2}}(?:de |of )?(?:{_MONTH})(?!\w)[.,]?"
    r"(?:[\s,-]{1,2}(?:de )?(?:19|20)\d{2}(?!\d))?"
    rf"|(?<!\w)(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?!\d|:\d)(?:,?\s(?:19|20)\d{{2}}(?!\d))?"
    rf"|(?<!\d)(?:19|20)\d{{2}}\s(?:жылғы |ж\. |оны )?\d{{0,2}}\s?(?:{_MONTH})(?!\w)"
    r"(?:\s\d{1,2})?"
    r"|(?<!\d)\d{1,2}\s*tháng\s*\d{1,2}\D{0,8}\d{4}"
)
_SPAN = re.compile(rf"(?:{_WITH_YEAR}){_CLOCK}", re.IGNORECASE)
_RELATIVE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, DAYS_BACK), key=len, reverse=True))}){_CLOCK}"
    r"(?!\w)",
    re.IGNORECASE,
)
#: Month and day alone, as whole texts: 11-20, [11/20], 20.11, 11月20日.
_MONTH_DAY = re.compile(
    r"[\[(（【]?\s?(?:(\d{2})([-/.])(\d{2})|(\d{1,2})[月월]\s?(\d{1,2})[日일])\s?[\])）】]?"
)
#: A day over its month, as calendar leaves show it: 20 2026-11.
_LEAF = re.compile(r"(\d{1,2})\s(\d{4})[-/.年]\s?(\d{1,2})月?")
#: What every date has: a figure, or a word for a day.
_HINT = re.compile(r"\d|" + "|".join(map(re.escape, DAYS_BACK)), re.IGNORECASE)


class Spot(NamedTuple):
    """A place where a date stands."""

    element: html.HtmlElement
    #: It is in the element's own text, beside other elements.
    is_own_text: bool
    when: datetime
    #: As it is written.
    raw: str


def date_in(text: str, now: datetime, language: str = "") -> tuple[str, datetime] | None:
    """The date that a short text is, or begins with: as written, and what it means."""
    text = " ".join(text.split())
    if not text or len(text) > 4 * SPOT_CHARS or not _HINT.search(text):
        return None
    if found := _short(text, now, language):
        return text, found
    match, share = _SPAN.search(text[: 2 * SPOT_CHARS]), _SHARE
    if not match:
        match, share = _RELATIVE.search(text[:SPOT_CHARS]), _SHARE_OF_WORDS
    if match:
        is_mostly = len(text) <= SPOT_CHARS and len(match[0]) >= share * len(text)
        begins = match.start() <= 3 and any(mark.isdigit() for mark in match[0][-4:])
        when = parse_date(match[0], now=now, language=language) if is_mostly or begins else None
        return (match[0].strip(), when) if when else None
    if len(text) <= 40 and any(pattern.search(text.lower()) for pattern, _ in AGO):
        when = parse_date(text, now=now, language=language)
        return (text, when) if when else None
    return None


def is_date_line(text: str) -> bool:
    """Whether a line begins with a date and has nothing else: `20.11.2026 -`."""
    text = " ".join(text.split())
    match = _SPAN.match(text) if len(text) <= SPOT_CHARS else None
    return match is not None and sum(map(str.isalpha, text[match.end() :])) <= _AFTER_DATE


def stamp_of(element: html.HtmlElement, now: datetime, language: str = "") -> datetime | None:
    """The date that an element carries for machines."""
    for name in STAMPS:
        value = (element.get(name) or "").strip()
        if 5 < len(value) < 60 and any(mark.isdigit() for mark in value):
            when = parse_date(value, now=now, language=language)
            if when and (name != "title" or date_in(value, now, language)):
                return when
    return None


def spots(block: html.HtmlElement, now: datetime, language: str = "") -> Iterator[Spot]:
    """Where dates stand in a block, in its order, the innermost element of each."""
    done: set[html.HtmlElement] = set()
    for element in _inside_first(block):
        if element in done:
            continue
        spot = _spot(element, now, language)
        if spot:
            done.update(element.iterancestors())
            yield spot


def _inside_first(block: html.HtmlElement) -> list[html.HtmlElement]:
    """Elements of a block, each after those within it."""
    found = list(islice(block.iter("*"), _ELEMENTS))
    return found[::-1]


def _spot(element: html.HtmlElement, now: datetime, language: str) -> Spot | None:
    stamp = stamp_of(element, now, language) if element.tag not in {"a", "img"} else None
    if stamp:
        return Spot(element, False, stamp, " ".join(element.itertext()).strip()[:SPOT_CHARS])
    for text in (element.text, *(child.tail for child in element)):
        if text and len(text) < 4 * SPOT_CHARS and (found := date_in(text, now, language)):
            return Spot(element, len(element) > 0, found[1], found[0])
    if 0 < len(element) <= _CHILDREN and not _is_shell(element):
        whole = " ".join(islice(element.itertext(), 3 * _CHILDREN))
        if len(whole) <= SPOT_CHARS and (found := date_in(whole, now, language)):
            return Spot(element, False, found[1], found[0])
    return None


def _is_shell(element: html.HtmlElement) -> bool:
    """Whether an element only wraps another, and so has no other words."""
    return len(element) == 1 and not ((element.text or "") + (element[0].tail or "")).strip()


def _short(text: str, now: datetime, language: str) -> datetime | None:
    """A date without its year, or with its day over the rest."""
    if leaf := _LEAF.fullmatch(text):
        return _day(int(leaf[2]), int(leaf[3]), int(leaf[1]), now)
    match = _MONTH_DAY.fullmatch(text)
    if not match:
        return None
    first, second = int(match[1] or match[4]), int(match[3] or match[5])
    is_han = language.partition("-")[0] in {"zh", "ja", "ko"}
    if match[2] == "/" and not is_han:
        return None
    if match[2] == "." and not is_han:
        first, second = second, first
    return _day(now.year, first, second, now) or _day(now.year - 1, first, second, now)


def _day(year: int, month: int, day: int, now: datetime) -> datetime | None:
    try:
        found = datetime(year, month, day, tzinfo=now.tzinfo)
    except ValueError:
        return None
    return found if found <= now + TOLERANCE else None
