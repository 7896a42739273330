"""
What a page says of itself: JSON-LD, Open Graph, meta elements, title, language, dates.

Sources: schema.org NewsArticle; Open Graph protocol; HTML `rel=canonical` (RFC 6596).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from htmldate import find_date
from lxml import html

from monitor.dates import parse_date
from monitor.urls import absolute

#: JSON-LD larger than this is no description of an article (characters).
MOST_JSON = 500_000

#: Nested values of JSON-LD that are looked at.
MOST_NODES = 3000

_ARTICLE = re.compile(r"(?:News|Report|Blog|Scholarly|Tech|Analysis|Opinion)?(?:Article|Posting)")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "sailthru.date",
    "parsely-pub-date",
    "mediator_published_time",
    "cxenseparse:recs:publishtime",
    "article.published",
    "release_date",
)
_SEPARATORS = re.compile(r"\s+[|–—·»«:-]\s+")
_CLOSING = re.compile(r",?\s*\}\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Fields as in `model.Page`; empty where the page is silent."""

    title: str = ""
    site: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    canonical_url: str = ""
    #: `isAccessibleForFree: false`.
    is_paywalled: bool = False
    #: Length of the description that the page gives of itself.
    description: str = ""


def metadata_of(page: html.HtmlElement, *, url: str, now: datetime) -> Metadata:
    """
    Read a page's description of itself.

    Args:
        url: final address, for relative links and dates in the path.
        now: aware; later dates are not believed.
    """
    meta = _meta(page)
    article = next(_articles(page), {})
    site = _one(meta, "og:site_name", "application-name") or _name(article.get("publisher"))
    language = str(page.get("lang") or meta.get("og:locale", "")).replace("_", "-")
    return Metadata(
        title=_title(page, meta, article, site),
        site=site,
        language=language,
        authors=_authors(meta, article),
        published_at=_published(page, meta, article, url, now, language),
        canonical_url=_canonical(page, meta, url),
        is_paywalled=str(article.get("isAccessibleForFree", "")).lower() == "false",
        description=_one(meta, "og:description", "description"),
    )


def _meta(page: html.HtmlElement) -> dict[str, str]:
    """The first content of each meta name, property or itemprop."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := element.get(key)):
                found.setdefault(name.strip().lower(), content)
    return found


def _articles(page: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """Descriptions of articles in JSON-LD, in order."""
    for script in page.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        if 0 < len(text) <= MOST_JSON:
            yield from _nodes(_json(text))


def _json(text: str) -> Any:
    """JSON, or what a sloppy template made of it: raw line breaks, a missing brace."""
    for attempt in (text, text.rstrip(";"), text + "}", _CLOSING.sub("}", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < MOST_NODES:
        one = waiting.pop(0)
        seen += 1
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            kinds = one.get("@type")
            if any(
                _ARTICLE.fullmatch(str(k)) for k in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield one
            waiting.extend(one[key] for key in ("@graph", "mainEntity", "hasPart") if key in one)


def _title(
    page: html.HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], site: str
) -> str:
    """Open Graph or JSON-LD, else the only heading, else the title without the site's name."""
    said = _one(meta, "og:title", "twitter:title") or _flat(article.get("headline"))
    headings = [_flat(h.text_content()) for h in page.iter("h1")]
    headings = [heading for heading in headings if heading]
    if said:
        whole = _without_site(said, site)
        # A heading that the title begins with is the title without its decoration.
        return next((h for h in headings if len(h) > 10 and whole.startswith(h)), whole)
    if len(headings) == 1:
        return headings[0]
    titles = [_flat(title.text_content()) for title in page.iter("title")]
    shown = _without_site(titles[0], site) if titles else ""
    return next((h for h in headings if h in shown), shown or (headings[0] if headings else ""))


def _without_site(title: str, site: str) -> str:
    pieces = _SEPARATORS.split(title)
    if (
        len(pieces) > 1
        and site
        and pieces[-1].casefold() in {site.casefold(), f"{site}.".casefold()}
    ):
        return title[: title.rindex(pieces[-1])].rstrip(" |–—·»«:-")
    return title


def _authors(meta: Mapping[str, str], article: Mapping[str, Any]) -> tuple[str, ...]:
    said = article.get("author")
    names = [_name(one) for one in (said if isinstance(said, list) else [said])]
    if not any(names):
        names = [_one(meta, "author", "article:author", "dc.creator", "parsely-author")]
    fit = (name for name in names if name and not name.startswith("http") and len(name) <= 100)
    return tuple(dict.fromkeys(fit))


def _published(
    page: html.HtmlElement,
    meta: Mapping[str, str],
    article: Mapping[str, Any],
    url: str,
    now: datetime,
    language: str,
) -> datetime | None:
    """The machine-readable time of publication; else what htmldate finds, to the day."""
    said = [_flat(article.get("datePublished")), *(meta.get(name, "") for name in _DATES)]
    said += [
        element.get("datetime") or element.get("content") or ""
        for element in page.xpath("//time[@itemprop='datePublished' or @pubdate]")
    ]
    for raw in filter(None, said):
        if found := parse_date(raw, now=now, language=language):
            return found
    day = find_date(
        page, original_date=True, url=url, max_date=now.strftime("%Y-%m-%d"), extensive_search=True
    )
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def _canonical(page: html.HtmlElement, meta: Mapping[str, str], url: str) -> str:
    for link in page.xpath("//link[@rel and @href]"):
        if "canonical" in link.get("rel").lower().split():
            return absolute(url, link.get("href"))
    return absolute(url, meta["og:url"]) if meta.get("og:url") else ""


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return _flat(value.get("name") if isinstance(value, dict) else value)


def _one(meta: Mapping[str, str], *names: str) -> str:
    return next((_flat(meta[name]) for name in names if meta.get(name)), "")


def _flat(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else ""
    return " ".join(value.split()) if isinstance(value, str) else ""
