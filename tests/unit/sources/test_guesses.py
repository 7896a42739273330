"""Where feeds and sitemaps usually stand, which section an address names, what an answer is."""

import time

import pytest

from monitor.model import SourceKind
from monitor.sources.answers import asked_as, kinds_of
from monitor.sources.discovery import is_article, links_in, offers, prose_in, sitemaps_in
from monitor.sources.guesses import feed_guesses, sitemap_guesses
from monitor.sources.sections import is_about_comments, language_of, section_of, site_of, topic_of

SITE = "https://ore.example"


@pytest.mark.parametrize(
    ("sign", "first"),
    [
        ('<link href="/wp-content/x.css">', "/economy/feed/"),
        ('<meta name="Generator" content="Drupal 10">', "/economy/feed"),
        ('<script src="/bitrix/js/main.js">', "/economy/rss/"),
        ('<meta name="generator" content="Joomla! 5">', "/economy/?format=feed&type=rss"),
        ('<meta name=generator content="Hugo 0.1">', "/economy/index.xml"),
        ('<meta name="generator" content="Ghost 5">', "/economy/rss/"),
        ("", "/economy/feed/"),
    ],
)
def test_the_section_comes_first_by_the_maker_of_the_site(sign, first):
    """Each maker puts the feed of a section elsewhere."""
    assert feed_guesses(f"{SITE}/economy/", sign)[0] == f"{SITE}{first}"


@pytest.mark.parametrize(
    ("url", "sign", "first"),
    [
        (SITE, "/wp-includes/js", f"{SITE}/feed/"),
        (SITE, "//substackcdn.com/x", f"{SITE}/feed"),
        ("https://ore.blogspot.com/", "", "https://ore.blogspot.com/feeds/posts/default"),
        ("https://medium.com/@ore", "", "https://medium.com/@ore/feed/"),
        (SITE, "", f"{SITE}/rss"),
    ],
)
def test_a_whole_site_has_its_usual_places(url, sign, first):
    """By maker, else where most put it."""
    assert feed_guesses(url, sign)[0] == first


def test_medium_has_its_feeds_in_a_place_of_their_own():
    """A publication's feed stands below /feed/."""
    assert "https://medium.com/feed/@ore" in feed_guesses("https://medium.com/@ore", "")


def test_sitemaps_of_news_come_first():
    """Of those that robots.txt names; usual places only when it names none."""
    named = [f"{SITE}/{one}.xml" for one in ("images", "tags", "posts", "google-news")]
    assert sitemap_guesses(SITE, named)[:2] == (f"{SITE}/google-news.xml", f"{SITE}/posts.xml")
    assert sitemap_guesses(SITE, ())[0] == f"{SITE}/news-sitemap.xml"


def test_sitemaps_are_read_from_a_robots_txt():
    """Any case and spacing, relative ones too; each once; what is hostile is left out."""
    robots = (
        b"\xef\xbb\xbfUser-agent: *\r\nSitemap: /a.xml\r\nSITEMAP:https://cdn.example/b.xml\n"
        b"  sitemap : /a.xml # again\n# Sitemap: /no.xml\nSitemap: javascript:x\nSitemap:\n/c.xml"
    )
    found = sitemaps_in(robots, f"{SITE}/robots.txt")
    assert found == (f"{SITE}/a.xml", "https://cdn.example/b.xml")
    assert len(sitemaps_in(b"Sitemap: /a\n" * 400_000, SITE)) == 1


