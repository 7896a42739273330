"""`monitor init`: a commented configuration and the built-in catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.session import Session, pass_session
from monitor.model import SourceState
from monitor.settings import default_toml, redacted
from monitor.sources.catalogue import load_catalogue


@click.command()
@click.option("--no-catalogue", is_flag=True, help="Write the configuration only.")
@pass_session
def init(session: Session, no_catalogue: bool) -> int:
    """
    Write monitor.toml and load the built-in catalogue; safe to run twice.

    \b
    Example:
      monitor init && monitor crawl
    """
    path = session.config or Path("monitor.toml")
    if path.exists():
        session.say(f"{path} is there already; it was not touched.")
    else:
        path.write_text(default_toml(), encoding="utf-8")
        session.say(f"Wrote {path}: every key with its meaning.")
    if no_catalogue:
        return 0
    now, database = datetime.now(UTC), session.database
    catalogue = load_catalogue()
    new = sum(database.add_source(source, now=now)[1] for source in catalogue)
    active = sum(source.state is SourceState.ACTIVE for source in database.sources())
    session.say(
        f"Catalogue: {new} sources added, {len(catalogue) - new} known already; {active} active. "
        f"Database: {redacted(session.settings.database.url)}"
    )
    session.say("Next: set fetch.contact, then: monitor crawl")
    return 0
