"""
The ledger: figures of one kind about one subject side by side, each with its verdict and why.

Pure; of the articles of one story, or of all that tell of one subject. What is shown and what
is exported, counted and alerted on is what is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger.bases import reduced
from monitor.deliver.ledger.corrections import correction_text, corrections_of
from monitor.deliver.ledger.sides import DATE, GRAVITY, Side, Verdict, sides, statements
from monitor.deliver.ledger.verdicts import Judged, Pair, Relation, judge, pair_of, sums
from monitor.model import StoredArticle

#: Figures of one kind that are compared, those of most origins; the others are only listed.
COMPARED = 60

#: Subjects by which a matter is called; one origin in so many must name them.
CALLED, NAMED_BY = 2, 4

#: Kinds that are of a deposit, whoever tells of them.
IN_THE_GROUND = frozenset({"resource", "grade"})

#: By side (`id`): of which offers it is the sum, in words and as values.
Added = Mapping[int, tuple[str, frozenset[float]]]

_VERDICTS = {
    Relation.CONTRADICTION: Verdict.CONTRADICTION,
    Relation.INCOMPARABLE: Verdict.INCOMPARABLE,
    Relation.DRIFT: Verdict.DRIFT,
}

#: Relations that are told beside a figure, the gravest first.
_TOLD = (*_VERDICTS, Relation.AGREES, Relation.SPLIT, Relation.BOTH_MAY_HOLD)

#: Notes beside one figure.
NOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One figure in the ledger."""

    side: Side
    verdict: Verdict
    #: Why, the gravest first; with the conversion where there is one.
    notes: tuple[str, ...]
    #: Origins of what it equals on another basis too.
    origins: int
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two figures that do not stand together without a word."""

    one: Side
    other: Side
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """All figures of one kind about one subject."""

    #: Of the figure that most tell; `loan` of a letter of interest too.
    kind: str
    #: What it is about; empty where no sentence names it.
    subjects: tuple[str, ...]
    #: Those of most origins first, what nobody states any more last.
    entries: tuple[Entry, ...]
    verdict: Verdict
    #: The pairs that decided, the gravest first.
    disputes: tuple[Dispute, ...]

    @property
    def note(self) -> str:
        """What decided: the first note of the first figure that has the verdict of all."""
        return next((e.notes[0] for e in self.entries if e.verdict is self.verdict and e.notes), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All figures of some articles."""

    #: Those that most tell first.
    matters: tuple[Matter, ...]

    @property
    def by_claim(self) -> Mapping[int, Entry]:
        """The entry of each claim; of superseded texts too."""
        return {
            one.stored.id: entry
            for matter in self.matters
            for entry in matter.entries
            for one in entry.side.statements
        }


def ledger_of(articles: Sequence[StoredArticle], *, about: str = "") -> Ledger:
    """
    The ledger of some articles.

    Args:
        articles: of one story; or of several, and then `about` one subject.
        about: only figures that name this subject; empty = all.
    """
    found = sides(statements(articles, about=about))
    added = _added(found)
    corrected = _corrected(articles)
    buckets: dict[tuple[str, str], list[Side]] = {}
    for side in found:
        buckets.setdefault((side.family, _dimension(side.unit)), []).append(side)
    matters = [
        matter for bucket in buckets.values() for matter in _matters(bucket, corrected, added)
    ]
    matters.sort(key=lambda matter: -matter.entries[0].origins)
    return Ledger(matters=tuple(matters))


def _dimension(unit: str) -> str:
    """What figures must share to be compared at all: money, mass, share, …"""
    _, plain = reduced(1.0, unit)
    top, slash, bottom = plain.partition("/")
    is_money = len(top) == 3 and top.isalpha() and top.isupper()
    return f"money{slash}{bottom}" if is_money else plain


def _matters(
    bucket: Sequence[Side], corrected: Mapping[int, str], added: Added
) -> Iterator[Matter]:
    """Figures of one kind by what they are about; former ones beside what they became."""
    present = [side for side in bucket if side.is_current]
    former = [side for side in bucket if not side.is_current]
    compared, rest = present[:COMPARED], present[COMPARED:]
    judged = _judged(compared, added)
    groups = _groups(compared, judged)
    for side in former:
        home = next((group for group in groups if _was_of(side, group)), None)
        if home is None:
            groups.append([side])
        else:
            home.append(side)
    for group in groups:
        yield _matter(group, judged, corrected, added)
    for side in rest:
        yield _matter([side], {}, corrected, added)


