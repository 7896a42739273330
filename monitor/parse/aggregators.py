"""
Entries of aggregators whose links are opaque: what they say of the outlet is kept, the rest is not.

Google News ends a title with " - Outlet", names the outlet in `source`, and writes nothing but
the title and other outlets' headlines into the description.
"""

from __future__ import annotations

from dataclasses import replace

from monitor.model import Entry

#: Longest name of an outlet that is taken from the end of a title, characters.
MOST_NAME = 60

_PARTING = " - "


def of_outlet(entry: Entry, *, outlet: str, home: str) -> Entry:
    """
    An opaque entry as the outlet's: its own title, the outlet as the one it comes from.

    Args:
        entry: as the aggregator shows it.
        outlet: its name, or '' to take it from the title.
        home: the outlet's address, or ''.

    Returns:
        The entry with the outlet in `forwarded_from` and its address as the only link.
    """
    title, _, end = entry.title.rpartition(_PARTING)
    is_named = bool(title) and (
        end.casefold() == outlet.casefold() if outlet else 0 < len(end) <= MOST_NAME
    )
    return replace(
        entry,
        title=title.strip() if is_named else entry.title,
        summary="",
        content="",
        forwarded_from=outlet or (end.strip() if is_named else ""),
        links=(home,) if home else (),
    )
