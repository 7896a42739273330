"""The workbook's limits: rows, characters, links; what does not fit is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from monitor.deliver import spreadsheet
from monitor.deliver.spreadsheet import Workbook, heading, units
from monitor.deliver.tables import COLUMNS
from monitor.review.sheets import column_name
from tests.store.records import NOW

#: A source, as the table of sources has it.
ROW = dict.fromkeys(COLUMNS["sources"], "") | {"id": 1, "name": "Ores", "url": "https://o.example/"}


def made(folder, rows, **limits):
    """What did not fit of these rows, and what the sheet holds."""
    path = folder / "out.xlsx"
    book = Workbook(path, ["sources"], temporary=folder, **limits)
    for row in rows:
        book.add("sources", ROW | row)
    remarks = book.close(now=NOW)
    return remarks, CalamineWorkbook.from_path(path).get_sheet_by_name("Sources").to_python()


def test_rows_beyond_the_format_are_counted(tmp_path):
    """They are left out, and it is said how many."""
    remarks, rows = made(tmp_path, [{"id": n} for n in range(9)], most_rows=6)
    assert [row[0] for row in rows] == ["Id", 0, 1, 2, 3, 4]
    assert remarks == (
        "Sources: 4 rows found no room; a sheet has 6 at most. Export as CSV, or narrow the filter.",
    )


def test_links_beyond_the_format_are_texts(tmp_path, monkeypatch):
    """Too many, or too long: the address stays, and it is counted."""
    monkeypatch.setattr(spreadsheet, "LINKS", 1)
    urls = ["https://a.example/", "https://b.example/", "javascript:c"]
    remarks, rows = made(tmp_path, [{"url": url} for url in urls])
    assert [row[3] for row in rows[1:]] == urls
    assert remarks == (
        "Sources: 1 link written as text: a sheet has 1 at most, of 2,079 characters.",
    )


@pytest.mark.parametrize("text", ["x" * 32_767, "😀" * 16_383])
def test_a_text_that_just_fits_is_whole(tmp_path, text):
    """Spreadsheets count UTF-16 units."""
    remarks, rows = made(tmp_path, [{"name": text}])
    assert (remarks, rows[1][1]) == ((), text)


@given(st.sampled_from("x😀"), st.integers(32_760, 40_000))
def test_a_text_is_cut_to_what_fits(letter, length):
    """Never a unit too long, whatever its letters are."""
    assert units(spreadsheet._begin(letter * length, 32_000)) <= 32_000


def test_numbers_that_are_none_are_texts(tmp_path):
    """Not a number, and infinity, which no cell can hold."""
    _, rows = made(tmp_path, [{"id": float("nan")}, {"id": float("inf")}])
    assert [row[0] for row in rows[1:]] == ["nan", "inf"]


def test_times_that_no_spreadsheet_knows_are_texts(tmp_path):
    """Their calendar begins in 1900."""
    times = ["1899-12-31T00:00:00Z", "2026-03-02T09:00:00+05:00", "no time"]
    _, rows = made(tmp_path, [{"last_polled_at": time} for time in times])
    assert [str(row[11]) for row in rows[1:]] == [times[0], "2026-03-02 04:00:00", "no time"]


@pytest.mark.parametrize("noun", sorted(COLUMNS))
def test_headings_read_back(noun):
    """What a person sees above a column leads to its name again."""
    for name in COLUMNS[noun]:
        assert column_name(heading(name)) == name