def _judged(compared: Sequence[Side], added: Added) -> dict[tuple[int, int], tuple[Pair, Judged]]:
    """By two sides (`id`): what they are to each other."""
    pairs = [
        replace(pair_of(one, other), added=_part_of(one, other, added))
        for one, other in combinations(compared, 2)
    ]
    tellings = {id(side): side.roots for side in compared}
    first = [(pair, judge(pair)) for pair in pairs]
    for pair, found in first:
        if found.relation is Relation.AGREES:
            both = pair.one.roots | pair.other.roots
            tellings[id(pair.one)] |= both
            tellings[id(pair.other)] |= both
    judged = {}
    for pair, found in first:
        told = tellings[id(pair.one)], tellings[id(pair.other)]
        is_other = told != pair.tellings
        judged[id(pair.one), id(pair.other)] = (
            (pair, judge(replace(pair, tellings=told))) if is_other else (pair, found)
        )
    return judged


def _part_of(one: Side, other: Side, added: Added) -> str:
    """That one is a sum of which the other is a part, in words."""
    for whole, part in ((one, other), (other, one)):
        text, parts = added.get(id(whole), ("", frozenset()))
        if part.value in parts and part.unit == whole.unit:
            return text
    return ""


def _groups(
    compared: Sequence[Side], judged: Mapping[tuple[int, int], tuple[Pair, Judged]]
) -> list[list[Side]]:
    """Sides that are about one thing: none of two is about another than one that joins them."""
    home = {id(side): id(side) for side in compared}

    def root(key: int) -> int:
        while home[key] != key:
            home[key] = key = home[home[key]]
        return key

    for (one, other), (_, found) in judged.items():
        if found.relation is not Relation.APART:
            home[root(other)] = root(one)
    groups: dict[int, list[Side]] = {}
    for side in compared:
        groups.setdefault(root(id(side)), []).append(side)
    return list(groups.values())


def _was_of(former: Side, group: Sequence[Side]) -> bool:
    """Whether an article that stated a former figure states one of these now."""
    articles = {one.article.id for one in former.statements}
    return any(
        side.kind == former.kind and articles & {one.article.id for one in side.statements}
        for side in group
    )


def _matter(
    group: Sequence[Side],
    judged: Mapping[tuple[int, int], tuple[Pair, Judged]],
    corrected: Mapping[int, str],
    added: Added,
) -> Matter:
    inside = {id(side) for side in group}
    pairs = [
        (pair, found)
        for (one, other), (pair, found) in judged.items()
        if one in inside and other in inside
    ]
    entries = [_entry(side, pairs, corrected, added) for side in group]
    disputes = [
        Dispute(one=pair.one, other=pair.other, judged=found)
        for pair, found in pairs
        if found.relation not in {Relation.AGREES, Relation.APART}
    ]
    disputes.sort(key=lambda one: (_TOLD.index(one.judged.relation), -one.judged.factor))
    present = [entry for entry in entries if entry.side.is_current] or entries
    return Matter(
        kind=group[0].kind,
        subjects=_subjects(group),
        entries=tuple(entries),
        verdict=min((entry.verdict for entry in present), key=GRAVITY.__getitem__),
        disputes=tuple(disputes),
    )


def _entry(
    side: Side,
    pairs: Iterable[tuple[Pair, Judged]],
    corrected: Mapping[int, str],
    added: Added,
) -> Entry:
    if not side.is_current:
        texts = (corrected.get(one.stored.id, "") for one in side.statements)
        notes = tuple(dict.fromkeys(filter(None, texts))) or ("no longer stated",)
        return _entry_of(side, Verdict.DRIFT, notes, [side])
    own = [
        (pair.other if pair.one is side else pair.one, found)
        for pair, found in pairs
        if side is pair.one or side is pair.other
    ]
    own.sort(key=lambda one: (not one[1].is_qualified, _rank(one[1]), -one[1].factor))
    own.sort(key=lambda one: one[1].relation not in _VERDICTS)
    like = [side, *(other for other, found in own if found.relation is Relation.AGREES)]
    told = [
        _note(other, found)
        for other, found in own
        if found.relation in _TOLD and (found.note or found.relation is not Relation.AGREES)
        if id(side) not in added or found.note != added[id(side)][0]
    ]
    more = [added[id(side)][0]] if id(side) in added else []
    notes = tuple(dict.fromkeys([*more, *told]))[:NOTES]
    return _entry_of(side, _verdict(own, like), notes, like)


