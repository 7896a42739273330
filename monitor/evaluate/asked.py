"""What is measured: for each label that items carry, the measures by name and what they add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from monitor.evaluate import figures as claims
from monitor.evaluate import tags
from monitor.evaluate.baselines import COMMONEST, KEYWORD, REPEATED, Simple
from monitor.evaluate.grouping import Member, b_cubed, merged, same_group
from monitor.evaluate.items import Item
from monitor.evaluate.measures import Measured, Part, of_answers, of_checks


class Case(NamedTuple):
    """An item, what the program says of it, and its number in the file."""

    item: Item
    said: Mapping[str, Any]
    number: int


Cases = Sequence[Case]
Found = Iterator[tuple[str, Measured]]
Reader = Callable[[Cases, Simple | None], Found]

#: How traits begin: of what only looks relevant, and of what hardly looks so.
HARD, TRICKY = "hard:", "tricky:"


def relevance(cases: Cases, simple: Simple | None) -> Found:
    """Whether items are news of the trade."""
    # Labels such as "borderline" are no judgement.
    found = [case for case in cases if isinstance(case.item.get("relevant"), bool)]
    if not found:
        return

    def answers(among: Cases) -> Measured:
        return Measured(
            parts=of_answers((c.item["relevant"], bool(c.said["relevant"])) for c in among),
            count=len(among),
            simple={
                KEYWORD: of_answers((c.item["relevant"], simple.relevant[c.number]) for c in among)
            }
            if simple
            else {},
        )

    yield "relevance", answers(found)
    hard = [c for c in found if _trait(c).startswith(HARD) and not c.item["relevant"]]
    tricky = [c for c in found if _trait(c).startswith(TRICKY) and c.item["relevant"]]
    for name, among in (
        ("false alarms (hard negatives)", hard),
        ("found (tricky positives)", tricky),
    ):
        if among:
            yield name, _said_relevant(among, simple, is_fault=among is hard)


def _said_relevant(cases: Cases, simple: Simple | None, *, is_fault: bool) -> Measured:
    return Measured(
        parts=of_checks(bool(c.said["relevant"]) for c in cases),
        count=len(cases),
        is_share=True,
        is_fault=is_fault,
        simple={KEYWORD: of_checks(simple.relevant[c.number] for c in cases)} if simple else {},
    )


def copies(cases: Cases, simple: Simple | None) -> Found:
    """Which items repeat the text of another; pairs that have one original."""
    found = [c for c in cases if c.item.get("copy_of") is not None]
    if not found:
        return
    gold, said = _roots(c.item for c in found), _roots(c.said for c in found)

    def pairs(group: Callable[[Case], Hashable]) -> list[Part]:
        return same_group(
            [
                Member(unit=_unit(c), gold=_root(gold, c.item["id"]), said=group(c), language="")
                for c in found
            ]
        )

    yield (
        "copies (pairs)",
        Measured(
            parts=pairs(lambda c: _root(said, c.said["id"])),
            count=_pairs_in(Counter(_root(gold, c.item["id"]) for c in found)),
            simple={REPEATED: pairs(lambda c: simple.copies[c.number])} if simple else {},
        ),
    )


def _roots(told: Iterable[Mapping[str, Any]]) -> dict[Hashable, Hashable]:
    """The first text of each chain of copies, by id; a ring ends where it closes."""
    originals = {one["id"]: one["copy_of"] for one in told if _has(one, "copy_of")}
    found: dict[Hashable, Hashable] = {}
    for start in originals:
        at, seen = start, {start}
        while (step := originals.get(at, at)) not in seen:
            at = step
            seen.add(at)
        found[start] = at
    return found


def _root(roots: Mapping[Hashable, Hashable], id_: Hashable) -> Hashable:
    """Its first text; what copies nothing is its own."""
    return roots.get(id_, id_)


def developments(cases: Cases, simple: Simple | None) -> Found:
    """Which items tell one development."""
    found = [c for c in cases if _has(c.item, "story_id")]
    if found:
        yield from _grouping("developments", found, "story_id", "development", simple)
        inside = [c for c in found if _has(c.item, "umbrella")]
        within = _members(inside, "story_id", lambda c: c.said["development"])
        parts = merged(within)
        if parts:
            yield (
                "merged within a story",
                Measured(
                    parts=parts,
                    count=int(sum(part.said for part in parts)),
                    is_share=True,
                    is_fault=True,
                    simple=_by_method(inside, "story_id", simple, merged),
                ),
            )


def stories(cases: Cases, simple: Simple | None) -> Found:
    """Which developments are of one matter."""
    found = [c for c in cases if _has(c.item, "umbrella")]
    if found:
        yield from _grouping("stories", found, "umbrella", "story", simple)


Counted = Callable[[Sequence[Member]], list[Part]]


def _grouping(name: str, found: Cases, label: str, field: str, simple: Simple | None) -> Found:
    members = _members(found, label, lambda c: c.said[field])
    groups = Counter(m.gold for m in members)

    def across(among: Sequence[Member]) -> list[Part]:
        return same_group(among, across_languages=True)

    ways: list[tuple[str, Counted, int]] = [
        (f"{name} (B³)", b_cubed, len(members)),
        (f"{name} (pairs)", same_group, _pairs_in(groups)),
        (f"{name} (cross-language)", across, 0),
    ]
    for title, count, over in ways:
        parts = count(members)
        if parts:
            yield (
                title,
                Measured(
                    parts=parts,
                    count=over or round(sum(part.gold for part in parts)),
                    simple=_by_method(found, label, simple, count),
                ),
            )


def _members(cases: Cases, label: str, group: Callable[[Case], Hashable]) -> list[Member]:
    return [
        Member(
            unit=_unit(c),
            gold=c.item[label],
            said=group(c),
            language=str(c.item.get("lang") or ""),
        )
        for c in cases
    ]


def _by_method(
    cases: Cases, label: str, simple: Simple | None, count: Counted
) -> dict[str, Sequence[Part] | str]:
    """What the simple groupings add to the same measure."""
    groups = simple.groups if simple else {}
    return {
        method: count(_members(cases, label, lambda c, said=said: said[c.number]))  # type: ignore[misc]
        for method, said in groups.items()
    }


def labels(cases: Cases, _simple: Simple | None) -> Found:
    """Names; what is not relevant is rarely labelled further."""
    told = [c for c in cases if c.item.get("relevant", True) is not False]
    for name, needed, count in (
        ("minerals", ("commodities",), tags.of_minerals),
        ("countries", ("countries",), tags.of_countries),
        ("companies", ("companies",), tags.of_companies),
        ("companies and places", ("companies",), tags.of_names),
        ("companies and bodies", ("companies", "bodies"), tags.of_actors),
        ("places", ("places",), tags.of_places),
    ):
        found = [c[:2] for c in told if all(c.item.get(label) is not None for label in needed)]
        parts = count(found)
        if any(part.gold or part.said for part in parts):
            yield name, Measured(parts=parts, count=round(sum(part.gold for part in parts)))


def quantities(cases: Cases, simple: Simple | None) -> Found:
    """Figures, and what is said about those that are found."""
    found = [c for c in cases if c.item.get("quantities") is not None]
    pairs = [c[:2] for c in found]
    if not any(item["quantities"] for item, _ in pairs):
        return
    with_kind, plain = claims.of_figures(pairs, is_kind=True), claims.of_figures(pairs)
    yield "claims", Measured(parts=with_kind, count=round(sum(part.gold for part in with_kind)))
    yield (
        "figures",
        Measured(
            parts=plain,
            count=round(sum(part.gold for part in plain)),
            simple=_simple_figures(found, simple),
        ),
    )
    for name, parts in (
        ("basis", claims.of_field(pairs, "basis")),
        ("stage", claims.of_field(pairs, "stage")),
        ("quotes verbatim", claims.of_quotes(pairs)),
    ):
        if parts:
            count = round(sum(part.said for part in parts))
            yield name, Measured(parts=parts, count=count, is_share=True)


def _simple_figures(found: Cases, simple: Simple | None) -> dict[str, Sequence[Part] | str]:
    """Value and unit as libraries read them; they know no kinds."""
    added: dict[str, Sequence[Part] | str] = {}
    for method, said in (simple.figures if simple else {}).items():
        if isinstance(said, str):
            added[method] = said
            continue
        pairs = [(c.item, {"claims": [_bare(*one) for one in said[c.number] or ()]}) for c in found]
        added[method] = claims.of_figures(pairs)
    return added


def _bare(value: float, unit: str) -> dict[str, Any]:
    return {"kind": "", "value": value, "unit": unit, "quote": ""}


def language(cases: Cases, simple: Simple | None) -> Found:
    """The language of title and text."""
    found = [c for c in cases if c.item.get("lang")]
    if not found:
        return
    most = Counter(str(c.item["lang"]) for c in found).most_common(1)[0][0]
    added: dict[str, Sequence[Part] | str] = {}
    if simple:
        added[COMMONEST] = of_checks(tags.is_language(c.item["lang"], most) for c in found)
    for method, said in (simple.languages if simple else {}).items():
        added[method] = (
            said
            if isinstance(said, str)
            else of_checks(tags.is_language(c.item["lang"], said[c.number]) for c in found)
        )
    yield (
        "language",
        Measured(
            parts=of_checks(tags.is_language(c.item["lang"], c.said["language"]) for c in found),
            count=len(found),
            is_share=True,
            simple=added,
        ),
    )


def by_kind(cases: Cases) -> Iterator[tuple[str, str, Measured]]:
    """(kind, measure, what it adds): claims of one kind, on both sides."""
    pairs = [c[:2] for c in cases if c.item.get("quantities") is not None]
    kinds = Counter(one["kind"] for item, _ in pairs for one in item["quantities"])
    for kind, _ in kinds.most_common():
        parts = claims.of_figures(pairs, is_kind=True, kind=kind)
        yield kind, "claims", Measured(parts=parts, count=round(sum(part.gold for part in parts)))


def by_trait(cases: Cases, simple: Simple | None) -> Iterator[tuple[str, str, Measured]]:
    """(trait, measure, what it adds): how many items of each trait are said to be relevant."""
    traits = Counter(_trait(c) for c in cases if isinstance(c.item.get("relevant"), bool))
    for trait in sorted(filter(None, traits)):
        for name, is_relevant in (("false alarms", False), ("found", True)):
            among = [
                c for c in cases if _trait(c) == trait and c.item.get("relevant") is is_relevant
            ]
            if among:
                yield trait, name, _said_relevant(among, simple, is_fault=not is_relevant)


def by_edit(cases: Cases) -> Iterator[tuple[str, str, Measured]]:
    """(edit, measure, what it adds): of the copies edited in one way, how many are found."""
    originals = {c.item["id"]: c for c in cases}
    said = _roots(c.said for c in cases)
    copies_ = [c for c in cases if c.item.get("edit") and c.item.get("copy_of") in originals]
    for edit in dict.fromkeys(str(c.item["edit"]) for c in copies_):
        among = [c for c in copies_ if c.item["edit"] == edit]
        held = [_root(said, c.item["id"]) == _root(said, c.item["copy_of"]) for c in among]
        yield edit, "copies found", Measured(parts=of_checks(held), count=len(held), is_share=True)


#: What is measured of a file, in the order of its table.
READERS: Sequence[Reader] = (
    relevance,
    developments,
    stories,
    copies,
    quantities,
    labels,
    language,
)

#: And of the items of each language.
LANGUAGE_READERS: Sequence[Reader] = (relevance, quantities, labels, language)


def _has(labels: Mapping[str, Any], name: str) -> bool:
    """Whether it carries that label; the number 0 is one."""
    return labels.get(name) not in {None, ""}


def _trait(case: Case) -> str:
    return str(case.item.get("trait") or "")


def _unit(case: Case) -> Hashable:
    """What is drawn anew with it: the matter it tells of."""
    named = (name for name in ("umbrella", "story_id") if _has(case.item, name))
    label = next(named, "id")
    return label, case.item[label]


def _pairs_in(groups: Counter[Any]) -> int:
    return sum(many * (many - 1) // 2 for many in groups.values())
