"""The chart of `monitor health --arrivals`: what all sources brought, by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import set_cell_size

from monitor.cli.arrivals import day_bars, share_text
from monitor.cli.charts import bars, sparkline
from monitor.cli.health_table import SHORT_SPARK, Row
from monitor.health.arrivals import summed
from monitor.wording import counted, one_line

#: Sources that brought the most.
MOST = 10


def chart(rows: Sequence[Row], *, until: date, width: int, plain: bool) -> Iterator[str]:
    """A bar for each day, the sums, and the sources that brought the most of it."""
    news, keeps = summed(row.news for row in rows), summed(row.keeps for row in rows)
    yield from bars(day_bars(news, keeps, until=until), width=width, plain=plain)
    new, kept = sum(news), sum(keeps)
    yield ""
    brought = [row for row in rows if row.new]
    yield one_line(
        f"{counted(len(brought), 'source')} of {len(rows)} brought {new} new in {len(news)} days; "
        f"{kept} kept ({share_text(new, kept)})",
        width,
    )
    for row in sorted(brought, key=lambda row: (-row.new, row.health.source.id))[:MOST]:
        spark = sparkline(row.news, width=SHORT_SPARK, plain=plain)
        told = f"{spark:<{SHORT_SPARK}} {row.new:>5} {share_text(row.new, row.kept):>5}  "
        name = f"{row.health.source.id} {one_line(row.health.source.name, 60)}"
        yield (told + set_cell_size(name, max(width - len(told), 8))).rstrip()
