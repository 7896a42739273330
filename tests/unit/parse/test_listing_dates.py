"""Facts about the dates of listings."""

from datetime import UTC, datetime

import pytest
from lxml import html

from monitor.parse.listing.datespots import date_in, spots

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("21 November 2026", "en", "2026-11-21"),
        ("Nov 21: ", "en", "2026-11-21"),
        ("Reuters (sample) | Nov. 21, 2026", "en", "2026-11-21"),
        ("[2026-11-21]", "zh", "2026-11-21"),
        ("[11-21]", "zh", "2026-11-21"),
        ("12-30", "zh", "2025-12-30"),
        ("11月21日", "ja", "2026-11-21"),
        ("2026年11月21日 来源：示例", "zh", "2026-11-21"),
        ("21 2026-11", "zh", "2026-11-21"),
        ("21.11", "ru", "2026-11-21"),
        ("Опубликовано: 21.11.2026, 10:30", "ru", "2026-11-21"),
        ("вчера, 12:30", "ru", "2026-11-23"),
        ("今天 12:30", "zh", "2026-11-24"),
        ("3 hours ago", "en", "2026-11-24"),
        ("2 сағат бұрын", "kk", "2026-11-24"),
        ("2026 жылғы 21 қараша", "kk", "2026-11-21"),
        ("21 نوفمبر 2026", "ar", "2026-11-21"),
        ("٢١ نوفمبر ٢٠٢٦", "ar", "2026-11-21"),
        ("2026.11.21", "ko", "2026-11-21"),
    ],
)
def test_dates(text, language, day):
    """Dates in the ways of listings are read."""
    found = date_in(text, NOW, language)
    assert found is not None
    assert f"{found[1]:%F}" == day


@pytest.mark.parametrize(
    "text",
    [
        "Get started today",
        "May takes 5 seats on the board of the mine",
        "Top 10 mines of the year that no one has visited so far",
        "4.5",
        "12/2",
        "Prices of 2026-11-21 and what they tell of the market of the coming year in the region",
        "10:30",
        "",
    ],
)
def test_no_dates(text):
    """Words and figures of headlines are none."""
    assert date_in(text, NOW, "en") is None


def test_spots_of_a_block():
    """Machines' dates and shown ones are found where they stand, the headline is none."""
    block = html.fromstring(
        "<li><a>Mine opens in May 2025 after ten years of work</a>"
        '<i title="2026-11-21 10:00">3 days ago</i><b>20</b></li>'
    )
    found = list(spots(block, NOW, "en"))
    assert [(spot.element.tag, f"{spot.when:%F %H}") for spot in found] == [("i", "2026-11-21 10")]
