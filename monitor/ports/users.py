"""Who may use the review site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.model import Attempt, Login, Role, User


class Users(Protocol):
    """
    Who may use the review site; see `monitor.web.passwords` for the hashes.

    A sign-in's key is the SHA-256 of its token, in hex.
    """

    def has_users(self) -> bool:
        """Whether there is an account, disabled ones included."""
        ...

    def users(self) -> list[User]:
        """All users, by name."""
        ...

    def add_user(self, name: str, *, password_hash: str, role: Role, now: datetime) -> User:
        """
        Add a user.

        Raises:
            BadInput: there is one of that name.
        """
        ...

    def set_role(self, name: str, role: Role) -> User:
        """
        Give a user another role; it holds from the next request on.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        ...

    def set_enabled(self, name: str, is_enabled: bool, *, now: datetime) -> User:
        """
        Let a user sign in, or not: then it is signed out everywhere.

        Raises:
            BadInput: there is no such user, or no other administrator.
        """
        ...

    def set_password(self, name: str, password_hash: str, *, but: str = "") -> User:
        """
        Give a user another password, and sign it out everywhere `but` in one browser.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def set_preferences(self, name: str, *, language: str, zone: str) -> User:
        """
        What a user wants to see; empty = as the browser does.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def attempt_login(self, name: str, place: str, *, now: datetime) -> Attempt:
        """
        Begin an attempt to sign in: unless one must wait, it counts as failed until `sign_in`.

        Unknown names are treated as known ones are.
        """
        ...

    def accept_attempt(self, name: str, *, renewed_hash: str = "") -> None:
        """The password was right: failures of the name are forgotten, an old hash is renewed."""
        ...

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
        ...

    def login(self, key: str, *, used_after: datetime, created_after: datetime) -> Login | None:
        """Who is signed in under a key, if that was used and made recently enough."""
        ...

    def logins(self, name: str) -> list[Login]:
        """
        Where a user is signed in, last used first.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def use_login(self, key: str, *, now: datetime) -> None:
        """A request came under this key."""
        ...

    def sign_out(self, keys: Sequence[str]) -> int:
        """End these sign-ins; how many there were."""
        ...

    def sign_out_everywhere(self, name: str, *, but: str = "") -> int:
        """
        End all sign-ins of a user `but` one; how many there were.

        Raises:
            BadInput: there is no such user.
        """
        ...

    def forget_logins(self, *, used_before: datetime, created_before: datetime) -> int:
        """Remove sign-ins that have run out; how many."""
        ...
