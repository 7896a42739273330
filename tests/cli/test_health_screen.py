"""`monitor health` and `sources show` as a person reads them, at any width, in any encoding."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from monitor.cli.arrivals import share_text, source_bars
from monitor.cli.charts import Bar, bars, is_plain, sparkline
from monitor.cli.health_chart import chart
from monitor.cli.health_table import Row, table
from monitor.health.arrivals import by_day
from monitor.health.look import examine
from monitor.health.troubles import quiet_text, trouble_text, troubles
from monitor.model import Arrivals, Outcome, Placement, Source, SourceKind
from monitor.store import open_database
from tests.cli.desk import run
from tests.store.records import draft, item, poll, source
from tests.world import program

NOW = datetime.now(UTC)
TODAY = NOW.date()
COUNTS = [0, 1, 4, 8] + [2] * 26


def health_of(number=1, name="Ores", **more):
    """The health of a source that brought something an hour ago."""
    known = {"last_polled_at": NOW, "answered_at": NOW, "new_at": NOW, "last_outcome": Outcome.OK}
    known |= {"id": number, "name": name, "kind": SourceKind.FEED, "url": "https://x.example/"}
    return examine([Source(**known | more)], now=NOW)[0]


def row(**more):
    """A row of the table."""
    return Row(health_of(**more), COUNTS, [1] * 30, sum(COUNTS), 30)


@pytest.fixture
def url(tmp_path):
    """A database with a source of two new entries, one of them kept, and one that failed."""
    address = f"sqlite:///{tmp_path}/desk.sqlite"
    database = open_database(address)
    number, _ = database.add_source(source(), now=NOW)
    stored = database.commit_poll(
        poll(number, item("a"), item("b"), at=NOW, newest_at=NOW)
    ).entry_ids
    kept = draft(number, next(iter(stored.values())), seen_at=NOW)
    database.commit_article(kept, Placement(), bands=(1,), tokens=("t",), page_id=None)
    shut, _ = database.add_source(source("Shut", "https://shut.example/"), now=NOW)
    database.commit_poll(poll(shut, outcome=Outcome.BLOCKED, cause="HTTP 403", at=NOW))
    database.close()
    return address


def test_a_sparkline_tells_nothing_from_little():
    """A day without news has a mark of its own; the greatest day fills its place."""
    assert sparkline([0, 1, 4, 8], width=30, plain=False) == "·▁▄█"
    assert sparkline([0, 1, 4, 8], width=30, plain=True) == ".:+@"
    assert sparkline([0, 0], width=30, plain=False) == "··"
    assert sparkline([], width=30, plain=False) == ""


def test_a_sparkline_gathers_days_where_room_is_short():
    """Neighbours share a place; the newest day is in the last one."""
    assert sparkline([0, 0, 0, 8], width=2, plain=False) == "·█"
    assert len(sparkline(COUNTS, width=15, plain=True)) == 15
    assert sparkline([9, 0, 0, 0, 1], width=2, plain=True)[-1] != "."


def test_bars_show_the_kept_part_and_the_numbers():
    """No colour: the kept part is filled, and both numbers stand beside the bar."""
    lines = bars([Bar("Mon", 8, 4), Bar("Tue", 0, 0), Bar("Wed", 1, 1)], width=40, plain=True)
    assert lines[0].split() == ["new", "kept", "#", "kept", "-", "other", "new"]
    assert lines[1] == "Mon    8    4  ############-------------"
    assert lines[2] == "Tue    0    0"
    assert lines[3] == "Wed    1    1  ###"


@pytest.mark.parametrize("words", [(), ("--all",), ("--arrivals",)])
def test_an_old_terminal_ends_nothing(url, tmp_path, words):
    """Where only ASCII can be written, all is told in ASCII."""
    done = program.run(
        url, "health", *words, folder=tmp_path, environ={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("width", [40, 70, 80, 139, 140, 180])
def test_everything_fits_the_terminal(width):
    """No line is wider than the terminal, whatever letters names are written in."""
    rows = [row(), row(number=12345, name="矿业新闻与稀土金属市场观察日报" * 3)]
    lines = [*table(rows, width=width, plain=False)]
    lines += chart(rows, until=TODAY, width=width, plain=False)
    assert max(cell_len(line) for line in lines) <= width
    assert any("12345 矿业" in line for line in lines)
    assert str(sum(COUNTS)) in lines[1]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "koi8-r"])
def test_plain_characters_where_blocks_cannot_be_written(encoding):
    """An old terminal gets a chart that its encoding can write."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert is_plain(stream, {})
    for line in [
        *table([row()], width=80, plain=True),
        *bars([Bar("x", 2, 1)], width=40, plain=True),
    ]:
        assert line.isascii()


def test_blocks_where_they_can_be_written():
    """UTF-8 has them; a terminal that calls itself dumb does not, a file may hold all."""
    assert not is_plain(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), {"TERM": "dumb"})
    assert is_plain(Screen(io.BytesIO(), encoding="utf-8"), {"TERM": "dumb"})
    assert not is_plain(Screen(io.BytesIO(), encoding="utf-8"), {"TERM": "xterm"})


class Screen(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self):
        """It is."""
        return True


