"""Users, sign-ins and failed attempts, the same on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from monitor.errors import BadInput
from monitor.model import Role
from tests.store.records import NOW, hours

LONG_AGO = NOW - timedelta(days=3650)


def seconds(number):
    """A moment that many seconds after NOW."""
    return NOW + timedelta(seconds=number)


def add(database, name="ann", role=Role.ANALYST):
    """A user with a hash that no password has."""
    return database.add_user(name, password_hash=f"hash of {name}", role=role, now=NOW)


def sign_in(database, name, key, at=NOW, **more):
    """Sign a user in."""
    database.sign_in(name, key, place="127.0.0.1", browser="Sample/1.0", now=at, **more)


def is_in(database, key):
    """Whether somebody is signed in under the key."""
    return database.login(key, used_after=LONG_AGO, created_after=LONG_AGO) is not None


def test_a_user_is_kept(database):
    """What was given comes back, by name; a second of the same name is refused."""
    assert not database.has_users()
    add(database, "zoe", Role.READER)
    add(database, "аня")
    assert database.has_users()
    assert [(u.name, u.role) for u in database.users()] == [
        ("zoe", Role.READER),
        ("аня", Role.ANALYST),
    ]
    with pytest.raises(BadInput, match="zoe: there is a user of that name"):
        add(database, "zoe")


def test_what_a_user_may_change(database):
    """Role, language and zone are kept; an unknown name is refused."""
    add(database)
    assert database.set_role("ann", Role.ADMIN).role is Role.ADMIN
    changed = database.set_preferences("ann", language="ru", zone="Asia/Almaty")
    assert (changed.language, changed.zone) == ("ru", "Asia/Almaty")
    for change in (
        lambda: database.set_role("bob", Role.ADMIN),
        lambda: database.set_password("bob", "x"),
        lambda: database.set_enabled("bob", True, now=NOW),
        lambda: database.logins("bob"),
    ):
        with pytest.raises(BadInput, match="bob: there is no such user"):
            change()


def test_the_last_administrator_stays(database):
    """Neither another role nor a ban may leave nobody who manages users."""
    add(database, "ann", Role.ADMIN)
    add(database, "bob", Role.ADMIN)
    database.set_enabled("bob", False, now=NOW)
    with pytest.raises(BadInput, match="ann: is the last administrator"):
        database.set_role("ann", Role.READER)
    with pytest.raises(BadInput, match="ann: is the last administrator"):
        database.set_enabled("ann", False, now=NOW)
    database.set_enabled("bob", True, now=NOW)
    assert database.set_role("ann", Role.READER).role is Role.READER


def test_two_administrators_cannot_oust_each_other(database):
    """Of two who take each other's role away at once, one stays."""
    add(database, "ann", Role.ADMIN)
    add(database, "bob", Role.ADMIN)

    def demote(name):
        try:
            database.set_role(name, Role.READER)
        except BadInput:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, ["ann", "bob"]))
    assert sorted(done) == [False, True]


def test_a_sign_in_runs_out(database):
    """It ends when it was not used for too long, and when it was made too long ago."""
    add(database)
    sign_in(database, "ann", "k1")
    found = database.login("k1", used_after=hours(-1), created_after=hours(-1))
    assert (found.user.name, found.place, found.browser) == ("ann", "127.0.0.1", "Sample/1.0")
    database.use_login("k1", now=hours(2))
    assert database.login("k1", used_after=hours(1), created_after=hours(-1))
    assert not database.login("k1", used_after=hours(2), created_after=hours(-1))
    assert not database.login("k1", used_after=hours(1), created_after=hours(0))
    assert database.forget_logins(used_before=hours(1), created_before=hours(-1)) == 0
    assert database.forget_logins(used_before=hours(3), created_before=hours(-1)) == 1


def test_signing_out(database):
    """One sign-in ends alone; all others end together, and only those of that user."""
    add(database)
    add(database, "bob")
    for key in ("k1", "k2", "k3"):
        sign_in(database, "ann", key)
    sign_in(database, "bob", "k4")
    assert database.sign_out(["k1"]) == 1
    assert {login.key for login in database.logins("ann")} == {"k2", "k3"}
    assert database.sign_out_everywhere("ann", but="k2") == 1
    assert [is_in(database, key) for key in ("k1", "k2", "k3", "k4")] == [False, True, False, True]


