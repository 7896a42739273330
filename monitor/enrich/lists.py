"""
Official lists of critical minerals: who lists what, since when, and until when.

A list names a mineral, or one form of it (battery-grade nickel), or a group (rare earths); a
member of a group is on its lists. Rows without a date are of lists whose date is not known:
they are shown and never in force by a date. Absence means something for complete lists only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.enrich.tables import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One mineral on one list."""

    list: str
    #: The list's own name and who issued it.
    name: str
    issued_by: str
    #: In force from, and until (the first day on which it no longer is); None: not known, open.
    since: date | None
    until: date | None
    #: Whether the day itself was confirmed, and the membership was.
    is_date_sure: bool
    is_reviewed: bool
    #: Whether what the list does not name here is not on it.
    is_complete: bool
    mineral: str
    #: The form that is listed, where it is not the mineral at large.
    form: str
    source: str
    #: As errors name the file and the line.
    file: str
    line: int

    def is_in_force(self, on: date) -> bool:
        """Whether the list was in force on a day."""
        return self.since is not None and self.since <= on and (not self.until or on < self.until)


class CriticalLists:
    """All listings, by mineral."""

    def __init__(self, listings: Iterable[Listing], groups: Mapping[str, str]) -> None:
        """
        Args:
            groups: mineral to the group that it belongs to.
        """
        self.listings = tuple(listings)
        self._groups = groups
        self._of: dict[str, list[Listing]] = {}
        for listing in self.listings:
            self._of.setdefault(listing.mineral, []).append(listing)

    def of(self, mineral: str, *, on: date | None = None) -> tuple[Listing, ...]:
        """
        The lists that name a mineral or its group, or for a group its members; oldest first.

        Args:
            on: only those in force on this day; None: all that ever were.
        """
        found = [*self._of.get(mineral, ()), *self._of.get(self._groups.get(mineral, ""), ())]
        named = {listing.list for listing in found}
        found += [one for one in self._of_members(mineral) if one.list not in named]
        kept = [one for one in found if on is None or one.is_in_force(on)]
        return tuple(sorted(kept, key=lambda one: (one.since or date.max, one.list, one.mineral)))

    def _of_members(self, group: str) -> list[Listing]:
        """A group on the lists that name its members one by one."""
        members = [member for member, above in self._groups.items() if above == group]
        by_list: dict[str, list[Listing]] = {}
        for one in (one for member in members for one in self._of.get(member, ())):
            by_list.setdefault(one.list, []).append(one)
        return [
            replace(
                parts[0],
                mineral=group,
                form=f"{len({one.mineral for one in parts})} of its {len(members)} members",
                since=min((one.since for one in parts if one.since), default=None),
            )
            for parts in by_list.values()
        ]


def listings(rows: Sequence[Row], minerals: Iterable[str]) -> list[Listing]:
    """
    The listings of `lists.csv`.

    Raises:
        BadInput: a mineral is unknown, or a date is none; the message names file and row.
    """
    known = frozenset(minerals)
    return [_listing(row, known) for row in rows]


def _listing(row: Row, known: frozenset[str]) -> Listing:
    if row["mineral"] not in known:
        raise row.fault(f"{row['mineral']!r} is no mineral")
    since, until = _day(row, "since"), _day(row, "until")
    if since and until and until <= since:
        raise row.fault(f"ends on {until}, before it begins")
    return Listing(
        list=row["list"],
        name=row["name"] or row["list"],
        issued_by=row["issued_by"],
        since=since,
        until=until,
        is_date_sure=row["is_date_sure"] == "yes",
        is_reviewed=row["reviewed"] == "yes",
        is_complete=row["is_complete"] == "yes",
        mineral=row["mineral"],
        form=row["form"],
        source=row["source"],
        file=row.file,
        line=row.line,
    )


def _day(row: Row, column: str) -> date | None:
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError as error:
        raise row.fault(f"{column} {row[column]!r} is no date; write 2026-03-31") from error
