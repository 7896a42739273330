"""Facts about listings."""

from datetime import UTC, datetime

import pytest

from monitor.errors import Permanent
from monitor.parse.listing.reader import parse_listing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = """<html lang="ru"><head><title>Новости</title></head><body>
<nav><a href="/about">О нас и о нашей работе</a></nav>
<ul><li class=n><a href="/1"><h3>Вольфрам подорожал на рынке</h3></a><p>Кратко <b>так</b></p>
<span class=d>22 ноября 2026</span></li>
<li class=n><a href="/2?utm_source=x">Олово и цинк снова дешевеют</a>
<time datetime="2026-11-21T10:00:00Z">вчера</time></li>
<li class=n><a href="/2">Олово и цинк снова дешевеют</a></li></ul>
<a href="/more">Ещё</a><a href="/zh">中国钨矿出口管制最新消息</a></body></html>"""


def read(page=PAGE, **options):
    """The listing that `options` find in `page`."""
    return parse_listing(
        page.encode(), url="https://e.org/news", content_type="", now=NOW, options=options
    )


def test_selectors_css():
    """CSS selectors give link, title, date and summary of each item, each address once."""
    found = read(item="li.n", link="a", title="h3", date=".d, time", summary="p")
    first, second = found.entries
    assert (found.title, found.language) == ("Новости", "ru")
    assert (first.url, first.title) == ("https://e.org/1", "Вольфрам подорожал на рынке")
    assert (first.summary, first.published_at) == ("Кратко так", datetime(2026, 11, 22, tzinfo=UTC))
    assert second.published_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert second.title == "Олово и цинк снова дешевеют"


def test_selectors_xpath():
    """XPath works for the item and within it, down to attributes."""
    found = read(item="//li[@class='n']", link=".//a/@href", title=".//a")
    assert [entry.url for entry in found.entries] == [
        "https://e.org/1",
        "https://e.org/2?utm_source=x",
    ]


def test_item_may_be_an_address():
    """An item selector that gives addresses is enough."""
    assert read(item="li.n a::attr(href)").entries[0].url == "https://e.org/1"


def test_defaults_find_the_list():
    """Without options the list is found; navigation and links beside it are not in it."""
    urls = [entry.url for entry in read().entries]
    assert urls == ["https://e.org/1", "https://e.org/2?utm_source=x"]


def test_titles_without_selector():
    """A cut headline is read whole from its label, and a date at its end is left out."""
    whole = "A mine of tungsten opens in spring"
    page = f'<li><a href=/1 title="{whole}">A mine of tungs...</a><li><a href=/2>{whole} <i>[2026-11-20]</i></a>'
    assert [entry.title for entry in read(page, item="li").entries] == [whole, whole]


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"item": "div.gone"}, r"item=div\.gone finds nothing; the layout may have changed"),
        ({"item": "li[", "link": "a"}, "not valid"),
        ({"item": "//li[", "link": "a"}, "not valid"),
        ({"item": "li", "link": "em"}, "finds no address"),
    ],
)
def test_selectors_that_fail(options, cause):
    """A selector that finds nothing or is not valid is said by name."""
    with pytest.raises(Permanent, match=cause):
        read(**options)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"\x00", b"words", b"<p>" * 100_000])
def test_no_listing(body):
    """What lists nothing is refused."""
    with pytest.raises(Permanent):
        parse_listing(body, url="https://e.org/", content_type="", now=NOW, options={})


def test_the_headline_of_a_block_is_its_story():
    """Of several links in a block the headline is taken, not the picture or the category."""
    block = (
        '<div class=n><a href="/pic"><img src=x></a><a href="/metals">Metals</a>'
        '<a href="/9">Antimony mine opens again</a></div>'
    )
    (entry,) = read(f"<html><body>{block}</body></html>", item=".n").entries
    assert (entry.url, entry.title) == ("https://e.org/9", "Antimony mine opens again")
