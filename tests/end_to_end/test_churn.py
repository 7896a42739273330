"""Feeds that change what should hold, crawled again and again: the store does not grow."""

import json

import pytest

from monitor.model import Filter
from monitor.store import open_database
from tests.end_to_end.loopback import serving
from tests.end_to_end.test_bad_input import RSS, monitor, rss, watch
from tests.spiders.server import answer

ITEMS, POLLS = 3, 3


def item(number, place, minute, hour=10):
    """An item at a place (guid and address, or neither), of a time."""
    keys = f"<link>https://x.example/{place}</link><guid>{place}</guid>" if place else ""
    return (
        f"<item><title>Tungsten {number}</title>{keys}<description>Ore</description>"
        f"<pubDate>Mon, 02 Mar 2026 {hour}:{minute:02}:00 GMT</pubDate></item>"
    )


#: What changes at each poll -> an item by its number and the number of the poll.
CHURNS = {
    "guid and address": lambda n, poll: item(n, f"p{poll}-{n}", n),
    "date": lambda n, poll: item(n, f"d{n}", n, 10 + poll),
    "date of bare items": lambda n, poll: item(0, "", n, 10 + poll),
}


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Entries of each source after several polls, and all articles."""
    folder = tmp_path_factory.mktemp("churn")
    polls = dict.fromkeys(CHURNS, 0)

    def answering(name):
        def made():
            polls[name] += 1
            return answer(rss(*(CHURNS[name](n, polls[name]) for n in range(ITEMS))), **RSS)

        return made

    with serving({name: answering(name) for name in CHURNS}) as addresses:
        watch(folder, addresses)
        ran = [monitor(folder, "crawl", "--all", "--json") for _ in range(POLLS)]
    assert all(one.status == 0 for one in ran)
    assert polls == dict.fromkeys(CHURNS, POLLS)
    database = open_database(f"sqlite:///{folder}/monitor.sqlite")
    found = database.articles(Filter(limit=99, include_irrelevant=True))
    database.close()
    return [json.loads(one.out)["entries"]["new"] for one in ran], found


def test_all_items_are_kept(grown):
    """The first poll stores every item, those without guid and address too."""
    assert grown[0][0] == ITEMS * len(CHURNS)


def test_nothing_grows(grown):
    """Later polls store nothing, and no item has two articles."""
    new, articles = grown
    assert new[1:] == [0] * (POLLS - 1)
    assert len(articles) == ITEMS * len(CHURNS)
