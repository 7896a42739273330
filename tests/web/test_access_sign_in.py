"""Signing in and out over HTTP: guessing, fixation, cookies, sessions, one's own settings."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest

from monitor.model import Role
from monitor.web import passwords
from tests.store.records import NOW
from tests.web.visitor import Visitor
from tests.web.world import served

PASSWORD = "sample horse battery"
ANOTHER = "sample lake of copper"


@pytest.fixture(scope="module")
def sample_hash():
    """The hash of the users' password: making one takes a while."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def site(tmp_path, sample_hash):
    """A desk with an administrator, an analyst and a reader."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        for name, role in (("ada", Role.ADMIN), ("ann", Role.ANALYST), ("ron", Role.READER)):
            here.database.add_user(name, password_hash=sample_hash, role=role, now=NOW)
        yield here


def failed(site, *names, place="127.0.0.1"):
    """Attempts that failed a moment ago; each would take a while over HTTP."""
    for name in names:
        assert site.database.attempt_login(name, place, now=site.now).wait_s == 0


def signed_in(site, name="ann", **headers):
    """A visitor who has signed in already: passwords take a while, on purpose."""
    visitor, token = Visitor(site.url, **headers), passwords.new_token()
    visitor.cookies["monitor_session"] = token
    site.database.sign_in(
        name,
        passwords.key_of(token),
        place="127.0.0.1",
        browser=visitor.headers["User-Agent"],
        now=site.now,
    )
    return visitor


def test_signing_in(site):
    """The right name and password lead to where one wanted to go."""
    visitor = Visitor(site.url)
    token = visitor.token("/login")
    fields = {"name": " Ann ", "password": PASSWORD, "next": "/search?q=ore"}
    found = visitor.post("/login", fields, token=token)
    assert (found.status, found.to) == (303, "/search?q=ore")
    page = visitor.get("/account").text
    assert "your role is analyst" in page
    assert visitor.get("/login?next=/overview").to == "/overview"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "wrong"),
        ("ann", PASSWORD + "\x00"),
        ("ann", "x" * 500_000),
        ("nobody", PASSWORD),
        ("", ""),
        ("ann\x00' OR '1'='1", PASSWORD),
        ("x" * 100_000, PASSWORD),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(site, name, password):
    """It does not say whether there is such a user."""
    found = Visitor(site.url).sign_in(name, password)
    assert found.status == 403
    assert "The name or the password is not right." in found.text
    assert name not in found.text or len(name) < 4


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "evil.example",
        "/login",
        "/logout?x=1",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(site, target):
    """`next` is a path of this site; anything else leads to the inbox."""
    visitor = Visitor(site.url)
    fields = {"name": "ann", "password": PASSWORD, "next": target}
    found = visitor.post("/login", fields, token=visitor.token("/login"))
    assert (found.status, found.to) == (303, "/")
    assert found.headers["Set-Cookie"].startswith("monitor_session=")


def test_a_token_that_was_foisted_on_the_browser_is_worth_nothing(site):
    """Signing in gives a new token: who knew the old one is not signed in (session fixation)."""
    victim, attacker = Visitor(site.url), Visitor(site.url)
    victim.cookies["monitor_session"] = attacker.cookies["monitor_session"] = "known-to-both"
    assert victim.sign_in("ann", PASSWORD).status == 303
    assert victim.cookies["monitor_session"] != "known-to-both"
    assert victim.get("/account").status == 200
    assert attacker.get("/account").to == "/login?next=/account"


def test_signing_in_again_renews_the_token(site):
    """Another user in the same browser: the former one's token opens nothing."""
    visitor, former = signed_in(site), Visitor(site.url)
    former.cookies = dict(visitor.cookies)
    fields = {"name": "ron", "password": PASSWORD, "next": "/"}
    assert visitor.post("/login", fields).status == 303
    assert "your role is reader" in visitor.get("/account").text
    assert former.get("/account").status == 303
    assert len(site.database.logins("ann")) == 0


def test_no_page_of_another_site_can_sign_somebody_in(site):
    """The form for signing in has a token too (login CSRF)."""
    fields = {"name": "ann", "password": PASSWORD}
    assert Visitor(site.url).post("/login", fields, token="").status == 403
    token = Visitor(site.url).token("/login")
    assert Visitor(site.url).post("/login", fields, token=token).status == 403


