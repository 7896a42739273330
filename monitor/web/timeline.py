"""
When rules are in force, as strips of inline SVG on one scale: a strip stands in a table's row.

Sizes and colours come from the style sheet (see `charts`); places are per cent of the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import svg
from markupsafe import Markup, escape

from monitor.model.instruments import Term, day_of
from monitor.web.filters import flat

#: The least width of a term, per cent: a day of two years is no pixel.
_LEAST = 1.2


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a timeline shows, the last one not included."""

    first: date
    end: date

    def place(self, day: date) -> float:
        """Where a day begins, per cent, within the timeline."""
        whole = (self.end - self.first).days
        return min(100.0, max(0.0, 100 * (day - self.first).days / whole))

    def quarters(self) -> list[date]:
        """First days of quarters within it."""
        months = range(
            self.first.year * 12 + self.first.month - 1, self.end.year * 12 + self.end.month
        )
        days = (date(month // 12, month % 12 + 1, 1) for month in months if month % 3 == 0)
        return [day for day in days if self.first <= day < self.end]


def span_around(today: date, *, before: int, after: int) -> Span:
    """Whole months around this one."""
    month = today.year * 12 + today.month - 1
    first, end = month - before, month + after + 1
    return Span(date(first // 12, first % 12 + 1, 1), date(end // 12, end % 12 + 1, 1))


def strip(terms: Sequence[tuple[Term, str]], span: Span, *, today: date, title: str) -> Markup:
    """
    One rule's terms as bars.

    Args:
        terms: with what each says: `from 30 Oct 2025 until 30 Apr 2026`.
        title: what the picture says as a whole.
    """
    drawn: list[svg.Element] = [svg.Title(text=escape(flat(title)))]
    drawn += [_line(span.place(day), "tick") for day in span.quarters()]
    for term, said in terms:
        drawn += _bar(term, said, span)
    drawn.append(_line(span.place(today), "today"))
    picture = svg.SVG(class_=["strip"], extra={"role": "img"}, elements=drawn)
    return Markup(picture.as_str())  # noqa: S704  (texts are escaped above, the rest are numbers)


def _bar(term: Term, said: str, span: Span) -> list[svg.Element]:
    """A term; one without an end, or without a beginning, fades out to its side."""
    first = day_of(term.in_force_from)
    last = day_of(term.until, is_last=True)
    if first is None and last is None:
        return []
    if (first and first >= span.end) or (last and last < span.first):
        return []
    left = span.place(first) if first else 0.0
    right = span.place(last) if last else 100.0
    left = min(left, 100 - _LEAST)
    kind = "open" if first is None or last is None else "whole"
    stage = {"draft": "plan", "suspended": "suspended"}.get(term.stage, "force")
    return [
        svg.G(
            elements=[
                svg.Title(text=escape(flat(said))),
                svg.Rect(
                    x=_percent(left),
                    y=_percent(22),
                    width=_percent(max(_LEAST, right - left)),
                    height=_percent(56),
                    class_=[f"term-{stage}", f"term-{kind}"],
                ),
            ]
        )
    ]


def _line(place: float, kind: str) -> svg.Element:
    at = _percent(place)
    return svg.Line(x1=at, x2=at, y1=_percent(0), y2=_percent(100), class_=[kind])


def _percent(value: float) -> svg.Length:
    return svg.Length(round(value, 2), "%")
