"""
Two texts as what stayed, what went and what came; and the figures that changed with them.

Pure and bounded: words are compared (ideographs one by one) by the shortest edit script; where
that would take too long, sentences that stand once in both texts hold them together, and the
words between those are compared as far as the steps last. difflib has no such bound. Source:
Myers 1986, "An O(ND) difference algorithm and its variations"; Cohen's patience diff.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.deliver.figures import amount_text, figure_text
from monitor.model import Claim, StoredClaim

#: Comparisons of two parts of a text, in all; some tenths of a second.
STEPS = 250_000

#: What did not change is cut to so many characters on each side of what did.
CONTEXT = 180

Kind = Literal["same", "gone", "came", "skipped"]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_STOPS = frozenset(".!?。！？;；")
_WORDS = re.compile(rf"[{_CJK}]|\d+(?:[.,]\d+)*|[^\W\d{_CJK}]+|\s+|[^\w\s]")
_SENTENCES = re.compile(r"[^.!?\n。！？]*(?:[.!?]+\s*|[。！？]|\n+)|[^.!?\n。！？]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of both texts, of the older one, or of the newer one."""

    kind: Kind
    #: Of a skipped one: the characters that are left out, in figures.
    text: str


@dataclass(slots=True)
class _Steps:
    """How many comparisons are left."""

    left: int


class _TooFarError(Exception):
    """The texts differ by more than the steps that are left can tell."""


