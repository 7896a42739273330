"""Bot walls, logins and consent pages are named as what they are, and news about them passes."""

import asyncio
import gzip
import time

import pytest

from monitor.model import Outcome, SourceKind
from spiders.walls import LOOK, door, is_web_page, wall
from tests.spiders.helpers import fetch, page, source
from tests.spiders.server import HOSTS, answer, web

#: Written for these tests, after what each wall is known by.
CHALLENGES = {
    "Cloudflare": b"<script>(function(){window._cf_chl_opt={cvId:'3'}}())</script>",
    "Akamai": b'<script src="/_sec/cp_challenge/ak.js"></script>',
    "DataDome": b'<iframe src="https://geo.captcha-delivery.com/captcha/?a=1"></iframe>',
    "PerimeterX": b'<div id="px-captcha"></div>',
    "Imperva": b'<iframe src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=1"></iframe>',
    "Qrator": b'<script src="/__qrator/qauth.js"></script>',
    "DDoS-Guard": b'<script src="https://check.ddos-guard.net/check.js"></script>',
    "Anubis": b'<script id="anubis_challenge" type="application/json">{}</script>',
    "Sucuri": b"<script>var sucuri_cloudproxy_js='';</script>",
    "AWS WAF": b"<script>window.gokuProps = {};</script>",
    "Alibaba Cloud": b"<script>document.cookie='acw_sc__v2=1';</script>",
}
REFUSALS = {
    "Cloudflare": (b'<div id="cf-error-details">', {}),
    "Akamai": (b"Reference #18.1 https://errors.edgesuite.net/18.1", {}),
    "DataDome": (b"", {"X-DataDome": "protected"}),
    "Imperva": (b"Request unsuccessful. Incapsula incident ID: 1", {}),
    "Qrator": (b"", {"Server": "QRATOR"}),
    "DDoS-Guard": (b"", {"Server": "ddos-guard"}),
    "Sucuri": (b"", {"Server": "Sucuri/Cloudproxy"}),
    "Kasada": (b"", {"x-kpsdk-ct": "1"}),
}
#: A feed whose items tell of walls, in words and in markup.
NEWS = (
    b'<?xml version="1.0"?><rss><channel><title>Just a moment...</title><item><title>captcha'
    b"</title><description><![CDATA["
    + b"".join(CHALLENGES.values())
    + b"]]></description></item></channel></rss>"
)


def html(markup, title=b"Ore Weekly"):
    """A page with this markup."""
    return b"<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>" % (
        title,
        markup,
    )


def polled_all(routes, kind=SourceKind.FEED):
    """What polling sources with these answers brings, in their order."""

    async def use():
        async with web() as site:
            site.routes.update({f"/{n}": route for n, route in enumerate(routes)})
            listed = [source(n, site.url(f"/{n}"), kind=kind) for n in range(len(routes))]
            return sorted(await fetch(listed), key=lambda one: one.source_id)

    return asyncio.run(use())


def polled(route, kind=SourceKind.FEED):
    """What polling a source with this answer brings."""
    (got,) = polled_all([route], kind)
    return got


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.LISTING])
@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "503 Busy"])
def test_challenges(kind, status):
    """A challenge is a wall with its maker's name, whatever its status says."""
    got = polled_all([answer(html(markup), status) for markup in CHALLENGES.values()], kind)
    assert {(one.outcome, one.body) for one in got} == {(Outcome.BLOCKED, b"")}
    assert [one.cause for one in got] == [
        f"HTTP {status[:3]}: a bot wall ({maker}) keeps us out; ask the publisher for access"
        for maker in CHALLENGES
    ]


def test_refusals():
    """A refusal names whose wall it came from."""
    got = polled_all(
        [answer(html(body), "403 No", **headers) for body, headers in REFUSALS.values()]
    )
    assert {one.outcome for one in got} == {Outcome.BLOCKED}
    assert [one.cause.partition("(")[2].partition(")")[0] for one in got] == list(REFUSALS)


@pytest.mark.parametrize(
    ("body", "status", "kind", "outcome"),
    [
        (None, "200 OK", SourceKind.FEED, Outcome.OK),
        (None, "500 Oops", SourceKind.FEED, Outcome.FAILED),
        (b"", "200 OK", SourceKind.LISTING, Outcome.OK),
    ],
)
def test_answers_that_passed_a_wall(body, status, kind, outcome):
    """The marks of a refusal on an answer that is none say nothing."""
    routes = [
        answer(NEWS if body is None else html(marks), status, **headers)
        for marks, headers in REFUSALS.values()
    ]
    assert {one.outcome for one in polled_all(routes, kind)} == {outcome}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (b"Just a moment...", "Cloudflare"),
        (b" Making sure you&#39;re\nnot a bot! ", "Anubis"),
        (b"Robot Check", "of an unknown maker"),
    ],
)
def test_titles_of_walls(title, words):
    """A page where a feed should be is a wall by its title alone."""
    assert words in polled(answer(html(b"", title))).cause


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        ("401 No", Outcome.BLOCKED, "login"),
        ("402 Pay", Outcome.BLOCKED, "payment"),
        ("403 No", Outcome.BLOCKED, "refuses automated readers"),
        ("451 No", Outcome.BLOCKED, "legal"),
        ("429 Slow", Outcome.FAILED, "fewer requests"),
        ("511 Login", Outcome.FAILED, "network that we are in"),
    ],
)
def test_refusals_without_a_wall(status, outcome, words):
    """A refusal without any mark says no more than its status does."""
    got = polled(answer(html(b"no"), status, Server="cloudflare"))
    assert got.outcome is outcome
    assert words in got.cause


