"""Who wrote it: as the page states for machines, else as its byline shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import html

from monitor.extract.jsonld import flat, name
from monitor.extract.tree import lines_of

_META = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
#: Class names that mark a byline in the sites of many systems.
_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|autor|автор|writer)(?:[_-]*(?:name|link|title))*(?:\s|$)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\W*(?:(?:written|posted|story|article|words|reporting|reviewed|text)\s+)?"
    r"(?:by\b|von\b|por\b|par\b|di\b|автор(?:ы)?\b|текст\b|author\b|作者|记者|文)[\s:：|]*",
    re.IGNORECASE,
)
_END = re.compile(r"\s*(?:[|•·–—/]|\s-\s|\d|\bon\b|\bpublished\b|\bupdated\b).*$", re.IGNORECASE)
_ROLE = re.compile(r"\s+[|–—-]\s.*$")
_BETWEEN = re.compile(r"\s*(?:;|\band\b|\bund\b|\by\b|\bet\b|\bи\b|&|、)\s*", re.IGNORECASE)
_LONGEST = 60
_MOST_WORDS = 6


def authors(
    page: html.HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], site: str
) -> tuple[str, ...]:
    """
    Names of the authors, each once; a person shown is preferred to a publisher stated.

    Args:
        page: the tree.
        meta: meta elements by lower-case name.
        article: JSON-LD, or empty.
        site: name of the outlet, which is no author where a person is named.
    """
    stated = [one for one in _stated(meta, article) if _is_name(one)]
    houses = {site.casefold(), name(article.get("publisher")).casefold()}
    persons = [one for one in stated if one.casefold() not in houses]
    if not persons or _is_organisation(article.get("author")):
        persons = _shown(page) or persons
    return tuple(dict.fromkeys(persons or stated))


def _stated(meta: Mapping[str, str], article: Mapping[str, Any]) -> Iterator[str]:
    said = article.get("author")
    given = said if isinstance(said, list) else [said]
    names = [_ROLE.sub("", _LEAD.sub("", name(one))) for one in given]
    if any(names):
        yield from names
        return
    found = next((flat(meta[key]) for key in _META if meta.get(key)), "")
    yield from _BETWEEN.split(_LEAD.sub("", found))


def _is_name(text: str) -> bool:
    return bool(text) and len(text) <= 100 and "://" not in text and not text.isdigit()


def _is_organisation(said: Any) -> bool:
    first = said[0] if isinstance(said, list) and said else said
    return isinstance(first, dict) and first.get("@type") == "Organization"


def _shown(page: html.HtmlElement) -> list[str]:
    """Names in the first byline that holds some."""
    for element in _bylines(page):
        found = _names(" | ".join(lines_of(element)))
        if found:
            return found
    return []


def _bylines(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield from page.xpath("//*[@itemprop='author']//*[@itemprop='name']")
    yield from page.xpath("//a[@rel='author'] | //*[@itemprop='author']")
    for element in page.xpath("//*[@class][self::a or self::span or self::div or self::p]"):
        if _CLASSES.search(element.get("class")):
            yield element


def _names(text: str) -> list[str]:
    shown = _END.sub("", _LEAD.sub("", text))
    names = [one.strip(" ,.:") for one in _BETWEEN.split(shown.split(",")[0])]
    fit = [one for one in names if _looks_a_name(one)]
    return fit if len(fit) == len(names) else []


def _looks_a_name(text: str) -> bool:
    """A few words, each beginning with a capital or a character of a script without them."""
    words = text.split()
    return (
        1 < len(text) <= _LONGEST
        and 0 < len(words) <= _MOST_WORDS
        and not text.isupper()
        and any(word[0].isalpha() and word[0] == word[0].upper() for word in words)
    )
