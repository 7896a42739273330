"""
Passwords and tokens: how they are hashed, compared and made.

Argon2id with the parameters that RFC 9106 recommends where memory is scarce (64 MiB, three
passes). A hash is good for nothing but comparing: neither password nor token is ever stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import BadInput

#: Characters of a password.
SHORTEST, LONGEST = 10, 1000

#: Characters of a user's name; it may hold letters of any script.
LONGEST_NAME = 64

#: Of a name, beside letters and digits.
_MARKS = frozenset("._-@")

#: Passwords that are hashed at once; more would cost 64 MiB each and keep pages waiting.
AT_ONCE = 2

Result = TypeVar("Result")

_HASHER = argon2.PasswordHasher.from_parameters(argon2.profiles.RFC_9106_LOW_MEMORY)


def hashed(password: str) -> str:
    """A new hash of a password, with a salt of its own."""
    return _HASHER.hash(_form(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed; takes as long when there is no hash."""
    try:
        is_same = _HASHER.verify(password_hash or _nobodys(), _form(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_same and bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


class Turns:
    """Where passwords are hashed while pages are served: in threads, few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work when it is its turn."""
        async with self._turn:
            return await asyncio.to_thread(work)


def checked_password(password: str, *, name: str) -> str:
    """
    A password that may be set.

    Raises:
        BadInput: it is too short or too long, or the user's name.
    """
    if len(password) < SHORTEST:
        raise BadInput(
            f"is too short: {len(password)} characters, at least {SHORTEST}.",
            subject="the password",
            advice="Several words that only you put together are good ones.",
        )
    if len(password) > LONGEST:
        raise BadInput(f"is too long: at most {LONGEST} characters.", subject="the password")
    if password.casefold() == name.casefold():
        raise BadInput("is the user's name.", subject="the password", advice="Take another.")
    return password


def user_name(text: str) -> str:
    """A name as it is stored and compared: `Ann ` and `ann` are one."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def checked_name(text: str) -> str:
    """
    A name that a user may have.

    Raises:
        BadInput: it is empty, too long, or holds anything but letters, digits and `._-@`.
    """
    name = user_name(text)
    if not name or len(name) > LONGEST_NAME or not all(c.isalnum() or c in _MARKS for c in name):
        raise BadInput(
            f"is no name for a user: 1 to {LONGEST_NAME} letters, digits, '.', '_', '-', '@'.",
            subject=repr(text[:LONGEST_NAME]),
        )
    return name


def new_token() -> str:
    """What a browser is told from others by: 256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def form_token(token: str) -> str:
    """What a form must bring back: it follows from the cookie, which no other site can read."""
    return hashlib.sha256(b"form:" + token.encode("utf-8", "replace")).hexdigest()


def _form(password: str) -> bytes:
    """The same bytes, however a keyboard composes the characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    """A hash of today's parameters that no password has."""
    return _HASHER.hash(secrets.token_bytes(32))
