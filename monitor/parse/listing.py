"""
Pages that list stories without a feed, read by selectors.

Selectors are CSS (with `::text` and `::attr(name)`), or XPath when they begin with `/` or
`.//`. Without options every link with enough words is a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import parsel
from cssselect import SelectorError
from lxml import etree, html

from monitor.dates import parse_date
from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse import markup
from monitor.parse.content import addresses, language_tag, title_of, written
from monitor.parse.sniffing import refuse_binary
from monitor.urls import absolute, canonical_key

#: Fewer words are navigation, not a headline.
MIN_WORDS = 4
#: A listing longer than this is cut.
ITEM_LIMIT = 2000
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FURNITURE = frozenset({"nav", "header", "footer"})


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
        options: `item` (a block), and within it `link`, `title`, `date`, `summary`.

    Raises:
        Permanent: no HTML, a selector that is not valid or finds nothing.
    """
    refuse_binary(body, url)
    page = _tree(decoded(body, content_type), url)
    base = _base(page, url)
    language = language_tag(page.get("lang") or "")
    chosen = options.get("item", "")
    blocks = _select(page, chosen, url) if chosen else list(_headlines(page))
    if not blocks:
        asked = (
            f"the selector item={chosen}" if chosen else f"looking for links of {MIN_WORDS} words"
        )
        raise Permanent(f"{asked} finds nothing; the layout may have changed", subject=url)
    seen: dict[str, Entry] = {}
    for block in blocks[:ITEM_LIMIT]:
        entry = _entry(block, base, language, now, options)
        if entry is not None:
            seen.setdefault(canonical_key(entry.url), entry)
    if not seen:
        raise Permanent(
            f"the selector link={options.get('link', 'a')} finds no address in "
            f"{len(blocks)} items; the layout may have changed",
            subject=url,
        )
    cut = len(blocks) - ITEM_LIMIT
    return Document(
        title=" ".join(markup.plain(title.text or "") for title in page.iter("title"))[:500],
        language=language,
        entries=tuple(seen.values()),
        problems=(f"{cut} items beyond {ITEM_LIMIT} were left out",) if cut > 0 else (),
    )


def _tree(text: str, url: str) -> html.HtmlElement:
    try:
        return html.document_fromstring(
            _UNFIT.sub("", text).encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8"),
        )
    except (etree.LxmlError, ValueError) as error:
        raise Permanent(f"not HTML: {error}", subject=url) from error


def _base(page: html.HtmlElement, url: str) -> str:
    """The address that links are relative to."""
    for element in page.iter("base"):
        if found := absolute(url, element.get("href") or ""):
            return found
    return url


def _headlines(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Links with enough words, outside navigation, header and footer of the page."""
    for link in page.iter("a"):
        words = _words(markup.plain(_markup(link)))
        if words >= MIN_WORDS and not any(up.tag in _FURNITURE for up in link.iterancestors()):
            yield link


def _words(text: str) -> int:
    """Words; two ideographs count as one."""
    return len(_HAN.sub(" ", text).split()) + len(_HAN.findall(text)) // 2


def _select(node: html.HtmlElement, selector: str, url: str) -> list[Any]:
    """Elements or strings that `selector` finds below `node`."""
    try:
        path = selector if selector.startswith(("/", "./", "(")) else parsel.css2xpath(selector)
        found = node.xpath(path)
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise Permanent(
            f"the selector {selector!r} is not valid: {error}",
            subject=url,
            advice="Correct it in the options of the source.",
        ) from error
    return found if isinstance(found, list) else [str(found)]


def _entry(
    block: Any, base: str, language: str, now: datetime, options: Mapping[str, str]
) -> Entry | None:
    """The story of one block, or None when it has no address."""
    if isinstance(block, str):
        address = block.strip()
        block = html.Element("a")
        block.set("href", address)
    place = _link(block, options.get("link", ""), base)
    address = absolute(base, place if isinstance(place, str) else place.get("href") or "")
    if not address:
        return None
    raw = _date(block, options.get("date", ""), base)
    summary = _first(block, options.get("summary", ""), base)
    title = _first(block, options.get("title", ""), base)
    return Entry(
        url=address,
        title=title_of(_markup(title if title is not None else place)),
        summary=_plain(summary),
        published_at=parse_date(raw, now=now, language=language),
        published_raw=written(raw),
        language=language,
        links=addresses(_markup(summary), base),
    )


def _link(block: html.HtmlElement, selector: str, base: str) -> Any:
    """What holds the address: an element with `href`, or the address itself."""
    if selector:
        found = _first(block, selector, base)
        if found is None or isinstance(found, str) or found.get("href"):
            return found if found is not None else ""
        block = found
    if block.get("href"):
        return block
    links = [link for link in block.iter("a") if link.get("href")]
    # A headline, else anything with words, else a picture. Elements are not truth values.
    ranked = sorted(links, key=lambda link: -min(_words(_plain(link)), MIN_WORDS))
    return ranked[0] if ranked else ""


def _date(block: html.HtmlElement, selector: str, base: str) -> str:
    """The date as written: the machine's form when there is one."""
    found = _first(block, selector or "time", base)
    if found is None or isinstance(found, str):
        return markup.collapsed(found or "")
    stamped = found.get("datetime") or found.get("content") or ""
    return markup.collapsed(stamped) or _plain(found)


def _first(block: html.HtmlElement, selector: str, base: str) -> Any:
    """The first thing that `selector` finds, or None."""
    return next(iter(_select(block, selector, base)), None) if selector else None


def _plain(found: Any) -> str:
    return markup.plain(_markup(found))


def _markup(found: Any) -> str:
    """The source of an element without what follows it; text as it is."""
    if found is None:
        return ""
    if isinstance(found, str):
        return found
    return str(html.tostring(found, encoding="unicode", with_tail=False))
