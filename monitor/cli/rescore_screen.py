"""What reading again would change, or did: counts, and the most telling examples."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from monitor.cli.session import Session
from monitor.deliver.figures import figure_text
from monitor.jobs.rescoring import Order
from monitor.model import Claim
from monitor.model.rescoring import Change, RescoreTally
from monitor.wording import one_line

#: Reasons, tags and figures of one example that are shown.
PARTS = 6

_PART = re.compile(r"([+-]\d\.\d\d) (.*)", re.DOTALL)

#: Sorts of change, the most telling first, as they are shown.
SORTS = {
    "no_longer_relevant": "No longer relevant",
    "becomes_relevant": "Becomes relevant",
    "other_score": "Another score",
    "other_facts": "Other tags or figures",
}


@dataclass(slots=True)
class Examples:
    """The most telling changes of each sort: those that move the score, or the facts, most."""

    most: int
    _kept: dict[str, list[tuple[float, int, Change]]] = field(default_factory=dict)
    _number: count[int] = field(default_factory=count)

    def take(self, change: Change) -> None:
        """Look at one more."""
        sort = sort_of(change)
        if not sort or not self.most:
            return
        heap = self._kept.setdefault(sort, [])
        item = (_weight(change), -next(self._number), change)
        if len(heap) < self.most:
            heapq.heappush(heap, item)
        else:
            heapq.heappushpop(heap, item)

    def of(self, sort: str) -> Iterator[Change]:
        """Those of one sort, the most telling first."""
        for _, _, change in sorted(self._kept.get(sort, ()), key=lambda item: item[:2])[::-1]:
            yield change


def sort_of(change: Change) -> str:
    """Of `SORTS`; empty for what nobody would see."""
    if change.was_relevant and not change.is_relevant:
        return "no_longer_relevant"
    if change.is_relevant and not change.was_relevant:
        return "becomes_relevant"
    if not change.is_relevant:
        return ""
    if change.before != change.after:
        return "other_score"
    if change.tags_gained or change.tags_lost or change.figures_gained or change.figures_lost:
        return "other_facts"
    return ""


def show(
    session: Session,
    order: Order | None,
    tally: RescoreTally,
    told: Examples,
    *,
    is_kept: bool,
    as_json: bool,
) -> None:
    """Print it: one JSON object, or a text."""
    if as_json:
        session.emit(record(order, tally, told, is_kept=is_kept))
        return
    if not tally.read and not tally.passed_over and not tally.unreadable:
        session.say("Nothing is to be read again; all the same: --all")
        return
    for line in _counts(order, tally, is_kept=is_kept):
        session.out.print(line)
    for sort, title in SORTS.items():
        for number, change in enumerate(told.of(sort)):
            if not number:
                session.out.print(f"\n{title}")
            for line in _example(change):
                session.out.print(line)
    if tally.changed and not is_kept:
        session.say("Nothing was changed. Keep it: the same with --apply")


def record(
    order: Order | None, tally: RescoreTally, told: Examples, *, is_kept: bool
) -> dict[str, Any]:
    """What `rescore --json` prints."""
    tagged, untagged = _story_tags(tally, is_kept=is_kept)
    return {
        "applied": is_kept,
        "rules": [f"r{rule.id} version {rule.version}" for rule in order.acting] if order else [],
        "articles": {
            "read": tally.read,
            "changed": tally.changed,
            "becoming_relevant": tally.becoming_relevant,
            "no_longer_relevant": tally.no_longer_relevant,
            "other_score": tally.rescored,
            "joined": tally.joined,
            "passed_over": tally.passed_over,
            "unreadable": tally.unreadable,
        },
        "tags": {"gained": tally.tags_gained, "lost": tally.tags_lost},
        "figures": {"gained": tally.figures_gained, "lost": tally.figures_lost},
        "story_tags": {"gained": tagged, "lost": untagged},
        "examples": {sort: [_record(one) for one in told.of(sort)] for sort in SORTS},
    }


def _story_tags(tally: RescoreTally, *, is_kept: bool) -> tuple[int, int]:
    if is_kept:
        return tally.tagged, tally.untagged
    return (
        sum(len(coming) for coming, _ in tally.story_tags.values()),
        sum(len(going) for _, going in tally.story_tags.values()),
    )


def _counts(order: Order | None, tally: RescoreTally, *, is_kept: bool) -> Iterator[str]:
    tagged, untagged = _story_tags(tally, is_kept=is_kept)
    changed = "changed" if is_kept else "would change"
    yield f"articles  {tally.read} read again, {tally.changed} {changed}"
    joined = f", {tally.joined} of them joined a story" if tally.joined else ""
    yield (
        f"relevant  {tally.becoming_relevant} more{joined}, {tally.no_longer_relevant} fewer; "
        f"{tally.rescored} with another score"
    )
    yield f"tags      {tally.tags_gained} gained, {tally.tags_lost} lost"
    yield f"figures   {tally.figures_gained} gained, {tally.figures_lost} lost"
    if order and order.acting:
        names = ", ".join(f"r{rule.id} version {rule.version}" for rule in order.acting[:10])
        more = f" and {len(order.acting) - 10} more" if len(order.acting) > 10 else ""
        yield f"rules     {names}{more}; tags of stories: {tagged} gained, {untagged} lost"
    if tally.passed_over:
        yield f"          {tally.passed_over} were changed by a crawl meanwhile, and read then"
    if tally.unreadable:
        yield f"          {tally.unreadable} could not be read, and stay as they are"


def _example(change: Change) -> Iterator[str]:
    article = change.article
    score = f"{change.before:.2f} → {change.after:.2f}"
    yield (
        f"  a{article.id}  {score}  {one_line(article.title, 100)}  ({one_line(article.site, 40)})"
    )
    signed = [
        *reasons(change),
        *(("-", tag) for tag in change.tags_lost),
        *(("+", tag) for tag in change.tags_gained),
        *(("-", figure_text(claim)) for claim in change.figures_lost),
        *(("+", figure_text(claim)) for claim in change.figures_gained),
    ]
    for sign, text in signed[:PARTS]:
        yield f"      {sign} {one_line(text, 140)}"
    if len(signed) > PARTS:
        yield f"      … {len(signed) - PARTS} more"


def reasons(change: Change) -> list[tuple[str, str]]:
    """
    The parts of the score that differ, those that moved it most first.

    Returns:
        `-` with what went, `+` with what came, and `~` with what has other points now, or names
        something else: `+0.40 → +0.46 mineral in the title: tungsten`.
    """
    was, now = _parts(change.reasons_lost), _parts(change.reasons_gained)
    found = []
    for label in (*was, *(label for label in now if label not in was)):
        (before, old), (after, new) = was.get(label, (0.0, "")), now.get(label, (0.0, ""))
        if old and new:
            text = f"{before:+.2f} → {after:+.2f} {new}"
            found.append((abs(after - before), "~", text))
        else:
            points = f"{before or after:+.2f} " if before or after else ""
            found.append((abs(after - before), "+" if new else "-", f"{points}{new or old}"))
    return [(sign, text) for _, sign, text in sorted(found, key=lambda one: -one[0])]


def _parts(told: Sequence[str]) -> dict[str, tuple[float, str]]:
    """What a reason is of to its points and its words."""
    found = {}
    for reason in told:
        part = _PART.fullmatch(reason)
        points, words = (float(part[1]), part[2]) if part else (0.0, reason)
        found[words.partition(": ")[0]] = (points, words)
    return found


def _record(change: Change) -> dict[str, Any]:
    article = change.article
    return {
        "id": f"a{article.id}",
        "story": f"s{article.story_id}",
        "title": article.title,
        "site": article.site,
        "relevance": {"before": change.before, "after": change.after},
        "relevant": {"before": change.was_relevant, "after": change.is_relevant},
        "reasons": {"lost": list(change.reasons_lost), "gained": list(change.reasons_gained)},
        "tags": {"lost": list(change.tags_lost), "gained": list(change.tags_gained)},
        "figures": {
            "lost": _figures(change.figures_lost),
            "gained": _figures(change.figures_gained),
        },
    }


def _figures(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    return [
        {"figure": figure_text(claim), "kind": claim.kind, "value": claim.value, "unit": claim.unit}
        for claim in claims
    ]


def _weight(change: Change) -> float:
    """How telling a change is."""
    moved = abs(change.after - change.before)
    parts = (
        len(change.tags_gained) + len(change.tags_lost)
        + 2 * len(change.figures_gained) + 2 * len(change.figures_lost)
    )  # fmt: skip
    return moved + min(parts, 50) / 1000
