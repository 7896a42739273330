"""Wanted pages: leases end with their holder, and a stored text spares a request."""

from monitor.model import Placement
from tests.store.records import NOW, draft, hours, item, poll, source, stored


def test_leases_of_a_dead_holder_are_released(database):
    """A leased page is handed out to nobody else, until the next holder releases it."""
    number, _ = database.add_source(source(), now=NOW)
    database.commit_poll(poll(number, item("a"), wanted=[item("a").identity]))
    assert database.wanted_pages(now=NOW, limit=9) == []
    assert database.due_pages(now=NOW) == 0
    database.release_pages()
    assert database.due_pages(now=NOW) == 1
    assert len(database.wanted_pages(now=NOW, limit=9)) == 1


def test_articles_with_text(database):
    """An article of a summary alone still wants its page; one with its text does not."""
    stored(database)
    number, _ = database.add_source(source(), now=NOW)
    entry = next(iter(database.commit_poll(poll(number, item("g2"))).entry_ids.values()))
    poor = draft(number, entry, "https://ores.example/g2", flags=("summary_only",))
    database.commit_article(poor, Placement(), bands=(), tokens=(), page_id=None)
    keys = ["https://ores.example/g1", "https://ores.example/g2", "https://ores.example/g3"]
    assert database.articles_with_text(keys) == {keys[0]}


def test_another_way_of_reading_reads_again(database):
    """A source whose selectors change forgets its validators, so that it is read anew."""
    number, _ = database.add_source(source(), now=NOW)
    database.commit_poll(poll(number, item("a"), etag='"a"', body_hash="b"))
    database.edit_source(number, options={"item": "article"})
    (found,) = database.due_sources(now=hours(0), limit=9)
    assert (found.etag, found.body_hash) == ("", "")


def test_neighbours_are_read_anew_after_a_revision(database):
    """What is remembered of an article's words goes when its words change."""
    stored(database)
    (before,) = database.near_copies([1, 2], limit=9)
    assert before.enrichment.minerals == ("tungsten",)
    number, _ = database.add_source(source(), now=NOW)
    changed = draft(number, 1, text="Other words altogether.", minerals=("lithium",))
    database.commit_article(changed, Placement(), bands=(1, 2), tokens=("t",), page_id=None)
    (after,) = database.near_copies([1, 2], limit=9)
    assert after.enrichment.minerals == ("lithium",)
    assert database.near_copies([1, 2], limit=9) == [after]
