"""
The text of an article: trafilatura's, or a wider reading where that misses much; then tidied.

Tidying takes out what is not told twice by the author: the title again, runs of lines that
stand in the page a second time (for small screens, for print), and links to other stories.
"""

from __future__ import annotations

import re
from configparser import ConfigParser

import trafilatura
from lxml import html
from trafilatura.settings import DEFAULT_CONFIG, use_config

from monitor.extract.layout import loosen, part
from monitor.extract.scope import scope_of
from monitor.extract.script import is_wide, matter
from monitor.extract.shield import shielded

#: A text with less matter makes us look again by other means.
LEAST_TEXT = 200

#: A wider reading is taken when it is longer by this factor: then whole sections were missed.
WIDER = 1.2

#: A cruder reading, or JSON-LD, is taken when it is longer by this factor.
MUCH_MORE = 2

#: Lines that were seen before are dropped when so many characters of them follow each other.
REPEATED_RUN = 100

#: Characters that make a text in a script without spaces; trafilatura's 250 are for letters.
_LEAST_DENSE = "80"

#: Lines at the start that may repeat the title.
_TITLE_LINES = 3
_LONGEST_LINK_LINE = 200
_ALSO = re.compile(
    r"\W*(?:also read|read also|read more\W+\w|read next|must read|see also|related(?: \w+)?\s*:|"
    r"more from|читайте также|читать также|по теме\s*:|смотрите также|тағы оқыңыз|"
    r"тағы да оқыңыз|lesen sie auch|mehr zum thema|lea también|lea además|lire aussi|"
    r"leia também|leggi anche|相关阅读|延伸阅读|相关新闻|推荐阅读)",
    re.IGNORECASE,
)


def _dense() -> ConfigParser:
    """Trafilatura's settings for Chinese and Japanese."""
    rules: ConfigParser = use_config()
    rules.set("DEFAULT", "MIN_EXTRACTED_SIZE", _LEAST_DENSE)
    rules.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return rules


_DENSE = _dense()


def text_of(page: html.HtmlElement, *, title: str, stated: str) -> str:
    """
    The article's text, a line for each paragraph; '' when the page has none.

    Args:
        page: the tree; its tables of layout become plain blocks.
        title: of the page, taken out of the text's first lines.
        stated: JSON-LD `articleBody`; believed when the page shows much less.
    """
    loosen(page)
    part(page)
    scope = scope_of(page)
    shown = " ".join(page.xpath("//title/text()"))
    rules = _DENSE if is_wide(scope.words) else DEFAULT_CONFIG
    text = scope.cleared(_read(page, rules, favor_recall=False), shown)
    if WIDER * len(text) < len(scope.words):
        wider = scope.cleared(_read(page, rules, favor_recall=True), shown)
        text = wider if len(wider) > WIDER * len(text) else text
    if matter(text) < LEAST_TEXT:
        simple = scope.cleared(shielded(lambda: trafilatura.baseline(page)[1], ""), shown)
        text = simple if len(simple) > MUCH_MORE * len(text) else text
    text = stated if len(stated) > MUCH_MORE * len(text) else text
    return tidied(text, title)


def tidied(text: str, title: str) -> str:
    """The text without its title, repeated runs of lines, and links to other stories."""
    lines = [line for line in text.splitlines() if not _is_link_line(line)]
    head = [line for line in lines[:_TITLE_LINES] if _flat(line) != _flat(title)]
    if head and title:
        head[0] = head[0].removeprefix(f"{title} ")
    return "\n".join(_once([*head, *lines[_TITLE_LINES:]])).strip()


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


def _read(page: html.HtmlElement, rules: ConfigParser, *, favor_recall: bool) -> str:
    """Trafilatura's text; a second look is for missed sections and needs no comparison."""
    found = shielded(
        lambda: trafilatura.extract(
            page,
            include_comments=False,
            favor_recall=favor_recall,
            fast=favor_recall,
            config=rules,
        ),
        None,
    )
    return found or ""
