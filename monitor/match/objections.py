"""What speaks against one matter, however much is shared: other metals, other parties, a series."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from monitor.match.copies import containment
from monitor.match.fingerprint import LEDE_CHARS
from monitor.model import Telling
from monitor.text import numbers, opening_end, prose, shingles
from monitor.urls import host

#: Titles of a series share so much; its issues share fewer numbers than this.
SERIES_TITLE, SERIES_NUMBERS = 0.75, 0.4

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
        if mine and theirs and not mine & theirs:
            return f"one outlet, other subjects: {min(mine)}, {min(theirs)}"
    titles = containment(shingles(one.title, size=1), shingles(other.title, size=1))
    mine_said, their_said = (numbers(_lede(t)) for t in (one, other))
    both = min(len(mine_said), len(their_said))
    if titles >= SERIES_TITLE and both > 1:
        shared = containment(mine_said, their_said)
        if shared < SERIES_NUMBERS:
            return f"a series: titles share {titles:.0%}, numbers {shared:.0%}"
    return ""


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
