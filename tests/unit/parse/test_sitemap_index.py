"""Facts about indexes of sitemaps: which children are read, how deep, and what is remembered."""

import json
from datetime import timedelta

from monitor.parse.sitemap import index as sitemap_index
from monitor.parse.sitemap.index import MOST_CHILDREN
from tests.unit.parse.sitemaps import NOW, Site, at, index, read, url, urlset


def test_children_are_followed_by_their_worth():
    """News first, then the latest change; old, section and picture sitemaps are not read."""
    body = index(
        ("post-1.xml", at(days=400)),
        ("post-2.xml", at(hours=5)),
        ("category.xml", at(hours=1)),
        ("image-sitemap.xml", at(hours=1)),
        ("post-3.xml", at(hours=2)),
        ("news.xml", at(days=2)),
    )
    assert [one.rpartition("/")[2] for one in read(body).follow] == [
        "news.xml",
        "post-3.xml",
        "post-2.xml",
    ]


def test_only_changed_children_are_read_again():
    """A child is followed when it was changed after it was read."""
    site = Site(
        sitemap=index(("a.xml", at(hours=2)), ("b.xml", at(hours=3))),
        a=urlset(url("ore-one", at(hours=2))),
        b=urlset(url("ore-two", at(hours=3))),
    )
    assert sorted(site.poll()) == ["ore-one", "ore-two"]
    site.poll()
    assert site.fetched == ["sitemap"]
    site.documents["sitemap"] = index(("a.xml", at(hours=-2)), ("b.xml", at(hours=3)))
    site.poll()
    assert site.fetched == ["sitemap", "a"]


def test_children_without_dates_are_read_every_few_hours():
    """They are read at once, then not before three hours have passed; news hourly."""
    site = Site(
        sitemap=index(("a.xml", ""), ("news.xml", "")),
        a=urlset(url("ore-one", at(hours=2))),
        news=urlset(url("ore-two", at(hours=3))),
    )
    seen = []
    for _ in range(5):
        site.poll()
        seen.append(site.fetched[1:])
    assert seen == [["news", "a"], ["news"], ["news"], ["news", "a"], ["news"]]


def test_a_child_dated_by_the_day_is_read_until_the_day_is_over():
    """The day says too little: it is read hourly, and for the last time after midnight."""
    site = Site(sitemap=index(("a.xml", "2026-11-23")), a=urlset(url("ore-one", at(hours=2))))
    seen = []
    for _ in range(15):
        site.poll()
        seen.append(len(site.fetched) - 1)
    assert seen == [1] * 12 + [0] * 3


def test_one_date_for_all_children_is_none():
    """It is when the index was written: the children are read as if undated."""
    kids = [f"part-{n}.xml" for n in range(6)]
    memory = {}
    for kid in kids:
        child = read(urlset(), asked=f"https://e.test/{kid}", is_part=True)
        memory.update(child.memory)
    later = NOW + timedelta(minutes=30)
    body = index(*((kid, later.isoformat()) for kid in kids))
    assert read(body, memory=memory, now=later).follow == ()


def test_at_most_fifty_children_at_a_poll():
    """The rest is named, and comes at the next poll."""
    body = index(*((f"part-{n}.xml", at(minutes=n)) for n in range(60)))
    found = read(body)
    assert len(found.follow) == MOST_CHILDREN
    assert found.problems == ("10 of its sitemaps are left for later polls",)
    memory = {}
    for kid in found.follow:
        memory.update(read(urlset(), asked=kid, is_part=True).memory)
    assert len(read(body, memory=memory).follow) == 10


def test_old_archives_wait():
    """Undated children that name a past month or year are read last, and once a week only."""
    names = ("s-2019-03.xml", "s-2026-11.xml", "news-2025.xml")
    body = index(*((name, "") for name in names))
    found = read(body)
    assert found.follow[1:] == ("https://e.test/s-2026-11.xml", "https://e.test/s-2019-03.xml")
    memory = {}
    for kid in found.follow:
        memory.update(read(urlset(), asked=kid, is_part=True).memory)
    soon, later = NOW + timedelta(hours=4), NOW + timedelta(days=8)
    assert read(body, memory=memory, now=soon).follow == ("https://e.test/s-2026-11.xml",)
    assert len(read(body, memory=memory, now=later).follow) == 3


