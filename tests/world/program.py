"""Driving the program against the fake web: a prepared database, settings, a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from monitor.model import NewSource, Scope, SourceKind
from monitor.store import open_database
from tests.world.web import FakeWeb

#: Settings under which the fake web may be asked, and need not be spared.
OPEN = {
    "MONITOR_FETCH__ALLOW_PRIVATE": '["127.0.0.0/8"]',
    "MONITOR_FETCH__HOST_GAP": "0",
    "MONITOR_FETCH__TIMEOUT": "10",
    "MONITOR_WEB__PORT": "0",
    "MONITOR_LOG__FORMAT": "text",
}


def prepare(url: str, web: FakeWeb, scope: Scope = Scope.DEDICATED) -> None:
    """A database that watches every outlet of the web."""
    database = open_database(url)
    now = datetime.now(UTC)
    for outlet in web.outlets:
        source = NewSource(
            name=f"outlet {outlet.number}",
            kind=SourceKind.FEED,
            url=outlet.feed_url,
            language="en",
            scope=scope,
        )
        database.add_source(source, now=now)
    database.close()


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that sees no settings of the user's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    root = str(Path(__file__).parents[2])
    return {**kept, **home, **OPEN, "PYTHONPATH": root, "COLUMNS": "200", **more}


def command(url: str, *words: str) -> list[str]:
    """The command line of the program on a database."""
    return [sys.executable, "-m", "monitor", "--database", url, *words]


def run(
    url: str, *words: str, folder: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        command(url, *words),
        cwd=folder,
        env=environment(folder, **(environ or {})),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
