"""The table of `monitor health --all`: one line for each source, fitted to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import set_cell_size

from monitor.cli.arrivals import share_text
from monitor.cli.charts import sparkline
from monitor.health.arrivals import DAYS
from monitor.health.look import Health
from monitor.health.troubles import ORDER
from monitor.wording import one_line, short

#: Width from which all columns, and a character for each day, have room; and the spark alone.
WIDE, MIDDLE = 140, 70

#: Columns of a date, of a time, and of a spark where there is little room.
DAY, TIME, SHORT_SPARK = 10, 16, 15

#: Between two columns.
GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """A source, and what it brought on each of the last days."""

    health: Health
    #: New entries, by day, and relevant articles that came of them.
    news: Sequence[int]
    keeps: Sequence[int]
    #: The same of all these days.
    new: int
    kept: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    title: str
    width: int
    cell: Callable[[Row], str]
    is_number: bool = False

    def fitted(self, text: str) -> str:
        """The text in just the column's width, which wide characters count twice in."""
        return f"{text:>{self.width}}" if self.is_number else set_cell_size(text, self.width)


def table(rows: Sequence[Row], *, width: int, plain: bool) -> Iterator[str]:
    """Lines of at most `width`, the gravest condition first; nothing for no rows."""
    if not rows:
        return
    columns = _columns(width, plain=plain)
    yield GAP.join(column.fitted(column.title) for column in columns).rstrip()
    for row in sorted(rows, key=lambda row: (ORDER.index(row.health.condition), _id(row))):
        yield GAP.join(column.fitted(column.cell(row)) for column in columns).rstrip()


def _columns(width: int, *, plain: bool) -> list[Column]:
    """What has room: always condition, source, number and yield."""
    days = DAYS if width >= WIDE else SHORT_SPARK
    spark = Column(f"{DAYS} days"[:days], days, lambda row: _spark(row, days, plain=plain))
    numbers = [
        Column("new", 5, lambda row: str(row.new), is_number=True),
        Column("yield", 5, lambda row: share_text(row.new, row.kept), is_number=True),
    ]
    rest: list[Column] = []
    if width >= WIDE:
        rest = [
            Column("last poll, UTC", TIME, lambda row: short(row.health.source.last_polled_at)),
            Column("newest, UTC", TIME, lambda row: short(row.health.newest_at)),
        ]
    elif width >= MIDDLE:
        rest = [Column("newest", DAY, lambda row: short(row.health.newest_at)[:DAY])]
    others = [Column("", 8, _condition), *([spark] if width >= MIDDLE else []), *numbers, *rest]
    room = width - sum(column.width + len(GAP) for column in others)
    if width < WIDE:
        return [others[0], Column("source", max(room, 8), _name), *others[1:]]
    name = max(24, room * 2 // 5)
    why = Column("why", max(room - name - len(GAP), 8), lambda row: _why(row, room))
    return [others[0], Column("source", name, _name), *others[1:], why]


def _id(row: Row) -> int:
    return row.health.source.id


def _condition(row: Row) -> str:
    return row.health.condition.value


def _name(row: Row) -> str:
    """The id first: it stays when the name is cut."""
    return f"{row.health.source.id} {one_line(row.health.source.name, 60)}"


def _why(row: Row, room: int) -> str:
    told = "; ".join(filter(None, (row.health.note, row.health.cause)))
    return one_line(told, max(room, 1))


def _spark(row: Row, width: int, *, plain: bool) -> str:
    return sparkline(row.news, width=width, plain=plain)