def test_signing_out(site):
    """The token is worth nothing any more, wherever it was copied to; it takes a form."""
    visitor = signed_in(site)
    copy = Visitor(site.url)
    copy.cookies = dict(visitor.cookies)
    assert visitor.get("/logout").status == 405
    assert visitor.post("/logout", token="wrong").status == 403
    assert visitor.get("/account").status == 200
    assert visitor.post("/logout").to == "/login"
    assert visitor.cookies == {}
    assert copy.get("/account").to == "/login?next=/account"


def test_the_cookie(site):
    """No script reads it, no other site sends it, and the database does not hold it."""
    visitor = Visitor(site.url)
    found = visitor.sign_in("ann", PASSWORD)
    cookie = found.headers["Set-Cookie"]
    assert re.fullmatch(
        r"monitor_session=[\w-]{43}; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax", cookie
    )
    token = visitor.cookies["monitor_session"]
    (login,) = site.database.logins("ann")
    assert login.key == passwords.key_of(token) != token
    assert (login.place, login.browser) == ("127.0.0.1", "Sample/1.0")


def test_by_https_the_cookie_is_for_https_only(tmp_path, sample_hash):
    """`web.https`, or a proxy that is believed: `__Host-` and `Secure`; else not."""
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with served(url, https=True) as site:
        site.database.add_user("ann", password_hash=sample_hash, role=Role.READER, now=NOW)
        visitor = Visitor(site.url)
        assert visitor.sign_in("ann", PASSWORD).status == 303
        assert set(visitor.cookies) == {"__Host-monitor_session"}
        cookie = visitor.get("/login", Cookie=None).headers["Set-Cookie"]
        assert "; Secure" in cookie
        plain = visitor.post("/account", Origin=f"http://{visitor.place}")
        assert plain.status == 403
    with served(url, proxies=("127.0.0.1",)) as site:
        secure = Visitor(site.url).get("/login", X_Forwarded_Proto="https")
        assert secure.headers["Set-Cookie"].startswith("__Host-monitor_session=")
    with served(url) as site:
        plain = Visitor(site.url).get("/login", X_Forwarded_Proto="https")
        assert plain.headers["Set-Cookie"].startswith("monitor_session=")


def test_guessing_one_password_is_slowed_down(site):
    """After five failures one waits, ever longer, with the right password too; then it is taken."""
    visitor = Visitor(site.url)
    token = visitor.token("/login")

    def attempt(password):
        return visitor.post("/login", {"name": "ann", "password": password}, token=token)

    assert [attempt("wrong").status for _ in range(5)] == [403] * 5
    found = attempt(PASSWORD)
    assert (found.status, found.headers["Retry-After"]) == (429, "1")
    assert "Try again in 1 seconds." in found.text
    waits = []
    for _ in range(3):
        site.tick(seconds=int(attempt("wrong").headers["Retry-After"]))
        assert attempt("wrong").status == 403
        waits.append(int(attempt("wrong").headers["Retry-After"]))
    assert waits == [2, 4, 8]
    site.tick(seconds=8)
    assert attempt(PASSWORD).status == 303


def test_many_guesses_at_once_are_slowed_down(site):
    """Trying in parallel gains nothing: five of forty are looked at."""
    visitor = Visitor(site.url)
    token, cookies = visitor.token("/login"), dict(visitor.cookies)

    def attempt(number):
        one = Visitor(site.url)
        one.cookies = dict(cookies)
        return one.post("/login", {"name": "ann", "password": f"guess {number}"}, token=token)

    with ThreadPoolExecutor(8) as pool:
        statuses = [answer.status for answer in pool.map(attempt, range(40))]
    assert sorted(statuses) == [403] * 5 + [429] * 35


def test_trying_many_names_is_slowed_down(site):
    """One place that fails with twenty names waits; nothing that it sends makes it another."""
    visitor = Visitor(site.url)
    token = visitor.token("/login")
    failed(site, *(f"earlier{number}" for number in range(18)))
    statuses = [
        visitor.post(
            "/login",
            {"name": f"name{number}", "password": "guess"},
            token=token,
            X_Forwarded_For=f"203.0.113.{number}",
            X_Real_IP=f"203.0.113.{number}",
        ).status
        for number in range(4)
    ]
    assert statuses == [403] * 2 + [429] * 2


