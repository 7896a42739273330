"""Real processes, asked from outside: `monitor serve`, `monitor run` and `monitor demo --serve`."""

import re
import signal
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from monitor.model import Role
from monitor.store import open_database
from monitor.web import passwords
from tests.end_to_end.daemons import free_port
from tests.web.visitor import Visitor
from tests.web.world import sample_stories
from tests.world import program

PASSWORD = "sample horse battery"


@contextmanager
def running(folder, url, *words, sign="The review site is at|review site at", **environ):
    """A process of the program that serves a site; its address and itself."""
    process = subprocess.Popen(
        program.command(url, *words),
        cwd=folder,
        env=program.environment(folder, **environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if re.search(sign, line):
                yield re.search(r"http://\S+", line)[0], process
                break
        else:
            raise AssertionError(f"it serves nothing:\n{''.join(said)}")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process, number=signal.SIGINT):
    """Ask a process to end; its status and what it said."""
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def with_users(url):
    """A database with stories and two users."""
    database = open_database(url)
    sample_stories(database)
    made = passwords.hashed(PASSWORD)
    for name, role in (("ada", Role.ADMIN), ("ron", Role.READER)):
        database.add_user(name, password_hash=made, role=role, now=datetime.now(UTC))
    database.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where a real `monitor serve` listens at all addresses, with accounts."""
    folder = tmp_path_factory.mktemp("serve")
    url = f"sqlite:///{folder}/desk.sqlite"
    with_users(url)
    environ = {"MONITOR_WEB__HOSTS": '["desk.example"]'}
    words = ("serve", "--host", "0.0.0.0", "--port", "0")
    with running(folder, url, *words, **environ) as (address, _):
        yield address.replace("0.0.0.0", "127.0.0.1")


def test_signing_in_from_outside(place):
    """The whole way: sent to sign in, wrong password, right one, a decision, out again."""
    visitor = Visitor(place)
    assert visitor.get("/account").to == "/login?next=/account"
    assert visitor.sign_in("ada", "wrong").status == 403
    assert visitor.sign_in("ada", PASSWORD).to == "/account"
    fields = {"choice": "1:0", "action": "star", "value": "1", "back": "/account"}
    assert visitor.post("/decide", fields, Origin=place).status in {200, 303, 409}
    assert visitor.post("/logout", Origin=place).to == "/login"
    assert visitor.get("/account").to == "/login?next=/account"


def test_attacks_from_outside(place):
    """A strange host, a form of another site, a foisted token, a reader who decides."""
    visitor = Visitor(place)
    assert visitor.get("/login", Host="desk.example").status == 200
    assert visitor.get("/login", Host="evil.example").status == 400
    token = visitor.token("/login")
    fields = {"name": "ron", "password": PASSWORD}
    assert visitor.post("/login", fields, token=token, Origin="https://evil.example").status == 403
    visitor.cookies["monitor_session"] = "foisted"
    assert visitor.sign_in("ron", PASSWORD).status == 303
    assert visitor.cookies["monitor_session"] != "foisted"
    found = visitor.post("/decide", {"choice": "1:0", "action": "state", "value": "kept"})
    assert found.status == 403
    assert visitor.get("/users").status == 403
    assert visitor.get("/static/../../../../etc/passwd").status == 404


def test_the_status_pages_need_no_sign_in(place):
    """Whoever watches the machine is answered, under whatever name it asks."""
    visitor = Visitor(place)
    for path in ("/healthz", "/readyz", "/metrics"):
        found = visitor.get(path, Host="probe.example")
        assert (found.status, found.headers["Set-Cookie"]) == (200, None)
    assert '"ready":true' in visitor.get("/readyz").text


def test_a_gigabyte_is_refused_while_it_comes(place):
    """The answer is there after the headers; nobody waits for the rest."""
    visitor = Visitor(place)
    kind = {"Content_Type": "multipart/form-data; boundary=x", "Content_Length": "1000000000"}
    assert visitor.ask("POST", "/login", b"--x\r\n", **kind).status == 413
    assert visitor.sign_in("ron", PASSWORD).status == 303
    assert visitor.ask("POST", "/exchange/import", b"--x\r\n", **kind).status == 413


@pytest.mark.parametrize("words", [("serve", "--host", "0.0.0.0"), ("run",)])
def test_without_accounts_nothing_is_shown_to_others(tmp_path, words):
    """Anywhere but on loopback it ends with 2 and one line that says what to do."""
    environ = {"MONITOR_WEB__HOST": "0.0.0.0", "MONITOR_WEB__PORT": str(free_port())}
    done = program.run(
        f"sqlite:///{tmp_path}/desk.sqlite", *words, folder=tmp_path, environ=environ
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "monitor: web.host 0.0.0.0: others could reach the review site, and nobody has an "
        "account yet. Add one: monitor users add NAME --role admin"
    )


def test_behind_a_proxy_accounts_are_needed_on_loopback_too(tmp_path):
    """Who names a proxy means others; the refusal names the settings."""
    done = program.run(
        f"sqlite:///{tmp_path}/desk.sqlite",
        *("serve", "--port", "0"),
        folder=tmp_path,
        environ={"MONITOR_WEB__PROXIES": '["127.0.0.1"]'},
    )
    assert done.returncode == 2
    assert "web.https, web.proxies: others could reach the review site" in done.stderr


@pytest.mark.parametrize(
    ("key", "value"), [("HOSTS", '["https://desk.example"]'), ("PROXIES", '["proxy"]')]
)
def test_a_setting_that_cannot_be_read(tmp_path, key, value):
    """It is named before anything is served."""
    done = program.run(
        f"sqlite:///{tmp_path}/desk.sqlite",
        *("serve", "--port", "0"),
        folder=tmp_path,
        environ={f"MONITOR_WEB__{key}": value},
    )
    assert done.returncode == 2
    assert f"web.{key.lower()}: " in done.stderr.splitlines()[-1]


def test_the_first_account_closes_a_site_that_runs(tmp_path):
    """`monitor users add` needs no restart: from then on everybody signs in."""
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with running(tmp_path, url, "serve", "--port", "0") as (address, process):
        visitor = Visitor(address)
        assert visitor.get("/account").status == 200
        with_users(url)
        assert visitor.get("/account").status == 303
        assert visitor.sign_in("ada", PASSWORD).status == 303
        status, said = ended(process)
    assert status == 0
    assert "Traceback" not in said


def test_run_and_serve_on_one_database(database_url, tmp_path):
    """Both serve the whole site and keep cards; who is signed in at one is so at the other."""
    with_users(database_url)
    daemon = running(tmp_path, database_url, "run", MONITOR_WEB__PORT=str(free_port()))
    with (
        daemon as (first, run),
        running(tmp_path, database_url, "serve", "--port", "0") as (second, serve),
    ):
        one, other = Visitor(first), Visitor(second)
        assert one.sign_in("ada", PASSWORD).status == 303
        other.cookies = dict(one.cookies)
        assert other.get("/account").status == 200
        assert other.post("/account", {"language": "ru"}).status == 303
        assert '<html lang="ru">' in one.get("/account").text
        assert one.get("/readyz").status == 200
        assert ended(serve, signal.SIGTERM)[0] == 0
        assert one.post("/logout").to == "/login"
        status, said = ended(run, signal.SIGTERM)
    assert status == 0
    assert "Traceback" not in said


def test_the_demo_is_served(tmp_path):
    """Both days of the sample web, then the site on it, on loopback, until Ctrl-C."""
    words = ("demo", "--serve", "--port", "0")
    with running(tmp_path, f"sqlite:///{tmp_path}/own.sqlite", *words) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        visitor = Visitor(address)
        assert "This desk is open to you" in visitor.get("/account").text
        assert visitor.get("/stories/1").status == 200
        assert ended(process)[0] == 0
    assert not (tmp_path / "own.sqlite").exists()
