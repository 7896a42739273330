"""A query as the address of a page: what is written is read back, and any address is a query."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.enrich.meaning import understood
from monitor.model import FACETS, Order, ReviewState, StoryQuery
from monitor.review.queries import (
    LONGEST,
    MOST,
    query_of_record,
    query_pairs,
    query_record,
    read_query,
)

_WORDS = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
_SEVERAL = st.lists(_WORDS, max_size=4, unique=True).map(tuple)
_MOMENTS = st.none() | st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001  (bounds have no zone)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)

QUERIES = st.builds(
    StoryQuery,
    **dict.fromkeys(FACETS, _SEVERAL),
    states=st.lists(st.sampled_from(ReviewState), unique=True).map(tuple),
    **dict.fromkeys(("is_open", "needs_attention", "is_starred", "is_disputed"), st.booleans()),
    assignee=st.just("") | _WORDS,
    since=_MOMENTS,
    until=_MOMENTS,
    within_s=st.integers(0, 10**9),
    min_relevance=st.integers(0, 100).map(lambda part: part / 100),
    search=st.just("") | _WORDS,
    order=st.sampled_from(Order),
)


@settings(max_examples=200, deadline=None)
@given(QUERIES)
def test_what_is_written_is_read_back(query):
    """Each query survives its address, and the record of a saved view."""
    read = read_query(query_pairs(query))
    assert (read.query, read.unread) == (query, ())
    assert query_of_record(query_record(query)) == query


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["q", "since", "until", "within", "relevance", "order", "state", "open"]
            )
            | st.text(max_size=8),
            st.text(max_size=30)
            | st.sampled_from(["nan", "inf", "-1", "1e999", "²", "9" * 400, "d", "2026-02-30"]),
        ),
        max_size=8,
    )
)
def test_any_address_is_a_query(pairs):
    """Nothing is an error; what was taken can be written and read back."""
    query = read_query(pairs).query
    assert read_query(query_pairs(query)).query == query


@pytest.mark.parametrize(
    ("given_", "seconds"), [("36h", 129_600), ("7d", 604_800), ("2W", 1_209_600), ("90", 90)]
)
def test_spans_of_time(given_, seconds):
    """Hours, days, weeks, or seconds."""
    assert read_query([("within", given_)]).query.within_s == seconds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("within", "soon"), ("within", "9" * 30), ("relevance", "2"), ("relevance", "nan"),
        ("since", "yesterday"), ("state", "lost"), ("order", "mine"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(name, value):
    """The value that was given is named, and the rest of the query holds."""
    read = read_query([(name, value), ("q", "tin")])
    assert read.unread == (f"{name}={value}",)
    assert read.query == StoryQuery(search="tin")


def test_what_is_endless_is_cut():
    """Long values and many of them stay within bounds."""
    read = read_query([("q", "x" * 10_000), *(("tag", str(n)) for n in range(1000))])
    assert len(read.query.search) == LONGEST
    assert len(read.query.tags) == MOST


def test_concepts_are_understood_in_any_language():
    """Names become the taxonomy's own; what it does not know stays, and is told of."""
    query, unknown = understood(
        StoryQuery(minerals=("钨", "Wolfram", "tungstn"), countries=("Казахстан",), tags=("钨",))
    )
    assert query.minerals == ("tungsten", "tungstn")
    assert (query.countries, query.tags) == (("KZ",), ("钨",))
    assert len(unknown) == 1
    assert "Did you mean tungsten?" in unknown[0]


@pytest.mark.parametrize("text", ["30d", "36h", "90"])
def test_a_span_stays_as_a_person_writes_it(text):
    """An address and a saved view say `30d`, not a number of seconds."""
    assert query_pairs(read_query([("within", text)]).query) == [("within", text)]
