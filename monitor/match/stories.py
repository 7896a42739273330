"""
Where an article belongs: to a development, a story, or to new ones.

What is shared must be rare: every country has a mine, few share a company, a deposit and
a figure. Two articles are of one story when they share enough rare tokens within weeks, or
all of mineral, country and event within days; of one development when they also lie within
days of each other and no headline tells a further step, another deposit or another metal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from monitor.match import fingerprint
from monitor.match.fingerprint import prior_weight, sort_of, tokens, weights
from monitor.match.objections import SEPARATE_EVENTS, objection_to, other_parties
from monitor.match.turns import parted, planned
from monitor.model import Copy, Placement, Telling

#: Sorts of token that speak for a matter by themselves, and so form the denominator.
CORE = frozenset({"mineral", "country", "event", "company", "place", "figure"})

#: Sorts that name the matter: with one of them shared, weeks may lie between.
NAMED = frozenset({"company", "place", "figure", "name"})

#: Sorts of which one must be shared: a country and an event are no matter of their own.
ANCHORS = frozenset({"mineral", "company", "place", "figure"})

#: Evidence (nats) that skeletons and words may add at most.
MOST_NAMES, MOST_WORDS = 8.0, 6.0

#: Core weight that a fingerprint is taken to have at least, so that a bare one decides little.
LEAST_MASS = 8.0

#: Evidence, share of the poorer fingerprint, and window, with a shared name and without.
NAMED_EVIDENCE, NAMED_OVERLAP, NAMED_WINDOW = 11.0, 0.4, timedelta(days=21)
POLICY_EVIDENCE, POLICY_OVERLAP, POLICY_WINDOW = 5.5, 0.55, timedelta(days=3)

#: Evidence (nats) of shared companies, deposits and figures, and how long it holds a story
#: together: a deal closes months after it was announced. Greatest first.
LASTING = (
    (11.0, timedelta(days=200)),
    (7.0, timedelta(days=60)),
    (3.5, timedelta(days=30)),
)

#: Share of the poorer fingerprint that is enough where a deposit is shared.
PLACE_OVERLAP = 0.25

#: Within this time a matter takes one step only: other words are another way of telling it.
ONE_TELLING = timedelta(hours=10)

#: One development is told within this time.
DEVELOPMENT_WINDOW = timedelta(days=4)

#: So many stored articles are compared, the most promising first.
MOST_COMPARED = 50

#: Shared tokens named in a reason.
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How one stored article compares; `why` carries the values that decided."""

    telling: Telling
    other: Telling
    evidence: float
    overlap: float
    is_story: bool
    is_development: bool
    #: One of the two titles tells a further step of the other's matter.
    is_step: bool
    #: The titles name other parties: nothing of that story is told here.
    is_vetoed: bool
    why: str

    @property
    def weight(self) -> float:
        """How much speaks for it, to compare likenesses by."""
        return self.evidence * self.overlap


def place(
    telling: Telling,
    related: Sequence[Telling],
    counts: Mapping[str, int],
    total: int,
    *,
    copy: Copy | None,
) -> Placement:
    """
    Decide the development and story of one article; 0 opens a new one.

    Args:
        related: stored articles to compare with, most promising first, its copies among them.
        counts: articles per token of `telling`; `total`: articles in the store.
        copy: the edge that `judge` found; a copy stands with its original.
    """
    if copy:
        return _with_original(copy, related)
    if not telling.enrichment.relevant:
        return Placement(reasons=("not relevant: stands alone",))
    mine = weights(tokens(telling.title, telling.text, telling.enrichment), counts, total)
    likenesses = [
        compare(telling, mine, other)
        for other in related[:MOST_COMPARED]
        if other.development_id and other.enrichment.relevant and _may_share(telling, other)
    ]
    vetoed = {likeness.other.story_id for likeness in likenesses if likeness.is_vetoed}
    matching = [
        likeness
        for likeness in likenesses
        if likeness.is_story and likeness.other.story_id not in vetoed
    ]
    if not matching:
        return Placement(reasons=(_nearest(likenesses),))
    votes = _votes(matching)
    best = max(
        matching,
        key=lambda one: (one.is_development and votes[one.other.development_id] > 0, one.weight),
    )
    is_development = best.is_development and votes[best.other.development_id] > 0
    return Placement(
        development_id=best.other.development_id if is_development else 0,
        story_id=best.other.story_id,
        reasons=(best.why,),
    )


def likeness(telling: Telling, other: Telling, counts: Mapping[str, int], total: int) -> Likeness:
    """How two articles compare; counts and total as for `place`."""
    mine = weights(tokens(telling.title, telling.text, telling.enrichment), counts, total)
    return compare(telling, mine, other)


def _votes(likenesses: Sequence[Likeness]) -> Mapping[int, float]:
    """
    Development to what speaks for it, by the weight of its members.

    One telling within hours does not outweigh those that the article is a further step of.
    """
    votes: dict[int, float] = {}
    for one in likenesses:
        vote = one.weight * (one.is_development - one.is_step)
        votes[one.other.development_id] = votes.get(one.other.development_id, 0.0) + vote
    return votes


