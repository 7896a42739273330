"""
A page becomes an article: text by trafilatura with fallbacks, and the page's own metadata.

Selectors of the source override what is found by rule: `text`, `title`, `date`, `author`
name what to take, `remove` what to drop first; CSS, or XPath when they begin with `/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import parsel
import trafilatura
from cssselect import SelectorError
from lxml import etree, html

from monitor.dates import parse_date
from monitor.encoding import decoded
from monitor.errors import Permanent
from monitor.extract.metadata import Metadata, metadata_of
from monitor.model import Page

#: Larger pages are no articles (characters of markup).
MOST_MARKUP = 3_000_000

#: Elements of one page; beyond them extraction takes quadratic time.
MOST_ELEMENTS = 60_000

#: A text of fewer characters makes us look again by other means.
LEAST_TEXT = 200

#: A text that ends so, or shorter than the page's own description of it, was cut off.
_CUT = re.compile(
    r"(?:\[…\]|\[\.\.\.\]|…|\.\.\.|read more|continue reading|читать далее)\W*$", re.IGNORECASE
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read)|subscribers only|for subscribers|log in to (?:read|continue)|"
    r"sign in to (?:read|continue)|только для подписчиков|оформите подписку|订阅后|"
    r"weiterlesen mit|nur für abonnenten|solo para suscriptores|contenido exclusivo para suscriptores",
    re.IGNORECASE,
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MAGIC = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "an archive"), (b"\x89PNG", "an image"))
_MAGIC += ((b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"), (b"\x1f\x8b", "packed data"))


def extract_page(
    body: bytes, *, url: str, content_type: str, now: datetime, selectors: Mapping[str, str]
) -> Page:
    """
    The article of a page.

    Args:
        body: as it came, any encoding.
        url: final address.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        selectors: overrides, by field; other keys are ignored.

    Raises:
        Permanent: it is no web page, too large, or a selector is not valid.
    """
    page = _tree(body, url, content_type)
    found = metadata_of(page, url=url, now=now)
    if remove := selectors.get("remove"):
        for element in _select(page, remove, url):
            if isinstance(element, html.HtmlElement) and element.getparent() is not None:
                element.drop_tree()
    picked = {
        name: _picked(page, selectors[name], url)
        for name in ("text", "title", "date", "author")
        if selectors.get(name)
    }
    text = picked.get("text") or _text(page, url)
    date = (
        parse_date(picked["date"], now=now, language=found.language) if "date" in picked else None
    )
    return Page(
        title=picked.get("title") or found.title,
        text=text,
        language=found.language,
        site=found.site,
        authors=(picked["author"],) if picked.get("author") else found.authors,
        published_at=date or found.published_at,
        canonical_url=found.canonical_url,
        flags=_flags(text, found),
    )


def _tree(body: bytes, url: str, content_type: str) -> html.HtmlElement:
    start = body[:512].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Permanent(f"{what}, not a web page", subject=url)
    kind = content_type.split(";")[0].strip().lower()
    if kind and kind.split("/")[0] in {"image", "audio", "video", "font"}:
        raise Permanent(f"{kind}, not a web page", subject=url)
    text = _UNFIT.sub("", decoded(body, content_type))
    if not text.strip():
        raise Permanent("empty page", subject=url)
    if len(text) > MOST_MARKUP:
        raise Permanent(f"page of {len(text) / 1e6:.0f} million characters", subject=url)
    try:
        page = html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError) as error:
        raise Permanent("not HTML", subject=url) from error
    if sum(1 for _ in page.iter()) > MOST_ELEMENTS:
        raise Permanent(f"page of more than {MOST_ELEMENTS:,} elements", subject=url)
    return page


def _text(page: html.HtmlElement, url: str) -> str:
    """Trafilatura's text; when that is next to nothing, what its simpler ways find."""
    markup = html.tostring(page, encoding="unicode")
    text = trafilatura.extract(
        markup, url=url, include_comments=False, include_tables=True, favor_recall=False
    )
    if text and len(text) >= LEAST_TEXT:
        return text
    wider = trafilatura.extract(markup, url=url, include_comments=False, favor_recall=True)
    _, simple, _ = trafilatura.baseline(markup)
    return max((text or "", wider or "", simple or ""), key=len)


def _flags(text: str, found: Metadata) -> tuple[str, ...]:
    flags = []
    tail = text[-300:]
    is_short = len(text) < LEAST_TEXT or len(text) <= len(found.description)
    if found.is_paywalled or _PAYWALL.search(tail):
        flags.append("paywalled")
    if _CUT.search(tail):
        flags.append("truncated")
    if text and is_short:
        flags.append("summary_only")
    return tuple(flags)


def _picked(page: html.HtmlElement, selector: str, url: str) -> str:
    """The words of all that a selector finds, a paragraph each."""
    pieces = []
    for one in _select(page, selector, url):
        if isinstance(one, html.HtmlElement):
            words = one.get("datetime") or one.get("content") or one.text_content()
        else:
            words = str(one)
        pieces.append(" ".join(words.split()))
    return "\n".join(filter(None, pieces))


def _select(page: html.HtmlElement, selector: str, url: str) -> list[object]:
    try:
        is_xpath = selector.startswith(("/", "./", "("))
        found = page.xpath(selector if is_xpath else parsel.css2xpath(selector))
    except (SelectorError, etree.LxmlError, ValueError) as error:
        raise Permanent(
            f"the selector {selector!r} is not valid: {error}",
            subject=url,
            advice="Correct it in the options of the source.",
        ) from error
    return found if isinstance(found, list) else [found]
