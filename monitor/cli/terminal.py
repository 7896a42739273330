"""The terminal, as rich draws on it."""

from __future__ import annotations

from rich.console import Console


class Terminal(Console):
    """A console whose broken pipe ends the command like any other broken pipe: quietly."""

    def on_broken_pipe(self) -> None:
        """Rich would leave with status 1 here."""
        self.quiet = True
        raise BrokenPipeError
