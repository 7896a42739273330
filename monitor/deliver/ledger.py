"""
The figures of a story side by side: where they disagree, and which were corrected.

First version: figures of one kind and unit, of current revisions. Two of them are held
against each other only when they can be one figure: tellings seldom state both (70 % for the
buyer and 30 % for the seller stand side by side; rival estimates mostly stand alone), what
they are about overlaps, and so does their stage. Figures
on two stated bases are compared after a shown conversion; where one side states no basis
they are incomparable. Source of the factors: standard atomic weights (IUPAC 2021):
W 183.84, O 15.999, Li 6.94, C 12.011, U 238.03.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from monitor.deliver.figures import amount_text, figure_text
from monitor.model import StoredArticle, StoredClaim, StoredStory

#: Mass of the element in one unit mass of the stated form, by (element, form).
ELEMENT_SHARE = {
    "W": ("W", 1.0),
    "WO3": ("W", 183.84 / (183.84 + 3 * 15.999)),
    "Li": ("Li", 1.0),
    "Li2O": ("Li", 2 * 6.94 / (2 * 6.94 + 15.999)),
    "LCE": ("Li", 2 * 6.94 / (2 * 6.94 + 12.011 + 3 * 15.999)),
    "U": ("U", 1.0),
    "U3O8": ("U", 3 * 238.03 / (3 * 238.03 + 8 * 15.999)),
}

#: Two figures within this ratio of each other agree: rounding by different outlets.
ROUNDING = 1.03

#: Kinds of which one story may well state several that are all true.
MANY_PER_STORY = frozenset({"grade", "share"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Figures of one kind that do not agree."""

    kind: str
    unit: str
    #: (value, basis, sites that state it), most stated first.
    values: tuple[tuple[float, str, tuple[str, ...]], ...]
    #: `contradiction` or `incomparable`.
    verdict: str
    #: The conversion that decided, in words.
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure that an outlet replaced in an article it had published."""

    site: str
    kind: str
    unit: str
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure with those who state it."""

    #: As a person reads it.
    text: str
    #: Sites, in order of first telling.
    sites: tuple[str, ...]
    #: Verbatim, of the first of them.
    quote: str


@dataclass(slots=True)
class _Figure:
    """One value on one basis: who states it, about what, at which stage."""

    value: float
    basis: str
    sites: dict[str, None]
    #: Articles that state it, on whatever basis.
    articles: set[int]
    subjects: set[str]
    stages: set[str]


def stated(story: StoredStory) -> list[Stated]:
    """The figures of the story's current texts, those of most outlets first."""
    sites: dict[str, dict[str, None]] = {}
    quotes: dict[str, str] = {}
    for article in story.articles:
        for claim in article.claims:
            if claim.is_current:
                text = figure_text(claim.claim)
                sites.setdefault(text, {})[article.site] = None
                quotes.setdefault(text, claim.claim.quote)
    found = [Stated(text=t, sites=tuple(names), quote=quotes[t]) for t, names in sites.items()]
    return sorted(found, key=lambda figure: -len(figure.sites))


def contradictions(story: StoredStory) -> list[Disagreement]:
    """Kinds of figure on which the story's current texts do not agree."""
    groups: dict[tuple[str, str], list[StoredClaim]] = {}
    for article in story.articles:
        for stored in article.claims:
            if stored.is_current and stored.claim.kind not in MANY_PER_STORY:
                groups.setdefault((stored.claim.kind, stored.claim.unit), []).append(stored)
    found = (_compare(kind, unit, claims) for (kind, unit), claims in groups.items())
    return [disagreement for disagreement in found if disagreement]


def corrections(story: StoredStory) -> list[Correction]:
    """Figures that an edited article no longer states as it did at first."""
    return [found for article in story.articles for found in corrections_of(article)]


def sides_text(found: Disagreement) -> str:
    """Like `410 kt W against 1.4 Mt WO3`."""
    return " against ".join(
        f"{amount_text(value, found.unit)} {basis}".rstrip() for value, basis, _ in found.values
    )


def correction_text(found: Correction) -> str:
    """Like `stake 70 % → 65 %`."""
    before = ", ".join(amount_text(value, found.unit) for value in found.before)
    after = ", ".join(amount_text(value, found.unit) for value in found.after)
    return f"{found.kind} {before} → {after}"


def corrections_of(article: StoredArticle) -> Iterator[Correction]:
    """Figures that one article no longer states as it did at first, whatever it changed since."""
    values: dict[tuple[str, str], tuple[list[float], list[float], list[float]]] = {}
    opening = min((stored.revision for stored in article.claims), default=0)
    for stored in article.claims:
        old, new, first = values.setdefault((stored.claim.kind, stored.claim.unit), ([], [], []))
        (new if stored.is_current else old).append(stored.claim.value)
        if stored.revision == opening:
            first.append(stored.claim.value)
    for (kind, unit), (old, new, first) in values.items():
        before = tuple(dict.fromkeys(value for value in old if value not in new))
        after = tuple(dict.fromkeys(value for value in new if value not in first))
        if before and after:
            yield Correction(site=article.site, kind=kind, unit=unit, before=before, after=after)


