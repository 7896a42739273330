"""The colours of site.css can be read, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monitor.web

CSS = (Path(monitor.web.__file__).parent / "static" / "site.css").read_text("utf-8")
_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

#: Contrast that WCAG 2.2 AA asks of text, and of what must be seen.
TEXT, SEEN = 4.5, 3.0

GROUNDS = ("bg", "surface", "raised", "selected")


def colours():
    """The properties in light, and in dark."""
    light, dark = (dict(_COLOUR.findall(block)) for block in _ROOT.findall(CSS)[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour):
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast ratio of two colours, in [1, 21]."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def wanted(names):
    """Pairs of a colour and its ground, with the least contrast."""
    for ground in GROUNDS:
        for text in ("text", "muted", "accent", "danger"):
            yield text, ground, TEXT
        for line in ("edge", "focus"):
            yield line, ground, SEEN
    for name in names:
        if name.endswith("-bg"):
            own = name.removesuffix("-bg") + "-fg"
            yield (own if own in names else "mark-fg"), name, TEXT
        if name.startswith("chart-"):
            yield name, "surface", SEEN
    yield "bg", "text", TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_edges_stand_out_from_every_ground(scheme):
    """Each pair of properties that meet has the contrast of WCAG AA."""
    known = colours()[scheme]
    poor = {
        (front, ground): round(contrast(known[front], known[ground]), 2)
        for front, ground, least in wanted(known)
        if contrast(known[front], known[ground]) < least
    }
    assert poor == {}


def test_contrast_is_that_of_the_standard():
    """Black on white is 21, and #767676 on white just passes, as WCAG says."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert 4.5 <= contrast("#767676", "#ffffff") < 4.6


def test_every_colour_has_its_dark_twin():
    """What is coloured in light is coloured anew in dark."""
    light, dark = (dict(_COLOUR.findall(block)) for block in _ROOT.findall(CSS)[:2])
    assert set(light) == set(dark)


def test_rules_take_colours_from_the_properties():
    """No colour is written outside of the properties; shadows and the print sheet aside."""
    rules = _ROOT.sub("", CSS)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", rules) == []
