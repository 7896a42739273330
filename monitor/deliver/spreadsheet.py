"""
The workbook: stories to decide on, their figures and articles, typed and safe.

Texts are written as texts, never as formulas; only http and https become links. What does not
fit into the format (rows, characters of a cell, links of a sheet) is counted and said.
Rows go to disk as they come, so that memory does not grow with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from monitor.deliver.ledger import NOWHERE, ledger_of, placed
from monitor.deliver.links import safe_link
from monitor.deliver.tables import (
    COLUMNS,
    article_row,
    cell_text,
    claim_row,
    story_row,
)
from monitor.errors import Permanent
from monitor.model import ReviewState, StoredStory
from monitor.review.cells import typed
from monitor.review.importing import BASE, EDITABLE
from monitor.wording import FORMULA_STARTS, counted

#: What the format has room for: rows of a sheet, UTF-16 units of a cell and of a link, links.
ROWS, UNITS, LINK_UNITS, LINKS = 1_048_576, 32_767, 2_079, 65_530

#: Sheets, by what they list.
SHEETS = {"stories": "Stories", "claims": "Figures", "articles": "Articles", "sources": "Sources"}

#: Stands at the end of a text that found no room.
CUT = " … [cut; the whole text is in the export as JSON Lines]"

_WIDTHS = {
    "id": 8, "version": 8, "state": 13, "tags": 22, "assignee": 14, "note_to_add": 36, "title": 60,
    "outlets": 32, "figures": 44, "disagreements": 40, "url": 40, "canonical_url": 40, "quote": 60,
    "figure": 28, "notes": 36, "name": 36, "site": 24, "reason": 30, "last_error": 30,
    "verdict": 15, "verdict_note": 48, "origin": 24, "doubts": 32,
}  # fmt: skip

_NUMBERS = {"relevance": "0.00", "value": "#,##0.######"}

_HOW = (
    ("How to give decisions back", True),
    ("1. Edit the columns with a coloured heading in the sheet Stories:", False),
    (f"    State: one of {', '.join(ReviewState)}; left empty, it stays.", False),
    ("    Tags: separated by semicolons; what you take away is taken off the story.", False),
    ("    Assignee: a name; left empty, nobody has it.", False),
    ("    Note to add: a new note; the notes that there are stay.", False),
    ("2. Leave Id, Version and the hidden column As exported as they are.", False),
    ("    Rows may be removed or sorted, columns added, moved or removed.", False),
    ("3. Save it as .xlsx or CSV, and give it back:", False),
    ("    monitor import FILE, or the page Exchange of the review site.", False),
    ("    Nothing changes before you have seen what would change.", False),
    ("    A story that somebody decided on meanwhile is shown, and not overwritten.", False),
    ("", False),
    ("All times are UTC. Figures stand with their quotes in the sheet Figures.", False),
)


class Workbook:
    """A workbook that is being written; `close` finishes it."""

    def __init__(
        self, path: Path, nouns: Iterable[str], *, temporary: Path, most_rows: int = ROWS
    ) -> None:
        """
        Args:
            nouns: what it lists, a sheet for each (`SHEETS`).
            temporary: a folder for rows on their way.
            most_rows: of one sheet, with its heading.
        """
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": str(temporary),
            },
        )
        self._book.use_zip64()
        formats = _Formats(self._book)
        self._sheets = {
            noun: _Sheet(self._book, noun, formats, most_rows=most_rows) for noun in nouns
        }

    def add_story(self, story: StoredStory) -> None:
        """One line for the story, for each of its articles, and for each of their figures."""
        self.add("stories", story_row(story))
        places = placed(ledger_of(story.articles))
        for article in story.articles:
            self.add("articles", article_row(article))
            for stored in article.claims:
                self.add("claims", claim_row(article, stored, places.get(stored.id, NOWHERE)))

    def add(self, noun: str, row: Mapping[str, Any]) -> None:
        """One line."""
        self._sheets[noun].add(row)

    def close(self, *, now: datetime) -> tuple[str, ...]:
        """
        Finish the file.

        Returns:
            What did not fit, in words.

        Raises:
            Permanent: it cannot be written.
        """
        remarks = [remark for sheet in self._sheets.values() for remark in sheet.finish()]
        if "stories" in self._sheets:
            self._explain(remarks)
        self._book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None)})
        try:
            self._book.close()
        except (XlsxWriterException, OSError) as error:
            raise Permanent(f"the workbook cannot be written: {error}") from error
        return tuple(remarks)

    def _explain(self, remarks: Iterable[str]) -> None:
        sheet = self._book.add_worksheet("Instructions")
        sheet.set_column(0, 0, 100)
        bold = self._book.add_format({"bold": True})
        lines = [*_HOW, *((remark, True) for remark in remarks)]
        for number, (text, is_bold) in enumerate(lines):
            sheet.write_string(number, 0, text, bold if is_bold else None)


class _Formats:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.edit_head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFE699"})
        self.edit = book.add_format({"bg_color": "#FFF9E5"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.link = book.add_format({"font_color": "#0B5394", "underline": 1})
        #: A text that stays one when it is edited.
        self.quoted = book.add_format({"quote_prefix": True})
        self.quoted_edit = book.add_format({"quote_prefix": True, "bg_color": "#FFF9E5"})
        self.numbers = {
            name: book.add_format({"num_format": code}) for name, code in _NUMBERS.items()
        }


class _Sheet:
    """One table of the workbook."""

    def __init__(self, book: Any, noun: str, formats: _Formats, *, most_rows: int) -> None:
        self._name = SHEETS[noun]
        self._columns = COLUMNS[noun]
        self._is_edited = noun == "stories"
        self._formats = formats
        self._most = most_rows
        self._sheet = book.add_worksheet(self._name)
        #: The next row; how much did not fit.
        self._row, self._links = 1, 0
        self._left_out = self._cut = self._unlinked = 0
        for at, name in enumerate(self._columns):
            hidden = {"hidden": True} if name == BASE else {}
            self._sheet.set_column(at, at, _width(name), None, hidden)
            head = formats.edit_head if self._is_editable(name) else formats.head
            self._sheet.write_string(0, at, heading(name), head)
        self._sheet.freeze_panes(1, 1)

    def add(self, row: Mapping[str, Any]) -> None:
        """One line; counted when there is no room left."""
        if self._row >= self._most:
            self._left_out += 1
            return
        for at, name in enumerate(self._columns):
            self._write(at, name, row[name])
        self._row += 1

    def finish(self) -> list[str]:
        """Filters and choices for all rows; what did not fit."""
        last = max(self._row - 1, 1)
        self._sheet.autofilter(0, 0, last, len(self._columns) - 1)
        if self._is_edited:
            at = self._columns.index("state")
            self._sheet.data_validation(
                1, at, last, at,
                {
                    "validate": "list",
                    "source": [state.value for state in ReviewState],
                    "error_title": "No such state",
                    "error_message": "Choose one of the list.",
                },
            )  # fmt: skip
        return [*self._remarks()]

    def _remarks(self) -> Iterable[str]:
        if self._left_out:
            yield (
                f"{self._name}: {counted(self._left_out, 'row')} found no room; a sheet has "
                f"{self._most:,} at most. Export as CSV, or narrow the filter."
            )
        if self._cut:
            yield f"{self._name}: {counted(self._cut, 'text')} cut at {UNITS:,} characters."
        if self._unlinked:
            yield (
                f"{self._name}: {counted(self._unlinked, 'link')} written as text: a sheet has "
                f"{LINKS:,} at most, of {LINK_UNITS:,} characters."
            )

    def _write(self, at: int, name: str, value: Any) -> None:
        formats = self._formats
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, at, value)
        elif isinstance(value, int | float) and math.isfinite(value):
            self._sheet.write_number(self._row, at, value, formats.numbers.get(name))
        elif name.endswith("_at") and (moment := _moment(value)):
            self._sheet.write_datetime(self._row, at, moment, formats.date)
        elif name in {"url", "canonical_url", "homepage"}:
            self._write_link(at, str(value or ""))
        else:
            self._write_text(at, name, cell_text(value))

    def _write_link(self, at: int, url: str) -> None:
        link = safe_link(url)
        fits = units(link) <= LINK_UNITS and self._links < LINKS
        if link and fits:
            self._links += 1
            self._sheet.write_url(self._row, at, link, self._formats.link, self._fit(url))
        else:
            self._unlinked += bool(link)
            self._write_text(at, "url", url)

    def _write_text(self, at: int, name: str, text: str) -> None:
        is_editable = self._is_editable(name)
        if name == BASE and units(text) > UNITS:
            text = ""
        shown = self._fit(typed(text) if is_editable or name == BASE else text)
        is_quoted = shown.startswith(FORMULA_STARTS)
        formats = self._formats
        if is_editable:
            form = formats.quoted_edit if is_quoted else formats.edit
        else:
            form = formats.quoted if is_quoted else None
        if shown:
            self._sheet.write_string(self._row, at, shown, form)
        elif is_editable:
            self._sheet.write_blank(self._row, at, None, form)

    def _fit(self, text: str) -> str:
        shown = cell_text(text)
        if units(shown) <= UNITS:
            return shown
        self._cut += 1
        return _begin(shown, UNITS - len(CUT)) + CUT

    def _is_editable(self, name: str) -> bool:
        return self._is_edited and name in EDITABLE


def heading(name: str) -> str:
    """`First seen (UTC)`, `Note to add`; `review.sheets` reads it back."""
    words = name.replace("_", " ")
    text = f"{words} (UTC)" if name.endswith("_at") else words
    return text[:1].upper() + text[1:]


def units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text) + sum(char > "\uffff" for char in text)


def _begin(text: str, most: int) -> str:
    """As much of a text as has that many units at most."""
    shown = text[:most]
    while units(shown) > most:
        shown = shown[: len(shown) - max(1, (units(shown) - most) // 2)]
    return shown


def _moment(value: object) -> datetime | None:
    """A time as spreadsheets have it: in UTC, without a zone; None when it has no place there."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0) if moment.year >= 1900 else None


def _width(name: str) -> int:
    return 19 if name.endswith("_at") else _WIDTHS.get(name, 12)
