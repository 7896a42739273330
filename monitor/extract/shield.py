"""The border to libraries that guess: on hostile pages they may raise anything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


def shielded(call: Callable[[], T], otherwise: T) -> T:
    """The value of `call`, or `otherwise` when the library behind it fails."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (any failure of a guess is only a missing guess)
        _log.info("a library failed on a page: %r", error)
        return otherwise
