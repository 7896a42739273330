"""Answers of APIs: items and fields by path or by name, paging, and what is no such answer."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError, Permanent, Retryable
from monitor.parse.api.reader import MOST_ITEMS, parse_api

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://api.example/v1/news?term=ore&api_key=s3cret-value"

#: In the form of the documents API of the US Federal Register.
REGISTER = {
    "count": 2,
    "next_page_url": "https://api.example/v1/news?page=2",
    "results": [
        {
            "title": "Tungsten &amp; Duties",
            "html_url": "https://register.example/d/1",
            "publication_date": "2026-11-23",
            "abstract": "<p>Duties on <b>tungsten</b>.</p>",
            "document_number": "2026-1",
            "agencies": [{"name": "Trade Administration"}, {"raw_name": "X", "name": "Mines"}],
        },
        {
            "title": "Antimony",
            "html_url": "https://register.example/d/2",
            "publication_date": "2026-11-20",
            "abstract": None,
            "document_number": "2026-2",
            "agencies": [],
        },
    ],
}
OPTIONS = {
    "item": "results",
    "link": "html_url",
    "title": "title",
    "date": "publication_date",
    "summary": "abstract",
    "id": "document_number",
    "author": "agencies[].name",
    "next": "next_page_url",
}


def read(answer, *, options=None, memory=None, url=URL, is_part=False, asked=""):
    """What an answer is read as; text and bytes go in as they are."""
    body = answer if isinstance(answer, str | bytes) else json.dumps(answer)
    return parse_api(
        body.encode() if isinstance(body, str) else body,
        url=url,
        content_type="application/json",
        now=NOW,
        options=options or {},
        memory=memory or {},
        is_part=is_part,
        asked=asked,
    )


def test_fields_by_path():
    """Paths name the list and each field; markup is made plain."""
    first, second = read(REGISTER, options=OPTIONS).entries
    assert (first.guid, first.url) == ("2026-1", "https://register.example/d/1")
    assert (first.title, first.summary) == ("Tungsten & Duties", "Duties on tungsten.")
    assert first.authors == ("Trade Administration", "Mines")
    assert first.published_at == datetime(2026, 11, 23, tzinfo=UTC)
    assert (second.title, second.summary, second.authors) == ("Antimony", "", ())


def test_fields_by_their_usual_names():
    """Without any option, the largest list of things with a title and an address is read."""
    answer = {
        "facets": [{"name": "Mines"}, {"name": "Trade"}, {"name": "Law"}],
        "articles": [
            {
                "url": "https://ores.example/1",
                "title": "Mine sold",
                "seendate": "20261124T083000Z",
                "language": "Russian",
                "domain": "ores.example",
            }
        ],
    }
    (entry,) = read(answer).entries
    assert (entry.title, entry.url) == ("Mine sold", "https://ores.example/1")
    assert entry.published_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert entry.language == "ru"


@pytest.mark.parametrize(
    "answer",
    [
        [{"link": "https://ores.example/1", "title": {"rendered": "Mine <i>sold</i>"}}],
        {"data": [{"attributes": {"url": "https://ores.example/1", "title": "Mine sold"}}]},
        '{"url": "https://ores.example/1", "headline": "Mine sold"}\n'
        '{"url": "https://ores.example/2", "headline": "Ore"}\n',
        '\ufeff [{"uri": "https://ores.example/1", "webTitle": "Mine sold"}]',
        '[{"url": "https://ores.example/1", "title": "Mine\tsold"}]',
    ],
)
def test_forms_of_answers(answer):
    """Lists, wrapped items and values, one object a line, byte order marks, raw tabs."""
    first = read(answer).entries[0]
    assert (first.url, first.title) == ("https://ores.example/1", "Mine sold")


@pytest.mark.parametrize(
    "date",
    [
        1795509000,
        1795509000000,
        1795509000.0,
        "1795509000",
        1795509000000000,
        "/Date(1795509000000)/",
        "20261124T083000Z",
        "2026-11-24T08:30:00Z",
        "Tue, 24 Nov 2026 08:30:00 GMT",
    ],
)
def test_dates(date):
    """Seconds and their fractions since 1970, compact and usual forms."""
    (entry,) = read([{"url": "https://a.example/1", "title": "Ore", "date": date}]).entries
    assert entry.published_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_lines_of_plain_text_stay():
    """A text without markup keeps its lines; one with markup gets them from it."""
    for content in ("One\n\nTwo &amp; three", "<p>One</p><p>Two &amp; three</p>"):
        item = {"url": "https://a.example/1", "title": "Ore", "content": content}
        assert read([item]).entries[0].content == "One\nTwo & three"


def test_numbers_beyond_any_range():
    """Infinite, huge and impossible numbers are no harm, and no value."""
    text = (
        '[{"url": "https://a.example/1", "title": "Ore", "date": 1e400, "summary": NaN, '
        f'"id": {"9" * 5000}, "count": -Infinity}}]'
    )
    (entry,) = read(text).entries
    assert (entry.published_at, entry.summary, len(entry.guid)) == (None, "", 2000)


@pytest.mark.parametrize(
    "answer", [{}, [], {"results": []}, {"count": 0}, {"response": {"numFound": 0, "docs": None}}]
)
def test_no_items_are_no_failure(answer):
    """An answer that says that there is nothing is empty."""
    document = read(answer)
    assert (document.entries, document.memory) == ((), {})


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("", "the answer is empty"),
        ("<!doctype html><title>Sign in</title><p>", "an HTML page came.*“Sign in”"),
        ("<rss><channel></channel></rss>", "a feed, not JSON"),
        ("<error><code>5</code></error>", "XML, not JSON"),
        ('{"results": [{"title": "Or', "truncated: it ends after 26 characters"),
        ('{"results": [{"title": "Ore"}', "truncated"),
        ('{"results": [{"title": tru', "truncated"),
        ('[{"a" 1, "b": 2, "c": 3}]', "no valid JSON: .* in line 1, column 7"),
        ("[" * 100_000, "nested too deeply"),
        ("Your query was too short or too long.", "an error: “Your query was too short or too"),
        ("[Error] no such index", "an error: “.Error. no such index”"),
        ('"Invalid query"', "an error: “Invalid query”"),
        ({"error": {"code": 5, "message": "bad term"}}, "an error: “bad term”"),
        ({"error": "bad term", "results": []}, "an error: “bad term”"),
        ({"status": "x", "message": "no such field"}, "an error: “no such field”"),
        ({"total": 9, "hits": {"a": 1}}, "no list of items: none was found; it has: total, hits"),
        ([{"a": 1}, {"a": 2}], "no list of items"),
    ],
)
def test_what_is_no_answer_is_named(answer, cause):
    """Each thing that may come instead has a cause of its own."""
    with pytest.raises(Permanent, match=cause) as caught:
        read(answer)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    ["Please limit requests to one every 5 seconds.", {"message": "Too many requests"}],
)
def test_a_plea_for_patience_passes(answer):
    """What asks for fewer requests is no lasting failure, and says which option helps."""
    with pytest.raises(Retryable, match="option gap"):
        read(answer)


def test_a_quoted_error_is_one_short_line_without_keys():
    """What is quoted is cut, without control characters, and without the key that we sent."""
    with pytest.raises(Permanent) as caught:
        read("Bad key s3cret-value\x1b[31m\n" + "ore " * 100)
    text = str(caught.value)
    assert "Bad key … [31m ore ore" in text
    assert len(text) < 300


def test_a_path_that_finds_nothing():
    """A wrong path of the list, and wrong paths of the fields, are named with what there is."""
    with pytest.raises(Permanent, match=r"the path hits.* finds none; it has: count, next_page"):
        read(REGISTER, options={"item": "hits[].x"})
    with pytest.raises(Permanent, match=r"none has a title or an address.*title, html_url"):
        read(REGISTER, options={"item": "results", "title": "x", "link": "y"})
    with pytest.raises(Permanent, match="holds no list"):
        read({"data": 1, "warnings": []}, options={"item": "results"})


def test_a_changed_form_is_an_alarm():
    """Items that have lost their titles, addresses or dates are read, and reported."""
    without_date = {**OPTIONS, "date": "effective"}
    assert "no item has a date" in read(REGISTER, options=without_date).alarm
    assert "no item has an address" in read(REGISTER, options={**OPTIONS, "link": "x"}).alarm
    assert "no item has a title" in read(REGISTER, options={**OPTIONS, "title": "x"}).alarm
    assert not read(REGISTER, options=OPTIONS).alarm


def test_stray_backslashes_are_mended():
    """A backslash that escapes nothing stands for itself; good escapes stay."""
    text = r'[{"url": "https://a.example/1", "title": "Ore \d \"x\" \u00e9 \\n"}]'
    document = read(text)
    assert document.entries[0].title == r'Ore \d "x" é \n'
    assert document.problems == ("stray backslashes were mended",)


def test_a_cut_last_line_is_left_out():
    """JSON Lines that end in the middle of a line bring the lines before."""
    line = '{"url": "https://a.example/%d", "title": "Ore"}\n'
    document = read(line % 1 + line % 2 + '{"url": "htt')
    assert len(document.entries) == 2
    assert document.problems == ("its last line is truncated",)


def items(*numbers, day=24):
    """An answer with a page number, and items of one day."""
    return {
        "page": 2,
        "items": [
            {
                "id": f"n{n}",
                "url": f"https://a.example/{n}",
                "title": f"Ore {n}",
                "date": f"2026-11-{day:02}",
            }
            for n in numbers
        ],
    }


def test_the_first_poll_reads_one_page():
    """Nothing is known, so nothing older is asked for; what it brought is remembered."""
    document = read(REGISTER, options=OPTIONS)
    assert document.follow == ()
    assert document.memory["newest"] == "2026-11-23T00:00:00+00:00"
    assert len(document.memory["known"]) == 2


def test_paging_until_what_is_known():
    """Pages are asked for until one ends with an item that is known, or older than the newest."""
    options = {"next": "page", "next_param": "page"}
    memory = read(items(1, 2, day=20), options=options).memory
    first = read(items(9, 8), options=options, memory=memory)
    assert first.follow == (f"{URL}&page=2#page=2",)
    part = {"options": options, "memory": memory, "asked": first.follow[0], "is_part": True}
    second = read(items(7, 6), url=f"{URL}&page=2", **part)
    # The answer says "page 2" for ever: a page that leads to itself is not asked for again.
    assert (second.follow, second.memory) == ((), {})
    assert read(items(7, 2, day=20), **part).follow == ()
    assert read(items(7, 5, day=19), **part).follow == ()
    assert read(items(), **part).follow == ()


@pytest.mark.parametrize(
    ("options", "answer", "expected"),
    [
        ({"next": "n"}, {"n": "https://api.example/v1/news?c=9"}, "/v1/news?c=9&api_key="),
        ({"next": "n"}, {"n": "?cursor=9&api_key=x"}, "/v1/news?cursor=9&api_key=x#"),
        ({"next": "n", "next_param": "c"}, {"n": "a/b=="}, "&c=a%2Fb%3D%3D#page=2"),
        ({"next_param": "page"}, {}, "&page=2#"),
        ({"next_param": "offset"}, {}, "&offset=2#"),
        ({"next": "n"}, {"n": None}, ""),
        ({"next": "n"}, {"n": "https://evil.example/2"}, ""),
        ({"next": "n"}, {"n": "abc"}, ""),
        ({}, {"n": "https://api.example/2"}, ""),
    ],
)
def test_where_the_next_page_is(options, answer, expected):
    """An address, a cursor or a count; on the same site, with our key, and only when named."""
    document = read({**items(1, 2), **answer}, options=options, memory={"known": ["0"]})
    assert len(document.follow) == bool(expected)
    assert expected in "".join(document.follow)


def test_paging_is_bounded():
    """After ten pages it ends, and says so."""
    document = read(
        items(1, 2), options={"next_param": "page"}, memory={"known": ["0"]}, asked=f"{URL}#page=10"
    )
    assert document.follow == ()
    assert "the bound is 10 pages" in document.problems[0]


def test_ten_megabytes_of_items_are_bounded():
    """Only so many items are read, in little time, and the rest is named."""
    body = json.dumps(
        [{"url": "https://a.example/1", "title": "Ore " * 20, "n": n} for n in range(90_000)]
    )
    assert len(body) > 10_000_000
    began = time.monotonic()
    document = read(body)
    assert time.monotonic() - began < 10
    assert len(document.entries) == MOST_ITEMS
    assert document.problems == ("only the first 2000 of 90000 items were read",)


@given(st.binary(max_size=300))
def test_any_bytes(body):
    """Only errors of our own leave."""
    with suppress(MonitorError):
        read(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["url", "title", "date", "items", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([{}, {"item": "items", "title": "join('', x)", "next": "url"}]))
def test_any_json(answer, options):
    """Any value under any name is read or refused in our own words."""
    with suppress(MonitorError):
        read(answer, options=options, memory={"known": ["0"]})
