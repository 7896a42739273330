"""
What stands in the same place of two texts: a number, a name, with the same words around it.

Two reports of one series, two deals told by one template, a report and its correction share
nearly all of their words, and differ exactly there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import Mention, Telling
from monitor.text import passing_words, words

#: Words before and behind, in one sentence, that make two places one if the values are new to the
#: other text; the shorter ways must be words throughout.
AROUND = ((2, 2), (1, 2), (2, 1))

#: Where both values stand elsewhere too, as the entries of a list do: so many words on each side,
#: of them one number at most, and no other place may be like it.
ALIKE_AROUND = 4

#: Words that a place must have around it; the beginning or end of a sentence counts as one.
LEAST_AROUND = 3

#: Characters of a text that are compared.
MOST_CHARS = 100_000

#: Kinds of concept that a template names anew, each with the word that stands for all of a kind.
_STAND_INS = {"company": "xxcompanyxx", "deposit": "xxdepositxx", "country": "xxcountryxx"}

#: Where a sentence ends, or what is taken for it: nothing beyond belongs to a place.
_BREAK = re.compile(r"\n+|(?<=[.!?…])[\"'»”’)\]]*\s+|[。！？；]")
_EDGE = "¶"

#: How many words before, and the words around, with what kind of thing stands there.
_Place = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Slots:
    """The numbers and names of a text."""

    #: What stands at each place, with few words around it.
    near: Mapping[_Place, set[str]]
    #: With more of them, where that is the only such place.
    lone: Mapping[_Place, str]
    #: Every value; of a number its digits, group by group.
    values: frozenset[str]


def filled_anew(mine: Telling, theirs: Telling) -> str:
    """Like `44, not 42`: what stands in place of the other text's number or name; '' = nothing."""
    ours, known = (_slots(t.title, t.text, t.enrichment.mentions) for t in (mine, theirs))
    for place, values in ours.near.items():
        others = known.near.get(place, values)
        for value in sorted(values - others):
            if found := _exchanged(value, others, ours, known):
                return f"{value}, not {found}"
    for place, value in ours.lone.items():
        if (other := known.lone.get(place, value)) != value and _is_number(value):
            return f"{value}, not {other}"
    return ""


def _exchanged(value: str, others: AbstractSet[str], ours: _Slots, known: _Slots) -> str:
    """What a value took the place of: a number where one of both is new, a name where both are."""
    is_new = not known.values.issuperset(_groups(value))
    fresh = sorted(other for other in others if not ours.values.issuperset(_groups(other)))
    if _is_number(value):
        return (fresh or sorted(others))[0] if is_new or fresh else ""
    # A name of which a word was exchanged is the same name.
    fresh = [other for other in fresh if not {*words(value)} & {*words(other)}]
    return fresh[0] if is_new and fresh else ""


@lru_cache(256)
def _slots(title: str, text: str, mentions: tuple[Mention, ...]) -> _Slots:
    near: dict[_Place, set[str]] = {}
    lone: dict[_Place, list[str]] = {}
    values: set[str] = set()
    for sentence in _told(title, text[:MOST_CHARS], mentions):
        shown = [_EDGE, *(shape for shape, _ in sentence), _EDGE]
        for at, (_, value) in enumerate(sentence, start=1):
            if not value:
                continue
            values.update(_groups(value))
            for before, behind in AROUND:
                if place := _place(shown, at, before, behind):
                    near.setdefault(place, set()).add(value)
            if place := _place(shown, at, ALIKE_AROUND, ALIKE_AROUND):
                lone.setdefault(place, []).append(value)
    alone = {place: found[0] for place, found in lone.items() if len(found) == 1}
    return _Slots(near=near, lone=alone, values=frozenset(values))


def _place(shown: Sequence[str], at: int, before: int, behind: int) -> _Place | None:
    """The place of one word of a sentence; None where too little stands around it."""
    left, right = shown[max(0, at - before) : at], shown[at + 1 : at + 1 + behind]
    numbers = sum(word[0] == "0" for word in (*left, *right))
    if before == behind == ALIKE_AROUND:
        is_enough = len(left) + len(right) > ALIKE_AROUND and numbers <= 1
    else:
        is_even = before == behind
        is_enough = len(left) + len(right) >= LEAST_AROUND and (is_even or not numbers)
    return (len(left), (*left, shown[at], *right)) if is_enough else None


def _groups(value: str) -> Sequence[str]:
    """A number's digits by groups; a name is one."""
    return value.split() if _is_number(value) else (value,)


def _is_number(value: str) -> bool:
    return any(map(str.isdigit, value))


def _told(
    title: str, text: str, mentions: tuple[Mention, ...]
) -> Iterator[Sequence[tuple[str, str]]]:
    """Sentences of words, each with what it stands for where that is a number or a name."""
    plain, names = _with_stand_ins(text, len(title) + 1, mentions)
    left = iter(names)
    for sentence in _BREAK.split(plain):
        if sentence.strip():
            yield list(_words(sentence, left))


def _words(sentence: str, names: Iterator[str]) -> Iterator[tuple[str, str]]:
    """The digits of one number, parted by separators, are one word."""
    held: list[str] = []
    for word in passing_words(sentence):
        if any(map(str.isdigit, word)):
            held.append(word)
            continue
        if held:
            yield _shape(held), " ".join(held)
            held = []
        yield word, next(names, "") if word in _STAND_INS.values() else ""
    if held:
        yield _shape(held), " ".join(held)


def _shape(number: list[str]) -> str:
    """Any number, with the letters that are written together with it."""
    return "0" + "".join(char for word in number for char in word if not char.isdigit())


def _with_stand_ins(text: str, offset: int, mentions: tuple[Mention, ...]) -> tuple[str, list[str]]:
    """The text with stand-ins for its names, and the names in order."""
    parts, names, end = [], [], 0
    for mention in mentions:
        start = mention.start - offset
        if mention.kind not in _STAND_INS or start < end or mention.end - offset > len(text):
            continue
        parts += [text[end:start], f" {_STAND_INS[mention.kind]} "]
        names.append(mention.concept)
        end = mention.end - offset
    return "".join([*parts, text[end:]]), names
