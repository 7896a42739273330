"""
Hostile sources beside healthy ones, crawled by the command itself.

Each bad source fails alone, with a cause in words, or gives its good items; the healthy
ones finish; time and memory stay bounded. Servers, processes and databases are real.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest

from monitor.errors import BadInput
from monitor.store import open_database
from tests.cli.desk import run
from tests.end_to_end.loopback import serving
from tests.spiders.server import answer

#: Bytes that a crawl of all this may take: the command, or one of its workers.
MEMORY_LIMIT = 900 * 1024**2
#: A crawl that is not done by then hangs.
PATIENCE_S = 100

RSS = {"Content_Type": "application/rss+xml"}


def item(number, extra=""):
    """One good item."""
    return (
        f"<item><title>Ore {number}</title><link>https://x.example/{number}</link>"
        f"<guid>g{number}</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
        f"<description>Tungsten {number}{extra}</description></item>"
    )


def short(number):
    """The shortest item that is one."""
    return f"<item><title>Ore {number}</title><guid>{number}</guid></item>"


def rss(*items, doctype=""):
    """A feed."""
    text = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>Ores</title>'
    return f"{text}{''.join(items)}</channel></rss>".encode()


def feed(*items, doctype=""):
    """The answer that carries a feed."""
    return answer(rss(*items, doctype=doctype), **RSS)


def around(bad):
    """A feed with a bad item between two good ones."""
    return feed(item(1), bad, item(2))


def entity_bomb():
    """Ten to the eleventh "ha", if it were expanded."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return feed(item(1), item(2, "&e11;"), doctype=f'<!DOCTYPE r [<!ENTITY e0 "ha">{names}]>')


def gzip_bomb():
    """A gigabyte of spaces in a megabyte: a hundred members."""
    return answer(gzip.compress(b" " * 10_000_000) * 100, Content_Encoding="gzip", **RSS)


def endless():
    """A hundred megabytes that no header announces."""
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + rss(item(1)) + b" " * 100_000_000


def redirect(target):
    """An answer that sends elsewhere."""
    return answer(status="302 Found", Location=target)


OFFERING = (
    b"<!doctype html><html><head><title>News</title>"
    b'<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>x</body></html>'
)
MANY = " ".join(f"a{number}='x'" for number in range(16_000))
DEEP = f"<item><title>Deep</title><guid>d</guid><description>{'<b>' * 50_000}</description></item>"
BIDI = "<item><title>\u202eevil\u202c \u2066ore\u2069</title><guid>b</guid></item>"
YEAR = (
    "<item><title>Far</title><guid>y</guid><pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate></item>"
)
HEALTHY = feed(item(1), item(2), item(3))

#: Name -> (answer, or a function that makes it; words of the cause or entries that are kept).
BAD = {
    "HTML page": (answer(OFFERING, Content_Type="text/html"), "HTML page, not a feed (it offers:"),
    "empty body": (answer(b""), "empty body"),
    "large, announced": (lambda: answer(b" " * 100_000_000), "body larger than 10 MB"),
    "large, unannounced": (endless, "body larger than 10 MB"),
    "gzip bomb": (gzip_bomb, "body larger than 10 MB"),
    "broken gzip": (
        answer(gzip.compress(rss(item(1)))[:-20], Content_Encoding="gzip"),
        "compressed body is broken",
    ),
    "entity bomb": (entity_bomb, 2),
    "surrogate": (around("<item><title>&#xD800;</title><guid>s</guid></item>"), 3),
    "attributes": (around(f"<item {MANY}><title>Many</title><guid>m</guid></item>"), 3),
    "deep": (around(DEEP), 3),
    "circle": (lambda: redirect("/feed"), "redirects go round in a circle"),
    "private redirect": (redirect("http://127.250.0.1/"), "is private; allow it with"),
    "file redirect": (redirect("file:///etc/passwd"), "not a valid http or https address"),
    "entries": (lambda: feed(*(short(number) for number in range(500))), 500),
    "NULs": (answer(rss(item(1), item(2, "\0\0")) + b"\0" * 9, **RSS), 2),
    "bidi controls": (around(BIDI), 3),
    "year 9999": (around(YEAR), 3),
    "JSON surrogate": (
        answer(
            b'{"version": "https://jsonfeed.org/version/1.1", "language": "e\\ud800n", "items": ['
            b'{"id": "\\ud800", "title": "T \\ud800", "date_published": "\\ud800\\u0000"},'
            b'{"id": "2", "title": "Ore", "language": "\\u0000"}]}'
        ),
        2,
    ),
    "JSON nest": (answer(b"[" * 1_000_000), "neither XML nor valid JSON"),
    "torn": (answer(rss(item(1), item(2))[:-40], **RSS), 2),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.9\r\n", "not valid HTTP"),
    "silent": (b"", "the site closed the connection"),
}


@dataclass
class Ran:
    """How the command ended."""

    status: int
    out: str
    err: str
    seconds: float
    peak: int
    records: list[dict] = field(default_factory=list)


# The peak of a process begins with what its parent held when it was started (Linux: exec(2)
# keeps ru_maxrss), so a small process starts the command, not the tests themselves.
LAUNCHER = """
import pathlib, resource, subprocess, sys
status = subprocess.run(sys.argv[2:], check=False).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(status)
"""


