"""What templates make of values: times, numbers, names, and the texts and links of strangers."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Role
from monitor.web import filters
from monitor.web.desk import Reader

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

#: What strangers use to break out: tags, attributes, entities, controls, turned direction.
NASTY = st.one_of(
    st.text(),
    st.text(alphabet="<>\"'&;/= \x00\x1b\x7f\x9b\u061c\u200b\u202e\u2066\u2069\ufeff\U000e0041ab"),
    st.sampled_from(
        ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</bdi><svg/onload=x>", "&lt;b&gt;"]
    ),
)  # fmt: skip

HIDDEN = set(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff"
)


def shown(template, language="en", zone="UTC", **values):
    """A template rendered for a reader."""
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.filters.update(filters.FILTERS)
    reader = Reader(name="ann", role=Role.ANALYST, language=language, zone=zone)
    return made.from_string(template).render(reader=reader, now=NOW, **values)


def words(html):
    """The text between tags."""
    return unescape(re.sub(r"<[^>]*>", "", html))


# ---- texts and links of strangers


@given(text=NASTY)
def test_no_text_brings_a_tag_or_leaves_its_direction(text):
    """Of a stranger's text there is only text: one `<bdi>`, no other tag, no control or bidi sign."""
    html = str(filters.clean(text))
    assert html.startswith("<bdi>")
    assert html.endswith("</bdi>")
    inner = html.removeprefix("<bdi>").removesuffix("</bdi>")
    assert not set(inner) & set("<>\"'")
    said = unescape(inner)
    assert not set(said) & HIDDEN
    assert not [c for c in said if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n"]
    said.encode("utf-8")


@given(text=NASTY)
def test_a_text_in_an_attribute_stays_in_it(text):
    """`flat` keeps to the attribute that the template puts it in."""
    html = shown('<a title="{{ text | flat }}">x</a>', text=text)
    assert re.fullmatch(r'<a title="[^"<>]*">x</a>', html, re.DOTALL)


@given(text=st.text(min_size=1, max_size=60), most=st.integers(1, 20))
def test_no_text_is_longer_than_asked(text, most):
    """What is cut ends in an ellipsis and has at most so many characters."""
    said = filters.flat(text, most)
    assert len(said) <= most
    assert said.endswith("…") or len(text) <= most or most == 0


def test_a_megabyte_is_cut():
    """A title of a megabyte is shown by its beginning."""
    assert len(words(filters.clean("W" * 1_000_000))) == filters.MOST


def test_marks_are_not_heaped_upon_a_letter():
    """Of a heap of combining marks three stay; letters of languages that need two keep them."""
    assert filters.flat("Z" + "\u0351" * 40 + "algo") == "Z\u0351\u0351\u0351algo"
    assert filters.flat("Vie\u0323\u0302t") == "Vie\u0323\u0302t"


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("t" + "\u0e49" * 200, 9),
        ("a" + "\u0f3e\u0f3f" * 90, 9),
        ("\U0001f9d1" + "\u200d\U0001f680" * 60, 19),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 7),
        ("\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66", 7),
    ],
)
def test_no_sign_is_wider_than_a_page(text, most):
    """What browsers never break is cut in every script; letters and families of people are whole."""
    assert len(filters.flat(text)) == most


def test_a_text_says_its_language_when_it_is_one():
    """The tag chooses letters and voice; what is no tag is left out."""
    assert filters.clean("鉱山", lang="ja") == '<bdi lang="ja">鉱山</bdi>'
    assert filters.clean("x", lang='en" onclick="') == "<bdi>x</bdi>"
    assert filters.clean("x", lang="") == "<bdi>x</bdi>"


@given(
    url=st.one_of(st.text(), NASTY.map("javascript:{}".format), st.text().map("http://{}".format))
)
def test_a_link_leads_to_the_web_or_nowhere(url):
    """What may stand in a link begins with http:// or https:// and names a host; else it is empty."""
    safe = filters.link(url)
    if safe:
        assert re.match(r"https?://[^/\\\s]", safe, re.IGNORECASE)
        assert urlsplit(safe).hostname


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
        "\x01javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd",
        "//other.example/x", "/inside", "http:/\\other.example", "http://", "https:///x", "http://[", "",
        "javascript://other.example/%0aalert(1)", "view-source:http://a.example", "blob:http://a.example/1",
        "http://known.example@other.example/", "http://a:b@other.example", "http://\u202emoc.nwonk.example/",
    ],
)  # fmt: skip
def test_other_schemes_make_no_link(url):
    """Addresses that run, read or stay here are no links, however they are spelled."""
    assert filters.link(url) == ""


