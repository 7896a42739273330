"""Keys and lines of whoever reviews: at a terminal key by key, from a pipe line by line."""

from __future__ import annotations

import sys

import click

from monitor.wording import plain_line


class Keys:
    """What the user types."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdin.isatty()

    def key(self, prompt: str) -> str:
        """
        One key; from a pipe, the first character of a line.

        Raises:
            EOFError: there is no more.
        """
        click.echo(prompt, nl=False)
        if not self._is_terminal:
            return self._line()[:1]
        typed = click.getchar()
        if typed == "\x04":
            raise EOFError
        click.echo(plain_line(typed) if typed.isprintable() else "")
        return typed

    def text(self, prompt: str) -> str:
        """
        A line of text; empty when the user thought better of it.

        Raises:
            EOFError: there is no more.
        """
        click.echo(prompt, nl=False)
        return self._line()

    @staticmethod
    def _line() -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()
