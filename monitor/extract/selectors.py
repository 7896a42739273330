"""
Selectors that a source's options give for its pages; they override what is found by rule.

`page_text`, `page_title`, `page_date` and `page_author` name what to take, `page_remove` what to
drop first: CSS (with `::text` and `::attr(name)`), or XPath when they begin with `/`, `./` or
`(`. Options without `page_` belong to a listing.
"""

from __future__ import annotations

from collections.abc import Mapping

import parsel
from cssselect import SelectorError
from lxml import etree, html

from monitor.errors import Permanent
from monitor.extract.tree import lines_of


def chosen(options: Mapping[str, str], name: str) -> str:
    """The page's selector of that name, or ''."""
    return options.get(f"page_{name}", "")


def remove(page: html.HtmlElement, selector: str, url: str) -> None:
    """
    Drop all that the selector finds, in place.

    Raises:
        Permanent: the selector is not valid.
    """
    for element in _select(page, selector, url):
        if isinstance(element, html.HtmlElement) and element.getparent() is not None:
            element.drop_tree()


def words(page: html.HtmlElement, selector: str, url: str) -> list[str]:
    """
    The words of all that the selector finds, each on one line, empty ones left out.

    Raises:
        Permanent: the selector is not valid.
    """
    found = []
    for one in _select(page, selector, url):
        if isinstance(one, html.HtmlElement):
            raw = one.get("datetime") or one.get("content") or str(one.text_content())
        else:
            raw = str(one)
        found.append(" ".join(raw.split()))
    return [one for one in found if one]


def blocks(page: html.HtmlElement, selector: str, url: str) -> str:
    """
    The text of all that the selector finds, a line for each paragraph in it.

    Raises:
        Permanent: the selector is not valid.
    """
    found: list[str] = []
    for one in _select(page, selector, url):
        found += lines_of(one) if isinstance(one, html.HtmlElement) else [str(one)]
    return "\n".join(filter(None, (" ".join(line.split()) for line in found)))


def _select(page: html.HtmlElement, selector: str, url: str) -> list[object]:
    is_xpath = selector.startswith(("/", "./", "("))
    try:
        found = page.xpath(selector if is_xpath else parsel.css2xpath(selector))
    except (SelectorError, etree.LxmlError, ValueError, TypeError) as error:
        raise Permanent(
            f"the selector {selector!r} is not valid: {error}",
            subject=url,
            advice="Correct it in the options of the source.",
        ) from error
    return list(found) if isinstance(found, list) else [found]
