"""
Keys and lines of whoever reviews: at a terminal key by key, from a pipe line by line.

What is typed ahead is not lost, so that a fast hand need not wait for the screen. A key counts
by its place, as on the review site: with a Cyrillic layout у is e, в is d.
"""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from types import TracebackType
from typing import Any, Self

import click

from monitor.wording import plain_line

#: Seconds within which the rest of an arrow key or the like is there.
_REST_S = 0.02

#: Bytes that an arrow key or the like may have.
_ESCAPE_BYTES = 32

#: Letters of the Russian and Kazakh layouts, and what is on the same keys of a Latin one.
_PLACES = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")


class Keys:
    """What the user types; the terminal is given back as it was."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdin.isatty()
        self._was: list[Any] = []

    def __enter__(self) -> Self:
        if self._is_terminal:
            self._was = termios.tcgetattr(sys.stdin)
            self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._give_back()

    def key(self, prompt: str) -> str:
        """
        One key, as on a Latin keyboard, in lower case; from a pipe, the first character of a line.

        Raises:
            EOFError: there is no more.
        """
        click.echo(prompt, nl=False)
        if not self._is_terminal:
            return _placed(self._line()[:1])
        typed = self._typed()
        click.echo(plain_line(typed) if typed.isprintable() else "")
        return _placed(typed)

    def text(self, prompt: str) -> str:
        """
        A line of text; empty when the user thought better of it.

        Raises:
            EOFError: there is no more.
        """
        self._give_back()
        try:
            click.echo(prompt, nl=False)
            return self._line()
        finally:
            self._take()

    def _take(self) -> None:
        """Keys come one by one, and are not shown; Ctrl-C still ends."""
        if self._was:
            tty.setcbreak(sys.stdin, termios.TCSADRAIN)

    def _give_back(self) -> None:
        if self._was:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._was)

    @staticmethod
    def _typed() -> str:
        """A key; one that sends several bytes counts as one, and means nothing here."""
        source = sys.stdin.fileno()
        data = os.read(source, 1)
        if data in {b"", b"\x04"}:
            raise EOFError
        most = _ESCAPE_BYTES if data == b"\x1b" else _character_bytes(data[0])
        while len(data) < most and select.select([source], [], [], _REST_S)[0]:
            data += os.read(source, 1)
        return data.decode("utf-8", "replace")

    @staticmethod
    def _line() -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()


def _character_bytes(first: int) -> int:
    """How many a character has in UTF-8 that begins so; the next one is another key."""
    return 1 + (first >= 0xC0) + (first >= 0xE0) + (first >= 0xF0)


def _placed(typed: str) -> str:
    return typed.lower().translate(_PLACES)