def _compare(kind: str, unit: str, claims: list[StoredClaim]) -> Disagreement | None:
    pairs = [
        (one, other, _judge((one.value, one.basis), (other.value, other.basis), unit))
        for one, other in combinations(_figures(claims), 2)
        if _may_be_one(one, other)
    ]
    grave = [pair for pair in pairs if pair[2].verdict == "contradiction"]
    disputes = grave or [pair for pair in pairs if pair[2].verdict]
    if not disputes:
        return None
    # The gravest pair comes first, and its factor is the one that is shown.
    disputes.sort(key=lambda pair: -pair[2].factor)
    sides: list[_Figure] = []
    for figure in (figure for one, other, _ in disputes for figure in (one, other)):
        if like := next((side for side in sides if _same(figure, side)), None):
            like.sites |= figure.sites
        else:
            sides.append(figure)
    return Disagreement(
        kind=kind,
        unit=unit,
        values=tuple((side.value, side.basis, tuple(side.sites)) for side in sides),
        verdict=disputes[0][2].verdict,
        note=disputes[0][2].note,
    )


def _figures(claims: list[StoredClaim]) -> list[_Figure]:
    """The claims by value and basis, those of most sites first."""
    figures: dict[tuple[float, str], _Figure] = {}
    for stored in claims:
        claim = stored.claim
        figure = figures.setdefault(
            (claim.value, claim.basis),
            _Figure(claim.value, claim.basis, {}, set(), set(), set()),
        )
        figure.sites[stored.site] = None
        figure.articles.add(stored.article_id)
        figure.subjects.update(claim.subjects)
        figure.stages.update({claim.stage} - {""})
    by_sites = sorted(figures.values(), key=lambda figure: -len(figure.sites))
    stating = [
        set().union(*(other.articles for other in by_sites if _same(figure, other)))
        for figure in by_sites
    ]
    for figure, articles in zip(by_sites, stating, strict=True):
        figure.articles = articles
    return by_sites


def _same(one: _Figure, other: _Figure) -> bool:
    """Whether two values are one figure, on one basis or converted."""
    return _judge((one.value, one.basis), (other.value, other.basis), "") == _AGREED


def _may_be_one(one: _Figure, other: _Figure) -> bool:
    """Whether two values can be tellings of one figure; else both may hold."""
    return (
        not _stand_together(one.articles, other.articles)
        and _overlap(one.subjects, other.subjects)
        and _overlap(one.stages, other.stages)
    )


def _stand_together(some: set[int], others: set[int]) -> bool:
    """Whether at least half of the tellings of the rarer figure state the other one too."""
    return 2 * len(some & others) >= min(len(some), len(others))


def _overlap(some: set[str], others: set[str]) -> bool:
    """Two sets share a member, or one of them is silent."""
    return not some or not others or bool(some & others)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What two figures are to each other; an empty verdict is no dispute."""

    verdict: str = ""
    note: str = ""
    #: The larger divided by the smaller, on one basis; 0 when they cannot be compared.
    factor: float = 0.0


_AGREED = _Verdict()


def _judge(one: tuple[float, str], other: tuple[float, str], unit: str) -> _Verdict:
    (a, basis_a), (b, basis_b) = one, other
    if _agree(a, b) and (basis_a == basis_b or not (basis_a and basis_b)):
        return _AGREED
    if basis_a == basis_b:
        return _Verdict("contradiction", f"× {_ratio(a, b):.2g}", _ratio(a, b))
    if basis_a not in ELEMENT_SHARE or basis_b not in ELEMENT_SHARE:
        return _Verdict("incomparable", "one side states no basis that can be converted")
    element_a, share_a = ELEMENT_SHARE[basis_a]
    element_b, share_b = ELEMENT_SHARE[basis_b]
    if element_a != element_b:
        return _Verdict(note="different elements")
    if _agree(a * share_a, b * share_b):
        return _AGREED
    factor = _ratio(a * share_a, b * share_b)
    shown = f"{_converted(a, unit, basis_a)}; {_converted(b, unit, basis_b)}: × {factor:.2g}"
    return _Verdict("contradiction", shown, factor)


def _converted(value: float, unit: str, basis: str) -> str:
    """Like `1.4 Mt WO3 is 1.11 Mt W`."""
    element, share = ELEMENT_SHARE[basis]
    stated = f"{amount_text(value, unit)} {basis}"
    if element == basis:
        return stated
    return f"{stated} is {amount_text(float(f'{value * share:.3g}'), unit)} {element}"


def _agree(a: float, b: float) -> bool:
    return a == b or (a * b > 0 and _ratio(a, b) <= ROUNDING)


def _ratio(a: float, b: float) -> float:
    low, high = sorted((abs(a), abs(b)))
    return high / low if low else float("inf")
