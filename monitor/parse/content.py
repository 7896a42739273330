"""What formats share: which text is the summary, which the content, and where it points."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from monitor.parse import markup
from monitor.urls import absolute

#: Addresses kept of one entry.
_LINK_LIMIT = 200
#: Characters kept of a title, of an author's name and of a date as written; authors kept.
TITLE_CHARS, _NAME_CHARS, _DATE_CHARS, _AUTHOR_LIMIT = 2000, 200, 200, 50
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def chosen(summary: str, content: str) -> tuple[str, str]:
    """Summary and content, the content only when it says more than the summary."""
    return summary, content if len(content) > len(summary) else ""


def addresses(html: str, base: str) -> tuple[str, ...]:
    """Absolute http(s) targets of the links in `html`, in order, without repetition."""
    if "<" not in html:
        return ()
    found = (absolute(base, href) for href in markup.hrefs(html))
    return tuple(dict.fromkeys(filter(None, found)))[:_LINK_LIMIT]


def title_of(text: str) -> str:
    """A title as plain text; what is longer than any headline is cut."""
    return markup.plain(text[: 20 * TITLE_CHARS])[:TITLE_CHARS].strip()


def written(date: str) -> str:
    """A date as the publisher wrote it, on one line."""
    return markup.collapsed(date[: 2 * _DATE_CHARS])[:_DATE_CHARS].strip()


def names(found: Iterable[str]) -> tuple[str, ...]:
    """Names of authors as plain text, each once."""
    plain = (markup.plain(name[: 20 * _NAME_CHARS])[:_NAME_CHARS].strip() for name in found)
    return tuple(islice(dict.fromkeys(filter(None, plain)), _AUTHOR_LIMIT))


def language_tag(text: str) -> str:
    """The language when it is one in form (BCP 47), else ''; publishers write anything there."""
    found = _LANGUAGE.fullmatch(text.strip())
    return found[0] if found else ""
