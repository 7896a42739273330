"""Who the gate lets in: hosts, origins, tokens, sizes; asked over HTTP."""

import select
import socket
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.errors import Unusable
from monitor.model import Role
from monitor.web import passwords
from monitor.web.gate import FORM_BYTES, HEADERS, posted
from tests.store.records import NOW
from tests.web.visitor import Visitor
from tests.web.world import served

#: A password that the desk's users have.
PASSWORD = "sample horse battery"


async def _break(_request):
    raise ZeroDivisionError("secret of the inside")


async def _unusable(_request):
    raise Unusable("cannot be read.", subject="/secret/place")


async def _echo(request):
    form = await posted(request)
    return PlainTextResponse(" ".join(sorted(form)))


ROUTES = (
    Route("/try/break", _break),
    Route("/try/unusable", _unusable),
    Route("/try/echo", _echo, methods=["POST"]),
)


@pytest.fixture(scope="module")
def open_site(tmp_path_factory):
    """A desk without accounts, on loopback."""
    folder = tmp_path_factory.mktemp("open")
    with served(f"sqlite:///{folder}/desk.sqlite", routes=ROUTES, max_upload=2_000_000) as here:
        yield here


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory):
    """A desk with one user, an analyst."""
    folder = tmp_path_factory.mktemp("shared")
    with served(f"sqlite:///{folder}/desk.sqlite", routes=ROUTES, hosts=("desk.example",)) as here:
        here.database.add_user(
            "ann", password_hash=passwords.hashed(PASSWORD), role=Role.ANALYST, now=NOW
        )
        yield here


@pytest.fixture
def visitor(open_site):
    """Somebody at the machine of the open desk."""
    return Visitor(open_site.url)


def test_at_the_open_desk_nobody_signs_in(visitor):
    """Whoever sits at the machine is its one person."""
    found = visitor.get("/account")
    assert found.status == 200
    assert "This desk is open to you" in found.text
    assert visitor.get("/login").to == "/"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example#127.0.0.1",
        "evil.example/127.0.0.1",
        "evil@127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "0.0.0.0",
        "[::2]",
        "[",
        "localhost:port",
        "localhost localhost",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/account", "/static/x/site.css"])
def test_a_strange_host_is_refused(visitor, host, path):
    """A name that an attacker lets lead to our address (DNS rebinding) opens nothing."""
    found = visitor.get(path, Host=host)
    assert found.status == 400
    assert "html" not in found.headers["Content-Type"]
    assert "Set-Cookie" not in found.headers
    assert "evil" not in found.text


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:1", "127.0.0.1", "[::1]:80", "localhost."]
)
def test_loopback_has_several_names(visitor, host):
    """All names of this machine, whatever port a tunnel gives them."""
    assert visitor.get("/account", Host=host).status == 200


def test_names_of_the_site_are_configured(shared_site):
    """`web.hosts` adds names; a port does not matter, another name does."""
    visitor = Visitor(shared_site.url)
    assert visitor.get("/login", Host="desk.example:8443").status == 200
    assert visitor.get("/login", Host="other.example").status == 400


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X_Forwarded_For", "X_Forwarded_Host", "X_Real_IP"]
)
def test_the_open_desk_is_closed_behind_a_proxy(visitor, header):
    """A proxy on this machine would show it to others: that needs accounts."""
    found = visitor.get("/", **{header: "203.0.113.9"})
    assert found.status == 403
    assert "monitor users add NAME --role admin" in found.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://["},
        {"Origin": "file://"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "odd"},
    ],
)
def test_a_form_of_another_site_is_refused(visitor, headers):
    """Even with the right token: where it comes from is looked at first."""
    found = visitor.post("/try/echo", {"a": "1"}, **headers)
    assert found.status == 403
    assert "another site" in found.text


def test_a_form_of_ours_is_taken(visitor):
    """With the site's own origin, or with none as a script sends it."""
    own = f"http://{visitor.place}"
    assert visitor.post("/try/echo", {"a": "1"}).text == "a token"
    for headers in ({"Origin": own}, {"Origin": own, "Sec_Fetch_Site": "same-origin"}):
        assert visitor.post("/try/echo", {"a": "1"}, **headers).status == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "x" * 100_000])
def test_a_form_without_its_token_is_refused(visitor, token):
    """No token, a wrong one, one that is no token."""
    assert visitor.post("/try/echo", {"a": "1"}, token=token).status == 403


