"""What a robots.txt allows us: RFC 9309, and what its public test suites ask of a reader."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.robots import MOST_BYTES, Robots, target_of

US = "ore-reader"


def allows(text, path, token=US):
    """Whether a file allows a path of its site."""
    body = text.encode() if isinstance(text, str) else text
    return Robots.read(body, token).allows(target_of("https://site.example" + path))


def rules(*lines):
    """A file whose rules are for everybody."""
    return "\n".join(("User-agent: *", *lines)) + "\n"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "User-agent: *\n", "Disallow\n", "/\n"]
)
def test_files_that_say_nothing(text):
    """Without a rule everything is allowed."""
    assert allows(text, "/any/thing?at=all")


@pytest.mark.parametrize(
    ("token", "path", "expected"),
    [
        ("lead-reader", "/l/1", True),
        ("lead-reader", "/t/1", False),
        ("tin-reader", "/t/1", True),
        ("tin-reader", "/after-blank/1", True),
        ("tin-reader", "/l/1", False),
        ("zinc-reader", "/z/1", True),
        ("zinc-reader", "/l/1", False),
        ("lead-reader", "/z/1", True),
        ("tin-reader", "/outside/1", False),
        ("lead-reader", "/outside/1", False),
        ("other-reader", "/outside/1", True),
    ],
)
def test_groups(token, path, expected):
    """Groups begin with one or more names, are merged by name; rules outside them are void."""
    text = """
allow: /outside/

user-agent: lead-reader
disallow: /
allow: /l/
user-agent: tin-reader
disallow: /
allow: /t/


allow: /after-blank/
user-agent: zinc-reader

user-agent: lead-reader
allow: /z/
disallow: /
"""
    assert allows(text, path, token) is expected


def test_the_group_for_everybody_is_for_those_without_one():
    """A group that names us replaces the one for everybody, also when it has no rule."""
    text = "User-agent: *\nDisallow: /\nUser-agent: ore-reader\nDisallow:\n"
    assert allows(text, "/x")
    assert not allows(text, "/x", "another")
    assert not allows("User-agent: *\nDisallow: /x\n\nUser-agent: *\nDisallow: /y\n", "/y")
    assert allows("User-agent: another\nDisallow: /\n", "/x")


@pytest.mark.parametrize(
    "name",
    [
        "ore-reader",
        "ORE-Reader",
        "ore-reader/2.1",
        "ore-reader 2",
        "ore-reader # us",
        " ore-reader",
    ],
)
def test_names_of_ours(name):
    """Our name is known in any case, and with what must not follow a product token."""
    assert not allows(f"User-agent: {name}\nDisallow: /\nUser-agent: *\nAllow: /\n", "/x")


@pytest.mark.parametrize("name", ["ore", "ore-reader-images", "reader", "o*", "ore-readers", ""])
def test_names_of_others(name):
    """A name that only resembles ours is another's."""
    assert allows(f"User-agent: {name}\nDisallow: /\n", "/x")


def test_a_token_with_digits():
    """An operator's own name may have digits; it is compared as a whole."""
    assert not allows("User-agent: desk2bot/1\nDisallow: /\n", "/x", "desk2bot")
    assert allows("User-agent: desk3bot\nDisallow: /\n", "/x", "desk2bot")


@pytest.mark.parametrize(
    "text",
    [
        "USER-AGENT: *\nDISALLOW: /x\n",
        "uSeR-aGeNt:*\ndIsAlLoW:/x",
        "  User-agent :\t*\r\n\tDisallow  :  /x  \r\n",
        "User-agent: *\rDisallow: /x\r",
        "User-agent: *\r\n\r\r\nDisallow: /x",
        "user-agent *\ndisallow /x\n",
        "useragent: *\ndissallow: /x\n",
        "user agent: *\ndisalow: /x\n",
        "User-agent: * # everybody\nDisallow: /x # this\n",
        "User-agent: *\nDiasllow: /x\n",
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n",
        b"\xef\xbbUser-agent: *\nDisallow: /x\n",
        b"\xefUser-agent: *\nDisallow: /x\n",
        "Sitemap: https://site.example/s.xml\nUser-agent: *\nDisallow: /x\n",
        "User-agent: *\nSitemap: https://site.example/s.xml\nDisallow: /x\n",
        "User-agent: *\nHost: site.example\nUser-agent: other\nDisallow: /x\n",
        "User-agent: *\nCrawl-delay: 5\nUser-agent: other\nDisallow: /x\n",
    ],
)
def test_ways_of_writing(text):
    """Case, blanks, ends of lines, marks, comments and common slips change nothing."""
    assert not allows(text, "/x/1")
    assert allows(text, "/y")


