"""
Copies: how much of the shorter text stands in the longer one, word for word.

Containment, not resemblance: a cut agency text shares little with the whole by Jaccard and
everything by containment. Candidates come from a sample of shingles that any two texts
choose alike; a pair is judged by all its shingles, and by its numbers and names, because a
template filled anew each day is no copy. A text whose words were exchanged here and there
shares less, but some of it everywhere; what an article says of where it comes from (a canonical
link, a forward, an agency's name) makes less enough.

Source: Broder 1997, "On the resemblance and containment of documents" (containment, and
the sample of hashes divisible by m); Silcock et al. 2022, "Noise-Robust De-Duplication at
Scale" (how little copies of one wire may share).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, time, timedelta
from functools import lru_cache

from monitor.match.pointers import pointer
from monitor.match.slots import filled_anew
from monitor.model import Copy, Enrichment, Telling
from monitor.text import (
    REMEMBERED,
    line_keys,
    numbers,
    prose,
    repaired,
    shingles,
    without_lines,
    words,
)
from monitor.urls import host, publication

#: One shingle in so many is a key.
SAMPLE = 12

#: Keys of one text at most; the smallest hashes are kept, so texts choose alike.
MOST_KEYS = 64

#: The opening of a text, in words, and how many of its smallest shingles are keys: a short
#: extract may hold no sampled shingle at all.
LEDE_WORDS = 80
LEDE_KEYS = 8

#: Characters of a text that are compared.
MOST_CHARS = 100_000

#: At this containment a text is a copy.
ENOUGH = 0.6

#: At this one it is, if the title or the figures agree too.
WITH_WITNESS = 0.4

#: At this one it is, if every part of it is found in the other: words were exchanged.
SPUN = 0.3

#: Words in a part, of which a share of the shingles must be found; so many parts must be long.
PART_WORDS, PART_SHARE = 25, 0.15
LEAST_PARTS, FOUND_PARTS = 3, 0.75

#: At this one it is, if it says itself that it goes back to the other.
POINTED = 0.2

#: Below this one the furniture of the longer text is not looked into.
LEAST_PLAIN = 0.1

#: At this one the names need not agree: a sentence was added, no more.
NEARLY_ALL = 0.85

#: Texts of fewer shingles are too short to be judged by them; with a pointer, of fewer than these.
LEAST_SHINGLES = 10
LEAST_POINTED = 4

#: Share of the shorter text's numbers that may be missing in the longer one.
MISSING_NUMBERS = 1 / 3

#: The opening of a longer and later text, in words: if it is new, and so is the title, the rest
#: is background, and the text tells something that the shorter one does not.
OPENING_WORDS = 30
OPENING_SHARE = 0.2
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
    shown = _read(text)
    sampled = sorted(h for h in shingles(shown) if h % SAMPLE == 0)[:MOST_KEYS]
    lede = sorted(shingles(words(shown)[:LEDE_WORDS]))[:LEDE_KEYS]
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
    Edges that turn round because the new article comes before the original so far.

    It was published earlier, or the original names it as what it goes back to; never where it
    names the original so itself.

    Args:
        edge: what `judge` said.
        group: the original so far, and all that copy it.

    Returns:
        Article id to its edge to `telling` (original_id = `telling.article_id`); empty when
        the original stays. All of the group turn, or none does.
    """
    original = next((one for one in group if one.article_id == edge.original_id), None)
    if original is None or pointer(telling, original):
        return {}
    named = pointer(original, telling)
    if not named and not _is_earlier(telling.at, original.at):
        return {}
    mine = shingles(_body(telling))
    found = {}
    for other in group:
        share = containment(mine, shingles(_body(other)))
        found[other.article_id] = Copy(
            original_id=telling.article_id,
            containment=round(share, 3),
            why=f"{share:.0%} of the shorter text's word triples stand in both; "
            + (pointer(other, telling) or f"published {_ago(other.at - telling.at)} later"),
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


@lru_cache(REMEMBERED)
def _whole(text: str) -> str:
    """What is compared of a text, its letters put right."""
    return repaired(text[:MOST_CHARS])


def _read(text: str) -> str:
    """The same without the furniture of its page."""
    return prose(_whole(text))


def _body(telling: Telling) -> str:
    return _read(telling.text) or telling.title


def _edge(telling: Telling, mine: frozenset[int], other: Telling) -> Copy | None:
    if abs(telling.at - other.at) > WINDOW:
        return None
    share = _share(telling, mine, other)
    if share < POINTED:
        return None
    theirs = shingles(_body(other))
    said = pointer(telling, other) or pointer(other, telling)
    if min(len(mine), len(theirs)) < (LEAST_POINTED if said else LEAST_SHINGLES):
        return None
    shorter, longer = (telling, other) if len(mine) <= len(theirs) else (other, telling)
    if _objection(shorter, longer, share):
        return None
    witness = said or _witness(shorter, longer, share)
    if share < ENOUGH and not witness:
        return None
    why = f"{share:.0%} of the shorter text's word triples stand in both"
    if witness:
        why = f"{why}; {witness}"
    original = other.copy_of or other.article_id
    if original != other.article_id:
        why = f"{why} (compared with a{other.article_id}, itself a copy)"
    return Copy(original_id=original, containment=round(share, 3), why=why)


def _share(telling: Telling, mine: frozenset[int], other: Telling) -> float:
    """Share of the shorter text's shingles that stand in the longer, furniture or not."""
    theirs = shingles(_body(other))
    plain = containment(mine, theirs)
    if not LEAST_PLAIN <= plain < NEARLY_ALL:
        return plain
    shorter, longer = (mine, other) if len(mine) <= len(theirs) else (theirs, telling)
    return max(plain, len(shorter & shingles(_whole(longer.text))) / len(shorter))


def _objection(shorter: Telling, longer: Telling, share: float) -> str:
    """Why a text that shares so much is no copy all the same; '' = nothing objects."""
    if _missing_numbers(shorter, longer) > MISSING_NUMBERS:
        return "other numbers"
    if share < NEARLY_ALL and _other_names(shorter, longer):
        return "other names in the title"
    if _is_series(shorter, longer):
        return "a series"
    if _is_furniture(shorter, longer):
        return "only lines that one site repeats are shared"
    if odd := filled_anew(shorter, longer):
        return f"the same sentences with other values: {odd}"
    return "news on top of old words" if _is_follow_up(shorter, longer) else ""


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


def _is_furniture(shorter: Telling, longer: Telling) -> bool:
    """Whether two pages of one site share whole lines, and nothing of what is left of each."""
    if publication(shorter.url) != publication(longer.url) or not publication(shorter.url):
        return False
    shared = frozenset(line_keys(shorter.text)).intersection(line_keys(longer.text))
    left = [shingles(without_lines(one.text, shared)) for one in (shorter, longer)]
    return (
        bool(shared) and min(map(len, left)) >= LEAST_POINTED and containment(*left) < WITH_WITNESS
    )


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
    odd = said - known
    if odd:
        # Where a line ends, two numbers may come to be read as one.
        groups = frozenset(_DIGITS.findall(_whole(longer.text)))
        odd = frozenset(n for n in odd if not groups.issuperset(_DIGITS.findall(n)))
    return len(odd) / len(said) if said else 0.0


def _other_names(shorter: Telling, longer: Telling) -> bool:
    """Whether each title names a company or deposit that the other article does not."""
    pairs = ((shorter, longer), (longer, shorter))
    return all(_titled(one) - _names(other.enrichment) for one, other in pairs)


def _titled(telling: Telling) -> set[str]:
    end, kinds = len(telling.title), {"company", "deposit"}
    mentions = telling.enrichment.mentions
    return {m.concept for m in mentions if m.kind in kinds and m.start < end}


def _names(said: Enrichment) -> set[str]:
    return {*said.companies, *said.places}


def _witness(shorter: Telling, longer: Telling, share: float) -> str:
    """What else makes it a copy where not enough words are the same; '' = nothing else."""
    if share >= ENOUGH or share < SPUN:
        return ""
    titles = containment(shingles(shorter.title, size=1), shingles(longer.title, size=1))
    if share >= WITH_WITNESS and titles >= SAME_TITLE:
        return f"the titles share {titles:.0%} of their words"
    both = numbers(_body(shorter)) & numbers(_body(longer))
    if share >= WITH_WITNESS and len(both) >= WITNESSES and not _missing_numbers(shorter, longer):
        return f"all {len(both)} numbers agree"
    parts = _found_parts(words(_body(shorter)), shingles(_body(longer)))
    return f"{parts:.0%} of its parts are found in it" if parts >= FOUND_PARTS else ""


def _found_parts(mine: Sequence[str], theirs: AbstractSet[int]) -> float:
    """Share of a text's parts of which something stands in the other; 0 for a short text."""
    parts = [mine[at : at + PART_WORDS] for at in range(0, len(mine), PART_WORDS)]
    if len(parts) < LEAST_PARTS:
        return 0.0
    found = [containment(shingles(part), theirs) >= PART_SHARE for part in parts]
    return sum(found) / len(found)


def _ago(gap: timedelta) -> str:
    minutes = round(gap.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} d"
