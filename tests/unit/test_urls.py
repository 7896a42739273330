"""Facts about addresses and their keys."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import BadInput
from monitor.urls import MAX_KEY, absolute, canonical_key, checked, host, is_opaque

HOSTS = st.sampled_from(["example.org", "МИНЕРАЛ.рф", "a.b:8443", "[::1]", "x:80", "u:p@h.io", ""])
ADDRESSES = st.builds(
    lambda scheme, name, rest: f"{scheme}://{name}{rest}",
    st.sampled_from(["http", "HTTPS", "ftp", "javascript"]),
    HOSTS,
    st.text(alphabet="/.?&=#!;%aA1~ é矿utm_sid+jsessionid", max_size=60),
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a/./b/../c", "https://example.org/a/c"),
        ("http://example.org:8080/", "https://example.org:8080/"),
        ("https://müller.example/ü", "https://xn--mller-kva.example/%C3%BC"),
        ("https://e.org/?utm_source=x&b=2&FBCLID=q&a=1", "https://e.org/?a=1&b=2"),
        ("https://e.org/?p=3478", "https://e.org/?p=3478"),
        ("https://e.org/a;jsessionid=77?x=1#part", "https://e.org/a?x=1"),
        ("https://e.org/#!/news/5", "https://e.org/#!/news/5"),
        ("https://e.org/%7euser/%2f", "https://e.org/~user/%2F"),
        ("https://e.org/?a=2&a=1", "https://e.org/?a=2&a=1"),
        ("https://e.org./x", "https://e.org/x"),
    ],
)
def test_key_forms(url, key):
    """One page has one key, whatever way of writing or arriving."""
    assert canonical_key(url) == key


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.c", "ftp://e.org/", "/a", "https://", "http://[bad", "http://h:99999/"]
)
def test_what_has_no_key(url):
    """What is not http(s) has neither key nor host."""
    assert canonical_key(url) == ""
    assert host(url) == ""


@given(st.one_of(st.text(), ADDRESSES))
def test_key_is_idempotent(url):
    """The key of a key is itself, for any text."""
    key = canonical_key(url)
    assert canonical_key(key) == key


@given(st.one_of(st.text(), ADDRESSES), st.one_of(st.text(), ADDRESSES))
def test_absolute_never_raises(base, link):
    """Any two texts resolve to an http(s) address with a host, or to nothing."""
    found = absolute(base, link)
    assert found == "" or (host(found) and canonical_key(found))


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("/a", "https://e.org/a"),
        ("b c", "https://e.org/n/b%20c"),
        ("//cdn.org/x", "https://cdn.org/x"),
        ("javascript:alert(1)", ""),
        ("https://good.org@evil.org/", ""),
        ("https:\\\\evil.org\\x", ""),
        ("https://e.org/\u202egnp.exe", ""),
        ("https://e.org/" + "a" * 9000, ""),
    ],
)
def test_absolute_links(link, found):
    """Links resolve against the page; hostile ones are dropped."""
    assert absolute("https://e.org/n/", link) == found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org/feed", "https://example.org/feed"),
        ("  <http://e.org/x>  ", "http://e.org/x"),
        ("feed://e.org/rss", "https://e.org/rss"),
        ("feed:https://e.org/rss", "https://e.org/rss"),
        ("localhost:8000/f.xml", "https://localhost:8000/f.xml"),
        ("//e.org/f", "https://e.org/f"),
    ],
)
def test_checked_understands(typed, meant):
    """A missing or feed scheme becomes https; the rest stays as typed."""
    assert checked(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "feeds.opml", "/home/me/feed.xml", "C:\\feeds", "~/x", "./x", "..", "file:///x", "tungsten",
     "ftp://e.org/x", "https://u:p@e.org/", "two words.org"],
)  # fmt: skip
def test_checked_refuses_with_advice(typed):
    """Files, folders, other schemes and words are refused with advice."""
    with pytest.raises(BadInput) as caught:
        checked(typed)
    assert caught.value.advice


@given(st.text())
def test_checked_raises_nothing_else(typed):
    """Whatever is typed gives an http(s) address or BadInput."""
    with contextlib.suppress(BadInput):
        assert canonical_key(checked(typed))


def test_keys_are_bounded():
    """A long address has a short key, stable, and apart from its neighbours'."""
    one, other = (canonical_key(f"https://ores.example/{'é' * 900}{end}") for end in "ab")
    assert len(one) <= MAX_KEY
    assert one != other
    assert canonical_key(one) == one


def test_opaque_addresses():
    """Links of Google News lead nowhere that is known; those of outlets do."""
    assert is_opaque("https://news.google.com/rss/articles/CBMiABC?oc=5")
    assert not is_opaque("https://www.google.com/url?q=https://ores.example/1")
    assert not is_opaque("https://ores.example/news.google.com")
    assert not is_opaque("")
