"""
The stories of a listing, read by selectors.

Selectors are CSS (with `::text` and `::attr(name)`), or XPath when they begin with `/`, `./` or
`../`. What no selector names is looked for: the headline of a block is its link's, its date the
first that stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import parsel
from cssselect import SelectorError
from lxml import etree, html

from monitor.dates import parse_date
from monitor.errors import Permanent
from monitor.model import Entry
from monitor.parse import markup
from monitor.parse.content import addresses, language_tag, title_of, written
from monitor.parse.listing.classnames import HEADINGS, words_of
from monitor.parse.listing.datespots import date_in, spots, stamp_of
from monitor.urls import absolute, canonical_key

#: Fewer words are navigation, not a headline.
MIN_WORDS = 4
#: A listing longer than this is cut.
ITEM_LIMIT = 2000
#: The selectors that an item of a listing is read by.
SELECTORS = ("item", "link", "title", "date", "summary")

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XPATH_STARTS = ("/", "./", "(", "../")
_TITLE_NAMES = frozenset({"title", "headline", "heading", "caption", "name", "tit", "subject"})
#: Parts of a block that are looked at for its headline; texts of a link.
_PARTS, _TEXTS = 60, 60
#: How many of what a date's selector finds are tried.
_DATE_TRIES = 8
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}")
#: A language of which 04/11/2026 is in November.
_DAY_FIRST = "en-gb"
_CLOCK = re.compile(r"^\d{1,2}:\d{2}\s+(?=\S)")
_ELLIPSES = ("...", "…")
#: What a link to a file says of it behind the headline: format, pages, size.
_OF_FILE = (
    r"(?:pdf|docx?|xlsx?|pptx?|rtf|odt|zip"
    r"|\d{1,4}\s?(?:pages?|pp?\.?|стр\.?|seiten|páginas?|ページ|页|頁|쪽)"
    r"|\d{1,6}(?:[.,]\d{1,3})?\s?(?:[km]i?b|[km]o|bytes|[км]б|байт))"
)
_BETWEEN = r"[\s,;:：/|·•–-]{0,4}"
_FILE_NOTE = re.compile(
    rf"\s*[\[(（【]\s?{_OF_FILE}(?:{_BETWEEN}{_OF_FILE}){{0,2}}\s?[\])）】]$"
    rf"|\s+{_OF_FILE}(?:{_BETWEEN}(?<!\w){_OF_FILE}){{1,2}}$",
    re.IGNORECASE,
)
#: So many characters at the end of a headline may be such a note.
_NOTE_CHARS = 60
#: What stands around a date beside a headline.
_BRACKETS = " \t[]()（）【】|·•-–—:,/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page to read, and what its readers must know."""

    root: html.HtmlElement
    #: The address that links are relative to.
    base: str
    #: As asked for; what errors are about.
    url: str
    language: str
    now: datetime
    #: The language that dates are read by, when it is another.
    date_language: str = ""

    @property
    def title(self) -> str:
        """What the page calls itself."""
        titles = (markup.plain(title.text or "") for title in self.root.iter("title"))
        return " ".join(islice(titles, 3))[:500]


