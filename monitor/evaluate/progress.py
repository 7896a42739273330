"""How far a long run is: whoever waits for it may be told."""

from __future__ import annotations

from collections.abc import Callable

#: Is told what is done, how much of it, and of how much.
Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody is told."""
