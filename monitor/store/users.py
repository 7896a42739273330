"""
Users, the browsers in which they are signed in, and attempts that failed.

Passwords come hashed, tokens as their SHA-256: neither is ever in the database.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Attempt, Login, Role, User
from monitor.store.rows import Rows, clean, inserted_id
from monitor.store.tables import login_failures, logins, users

#: So long a failed attempt is remembered.
REMEMBERED = timedelta(days=1)

#: Longest name and place of an attempt, and browser of a sign-in, that are kept; characters.
LONGEST_NAME, LONGEST_PLACE, LONGEST_BROWSER = 100, 64, 300

#: On PostgreSQL: one attempt at a time is counted, so that many at once count as many.
_TURN = sa.text("SELECT pg_advisory_xact_lock(7280)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patience:
    """After so many failures each further one doubles the wait, up to the longest."""

    free: int
    most_s: float

    def wait_s(self, failures: int, last: datetime | None, now: datetime) -> int:
        """Whole seconds that are left to wait."""
        if last is None or failures < self.free:
            return 0
        pause = min(2.0 ** min(failures - self.free, 30), self.most_s)
        return max(math.ceil(pause - (now - last).total_seconds()), 0)


#: For one name; and for one address, behind which many may sit.
BY_NAME = _Patience(free=5, most_s=300)
BY_PLACE = _Patience(free=20, most_s=900)


class UserRows(Rows):
    """See `ports.Users`."""

    def has_users(self) -> bool:
        """Whether there is an account, disabled ones included."""
        with self.reading() as connection:
            return connection.execute(sa.select(users.c.id).limit(1)).first() is not None

    def users(self) -> list[User]:
        """All users, by name."""
        with self.reading() as connection:
            return [_user(row) for row in connection.execute(_USERS.order_by(users.c.name))]

    def add_user(self, name: str, *, password_hash: str, role: Role, now: datetime) -> User:
        """
        Add a user.

        Raises:
            BadInput: there is one of that name.
        """
        with self.writing() as connection:
            if _find(connection, name) is not None:
                raise BadInput("there is a user of that name.", subject=name)
            number = inserted_id(
                connection,
                users,
                name=clean(name),
                password_hash=password_hash,
                role=role.value,
                language="",
                zone="",
                created_at=now,
            )
            return _user(connection.execute(_USERS.where(users.c.id == number)).one())

    def set_role(self, name: str, role: Role) -> User:
        """
        Give a user another role; it holds from the next request on.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        with self.writing() as connection:
            user = _named(connection, name)
            if role is not Role.ADMIN:
                _spare_last_admin(connection, user)
            return _changed(connection, user, role=role.value)

    def set_enabled(self, name: str, is_enabled: bool, *, now: datetime) -> User:
        """
        Let a user sign in, or not: then it is signed out everywhere.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        with self.writing() as connection:
            user = _named(connection, name)
            if is_enabled:
                return _changed(connection, user, disabled_at=None)
            _spare_last_admin(connection, user)
            connection.execute(sa.delete(logins).where(logins.c.user_id == user.id))
            return _changed(connection, user, disabled_at=user.disabled_at or now)

    def set_password(self, name: str, password_hash: str, *, but: str = "") -> User:
        """
        Give a user another password, and sign it out everywhere `but` in one browser.

        Raises:
            BadInput: there is no such user.
        """
        with self.writing() as connection:
            user = _named(connection, name)
            _sign_out(connection, user, but)
            _forget_failures(connection, user.name)
            return _changed(connection, user, password_hash=password_hash)

    def set_preferences(self, name: str, *, language: str, zone: str) -> User:
        """
        What a user wants to see; empty = as the browser does.

        Raises:
            BadInput: there is no such user.
        """
        with self.writing() as connection:
            user = _named(connection, name)
            return _changed(connection, user, language=language, zone=zone)

    def attempt_login(self, name: str, place: str, *, now: datetime) -> Attempt:
        """
        Begin an attempt to sign in: unless one must wait, it counts as failed until `sign_in`.

        Unknown names are treated as known ones are.
        """
        with self.writing() as connection:
            if self.dialect == "postgresql":
                connection.execute(_TURN)
            connection.execute(
                sa.delete(login_failures).where(login_failures.c.at < now - REMEMBERED)
            )
            tried, origin = _kept(name), clean(place[:LONGEST_PLACE])
            waits = (
                _wait(connection, login_failures.c.name == tried, BY_NAME, now),
                _wait(connection, login_failures.c.place == origin, BY_PLACE, now),
            )
            if any(waits):
                return Attempt(wait_s=max(waits))
            connection.execute(sa.insert(login_failures).values(at=now, name=tried, place=origin))
            row = _find(connection, name)
            if row is None or row.disabled_at is not None:
                return Attempt()
            return Attempt(user=_user(row), password_hash=row.password_hash)

    def accept_attempt(self, name: str, *, renewed_hash: str = "") -> None:
        """The password was right: failures of the name are forgotten, an old hash is renewed."""
        with self.writing() as connection:
            _forget_failures(connection, name)
            if renewed_hash:
                _changed(connection, _named(connection, name), password_hash=renewed_hash)

    def sign_in(
        self, name: str, key: str, *, place: str, browser: str, now: datetime, replacing: str = ""
    ) -> None:
        """
        Keep that a user is signed in, in the browser that holds the token of `key`.

        Args:
            replacing: the key under which the same browser was signed in until now.

        Raises:
            BadInput: the user may not sign in.
        """
        with self.writing() as connection:
            user = _named(connection, name)
            if user.disabled_at is not None:
                raise BadInput("may not sign in.", subject=name)
            connection.execute(sa.delete(logins).where(logins.c.token_hash == replacing))
            connection.execute(
                sa.insert(logins).values(
                    token_hash=key,
                    user_id=user.id,
                    created_at=now,
                    used_at=now,
                    place=clean(place[:LONGEST_PLACE]),
                    browser=clean(browser[:LONGEST_BROWSER]),
                )
            )

    def login(self, key: str, *, used_after: datetime, created_after: datetime) -> Login | None:
        """Who is signed in under a key, if that was used and made recently enough."""
        query = _LOGINS.where(
            logins.c.token_hash == key,
            logins.c.used_at > used_after,
            logins.c.created_at > created_after,
            users.c.disabled_at.is_(None),
        )
        with self.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _login(row)

    def logins(self, name: str) -> list[Login]:
        """
        Where a user is signed in, last used first.

        Raises:
            BadInput: there is no such user.
        """
        with self.reading() as connection:
            user = _named(connection, name)
            query = _LOGINS.where(users.c.id == user.id).order_by(logins.c.used_at.desc())
            return [_login(row) for row in connection.execute(query)]

    def use_login(self, key: str, *, now: datetime) -> None:
        """A request came under this key."""
        with self.writing() as connection:
            connection.execute(
                sa.update(logins)
                .where(logins.c.token_hash == key, logins.c.used_at < now)
                .values(used_at=now)
            )

    def sign_out(self, keys: Sequence[str]) -> int:
        """End these sign-ins; how many there were."""
        with self.writing() as connection:
            found = connection.execute(sa.delete(logins).where(logins.c.token_hash.in_(keys)))
            return found.rowcount

    def sign_out_everywhere(self, name: str, *, but: str = "") -> int:
        """
        End all sign-ins of a user `but` one; how many there were.

        Raises:
            BadInput: there is no such user.
        """
        with self.writing() as connection:
            return _sign_out(connection, _named(connection, name), but)

    def forget_logins(self, *, used_before: datetime, created_before: datetime) -> int:
        """Remove sign-ins that have run out; how many."""
        with self.writing() as connection:
            found = connection.execute(
                sa.delete(logins).where(
                    sa.or_(logins.c.used_at < used_before, logins.c.created_at < created_before)
                )
            )
            return found.rowcount


_USERS = sa.select(users)

_LOGINS = sa.select(
    logins.c.token_hash,
    logins.c.created_at.label("login_at"),
    logins.c.used_at,
    logins.c.place,
    logins.c.browser,
    users,
).join(users, users.c.id == logins.c.user_id)


def _user(row: Any) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        language=row.language,
        zone=row.zone,
    )


def _login(row: Any) -> Login:
    return Login(
        key=row.token_hash,
        user=_user(row),
        created_at=row.login_at,
        used_at=row.used_at,
        place=row.place,
        browser=row.browser,
    )


def _find(connection: sa.Connection, name: str) -> Any:
    return connection.execute(_USERS.where(users.c.name == clean(name))).first()


def _named(connection: sa.Connection, name: str) -> User:
    row = _find(connection, name)
    if row is None:
        raise BadInput("there is no such user.", subject=name, advice="See: monitor users list")
    return _user(row)


def _changed(connection: sa.Connection, user: User, **values: Any) -> User:
    connection.execute(sa.update(users).where(users.c.id == user.id).values(**values))
    return _user(connection.execute(_USERS.where(users.c.id == user.id)).one())


def _spare_last_admin(connection: sa.Connection, user: User) -> None:
    if user.role is not Role.ADMIN or user.disabled_at is not None:
        return
    # Locked in one order, so that two who take each other's role away come one after the other.
    admins = _USERS.where(users.c.role == Role.ADMIN.value, users.c.disabled_at.is_(None))
    rows = connection.execute(admins.order_by(users.c.id).with_for_update()).all()
    if all(row.id == user.id for row in rows):
        raise BadInput(
            "is the last administrator.",
            subject=user.name,
            advice="Make another one first: monitor users role NAME admin",
        )


def _sign_out(connection: sa.Connection, user: User, but: str) -> int:
    found = connection.execute(
        sa.delete(logins).where(logins.c.user_id == user.id, logins.c.token_hash != but)
    )
    return found.rowcount


def _kept(name: str) -> str:
    return clean(name[:LONGEST_NAME])


def _forget_failures(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.delete(login_failures).where(login_failures.c.name == _kept(name)))


def _wait(
    connection: sa.Connection,
    which: sa.ColumnElement[bool],
    patience: _Patience,
    now: datetime,
) -> int:
    failures = sa.select(sa.func.count(), sa.func.max(login_failures.c.at)).where(which)
    count, last = connection.execute(failures).one()
    return patience.wait_s(count, last, now)
