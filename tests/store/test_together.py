"""Several articles in one transaction: seen within, and all or nothing."""

import pytest

from monitor.model import Placement
from tests.store.records import NOW, draft, entry_of, item, poll, source, stored


def test_together_sees_what_it_wrote(database):
    """An article stored within the block is found by the next of the block."""
    with database.together():
        first = stored(database, "g1")
        assert [t.article_id for t in database.near_copies([1], limit=9)] == [first.article_id]
        stored(database, "g2")
    assert database.token_counts(["t"]) == ({"t": 2}, 2)


def test_an_error_undoes_all_that_was_together(database):
    """What was stored before the error is gone, and its entries still wait for an article."""
    number, _ = database.add_source(source(), now=NOW)
    database.commit_poll(poll(number, item("g1"), item("g2")))
    entries = [entry_of(database, number, key) for key in ("g1", "g2")]
    with pytest.raises(ZeroDivisionError):
        _fail_after(database, lambda: _commit(database, number, entries[0]))
    assert database.counts()["articles"] == 0
    assert database.entries_without_article(limit=9) == [(number, one) for one in entries]
    _commit(database, number, entries[0], minerals=("lithium",))
    (near,) = database.near_copies([1], limit=9)
    assert near.enrichment.minerals == ("lithium",)


def test_a_block_within_a_block_ends_with_the_outer_one(database):
    """Only the outermost block commits."""
    with pytest.raises(ZeroDivisionError):
        _fail_after(database, lambda: _within(database))
    assert database.counts()["articles"] == 0


def _fail_after(database, work):
    with database.together():
        work()
        raise ZeroDivisionError


def _within(database):
    with database.together():
        stored(database, "g1")


def _commit(database, source_id, entry_id, **more):
    placed = draft(source_id, entry_id, "https://ores.example/g1", **more)
    database.commit_article(placed, Placement(), bands=(1,), tokens=("t",), page_id=None)
    return database.near_copies([1], limit=9)
