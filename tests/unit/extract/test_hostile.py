"""Facts about pages that are none, or that are made to hurt."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import Permanent
from tests.unit.extract.pages import ENGLISH, extract, page

#: Processor time that one page may take (s); measured are at most half of it.
MOST_SECONDS = 4.0

WORDS = " ".join(ENGLISH)


def wrapped(body, head=""):
    """A page of hostile matter."""
    return f"<html><head><title>T</title>{head}</head><body><h1>Heading</h1>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        (b"", "", "empty page"),
        (b" \r\n ", "text/html", "empty page"),
        (b"%PDF-1.7 x", "text/html", "a PDF"),
        (b"PK\x03\x04 x", "text/html", "an archive"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "an image"),
        (b"\xff\xd8\xff\xe0", "text/html", "an image"),
        (b"\x1f\x8b\x08", "text/html", "packed data"),
        (b'{"error": "no"}', "text/html", "JSON"),
        (b"[1, 2, 3]", "text/html", "JSON"),
        (b"<p>x</p>", "application/json", "application/json"),
        (b"<p>x</p>", "image/webp; q=1", "image/webp"),
        (b"\0" * 3000, "text/html", "binary data"),
        (bytes(range(256)) * 40, "text/html", "binary data"),
        (b"<!-- only a comment -->", "text/html", "not HTML"),
        (b"<script>go()</script>", "text/html", "no text and no title"),
        (b"<p>x" * 400_000, "text/html", "too large"),
        (b"<p>x" * 50_000, "text/html", "elements"),
        (b"<div>" * 50_000, "text/html", "levels"),
        (("<p " + " ".join(f"a{n}" for n in range(9000)) + ">").encode(), "", "attributes"),
    ],
)
def test_what_is_no_page_is_refused_by_its_kind(body, content_type, cause):
    """The cause names what came instead, and the address."""
    with pytest.raises(Permanent) as caught:
        extract(body, content_type=content_type)
    assert cause in str(caught.value)
    assert "sample-outlet.test" in str(caught.value)


@pytest.mark.parametrize(
    "markup",
    [
        wrapped("<p>x</p>" * 19_000),
        wrapped(("<div>" * 180 + WORDS + "</div>" * 180) * 30),
        wrapped("<ul>" + '<li><a href="/x">link text here</a></li>' * 6000 + "</ul>"),
        wrapped("<table>" + "<tr><td>1</td><td>2</td><td>x</td></tr>" * 4500 + "</table>"),
        wrapped("<p>" + "1" * 900_000),
        wrapped("<p>" + "2026-13-45 " * 80_000),
        wrapped('<span class="date">99/99/2026</span>' * 6000),
        wrapped('<span class="author">' + "by and " * 100_000 + "</span>" + WORDS),
        wrapped(WORDS, '<meta property="og:title" content="' + " - " * 90_000 + '">'),
        wrapped(WORDS, '<script type="application/ld+json">' + "[" * 100_000 + "</script>"),
        wrapped('<p class="' + "a " * 150_000 + f'" data-date="{"2026-11-" * 37_000}">' + WORDS),
    ],
    ids=lambda markup: markup[70:100],
)
def test_hostile_sizes_end_in_time(markup):
    """Floods of elements, links, digits, dates, brackets and attributes cost bounded time."""
    start = time.process_time()
    extract(markup)
    assert time.process_time() - start < MOST_SECONDS


def test_long_attributes_hide_no_text():
    """A page with 300,000 characters in an attribute is read."""
    assert extract(wrapped(f'<p data-state="{"x" * 300_000}">{WORDS}</p>')).text == WORDS


def test_code_does_not_count_as_text():
    """Megabytes of state for scripts, as many outlets send, are no reason to refuse a page."""
    script = "<script>var state = '" + "x" * 3_000_000 + "'</script>"
    assert extract(page(after=script)).text.split("\n") == list(ENGLISH)


def test_impossible_characters_are_dropped():
    """NULs and references to surrogates leave text that can be stored."""
    found = extract(page(paragraphs=("a\0b &#xD800;&#0;&#1; " + ENGLISH[0], *ENGLISH[1:])))
    assert "\0" not in found.text
    assert found.text.encode()


def test_json_of_wrong_types_is_put_up_with():
    """Every field of JSON-LD may be of any type."""
    for value in ("7", "null", "[]", "{}", "[[null]]", '{"name":{"name":1}}', '["a",1]', "true"):
        fields = ",".join(
            f'"{name}":{value}'
            for name in [
                "headline",
                "author",
                "publisher",
                "datePublished",
                "dateModified",
                "articleBody",
                "wordCount",
                "isAccessibleForFree",
                "hasPart",
                "mainEntity",
                "@graph",
            ]
        )
        block = (
            f'<script type="application/ld+json">{{"@type":["NewsArticle",1],{fields}}}</script>'
        )
        assert extract(page(head=block)).text


TAGS = [
    "p",
    "div",
    "h1",
    "a",
    "span",
    "time",
    "script",
    "article",
    "table",
    "tr",
    "td",
    "li",
    "ul",
    "br",
    "b",
    "title",
    "meta",
    "base",
    "link",
    "html",
]
VALUES = st.sampled_from(
    [
        *(
            "",
            "x",
            "2026-03-12",
            "9999-99-99",
            "date",
            "byline author",
            "canonical",
            "//[",
            "ru_RU",
        ),
        *("datePublished", "application/ld+json", "{", "article:published_time", "author"),
    ]
)
NAMES = st.sampled_from(
    [
        "class",
        "id",
        "href",
        "rel",
        "content",
        "property",
        "name",
        "itemprop",
        "datetime",
        "lang",
        "type",
        "data-x",
    ]
)
OPENING = st.builds(
    lambda tag, name, value: f'<{tag} {name}="{value}">', st.sampled_from(TAGS), NAMES, VALUES
)
CLOSING = st.sampled_from([f"</{tag}>" for tag in TAGS])
SOUP = st.lists(
    st.one_of(OPENING, CLOSING, st.text(max_size=30), st.sampled_from(ENGLISH), VALUES), max_size=40
).map("".join)
PATIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(SOUP, st.sampled_from(["", "https://e.test/2026/03/12/x", "not an address", "http://[bad"]))
def test_any_soup_is_a_page_or_permanent(markup, url):
    """Any markup gives a page, or the one error that says it never will."""
    try:
        found = extract(markup.encode("utf-8", "surrogatepass"), url=url)
    except Permanent:
        return
    assert found.text or found.title


@PATIENT
@given(
    st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-16", "x/y;charset=\0"])
)
def test_any_bytes_are_a_page_or_permanent(body, content_type):
    """Any bytes do, whatever the header claims."""
    try:
        extract(b"<p>" + body, content_type=content_type)
        extract(body, content_type=content_type)
    except Permanent:
        return


@PATIENT
@given(st.text(max_size=30), st.sampled_from(["text", "title", "date", "author", "remove"]))
def test_any_selector_finds_something_or_is_permanent(selector, name):
    """An operator's typing error is an error with a name, never a crash."""
    cause = ""
    try:
        extract(page(), **{name: selector})
    except Permanent as error:
        cause = str(error)
    assert not cause or repr(selector) in cause or "no text" in cause
