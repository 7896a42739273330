"""
Placeholders in the address of a source, filled anew before each poll.

    {since}                 when it last answered, less a day: 2026-11-21T08:30:00Z
    {since:%Y%m%d%H%M%S}    the same in a form of its own (strftime, UTC; %s = seconds since 1970)
    {today}                 the day of the poll: 2026-11-24; forms as above
    ${NAME}                 the environment variable, for a key

What is filled in is percent-encoded. Other braces stay as they are, unless they hold a single
word: that is taken for a placeholder that was meant and does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from monitor.errors import BadInput
from monitor.sources.options import filled

#: What a source that was never polled is asked for.
FIRST_WINDOW = timedelta(days=3)

#: How much of what was asked for before is asked for again: items are indexed late.
OVERLAP = timedelta(days=1)

#: The placeholders, and the form of each when none is given.
PLACEHOLDERS = {"since": "%Y-%m-%dT%H:%M:%SZ", "today": "%Y-%m-%d"}

_PLACEHOLDER = re.compile(r"\$?\{([A-Za-z_]\w*)(?::(%[^{}]*))?\}", re.ASCII)
_DIRECTIVE = re.compile(r"%(.?)")
#: Forms that are the same on every machine.
_DIRECTIVES = frozenset("YymdHIMSfjuUVWGpBbAaszZ%")
_LONGEST_FORM = 60


def expanded(url: str, *, now: datetime, since: datetime | None, environ: Mapping[str, str]) -> str:
    """
    The address to ask for.

    Args:
        url: the source's, with placeholders.
        now: aware.
        since: when the source last answered; None = never.
        environ: where `${NAME}` is looked up.

    Raises:
        BadInput: a placeholder is not known, or names a variable that is not set.
    """
    if wrong := fault(url):
        raise BadInput(f"{wrong}.", subject=url[:200])
    at = now.astimezone(UTC)
    begins = at - FIRST_WINDOW if since is None else min(since.astimezone(UTC), at) - OVERLAP
    times = {"since": begins, "today": at}

    def value(match: re.Match[str]) -> str:
        if match[0].startswith("$"):
            return quote(filled(match[0], environ), safe="")
        return quote(_written(times[match[1]], match[2] or PLACEHOLDERS[match[1]]), safe=":")

    return _PLACEHOLDER.sub(value, url)


def fault(url: str) -> str:
    """What is wrong with the placeholders of an address, in words; empty when nothing is."""
    for match in _PLACEHOLDER.finditer(url):
        if match[0].startswith("$"):
            if match[2] is not None:
                return f"{match[0]} is no environment variable: write ${{NAME}}"
            continue
        if match[1] not in PLACEHOLDERS:
            there_are = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            return f"{match[0]} is no placeholder; there are {there_are} and ${{NAME}}"
        form = match[2] or ""
        if len(form) > _LONGEST_FORM:
            return f"the form of {{{match[1]}}} is too long"
        odd = next((one for one in _DIRECTIVE.findall(form) if one not in _DIRECTIVES), None)
        if odd is not None:
            return f"%{odd} in {match[0]} is no form of a time that we write"
    return ""


def has_placeholders(url: str) -> bool:
    """Whether an address changes from poll to poll, or holds a key."""
    return _PLACEHOLDER.search(url) is not None


def _written(at: datetime, form: str) -> str:
    whole = re.sub(r"%(.)", lambda m: str(int(at.timestamp())) if m[1] == "s" else m[0], form)
    return at.strftime(whole)
