"""What each role may send: every address of the site that changes something, tried over HTTP."""

import re

import pytest
from starlette.routing import Route

from monitor.model import Role
from monitor.settings import Settings
from monitor.web import passwords
from monitor.web.app import site
from monitor.web.desk import Desk
from monitor.web.peer import SAFE
from tests.store.records import NOW
from tests.web.visitor import Visitor
from tests.web.world import sample_stories, served

#: What somebody may send who has not signed in.
ANYBODY = {"/login", "/language"}

#: What a reader may send: about itself, or what changes nothing for others.
READERS = {"/logout", "/account", "/account/password", "/account/logins", "/seen"}

#: What only an administrator may send.
ADMINS = {"/users"}


def unsafe_routes():
    """(method, path with its parameters) of all that the site takes beside GET."""
    desk = Desk(settings=Settings(), runner=None, now=lambda: NOW, sole_user="ann")
    return sorted(
        (method, route.path)
        for route in site(desk).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - SAFE
    )


ROUTES = unsafe_routes()


def filled(path):
    """A path with something in the place of each parameter."""
    return re.sub(r"\{\w+(:\w+)?\}", "1", path)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk with stories, and a user of each role."""
    folder = tmp_path_factory.mktemp("roles")
    with served(f"sqlite:///{folder}/desk.sqlite") as here:
        sample_stories(here.database)
        for role in Role:
            here.database.add_user(
                role.value, password_hash=passwords.hashed("x"), role=role, now=NOW
            )
        yield here


def visitor(desk, role):
    """Somebody of that role who has signed in; None = nobody."""
    one = Visitor(desk.url)
    if role:
        one.cookies["monitor_session"] = token = passwords.new_token()
        key = passwords.key_of(token)
        desk.database.sign_in(role.value, key, place="", browser="", now=desk.now)
    return one


def test_the_walk_meets_the_routes():
    """The lists of this test name routes that there are; most others are for analysts."""
    paths = {path for _, path in ROUTES}
    assert paths >= (ANYBODY | ADMINS)
    assert {method for method, _ in ROUTES} == {"POST"}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nothing_is_taken_without_its_token(desk, method, path):
    """Not from an administrator either: with no token, and with a wrong one."""
    admin = visitor(desk, Role.ADMIN)
    for token in ("", "0" * 64):
        found = admin.post(filled(path), {"id": "1"}, token=token)
        assert found.status == 403


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nothing_is_taken_from_another_site(desk, method, path):
    """Not with the right token either."""
    admin = visitor(desk, Role.ADMIN)
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        found = admin.post(filled(path), {"id": "1"}, **headers)
        assert found.status == 403
        assert "another site" in found.text


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r[1] not in ANYBODY])
def test_nothing_is_taken_from_who_has_not_signed_in(desk, method, path):
    """Whatever the token."""
    assert visitor(desk, None).post(filled(path), {"id": "1"}).status == 401


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r[1] not in ANYBODY | READERS])
def test_a_reader_changes_nothing(desk, method, path):
    """With the right token: the role decides."""
    found = visitor(desk, Role.READER).post(filled(path), {"id": "1"})
    assert found.status == 403
    assert "yours is reader" in found.text


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_an_administrator_manages_users(desk, method, path):
    """An analyst is kept from that, and from nothing else."""
    answer = visitor(desk, Role.ANALYST).post(filled(path), {"id": "1"})
    is_kept_out = answer.status == 403 and "needs the role admin" in answer.text
    assert is_kept_out is (path in ADMINS)
    assert answer.status < 500


def test_the_pages_of_administrators_are_theirs():
    """What the walk asked for is what the pages ask for."""
    assert {path for _, path in ROUTES if path.startswith("/users")} == ADMINS


def test_an_unknown_method(desk):
    """Nothing but what a page expects is answered."""
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "ODD"):
        assert visitor(desk, Role.ADMIN).ask(method, "/account").status == 405
