"""
What a page says of itself: title, site, language, canonical address, whether it is paid.

Sources: schema.org NewsArticle; Open Graph protocol; HTML `rel=canonical` (RFC 6596).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import html

from monitor.extract.byline import authors
from monitor.extract.headline import headline
from monitor.extract.jsonld import article_of, flat, name
from monitor.extract.published import published
from monitor.urls import absolute

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FREE = "isAccessibleForFree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Fields as in `model.Page`; empty where the page is silent."""

    title: str = ""
    site: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    canonical_url: str = ""
    #: The publisher says that not everybody may read it.
    is_paywalled: bool = False
    #: The description that the page gives of itself.
    description: str = ""
    #: JSON-LD `articleBody`, or empty.
    body: str = ""
    #: JSON-LD `wordCount`, or 0.
    word_count: int = 0


def metadata_of(page: html.HtmlElement, *, url: str, now: datetime) -> Metadata:
    """
    Read a page's description of itself.

    Args:
        page: the tree, with its JSON-LD.
        url: final address, for relative links and dates in the path.
        now: aware; later dates are not believed.
    """
    meta = _meta(page)
    article = article_of(page)
    site = _one(meta, "og:site_name", "application-name") or name(article.get("publisher"))
    language = _language(page, meta)
    said = _one(meta, "og:title", "twitter:title") or flat(article.get("headline"))
    return Metadata(
        title=headline(page, said, site=site, url=url),
        site=site,
        language=language,
        authors=authors(page, meta, article, site),
        published_at=published(page, meta, article, url=url, now=now, language=language),
        canonical_url=_canonical(page, meta, url),
        is_paywalled=_is_paid(meta, article),
        description=_one(meta, "og:description", "description"),
        body=_text(article.get("articleBody")),
        word_count=_number(article.get("wordCount")),
    )


def _meta(page: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, property or itemprop."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (given := element.get(key)):
                found.setdefault(given.strip().lower(), content)
    return found


def _language(page: html.HtmlElement, meta: Mapping[str, str]) -> str:
    said = (
        page.get("lang"),
        page.get("xml:lang"),
        meta.get("content-language"),
        meta.get("og:locale"),
    )
    tags = ((one or "").strip().replace("_", "-") for one in said)
    return next((one for one in tags if _LANGUAGE.fullmatch(one)), "")


def _canonical(page: html.HtmlElement, meta: Mapping[str, str], url: str) -> str:
    bases = (element.get("href") or "" for element in page.iter("base"))
    base = absolute(url, next(bases, "")) or url
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return absolute(base, link.get("href") or "")
    return absolute(base, meta["og:url"]) if meta.get("og:url") else ""


def _is_paid(meta: Mapping[str, str], article: Mapping[str, Any]) -> bool:
    parts = article.get("hasPart")
    nodes = [article, *(parts if isinstance(parts, list) else [parts])]
    said = (str(one.get(_FREE, "")) for one in nodes if isinstance(one, dict))
    is_locked = meta.get("article:content_tier", "").lower() == "locked"
    return is_locked or any(one.lower().rpartition("/")[2] == "false" for one in said)


def _one(meta: Mapping[str, str], *names: str) -> str:
    return next((flat(meta[key]) for key in names if meta.get(key)), "")


def _text(value: Any) -> str:
    """Text with its line breaks; markup in it is somebody else's mistake and is removed."""
    if not isinstance(value, str):
        return ""
    plain = re.sub(r"<[^<>]{0,500}>", "\n", value) if "</" in value else value
    lines = (flat(line) for line in plain.splitlines())
    return "\n".join(filter(None, lines))


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
