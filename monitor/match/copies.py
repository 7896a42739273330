"""
Copies: how much of the shorter text stands in the longer one, word for word.

Containment, not resemblance: a cut agency text shares little with the whole by Jaccard and
everything by containment. Candidates come from a sample of shingles that any two texts
choose alike; a pair is judged by all its shingles, and by its numbers and names, because a
template filled anew each day is no copy.

Source: Broder 1997, "On the resemblance and containment of documents" (containment, and
the sample of hashes divisible by m); Silcock et al. 2022, "Noise-Robust De-Duplication at
Scale" (how little copies of one wire may share).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, time, timedelta

from monitor.model import Copy, Enrichment, Telling
from monitor.text import SHINGLE, numbers, prose, shingles, words
from monitor.urls import host

#: One shingle in so many is a key.
SAMPLE = 12

#: Keys of one text at most; the smallest hashes are kept, so texts choose alike.
MOST_KEYS = 64

#: The opening of a text, in words, and how many of its smallest shingles are keys: a short
#: extract may hold no sampled shingle at all.
LEDE_WORDS = 80
LEDE_KEYS = 8

#: At this containment a text is a copy.
ENOUGH = 0.6

#: At this one it is, if the title or the figures agree too.
WITH_WITNESS = 0.4

#: At this one the names need not agree: a sentence was added, no more.
NEARLY_ALL = 0.85

#: Texts of fewer shingles are too short to be judged by them.
LEAST_SHINGLES = 10

#: Share of the shorter text's numbers that may be missing in the longer one.
MISSING_NUMBERS = 1 / 3

#: The opening of a longer and later text, in words: if it is new, and so is the title, the rest
#: is background, and the text tells something that the shorter one does not.
OPENING_WORDS = 30
OPENING_SHARE = 0.3
SAME_SUBJECT = 0.5
FOLLOW_UP = timedelta(hours=6)

#: An outlet that uses a title again after this time opens the next issue of a series.
NEXT_ISSUE = timedelta(hours=18)

#: Copies of one text appear within this time of each other.
WINDOW = timedelta(days=14)

#: Titles that share so much of their words are one title.
SAME_TITLE = 0.8

#: So many agreeing numbers are a witness.
WITNESSES = 3

#: An earlier date than this much before counts: feeds round to minutes.
EARLIER = timedelta(minutes=1)

_DIGITS = re.compile(r"\d+")


def bands(text: str) -> list[int]:
    """
    Keys under which copies of a text find it, ascending; 63-bit, distinct.

    A whole text and an extract of it share keys in proportion to the extract.
    """
    found = words(prose(text))
    sampled = sorted(h for h in shingles(found) if h % SAMPLE == 0)[:MOST_KEYS]
    lede = sorted(shingles(found[:LEDE_WORDS]))[:LEDE_KEYS]
    return sorted({*sampled, *lede})


def judge(telling: Telling, candidates: Sequence[Telling]) -> Copy | None:
    """
    The edge from an article to the one that it copies, or None.

    Args:
        candidates: stored articles; a copy among them stands for its original.

    Returns:
        The edge to the original of the candidate that shares most; ties go to the earliest.
    """
    mine = shingles(_body(telling))
    best: Copy | None = None
    for other in sorted(candidates, key=lambda c: (c.copy_of > 0, c.at, c.article_id)):
        edge = _edge(telling, mine, other)
        if edge and (best is None or edge.containment > best.containment):
            best = edge
    return best


def turned(telling: Telling, edge: Copy, group: Sequence[Telling]) -> Mapping[int, Copy]:
    """
    Edges that turn round because the new article is earlier than the original so far.

    Args:
        edge: what `judge` said.
        group: the original so far, and all that copy it.

    Returns:
        Article id to its edge to `telling` (original_id = `telling.article_id`); empty when
        the original stays. All of the group turn, or none does.
    """
    original = next((one for one in group if one.article_id == edge.original_id), None)
    if original is None or not _is_earlier(telling.at, original.at):
        return {}
    mine = shingles(_body(telling))
    found = {}
    for other in group:
        share = containment(mine, shingles(_body(other)))
        found[other.article_id] = Copy(
            original_id=telling.article_id,
            containment=round(share, 3),
            why=f"{share:.0%} of the shorter text's word triples stand in both; "
            f"published {_ago(other.at - telling.at)} later",
        )
    return found


def _is_earlier(one: datetime, other: datetime) -> bool:
    """Whether one was published first; midnight is a day without its hour."""
    if time() in {one.time(), other.time()}:
        return one.date() < other.date()
    return one <= other - EARLIER


def containment(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Share of the smaller set that the larger one has, in [0, 1]; 0 when one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _body(telling: Telling) -> str:
    """What an article says, without the furniture of its page."""
    return prose(telling.text) or telling.title


def _edge(telling: Telling, mine: frozenset[int], other: Telling) -> Copy | None:
    if telling.language != other.language or abs(telling.at - other.at) > WINDOW:
        return None
    theirs = shingles(_body(other))
    share = containment(mine, theirs)
    if share < WITH_WITNESS or min(len(mine), len(theirs)) < LEAST_SHINGLES:
        return None
    shorter, longer = (telling, other) if len(mine) <= len(theirs) else (other, telling)
    missing = _missing_numbers(shorter, longer)
    if missing > MISSING_NUMBERS or (share < NEARLY_ALL and _foreign_names(shorter, longer)):
        return None
    if _is_series(telling, other) or _is_filled_anew(shorter, longer):
        return None
    if _is_follow_up(shorter, longer):
        return None
    why = f"{share:.0%} of the shorter text's word triples stand in both"
    if share < ENOUGH:
        witness = _witness(telling, other, missing)
        if not witness:
            return None
        why = f"{why}; {witness}"
    original = other.copy_of or other.article_id
    if original != other.article_id:
        why = f"{why} (compared with a{other.article_id}, itself a copy)"
    return Copy(original_id=original, containment=round(share, 3), why=why)


def _is_series(one: Telling, other: Telling) -> bool:
    """Whether both are issues of one series: one title, another day or other numbers."""
    titles = (_masked(one.title), _masked(other.title))
    if containment(shingles(titles[0], size=1), shingles(titles[1], size=1)) < SAME_TITLE:
        return False
    said = numbers(one.title), numbers(other.title)
    is_same_outlet = host(one.url) == host(other.url) != ""
    return bool(said[0] and said[1] and said[0] != said[1]) or (
        is_same_outlet and abs(one.at - other.at) >= NEXT_ISSUE
    )


def _is_filled_anew(shorter: Telling, longer: Telling) -> bool:
    """Whether the same sentences stand in both with other numbers: a series, or an update."""
    plain = _shared(words(_body(shorter)), words(_body(longer)))
    masked = _shared(_masked(_body(shorter)), _masked(_body(longer)))
    return masked > plain


def _shared(mine: list[str], theirs: list[str]) -> int:
    """How many places of the first text begin a shingle that the second has."""
    known = {tuple(theirs[at : at + SHINGLE]) for at in range(len(theirs) - SHINGLE + 1)}
    starts = range(len(mine) - SHINGLE + 1)
    return sum(tuple(mine[at : at + SHINGLE]) in known for at in starts)


def _masked(text: str) -> list[str]:
    return [_DIGITS.sub("0", word) for word in words(text)]


def _is_follow_up(shorter: Telling, longer: Telling) -> bool:
    """Whether the longer text is later news on top of the shorter one's words."""
    if longer.at - shorter.at < FOLLOW_UP:
        return False
    opening = shingles(words(_body(longer))[:OPENING_WORDS])
    if containment(opening, shingles(_body(shorter))) >= OPENING_SHARE:
        return False
    titles = containment(shingles(shorter.title, size=1), shingles(longer.title, size=1))
    return titles < SAME_SUBJECT


def _missing_numbers(shorter: Telling, longer: Telling) -> float:
    said = numbers(_body(shorter))
    known = numbers(_body(longer)) | numbers(longer.title)
    return len(said - known) / len(said) if said else 0.0


def _foreign_names(shorter: Telling, longer: Telling) -> bool:
    """Whether the shorter text names a company, place or country that the longer does not."""
    return bool(_names(shorter.enrichment) - _names(longer.enrichment))


def _names(said: Enrichment) -> set[str]:
    return {*said.companies, *said.places, *said.countries}


def _witness(telling: Telling, other: Telling, missing: float) -> str:
    shared = containment(shingles(telling.title, size=1), shingles(other.title, size=1))
    if shared >= SAME_TITLE:
        return f"the titles share {shared:.0%} of their words"
    both = numbers(_body(telling)) & numbers(_body(other))
    if missing == 0 and len(both) >= WITNESSES:
        return f"all {len(both)} numbers agree"
    return ""


def _ago(gap: timedelta) -> str:
    minutes = round(gap.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} d"
