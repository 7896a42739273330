"""Searches in the background: bounded, each its owner's, over when they are over."""

import asyncio

import pytest

from monitor.errors import BadInput
from monitor.finding.adding import wished
from monitor.finding.searches import AT_ONCE, KEPT_S, WAITING, Searches
from monitor.settings import Settings
from monitor.store import open_database
from monitor.store.runner import Runner


@pytest.fixture
def runner(tmp_path):
    """A store without anything in it."""
    database = open_database(f"sqlite:///{tmp_path}/x.sqlite")
    one = Runner(database)
    yield one
    one.close()
    database.close()


def begin(searches, number=1):
    """A search at an address that the guard refuses, so that nothing is asked."""
    wanted = wished(f"http://127.0.0.1:{8000 + number}/")
    return searches.begin(wanted, has_name=False, who="ann")


def test_too_many_are_refused(runner):
    """So many run and wait; one more is told to come back, and may when they are done."""

    async def run():
        searches = Searches(Settings(), runner)
        running = [begin(searches, number) for number in range(AT_ONCE + WAITING)]
        with pytest.raises(BadInput, match="other searches"):
            begin(searches)
        for one in running:
            await one.ended()
        await asyncio.sleep(0)
        assert "allow_private" in running[-1].look.cause
        await begin(searches).ended()

    asyncio.run(run())


def test_a_search_is_its_owners_and_kept_for_a_while(runner):
    """Nobody else gets it; when its time is over nobody does."""

    async def run():
        now = [0.0]
        searches = Searches(Settings(), runner, clock=lambda: now[0])
        one = begin(searches)
        assert searches.get(one.token, who="ann") is one
        assert searches.get(one.token, who="bob") is None
        assert searches.get("guess", who="ann") is None
        await one.ended()
        now[0] = KEPT_S + 1
        assert searches.get(one.token, who="ann") is None

    asyncio.run(run())


def test_an_error_is_told_in_words(runner):
    """What cannot be asked at all ends the search with its cause."""

    async def run():
        searches = Searches(Settings(), runner)
        one = searches.begin(
            wished("https://its.example/?key=${NO_SUCH_VARIABLE_HERE}"), has_name=False, who="ann"
        )
        await one.ended()
        return one

    assert "NO_SUCH_VARIABLE_HERE" in asyncio.run(run()).cause
