"""
What stands in the same place of two texts: a number, a name, with the same words around it.

Two reports of one series, two deals told by one template, a report and its correction share
nearly all of their words, and differ exactly there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import Mention, Telling
from monitor.text import words

#: Words on each side that make two places one; where the value stands elsewhere in the other text
#: too, as the entries of a list do, so many, without numbers, and no other place may be like it.
AROUND, ALIKE_AROUND = 2, 4

#: Characters of a text that are compared.
MOST_CHARS = 100_000

#: Kinds of concept that a template names anew, each with the word that stands for all of a kind.
_STAND_INS = {"company": "xxcompanyxx", "deposit": "xxdepositxx", "country": "xxcountryxx"}

#: The words around a place, and what kind of thing stands there.
_Place = tuple[str, ...]


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
            if not known.values.issuperset(_groups(value)):
                return f"{value}, not {min(others)}"
    for place, value in ours.lone.items():
        other = known.lone.get(place, value)
        if other != value and not _within(value, other):
            return f"{value}, not {other}"
    return ""


@lru_cache(256)
def _slots(title: str, text: str, mentions: tuple[Mention, ...]) -> _Slots:
    told = list(_told(title, text[:MOST_CHARS], mentions))
    near: dict[_Place, set[str]] = {}
    lone: dict[_Place, list[str]] = {}
    edge = [""] * ALIKE_AROUND
    shown = [*edge, *(shape for shape, _ in told), *edge]
    for at, (shape, value) in enumerate(told, start=ALIKE_AROUND):
        if value:
            near.setdefault(_place(shown, at, shape, AROUND), set()).add(value)
            place = _place(shown, at, shape, ALIKE_AROUND)
            if sum(word[:1] == "0" for word in place) <= 1:
                lone.setdefault(place, []).append(value)
    return _Slots(
        near=near,
        lone={place: found[0] for place, found in lone.items() if len(found) == 1},
        values=frozenset(group for _, value in told for group in _groups(value)),
    )


def _place(shown: Sequence[str], at: int, shape: str, around: int) -> _Place:
    return (*shown[at - around : at], shape, *shown[at + 1 : at + 1 + around])


def _groups(value: str) -> Sequence[str]:
    """A number's digits by groups: when a sentence goes, two numbers may come to stand together."""
    return value.split() if any(map(str.isdigit, value)) else (value,) * bool(value)


def _within(value: str, other: str) -> bool:
    """Whether one is the other with further numbers around: a sentence went."""
    shorter, longer = sorted((_groups(value), _groups(other)), key=len)
    left = iter(longer)
    return len(shorter) < len(longer) and all(group in left for group in shorter)


def _told(title: str, text: str, mentions: tuple[Mention, ...]) -> Iterator[tuple[str, str]]:
    """
    Words, each with what it stands for where that is a number or a name.

    The digits of one number, parted by separators, are one word.
    """
    plain, names = _with_stand_ins(text, len(title) + 1, mentions)
    held: list[str] = []
    at = iter(names)
    for word in words(plain):
        if any(map(str.isdigit, word)):
            held.append(word)
            continue
        if held:
            yield _shape(held), " ".join(held)
            held = []
        yield word, next(at, "") if word in _STAND_INS.values() else ""
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
