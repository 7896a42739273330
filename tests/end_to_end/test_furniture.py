"""What the pages of a site repeat makes none of its stories relevant: real HTTP, real store."""

from datetime import UTC, datetime

import pytest

from monitor.model import Filter, NewSource, Scope, SourceKind
from monitor.store import open_database
from tests.cli.desk import run
from tests.end_to_end.loopback import site
from tests.spiders.server import answer

HOST = "127.0.0.47"
EVERYTHING = Filter(limit=100, include_irrelevant=True)
PROMOTION = (
    "Tungsten, lithium and cobalt: invest in our mine in Kazakhstan, with 1.4 Mt of tungsten ore, "
    "before the price per tonne rises."
)
TICKER = "Gold Silver Copper Tungsten price ticker"
WALKS = {
    "river": "On Sunday we followed the water with two dogs. It rained from noon on, and hard.",
    "castle": "Nobody lives behind these walls now. Its last owner left them to the village.",
    "orchard": "Children may pick what has fallen from the trees. Bring a basket and a friend.",
    "bridge": "Painters meet at its foot each June. They say that the light is best at seven.",
    "harbour": "Fishing boats come in at dawn. A cook buys all their catch before the bells ring.",
    "meadow": "Cows graze there until autumn. An old man told us how he once fell from a horse.",
}
MINE = (
    "Sample Cove said that its tungsten mine in Kazakhstan will produce 900 tonnes of concentrate "
    "a year. The plant that refines the ore stands in Karaganda."
)


def feed(web, names):
    """A feed of these pages."""
    items = "".join(
        f"<item><title>A walk to the {name}</title><link>{web.url(f'/{name}', HOST)}</link>"
        f"<guid>{name}</guid></item>"
        for name in names
    )
    return answer(
        f'<rss version="2.0"><channel><title>Walks</title>{items}</channel></rss>'.encode()
    )


def page(name, text=""):
    """A page about a walk, with what all of them carry."""
    told = text or WALKS[name]
    return answer(
        f"<html lang=en><title>A walk to the {name}</title><article><h1>A walk to the {name}</h1>"
        f"<p>{told}</p><p>{PROMOTION}</p><p>{TICKER}</p></article></html>".encode()
    )


@pytest.fixture
def web():
    """A site of walks."""
    with site((HOST,)) as one:
        yield one.web


def test_a_promotion_on_every_page_counts_on_none(web, database_url, monkeypatch):
    """Once learned it counts neither on new pages nor on those stored before; texts stay whole."""
    monkeypatch.setenv("MONITOR_FETCH__ALLOW_PRIVATE", '["127.0.0.0/8"]')
    monkeypatch.setenv("MONITOR_FETCH__HOST_GAP", "0")
    for name in WALKS:
        web.routes[HOST, f"/{name}"] = page(name)
    web.routes[HOST, "/mine"] = page("mine", MINE)
    database = open_database(database_url)
    source = NewSource(
        name="Walks", kind=SourceKind.FEED, url=web.url("/feed", HOST), scope=Scope.DEDICATED
    )
    database.add_source(source, now=datetime.now(UTC))

    web.routes[HOST, "/feed"] = feed(web, list(WALKS)[:1])
    run(database_url, "-q", "crawl", "--all", "--json")
    (first,) = database.articles(EVERYTHING)
    assert first.enrichment.relevant, "one page alone: nobody can know"
    assert first.claims

    web.routes[HOST, "/feed"] = feed(web, (*WALKS, "mine"))
    run(database_url, "-q", "crawl", "--all", "--json")
    found = {article.title: article for article in database.articles(EVERYTHING)}
    database.close()
    mine = found.pop("A walk to the mine")
    assert len(found) == len(WALKS)
    for article in found.values():
        assert PROMOTION in article.text
        assert (article.enrichment.relevant, article.enrichment.minerals) == (False, ())
        assert [one for one in article.claims if one.is_current] == []
    assert mine.enrichment.relevant
    assert mine.enrichment.minerals == ("tungsten",)
    whole = f"{mine.title}\n{mine.text}"
    quotes = [one.claim for one in mine.claims]
    assert quotes
    assert all(whole[claim.start : claim.end] == claim.quote for claim in quotes)
    assert not any("1.4 Mt" in claim.quote for claim in quotes)