@pytest.mark.parametrize(
    "url", ["http://a.example", "HTTPS://a.example/x?y=1#z", "https://пример.рф/новость"]
)
def test_addresses_of_the_web_stay_as_they_are(url):
    """An ordinary address is a link."""
    assert filters.link(url) == url


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://News.example/x", "news.example"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://пример.рф/", "пример.рф"),
        ("https://xn--e1afmkfd.xn--p1ai/", "пример.рф"),
        ("https://例え.テスト/", "例え.テスト"),
        ("https://\u0430pple.example/", "xn--pple-43d.example"),
        ("https://xn--pple-43d.example/", "xn--pple-43d.example"),
        ("https://münchen.example/", "xn--mnchen-3ya.example"),
        ("nonsense", ""),
        ("http://[", ""),
    ],
)
def test_a_host_is_told_in_letters_that_cannot_pass_for_others(url, told):
    """A host of one script is told as it is written; a mix with Latin letters as browsers send it."""
    assert filters.host(url) == told


# ---- times


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("en", "UTC", "2 Mar 06:30"),
        ("en", "Asia/Almaty", "2 Mar 11:30"),
        ("ru", "Europe/Moscow", "2 мар. 09:30"),
        ("zh", "Asia/Shanghai", "3月2日 14:30"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_and_language(language, zone, told):
    """The text is local; the attribute and the title hold the exact moment."""
    html = shown("{{ at | when }}", language, zone, at=datetime(2026, 3, 2, 6, 30, tzinfo=UTC))
    assert words(html) == told
    assert 'datetime="2026-03-02T06:30:00+00:00"' in html


def test_another_year_is_told():
    """A moment of another year has its year, by the reader's calendar."""
    at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert words(shown("{{ at | when }}", at=at)) == "31 Dec 2025 23:30"
    assert words(shown("{{ at | when }}", zone="Asia/Almaty", at=at)) == "1 Jan 04:30"


@pytest.mark.parametrize(
    ("back", "language", "told"),
    [
        (timedelta(seconds=20), "en", "just now"),
        (timedelta(hours=3), "en", "3h ago"),
        (timedelta(hours=3), "ru", "3 ч назад"),
        (timedelta(hours=3), "zh", "3小时前"),
        (timedelta(minutes=-20), "en", "in 20m"),
        (timedelta(days=20), "en", "10 Feb 09:00"),
    ],
)
def test_a_recent_moment_is_told_by_how_long_ago_it_was(back, language, told):
    """Days back are counted; what is older, or further ahead, has its date; the title is exact."""
    html = shown("{{ at | ago }}", language, at=NOW - back)
    assert words(html) == told
    assert f'title="{NOW - back:%Y-%m-%d %H:%M:%S} UTC"' in html


def test_no_moment_is_nothing():
    """Where there is no moment there is no text."""
    assert shown("{{ at | when }}{{ at | ago }}{{ at | day }}", at=None) == ""


# ---- numbers and names


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "1,234,567.8 87%"), ("ru", "1\xa0234\xa0567,8 87\xa0%"), ("zh", "1,234,567.8 87%")],
)
def test_numbers_have_the_readers_separators(language, told):
    """Figures are written as the reader's language does."""
    assert shown("{{ 1234567.8 | number }} {{ 0.873 | percent }}", language) == told


@pytest.mark.parametrize(
    ("code", "english", "russian"),
    [("kk", "Kazakh", "казахский"), ("zh", "Chinese", "китайский"), ("xx", "xx", "xx"), ("", "", ""),
     ("../etc", "../etc", "../etc"), ("zh-Hant", "Chinese (Traditional)", "китайский (традиционная)")],
)  # fmt: skip
def test_a_language_has_its_name(code, english, russian):
    """A code is told as the reader calls the language; what is none stays as it is."""
    assert shown("{{ code | language_name }}", code=code) == english
    assert shown("{{ code | language_name }}", "ru", code=code) == russian


@pytest.mark.parametrize(
    ("code", "told"), [("KZ", "Казахстан"), ("EU", "Европейский союз"), ("??", "??")]
)
def test_a_country_has_its_name(code, told):
    """A code is told as the reader calls the country; what is none stays as it is."""
    assert shown("{{ code | country_name }}", "ru", code=code) == told


def test_a_concept_is_told_in_words():
    """Concepts of the taxonomy have spaces for a person."""
    assert shown("{{ 'rare_earths' | concept }}") == "rare earths"