def compare(telling: Telling, mine: Mapping[str, float], other: Telling) -> Likeness:
    """
    Compare an article with a stored one.

    Args:
        mine: weights of the tokens of `telling`, in nats.
    """
    found = set(tokens(other.title, other.text, other.enrichment))
    shared = {token: weight for token, weight in mine.items() if token in found}
    evidence, overlap = _evidence(mine, found, shared, telling.language == other.language)
    gap = abs(telling.at - other.at)
    parties = other_parties(telling, other)
    objection = parties or objection_to(telling, other)
    is_story = not objection and _is_story(shared, evidence, overlap, gap)
    step = planned(telling, other) or (parted(telling, other) if gap > ONE_TELLING else "")
    return Likeness(
        telling=telling,
        other=other,
        evidence=evidence,
        overlap=overlap,
        is_story=is_story,
        is_step=is_story and bool(step),
        is_vetoed=bool(parties),
        is_development=is_story and gap <= DEVELOPMENT_WINDOW and not step,
        why=_why(
            other, shared, evidence, overlap, gap, objection or (step and f"{step}: a further step")
        ),
    )


def _evidence(
    mine: Mapping[str, float], found: AbstractSet[str], shared: Mapping[str, float], is_tongue: bool
) -> tuple[float, float]:
    """
    What is shared, in nats, and its share of the poorer fingerprint.

    Args:
        found: tokens of the other article.
        is_tongue: both are in one language, so that words count.
    """
    core = _mass(shared, CORE)
    evidence = core + min(MOST_NAMES, _mass(shared, {"name"}))
    if is_tongue:
        evidence += min(MOST_WORDS, _mass(shared, {"word"}))
    foreign = sum(
        prior_weight(sort) for sort in map(sort_of, found - shared.keys()) if sort in CORE
    )
    poorer = min(_mass(mine, CORE), core + foreign)
    return evidence, min(1.0, core / max(LEAST_MASS, poorer))


def _is_story(shared: Mapping[str, float], evidence: float, overlap: float, gap: timedelta) -> bool:
    """Whether so much in common, so far apart in time, is one matter."""
    sorts = {sort_of(token) for token in shared}
    if not sorts & ANCHORS and not any(f"event:{event}" in shared for event in SEPARATE_EVENTS):
        return False
    is_named = (
        bool(sorts & NAMED)
        and evidence >= NAMED_EVIDENCE
        and overlap >= (PLACE_OVERLAP if "place" in sorts else NAMED_OVERLAP)
        and gap <= max(NAMED_WINDOW, _lasting(shared))
    )
    is_policy = evidence >= POLICY_EVIDENCE and overlap >= POLICY_OVERLAP and gap <= POLICY_WINDOW
    return is_named or is_policy


def _may_share(one: Telling, other: Telling) -> bool:
    """A cheap look whether any anchor can be shared, before the dear comparison."""
    return bool(_anchors(one) & _anchors(other))


def _anchors(telling: Telling) -> set[str]:
    said = telling.enrichment
    concepts = {m.concept for m in said.mentions if m.kind not in {"country", "event"}}
    figures = {f"{claim.value:g}{claim.unit}" for claim in said.claims}
    return concepts | figures | SEPARATE_EVENTS.intersection(said.events)


def _with_original(copy: Copy, related: Sequence[Telling]) -> Placement:
    group = [
        other
        for other in related
        if copy.original_id in {other.article_id, other.copy_of} and other.development_id
    ]
    first = group[0] if group else None
    return Placement(
        development_id=first.development_id if first else 0,
        story_id=first.story_id if first else 0,
        copy=copy,
        reasons=(f"copy of a{copy.original_id}: {copy.why}",),
    )


def _lasting(shared: Mapping[str, float]) -> timedelta:
    """How far apart two articles with these tokens in common may be, and be of one story."""
    named = _mass(shared, fingerprint.LASTING)
    return next((window for least, window in LASTING if named >= least), timedelta())


def _mass(weighed: Mapping[str, float], sorts: frozenset[str] | set[str]) -> float:
    return sum(weight for token, weight in weighed.items() if sort_of(token) in sorts)


def _nearest(likenesses: Sequence[Likeness]) -> str:
    if not likenesses:
        return "nothing stored shares its concepts"
    nearest = max(likenesses, key=lambda one: one.weight)
    return f"new; nearest: {nearest.why}"


def _why(
    other: Telling,
    shared: Mapping[str, float],
    evidence: float,
    overlap: float,
    gap: timedelta,
    objection: str,
) -> str:
    heaviest = sorted(shared.items(), key=lambda item: -item[1])
    concepts = [(t, w) for t, w in heaviest if sort_of(t) in CORE] or heaviest
    names = ", ".join(
        f"{token.partition(':')[2]} {weight:.1f}" for token, weight in concepts[:SHOWN]
    )
    days = gap.total_seconds() / 86_400
    return (
        f"shares with a{other.article_id} {names or 'nothing'}: evidence {evidence:.1f}, "
        f"{overlap:.0%} of the poorer, {days:.1f} days apart"
        f"{f'; but {objection}' if objection else ''}"
    )
