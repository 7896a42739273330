"""CSV for spreadsheets: UTF-8 with BOM, cells that cannot become formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

#: First characters that a spreadsheet takes for a formula, with their full-width forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """A cell's text; what looks like a formula gets an apostrophe in front (OWASP)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def to_csv(records: Iterable[Mapping[str, Any]], fields: tuple[str, ...]) -> str:
    """A table with one header line and one line for each record."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    for record in records:
        writer.writerow([safe_cell(record[field]) for field in fields])
    return BOM + out.getvalue()