def test_a_token_of_another_browser_is_refused(open_site, visitor):
    """The token belongs to the cookie; without the cookie it is worth nothing."""
    stolen = Visitor(open_site.url).token()
    visitor.token()
    assert visitor.post("/try/echo", {"a": "1"}, token=stolen).status == 403
    assert Visitor(open_site.url).post("/try/echo", {"a": "1"}, token=stolen).status == 403


def test_htmx_brings_the_token_in_a_header(visitor):
    """What site.js adds to each request is as good as the field."""
    right = visitor.token()
    for token, status in ((right, 200), ("wrong", 403)):
        found = visitor.post("/try/echo", {"a": "1"}, token="", X_Token=token)
        assert found.status == status


def test_a_file_in_the_token_s_place(visitor):
    """An upload named `token` is no token."""
    body = (
        '--x\r\nContent-Disposition: form-data; name="token"; filename="t"\r\n\r\n'
        f"{visitor.token()}\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    assert visitor.ask("POST", "/try/echo", body, Content_Type=kind).status == 403


def test_a_body_that_is_no_form(visitor):
    """JSON and broken forms are no form of ours, and no fault."""
    for kind in ("application/json", "text/plain", "", "multipart/form-data"):
        found = visitor.ask("POST", "/try/echo", '{"token": 1}', Content_Type=kind)
        assert found.status in {400, 403}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/try/break", "/try/unusable", "/account"])
def test_every_answer_has_the_headers(visitor, path):
    """Pages, errors and faults: the policy of content and the rest stand on each."""
    found = visitor.get(path)
    assert {name: found.headers[name] for name in HEADERS} == HEADERS
    assert found.headers["Cache-Control"] == "no-store"


def test_files_have_the_headers_too(visitor):
    """The site's own files keep for ever, under the same policy."""
    path = visitor.get("/account").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    found = visitor.get(path)
    assert (found.status, found.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert {name: found.headers[name] for name in HEADERS} == HEADERS
    assert "immutable" in found.headers["Cache-Control"]


def test_errors_tell_nothing_of_the_inside(visitor):
    """Neither a fault's words nor where the database is are on the page."""
    broken, unusable = visitor.get("/try/break"), visitor.get("/try/unusable")
    assert (broken.status, unusable.status) == (500, 503)
    assert "secret" not in broken.text + unusable.text
    assert "Traceback" not in broken.text


def test_head_is_get_without_the_text(visitor):
    """Each page answers HEAD."""
    found = visitor.ask("HEAD", "/account")
    assert (found.status, found.text) == (200, "")
    assert int(found.headers["Content-Length"]) > 1000


def test_a_form_that_is_too_large(visitor):
    """A length that is told is refused before anything is read."""
    found = visitor.ask(
        *("POST", "/try/echo", b"a=1"),
        Content_Type="application/x-www-form-urlencoded",
        Content_Length=str(FORM_BYTES + 1),
    )
    assert found.status == 413
    assert "at most 1 000 000 bytes" in found.text


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("application/x-www-form-urlencoded", FORM_BYTES),
        ("multipart/form-data; boundary=x", 2_000_000),
    ],
)
def test_a_stream_without_an_end_is_cut(visitor, kind, most):
    """Without a length it is refused while it is read, as soon as there is too much."""
    token = visitor.token()
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    start = part if "multipart" in kind else b"f="
    host, port = visitor.place.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(
            f"POST /try/echo HTTP/1.1\r\nHost: {visitor.place}\r\nX-Token: {token}\r\n"
            f"Cookie: {cookie}\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
            f"{len(start):x}\r\n".encode()
            + start
            + b"\r\n"
        )
        sent, chunk, answer = 0, b"10000\r\n" + b"a" * 65_536 + b"\r\n", b""
        line.setblocking(False)
        while not answer:
            heard, free, _ = select.select([line], [line], [], 20)
            assert heard or free, "it neither answers nor reads on"
            answer = line.recv(65_536) if heard else b""
            sent += line.send(chunk[sent % len(chunk) :]) if free and not heard else 0
    assert answer.startswith(b"HTTP/1.1 413")
    assert most <= sent < most + 8_000_000


def test_only_who_has_signed_in_may_send_files(shared_site):
    """To a stranger the small limit holds for uploads too."""
    body = b"--x\r\n" + b"a" * (FORM_BYTES + 1)
    found = Visitor(shared_site.url).ask(
        "POST", "/login", body, Content_Type="multipart/form-data; boundary=x"
    )
    assert found.status == 413


