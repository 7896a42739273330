"""Databases that released versions wrote open in this one, with all that they held."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.deliver.cards import refresh
from monitor.model import Filter, ReviewState, StoryQuery
from monitor.store import open_database
from tests.store.records import NOW, stored

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.db.gz"))


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name.removesuffix(".db.gz"))
def old(request, tmp_path):
    """A copy of a database of an earlier version, opened (and so migrated)."""
    place = tmp_path / "old.sqlite"
    place.write_bytes(gzip.decompress(request.param.read_bytes()))
    database = open_database(f"sqlite:///{place}")
    yield database
    database.close()


def test_there_is_a_database_of_every_version():
    """The released versions are here; a release adds its own."""
    assert [path.name for path in VERSIONS] == ["0.1.0.db.gz", "0.2.0.db.gz", "0.3.0.db.gz"]


def test_nothing_is_lost_by_migrating(old):
    """The story, its copies, developments, figures and texts are what they were."""
    (story,) = old.stories(Filter())
    assert story.outlets == ("First Post", "Second Post", "Третья газета")
    assert [article.copy is not None for article in story.articles].count(True) == 1
    assert len(story.developments) == 2
    figures = {c.claim.value for article in story.articles for c in article.claims}
    assert {1.4e6, 410_000} <= figures
    assert old.search("рудник", limit=5)[0].article_id == 3
    assert old.integrity() == []


def test_an_old_database_takes_new_articles(old):
    """What the old version stored is known to the new one; what is new is added."""
    before = old.counts()["articles"]
    assert not stored(old, "first").is_new
    assert stored(old, "later").is_new
    assert old.counts()["articles"] == before + 1


def test_what_was_known_of_sources_is_known(old):
    """Days are there, counted anew where the version had none; memory and notes are kept."""
    (source,) = old.sources()
    days = old.source_days((NOW - timedelta(days=1)).date())
    assert sum(day.new for day in days) == sum(day.kept for day in days) > 3
    assert source.new_at is not None
    if source.rhythm:
        assert old.memory(source.id) == {"newest": 7}
        assert [note.origin for note in old.site_notes()] == ["https://ores.example"]
        assert (source.moved_times, source.failures) == (1, 0)


def test_what_analysts_left_is_there(old):
    """Decisions, tags, notes, views, recipients and alerts of 0.3.0; nothing invented before."""
    while refresh(old):
        pass
    (line,) = old.lines(StoryQuery(), reader="ann", now=NOW + timedelta(days=3), limit=9).lines
    views, recipients, alerts = old.views(), old.recipients(), old.alerts()
    if not views:
        assert (line.state, line.tags, recipients, alerts) == (ReviewState.NEW, (), [], [])
        return
    assert (line.state, line.tags, line.notes) == (ReviewState.KEPT, ("tungsten",), 1)
    assert (line.decided_by, line.news) == ("ann", ())
    assert views[0].query == StoryQuery(minerals=("tungsten",), is_open=True)
    assert [r.name for r in recipients] == ["desk"]
    assert [a.view_id for a in alerts] == [views[0].id]
    assert [d.action for d in old.undo_review(who="ann", now=NOW)] == ["note", "tag", "state"]
