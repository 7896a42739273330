"""Opaque links: which known article they stand for."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.match import Told, same_telling, title_key

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
OPAQUE = "https://news.google.com/rss/articles/CBMiABC?oc=5"
LONG = "Cove sells its tungsten mine for a song"


def told(title=LONG, *, url=OPAQUE, site="The Northern Miner", hours=0, number=0, home=""):
    """An article told so many hours after a fixed time."""
    at = AT + timedelta(hours=hours)
    return Told(title=title, url=url, site=site, at=at, article_id=number, home=home)


def known(title=LONG, *, url="https://www.northernminer.com/news/1", **fields):
    """A stored article of the outlet itself."""
    return told(title, url=url, **{"site": "", "number": 7, **fields})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told(), known()),
        (told(site="", home="https://northernminer.com"), known()),
        (told(site="", home="https://www.ores.example"), known(url="https://en.ores.example/1")),
        (told(site="MINING.COM"), known(url="https://www.mining.com/a/1")),
        (told(site="Interfax.ru"), known(url="https://www.interfax.ru/1")),
        (told(site="Ore Weekly"), known(url="https://ores.example/1", site="The Ore Weekly")),
        (told(site="Kitco"), known(url="https://www.kitco.co.uk/1")),
        (told(), known(f"{LONG} | The Northern Miner")),
        (told(), known(f"{LONG} – Northernminer.com")),
        (told("Cove sells its “tungsten” mine — for a song"), known()),
        (told(), told(url=f"{OPAQUE}&hl=en", number=7)),
        (told(hours=47), known()),
        (told(), known(hours=47)),
        (told("Рудник продан за бесценок", hours=5), known("Рудник продан за бесценок")),
        (told("哈萨克斯坦钨矿被出售"), known("哈萨克斯坦钨矿被出售", hours=30)),
    ],
)
def test_the_same_telling(one, other):
    """Title, outlet and time agree, in either direction, however the outlet is named."""
    assert same_telling(one, [other]) == 7
    assert same_telling(other._replace(article_id=0), [one._replace(article_id=7)]) == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told(), known("Cove buys a tungsten mine for a song")),
        (told(site="Reuters"), known()),
        (told(site="", home="https://www.reuters.com"), known()),
        (told(site=""), known()),
        (told(hours=49), known()),
        (told("Daily metals price update", hours=24), known("Daily metals price update")),
        (told("Markets", hours=1), known("Markets")),
        (told("", hours=1), known("")),
        (known(number=0), known()),
        (told(site="Ore"), known(url="https://ores.example/1", site="Ores")),
        (told(f"{LONG} - 2026"), known()),
    ],
)
def test_another_telling(one, other):
    """One of the three differs, a short title is of another day, or no address is opaque."""
    assert same_telling(one, [other]) == 0


def test_the_nearest_of_several():
    """Of several that fit, the nearest in time is taken, in whatever order they come."""
    others = [known(hours=-20, number=1), known(hours=-3, number=2), known(hours=9, number=3)]
    assert same_telling(told(), others) == 2
    assert same_telling(told(), others[::-1]) == 2
    assert same_telling(told(), []) == 0


def test_the_key_of_a_title():
    """Case, quotes, dashes and spaces make no difference; words do."""
    assert title_key("“Mine”  SOLD — for €5m") == title_key("Mine sold for €5m")
    assert title_key("Mine sold") != title_key("Mines sold")