def test_another_password_ends_other_sign_ins(database):
    """Whoever knew the old one is out, but the browser that changed it."""
    add(database)
    sign_in(database, "ann", "k1")
    sign_in(database, "ann", "k2")
    database.set_password("ann", "another", but="k2")
    assert [is_in(database, "k1"), is_in(database, "k2")] == [False, True]
    assert database.attempt_login("ann", "p", now=NOW).password_hash == "another"


def test_a_disabled_user_is_out_at_once(database):
    """It is signed out, may not sign in, and is treated as an unknown one."""
    add(database)
    sign_in(database, "ann", "k1")
    database.set_enabled("ann", False, now=NOW)
    assert not is_in(database, "k1")
    assert database.attempt_login("ann", "p", now=NOW) == database.attempt_login(
        "nobody", "p", now=NOW
    )
    with pytest.raises(BadInput, match="may not sign in"):
        sign_in(database, "ann", "k2")


def test_signing_in_again_ends_the_former_sign_in(database):
    """One browser holds one sign-in."""
    add(database)
    sign_in(database, "ann", "k1")
    sign_in(database, "ann", "k2", replacing="k1")
    assert [login.key for login in database.logins("ann")] == ["k2"]


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_failures_of_one_name_slow_it_down(database, name):
    """Five are free; then each doubles the wait, to five minutes; known or not."""
    add(database)
    for number in range(5):
        assert database.attempt_login(name, f"place {number}", now=NOW).wait_s == 0
    waits = []
    moment = NOW
    for number in range(12):
        wait = database.attempt_login(name, f"other {number}", now=moment).wait_s
        waits.append(wait)
        moment += timedelta(seconds=wait)
        assert database.attempt_login(name, f"other {number}", now=moment).wait_s == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_failures_from_one_place_slow_it_down(database):
    """Twenty are free, whatever the names; then that place waits, and no other."""
    add(database)
    for number in range(20):
        assert database.attempt_login(f"name {number}", "there", now=NOW).wait_s == 0
    assert database.attempt_login("ann", "there", now=NOW).wait_s == 1
    assert database.attempt_login("ann", "elsewhere", now=NOW).wait_s == 0


def test_an_attempt_that_must_wait_counts_for_nothing(database):
    """Who keeps trying is let in when the time has come."""
    add(database)
    for _ in range(6):
        database.attempt_login("ann", "p", now=NOW)
    for _ in range(50):
        assert database.attempt_login("ann", "p", now=NOW).wait_s == 1
    assert database.attempt_login("ann", "p", now=seconds(1)).user.name == "ann"


def test_the_right_password_forgets_the_failures(database):
    """After it the count begins anew; an outdated hash is renewed on that occasion."""
    add(database)
    for _ in range(5):
        database.attempt_login("ann", "p", now=NOW)
    database.accept_attempt("ann", renewed_hash="renewed")
    attempt = database.attempt_login("ann", "p", now=NOW)
    assert (attempt.wait_s, attempt.password_hash) == (0, "renewed")


def test_failures_are_forgotten_after_a_day(database):
    """An attempt a day later finds none, and the old rows are gone."""
    add(database)
    for _ in range(10):
        database.attempt_login("ann", "p", now=NOW)
    assert database.attempt_login("ann", "p", now=hours(25)).wait_s == 0
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM login_failures").scalar() == 1


def test_many_attempts_at_once_count_as_many(database):
    """Trying in parallel gains nothing: of thirty at once five are looked at."""
    add(database)
    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(lambda _: database.attempt_login("ann", "p", now=NOW), range(30)))
    assert sum(attempt.wait_s == 0 for attempt in tried) == 5


def test_names_of_any_kind(database):
    """NUL, half a surrogate pair and a megabyte are names that nobody has."""
    for name in ("\x00", "\ud800", "x" * 1_000_000, "'; DROP TABLE users; --", ""):
        assert database.attempt_login(name, name, now=NOW).user is None
    assert database.users() == []
