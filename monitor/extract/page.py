"""
A page becomes an article: bytes, tree, what the page says of itself, text, flags; a PDF, too.

A source's selectors override what is found by rule; see `selectors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lxml import html

from monitor.dates import EARLIEST, TOLERANCE, parse_local
from monitor.errors import Permanent
from monitor.extract import selectors as pick
from monitor.extract.body import text_of
from monitor.extract.flags import flags_of
from monitor.extract.metadata import Metadata, metadata_of
from monitor.extract.tree import drop_scripts, lightened, parsed
from monitor.model import Page
from monitor.pdf import read_pdf


def extract_page(
    body: bytes, *, url: str, content_type: str, now: datetime, selectors: Mapping[str, str]
) -> Page:
    """
    The article of a page.

    Args:
        body: as it came, any encoding; HTML or PDF.
        url: final address.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        selectors: options of the source; those of other stages are ignored.

    Returns:
        The page; `published_at` keeps the publisher's offset, so that its day is theirs.

    Raises:
        Permanent: it is no web page, too large, or a selector is not valid.
    """
    if body[:512].lstrip().startswith(b"%PDF"):
        return _of_pdf(body, url, now)
    page = lightened(parsed(body, url=url, content_type=content_type), url)
    if unwanted := pick.chosen(selectors, "remove"):
        pick.remove(page, unwanted, url)
    found = _overridden(page, metadata_of(page, url=url, now=now), selectors, url, now)
    drop_scripts(page)
    wanted = pick.chosen(selectors, "text")
    text = pick.blocks(page, wanted, url) if wanted else ""
    text = text or text_of(page, title=found.title, stated=found.body)
    if not text and not found.title:
        raise Permanent("no text and no title in the page", subject=url)
    return Page(
        title=found.title,
        text=text,
        language=found.language,
        site=found.site,
        authors=found.authors,
        published_at=found.published_at,
        canonical_url=found.canonical_url,
        flags=flags_of(text, found),
    )


def _of_pdf(body: bytes, url: str, now: datetime) -> Page:
    try:
        found = read_pdf(body)
    except Permanent as error:
        raise Permanent(error.message, subject=url) from error
    if not found.text:
        raise Permanent(f"a PDF without an article: {found.problem}", subject=url)
    stated = found.created_at
    cut = ("truncated",) if found.problem else ()
    flags = flags_of(found.text, Metadata(title=found.title))
    return Page(
        title=found.title,
        text=found.text,
        authors=(found.author,) if found.author else (),
        published_at=stated if stated and EARLIEST <= stated <= now + TOLERANCE else None,
        flags=tuple(dict.fromkeys((*cut, *flags))),
    )


def _overridden(
    page: html.HtmlElement,
    found: Metadata,
    options: Mapping[str, str],
    url: str,
    now: datetime,
) -> Metadata:
    """`found` with what the source's selectors find instead."""
    said = {
        name: pick.words(page, selector, url)
        for name in ("title", "author", "date")
        if (selector := pick.chosen(options, name))
    }
    dates = (parse_local(raw, now=now, language=found.language) for raw in said.get("date", ()))
    return replace(
        found,
        title=next(iter(said.get("title", ())), found.title),
        authors=tuple(dict.fromkeys(said.get("author", ()))) or found.authors,
        published_at=next(filter(None, dates), found.published_at),
    )