def _rank(found: Judged) -> int:
    return _TOLD.index(found.relation) if found.relation in _TOLD else len(_TOLD)


def _verdict(own: Sequence[tuple[Side, Judged]], like: Sequence[Side]) -> Verdict:
    """The gravest of what a figure is to the others; else whether others say so too."""
    for relation, verdict in _VERDICTS.items():
        if any(found.relation is relation for _, found in own):
            return verdict
    if any(found.is_qualified for _, found in own):
        return Verdict.BOTH_MAY_HOLD
    if len(_origins(like)) > 1:
        return Verdict.AGREED
    is_beside = any(found.relation is Relation.BOTH_MAY_HOLD for _, found in own)
    return Verdict.BOTH_MAY_HOLD if is_beside else Verdict.ONE_ORIGIN


def _entry_of(side: Side, verdict: Verdict, notes: tuple[str, ...], like: Sequence[Side]) -> Entry:
    outlets = {site for one in like for site in one.outlets}
    return Entry(
        side=side, verdict=verdict, notes=notes, origins=len(_origins(like)), outlets=len(outlets)
    )


def _origins(like: Iterable[Side]) -> set[str]:
    return {key for side in like for key in side.origin_keys}


def _note(other: Side, found: Judged) -> str:
    """Like `1.4 Mt WO3 is 1.11 Mt W; 410 kt W: × 2.7`, or `against 65 %: × 1.1`."""
    value = side_text(other)
    is_named = value in found.note
    told = {
        Relation.CONTRADICTION: "" if is_named else f"against {value}",
        Relation.INCOMPARABLE: "" if is_named else f"not comparable with {value}",
        Relation.BOTH_MAY_HOLD: "both may hold" if is_named else f"both may hold with {value}",
        Relation.AGREES: "" if is_named else f"agrees with {value}",
    }.get(found.relation, "")
    return ": ".join(filter(None, (told, found.note)))


def side_text(side: Side) -> str:
    """Like `410 kt W`."""
    if side.unit == DATE:
        number = f"{int(side.value):08d}"
        return f"{number[:4]}-{number[4:6]}-{number[6:]}"
    return f"{amount_text(side.value, side.unit)} {side.basis}".rstrip()


def _subjects(group: Sequence[Side]) -> tuple[str, ...]:
    """
    What a matter is called by: the deposits of what lies in the ground; else who and what is
    named by a quarter of all origins; else nothing.
    """
    naming: dict[str, set[str]] = {}
    for one in (one for side in group for one in side.statements):
        for name in one.claim.subjects:
            naming.setdefault(name, set()).add(one.origin.key)
    origins = {key for side in group for key in side.origin_keys}
    deposits, actors, minerals = (
        {name for side in group for name in getattr(side.names, part)}
        for part in ("deposits", "actors", "minerals")
    )
    ranked = sorted(naming, key=lambda name: (-len(naming[name]), name))
    if group[0].family in IN_THE_GROUND and deposits:
        return tuple(name for name in ranked if name in deposits)[:CALLED]
    known = [name for name in ranked if NAMED_BY * len(naming[name]) >= len(origins)]
    are_actors_meant = group[0].family not in IN_THE_GROUND
    for part in (deposits | actors if are_actors_meant else set(), minerals, actors):
        if called := [name for name in known if name in part]:
            return tuple(called[:CALLED])
    return ()


def _corrected(articles: Sequence[StoredArticle]) -> dict[int, str]:
    """By claim of a former text: by what its outlet replaced it."""
    found: dict[int, str] = {}
    for article in articles:
        for one in corrections_of(article):
            text = f"{one.site}: {correction_text(one)}"
            for stored in article.claims:
                is_of = (stored.claim.kind, stored.claim.unit) == (one.kind, one.unit)
                if is_of and not stored.is_current and stored.claim.value in one.before:
                    found[stored.id] = text
    return found


def _added(found: Sequence[Side]) -> Added:
    present = [side for side in found if side.is_current]
    return {
        id(side): (
            f"{side_text(side)} is {side_text(one)} and {side_text(other)} added up, "
            "which nobody offers as one sum",
            frozenset({one.value, other.value}),
        )
        for side, one, other in sums(present)
    }
