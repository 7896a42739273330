"""What speaks against one matter, however much is shared: other metals, other parties, a series."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from monitor.match.copies import containment
from monitor.match.fingerprint import LEDE_CHARS
from monitor.model import Telling
from monitor.text import numbers, opening_end, prose, shingles
from monitor.urls import host

#: Titles of a series share so much; its issues share fewer numbers than this.
SERIES_TITLE, SERIES_NUMBERS = 0.75, 0.4

#: A day in figures: 2025-12-09, 9.12.2025, 12月9日.
_DAY = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?!\d)"
)

_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")

#: Kinds of event that are a matter of their own: scrap is no ore, whatever the ban says.
SEPARATE_EVENTS = frozenset({"scrap"})


def objection_to(one: Telling, other: Telling) -> str:
    """Why the two cannot be of one matter, whatever they share; '' when nothing objects."""
    for kind, name in (("mineral", "metals"), ("deposit", "deposits")):
        mine, theirs = _opening(one, kind), _opening(other, kind)
        if mine and theirs and not mine & theirs:
            return f"other {name}: {min(mine)}, {min(theirs)}"
    for teller, hearer in ((one, other), (other, one)):
        odd = _told(teller, {"event"}) & SEPARATE_EVENTS - _told(hearer, {"event"})
        # A title that names metals and no scrap is not about scrap, whatever the text mentions.
        if odd and (_told(hearer, {"mineral"}) or odd - _opening(hearer, "event")):
            return f"only one is of {min(odd)}"
    if host(one.url) == host(other.url) != "":
        mine, theirs = (_told(t, {"mineral", "company", "deposit"}) for t in (one, other))
        if mine and theirs and not mine & _named(other) and not theirs & _named(one):
            return f"one outlet, other subjects: {min(mine)}, {min(theirs)}"
    issues = _issue(one.title), _issue(other.title)
    if all(issues) and issues[0] != issues[1] and _bare(one.title) == _bare(other.title):
        return f"a series: of {issues[0]}, of {issues[1]}"
    titles = containment(shingles(one.title, size=1), shingles(other.title, size=1))
    mine_said, their_said = (numbers(_lede(t)) for t in (one, other))
    both = min(len(mine_said), len(their_said))
    if titles >= SERIES_TITLE and both > 1:
        shared = containment(mine_said, their_said)
        if shared < SERIES_NUMBERS:
            return f"a series: titles share {titles:.0%}, numbers {shared:.0%}"
    return ""


def _issue(title: str) -> str:
    """The day in figures that a title carries, as the issues of a series do."""
    found = _DAY.search(title)
    return found[0] if found else ""


def _bare(title: str) -> str:
    """A title without its figures."""
    return _FIGURES.sub("#", title.casefold())


def _named(telling: Telling) -> set[str]:
    """What its title and opening name."""
    return {
        concept for kind in ("mineral", "company", "deposit") for concept in _opening(telling, kind)
    }


def _lede(telling: Telling) -> str:
    return prose(telling.text)[: opening_end(telling.text, LEDE_CHARS)]


def _opening(telling: Telling, kind: str) -> set[str]:
    end = len(telling.title) + 1 + opening_end(telling.text, LEDE_CHARS)
    return {m.concept for m in telling.enrichment.mentions if m.kind == kind and m.start < end}


def other_parties(one: Telling, other: Telling) -> str:
    """Why two deals of one company are two: each title names a party that the other does not."""
    mine, theirs = _actors(one), _actors(other)
    if mine & theirs and mine - theirs and theirs - mine:
        return f"other parties: {min(mine - theirs)}, {min(theirs - mine)}"
    return ""


def _actors(telling: Telling) -> set[str]:
    """Companies and deposits of the title by their first word: a unit stands for its parent."""
    return {concept.split()[0] for concept in _told(telling, {"company", "deposit"})}


def _told(telling: Telling, kinds: AbstractSet[str]) -> set[str]:
    """Concepts of these kinds in the title."""
    mentions, end = telling.enrichment.mentions, len(telling.title)
    return {m.concept for m in mentions if m.kind in kinds and m.start < end}
