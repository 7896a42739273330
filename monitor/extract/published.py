"""
When a page was published, with the day as its publisher wrote it.

Order of belief: what the page states for machines (JSON-LD, meta, microdata); what htmldate
finds in markup; what is shown beside the headline, in more languages; what htmldate finds
anywhere. A year alone is no date: guesses of 1 January from a copyright line are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from htmldate import find_date
from lxml import html

from monitor.calendar_words import MONTHS
from monitor.dates import parse_local
from monitor.extract.jsonld import flat
from monitor.extract.shield import shielded

_STATED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
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
#: Class, id and itemprop of elements that show when.
_DATED = re.compile(r"date|time|publi|posted|byline|meta|дата|опубл|info|source", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST_DATE = 70
#: Other words beside a date: a weekday, a zone, "published on".
_OTHER_WORDS = 4
_LETTERS = re.compile(r"[^\W\d_]+")
#: Elements behind the headline that may show the date.
_NEAR = 25
_ASIDE = frozenset({"nav", "aside", "footer", "ul", "ol", "select"})


def published(
    page: html.HtmlElement,
    meta: Mapping[str, str],
    article: Mapping[str, Any],
    *,
    url: str,
    now: datetime,
    language: str,
) -> datetime | None:
    """
    The time of publication, or None where nothing is worth belief.

    Args:
        page: the tree.
        meta: meta elements by lower-case name.
        article: JSON-LD, or empty.
        url: final address; dates stand in paths.
        now: aware; later dates are not believed.
        language: BCP 47, or ''.
    """
    stated = _first(_stated(page, meta, article), now, language)
    if stated and not _is_doubtful(article):
        return stated
    guessed = _guessed(page, url, now, language)
    if stated and guessed:
        return guessed if guessed.date() < stated.date() else stated
    return stated or guessed


def _guessed(page: html.HtmlElement, url: str, now: datetime, language: str) -> datetime | None:
    """The day that htmldate finds, with the hour shown for it; else what is shown."""
    found = _found(page, url, now, is_extensive=False)
    shown = _first(_shown(page), now, language)
    if found and shown:
        return shown if shown.date() == found.date() else found
    # The extensive search loads the words of 200 languages: 2 s in each new process.
    return found or shown or _found(page, url, now, is_extensive=True)


def _is_doubtful(article: Mapping[str, Any]) -> bool:
    """Whether the page may call its last change its publication: the two are the same."""
    said = flat(article.get("datePublished"))
    return bool(said) and said == flat(article.get("dateModified"))


def _first(raws: Iterator[str], now: datetime, language: str) -> datetime | None:
    found = (
        parse_local(raw, now=now, language=language)
        for raw in raws
        if not re.fullmatch(r"\s*\d{4}\s*", raw)
    )
    return next((one for one in found if one), None)


def _stated(
    page: html.HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any]
) -> Iterator[str]:
    """What the page says to machines, the most trusted first."""
    yield flat(article.get("datePublished"))
    yield from (meta.get(name, "") for name in _STATED)
    for element in page.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]"):
        yield element.get("datetime") or element.get("content") or ""


def _shown(page: html.HtmlElement) -> Iterator[str]:
    """Short texts with a year beside the headline, those marked as dates first."""
    near = list(_beside_headline(page))
    marked = [one for one in near if one.tag == "time" or _DATED.search(_marks(one))]
    for element in (*marked, *near):
        text = " ".join(str(element.text_content()).split())
        if stamp := element.get("datetime"):
            yield stamp
        elif len(text) <= _LONGEST_DATE and _YEAR.search(text) and _is_mostly_date(text):
            yield text


def _is_mostly_date(text: str) -> bool:
    """Whether few words of `text` are neither numbers nor months: "Posted on 5 May 2026"."""
    words = _LETTERS.findall(text.lower())
    return sum(word not in MONTHS for word in words) <= _OTHER_WORDS


def _beside_headline(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Elements that follow the only headline closely, or precede it."""
    headings = list(page.iter("h1"))
    if len(headings) != 1:
        return
    for axis in ("following", "preceding"):
        count = 0
        for element in headings[0].xpath(f"{axis}::*[position() <= {_NEAR}]"):
            is_aside = any(above.tag in _ASIDE for above in element.iterancestors())
            if not is_aside and element.tag != "script":
                count += 1
                yield element


def _marks(element: html.HtmlElement) -> str:
    return " ".join(element.get(name, "") for name in ("class", "id", "itemprop"))


def _found(
    page: html.HtmlElement, url: str, now: datetime, *, is_extensive: bool
) -> datetime | None:
    """What htmldate finds, to the day."""
    day = shielded(
        lambda: find_date(
            page,
            original_date=True,
            url=url or None,
            max_date=now.strftime("%Y-%m-%d"),
            extensive_search=is_extensive,
        ),
        None,
    )
    if not day or day.endswith("-01-01"):
        return None
    return datetime.fromisoformat(day).replace(tzinfo=UTC)
