"""The table: a score for each label that the items carry, beside a simple way of doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.evaluate.items import Item
from monitor.evaluate.measures import Score, b_cubed, binary, counted, same_group, set_score
from monitor.match.copies import containment
from monitor.text import shingles

#: Two figures this near (share of the larger) are one: rounding in labels.
SAME_FIGURE = 0.005

#: Containment that makes a copy, and one story, for the baselines: words alone.
BASELINE_COPY, BASELINE_STORY = 0.9, 0.1

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    score: Score
    #: What a simple method scores; None where none is worth naming.
    baseline: Score | None = None
    #: The simple method, in words.
    method: str = ""


def scores(items: Sequence[Item], predictions: Sequence[Said]) -> dict[str, Row]:
    """Rows by name, only for labels that the items carry."""
    pairs = list(zip(items, predictions, strict=True))
    return {name: row for read in _READERS for name, row in read(pairs)}


def false_folds(items: Sequence[Item], predictions: Sequence[Said]) -> list[tuple[str, str]]:
    """(item, its supposed original) where the two are labelled as different developments."""
    stories = {item["id"]: item.get("story_id") for item in items}
    return [
        (str(said["id"]), str(said["copy_of"]))
        for said in predictions
        if said["copy_of"] != ""
        and stories.get(said["copy_of"])
        and stories.get(said["id"])
        and stories[said["copy_of"]] != stories[said["id"]]
    ]


Pairs = Sequence[tuple[Item, Said]]
Rows = Iterator[tuple[str, Row]]


def _relevance(pairs: Pairs) -> Rows:
    # Labels such as "borderline" are no judgement.
    found = [(item, said) for item, said in pairs if isinstance(item.get("relevant"), bool)]
    if found:
        yield (
            "relevance",
            Row(
                score=binary((i["relevant"], bool(p["relevant"])) for i, p in found),
                baseline=binary((i["relevant"], bool(p["minerals"])) for i, p in found),
                method="names a mineral",
            ),
        )


def _copies(pairs: Pairs) -> Rows:
    found = [(i, p) for i, p in pairs if i.get("copy_of") is not None]
    if found:
        texts = _groups([i for i, _ in found], BASELINE_COPY, lambda i: str(i["text"]))
        gold = [i["copy_of"] or i["id"] for i, _ in found]
        said = [p["copy_of"] or p["id"] for _, p in found]
        yield (
            "copies (pairs)",
            Row(
                score=same_group(list(zip(gold, said, strict=True))),
                baseline=same_group(list(zip(gold, texts, strict=True))),
                method=f"containment {BASELINE_COPY:.0%}, all languages and dates",
            ),
        )


def _developments(pairs: Pairs) -> Rows:
    for name, label, field in (
        ("developments (B³)", "story_id", "development"),
        ("stories (B³)", "umbrella", "story"),
    ):
        found = [(i, p) for i, p in pairs if i.get(label)]
        if found:
            words = _groups(
                [i for i, _ in found], BASELINE_STORY, lambda i: f"{i['title']} {i['text']}"
            )
            gold = [i[label] for i, _ in found]
            yield (
                name,
                Row(
                    score=b_cubed([(i[label], p[field]) for i, p in found]),
                    baseline=b_cubed(list(zip(gold, words, strict=True))),
                    method=f"{BASELINE_STORY:.0%} of the word triples",
                ),
            )


def _labels(pairs: Pairs) -> Rows:
    for label, field in (
        ("commodities", "minerals"),
        ("countries", "countries"),
        ("companies", "companies"),
    ):
        # What is not relevant is rarely labelled further.
        told = [(i, p) for i, p in pairs if i.get("relevant", True) is not False]
        sets = [(set(i[label]), set(p[field])) for i, p in told if i.get(label) is not None]
        if sets:
            yield field, Row(score=set_score(sets))


def _language(pairs: Pairs) -> Rows:
    found = [(i["lang"], p["language"]) for i, p in pairs if i.get("lang")]
    if found:
        right = sum(gold == said for gold, said in found) / len(found)
        most = max(sum(gold == one for gold, _ in found) for one, _ in found) / len(found)
        yield (
            "language",
            Row(
                score=Score(precision=right, recall=right, items=len(found)),
                baseline=Score(precision=most, recall=most, items=len(found)),
                method="always the commonest",
            ),
        )


def _claims(pairs: Pairs) -> Rows:
    found = [(i, p) for i, p in pairs if i.get("quantities") is not None]
    if not any(i["quantities"] for i, _ in found):
        return
    yield "claims", Row(score=_claim_score(found, is_kind=True))
    yield "figures", Row(score=_claim_score(found, is_kind=False))


def _claim_score(pairs: Pairs, *, is_kind: bool) -> Score:
    """Claims by value and unit, and by kind if asked; each labelled one is found once."""
    hits = said = gold = 0
    for item, prediction in pairs:
        told = [one for one in item["quantities"] if one.get("in_text", True)]
        wanted = _distinct(told, is_kind=is_kind)
        left = _distinct(prediction["claims"], is_kind=is_kind)
        said, gold = said + len(left), gold + len(wanted)
        for one in wanted:
            match = next((c for c in left if _is_same(one, c, is_kind=is_kind)), None)
            if match is not None:
                left.remove(match)
                hits += 1
    return counted(hits=hits, said=said, gold=gold, items=gold)


def _distinct(claims: Sequence[Said], *, is_kind: bool) -> list[Said]:
    keys = {(c["kind"] if is_kind else "", c["value"], c["unit"]): c for c in claims}
    return list(keys.values())


def _is_same(gold: Said, said: Said, *, is_kind: bool) -> bool:
    if gold["unit"] != said["unit"] or (is_kind and gold["kind"] != said["kind"]):
        return False
    larger = max(abs(gold["value"]), abs(said["value"]))
    return bool(abs(gold["value"] - said["value"]) <= SAME_FIGURE * larger)


def _groups(items: Sequence[Item], enough: float, text: Callable[[Item], str]) -> list[int]:
    """Single link by containment of word triples: the group of each item."""
    sets = [shingles(text(item)) for item in items]
    group = list(range(len(items)))
    for at, one in enumerate(sets):
        for before in range(at):
            if group[before] != group[at] and containment(one, sets[before]) >= enough:
                old, new = group[at], group[before]
                group = [new if number == old else number for number in group]
    return group


_READERS = (_relevance, _copies, _developments, _labels, _claims, _language)
