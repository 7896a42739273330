"""The first to publish is the original, in whatever order the monitor met them."""

from datetime import timedelta

from monitor.model import Filter
from monitor.placing import match_and_commit
from tests.store.records import NOW, draft, entry_of, hours, item, poll, source

WIRE = " ".join(
    f"Sentence {name} of the wire says what the {name} deposit holds and who may dig there."
    for name in ("northern", "southern", "eastern", "western", "upper", "lower", "inner", "outer")
)


def met(database, key, published):
    """The monitor meets an article with the wire's text."""
    source_id, _ = database.add_source(source(), now=hours(0))
    database.commit_poll(poll(source_id, item(key)))
    made = draft(
        source_id,
        entry_of(database, source_id, key),
        f"https://ores.example/{key}",
        text=WIRE,
        published_at=hours(published),
        claims=(),
    )
    return match_and_commit(database, made, None)


def test_an_earlier_telling_met_later_becomes_the_original(database):
    """Reprints that were met first fold under the agency that published before them."""
    met(database, "reprint", -3)
    met(database, "second", -2)
    last = met(database, "agency", -5)
    assert (last.is_copy, last.is_new_story) == (True, False)
    (story,) = database.stories(Filter())
    edges = {a.id: a.copy.original_id if a.copy else None for a in story.articles}
    assert edges == {1: 3, 2: 3, 3: None}
    assert len(story.developments) == 1
    agency = database.article(3)
    assert agency.placement_reasons[0].startswith("published before a1, which shares its text")


def test_a_day_without_an_hour_does_not_come_first(database):
    """Who prints only the day is not taken for the first of that day."""
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    met(database, "day only", (day - NOW) / timedelta(hours=1))
    met(database, "agency", -1)
    (story,) = database.stories(Filter())
    edges = {a.id: a.copy.original_id if a.copy else None for a in story.articles}
    assert edges == {1: 2, 2: None}
    assert [a.id for a in story.articles] == [2, 1]
