"""The sample web answers as real servers do."""

import http.client
import re
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.demo.content import BUNDLED, load_outlets
from monitor.demo.web import SampleWeb
from monitor.encoding import decoded
from monitor.model import SourceKind
from monitor.parse import parse_document

NOW = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
OUTLETS = load_outlets()
READABLE = [outlet.key for outlet in OUTLETS if not outlet.refuses]
SLOW = next(outlet.key for outlet in OUTLETS if outlet.delay_s)


@pytest.fixture(scope="module")
def running():
    """The sample web, on its first day."""
    web = SampleWeb(now=NOW)
    web.start()
    yield web
    web.stop()


@pytest.fixture
def web(running):
    """The sample web, on its first day again."""
    running.day = 1
    return running


def site(web, key):
    """The site of one outlet."""
    return next(site for site in web.sites if site.outlet.key == key)


def get(url, **headers):
    """Status, headers and body; redirects are followed, errors are answers."""
    wanted = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=wanted)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def titles_read(web, key):
    """Titles (or texts of messages) that our own parser reads at the source of an outlet."""
    source = site(web, key).source()
    _, headers, body = get(source.url)
    document = parse_document(
        source.kind,
        body,
        url=source.url,
        content_type=headers["Content-Type"],
        now=NOW,
        options=dict(source.options),
    )
    return [entry.title for entry in document.entries]


@pytest.mark.parametrize("key", [key for key in READABLE if key != "nedra-channel"])
def test_every_outlet_shows_all_its_articles_of_the_day(web, key):
    """A feed or list has the titles of all articles that stand on that day, and no others."""
    for day in (1, 2):
        web.day = day
        expected = {a.title for a in site(web, key).outlet.articles if a.day <= day}
        assert set(titles_read(web, key)) == expected


def test_the_channel_shows_its_messages_with_the_digest_in_four(web):
    """A digest of four stories and a forward make five entries on the first day."""
    assert len(titles_read(web, "nedra-channel")) == 5


@pytest.mark.parametrize("key", [key for key in READABLE if key not in {"nedra-channel", SLOW}])
def test_every_article_has_a_page_that_says_it_is_a_sample(web, key):
    """The page of each article answers, holds its last paragraph and says what it is."""
    web.day = 2
    here = site(web, key)
    for one in here.shown(2):
        status, headers, body = get(one.link)
        text = decoded(body, headers["Content-Type"])
        assert status == 200
        assert "Sample text" in text
        assert one.paragraphs[-1][-20:].split("&")[0].rstrip("\"'") in text.replace("&quot;", '"')


def test_each_outlet_has_an_address_of_its_own(web):
    """Sites differ by host and port, all of them on loopback, and all are allowed."""
    assert len(set(web.allow_private)) == len(OUTLETS)
    assert all(re.fullmatch(r"127\.\d+\.\d+\.\d+:\d+", one) for one in web.allow_private)


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_a_known_body_is_not_sent_again(web, validator):
    """Each validator alone gets a 304 without a body."""
    url = site(web, "orecast").source().url
    _, headers, _ = get(url)
    asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[validator]
    status, _, body = get(url, **{asked: headers[validator]})
    assert (status, body) == (304, b"")


def test_an_entity_tag_outweighs_a_date(web):
    """With another tag the body comes, whatever the date says (RFC 9110, 13.1.3)."""
    url = site(web, "orecast").source().url
    _, headers, _ = get(url)
    asked = {"If-None-Match": '"other"', "If-Modified-Since": headers["Last-Modified"]}
    assert get(url, **asked)[0] == 200


def test_the_day_changes_what_changed_and_nothing_else(web):
    """On the second day a feed with news is sent anew; one without is still known."""
    for key, status in (("orecast", 200), ("rohstoffbote", 200), ("gaceta-mineral", 304)):
        web.day = 1
        url = site(web, key).source().url
        tag = get(url)[1]["ETag"]
        web.day = 2
        assert get(url, If_None_Match=tag)[0] == status, key