def test_a_challenge_that_is_packed():
    """A wall is known through compression too, and by its header alone."""
    body = gzip.compress(html(CHALLENGES["Anubis"]))
    assert "Anubis" in polled(answer(body, Content_Encoding="gzip")).cause
    assert "Cloudflare" in polled(answer(b"", "403 No", cf_mitigated="challenge")).cause


def test_news_about_walls():
    """No feed is judged by the words or the markup of its items, no page by its text."""
    assert polled(answer(NEWS)).outcome is Outcome.OK
    assert polled(answer(NEWS, Content_Type="text/html")).outcome is Outcome.OK
    quoted = b"<p>They set window._cf_chl_opt and acw_sc__v2, then sucuri_cloudproxy_js.</p>"
    title = b"Verify you are human"
    assert polled(answer(html(quoted, title)), SourceKind.LISTING).outcome is Outcome.OK
    long = html(CHALLENGES["Anubis"] + b"<p>ore</p>" * LOOK)
    assert polled(answer(long), SourceKind.LISTING).outcome is Outcome.OK


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.LISTING])
@pytest.mark.parametrize(
    ("to", "words"), [("/login?next=/feed", "a login"), ("/consent?done=/feed", "a consent page")]
)
def test_redirects_to_a_door(kind, to, words):
    """A source that leads to a login or a consent page is blocked, and has no new home there."""

    async def use():
        async with web() as site:
            site.routes["/feed"] = answer(b"", "301 Go", Location=to)
            site.routes[to] = answer(html(b"Who are you?"))
            pages = [page(1, site.url("/feed"))]
            return await fetch([source(1, site.url("/feed"), kind=kind)], pages)

    for got in asyncio.run(use()):
        assert (got.outcome, got.moved_to, got.retryable) == (Outcome.BLOCKED, "", False)
        assert words in got.cause


def test_a_door_that_robots_forbids():
    """A login that may not be fetched is named as one all the same."""

    async def use():
        async with web() as site:
            to = site.url("/login", HOSTS[1])
            site.routes["/feed"] = answer(b"", "302 Go", Location=to)
            site.routes[HOSTS[1], "/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")
            return await fetch([source(1, site.url("/feed"))])

    (got,) = asyncio.run(use())
    assert (got.outcome, "a login" in got.cause) == (Outcome.BLOCKED, True)


def test_no_door():
    """What merely passes a door's address and comes back with what was asked for is no door."""

    async def use():
        async with web() as site:
            site.routes["/feed"] = answer(b"", "302 Go", Location="/sso")
            site.routes["/sso"] = answer(b"", "302 Go", Location="/feed.xml")
            site.routes["/feed.xml"] = site.routes["/auth/login"] = answer(NEWS)
            site.routes["/to-data"] = answer(b"", "302 Go", Location="/auth/login")
            site.routes["/login/a"] = answer(b"", "301 Go", Location="/login/b")
            site.routes["/login/b"] = answer(html(b"News of a town named Login"))
            paths = ("/feed", "/to-data", "/login/a")
            return await fetch([source(n, site.url(path)) for n, path in enumerate(paths)])

    assert [got.outcome for got in asyncio.run(use())] == [Outcome.OK] * 3


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://consent.google.com/m?continue=https://news.google.com/rss", "consent"),
        ("https://consent.yahoo.com/v2/collectConsent?sessionId=1", "consent"),
        ("https://guce.yahoo.com/consent?brandType=nonEu", "consent"),
        ("https://paper.example/consent?to=/", "consent"),
        ("https://accounts.google.com/v3/signin/identifier", "login"),
        ("https://login.microsoftonline.com/common/oauth2/authorize", "login"),
        ("https://desk.okta.com/app/1", "login"),
        ("https://paper.example/wp-login.php?redirect_to=%2F", "login"),
        ("https://paper.example/users/sign_in", "login"),
        ("https://paper.example/news/login-data-of-miners-stolen", ""),
        ("https://paper.example/2026/indigenous-consent-for-mine", ""),
        ("https://authority.example/feed", ""),
        ("https://blogin.example/", ""),
    ],
)
def test_doors(url, kind):
    """Doors are known by whole steps of a path and by names of hosts."""
    assert door(url) == kind


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"\xef\xbb\xbf \n<!DOCTYPE html>", True),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml">', True),
        (b"<HTML>", True),
        (b'<?xml version="1.0"?><rss>', False),
        (b"<feed>", False),
        (b'{"html": "<html>"}', False),
        (b"", False),
    ],
)
def test_web_pages(start, expected):
    """HTML is known by how it begins."""
    assert is_web_page(start) is expected


@pytest.mark.parametrize(
    "piece", [b"<", b"<script", b"<!--", b"<title", b"<title>", b"<script></script>", b"<a>"]
)
def test_hostile_pages_take_no_time(piece):
    """However a page is made, looking at it stays within some milliseconds."""
    body = b"<html>" + piece * (LOOK // len(piece))
    began = time.perf_counter()
    assert wall(403, {}, body[:LOOK], is_data_wanted=True) == ""
    assert time.perf_counter() - began < 0.1
