"""How long an answer calls itself fresh."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.freshness import LONGEST_S, lifetime_s

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 10:00:00 GMT"
LATER = "Mon, 02 Mar 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'Public, Max-Age="600"'}, 600),
        ({"cache-control": "max-age=600, s-maxage=1200"}, 1200),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age=0", "expires": LATER, "date": DATE}, 0),
        ({"cache-control": "max-age=soon", "expires": LATER, "date": DATE}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age=60, max-age=6000"}, 60),
        ({"cache-control": "stale-while-revalidate=600"}, 0),
        ({"cache-control": "max-age=31536000"}, LONGEST_S),
        ({"cache-control": "max-age=" + "9" * 500}, LONGEST_S),
        ({"expires": LATER, "date": DATE}, 3600),
        ({"expires": LATER}, 3600),
        ({"expires": LATER, "date": DATE, "age": "600"}, 3000),
        ({"expires": DATE, "date": LATER}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1", "date": DATE}, 0),
        ({"expires": LATER, "date": "yesterday"}, 3600),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
    ],
)
def test_headers_are_read_as_rfc_9111_means_them(headers: dict[str, str], seconds: float) -> None:
    """Shared caches first, the age of the copy taken off, what forbids keeping it wins."""
    assert lifetime_s(headers, now=NOW) == seconds


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "expires", "date", "age"]),
        st.text(max_size=60)
        | st.from_regex(r"(max-age|s-maxage)=-?\d{1,40}", fullmatch=True)
        | st.from_regex(r"\d{1,400}", fullmatch=True),
    )
)
def test_any_header_gives_a_believable_time(headers: dict[str, str]) -> None:
    """Whatever a server sends, the answer is a number of seconds up to a day."""
    assert 0 <= lifetime_s(headers, now=NOW) <= LONGEST_S
