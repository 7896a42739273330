"""
Small charts as inline SVG: bars, told apart by patterns as well as by colours.

Nothing here has a size of its own or a colour: both come from the style sheet, so that a chart
is as wide as its place, its strokes and patterns are never stretched, and dark is dark. Each
chart stands beside a table with the same numbers; it is one picture to a screen reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import svg
from markupsafe import Markup, escape

#: Room between two bars, as a share of what each has.
_GAP = 0.18

#: The least height of a bar that is not nothing, percent.
_LEAST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One bar: its parts from below, what it says, and where it leads."""

    parts: tuple[int, ...]
    #: Like `3 March: 5 stories`.
    title: str
    #: A path on this site; empty = it leads nowhere.
    href: str = ""

    @property
    def total(self) -> int:
        """All its parts."""
        return sum(self.parts)


def spark(values: Sequence[int], *, title: str) -> Markup:
    """A line of bars within a line of text; one path, so that a table of them is no burden."""
    most = max(values, default=0)
    drawn: list[svg.PathData] = []
    for place, value in enumerate(values):
        if value:
            height = max(1, round(10 * value / most))
            drawn += [svg.M(place, 10), svg.VerticalLineToRel(-height)]
            drawn += [svg.HorizontalLineToRel(0.8), svg.V(10), svg.Z()]
    picture = svg.SVG(
        class_=["spark"],
        viewBox=svg.ViewBoxSpec(0, 0, max(len(values), 1), 10),
        preserveAspectRatio=svg.PreserveAspectRatio("none"),
        extra={"role": "img"},
        elements=[svg.Title(text=escape(title)), *([svg.Path(d=drawn)] if drawn else [])],
    )
    return _markup(picture)


def columns(
    bars: Sequence[Column], *, name: str, title: str, about: str = "", most: int = 0
) -> Markup:
    """
    A chart of bars side by side.

    Args:
        name: distinct on its page; letters, digits and hyphens.
        title: what is shown.
        about: how to read it, in a sentence.
        most: the value at the top; 0 = the highest bar.
    """
    top = most or max((bar.total for bar in bars), default=0)
    kinds = max((len(bar.parts) for bar in bars), default=0)
    drawn: list[svg.Element] = [svg.Title(id=f"{name}-title", text=escape(title))]
    labels = f"{name}-title"
    if about:
        drawn.append(svg.Desc(id=f"{name}-about", text=escape(about)))
        labels = f"{labels} {name}-about"
    if kinds > 1:
        drawn.append(svg.Defs(elements=[_pattern(name, kind) for kind in range(1, kinds)]))
    for place, bar in enumerate(bars):
        drawn += _bar(bar, place, len(bars), top, name)
    # A picture has nothing in it to a screen reader; what has links is a group of them.
    role = "group" if any(bar.href for bar in bars) else "img"
    picture = svg.SVG(
        class_=["bars"], extra={"role": role, "aria-labelledby": labels}, elements=drawn
    )
    return _markup(picture)


def _bar(bar: Column, place: int, count: int, top: int, name: str) -> list[svg.Element]:
    """The parts of a bar from below, with what it says; nothing for nothing."""
    if not bar.total:
        return []
    room = 100 / count
    left, width = _percent((place + _GAP / 2) * room), _percent((1 - _GAP) * room)
    drawn: list[svg.Element] = [svg.Title(text=escape(bar.title))]
    foot = 100.0
    for kind, part in enumerate(bar.parts):
        if part:
            height = max(_LEAST, 100 * part / top)
            foot -= height
            fill = f"url(#{name}-{kind})" if kind else None
            drawn.append(
                svg.Rect(
                    x=left,
                    y=_percent(max(foot, 0)),
                    width=width,
                    height=_percent(height),
                    fill=fill,
                    class_=[f"chart-{kind}"],
                )
            )
    if not bar.href:
        return [svg.G(elements=drawn)]
    # The table beside it has the same link for who goes by keys.
    return [svg.A(href=escape(bar.href), tabindex=-1, elements=drawn)]


def _pattern(name: str, kind: int) -> svg.Pattern:
    """What fills the parts of one kind: rising lines, level lines, dots."""
    marks: list[svg.Element] = [
        svg.Path(
            d=[svg.M(-1, 7), svg.L(7, -1), svg.M(-1, 1), svg.L(1, -1), svg.M(5, 7), svg.L(7, 5)]
        ),
        svg.Path(d=[svg.M(0, 1), svg.H(6), svg.M(0, 4), svg.H(6)]),
        svg.Circle(cx=3, cy=3, r=1.4),
    ]
    ground = svg.Rect(width=6, height=6, class_=["ground"])
    return svg.Pattern(
        id=f"{name}-{kind}",
        class_=[f"pattern-{kind}"],
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        elements=[ground, marks[(kind - 1) % len(marks)]],
    )


def key(name: str, kind: int) -> Markup:
    """A small sample of how the parts of one kind are filled, for a legend."""
    fill = f"url(#{name}-{kind})" if kind else None
    sample = svg.Rect(
        width=_percent(100), height=_percent(100), fill=fill, class_=[f"chart-{kind}"]
    )
    return _markup(svg.SVG(class_=["sample"], extra={"aria-hidden": "true"}, elements=[sample]))


def _percent(value: float) -> svg.Length:
    return svg.Length(round(value, 2), "%")


def _markup(picture: svg.SVG) -> Markup:
    return Markup(picture.as_str())  # noqa: S704  (texts are escaped above, the rest are numbers)