def differences(before: str, after: str, *, steps: int = STEPS) -> list[Piece]:
    """
    What it takes to make the older text the newer one, in order.

    Returns:
        Pieces: all that are `same` or `gone` joined are the older text, all that are `same` or
        `came` the newer one; no two neighbours are of one kind, and `gone` stands before `came`.
    """
    budget = _Steps(steps)
    try:
        found = list(_compared(_WORDS.findall(before), _WORDS.findall(after), budget, steps // 2))
    except _TooFarError:
        found = list(_by_sentences(before, after, budget))
    return _joined(found)


def condensed(pieces: Sequence[Piece], *, context: int = CONTEXT) -> list[Piece]:
    """The same with long parts that did not change left out, so that one sees what did."""
    found: list[Piece] = []
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        text = piece.text
        # The first lines lead to the first change, the last ones follow the last.
        begin = _border(text, context, 1) if at > 0 else 0
        end = _border(text, len(text) - context, -1) if at < last else len(text)
        if piece.kind != "same" or end - begin <= context:
            found.append(piece)
            continue
        found += _same(text[:begin])
        found.append(Piece(kind="skipped", text=str(end - begin)))
        found += _same(text[end:])
    return found


def figure_changes(claims: Iterable[StoredClaim], before: int, after: int) -> list[str]:
    """
    The figures that differ between two revisions of an article: `stake 70 % → 65 %`.

    What only came, or only went, stands beside an empty side: `+ capex 1.1 bn USD`.
    """
    old: dict[tuple[str, str], dict[str, Claim]] = {}
    new: dict[tuple[str, str], dict[str, Claim]] = {}
    for stored in claims:
        side = {before: old, after: new}.get(stored.revision)
        if side is not None:
            claim = stored.claim
            side.setdefault((claim.kind, claim.unit), {})[figure_text(claim)] = claim
    found = []
    for key in dict.fromkeys([*old, *new]):
        went = {t: c for t, c in old.get(key, {}).items() if t not in new.get(key, {})}
        came = {t: c for t, c in new.get(key, {}).items() if t not in old.get(key, {})}
        if went and came:
            sides = [", ".join(_amount(claim) for claim in one.values()) for one in (went, came)]
            found.append(f"{key[0].replace('_', ' ')} {' → '.join(sides)}")
        else:
            found += [f"− {text}" for text in went] + [f"+ {text}" for text in came]
    return found


def _amount(claim: Claim) -> str:
    stage = f" ({claim.stage.replace('_', ' ')})" if claim.stage else ""
    return f"{amount_text(claim.value, claim.unit)} {claim.basis}".rstrip() + stage


def _by_sentences(before: str, after: str, budget: _Steps) -> Iterator[Piece]:
    """Sentences that stand once in both texts hold them together; words tell what is between."""
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    x = y = 0
    for at, there in [*_anchors(old, new), (len(old), len(new))]:
        yield from _refined("".join(old[x:at]), "".join(new[y:there]), budget)
        yield Piece(kind="same", text="".join(old[at : at + 1]))
        x, y = at + 1, there + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of parts that stand once in both, as many as are in one order: patience sorting."""
    once, there = Counter(old), Counter(new)
    places = {part: at for at, part in enumerate(new)}
    pairs = [
        (at, places[part])
        for at, part in enumerate(old)
        if once[part] == 1 and there.get(part) == 1
    ]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(number)
        else:
            tops[pile], piles[pile] = place, number
    found: list[tuple[int, int]] = []
    number = piles[-1] if piles else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _refined(went: str, came: str, budget: _Steps) -> Iterator[Piece]:
    try:
        words = _WORDS.findall(went), _WORDS.findall(came)
        yield from list(_compared(*words, budget, budget.left // 2))
    except _TooFarError:
        yield Piece(kind="gone", text=went)
        yield Piece(kind="came", text=came)


def _compared(old: Sequence[str], new: Sequence[str], budget: _Steps, most: int) -> Iterator[Piece]:
    """
    Raises:
        _TooFarError: `most` steps do not suffice.
    """
    start = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    script = _script(*_numbered(*middle), budget, most)
    yield Piece(kind="same", text="".join(old[:start]))
    yield from (
        Piece(kind=kind, text="".join(middle[kind == "came"][a:b])) for kind, a, b in script
    )
    yield Piece(kind="same", text="".join(old[len(old) - end :]))


def _numbered(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    """Numbers are compared faster than words."""
    known: dict[str, int] = {}
    return (
        [known.setdefault(word, len(known)) for word in old],
        [known.setdefault(word, len(known)) for word in new],
    )


def _script(
    old: list[int], new: list[int], budget: _Steps, most: int
) -> list[tuple[Kind, int, int]]:
    """The shortest edit script: what of the old stays or goes, what of the new comes."""
    if not old or not new:
        return [("gone", 0, len(old)), ("came", 0, len(new))]
    rounds = _rounds(old, new, budget, most)
    found: list[tuple[Kind, int, int]] = []
    x, y = len(old), len(new)
    for distance in range(len(rounds) - 1, -1, -1):
        furthest = rounds[distance]
        k = x - y
        if distance == 0:
            came_from = 0, 0
        elif k == -distance or (k != distance and furthest[k - 1] < furthest[k + 1]):
            came_from = furthest[k + 1], furthest[k + 1] - k - 1
        else:
            came_from = furthest[k - 1], furthest[k - 1] - k + 1
        from_x, from_y = came_from
        straight = min(x - from_x, y - from_y)
        if straight:
            found.append(("same", x - straight, x))
            x, y = x - straight, y - straight
        if x > from_x:
            found.append(("gone", from_x, x))
        if y > from_y:
            found.append(("came", from_y, y))
        x, y = from_x, from_y
    return found[::-1]


def _rounds(old: list[int], new: list[int], budget: _Steps, most: int) -> list[dict[int, int]]:
    """By number of edits: how far one had come on each diagonal with one edit fewer."""
    n, m = len(old), len(new)
    floor = max(budget.left - most, 0)
    furthest = {1: 0}
    rounds: list[dict[int, int]] = []
    for distance in range(n + m + 1):
        rounds.append(furthest)
        reached: dict[int, int] = {}
        for k in range(-distance, distance + 1, 2):
            down = k == -distance or (k != distance and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            begun = x
            while x < n and x - k < m and old[x] == new[x - k]:
                x += 1
            reached[k] = x
            budget.left -= x - begun + 1
            if x >= n and x - k >= m:
                return rounds
        if budget.left < floor:
            raise _TooFarError
        furthest = reached
    return rounds


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind are one; blanks between two changes change with them."""
    found: list[Piece] = []
    went = came = ""
    blank = ""
    for piece in pieces:
        if piece.kind == "gone":
            went, came, blank = went + blank + piece.text, came + blank, ""
        elif piece.kind == "came":
            went, came, blank = went + blank, came + blank + piece.text, ""
        elif (went or came) and not piece.text.strip():
            blank += piece.text
        elif piece.text:
            found += _change(went, came)
            _add_same(found, blank + piece.text)
            went = came = blank = ""
    found += _change(went, came)
    _add_same(found, blank)
    return _slid(found)


def _slid(pieces: Sequence[Piece]) -> list[Piece]:
    """A sentence that came or went ends with its own stop, not with that of the one before."""
    found = list(pieces)
    for at in range(1, len(found) - 1):
        before, change, after = found[at - 1 : at + 2]
        stop = after.text[0]
        is_alone = before.kind == after.kind == "same" and change.kind != "same"
        if is_alone and stop in _STOPS and change.text[0] == stop:
            found[at - 1] = Piece(kind="same", text=before.text + stop)
            found[at] = Piece(kind=change.kind, text=change.text[1:] + stop)
            found[at + 1] = Piece(kind="same", text=after.text[1:])
    return [piece for piece in found if piece.text]


def _same(text: str) -> list[Piece]:
    return [Piece(kind="same", text=text)] if text else []


def _border(text: str, place: int, step: int) -> int:
    """A place between words near that one."""
    for near in range(place, place + 20 * step, step):
        if 0 < near < len(text) and text[near - 1].isspace():
            return near
    return min(max(place, 0), len(text))


def _change(went: str, came: str) -> list[Piece]:
    sides: list[tuple[Kind, str]] = [("gone", went), ("came", came)]
    return [Piece(kind=kind, text=text) for kind, text in sides if text]


def _add_same(found: list[Piece], text: str) -> None:
    if text and found and found[-1].kind == "same":
        text = found.pop().text + text
    if text:
        found.append(Piece(kind="same", text=text))
