"""
Tables that only place things on a page become plain blocks, so that none is read as data.

Such a table holds another, or stands in one and has one column; the old web was built of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from monitor.extract.blocks import BREAKS

_ROWS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def loosen(page: html.HtmlElement) -> None:
    """Rename tables of layout, their rows and cells to `div`, in place."""
    for table in [table for table in page.iter("table") if _is_layout(table)]:
        for part in list(_own(table)):
            part.tag = "div"
        table.tag = "div"


def part(page: html.HtmlElement) -> None:
    """Part the words before each block from it by white space, as a browser does; in place."""
    for element in page.iter(*BREAKS):
        before, parent = element.getprevious(), element.getparent()
        if before is not None:
            before.tail = _parted(before.tail)
        elif parent is not None:
            parent.text = _parted(parent.text)


def _parted(words: str | None) -> str:
    return words if words and words[-1].isspace() else f"{words or ''}\n"


def _is_layout(table: html.HtmlElement) -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return True
    is_nested = next(table.iterancestors("table"), None) is not None
    return is_nested and all(len(row) <= 1 for row in table.iterdescendants("tr"))


def _own(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The table's rows and cells, without those of tables in it."""
    for child in table:
        if child.tag in _ROWS:
            yield child
            yield from _own(child)