@pytest.mark.parametrize(
    "text",
    [
        "user-agents: *\ndeny: /\n",
        "User-agent: *\nDisallow /x and more\n",
        "User-agent: *\n# Disallow: /x\n",
        b"\xef\x11\xbfUser-agent: *\nDisallow: /x\n",
        b"User-agent: *\n\xef\xbb\xbfDisallow: /x\n",
        "<!DOCTYPE html>\n<html><body>User-agent: * Disallow: /x</body></html>\n",
    ],
)
def test_ways_of_not_writing(text):
    """What is no rule is none, however near it comes; a web page is no rules."""
    assert allows(text, "/x/1")


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (("Disallow: /x/",), "/x/1", False),
        (("Disallow: /X/",), "/x/1", True),
        (("Disallow: /x/page.html", "Allow: /x/"), "/x/page.html", False),
        (("Allow: /x/page.html", "Disallow: /x/"), "/x/page.html", True),
        (("Allow: /x/page.html", "Disallow: /x/"), "/x/", False),
        (("Disallow:", "Allow:"), "/x", True),
        (("Disallow: /", "Allow: /"), "/x", True),
        (("Disallow: /x", "Allow: /x/"), "/x", False),
        (("Disallow: /x", "Allow: /x/"), "/x/", True),
        (("Disallow: /x/p", "Allow: /x/p"), "/x/p", True),
        (("Allow: /page", "Disallow: /*.html"), "/page.html", False),
        (("Allow: /page", "Disallow: /*.html"), "/page", True),
        (("Allow: /x/page.", "Disallow: /*.html"), "/x/page.html", True),
        (("Allow: /x/page.", "Disallow: /*.html"), "/x/y.html", False),
        (("Allow: /$", "Disallow: /"), "/", True),
        (("Allow: /$", "Disallow: /"), "", True),
        (("Allow: /$", "Disallow: /"), "/page", False),
        (("Allow: /p", "Disallow: /"), "/page", True),
        (("Disallow: /?",), "?a", False),
        (("Disallow: /a",), "/a#fragment", False),
        (("Disallow: /a;b",), "/a;b?c", False),
        (("Disallow: a",), "/a", True),
        (("Disallow: /robots.txt", "Disallow: /"), "/robots.txt", True),
    ],
)
def test_the_longest_rule_counts(lines, path, expected):
    """The rule with most octets counts, on ties the one that allows; an empty one is none."""
    assert allows(rules(*lines), path) is expected


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("/ore", "/ore /ore.html /ore/1 /ores /ore?id=1", "/Ore /tore /?id=ore"),
        ("/ore*", "/ore /ore.html /ore/1 /ores", "/Ore /tore"),
        ("/ore/", "/ore/ /ore/1 /ore/?id=1", "/ore /ore.html /Ore/1"),
        ("/*.php", "/a.php /a/b.php?c /a.php/ /a.php5 //a/b.php.c /i?f=a.php", "/a /php /a.PHP"),
        ("/*.php$", "/a.php /a/b.php", "/a.php?c /a.php/ /a.php5 /aphp"),
        ("/ore*.php", "/ore.php /ores/a.php?c", "/Ore.php /or.php /ore"),
        ("/a/*/c", "/a/b/c /a//c /a/b/d/c1", "/a/c /a/b"),
        ("/a**c", "/ac /abc", "/ab"),
        ("*c", "/abc /c", "/ab"),
        ("*", "/ /a", ""),
        ("/a$", "/a", "/ab /a/ /a?b"),
        ("/a*$", "/a /ab", "/b"),
        ("/*a*b$", "/ab /aab /a-b-b", "/b /aba"),
        ("/a*a$", "/aa /aba", "/a"),
        ("/a$b", "/a$b /a%24b /a$bc", "/a /ab"),
        ("/a%2Ab", "/a*b /a%2Ab /a%2ab", "/axb /ab"),
        ("/a%24", "/a$ /a%24b", "/a"),
        ("/~x", "/~x /%7Ex /%7ex", "/x"),
        ("/%7ex", "/~x /%7Ex", "/x"),
        ("/b%61r", "/bar /b%61r", "/b%6Fr"),
        ("/a%2fb", "/a%2Fb /a%2fb", "/a/b"),
        ("/a/b", "/a/b", "/a%2Fb"),
        ("/a b", "/a%20b", "/ab"),
        ("/ツ", "/ツ /%E3%83%84 /%e3%83%84", "/%E3%83%85"),
        ("/%E3%83%84", "/ツ /%e3%83%84", "/ヅ"),
        ("/руда*ия", "/руда-литий/россия?x /%D1%80%D1%83%D0%B4%D0%B0ия", "/руда"),
        ("/q?u=http://h.x", "/q?u=http://h.x /q?u=http%3A%2F%2Fh.x&b", "/q?u=https://h.x"),
        ("/q?u=http%3a%2f%2fh.x", "/q?u=http://h.x", "/q?u=h.x"),
        ("/q?a=b&c", "/q?a=b&cd", "/q?c&a=b /q%3Fa=b&c"),
        ("/p/", "/x/../p/1 /./p/ /x/%2e%2e/p/1 /../p/", "/p/.. /p/../x /.p/"),
        ("/100%", "/100% /100%x", "/100"),
    ],
)
def test_patterns(pattern, fits, fits_not):
    """Wildcards, and encodings of one address that are the same to everybody."""
    text = rules(f"Disallow: {pattern}")
    assert [path for path in fits.split() if allows(text, path)] == []
    assert [path for path in fits_not.split() if not allows(text, path)] == []


