"""Facts about plain text from markup."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.markup import hrefs, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Tungsten</p><p>price</p>", "Tungsten price"),
        ("a<b>b</b>c", "abc"),
        ("one<br/>two", "one two"),
        ("AT&amp;T &ndash; 5&nbsp;t", "AT&T – 5 t"),
        ("grade < 5 % and > 3 %", "grade < 5 % and > 3 %"),
        ("a<script>alert('<p>')</script>b<style>p{}</style>c", "abc"),
        ("a<!-- hidden <b> -->b", "ab"),
        ("a<!-- never closed", "a"),
        ('<a title="x > y">z</a>', "z"),
        ("tail <a href=", "tail <a href="),
        ("nul\x00 bidi\u202e zero\u200b soft\xad", "nul bidi zero soft"),
        ("&#150;&#xD800;&#99999999999;", "–\ufffd"),
        ("<![CDATA[inner]]>", "inner]]>"),
        (" \n many\t\tspaces ", "many spaces"),
    ],
)
def test_plain(markup, text):
    """Markup becomes the words that a reader sees, on one line."""
    assert plain(markup) == text


def test_blocks_can_stand_on_lines():
    """A separator parts block elements."""
    assert plain("<div><p>a b</p>\n<p>c</p></div>d", separator="\n") == "a b\nc\nd"


def test_hrefs_in_order():
    """Targets of links come once each, decoded, without those of other elements."""
    markup = '<a href="/a?x=1&amp;y=2">1</a><a HREF=b>2</a><link href=c><a href="b">3</a>'
    assert hrefs(markup) == ("/a?x=1&y=2", "b")


@given(st.text(alphabet="<>/!-='\"& #;apscript\x00\u202e\n", max_size=300))
def test_never_raises(markup):
    """Any text gives words without control characters or double spaces."""
    text = plain(markup)
    hrefs(markup)
    assert "\x00" not in text
    assert "\u202e" not in text
    assert text == " ".join(text.split())


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a b="', "<!--", "<script", "<p>", "&", "<a b= ", "</"]
)
def test_time_is_linear(piece):
    """Half a million hostile pieces take seconds, not minutes."""
    started = time.perf_counter()
    plain(piece * 500_000)
    assert time.perf_counter() - started < 20
