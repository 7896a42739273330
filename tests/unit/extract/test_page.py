"""Facts about articles extracted from pages."""

import json

import pytest

from tests.unit.extract.pages import (
    CHINESE,
    ENGLISH,
    GERMAN,
    KAZAKH,
    RUSSIAN,
    SPANISH,
    extract,
    page,
)


def ld(**fields):
    """A JSON-LD block that describes an article."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("language", "paragraphs"),
    [
        ("en", ENGLISH),
        ("ru", RUSSIAN),
        ("kk", KAZAKH),
        ("zh-CN", CHINESE),
        ("de", GERMAN),
        ("es", SPANISH),
    ],
)
def test_text_is_the_paragraphs_and_nothing_else(language, paragraphs):
    """Menu, headline, related links and footer stay out, in every language of the sources."""
    found = extract(page(paragraphs=paragraphs, lang=language))
    assert found.text.split("\n") == list(paragraphs)
    assert found.language == language
    assert found.flags == ()


def test_title_is_shown_without_the_outlet():
    """A heading within the title is the title; the outlet's name is its decoration."""
    found = extract(page(head='<meta property="og:site_name" content="Sample Outlet">'))
    assert found.title == "Sample Ridge lifts tungsten forecast"
    assert found.site == "Sample Outlet"


def test_title_loses_the_name_of_the_host_without_a_heading():
    """Where the page has no heading the host tells which piece of the title is the outlet."""
    markup = "<title>Mine opens - Sample Outlet</title><p>" + " ".join(ENGLISH)
    assert extract(markup).title == "Mine opens"


def test_entities_in_json_are_read():
    """Templates escape text for HTML before they write it into JSON-LD."""
    markup = f"<html><head>{ld(headline='Tin &amp; lead &#8211; up')}</head><body><p>x</p></body>"
    assert extract(markup).title == "Tin & lead – up"


def test_canonical_link_is_resolved_against_the_base():
    """A relative canonical link is relative to `base`, as a browser reads it."""
    head = '<base href="https://cdn.sample-outlet.test/a/"><link rel="canonical" href="story?p=1">'
    found = extract(page(head=head))
    assert found.canonical_url == "https://cdn.sample-outlet.test/a/story?p=1"


def test_canonical_link_is_resolved_against_the_address():
    """Without `base` it is relative to the page's own address."""
    found = extract(page(head='<link rel="nofollow Canonical" href="/news/1">'))
    assert found.canonical_url == "https://www.sample-outlet.test/news/1"


def test_hostile_canonical_link_is_dropped():
    """A canonical address that is no web address is none."""
    assert extract(page(head='<link rel=canonical href="javascript:alert(1)">')).canonical_url == ""


@pytest.mark.parametrize(
    ("mark", "language"),
    [
        ('<html lang="ru_RU">', "ru-RU"),
        ('<html xml:lang="kk">', "kk"),
        ('<html><head><meta http-equiv="Content-Language" content="de">', "de"),
        ('<html><head><meta property="og:locale" content="es_MX">', "es-MX"),
        ('<html lang="not a tag!">', ""),
    ],
)
def test_language_is_what_the_page_claims(mark, language):
    """The attribute, the header in a meta element, then Open Graph; nonsense is dropped."""
    assert extract(mark + "<body><p>" + " ".join(ENGLISH)).language == language


@pytest.mark.parametrize(
    ("head", "shown", "authors"),
    [
        (ld(author={"@type": "Person", "name": "Ann Sample"}), "", ("Ann Sample",)),
        (
            ld(author=[{"name": "Ann Sample"}, {"name": "By Bo Sample"}]),
            "",
            ("Ann Sample", "Bo Sample"),
        ),
        (
            '<meta name="author" content="Ann Sample and Bo Sample">',
            "",
            ("Ann Sample", "Bo Sample"),
        ),
        ("", '<span class="byline">By Ann Sample | Staff writer</span>', ("Ann Sample",)),
        ("", '<div class="author"><b>By</b><p>Ann Sample</p><p>May 2</p></div>', ("Ann Sample",)),
        ("", '<a rel="author" href="/p/1">Иван Примеров</a>', ("Иван Примеров",)),
        ("", '<span class="post-author">记者:张样本</span>', ("张样本",)),
        (
            ld(author={"@type": "Organization", "name": "Sample Outlet"}),
            '<p class="author-name">Von Ann Sample</p>',
            ("Ann Sample",),
        ),
        (ld(author="Sample Outlet", publisher={"name": "Sample Outlet"}), "", ("Sample Outlet",)),
        ("", '<span class="author">share this story with your friends</span>', ()),
    ],
)
def test_authors(head, shown, authors):
    """Persons, as stated or as shown; the house itself only where nobody is named."""
    assert extract(page(head=head, shown=shown)).authors == authors


def test_repeated_article_is_told_once():
    """A second rendering of the same paragraphs, for small screens, is dropped."""
    twice = page(paragraphs=(*ENGLISH, *ENGLISH))
    assert extract(twice).text.split("\n") == list(ENGLISH)


def test_short_lines_may_repeat():
    """A refrain that is no second rendering stays."""
    refrain = (ENGLISH[0], "Not yet, he said.", ENGLISH[1], "Not yet, he said.", ENGLISH[2])
    assert extract(page(paragraphs=refrain)).text.split("\n") == list(refrain)


@pytest.mark.parametrize(
    "line",
    [
        "Also read: Lithium price falls again",
        "Read more: Lithium price falls again",
        "Читайте также: Цена лития снова упала",
        "Lesen Sie auch: Lithiumpreis fällt wieder",
        "Lea también: el precio del litio cae",
        "相关阅读:锂价再次下跌",
    ],
)
def test_links_to_other_stories_are_no_text(line):
    """A line that only points to another story would lend its metals to this one."""
    found = extract(page(paragraphs=(*ENGLISH[:2], line, *ENGLISH[2:])))
    assert found.text.split("\n") == list(ENGLISH)


def test_stated_body_fills_an_empty_shell():
    """A page that scripts fill has its text in JSON-LD."""
    body = "\n".join(ENGLISH)
    found = extract(
        f"<html><head>{ld(articleBody=body)}</head><body><div id=app></div></body></html>"
    )
    assert found.text == body


def test_bytes_decide_where_the_encoding_is_a_lie():
    """Header and document both lie; the bytes decide."""
    markup = page(paragraphs=RUSSIAN, lang="ru", head='<meta charset="utf-8">')
    found = extract(
        markup.encode("cp1251", "replace"), content_type="text/html; charset=iso-8859-1"
    )
    assert RUSSIAN[1] in found.text


def test_address_of_the_page_may_be_missing():
    """A page without an address is read all the same."""
    assert extract(page(), url="").title == "Sample Ridge lifts tungsten forecast"
