"""
The text of an article: trafilatura's, or a wider reading where that misses much; then tidied.

Tidying takes out what is not told twice by the author: the title again, runs of lines that
stand in the page a second time (for small screens, for print), and links to other stories.
"""

from __future__ import annotations

import re

import trafilatura
from lxml import html

from monitor.extract.shield import shielded

#: A text of fewer characters makes us look again by other means.
LEAST_TEXT = 200

#: A wider reading is taken when it is longer by this factor: then whole sections were missed.
WIDER = 1.2

#: Lines that were seen before are dropped when so many characters of them follow each other.
REPEATED_RUN = 100

#: Lines at the start that may repeat the title.
_TITLE_LINES = 3
_LONGEST_LINK_LINE = 200
_ALSO = re.compile(
    r"\W*(?:also read|read also|read more|read next|must read|see also|related(?: \w+)?\s*:|"
    r"more from|читайте также|читать также|по теме\s*:|смотрите также|тағы оқыңыз|"
    r"тағы да оқыңыз|lesen sie auch|mehr zum thema|lea también|lea además|lire aussi|"
    r"leia também|leggi anche|相关阅读|延伸阅读|相关新闻|推荐阅读)",
    re.IGNORECASE,
)


def text_of(page: html.HtmlElement, *, title: str, stated: str) -> str:
    """
    The article's text, a line for each paragraph; '' when the page has none.

    Args:
        page: the tree, which stays as it is.
        title: of the page, taken out of the text's first lines.
        stated: JSON-LD `articleBody`; believed when the page shows much less.
    """
    text = _read(page, favor_recall=False)
    if WIDER * len(text) < _prose(page):
        wider = _read(page, favor_recall=True)
        text = wider if len(wider) > WIDER * len(text) else text
    if len(text) < LEAST_TEXT:
        simple = shielded(lambda: trafilatura.baseline(page)[1], "")
        text = max((text, simple), key=len)
    text = stated if len(stated) > 2 * len(text) else text
    return tidied(text, title)


def tidied(text: str, title: str) -> str:
    """The text without its title, repeated runs of lines, and links to other stories."""
    lines = [line for line in text.splitlines() if not _is_link_line(line)]
    head = [line for line in lines[:_TITLE_LINES] if _flat(line) != _flat(title)]
    return "\n".join(_once([*head, *lines[_TITLE_LINES:]])).strip()


def _prose(page: html.HtmlElement) -> int:
    """Characters in the page that are not in links: no reading finds more than these."""
    body = page.find(".//body")
    if body is None:
        return 0
    links = sum(_length(link) for link in body.iter("a"))
    return _length(body) - links


def _length(element: html.HtmlElement) -> int:
    return len(" ".join("".join(map(str, element.itertext())).split()))


def _is_link_line(line: str) -> bool:
    return len(line) <= _LONGEST_LINK_LINE and bool(_ALSO.match(line))


def _once(lines: list[str]) -> list[str]:
    """Lines without the runs that were seen before."""
    seen: set[str] = set()
    kept: list[str] = []
    run: list[str] = []
    for line in lines:
        if line.strip() in seen:
            run.append(line)
            continue
        kept += _unless_long(run)
        run = []
        seen.add(line.strip())
        kept.append(line)
    return kept + _unless_long(run)


def _unless_long(run: list[str]) -> list[str]:
    return run if sum(map(len, run)) < REPEATED_RUN else []


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold().strip()


def _read(page: html.HtmlElement, *, favor_recall: bool) -> str:
    """Trafilatura's text; a second look is for missed sections and needs no comparison."""
    found = shielded(
        lambda: trafilatura.extract(
            page, include_comments=False, favor_recall=favor_recall, fast=favor_recall
        ),
        None,
    )
    return found or ""
