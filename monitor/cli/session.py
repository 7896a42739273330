"""What a command needs of the outside: settings, the database, a terminal; opened late."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from monitor.cli.shapes import plain_line
from monitor.settings import Settings, load_settings
from monitor.store import Database, open_database

#: Columns of a table that goes into a pipe or file.
PIPE_WIDTH = 180


class Session:
    """One run of the command line."""

    def __init__(
        self,
        *,
        config: Path | None,
        database: str | None,
        is_quiet: bool,
        environ: Mapping[str, str],
    ) -> None:
        self.config = config
        self.is_quiet = is_quiet
        self._database_url = database
        self._environ = environ
        self._settings: Settings | None = None
        self._database: Database | None = None
        #: Data goes to stdout, everything else to stderr.
        is_screen = sys.stdout.isatty()
        self.out = Console(
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=not is_screen,
            width=None if is_screen else PIPE_WIDTH,
        )
        self.err = Console(stderr=True, highlight=False, markup=False, emoji=False)

    @property
    def settings(self) -> Settings:
        """Settings, read once."""
        if self._settings is None:
            self._settings = load_settings(
                self.config, environ=self._environ, database=self._database_url
            )
        return self._settings

    @property
    def database(self) -> Database:
        """The database, opened once and migrated."""
        if self._database is None:
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

    @staticmethod
    def emit(record: Mapping[str, Any]) -> None:
        """One JSON object on one line of stdout."""
        click.echo(json.dumps(record, ensure_ascii=False, separators=(",", ":")))

    def emit_all(self, records: Iterable[Mapping[str, Any]]) -> None:
        """JSON Lines."""
        for record in records:
            self.emit(record)


pass_session = click.make_pass_decorator(Session)
json_option = click.option("--json", "as_json", is_flag=True, help="For scripts: JSON on stdout.")
