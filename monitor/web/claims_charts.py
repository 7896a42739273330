"""
Figures over time as inline SVG: who told which when, and how high they were.

As in `charts`, nothing has a size or a colour of its own: places are percent of the picture's
width and height, so that the style sheet makes it fit a phone, and points keep their form. What
one origin alone tells, and copies, are hollow. Beside each stands a table with the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import svg
from markupsafe import Markup, escape

from monitor.web.filters import flat

#: Room at both ends, percent.
_EDGE = 3.0

#: From this ratio of the highest to the lowest on, heights are by their order of magnitude.
_STEEP = 50.0

#: Radius of a point, pixels.
_RADIUS = 5

#: Seconds that a picture spans at least.
_LEAST_S = 3600.0

_UNFIT = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One point: when, how high, what it says, and where it leads."""

    at: datetime
    title: str
    #: Until when it was told; None = only then.
    until: datetime | None = None
    value: float = 0.0
    href: str = ""
    is_hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One figure and all who tell it."""

    label: str
    dots: tuple[Dot, ...]


def lanes(rows: Sequence[Lane], *, name: str, title: str) -> Markup:
    """A line of time for each figure, with a point for each telling."""
    span = _span([dot for row in rows for dot in row.dots])
    drawn: list[svg.Element] = []
    for place, row in enumerate(rows):
        y = 100 * (place + 0.72) / len(rows)
        drawn.append(_line(_EDGE, 100 - _EDGE, y, "lane"))
        drawn += [_point(dot, _across(dot.at, span), y) for dot in row.dots]
    return _picture(drawn, name, title, ["lanes", f"lanes-{min(len(rows), 8)}"])


def points(dots: Sequence[Dot], *, name: str, title: str) -> Markup:
    """Points as high as their values, each with a line until it was told last."""
    span = _span(dots)
    values = [dot.value for dot in dots]
    drawn: list[svg.Element] = []
    for dot in dots:
        x, y = _across(dot.at, span), 100 - _height(dot.value, min(values), max(values))
        if dot.until and dot.until > dot.at:
            drawn.append(_line(x, _across(dot.until, span), y, "told"))
        drawn.append(_point(dot, x, y))
    return _picture(drawn, name, title, ["points"])


def is_steep(low: float, high: float) -> bool:
    """Whether heights are by their order of magnitude, from the lowest; else they are from 0."""
    return low > 0 and high / low > _STEEP


def _height(value: float, low: float, high: float) -> float:
    """Percent from below."""
    room = 100 - 4 * _EDGE
    if is_steep(low, high):
        return 2 * _EDGE + room * math.log(value / low) / math.log(high / low)
    base = min(low, 0.0)
    return 2 * _EDGE + (room * (value - base) / (high - base) if high > base else room / 2)


def _span(dots: Sequence[Dot]) -> tuple[datetime, float]:
    """When the picture begins, and how many seconds it is wide."""
    moments = [moment for dot in dots for moment in (dot.at, dot.until) if moment]
    first, last = min(moments), max(moments)
    return first, max((last - first).total_seconds(), _LEAST_S)


def _across(moment: datetime, span: tuple[datetime, float]) -> float:
    first, width = span
    return _EDGE + (100 - 2 * _EDGE) * (moment - first).total_seconds() / width


def _line(x: float, until: float, y: float, kind: str) -> svg.Line:
    return svg.Line(
        x1=_percent(x), x2=_percent(until), y1=_percent(y), y2=_percent(y), class_=[kind]
    )


def _point(dot: Dot, x: float, y: float) -> svg.Element:
    kind = "hollow" if dot.is_hollow else "full"
    drawn: list[svg.Element] = [
        svg.Title(text=escape(flat(dot.title))),
        svg.Circle(cx=_percent(x), cy=_percent(y), r=_RADIUS, class_=["point", kind]),
    ]
    if not dot.href:
        return svg.G(elements=drawn)
    # The table beside it has the same link for who goes by keys.
    return svg.A(href=escape(dot.href), tabindex=-1, elements=drawn)


def _picture(drawn: list[svg.Element], name: str, title: str, kinds: list[str]) -> Markup:
    label = f"{_UNFIT.sub('-', name)}-title"
    is_linked = any(isinstance(one, svg.A) for one in drawn)
    picture = svg.SVG(
        class_=kinds,
        extra={"role": "group" if is_linked else "img", "aria-labelledby": label},
        elements=[svg.Title(id=label, text=escape(flat(title))), *drawn],
    )
    return Markup(picture.as_str())  # noqa: S704  (texts are escaped above, the rest are numbers)


def _percent(value: float) -> svg.Length:
    return svg.Length(round(value, 2), "%")
