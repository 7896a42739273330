"""Facts about dates as publishers write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import EARLIEST, TOLERANCE, parse_date, told_by

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def at(*parts):
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("Mon, 23 Nov 2026 10:30:05 GMT", at(2026, 11, 23, 10, 30, 5)),
        ("Mon, 23 Nov 2026 10:30 +0530", at(2026, 11, 23, 5, 0)),
        ("23 Nov 26 10:30:00 EST", at(2026, 11, 23, 15, 30)),
        ("Mon, 23 Nov 2026 10:30:00 MSK", at(2026, 11, 23, 7, 30)),
        ("Mon, 23 Nov 2026 10:30:00 XYZ", at(2026, 11, 23, 10, 30)),
        ("Mon, 23 Nov 2026 10:30:00 GMT+0200", at(2026, 11, 23, 8, 30)),
        ("Monday, November 23, 2026 - 9:15 PM", at(2026, 11, 23, 21, 15)),
        ("2026-11-23", at(2026, 11, 23)),
        ("2026-11", at(2026, 11, 1)),
        ("2026-11-23T10:30:05.123Z", at(2026, 11, 23, 10, 30, 5)),
        ("2026-11-23T10:30:05-05:00", at(2026, 11, 23, 15, 30, 5)),
        ("2026-11-23 10:30", at(2026, 11, 23, 10, 30)),
        ("20261123T103005Z", at(2026, 11, 23, 10, 30, 5)),
        ("23.11.2026 10:30", at(2026, 11, 23, 10, 30)),
        ("10:30, 23.11.2026", at(2026, 11, 23, 10, 30)),
        ("23 ноября 2026 г., 10:30", at(2026, 11, 23, 10, 30)),
        ("23 ноября, 10:30", at(2026, 11, 23, 10, 30)),
        ("24 декабря", at(2025, 12, 24)),
        ("2026年11月23日 10:30", at(2026, 11, 23, 10, 30)),
        ("2026年11月23日 下午3時05分", at(2026, 11, 23, 15, 5)),
        ("2026. 11. 23. 10:30", at(2026, 11, 23, 10, 30)),
        ("Montag, 23. November 2026, 10:30 Uhr", at(2026, 11, 23, 10, 30)),
        ("23. März 2026", at(2026, 3, 23)),
        ("lun. 23 nov. 2026", at(2026, 11, 23)),
        ("mar. 24 mars 2026", at(2026, 3, 24)),
        ("23 қараша 2026", at(2026, 11, 23)),
        ("23 tháng 11, 2026", at(2026, 11, 23)),
        ("23 de noviembre de 2026", at(2026, 11, 23)),
        ("вчера, 10:30", at(2026, 11, 22, 10, 30)),
        ("3 hours ago", at(2026, 11, 23, 9)),
        ("vor 3 Stunden", at(2026, 11, 23, 9)),
        ("3小时前", at(2026, 11, 23, 9)),
        ("1795430000", datetime.fromtimestamp(1795430000, UTC)),
    ],
)
def test_forms(raw, found):
    """The forms that publishers use are read, in UTC."""
    assert parse_date(raw, now=NOW) == found


@pytest.mark.parametrize(
    "raw",
    ["", "soon", "0001-01-01T00:00:00Z", "0001-01-01 +2359", "9999-12-31", "1970-01-01T00:00:00Z",
     "2026-11-26", "2026-13-01", "31 Feb 2026", "Mon, 23 Nov 2026 10:30:00 +9999",
     "2026-11-23T10:30:00+15:00", "2026-11-23T25:30:00Z", "2026-11-23T10:61:00Z", "1" * 5000],
)  # fmt: skip
def test_impossible(raw):
    """What cannot be true is no date."""
    assert parse_date(raw, now=NOW) is None


@pytest.mark.parametrize(
    ("language", "month"), [("en-US", 3), ("en-GB", 4), ("de", 4), ("ru", 4), ("", 3)]
)
def test_language_decides_the_order(language, month):
    """03/04/2026 is March in America and April elsewhere."""
    found = parse_date("03/04/2026", now=NOW, language=language)
    assert found is not None
    assert found.month == month


@given(
    st.one_of(
        st.text(max_size=150),
        st.text(alphabet="0123456789-:+TZ ./年月日NovEST前agohours", max_size=40),
    )
)
def test_never_raises(raw):
    """Any text gives a believable time in UTC or None."""
    found = parse_date(raw, now=NOW)
    assert found is None or EARLIEST <= found <= NOW + TOLERANCE


@given(st.integers(631_238_400, 1_793_500_000), st.integers(-840, 840))
def test_reads_what_it_is_told(epoch, offset):
    """An RFC 3339 time with any true offset comes back as the same moment."""
    moment = datetime.fromtimestamp(epoch, UTC)
    local = (moment + timedelta(minutes=offset)).replace(tzinfo=None)
    sign = "-" if offset < 0 else "+"
    zone = f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    assert parse_date(f"{local.isoformat()}{zone}", now=NOW) == moment


@pytest.mark.parametrize("words", ["Hayes the assayer", "hierarchy of mines", "Ahoy, ore"])
def test_a_part_of_a_word_is_no_date(words):
    """Words for days count only by themselves."""
    assert parse_date(words, now=NOW) is None


@pytest.mark.parametrize("words", ["Ayer", "aujourd'hui", "вчера, 10:30", "昨天10:30", "오늘"])
def test_a_day_in_a_word_is_a_date(words):
    """In scripts with spaces as a word, in others anywhere."""
    assert parse_date(words, now=NOW) is not None


@pytest.mark.parametrize(
    ("published", "seen", "told"),
    [
        ("2026-05-04T08:00", "2026-05-04T09:00", "2026-05-04T08:00"),
        ("2026-05-04T10:00", "2026-05-04T09:00", "2026-05-04T09:00"),
        ("2026-05-04T00:00", "2026-05-04T09:00", "2026-05-04T09:00"),
        ("2026-05-04T00:00", "2026-05-06T09:00", "2026-05-05T00:00"),
        ("2026-05-04T00:01", "2026-05-06T09:00", "2026-05-04T00:01"),
        ("2026-05-04T05:00+05:00", "2026-05-06T09:00", "2026-05-05T00:00"),
        (None, "2026-05-04T09:00", "2026-05-04T09:00"),
    ],
)
def test_the_order_of_tellings(published, seen, told):
    """By the earlier of published and seen; a day without an hour counts by its end."""
    published = datetime.fromisoformat(published) if published else None
    if published and published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    seen, told = (datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (seen, told))
    assert told_by(published, seen) == told
