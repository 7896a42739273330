"""
The figures of a story side by side, and where they disagree.

First version: figures of one kind and unit, of current revisions, grouped by value and
basis. Figures on two stated bases are compared only after a shown conversion; where one
side states no basis they are incomparable. Source of the factors: standard atomic
weights (IUPAC 2021): W 183.84, O 15.999, Li 6.94, C 12.011, U 238.03.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model import StoredClaim, StoredStory

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


def contradictions(story: StoredStory) -> list[Disagreement]:
    """Kinds of figure on which the story's current texts do not agree."""
    groups: dict[tuple[str, str], list[StoredClaim]] = {}
    for article in story.articles:
        for stored in article.claims:
            if stored.is_current and stored.claim.kind not in MANY_PER_STORY:
                groups.setdefault((stored.claim.kind, stored.claim.unit), []).append(stored)
    found = (_compare(kind, unit, claims) for (kind, unit), claims in groups.items())
    return [disagreement for disagreement in found if disagreement]


def _compare(kind: str, unit: str, claims: list[StoredClaim]) -> Disagreement | None:
    sites: dict[tuple[float, str], list[str]] = {}
    for stored in claims:
        sites.setdefault((stored.claim.value, stored.claim.basis), []).append(stored.site)
    values = sorted(sites, key=lambda key: -len(set(sites[key])))
    verdict, note = "", ""
    for at, one in enumerate(values):
        for other in values[at + 1 :]:
            outcome, words = _judge(one, other, unit)
            if outcome == "contradiction" or (outcome and not verdict):
                verdict, note = outcome, words
            if verdict == "contradiction":
                break
        if verdict == "contradiction":
            break
    if not verdict:
        return None
    return Disagreement(
        kind=kind,
        unit=unit,
        values=tuple((v, basis, tuple(dict.fromkeys(sites[v, basis]))) for v, basis in values),
        verdict=verdict,
        note=note,
    )


def _judge(one: tuple[float, str], other: tuple[float, str], unit: str) -> tuple[str, str]:
    (a, basis_a), (b, basis_b) = one, other
    if basis_a == basis_b:
        return ("", "") if _agree(a, b) else ("contradiction", f"× {_ratio(a, b):.2g}")
    if basis_a not in ELEMENT_SHARE or basis_b not in ELEMENT_SHARE:
        return "incomparable", "one side states no basis that can be converted"
    element_a, share_a = ELEMENT_SHARE[basis_a]
    element_b, share_b = ELEMENT_SHARE[basis_b]
    if element_a != element_b:
        return "", ""
    if _agree(a * share_a, b * share_b):
        return "", ""
    return "contradiction", (
        f"{a:,.0f} {unit} {basis_a} is {a * share_a:,.0f} {unit} {element_a}; "
        f"{b:,.0f} {unit} {basis_b} is {b * share_b:,.0f} {unit} {element_b}: "
        f"× {_ratio(a * share_a, b * share_b):.2g}"
    )


def _agree(a: float, b: float) -> bool:
    return a == b or (a * b > 0 and _ratio(a, b) <= ROUNDING)


def _ratio(a: float, b: float) -> float:
    low, high = sorted((abs(a), abs(b)))
    return high / low if low else float("inf")