def test_bytes_that_are_no_utf8():
    """Octets of another charset are compared as octets."""
    text = b"User-agent: *\nDisallow: /caf\xe9\n"
    assert not allows(text, "/caf%E9")
    assert allows(text, "/café")


def test_half_a_megabyte_is_read():
    """Rules within 500 KiB count, later ones and the one that is cut off do not."""
    padding = b"#" * (MOST_BYTES - 40) + b"\n"
    text = b"User-agent: *\nDisallow: /in\n" + padding + b"Disallow: /out\n"
    assert not allows(text, "/in")
    assert allows(text, "/out")
    cut = b"User-agent: *\n" + b"#" * (MOST_BYTES - 30) + b"\nDisallow: /private\n"
    assert allows(cut, "/pub")
    assert allows(b"User-agent: *" + b" " * MOST_BYTES, "/x")


@pytest.mark.parametrize(
    ("lines", "delay_s"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\ncrawl-delay 3", 3),
        ("User-agent: *\nDisallow: /x\nCrawl-delay: 4", 4),
        ("User-agent: ore-reader\nCrawl-delay: 1\nUser-agent: *\nCrawl-delay: 9", 1),
        ("User-agent: ore-reader\nCrawl-delay: 1\n\nUser-agent: ore-reader\nCrawl-delay: 2", 2),
        ("User-agent: other\nCrawl-delay: 9", 0),
        ("Crawl-delay: 9", 0),
        ("User-agent: *\nCrawl-delay: 86400", 60),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
    ],
)
def test_crawl_delay(lines, delay_s):
    """The delay of the group that binds us counts, up to a minute."""
    assert Robots.read(lines.encode(), US).crawl_delay_s == delay_s


@given(st.binary(max_size=400))
def test_anything_can_be_read(body):
    """No bytes at all make a file that cannot be read or asked."""
    body = b"User-agent: *\nDisallow: " + body
    assert Robots.read(body, US).allows("/robots.txt")
    Robots.read(body, US).allows(target_of("http://h.example/a?b"))


@given(st.text(alphabet="/ab*$", max_size=12), st.text(alphabet="/ab", max_size=16))
def test_a_plain_matcher_agrees(pattern, path):
    """What is decided fast is what trying every way of filling the wildcards decides."""

    def fits(parts, text):
        if not parts or parts == "$":
            return not (parts and text)
        if parts[0] == "*":
            return any(fits(parts[1:], text[at:]) for at in range(len(text) + 1))
        return text.startswith(parts[0]) and fits(parts[1:], text[1:])

    expected = not fits("/" + pattern, "/" + path)
    assert allows(rules(f"Disallow: /{pattern}"), "/" + path) is expected


def test_many_rules_are_asked_quickly():
    """Of 20,000 rules only those are looked at whose beginning fits."""
    lines = [f"Disallow: /{n}*a*a*b$" for n in range(20_000)]
    robots = Robots.read(rules(*lines).encode(), US)
    target = target_of("https://site.example/" + "news/a/" * 280)
    assert robots.is_quick(target)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        assert robots.allows(target)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.005


def test_rules_that_all_fit_at_first_are_no_work_for_the_loop():
    """Where every one of 20,000 rules must be tried, it is said beforehand."""
    lines = [f"Disallow: /*{n}*a*b$" for n in range(20_000)]
    robots = Robots.read(rules(*lines).encode(), US)
    assert not robots.is_quick(target_of("https://site.example/" + "news/a/" * 280))
