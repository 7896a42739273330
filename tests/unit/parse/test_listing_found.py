"""Facts about lists that are found on a page."""

import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import html

from monitor.errors import Permanent
from monitor.parse.listing.layouts import LEAST_SCORE, propose
from monitor.parse.listing.reader import parse_listing

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://www.example.org/news/"
HERE = Path(__file__).parent
#: Each marks its stories by `data-story`, with the day where it tells one.
PAGES = sorted((HERE / "listings").glob("*.html"))
ARTICLE = (HERE / "pages" / "article.html").read_text("utf-8")
RELATED = (
    '<div class="more"><h4>Latest news</h4>'
    + "".join(
        f'<div class="more-story"><a href="/2026/11/1{n}/story-of-metal-number-{n}">'
        f"The story of metal number {n}</a><span>1{n} Nov 2026</span></div>"
        for n in range(4)
    )
    + "</div>"
)


def read(body, **options):
    """The listing of a page."""
    body = body if isinstance(body, bytes) else body.encode()
    return parse_listing(body, url=URL, content_type="", now=NOW, options=options)


def stories(body):
    """Address and day of the stories that a page marks."""
    root = html.fromstring(body.decode())
    bases = [element.get("href") for element in root.iter("base")]
    marked = [link for link in root.iter("a") if link.get("data-story") is not None]
    return {urljoin((*bases, URL)[0], link.get("href")): link.get("data-story") for link in marked}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_found_are_the_stories_and_nothing_else(page):
    """On pages of many makes every story is found, with its day, and no navigation."""
    found = read(page.read_bytes()).entries
    days = {one.url: f"{one.published_at:%F}" if one.published_at else "" for one in found}
    assert days == stories(page.read_bytes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_headlines_are_read_whole(page):
    """A headline is no date, no "Read more", and not cut."""
    titles = [one.title for one in read(page.read_bytes()).entries]
    assert not [title for title in titles if len(title) < 10 or "..." in title or "2026" in title]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_proposals_can_be_given_as_options(page):
    """The selectors of a proposal find what it says, and the best ones the stories."""
    proposals = propose(page.read_bytes(), url=URL, content_type="", now=NOW)
    for proposal in proposals:
        found = read(page.read_bytes(), **proposal.options).entries
        dated = sum(one.published_at is not None for one in found)
        assert (found[:5], len(found), dated) == (proposal.samples, proposal.items, proposal.dated)
        assert 0 <= proposal.score <= 1
    best = {one.url for one in read(page.read_bytes(), **proposals[0].options).entries}
    assert best <= set(stories(page.read_bytes()))


def test_selectors_last():
    """Selectors name what will be there tomorrow: no hashed class."""
    for page in PAGES:
        for proposal in propose(page.read_bytes(), url=URL, content_type="", now=NOW):
            assert "css-" not in str(proposal.options)
            assert "__Q2w3E" not in str(proposal.options)


def test_reasons_have_figures():
    """A proposal says what speaks for it."""
    body = (HERE / "listings" / "ul.html").read_bytes()
    best = propose(body, url=URL, content_type="", now=NOW)[0]
    assert best.options == {
        "item": ".press-list__item",
        "link": "a",
        "date": ".press-list__date",
    }
    assert best.reasons == (
        "15 items",
        "15 with a date",
        "8 words a headline",
        "100 % like addresses of stories",
        "not in navigation",
    )


def test_margins_rank_behind():
    """What is most read is proposed too, below what counts as a list of stories."""
    body = (HERE / "listings" / "cards.html").read_bytes()
    margin = propose(body, url=URL, content_type="", now=NOW)[1]
    assert margin.score < LEAST_SCORE
    assert 'in a margin ("related", "most read", a sidebar)' in margin.reasons


def test_an_article_has_no_list():
    """Menus, tags, breadcrumbs, social links and links in the text are no stories."""
    with pytest.raises(Permanent, match="no list of stories is found on this page"):
        read(ARTICLE)


def test_latest_news_beside_an_article():
    """The latest news below an article are stories; what is around it is not."""
    found = read(ARTICLE.replace("RELATED", RELATED)).entries
    assert [one.title[-1] for one in found] == ["0", "1", "2", "3"]


def test_without_repeated_blocks_headlines_are_taken():
    """A page of few unlike links with headlines is read link by link, and says so."""
    page = (
        '<h2><a href="/2026/tin-mine-opens-in-spring">A tin mine opens in spring</a></h2>'
        '<div><p><a href="/2026/zinc-smelter-to-close">The zinc smelter is to close</a></p></div>'
        '<a href="/about-us">About us and what we do</a>'
    )
    found = read(page)
    assert [one.title for one in found.entries] == [
        "A tin mine opens in spring",
        "The zinc smelter is to close",
    ]
    assert found.problems == (
        "no repeated blocks of stories: every link of 4 words is taken for one",
    )


def test_match_and_skip():
    """Addresses must hold a word of `match` and none of `skip`."""
    body = (HERE / "listings" / "ul.html").read_bytes()
    assert len(read(body, match="tin antimony").entries) == 2
    assert len(read(body, skip="tin,antimony").entries) == 13
    assert read(body, match="helium").problems == ("match and skip leave none of 15 items",)


def test_options_correct_what_is_found():
    """A selector that is given holds for the list that is found."""
    page = (HERE / "listings" / "cards.html").read_bytes()
    assert {one.title for one in read(page, title=".card__cat").entries} == {"Metals"}


HOSTILE = {
    "links": "<ul>" + '<li><a href="/n/1">Words of a long headline</a> 2026-11-20</li>' * 30_000,
    "stories": "<ul>"
    + "".join(
        f"<li><a href=/n/{n}>Words of headline {n}</a> 2026-11-20</li>" for n in range(30_000)
    ),
    "deep": ("<div>" * 240 + "<a href=/n/1>Words of a long headline</a>" + "</div>" * 240) * 700,
    "unclosed": "<div><a href=/x>Words of a long headline" * 40_000,
    "attributes": f'<p class="{"a b " * 3000}" id="{"x" * 9000}"><a href=/1>Words of a line</a>'
    * 90,
    "paragraphs": "<p>" * 600_000,
    "cells": "<table><tr>" + "<td><a href=/n>Words of a long headline</a>" * 40_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_bounded(name):
    """Two megabytes of links, depth or attributes take seconds at most."""
    started = time.process_time()
    propose(HOSTILE[name].encode(), url=URL, content_type="", now=NOW)
    assert time.process_time() - started < 8