def test_with_accounts_everything_asks_to_sign_in(shared_site):
    """On loopback too; a browser is sent to the page for it, and remembers where it was."""
    visitor = Visitor(shared_site.url)
    assert visitor.get("/search?q=ore&x=%2F").to == "/login?next=/search%3Fq%3Dore%26x%3D%252F"
    assert visitor.get("/nowhere").to == "/login?next=/nowhere"
    assert visitor.post("/decide", {"action": "state"}).status == 401
    assert visitor.get("/account", Forwarded="for=1.2.3.4").status == 303


def test_htmx_is_sent_to_sign_in(shared_site):
    """A part of a page would show the form in the wrong place: the whole page goes."""
    visitor = Visitor(shared_site.url, HX_Request="true")
    found = visitor.get("/news", HX_Current_URL=f"{shared_site.url}/search?q=a")
    assert found.status == 401
    assert found.headers["HX-Redirect"] == "/login?next=/search%3Fq%3Da"
    found = visitor.get("/news", HX_Current_URL="http://x//evil.example/")
    assert found.headers["HX-Redirect"] == "/login?next=/"


def test_what_needs_no_sign_in(shared_site):
    """Files, and feeds and spreadsheets with a secret in their address; nothing beside them."""
    visitor = Visitor(shared_site.url)
    style = visitor.get("/login").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert visitor.get(style).status == 200
    for path in ("/views/no-such-token/feed.atom", "/views/no-such-token/stories.csv"):
        found = visitor.get(path)
        assert found.status == 404
        assert "Set-Cookie" not in found.headers
    for path in ("/views", "/views/1", "/views/a/b/feed.atom", "/views/a/feed.atom/x", "/static"):
        assert visitor.get(path).to.startswith("/login?next="), path


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../etc/passwd",
        "/static/x/../../../../etc/passwd",
        "/static/x/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/x/..%5c..%5csite.css",
        "/static/x/%00",
        "//etc/passwd",
        "/static//etc/passwd",
        "/stories/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/%ff/%fe",
    ],
)
def test_no_path_leads_out(visitor, path):
    """However a path is written, it names pages and files of the site or nothing."""
    found = visitor.get(path)
    assert found.status in {400, 404}
    assert "root:" not in found.text


def test_a_language_and_a_zone_for_everybody(visitor):
    """What a browser says decides; what nobody can read is passed over."""
    visitor.cookies["zone"] = "Asia%2FAlmaty"
    assert "the zone Asia/Almaty" in visitor.get("/account").text
    for odd in ("../../etc/passwd", "Mars/Base", "x" * 4000, "%ff%00", "localtime"):
        visitor.cookies["zone"] = odd
        assert "the zone UTC" in visitor.get("/account").text
    for said, code in (
        ("ru", "ru"),
        ("de, zh-TW;q=0.9, en;q=0.3", "zh"),
        ("ru;q=0, en", "en"),
        (";;;,q=x,ru;q=nan", "en"),
        ("x" * 5000, "en"),
    ):
        assert f'<html lang="{code}">' in visitor.get("/account", Accept_Language=said).text


def test_a_choice_at_the_open_desk_stays_in_the_browser(visitor):
    """Language and zone are chosen once, and are stronger than what the browser says."""
    visitor.cookies["zone"] = "Asia/Almaty"
    found = visitor.post("/account", {"language": "zh", "zone": "Europe/Berlin"})
    assert found.to == "/account"
    page = visitor.get("/account", Accept_Language="ru").text
    assert '<html lang="zh">' in page
    assert "Europe/Berlin" in page.partition('class="foot"')[2]
    visitor.post("/account", {"language": "", "zone": ""})
    page = visitor.get("/account", Accept_Language="ru").text
    assert '<html lang="ru">' in page
    assert "Asia/Almaty" in page.partition('class="foot"')[2]
    for fields in ({"language": "xx"}, {"zone": "Mars/Base"}):
        assert visitor.post("/account", fields).status == 400


def test_a_slow_client_is_not_waited_for(open_site, monkeypatch):
    """A connection without a whole request is closed, and holds no place for others."""
    monkeypatch.setattr("monitor.web.server.PATIENCE_S", 0.2)
    place = urlsplit(open_site.url)
    for said in (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A"):
        with socket.create_connection((place.hostname, place.port), timeout=10) as line:
            line.sendall(said)
            assert line.recv(100) == b""


def test_a_slow_form_is_not_waited_for(visitor, monkeypatch):
    """A body of which nothing more comes is answered 408."""
    monkeypatch.setattr("monitor.web.gate.PATIENCE_S", 0.2)
    kind = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": "10"}
    assert visitor.ask("POST", "/account", b"a", **kind).status == 408