def test_behind_a_proxy_each_browser_waits_for_itself(tmp_path, sample_hash):
    """A believed proxy's last address counts; what the browser put before it does not."""
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with served(url, proxies=("127.0.0.0/8",)) as site:
        site.database.add_user("ann", password_hash=sample_hash, role=Role.READER, now=NOW)
        visitor = Visitor(site.url)
        token = visitor.token("/login")

        def attempt(number, forwarded):
            fields = {"name": f"name{number}", "password": "guess"}
            return visitor.post("/login", fields, token=token, X_Forwarded_For=forwarded).status

        failed(site, *(f"earlier{number}" for number in range(18)), place="203.0.113.1")
        tries = [attempt(n, f"198.51.100.{n}, 203.0.113.1, 127.0.0.9") for n in range(3)]
        assert tries == [403, 403, 429]
        assert attempt(1, "203.0.113.2") == 403


def test_a_restart_does_not_forget_failures(tmp_path, sample_hash):
    """They are in the database."""
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with served(url) as site:
        site.database.add_user("ann", password_hash=sample_hash, role=Role.READER, now=NOW)
        failed(site, *["ann"] * 4)
        assert Visitor(site.url).sign_in("ann", "wrong").status == 403
    with served(url) as site:
        assert Visitor(site.url).sign_in("ann", PASSWORD).status == 429


def test_unknown_names_take_as_long(site):
    """The time of the answer does not tell whether there is such a user."""

    def took(name):
        visitor = Visitor(site.url)
        token = visitor.token("/login")
        began = time.perf_counter()
        fields = {"name": name, "password": "wrong"}
        assert visitor.post("/login", fields, token=token).status == 403
        return time.perf_counter() - began

    took("nobody0")
    # In turn, and the quickest of each: other work on the machine only adds to a time.
    times = [(took("ann"), took(f"nobody{number}")) for number in range(3)]
    known, unknown = map(min, zip(*times, strict=True))
    assert unknown > known / 2


def test_a_sign_in_runs_out(site):
    """A day without a request ends it; so do thirty days with some."""
    idle, busy = signed_in(site), signed_in(site)
    for _ in range(31):
        # A form that changes something comes behind the mark that its page left.
        assert busy.post("/account").status == 303
        site.tick(hours=23)
    assert idle.get("/account").status == 303
    site.tick(hours=9 - 23)
    assert busy.get("/account").status == 200
    site.tick(hours=23)
    assert busy.get("/account").status == 303


def test_another_role_holds_at_once(site):
    """What an administrator takes away is gone with the next request."""
    visitor = signed_in(site, "ada")
    assert visitor.get("/users").status == 200
    site.database.set_role("ann", Role.ADMIN)
    site.database.set_role("ada", Role.READER)
    assert visitor.get("/users").status == 403
    site.database.set_enabled("ada", False, now=site.now)
    assert visitor.get("/users").status == 303


def test_another_password(site):
    """It takes the present one, ends other sign-ins, and the old one opens nothing."""
    visitor, other = signed_in(site), signed_in(site)
    fields = {"password": PASSWORD, "new": ANOTHER, "again": ANOTHER}
    for wrong in (
        {"password": "wrong"},
        {"again": "something else"},
        {"new": "short", "again": "short"},
    ):
        assert visitor.post("/account/password", fields | wrong).status in {400, 403}
    assert other.get("/account").status == 200
    assert visitor.post("/account/password", fields).to == "/account"
    assert visitor.get("/account").status == 200
    assert other.get("/account").status == 303
    assert Visitor(site.url).sign_in("ann", PASSWORD).status == 403
    assert Visitor(site.url).sign_in("ann", ANOTHER).status == 303


def test_guessing_the_present_password_is_slowed_down_too(site):
    """An open browser is no way around the wait."""
    visitor = signed_in(site)
    fields = {"password": "wrong", "new": ANOTHER, "again": ANOTHER}
    failed(site, *["ann"] * 4)
    statuses = [visitor.post("/account/password", fields).status for _ in range(2)]
    assert statuses == [403, 429]


def test_where_one_is_signed_in(site):
    """One sees one's own browsers, ends one or all others, and nobody else's."""
    visitor = signed_in(site, User_Agent="First <b>")
    second, third, stranger = signed_in(site), signed_in(site), signed_in(site, "ron")
    page = visitor.get("/account").text
    assert page.count("Sample/1.0") == 2
    assert "First &lt;b&gt;" in page
    assert "<td>127.0.0.1</td>" in page.replace("<bdi>", "").replace("</bdi>", "")
    foreign = passwords.key_of(stranger.cookies["monitor_session"])
    assert foreign not in page
    visitor.post("/account/logins", {"key": foreign})
    assert stranger.get("/account").status == 200
    visitor.post("/account/logins", {"key": passwords.key_of(second.cookies["monitor_session"])})
    assert (second.get("/account").status, third.get("/account").status) == (303, 200)
    visitor.post("/account/logins", {"others": "1"})
    assert (third.get("/account").status, visitor.get("/account").status) == (303, 200)