def test_guids_that_churn_differ_from_day_to_day(web):
    """One feed has other guids for the same links on the second day."""
    url = site(web, "evening-lamp").source().url
    first = re.findall(rb"<guid[^>]*>([^<]+)", get(url)[2])
    web.day = 2
    second = re.findall(rb"<guid[^>]*>([^<]+)", get(url)[2])
    assert first
    assert not set(first) & set(second)


def test_one_feed_lies_about_its_encoding(web):
    """Its declaration says UTF-8, and its bytes are no UTF-8."""
    body = get(site(web, "vestnik-stepi").source().url)[2]
    assert b'encoding="UTF-8"' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert "Американцы" in body.decode("windows-1251")


def test_a_moved_feed_and_its_links_redirect(web):
    """The feed's old address and the links in it lead on to the right place."""
    here = site(web, "evening-lamp")
    host, port = here.base.removeprefix("http://").split(":")
    for path, status in (("/rss", 301), (here.shown(1)[0].link.removeprefix(here.base), 302)):
        connection = http.client.HTTPConnection(host, int(port))
        connection.request("GET", path)
        answer = connection.getresponse()
        connection.close()
        assert (answer.status, bool(answer.headers["Location"])) == (status, True)


@pytest.mark.parametrize(("key", "status"), [("metals-premium", 403), ("old-mine-herald", 410)])
def test_one_refuses_and_one_is_gone(web, key, status):
    """Both answer with a page for people, and let robots.txt be read."""
    here = site(web, key)
    assert get(here.source().url)[0] == status
    assert get(f"{here.base}/robots.txt")[0] == 200


def test_unknown_addresses_are_not_found(web):
    """What stands nowhere is a 404, and so is an article before its day."""
    here = site(web, "orecast")
    late = next(one for one in here.shown(2) if one.id == "or-lac")
    assert get(f"{here.base}/nothing")[0] == 404
    assert get(late.url)[0] == 404


def test_a_sleeper_does_not_keep_the_web_from_stopping():
    """Stopping wakes the slow host."""
    web = SampleWeb(now=NOW)
    web.start()
    host, port = site(web, SLOW).base.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("GET", "/gazette.rss")
    started = time.monotonic()
    web.stop()
    connection.close()
    assert time.monotonic() - started < next(o.delay_s for o in OUTLETS if o.key == SLOW)


def test_outlets_differ_by_port_where_loopback_has_one_address(monkeypatch):
    """Where the addresses of our own cannot be had (macOS), the web still runs."""
    monkeypatch.setattr("monitor.demo.web.NETWORK", "203.0.113")
    web = SampleWeb(now=NOW)
    web.start()
    allowed = list(web.allow_private)
    status, _, _ = get(site(web, "orecast").source().url)
    web.stop()
    assert {one.split(":")[0] for one in allowed} == {"127.0.0.1"}
    assert len(set(allowed)) == len(OUTLETS)
    assert status == 200


def test_starting_asks_no_name_server(monkeypatch):
    """No host name is looked up, which would take seconds for each outlet without a network."""
    asked = []
    monkeypatch.setattr("socket.getfqdn", asked.append)
    web = SampleWeb(now=NOW)
    web.start()
    web.stop()
    assert asked == []


def test_the_sample_web_is_as_varied_as_promised():
    """Outlets, languages, dialects and families of pages are as many as the demo says."""
    assert len(OUTLETS) >= 12
    assert {o.language for o in OUTLETS} >= {"en", "ru", "zh", "kk", "de", "es"}
    assert len({o.feed for o in OUTLETS if o.feed}) >= 8
    assert len({o.page for o in OUTLETS if o.page}) >= 6
    assert sum(len(o.articles) for o in OUTLETS) >= 60
    assert {o.kind for o in OUTLETS} == {SourceKind.FEED, SourceKind.LISTING, SourceKind.TELEGRAM}


def test_the_content_is_plain_files():
    """Every outlet is one TOML file beside the program."""
    assert {Path(f"{outlet.key}.toml") for outlet in OUTLETS} == {
        Path(file.name) for file in BUNDLED.glob("*.toml")
    }
