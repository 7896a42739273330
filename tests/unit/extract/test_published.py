"""Facts about the time of publication that is read from a page."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dates import EARLIEST, TOLERANCE
from tests.unit.extract.pages import CHINESE, GERMAN, KAZAKH, NOW, RUSSIAN, SPANISH, extract, page


def ld(**fields):
    """A JSON-LD block that describes an article."""
    return (
        f'<script type="application/ld+json">{json.dumps({"@type": "Article", **fields})}</script>'
    )


@pytest.mark.parametrize(
    ("language", "paragraphs", "shown"),
    [
        ("en", None, '<span class="posted">12 March 2026</span>'),
        ("en", None, "<p>Posted on March 12, 2026</p>"),
        ("ru", RUSSIAN, '<div class="info">12 марта 2026</div>'),
        ("ru", RUSSIAN, "<div>Опубликовано: 12 марта 2026 г.</div>"),
        ("kk", KAZAKH, "<span>2026 жылғы 12 наурыз</span>"),
        ("zh-CN", CHINESE, "<span>2026年3月12日</span>"),
        ("de", GERMAN, '<p class="date">12. März 2026</p>'),
        ("de", GERMAN, "<span>12.03.2026</span>"),
        ("es", SPANISH, "<span>12 de marzo de 2026</span>"),
    ],
)
def test_date_beside_the_headline(language, paragraphs, shown):
    """A date that only readers see is read in the languages of the sources."""
    given_ = {"paragraphs": paragraphs} if paragraphs else {}
    found = extract(page(shown=shown, lang=language, **given_)).published_at
    assert found is not None
    assert found.date().isoformat() == "2026-03-12"


@pytest.mark.parametrize(
    "head",
    [
        ld(datePublished="2026-03-12T22:30:00-05:00"),
        '<meta property="article:published_time" content="2026-03-12T22:30:00-05:00">',
        '<meta name="pubdate" content="2026-03-12T22:30:00-05:00">',
    ],
)
def test_stated_date_keeps_the_day_of_its_publisher(head):
    """Late in the evening the publisher's day is not that of UTC; the moment is the same."""
    found = extract(page(head=head)).published_at
    assert found.date().isoformat() == "2026-03-12"
    assert found.astimezone(UTC) == datetime(2026, 3, 13, 3, 30, tzinfo=UTC)


def test_hour_is_taken_from_what_is_shown():
    """Where the day is found in markup, the hour shown for that day is kept."""
    shown = '<div class="info">12 марта 2026, 14:05</div>'
    found = extract(page(shown=shown, lang="ru", paragraphs=RUSSIAN)).published_at
    assert found == datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def test_last_change_is_not_the_publication():
    """Where the page states one time for both, an earlier date that it shows is believed."""
    head = ld(datePublished="Jun 24, 2026", dateModified="Jun 24, 2026")
    shown = '<span class="date">March 12, 2026</span>'
    assert extract(page(head=head, shown=shown)).published_at.date().isoformat() == "2026-03-12"


@pytest.mark.parametrize(
    "raw",
    ["9999-12-31", "0001-01-01T00:00:00Z", "1970-01-01", "2027-03-01", "2026-13-45", "12", "2025"],
)
def test_impossible_dates_are_never_believed(raw):
    """Far past, future, and years alone are no evidence, wherever they stand."""
    head = ld(datePublished=raw) + f'<meta name="date" content="{raw}">'
    shown = f'<time datetime="{raw}">{raw}</time><span class="date">{raw}</span>'
    assert extract(page(head=head, shown=shown)).published_at is None


def test_copyright_is_no_date():
    """The footer's year alone says nothing about the article."""
    assert extract(page()).published_at is None


def test_next_evidence_is_used_when_the_first_is_impossible():
    """A broken statement does not hide a good one."""
    head = ld(datePublished="9999-01-01") + '<meta name="date" content="2026-03-12">'
    assert extract(page(head=head)).published_at == datetime(2026, 3, 12, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789-/.:TZ +年月日 марта", max_size=40), st.booleans())
def test_any_text_for_a_date_gives_a_possible_one(raw, is_shown):
    """Whatever stands for a date, what is believed lies between 1990 and now."""
    safe = raw.replace('"', "")
    head = "" if is_shown else f'<meta name="date" content="{safe}">'
    shown = f'<span class="date">{safe}</span>' if is_shown else ""
    found = extract(page(head=head, shown=shown)).published_at
    assert found is None or EARLIEST <= found <= NOW + TOLERANCE + timedelta(days=1)
