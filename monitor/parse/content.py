"""What formats share: which text is the summary, which the content, and where it points."""

from __future__ import annotations

import re

from monitor.parse import markup
from monitor.urls import absolute

#: Addresses kept of one entry.
_LINK_LIMIT = 200
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


def language_tag(text: str) -> str:
    """The language when it is one in form (BCP 47), else ''; publishers write anything there."""
    found = _LANGUAGE.fullmatch(text.strip())
    return found[0] if found else ""
