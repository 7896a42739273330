"""Due times can be set for many sources at once, on both databases."""

from datetime import UTC, datetime, timedelta

from monitor.model import NewSource, SourceKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_due_times_are_set_by_source(database):
    """Those that are named get their times, the others keep theirs; none is a whole no-op."""
    for number in range(3):
        source = NewSource(
            name=f"s{number}", kind=SourceKind.FEED, url=f"https://h{number}.example/"
        )
        database.add_source(source, now=NOON)
    database.reschedule({})
    later = NOON + timedelta(hours=1)
    database.reschedule({1: (later, None), 2: (None, later)})
    found = [(s.next_poll_at, s.not_before) for s in database.sources()]
    assert found == [(later, None), (None, later), (NOON, None)]
    assert [s.id for s in database.due_sources(now=NOON, limit=9)] == [3]
