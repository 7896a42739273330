"""
The errors of the monitor, by what the caller can do about them.

    MonitorError
    ├── BadInput       the user or operator must change what they gave    exit 2
    │   └── Outdated       what they looked at has changed since
    ├── Unusable       the database or another service cannot be used     exit 3
    ├── Retryable      the same thing may succeed later
    ├── Permanent      it will not succeed, however often it is tried
    └── Refused        policy forbids it: robots.txt, address guard, operator
"""

from __future__ import annotations


class MonitorError(Exception):
    """Root of every error that the monitor raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, *, subject: str = "", advice: str = "") -> None:
        """
        Args:
            message: what is wrong, in words for a person.
            subject: what it is about (a URL, a file, a setting's name).
            advice: what to do next, as an imperative sentence.
        """
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.advice = advice

    def __str__(self) -> str:
        head = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{head} {self.advice}".strip() if self.advice else head


class BadInput(MonitorError):
    """What the user gave cannot be used as it is."""

    exit_code = 2


class Outdated(BadInput):
    """It is based on something that has changed since the user looked at it."""


class Unusable(MonitorError):
    """The database or another service that we depend on cannot be used."""

    exit_code = 3


class Retryable(MonitorError):
    """A passing failure: the same attempt may succeed later."""


class Permanent(MonitorError):
    """A lasting failure: trying again will not help."""


class Refused(MonitorError):
    """Policy forbids the request: robots.txt, the address guard, the operator."""
