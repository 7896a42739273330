"""Where the figures of a story do not agree, as exports, digests and cards tell it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger.matters import Dispute, Ledger, ledger_of
from monitor.deliver.ledger.verdicts import Relation
from monitor.model import StoredStory


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
    return disagreements(ledger_of(story.articles))


def disagreements(ledger: Ledger) -> list[Disagreement]:
    """Matters of a ledger that hold a contradiction, or figures that cannot be compared."""
    found = []
    for matter in ledger.matters:
        grave = [one for one in matter.disputes if one.judged.relation is Relation.CONTRADICTION]
        other = [one for one in matter.disputes if one.judged.relation is Relation.INCOMPARABLE]
        if disputes := grave or other:
            found.append(_disagreement(disputes))
    return found


def _disagreement(disputes: list[Dispute]) -> Disagreement:
    """The gravest pair comes first, and its factor is the one that is shown."""
    sites: dict[tuple[float, str], dict[str, None]] = {}
    for side in (side for pair in disputes for side in (pair.one, pair.other)):
        sites.setdefault((side.value, side.basis), {}).update(dict.fromkeys(side.outlets))
    first = disputes[0]
    return Disagreement(
        kind=first.one.kind,
        unit=first.one.unit,
        values=tuple((value, basis, tuple(names)) for (value, basis), names in sites.items()),
        verdict=first.judged.relation.value,
        note=first.judged.note,
    )


def sides_text(found: Disagreement) -> str:
    """Like `410 kt W against 1.4 Mt WO3`."""
    return " against ".join(
        f"{amount_text(value, found.unit)} {basis}".rstrip() for value, basis, _ in found.values
    )
