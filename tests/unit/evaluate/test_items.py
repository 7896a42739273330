"""Labelled items: their dates, and texts that are left out."""

from datetime import UTC, datetime

from monitor.evaluate.items import EPOCH, dates, read_items


def test_an_item_without_a_date_takes_its_neighbours():
    """That of the item before; the first ones take the first date of the file."""
    given = [None, "2026-03-02T09:00:00+03:00", None, "2026-04-01", None]
    second, fourth = datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert dates([{"date": date} for date in given]) == [second, second, second, fourth, fourth]


def test_a_file_without_dates():
    """All items have one moment, which is not today's."""
    assert dates([{}, {}]) == [EPOCH, EPOCH]


def test_a_headline_has_no_text(tmp_path):
    """An item of a title alone is read with an empty text."""
    path = tmp_path / "titles.jsonl"
    path.write_text('{"id": 1, "title": "Tin", "lang": "en"}\n\n', encoding="utf-8")
    assert read_items(path) == [{"id": 1, "title": "Tin", "lang": "en", "text": ""}]
