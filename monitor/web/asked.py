"""What an address of the inbox asks for, and the addresses that ask for a little else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from monitor.model import FACETS, Order, ReviewState, StoryQuery
from monitor.review.queries import PARAMETERS, query_pairs, read_query

#: How lines can stand together.
GROUPS = ("day", "mineral", "country", "none")

#: Values of `state` that are no states: what is to be done, and everything.
OPEN, ALL = "open", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One address of the inbox."""

    query: StoryQuery
    group: str
    #: What of the address could not be read, like `since=yesterday`.
    unread: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`open`, `all`, or the one state that is shown; empty when there are several."""
        if len(self.query.states) > 1:
            return ""
        if self.query.states:
            return self.query.states[0].value
        return OPEN if self.query.is_open else ALL

    def pairs(self, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The parameters of its address; what is as by default is left out."""
        found = [pair for pair in query_pairs(self.query) if pair[0] != "open"]
        if self.query.is_open and self.query.states:
            found.append(("open", "1"))
        if self.state == ALL:
            found.append(("state", ALL))
        if self.group != default_group(self.query):
            found.append(("group", self.group))
        left_out = set(without)
        return [pair for pair in found if pair[0] not in left_out]

    def address(self, cursor: str = "") -> str:
        """Its path."""
        pairs = self.pairs() + ([("after", cursor)] if cursor else [])
        return "/?" + urlencode(pairs) if pairs else "/"

    def having(self, **parts: Any) -> Asked:
        """The same with other parts of the query."""
        return replace(self, query=replace(self.query, **parts))

    def narrowed(self, part: str, value: str) -> str:
        """The address of those of it that have a value too (`model.FACETS`)."""
        return _beginning(self, part) + quote_plus(value)

    def widened(self, part: str, value: str) -> str:
        """The address without asking for that value."""
        left = tuple(one for one in getattr(self.query, part) if one != value)
        return self.having(**{part: left}).address()

    def has(self, part: str, value: str) -> bool:
        """Whether it asks for that value."""
        return value in getattr(self.query, part)

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for less than all that is open."""
        plain = replace(self.query, order=Order.CHANGED, is_open=True, states=())
        return plain != StoryQuery(is_open=True)

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """(part, value) of all that `FACETS` narrow it by."""
        return [(part, value) for part in FACETS for value in getattr(self.query, part)]


@lru_cache(maxsize=64)
def _beginning(asked: Asked, part: str) -> str:
    """An address that wants a value of that part yet; a page has hundreds of them."""
    whole = asked.having(**{part: ()}).address()
    return f"{whole}{'&' if '?' in whole else '?'}{PARAMETERS[part]}="


def read_asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """What an address asks for; any address asks for something."""
    listed = [_plain(name, value.strip()) for name, value in pairs]
    names = {name for name, value in listed if value}
    read = read_query(listed, base=StoryQuery(is_open=not names & {"open", "state"}))
    query, unread = read.query, read.unread
    if "open" not in names and not query.states:
        query = replace(query, is_open=True)
    group = next((value for name, value in reversed(listed) if name == "group" and value), "")
    if group and group not in GROUPS:
        unread = (*unread, f"group={group[:100]}")
        group = ""
    return Asked(query=query, group=group or default_group(query), unread=unread)


def default_group(query: StoryQuery) -> str:
    """By day what is in the order of time; else one list."""
    return "none" if query.order is Order.RELEVANCE else "day"


def _plain(name: str, value: str) -> tuple[str, str]:
    """`state=open` and `state=all` as the parameter that they mean."""
    if name == "state" and value in {OPEN, ALL}:
        return "open", "1" if value == OPEN else "0"
    return name, value


STATES = (OPEN, *(state.value for state in ReviewState), ALL)