def test_an_index_is_a_directory():
    """Its own answer never tells that nothing is new; that of a sitemap of pages does."""
    assert read(index(("a.xml", at(hours=1)))).is_directory
    assert not read(urlset(url("ore-one", at(hours=1)))).is_directory


def test_a_site_that_sleeps_is_read_once():
    """If no child is recent, the first poll reads the latest one."""
    body = index(("a.xml", at(days=90)), ("b.xml", at(days=40)))
    assert read(body).follow == ("https://e.test/b.xml",)


def test_an_index_that_names_itself_is_named():
    """The circle is a problem in words; the other children are read."""
    found = read(index(("sitemap.xml", at(hours=1)), ("a.xml", at(hours=1))))
    assert found.follow == ("https://e.test/a.xml",)
    assert "a circle" in found.problems[0]


def test_nested_indexes_end():
    """An index within an index is followed to the third level and no further, circles too."""
    chain = {f"i{n}": index((f"i{n + 1}.xml", at(hours=1))) for n in range(10)}
    site = Site(sitemap=index(("i0.xml", at(hours=1))), **chain)
    site.poll()
    assert site.fetched == ["sitemap", "i0", "i1", "i2"]
    ring = Site(sitemap=index(("a.xml", at(hours=1))), a=index(("sitemap.xml", at(hours=1))))
    ring.poll()
    assert len(ring.fetched) <= 4


def test_an_index_too_deep_says_so():
    """The fourth level is named in words."""
    found = read(index(("a.xml", "")), asked="https://e.test/i.xml#level4", is_part=True)
    assert found.follow == ()
    assert "within 3 others" in found.problems[0]


def test_children_that_are_gone_are_forgotten():
    """What memory holds of a child that the index no longer names is dropped."""
    site = Site(
        sitemap=index(("a.xml", at(hours=2)), ("b.xml", at(hours=3))),
        a=urlset(url("ore-one", at(hours=2))),
        b=urlset(url("ore-two", at(hours=3))),
    )
    site.poll()
    assert sum(key.startswith("map ") for key in site.memory) == 3
    site.documents["sitemap"] = index(("a.xml", at(hours=2)))
    site.poll()
    held = [key for key, value in site.memory.items() if key.startswith("map ") and value]
    assert len(held) == 2


def test_a_broken_memory_harms_nothing():
    """What cannot be a record is taken for none, and is dropped."""
    memory = {"map 12345678": None, "map 23456789": "x", "map 3456789a": {"at": []}, "root": 7}
    found = read(index(("a.xml", at(hours=1))), memory=memory)
    assert found.follow == ("https://e.test/a.xml",)
    assert found.memory["map 23456789"] is None


def test_what_is_called_news_on_a_news_site():
    """Where all sitemaps are called news, that word says nothing: they are read as others are."""
    kids = [f"news/part-{n}.xml" for n in range(8)]
    memory = {}
    for kid in kids:
        memory.update(read(urlset(), asked=f"https://e.test/{kid}", is_part=True).memory)
    body = index(*((kid, "") for kid in kids))
    assert read(body, memory=memory, now=NOW + timedelta(hours=2)).follow == ()
    assert len(read(body, memory=memory, now=NOW + timedelta(hours=3)).follow) == 8


def test_very_many_silent_children_are_bounded(monkeypatch):
    """Of undated children only so many are looked after that memory stays small."""
    monkeypatch.setattr(sitemap_index, "MOST_SILENT", 80)
    body = index(*((f"part-{n}.xml", "") for n in range(200)))
    memory, seen = {}, set()
    for _ in range(4):
        follow = read(body, memory=memory).follow
        seen.update(follow)
        for kid in follow:
            memory.update(read(urlset(url("a-b", at(days=1))), asked=kid, is_part=True).memory)
    assert len(seen) == 80
    assert len(json.dumps(memory)) < 80 * 40


def test_grandchildren_are_not_forgotten_at_once():
    """Where an index stands in an index, the root does not know all: it forgets by age."""
    site = Site(
        sitemap=index(("i.xml", at(hours=2))),
        i=index(("a.xml", at(hours=2))),
        a=urlset(url("ore-one", at(hours=2))),
    )
    site.poll()
    site.documents["sitemap"] = index(("i.xml", at(hours=-5)))
    site.poll()
    assert site.fetched == ["sitemap", "i"]
    assert sum(bool(value) for key, value in site.memory.items() if key.startswith("map ")) == 3