@pytest.mark.parametrize(
    ("path", "section", "topic", "language"),
    [
        ("/", (), (), ""),
        ("/ru/", (), (), "ru"),
        ("/kaz/rss.xml", (), (), "kk"),
        ("/news/index.asp", ("news",), (), ""),
        ("/ru/economy/mining/", ("economy", "mining"), ("economy", "mining"), "ru"),
        ("/rss/sport.xml", (), ("sport",), ""),
        ("/?feed=rss2", (), (), ""),
        ("/category/tin/feed/", ("category", "tin"), ("tin",), ""),
        ("/zh-cn/%E7%9F%BF%E4%B8%9A/", ("矿业",), ("矿业",), "zh"),
    ],
)
def test_an_address_names_its_section(path, section, topic, language):
    """Languages and the words of formats are no sections."""
    url = SITE + path
    if section or "rss" not in path:
        assert section_of(url) == section
    assert topic_of(url) == topic
    assert language_of(url) == language


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("/comments/feed/", True),
        ("Комментарии к записи", True),
        ("评论", True),
        ("https://ore.example/feed", False),
        ("Commentary on tin", False),
    ],
)
def test_comments_are_known_by_name(text, is_so):
    """In addresses and titles of several languages."""
    assert is_about_comments(text) is is_so


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://feeds.ore.example/x", "ore.example"),
        ("https://news.bbc.ru/x", "bbc.ru"),
        ("https://www.mine.gov.kz/", "mine.gov.kz"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("http://[::1]/x", "::1"),
    ],
)
def test_hosts_of_one_site_share_its_name(url, site):
    """The last two labels, three where a country has classes of names."""
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (b"%PDF-1.7", (SourceKind.PAGE,)),
        (b"\x1f\x8b\x08", (SourceKind.SITEMAP,)),
        (b'{"a": 1}', (SourceKind.FEED, SourceKind.API)),
        (b'<?xml version="1.0"?><!-- <html> --><rss>', (SourceKind.FEED,)),
        (b"<rdf:RDF xmlns:rdf='x'>", (SourceKind.FEED,)),
        (b"<s:urlset xmlns:s='x'>", (SourceKind.SITEMAP,)),
        (b"<sitemapindex>", (SourceKind.SITEMAP,)),
        (b"<!DOCTYPE html><title>x</title>", ()),
        (b"<html><body>a <rss> b", ()),
        (b"Some words", (SourceKind.FEED,)),
    ],
)
def test_an_answer_is_known_by_its_beginning(body, kinds):
    """Which parsers may read it; a web page is none of a single source."""
    assert kinds_of(body, "") == kinds


def test_an_unknown_address_is_asked_for_what_it_looks_like():
    """Some servers answer with a page or with data, as they are asked."""
    assert asked_as(f"{SITE}/rss.xml") is SourceKind.FEED
    assert asked_as(f"{SITE}/api/v1/news") is SourceKind.API
    assert asked_as(f"{SITE}/news") is SourceKind.LISTING


def test_a_story_says_that_it_is_one():
    """By Open Graph or JSON-LD; prose is counted in long paragraphs only."""
    assert is_article('<meta property="og:type" content="article">')
    assert is_article("<meta content=article property=og:type>")
    assert is_article('<script>{"@type":"NewsArticle"}</script>')
    assert not is_article('<meta property="og:type" content="website">')
    assert prose_in(f"<p>{'word ' * 60}</p><p>short</p><P class=a>{'x' * 200}") == 299 + 200


def test_links_are_keyed_for_comparison():
    """Relative ones are resolved, tracking is dropped."""
    page = '<base href="https://ore.example/n/"><a href="1?utm_source=x">a</a><a href="#b">b</a>'
    assert "https://ore.example/n/1" in links_in(page, SITE)


def test_a_json_interface_is_no_feed():
    """WordPress names its JSON interface as an alternate; JSON Feed was once named so, too."""
    link = '<link rel="alternate" type="application/json" href="{}">'
    assert offers(link.format("/wp-json/wp/v2/pages/2"), SITE) == ()
    assert len(offers(link.format("/feed.json"), SITE)) == 1


@pytest.mark.parametrize("piece", ["<p ", "<p>a</p>", '"@type":', "Sitemap: ", "<a href=x>"])
def test_hostile_pages_cost_little(piece):
    """Two megabytes of one piece take seconds at most."""
    page = piece * (2_000_000 // len(piece))
    started = time.process_time()
    is_article(page), prose_in(page), links_in(page, SITE), sitemaps_in(page.encode(), SITE)
    feed_guesses(SITE, page), kinds_of(page.encode(), "")
    assert time.process_time() - started < 5
