"""What each source brought, day by day, as health asks for it; both databases."""

from datetime import timedelta

from tests.store.records import NOW, hours, item, poll, source, stored

TODAY = NOW.date().toordinal()
BEGIN = NOW.date() - timedelta(days=30)


def two_sources(database):
    """One that brought something on two days, and one on one; their ids."""
    first, _ = database.add_source(source(), now=NOW)
    second, _ = database.add_source(source("Alloys", "https://alloys.example/feed"), now=NOW)
    database.commit_poll(poll(first, item("late"), item("later"), at=hours(48)))
    database.commit_poll(poll(second, item("other"), at=hours(24)))
    database.commit_poll(poll(first, at=hours(24)))
    stored(database, "g1")
    return first, second


def test_arrivals_are_told_by_day(database):
    """New entries and relevant articles stand beside their days, oldest first."""
    first, second = two_sources(database)
    found = database.arrivals(BEGIN)
    assert found[first].days == [TODAY, TODAY + 2]
    assert (found[first].new, found[first].kept) == ([1, 2], [1, 0])
    assert found[second].days == [TODAY + 1]


def test_arrivals_of_one_source_since_a_day(database):
    """Other sources and earlier days are left out."""
    first, _ = two_sources(database)
    found = database.arrivals(NOW.date() + timedelta(days=1), source_id=first)
    assert {number: one.days for number, one in found.items()} == {first: [TODAY + 2]}


def test_days_with_news(database):
    """A day on which a source was asked in vain is none of them."""
    first, second = two_sources(database)
    assert database.days_with_news(BEGIN) == {
        first: [TODAY, TODAY + 2],
        second: [TODAY + 1],
    }
    assert database.days_with_news(BEGIN, source_ids=[second]) == {second: [TODAY + 1]}
    assert database.days_with_news(BEGIN, source_ids=[]) == {}
