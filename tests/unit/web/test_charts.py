"""Charts as pictures: numbers in place, texts escaped, nothing of their own to style."""

from xml.etree import ElementTree as ET

import pytest

from monitor.web.charts import Column, columns, key, spark

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "</title><script>alert(1)</script>\"'&"


def read(picture):
    """The picture as a tree; an error when it is not well formed."""
    return ET.fromstring(str(picture))


def test_bars_stand_side_by_side():
    """The highest fills the height, another its share of it; nothing has no bar."""
    bars = [
        Column(parts=(4,), title="a"),
        Column(parts=(0,), title="b"),
        Column(parts=(2,), title="c"),
    ]
    rects = list(read(columns(bars, name="x", title="t")).iter(f"{SVG}rect"))
    assert [(one.get("y"), one.get("height")) for one in rects] == [
        ("0.0%", "100.0%"),
        ("50.0%", "50.0%"),
    ]
    lefts = [float(one.get("x").rstrip("%")) for one in rects]
    assert lefts[0] < 100 / 3 < 200 / 3 < lefts[1]


def test_parts_are_told_apart_without_colour():
    """Each further part is filled with a pattern that the picture brings along."""
    tree = read(columns([Column(parts=(1, 1, 1, 1), title="a")], name="x", title="t"))
    patterns = {one.get("id") for one in tree.iter(f"{SVG}pattern")}
    assert patterns == {"x-1", "x-2", "x-3"}
    fills = [one.get("fill") for one in tree.iter(f"{SVG}rect") if one.get("x")]
    assert fills == [None, "url(#x-1)", "url(#x-2)", "url(#x-3)"]
    assert "url(#x-2)" in key("x", 2)


@pytest.mark.parametrize("href", ["", "/search?a=1&b=2"])
def test_texts_are_escaped(href):
    """Whatever a name holds, the picture is well formed, and it is text."""
    made = columns([Column(parts=(1,), title=EVIL, href=href)], name="x", title=EVIL, about=EVIL)
    tree = read(made)
    assert {one.text for one in tree.iter(f"{SVG}title")} == {EVIL}
    assert "<script" not in str(made)
    assert "style=" not in str(made)
    assert read(spark([1, 2], title=EVIL)).find(f"{SVG}title").text == EVIL


def test_a_picture_is_one_thing_and_links_are_a_group():
    """Without links a chart is one image to a screen reader; keys do not stop at its bars."""
    plain = read(columns([Column(parts=(1,), title="a")], name="x", title="t"))
    assert plain.get("role") == "img"
    linked = read(columns([Column(parts=(1,), title="a", href="/b")], name="x", title="t"))
    assert linked.get("role") == "group"
    assert linked.find(f"{SVG}a").get("tabindex") == "-1"


def test_nothing_at_all():
    """No bars, or none that is something, is an empty picture and no error."""
    assert list(read(columns([], name="x", title="t")).iter(f"{SVG}rect")) == []
    assert read(spark([], title="t")).find(f"{SVG}path") is None
    assert read(spark([0, 0], title="t")).find(f"{SVG}path") is None