def test_days_are_counted_to_the_end():
    """What was before the shown days is left out; missing days are nothing."""
    first = TODAY.toordinal()
    found = Arrivals(days=[first - 40, first - 1, first], new=[9, 2, 3], kept=[9, 1, 0])
    news, keeps = by_day(found, until=TODAY, days=3)
    assert (news, keeps) == ([0, 2, 3], [0, 1, 0])
    assert by_day(None, until=TODAY, days=2) == ([0, 0], [0, 0])
    assert (share_text(0, 0), share_text(8, 2), share_text(1, 2)) == ("-", "25 %", "100 %")


def test_one_source_is_drawn_by_days_then_by_weeks():
    """A young history is told by days, an older one by weeks from Monday; sums agree."""
    last = TODAY.toordinal()
    young = source_bars(Arrivals(days=[last - 3, last], new=[1, 2], kept=[0, 1]), until=TODAY)
    assert (len(young), sum(bar.new for bar in young)) == (14, 3)
    days = list(range(last - 60, last + 1))
    old = source_bars(Arrivals(days=days, new=[1] * 61, kept=[0] * 61), until=TODAY)
    assert (len(old), sum(bar.new for bar in old)) == (13, 61)
    assert old[-1].label == (TODAY - timedelta(days=TODAY.weekday())).isoformat()


def test_sources_of_one_cause_are_one_line():
    """Three that are blocked alike are told together, with what to do about each."""
    shut = {"last_outcome": Outcome.BLOCKED, "failures": 1, "last_error": "HTTP 403"}
    found = [health_of(number, f"Shut {number}", **shut) for number in (1, 2, 3)]
    (trouble,) = troubles(found)
    text = trouble_text(trouble)
    assert text.startswith("blocked: 3 sources: Shut 1 (1), Shut 2 (2), Shut 3 (3): HTTP 403. Ask")
    assert "edit ID" in text
    (alone,) = troubles(found[:1])
    assert "edit 1" in alone.advice


def test_moments_in_a_cause_do_not_part_sources():
    """Two sites that ask to wait until different times have one cause."""
    asked = "the site asked to wait until 2026-03-02 1{}:00:00 UTC"
    failing = {"last_outcome": Outcome.FAILED, "failures": 3}
    found = [health_of(n, last_error=asked.format(n), **failing) for n in (1, 2)]
    (trouble,) = troubles(found)
    assert trouble.cause == ""
    assert len(trouble.sources) == 2


def test_quiet_sources_are_one_line():
    """Those that need nobody yet are named together, whatever their days of silence are."""
    last = TODAY.toordinal()
    sources = [
        Source(
            id=number,
            name=f"Calm {number}",
            kind=SourceKind.FEED,
            url="https://x.example/",
            last_polled_at=NOW,
            answered_at=NOW,
            new_at=NOW - timedelta(days=number),
            last_outcome=Outcome.OK,
        )
        for number in (4, 5)
    ]
    days = {s.id: list(range(last - 60, last - s.id + 1)) for s in sources}
    found = examine(sources, days, now=NOW)
    assert troubles(found) == []
    assert quiet_text(found) == (
        "2 sources: Calm 4 (4), Calm 5 (5): nothing new for longer than is usual there"
    )
    assert quiet_text([]) == ""


def test_the_table_tells_yield_and_arrivals(url):
    """`--all` has a line for each source, the one in trouble first."""
    answer = run(url, "health", "--all")
    assert answer.status == 1
    lines = [line for line in answer.out.splitlines() if "█" in line or line.startswith("blocked ")]
    assert lines[-1].split()[:3] == ["healthy", "1", "Ores"]
    assert "50 %" in lines[-1]
    assert "2 sources: 1 blocked, 1 healthy. 1 needs a person." in answer.err.replace(
        "1 healthy, 1 blocked", "1 blocked, 1 healthy"
    )


def test_the_overview_sums_all_sources(url):
    """`--arrivals` draws thirty days, and names who brought the most; JSON has the numbers."""
    out = run(url, "health", "--arrivals").out
    assert f"{TODAY:%m-%d %a}    2    1  █" in out
    assert "1 source of 2 brought 2 new in 30 days; 1 kept (50 %)" in out
    records = run(url, "health", "--arrivals", "--json").records
    assert len(records) == 30
    assert records[-1] == {"day": TODAY.isoformat(), "new": 2, "kept": 1}


def test_json_has_the_numbers(url):
    """Yield and arrivals by day are in the record of each source."""
    (ores, shut) = run(url, "health", "--json").records
    assert (ores["new_in_30_days"], ores["kept_in_30_days"], ores["yield"]) == (2, 1, 0.5)
    assert ores["arrivals"] == [0] * 29 + [2]
    assert (shut["yield"], shut["condition"], shut["cause"]) == (None, "blocked", "HTTP 403")


def test_a_source_shows_how_it_is_doing(url):
    """Condition, what to do, what it brought, a chart, the last polls."""
    out = run(url, "sources", "show", "1").out
    assert "health       healthy\n" in out
    assert "brought      2 new in 30 days, 1 kept (50 %)\n" in out
    assert f"{TODAY:%m-%d %a}    2    1  █" in out
    assert "last 1 poll, times in UTC" in out
    shut = run(url, "sources", "show", "Shut").out
    assert "health       blocked since " in shut
    assert "to do        Ask the publisher for access" in shut
    record = json.loads(run(url, "sources", "show", "1", "--json").out)
    assert record["days"] == [
        {"day": TODAY.isoformat(), "polls": 1, "failures": 0, "new": 2, "kept": 1}
    ]
    assert record["health"]["condition"] == "healthy"
