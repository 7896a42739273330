"""What the ledger's tables and pictures show, put together from its records; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from monitor.deliver.figures import amount_text
from monitor.deliver.ledger import Entry, Ledger, Matter, Statement, side_text
from monitor.deliver.ledger.bases import Measure, on_element, reduced
from monitor.deliver.ledger.sides import DATE
from monitor.model.ledger import LedgerLine
from monitor.web.claims_charts import Dot, Lane, is_steep, lanes, points

#: Figures of one matter, and statements of one of them, that are listed at first, and at most.
FIGURES, STATEMENTS = (10, 200), (8, 60)

#: Pictures of one page, and figures in one of them.
PICTURES, DRAWN = 8, 8

#: Offers of money are no loans; what outlets call them is in `deliver.ledger.sides.stage_text`.
OFFERS = frozenset({"letter_of_interest", "mou", "plan", "proposed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure in a table of the ledger."""

    entry: Entry
    amount: str
    #: Of the first of each telling, in order of time.
    statements: tuple[Statement, ...]
    more: int
    is_offer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    """Figures of one kind about one subject."""

    matter: Matter
    figures: tuple[FigureView, ...]
    #: Figures that are not listed.
    more: int
    #: When each was told; empty where there is nothing to compare.
    picture: Markup


def matters_of(
    ledger: Ledger,
    *,
    written: Callable[[datetime], str],
    title: Callable[[Matter], str],
    is_whole: bool = False,
) -> tuple[MatterView, ...]:
    """
    The tables of a ledger, what most needs a person first.

    Args:
        written: a moment in the reader's words.
        title: what a picture is called.
        is_whole: little is left out.
    """
    figures, told = FIGURES[is_whole], STATEMENTS[is_whole]
    ranked = sorted(ledger.matters, key=_gravity)
    return tuple(
        MatterView(
            matter=matter,
            figures=tuple(_figure(entry, told) for entry in matter.entries[:figures]),
            more=max(0, len(matter.entries) - figures),
            picture=_picture(matter, f"m{place}", title(matter), written)
            if place < PICTURES
            else Markup(),
        )
        for place, matter in enumerate(ranked)
    )


def _gravity(matter: Matter) -> tuple[bool, int]:
    """Contradictions first; else what most tell."""
    return matter.verdict.value != "contradiction", -matter.entries[0].origins


def _figure(entry: Entry, most: int) -> FigureView:
    side = entry.side
    # Of each origin the first before those that repeat it.
    firsts = {one.origin.key: one for one in reversed(side.statements)}
    ranked = sorted(side.statements, key=lambda one: one is not firsts[one.origin.key])[:most]
    return FigureView(
        entry=entry,
        amount=side_text(side),
        statements=tuple(sorted(ranked, key=lambda one: one.at)),
        more=max(0, len(side.statements) - most),
        is_offer=side.kind == "loan" and side.stage in OFFERS,
    )


def _picture(matter: Matter, name: str, title: str, written: Callable[[datetime], str]) -> Markup:
    """When each figure was told, one lane for each; only where there are several."""
    shown = matter.entries[:DRAWN]
    if len(shown) < 2:
        return Markup()
    return lanes(
        [
            Lane(
                label=side_text(entry.side),
                dots=tuple(
                    Dot(
                        at=one.at,
                        title=f"{one.article.site}: {side_text(entry.side)}, {written(one.at)}",
                        is_hollow=one.root != one.article.id,
                    )
                    for one in entry.side.statements[: STATEMENTS[1]]
                ),
            )
            for entry in shown
        ],
        name=name,
        title=title,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures of one kind over time, drawn and as a table."""

    kind: str
    #: What the values are in: `t W`, `USD`, `%`.
    unit: str
    picture: Markup
    #: Oldest first: the line, and its value as it is drawn, in words.
    rows: tuple[tuple[LedgerLine, str], ...]
    most: str
    #: At the bottom: 0, or the lowest value where heights are by order of magnitude.
    least: str
    is_converted: bool


def series_of(
    lines: Iterable[LedgerLine],
    *,
    written: Callable[[datetime], str],
    title: Callable[[str], str],
) -> list[Series]:
    """
    The figures of one subject by kind, of which there are two or more, over time.

    Values are drawn on the basis of their element where all of a kind can be converted to it,
    and as they were stated otherwise.
    """
    groups: dict[tuple[str, str], list[LedgerLine]] = {}
    for line in lines:
        if line.row.unit != DATE:
            unit = reduced(1.0, line.row.unit)[1]
            groups.setdefault((line.row.kind, unit), []).append(line)
    found = [
        _series(kind, unit, sorted(group, key=lambda line: line.row.first_at), written, title)
        for (kind, unit), group in groups.items()
        if len(group) > 1
    ]
    return sorted(found, key=lambda one: -len(one.rows))[:PICTURES]


def _series(
    kind: str,
    unit: str,
    group: Sequence[LedgerLine],
    written: Callable[[datetime], str],
    title: Callable[[str], str],
) -> Series:
    converted = [on_element(_measure(line)) for line in group]
    elements = {one[2] for one in converted if one}
    is_one = all(converted) and len(elements) == 1
    shown_unit = f"{unit} {next(iter(elements))}" if is_one else unit
    values = [
        one[0] if one and is_one else reduced(line.row.value, line.row.unit)[0]
        for one, line in zip(converted, group, strict=True)
    ]
    low = min(values) if min(values) < 0 or is_steep(min(values), max(values)) else 0.0
    texts = [amount_text(float(f"{value:.4g}"), shown_unit) for value in values]
    dots = [
        Dot(
            at=line.row.first_at,
            until=line.row.last_at,
            value=value,
            title=f"{line.site}: {text}, {written(line.row.first_at)}",
            href=f"/stories/{line.story_id}#figures",
            is_hollow=line.row.origins < 2,
        )
        for line, value, text in zip(group, values, texts, strict=True)
    ]
    return Series(
        kind=kind,
        unit=shown_unit,
        picture=points(dots, name=f"{kind}-{unit}", title=title(kind)),
        rows=tuple(zip(group, texts, strict=True)),
        most=amount_text(float(f"{max(values):.4g}"), shown_unit),
        least=amount_text(float(f"{low:.4g}"), shown_unit) if low else "0",
        is_converted=is_one and any(line.claim.basis not in elements for line in group),
    )


def _measure(line: LedgerLine) -> Measure:
    return Measure(line.row.value, line.row.unit, line.claim.basis, frozenset(line.row.minerals))