def monitor(folder, *arguments, **environ):
    """Run the command in a folder; its time and its peak memory."""
    settings = {
        "MONITOR_DATABASE__URL": f"sqlite:///{folder}/monitor.sqlite",
        "MONITOR_FETCH__ALLOW_PRIVATE": '["127.0.0.0/16"]',
        "MONITOR_FETCH__PAGES": "false",
        "MONITOR_FETCH__HOST_GAP": "0",
        "MONITOR_FETCH__TIMEOUT": "20",
    }
    started = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        done = subprocess.run(
            [sys.executable, "-c", LAUNCHER, "peak", sys.executable, "-m", "monitor", *arguments],
            cwd=folder,
            env=os.environ | settings | environ,
            stdout=out,
            stderr=err,
            check=False,
        )
    said = [(folder / name).read_text() for name in ("out", "err")]
    seconds = time.monotonic() - started
    ran = Ran(done.returncode, *said, seconds, int((folder / "peak").read_text()) * 1024)
    if said[0].startswith("{"):
        ran.records = [json.loads(line) for line in said[0].splitlines()]
    return ran


def watch(folder, addresses):
    """Import sources of these names and addresses."""
    with (folder / "sources.csv").open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["name", "url", "kind"])
        rows.writerows((name, url, "feed") for name, url in addresses.items())
    done = monitor(folder, "sources", "import", "sources.csv")
    assert done.status == 0, done.err


@dataclass
class Ended:
    """How the polls of one source ended."""

    url: str
    outcome: str
    seen: int
    cause: str


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """One crawl of all bad sources between healthy ones: how it and each source ended."""
    folder = tmp_path_factory.mktemp("hostile")
    routes = {"healthy first": HEALTHY, **{name: made for name, (made, _) in BAD.items()}}
    routes["healthy last"] = HEALTHY
    with serving(routes) as addresses:
        watch(folder, addresses)
        ran = monitor(folder, "crawl", "--all", "--json")
    database = open_database(f"sqlite:///{folder}/monitor.sqlite")
    ended = {}
    for source in database.sources():
        (poll,) = database.polls(source.id, limit=2)
        ended[source.name] = Ended(source.url, poll.outcome.value, poll.seen, poll.cause)
    database.close()
    return ran, ended, folder


def test_one_line_and_no_traceback(crawled):
    """The command says what failed, one line each, and exits 1."""
    ran, ended, _ = crawled
    (summary,) = ran.records
    failing = {name for name, (_, expected) in BAD.items() if isinstance(expected, str)}
    assert {failure["source"] for failure in summary["failures"]} == failing
    assert (ran.status, summary["sources"]["polled"]) == (1, len(ended))
    assert "Traceback" not in ran.out + ran.err
    assert all("\n" not in failure["cause"] for failure in summary["failures"])


@pytest.mark.parametrize("name", BAD)
def test_each_fails_alone_or_keeps_its_good_items(crawled, name):
    """A clear cause on that source, or all its good items."""
    poll, expected = crawled[1][name], BAD[name][1]
    if isinstance(expected, str):
        assert expected in poll.cause
        assert poll.outcome in {"failed", "refused"}
    else:
        assert (poll.outcome, poll.seen) == ("ok", expected)


def test_what_a_page_offers_is_named_with_its_address(crawled):
    """A page instead of a feed: its own feed is offered, as an address to use."""
    page = crawled[1]["HTML page"]
    assert f"{page.url.removesuffix('/feed')}/rss.xml" in page.cause


@pytest.mark.parametrize("name", ["healthy first", "healthy last"])
def test_others_finish(crawled, name):
    """Healthy sources before and after the bad ones bring all their items."""
    assert (crawled[1][name].outcome, crawled[1][name].seen) == ("ok", 3)


def test_time_and_memory_are_bounded(crawled):
    """The crawl ends soon, and neither it nor a worker takes the machine's memory."""
    ran = crawled[0]
    assert ran.seconds < PATIENCE_S
    assert ran.peak < MEMORY_LIMIT


def test_nothing_hostile_is_shown(crawled):
    """Titles hold no control or bidi characters, and no impossible dates."""
    shown = monitor(crawled[2], "export", "--of", "articles", "--all", "--format", "jsonl")
    titles = {record["title"] for record in shown.records}
    assert {"evil ore", "Far", "Many", "T"} <= titles
    assert not any(ord(c) < 32 or "\u202a" <= c <= "\u2069" for title in titles for c in title)
    assert not any((record["published_at"] or "").startswith("9999") for record in shown.records)


@pytest.mark.parametrize(
    "given", ["htp:/x", "no address", "http://", "http://[::1", "javascript:alert(1)", "."]
)
def test_bad_addresses_are_refused_at_once(tmp_path, given):
    """A bad URL, a file or a folder is refused with what is wrong, before any request."""
    with pytest.raises(BadInput) as caught:
        run(f"sqlite:///{tmp_path}/monitor.sqlite", "sources", "add", given)
    assert given in str(caught.value)
    assert caught.value.exit_code == 2