@dataclass(frozen=True, slots=True)
class Listed:
    """What selectors found on a page."""

    #: How many blocks, with or without a story.
    blocks: int
    #: Each story with the block that tells it, each address once.
    stories: tuple[tuple[Any, Entry], ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The stories alone."""
        return tuple(entry for _, entry in self.stories)


def sheet_of(text: str, url: str, now: datetime) -> Sheet:
    """
    The tree of a page.

    Raises:
        Permanent: it is no HTML.
    """
    try:
        root = html.document_fromstring(
            _UNFIT.sub("", text).encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8"),
        )
    except (etree.LxmlError, ValueError) as error:
        raise Permanent(f"not HTML: {error}", subject=url) from error
    base = next(
        filter(None, (absolute(url, found.get("href") or "") for found in root.iter("base"))), url
    )
    return Sheet(
        root=root, base=base, url=url, language=language_tag(root.get("lang") or ""), now=now
    )


def read(sheet: Sheet, options: Mapping[str, str]) -> Listed:
    """
    The stories of the blocks that `options` name.

    Raises:
        Permanent: a selector is not valid.
    """
    blocks = select(sheet.root, options.get("item", ""), sheet.url)
    stories = stories_of(sheet, blocks[:ITEM_LIMIT], options)
    if any(_is_day_first(entry.published_raw) for _, entry in stories):
        # 20/11/2026 tells that 04/11/2026 beside it is of November too.
        sheet = replace(sheet, date_language=_DAY_FIRST)
        stories = stories_of(sheet, blocks[:ITEM_LIMIT], options)
    return Listed(len(blocks), tuple(stories))


def stories_of(
    sheet: Sheet, blocks: Iterable[Any], options: Mapping[str, str]
) -> Sequence[tuple[Any, Entry]]:
    """The story of each block, each address once."""
    seen: dict[str, tuple[Any, Entry]] = {}
    for block in blocks:
        entry = _entry(sheet, block, options)
        if entry is not None:
            seen.setdefault(canonical_key(entry.url), (block, entry))
    return tuple(seen.values())


def select(node: html.HtmlElement, selector: str, url: str = "") -> list[Any]:
    """
    Elements or strings that `selector` finds below `node`.

    Raises:
        Permanent: it is not valid.
    """
    try:
        found = _compiled(selector)(node)
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise Permanent(
            f"the selector {selector!r} is not valid: {error}",
            subject=url,
            advice="Correct it in the options of the source.",
        ) from error
    return found if isinstance(found, list) else [str(found)]


@lru_cache(maxsize=512)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(
        selector if selector.startswith(_XPATH_STARTS) else parsel.css2xpath(selector)
    )


def words_in(text: str) -> int:
    """Words; two ideographs count as one."""
    return len(_HAN.sub(" ", text).split()) + len(_HAN.findall(text)) // 2


def headline(link: html.HtmlElement) -> str:
    """The headline that a link carries: its heading, else its words, else its label."""
    found = heading_in(link) if len(link) else None
    text = words_of_element(link if found is None else found)
    label = markup.collapsed((link.get("title") or "")[:1000])
    if not text:
        return label or markup.collapsed((link.get("aria-label") or "")[:1000])
    cut = next((text.removesuffix(mark) for mark in _ELLIPSES if text.endswith(mark)), None)
    is_whole = cut is not None and label.startswith(cut.strip()) and not label.endswith(_ELLIPSES)
    return label if is_whole else text


def heading_in(block: html.HtmlElement) -> html.HtmlElement | None:
    """The heading of a block: by its element, else by the name of its class."""
    named = None
    for part in islice(block.iter("*"), 1, _PARTS):
        if part.tag in HEADINGS and words_of_element(part):
            return part
        if named is None and _TITLE_NAMES.intersection(words_of((part.get("class") or "")[:100])):
            named = part if words_of_element(part) else None
    return named


def words_of_element(element: html.HtmlElement) -> str:
    """The beginning of an element's text, on one line; blocks within it stand apart."""
    pieces = islice(element.itertext("*", with_tail=True), _TEXTS)
    text = (" " if len(element) else "").join(pieces)
    return markup.collapsed(text[:4000])


def _entry(sheet: Sheet, block: Any, options: Mapping[str, str]) -> Entry | None:
    """The story of one block, or None when it has no address."""
    if isinstance(block, str):
        address = block.strip()
        block = html.Element("a")
        block.set("href", address)
    place = link_of(block, options.get("link", ""))
    address = absolute(sheet.base, place if isinstance(place, str) else place.get("href") or "")
    if not address:
        return None
    raw, when = date_of(sheet, block, options.get("date", ""))
    summary = _first(block, options.get("summary", ""))
    return Entry(
        url=address,
        title=_without_note(_without_date(_title(block, place, options.get("title", "")), raw)),
        summary=_plain(summary),
        published_at=when,
        published_raw=written(raw),
        language=sheet.language,
        links=addresses(_markup(summary), sheet.base),
    )


def link_of(block: html.HtmlElement, selector: str) -> Any:
    """What holds the address: an element with `href`, or the address itself."""
    if selector:
        found = _first(block, selector)
        if found is None or isinstance(found, str) or found.get("href"):
            return found if found is not None else ""
        block = found
    if block.get("href"):
        return block
    links = [link for link in islice(block.iter("a"), _PARTS) if link.get("href")]
    # A headline, else anything with words, else a picture. Elements are not truth values.
    ranked = sorted(links, key=lambda link: -min(words_in(headline(link)), MIN_WORDS))
    return ranked[0] if ranked else ""


def _title(block: html.HtmlElement, place: Any, selector: str) -> str:
    """The headline: what `selector` finds, else the link's words."""
    found = _first(block, selector)
    if found is not None:
        return title_of(_markup(found))
    if isinstance(place, str):
        heading = heading_in(block)
        return title_of(_markup(heading)) if heading is not None else place
    inside = heading_in(place) if len(place) else None
    title = title_of(_markup(place if inside is None else inside))
    if not title or title.endswith(_ELLIPSES):
        title = headline(place)
    if words_in(title) < MIN_WORDS:
        # "Read more": the headline stands elsewhere in the block.
        heading = heading_in(block)
        above = words_of_element(heading) if heading is not None else ""
        title = above if words_in(above) > words_in(title) else title
    return title


def date_of(
    sheet: Sheet, block: html.HtmlElement, selector: str, *, tries: int = _DATE_TRIES
) -> tuple[str, datetime | None]:
    """The date of a block: as written (or the machine's form), and what it means."""
    now, language = sheet.now, sheet.date_language or sheet.language
    if not selector:
        spot = next(spots(block, now, language), None)
        return (spot.raw, spot.when) if spot else ("", None)
    texts: list[str] = []
    for found in select(block, selector)[:tries]:
        text = markup.collapsed(found[:1000] if isinstance(found, str) else words_of_element(found))
        stamp = None if isinstance(found, str) else stamp_of(found, now, language)
        if stamp:
            return text or stamp.isoformat(), stamp
        if spotted := date_in(text, now, language):
            return spotted
        texts.append(text)
    # What is a date and little else goes before words that can be read as one.
    for text in texts:
        if when := parse_date(text, now=now, language=language):
            return text, when
    return next(filter(None, texts), ""), None


def _is_day_first(raw: str) -> bool:
    """Whether a date with slashes can only be read with its day first."""
    match = _SLASHES.search(raw)
    return match is not None and 12 < int(match[1]) <= 31 and int(match[2]) <= 12


def _without_date(title: str, raw: str) -> str:
    """A title without the date at one of its ends, in brackets or not, or the hour before it."""
    title = _CLOCK.sub("", title)
    bare = title.strip(_BRACKETS)
    if not raw or bare == raw or not (bare.endswith(raw) or bare.startswith(raw)):
        return title
    return bare.removesuffix(raw).removeprefix(raw).strip(_BRACKETS)


def _without_note(title: str) -> str:
    """A title without what it says of the file behind it."""
    found = _FILE_NOTE.search(title, max(0, len(title) - _NOTE_CHARS))
    return (found and title[: found.start()].rstrip()) or title


def _first(block: html.HtmlElement, selector: str) -> Any:
    """The first thing that `selector` finds, or None."""
    return next(iter(select(block, selector)), None) if selector else None


def _plain(found: Any) -> str:
    return markup.plain(_markup(found))


def _markup(found: Any) -> str:
    """The source of an element without what follows it; text as it is."""
    if found is None:
        return ""
    if isinstance(found, str):
        return found
    return str(html.tostring(found, encoding="unicode", with_tail=False))
