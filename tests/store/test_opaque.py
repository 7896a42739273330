"""An aggregator's opaque link and the article that it stands for are one, in either order."""

import pytest

from monitor.model import Filter
from monitor.placing import match_and_commit
from tests.store.records import draft, entry_of, hours, item, poll, source

TITLE = "Cove Capital takes seventy percent of a Kazakh tungsten deposit"
LINK = "https://news.google.com/rss/articles/CBMiQUFBQUFB"


def told(database, key, url, **more):
    """The monitor meets an article at an address."""
    source_id, _ = database.add_source(source(), now=hours(0))
    database.commit_poll(poll(source_id, item(key)))
    entry_id = entry_of(database, source_id, key)
    made = draft(source_id, entry_id, url, title=TITLE, claims=(), **more)
    return match_and_commit(database, made, None)


def link(database, site="Ores"):
    """The aggregator's link: a title, an outlet and a time."""
    return told(database, "hint", LINK, text="", site=site, published_at=hours(1))


def article(database):
    """The outlet's own article."""
    text = "The deal was signed in Washington. It covers the largest deposit of the country."
    return told(database, "page", "https://www.ores.example/a", text=text, site="ores.example")


def test_a_link_to_a_known_article_is_a_sighting(database):
    """Nothing new is stored but where it was seen."""
    first = article(database)
    second = link(database)
    assert (second.article_id, second.is_new) == (first.article_id, False)
    (story,) = database.stories(Filter())
    assert len(story.articles) == 1
    assert link(database).article_id == first.article_id


def test_an_article_takes_the_place_of_a_link(database):
    """The link that came first folds under the article, in one story."""
    hint, found = link(database), article(database)
    (story,) = database.stories(Filter())
    edges = {a.id: a.copy.original_id if a.copy else None for a in story.articles}
    assert edges == {hint.article_id: found.article_id, found.article_id: None}
    assert "an aggregator's link" in database.article(found.article_id).placement_reasons[0]


@pytest.mark.parametrize("site", ["Another Outlet"])
def test_another_outlet_s_article_of_the_same_title_is_its_own(database, site):
    """Two outlets may run one headline; neither is taken for the other."""
    first, second = article(database), link(database, site=site)
    assert second.article_id != first.article_id
