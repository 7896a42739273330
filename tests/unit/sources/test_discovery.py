"""What a page offers to watch."""

import time

import pytest

from monitor.model import SourceKind
from monitor.sources.discovery import is_page, offers

PAGE = "https://ore.example/news/"


def found(page):
    """Addresses that a page offers."""
    return [offer.url for offer in offers(page, PAGE)]


def test_feeds_in_the_head_come_first():
    """`link rel=alternate` is surest; its title is kept, its address made absolute."""
    page = (
        '<html><head><link rel="alternate" type="application/rss+xml" title="Ore &amp; more"'
        ' href="/feed.xml"></head><body><a href="https://ore.example/rss/all">RSS</a></body></html>'
    )
    first, second = offers(page, PAGE)
    assert (first.url, first.title) == ("https://ore.example/feed.xml", "Ore & more")
    assert (second.url, second.title) == ("https://ore.example/rss/all", "RSS")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/rss">News</a>',
        '<a href="/en/feed/">News</a>',
        '<a href="/all.rss">News</a>',
        '<a href="/rss/news.xml">News</a>',
        '<a href="/?feed=rss2">News</a>',
        "<A HREF='/x'>RSS</A>",
        '<a class="icon" href=/x><img src="i.png"> Atom </a>',
        '<a href="/x">Подписаться на RSS</a>',
        '<link rel="Alternate home" type="application/atom+xml; charset=utf-8" href="/x"/>',
        "<link rel=alternate type=application/feed+json href=/x>",
    ],
)
def test_common_links_to_feeds_are_told(link):
    """Feeds are known by their address or by what the link says."""
    assert len(found(f"<html><body>{link}</body></html>")) == 1


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/news/lithium-feedstock">Lithium feedstock</a>',
        '<a href="/feedback">Feedback</a>',
        '<a href="https://feedly.com/i/subscription/feed/https://ore.example/rss">RSS</a>',
        '<link rel="alternate" hreflang="ru" href="/ru/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        '<a href="javascript:rss()">RSS</a>',
        f'<a href="{PAGE}#rss">RSS</a>',
        '<!-- <a href="/rss">RSS</a> -->',
        "<script>var a = '<a href=\"/rss\">RSS</a>'</script>",
        '<a href="https://t.me/share/url?url=x">Share</a>',
    ],
)
def test_other_links_are_no_feeds(link):
    """Neither sharing buttons nor words that look like it are offered."""
    assert found(f"<html><body>{link}</body></html>") == []


def test_the_base_of_a_page_is_honoured():
    """Relative addresses follow `base href`."""
    page = '<base href="https://cdn.example/x/"><a href="rss.xml">RSS</a>'
    assert found(page) == ["https://cdn.example/x/rss.xml"]


def test_a_channel_is_offered_as_one():
    """A link to a Telegram channel is offered by its public page."""
    (offer,) = offers('<a href="https://t.me/orenews">Telegram</a>', PAGE)
    assert (offer.kind, offer.url) == (SourceKind.TELEGRAM, "https://t.me/s/orenews")


def test_each_address_is_offered_once_and_few_in_all():
    """A page with a thousand feeds offers ten."""
    page = "".join(f'<a href="/rss/{n % 500}">RSS</a>' for n in range(1000))
    assert len(found(page)) == len(set(found(page))) == 10


@pytest.mark.parametrize("piece", ["<a ", "<a href='", "<!--", "<script>", "<a x=x>", "<link a="])
def test_hostile_pages_take_linear_time(piece):
    """Two megabytes of one piece are scanned within seconds."""
    started = time.process_time()
    offers(piece * (2_000_000 // len(piece)), PAGE)
    assert time.process_time() - started < 5


def test_pages_are_told_from_other_texts():
    """A web page is known by its first elements."""
    assert is_page("\n<!DOCTYPE HTML><title>x</title>")
    assert is_page("<html lang=en>")
    assert not is_page('{"a": "b"}')
    assert not is_page('<?xml version="1.0"?><rss/>')
