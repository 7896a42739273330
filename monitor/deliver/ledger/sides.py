"""
Who states which figure: statements, and sides, each of which is one figure with all who state it.

A telling that says less about a figure (no stage, no class, no date, no basis) states the same
one: silence is no difference. What differs in any of them is another side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from monitor.dates import told_by
from monitor.deliver.ledger.bases import ROUNDING, Likeness, Measure, compare
from monitor.model import Claim, StoredArticle, StoredClaim
from monitor.model.origins import Origin, origins_of, roots_of

#: Kinds that are compared with each other, by the name of the whole: a reserve is that part of a
#: resource which can be mined at a profit, and outlets swap the words.
FAMILIES = {"reserve": "resource"}

#: Figures of one kind of which a further one may be another telling, those of most origins.
LIKES = 60

#: Stages that say the same of an offer: languages have one word for both.
_OFFERS = frozenset({"letter_of_interest", "mou"})

#: Dates are figures, and compared as days.
DATE = "date"


class Verdict(StrEnum):
    """What a figure, or all figures of a matter, are to each other."""

    CONTRADICTION = "contradiction"
    INCOMPARABLE = "incomparable"
    DRIFT = "drift"
    BOTH_MAY_HOLD = "both may hold"
    AGREED = "agreed"
    #: Nobody else says so, nor anything else.
    ONE_ORIGIN = "one origin"


#: The gravest first.
GRAVITY = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a figure is about, as its sentence names it."""

    minerals: frozenset[str] = frozenset()
    deposits: frozenset[str] = frozenset()
    #: Companies and state bodies, and what the taxonomy does not tell.
    actors: frozenset[str] = frozenset()

    def __or__(self, other: Names) -> Names:
        """All that two name."""
        return Names(
            minerals=self.minerals | other.minerals,
            deposits=self.deposits | other.deposits,
            actors=self.actors | other.actors,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One article states one figure."""

    article: StoredArticle
    stored: StoredClaim
    origin: Origin
    #: The article itself, or what it is a copy of: an independent telling.
    root: int
    at: datetime
    names: Names

    @property
    def claim(self) -> Claim:
        """What it states."""
        return self.stored.claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One figure with all who state it."""

    #: In order of time; those of present texts, unless no present text states it.
    statements: tuple[Statement, ...]
    kind: str
    value: float
    unit: str
    basis: str
    stage: str
    category: str
    standard: str
    as_of: str
    names: Names
    #: False when no present text states it any more.
    is_current: bool

    @property
    def family(self) -> str:
        """The name of the kinds that it is compared with."""
        return FAMILIES.get(self.kind, self.kind)

    @property
    def measure(self) -> Measure:
        """Its value, ready to be compared."""
        return Measure(self.value, self.unit, self.basis, self.names.minerals)

    @property
    def claim(self) -> Claim:
        """The figure in the words of who states it first, with what any telling says of it."""
        return replace(
            self.first.claim,
            value=self.value,
            basis=self.basis,
            stage=self.stage,
            category=self.category,
            standard=self.standard,
            as_of=self.as_of,
        )

    @property
    def first(self) -> Statement:
        """Who states it first."""
        return self.statements[0]

    @property
    def last(self) -> Statement:
        """Who states it last."""
        return self.statements[-1]

    @property
    def outlets(self) -> tuple[str, ...]:
        """Sites, in order of first telling."""
        return tuple(dict.fromkeys(one.article.site for one in self.statements))

    @property
    def origins(self) -> tuple[str, ...]:
        """Independent tellings by name, in order of time."""
        return tuple({one.origin.key: one.origin.name for one in self.statements}.values())

    @property
    def origin_keys(self) -> frozenset[str]:
        """The same by key."""
        return frozenset(one.origin.key for one in self.statements)

    @property
    def roots(self) -> frozenset[int]:
        """Articles that copy nobody, one for each telling."""
        return frozenset(one.root for one in self.statements)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Arithmetic that cannot hold, in words."""
        return tuple(dict.fromkeys(doubt for one in self.statements for doubt in one.claim.doubts))

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about, the most often named first."""
        counts: dict[str, int] = {}
        for one in self.statements:
            for name in one.claim.subjects:
                counts[name] = counts.get(name, 0) + 1
        return tuple(sorted(counts, key=lambda name: -counts[name]))


def statements(articles: Sequence[StoredArticle], *, about: str = "") -> list[Statement]:
    """
    All figures that these articles state and stated, in order of time.

    Args:
        about: only those that name this subject; empty = all.
    """
    roots, origins = roots_of(articles), origins_of(articles)
    found = [
        Statement(
            article=article,
            stored=stored,
            origin=origins[article.id],
            root=roots[article.id].id,
            at=_told_at(article, stored),
            names=_names(stored.claim, kinds),
        )
        for article in articles
        for kinds in (_kinds(article),)
        for stored in article.claims
        if not about or about in stored.claim.subjects
    ]
    return sorted(found, key=lambda one: (one.at, one.article.id, one.stored.id))


def sides(stated: Iterable[Statement]) -> list[Side]:
    """The figures, those of most origins first."""
    exact: dict[tuple[object, ...], list[Statement]] = {}
    for one in stated:
        claim = one.claim
        key = (
            claim.kind, claim.unit, claim.value, claim.basis, claim.stage, claim.category,
            claim.standard, claim.as_of, one.stored.is_current,
        )  # fmt: skip
        exact.setdefault(key, []).append(one)
    found: list[Side] = []
    places: dict[tuple[str, str], list[int]] = {}
    # What says most comes first, so that who says less finds it.
    for side in sorted(map(_side, exact.values()), key=_weight):
        likes = places.setdefault((side.kind, side.unit), [])
        same = next((at for at in likes[:LIKES] if _is_same(found[at], side)), None)
        if same is None:
            likes.append(len(found))
            found.append(side)
        else:
            found[same] = _joined(found[same], side)
    return sorted(_without_former(found), key=_weight)


def differences(one: Side, other: Side) -> tuple[str, ...]:
    """In what two figures differ beside their value, in words; silence is no difference."""
    told = [
        ("kind", one.kind, other.kind),
        ("class", one.category, other.category),
        ("standard", one.standard, other.standard),
        ("stage", stage_text(one.stage), stage_text(other.stage)),
    ]
    if {one.stage, other.stage} <= _OFFERS:
        told.pop()
    found = [f"{what}: {a} and {b}" for what, a, b in told if a and b and a != b]
    if not _is_one_date(one.as_of, other.as_of):
        found.append(f"date: {one.as_of} and {other.as_of}")
    return tuple(found)


def are_apart(one: Names, other: Names) -> bool:
    """Whether two name different things of the same sort."""
    pairs = ((one.minerals, other.minerals), (one.deposits, other.deposits))
    return any(a and b and not a & b for a, b in pairs)


def stage_text(stage: str) -> str:
    """A stage as a person reads it."""
    return {"mou": "MoU"}.get(stage, stage.replace("_", " "))


def day_of(value: float) -> date | None:
    """The day that a dated figure is; None when it is none."""
    number = int(value)
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None


def _is_one_date(one: str, other: str) -> bool:
    """Whether a date is the other one, less exact: 2025 and 2025-06-30."""
    return not one or not other or one.startswith(other) or other.startswith(one)


def _kinds(article: StoredArticle) -> Mapping[str, str]:
    """Concept -> what it is, by the names that were found in the article."""
    words = article.enrichment
    found = {one.concept: one.kind for one in words.mentions}
    return found | dict.fromkeys(words.minerals, "mineral") | dict.fromkeys(words.places, "deposit")


def _names(claim: Claim, kinds: Mapping[str, str]) -> Names:
    by_kind: dict[str, set[str]] = {"mineral": set(), "deposit": set(), "": set()}
    for name in claim.subjects:
        kind = kinds.get(name, "")
        by_kind[kind if kind in by_kind else ""].add(name)
    return Names(
        minerals=frozenset(by_kind["mineral"]),
        deposits=frozenset(by_kind["deposit"]),
        actors=frozenset(by_kind[""]),
    )


def _told_at(article: StoredArticle, stored: StoredClaim) -> datetime:
    """When the article came out; of a later text, when that was seen."""
    if stored.revision > 1:
        for revision in article.revisions:
            if revision.number == stored.revision:
                return revision.seen_at
    return told_by(article.published_at, article.first_seen_at).astimezone(UTC)


def _side(stated: Sequence[Statement]) -> Side:
    claim, names = stated[0].claim, Names()
    for one in stated:
        names |= one.names
    return Side(
        statements=tuple(stated),
        kind=claim.kind,
        value=claim.value,
        unit=claim.unit,
        basis=claim.basis,
        stage=claim.stage,
        category=claim.category,
        standard=claim.standard,
        as_of=claim.as_of,
        names=names,
        is_current=stated[0].stored.is_current,
    )


def _weight(side: Side) -> tuple[bool, int, int, datetime, int]:
    details = (side.basis, side.stage, side.category, side.standard, side.as_of)
    silent = sum(not detail for detail in details)
    first = side.first
    return not side.is_current, -len(side.origin_keys), silent, first.at, first.stored.id


def _is_same(one: Side, other: Side) -> bool:
    """Whether both are one figure in one unit, of which one may say less."""
    low, high = sorted((abs(one.value), abs(other.value)))
    if high > low * ROUNDING:
        return False
    is_other_basis = bool(one.basis and other.basis and one.basis != other.basis)
    if one.is_current != other.is_current or is_other_basis:
        return False
    if differences(one, other) or are_apart(one.names, other.names):
        return False
    if one.value != other.value and one.roots & other.roots:
        # Who tells 935 and 935.4 side by side means two.
        return False
    if one.unit == DATE:
        return one.value == other.value
    return compare(one.measure, other.measure).likeness is Likeness.EQUAL


def _joined(one: Side, other: Side) -> Side:
    """Both as one figure: what either says of it."""
    told = sorted(
        (*one.statements, *other.statements), key=lambda s: (s.at, s.article.id, s.stored.id)
    )
    return Side(
        statements=tuple(told),
        kind=one.kind,
        value=one.value,
        unit=one.unit,
        basis=one.basis or other.basis,
        stage=one.stage or other.stage,
        category=one.category or other.category,
        standard=one.standard or other.standard,
        as_of=max(one.as_of, other.as_of, key=len),
        names=one.names | other.names,
        is_current=one.is_current,
    )


def _without_former(found: Sequence[Side]) -> list[Side]:
    """Former texts that said what present ones say add nothing."""
    present = [side for side in found if side.is_current]
    values: dict[tuple[str, str, float], list[Side]] = {}
    for side in present:
        values.setdefault((side.kind, side.unit, side.value), []).append(side)
    former = [
        side
        for side in found
        if not side.is_current and not values.get((side.kind, side.unit, side.value))
    ]
    return present + former
