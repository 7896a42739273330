"""What a command needs of the outside: settings, the database, a terminal; opened late."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.settings import Settings, load_settings, use_taxonomy
from monitor.wording import json_line, one_line, plain_line

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from rich.console import Console

    from monitor.store import Database

#: Columns of a table that goes into a pipe or file.
PIPE_WIDTH = 180

#: Columns of a line that is written over.
LINE = 78


class Session:
    """One run of the command line."""

    def __init__(
        self,
        *,
        config: Path | None,
        database: str | None,
        is_quiet: bool,
        environ: Mapping[str, str],
        log_level: int | None = None,
    ) -> None:
        self.config = config
        self.is_quiet = is_quiet
        #: What -v and -q ask for; None leaves it to the command.
        self.log_level = log_level
        self.environ = environ
        self._database_url = database
        self._database: Database | None = None

    @cached_property
    def out(self) -> Console:
        """Where data goes: stdout; everything else goes to stderr."""
        from monitor.cli.terminal import Terminal

        is_screen = sys.stdout.isatty()
        return Terminal(
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=not is_screen,
            width=None if is_screen else PIPE_WIDTH,
        )

    @cached_property
    def err(self) -> Console:
        """Where a person is told how it goes."""
        from monitor.cli.terminal import Terminal

        return Terminal(stderr=True, highlight=False, markup=False, emoji=False)

    @cached_property
    def settings(self) -> Settings:
        """Settings, read once; the processes that are started learn of the taxonomy's folder."""
        read = load_settings(self.config, environ=self.environ, database=self._database_url)
        use_taxonomy(read.taxonomy.folder)
        return read

    def reread(self) -> Settings:
        """
        Settings as the file and the environment are now.

        Raises:
            BadInput: they cannot be used; the old ones stay.
        """
        return load_settings(self.config, environ=self.environ, database=self._database_url)

    @property
    def database(self) -> Database:
        """The database, opened once and migrated."""
        if self._database is None:
            from monitor.store import open_database

            self._database = open_database(self.settings.database.url)
        return self._database

    def close(self) -> None:
        """Close what was opened."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def say(self, text: str) -> None:
        """Tell a person; not data."""
        if not self.is_quiet:
            click.echo(plain_line(text), err=True)

    def tell_looking(self, requests: int, url: str) -> None:
        """A line that is written over on a terminal, nothing elsewhere."""
        if not self.is_quiet and self.err.is_terminal:
            line = one_line(f"looking: {requests} requests; {url}", LINE)
            self.err.print(f"{line:<{LINE}}", end="\r")

    def clear_line(self) -> None:
        """The line that was written over goes."""
        if not self.is_quiet and self.err.is_terminal:
            self.err.print(" " * LINE, end="\r")

    @staticmethod
    def emit(record: Mapping[str, Any]) -> None:
        """One JSON object on one line of stdout, which no terminal obeys."""
        click.echo(json_line(record), nl=False)

    def emit_all(self, records: Iterable[Mapping[str, Any]]) -> None:
        """JSON Lines."""
        for record in records:
            self.emit(record)


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="For scripts: JSON on stdout.")
