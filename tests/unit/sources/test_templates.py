"""Placeholders in addresses: times, keys, and what only looks like one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.errors import BadInput
from monitor.sources.templates import expanded, fault, has_placeholders

NOW = datetime(2026, 11, 24, 8, 30, 5, tzinfo=UTC)
LAST = datetime(2026, 11, 23, 20, tzinfo=UTC)


def fill(url, *, since=LAST, environ=None):
    """The address filled at a fixed time."""
    return expanded(url, now=NOW, since=since, environ=environ or {})


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://a.example/?d={today}", "https://a.example/?d=2026-11-24"),
        ("https://a.example/?d={since}", "https://a.example/?d=2026-11-22T20:00:00Z"),
        ("https://a.example/?d={since:%Y%m%d%H%M%S}", "https://a.example/?d=20261122200000"),
        (
            "https://a.example/{today:%Y/%m}/?s={since:%s}",
            "https://a.example/2026%2F11/?s=1795377600",
        ),
        (
            "https://a.example/?d={today:%H:%M}&p={since:%d %B}",
            "https://a.example/?d=08:30&p=22%20November",
        ),
        ("https://a.example/?d={today:%%s}", "https://a.example/?d=%25s"),
    ],
)
def test_times(template, url):
    """Today, and the last answer less a day, in a usual form or one of its own, encoded."""
    assert fill(template) == url
    assert has_placeholders(template)


def test_a_source_that_was_never_polled_asks_for_three_days():
    """Without a last answer the window is three days; a clock that ran ahead changes nothing."""
    assert fill("https://a.example/?d={since}", since=None).endswith("2026-11-21T08:30:05Z")
    ahead = NOW + timedelta(days=9)
    assert fill("https://a.example/?d={since}", since=ahead).endswith("2026-11-23T08:30:05Z")


def test_times_are_in_utc():
    """Whatever zone the times come in, UTC is written."""
    east = timezone(timedelta(hours=5))
    url = expanded(
        "https://a.example/?d={since}&t={today}",
        now=datetime(2026, 11, 24, 3, tzinfo=east),
        since=datetime(2026, 11, 24, 2, tzinfo=east),
        environ={},
    )
    assert url == "https://a.example/?d=2026-11-22T21:00:00Z&t=2026-11-23"


def test_keys_come_from_the_environment():
    """A key is encoded, may hold what looks like a placeholder, and must be there."""
    template = "https://a.example/?key=${ORE_KEY}&q={today}"
    filled = fill(template, environ={"ORE_KEY": "a&b={since}/+"})
    assert filled == "https://a.example/?key=a%26b%3D%7Bsince%7D%2F%2B&q=2026-11-24"
    with pytest.raises(BadInput, match="ORE_KEY: is not set in the environment"):
        fill(template)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/?q=ore",
        'https://a.example/?q={"a":1}',
        "https://a.example/{}/{a,b}",
        "https://a.example/?q={ore mine}",
        "https://a.example/?q={1}",
        "https://a.example/$NAME",
    ],
)
def test_other_braces_stay(url):
    """What is no placeholder in form is left as it is."""
    assert fill(url) == url
    assert fault(url) == ""
    assert not has_placeholders(url)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        (
            "https://a.example/?d={yesterday}",
            r"\{yesterday\} is no placeholder; there are \{since\}, \{today\} and \$\{NAME\}",
        ),
        ("https://a.example/?d={until:%Y}", r"\{until:%Y\} is no placeholder"),
        ("https://a.example/?d={since:%Q}", r"%Q in \{since:%Q\} is no form"),
        ("https://a.example/?d={since:%Y%}", r"% in \{since:%Y%\} is no form"),
        ("https://a.example/?d={since:%-d}", r"%- in"),
        ("https://a.example/?d={since:%Y" + "Y" * 60 + "}", "too long"),
        ("https://a.example/?d=${KEY:%Y}", "is no environment variable"),
    ],
)
def test_what_is_wrong_with_a_placeholder(url, cause):
    """An unknown placeholder or form is named, when a source is added and when it is polled."""
    with pytest.raises(BadInput, match=cause):
        fill(url)
    assert fault(url)