def test_a_user_s_language_and_zone(site):
    """They are the user's in every browser, stronger than what that says; the foot sets it too."""
    visitor = signed_in(site)
    visitor.post("/account", {"language": "ru", "zone": "Asia/Almaty"})
    elsewhere = signed_in(site, Accept_Language="zh")
    elsewhere.cookies |= {"zone": "Europe/Berlin", "language": "en"}
    page = elsewhere.get("/account").text
    assert '<html lang="ru">' in page
    assert "Asia/Almaty" in page.partition('class="foot"')[2]
    elsewhere.post("/language", {"code": "zh", "back": "/account"})
    page = visitor.get("/account").text
    assert '<html lang="zh">' in page
    assert "Asia/Almaty" in page.partition('class="foot"')[2]


def test_administrators_manage_users(site):
    """Add, change the role, set a password, sign out, disable and enable; all at once in force."""
    admin = signed_in(site, "ada")

    def change(**fields):
        return admin.post("/users", fields)

    assert change(action="add", name="Eve", role="reader", password=PASSWORD).to == "/users"
    eve = signed_in(site, "eve")
    assert eve.get("/users").status == 403
    assert change(action="role", name="eve", role="admin").status == 303
    assert eve.get("/users").status == 200
    assert change(action="sign-out", name="eve").status == 303
    assert eve.get("/users").status == 303
    assert change(action="password", name="eve", password=ANOTHER).status == 303
    assert change(action="disable", name="eve").status == 303
    assert Visitor(site.url).sign_in("eve", ANOTHER).status == 403
    assert change(action="enable", name="eve").status == 303
    assert Visitor(site.url).sign_in("eve", ANOTHER).status == 303
    assert "eve" in admin.get("/users").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "add", "name": "a b", "role": "reader"}, "is no name for a user"),
        ({"action": "add", "name": "ann", "role": "reader"}, "there is a user of that name"),
        ({"action": "add", "name": "eve", "role": "king"}, "is none of reader, analyst, admin"),
        ({"action": "add", "name": "eve", "role": "reader", "password": "x"}, "is too short"),
        ({"action": "disable", "name": "nobody"}, "there is no such user"),
        ({"action": "disable", "name": "ada"}, "is the last administrator"),
        ({"action": "role", "name": "ada", "role": "reader"}, "is the last administrator"),
        ({"action": "explode", "name": "ann"}, "is no change of a user"),
    ],
)
def test_what_an_administrator_cannot_do(site, fields, words):
    """Each refusal says why, and nothing is changed."""
    found = signed_in(site, "ada").post("/users", {"password": PASSWORD} | fields)
    assert found.status == 400
    assert words in found.text
    assert [user.name for user in site.database.users()] == ["ada", "ann", "ron"]


def test_the_first_account_is_an_administrator_s(tmp_path):
    """At the open desk the first user closes it: from then on everybody signs in."""
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as site:
        visitor = Visitor(site.url)
        fields = {"action": "add", "name": "ann", "password": PASSWORD}
        assert visitor.post("/users", fields | {"role": "analyst"}).status == 400
        assert visitor.get("/users").status == 200
        assert visitor.post("/users", fields | {"role": "admin"}).status == 303
        assert visitor.get("/users").to == "/login?next=/users"
        assert visitor.sign_in("ann", PASSWORD).status == 303
        assert visitor.get("/users").status == 200


def test_an_outdated_hash_is_renewed(site):
    """A password that was hashed with weaker parameters is hashed anew when it is used."""
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    site.database.set_password("ann", weak)
    assert Visitor(site.url).sign_in("ann", PASSWORD).status == 303
    renewed = site.database.attempt_login("ann", "p", now=site.now).password_hash
    assert renewed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(renewed, PASSWORD)


def test_a_password_may_be_composed_in_two_ways():
    """Keyboards write é as one character or as two; it is the same password."""
    assert passwords.matches(passwords.hashed("caf\u00e9 in the mine"), "cafe\u0301 in the mine")
