"""`monitor doctor`, `backup`, `restore`, `prune`: keeping what was gathered."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.crawl import outage
from monitor.errors import BadInput
from monitor.model import DeliveryState, SourceState
from monitor.settings import redacted
from monitor.store.engine import sqlite_path
from monitor.store.maintenance import restore as restore_database
from monitor.wording import counted

#: Less free disk than this is worth a warning.
LOW_DISK_BYTES = 500_000_000


@click.command()
@json_option
@pass_session
def doctor(session: Session, as_json: bool) -> int:
    """
    Check configuration, database, disk, clock and network; say what to do.

    \b
    Example:
      monitor doctor
    """
    checks = [
        _configuration(session),
        *_database_checks(session),
        _disk(session),
        _clock(session),
        _network(session),
        _deliveries(session),
    ]
    if as_json:
        session.emit_all(
            {"check": name, "ok": not trouble, "trouble": trouble} for name, trouble in checks
        )
    else:
        for name, trouble in checks:
            session.out.print(f"{'✗' if trouble else '✓'} {name:<14} {trouble or 'fine'}")
    return 1 if any(trouble for _, trouble in checks) else 0


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def backup(session: Session, target: Path) -> int:
    """
    Write a consistent copy of the database, while it is in use.

    \b
    Example:
      monitor backup monday.sqlite
    """
    if not target.absolute().parent.is_dir():
        raise BadInput(
            "there is no such folder.", subject=str(target.parent), advice="Make it first."
        )
    session.database.backup(target)
    session.say(f"Written to {target}. Bring it back with: monitor restore {target}")
    return 0


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@pass_session
def restore(session: Session, source: Path) -> int:
    """
    Put a backup in the database's place; what it replaces is kept beside it.

    \b
    Example:
      monitor restore monday.sqlite
    """
    kept = restore_database(source, session.settings.database.url)
    session.say(f"Restored. What was there before is kept as {kept}")
    return 0


@click.command()
@click.option("--older-than", type=click.IntRange(1), default=365, show_default=True, help="Days.")
@pass_session
def prune(session: Session, older_than: int) -> int:
    """
    Empty old texts that nobody kept; identities stay, so nothing returns as new.

    \b
    Example:
      monitor prune --older-than 180
    """
    emptied = session.database.prune(datetime.now(UTC) - timedelta(days=older_than))
    session.say(f"{counted(emptied, 'text')} emptied; identities, titles and figures are kept.")
    return 0


def _database_checks(session: Session) -> list[tuple[str, str]]:
    problems = session.database.integrity()
    where = redacted(session.settings.database.url)
    advice = f"{where}: {'; '.join(problems)}. Restore a backup: monitor restore FILE"
    sources = session.database.sources()
    return [
        ("database", advice if problems else ""),
        ("sources", "" if sources else "there are none. Load the catalogue: monitor init"),
    ]


def _configuration(session: Session) -> tuple[str, str]:
    contact = session.settings.fetch.contact
    advice = "fetch.contact is not set: webmasters cannot reach you. Set it in monitor.toml."
    return "configuration", "" if contact else advice


def _disk(session: Session) -> tuple[str, str]:
    path = sqlite_path(session.settings.database.url)
    free = shutil.disk_usage(path.parent if path else Path.cwd()).free
    low = f"only {free / 1e6:.0f} MB are free. Free some, or: monitor prune"
    return "disk", low if free < LOW_DISK_BYTES else ""


def _network(session: Session) -> tuple[str, str]:
    """Whether there is a route, and names of sources resolve; nothing is sent to them."""
    urls = [s.url for s in session.database.sources() if s.state is SourceState.ACTIVE]
    trouble = asyncio.run(outage(urls))
    return "network", f"{trouble}. Check the connection and the resolver." if trouble else ""


def _deliveries(session: Session) -> tuple[str, str]:
    """Digests and alerts that could not be sent."""
    failed = session.database.delivery_counts()[DeliveryState.FAILED]
    advice = f"{counted(failed, 'delivery')} failed. See: monitor deliveries list --state failed"
    return "deliveries", advice if failed else ""


def _clock(session: Session) -> tuple[str, str]:
    """A poll in the future means that the clock was set back."""
    now = datetime.now(UTC)
    ahead = [s for s in session.database.sources() if s.last_polled_at and s.last_polled_at > now]
    polls = f"the last poll of {counted(len(ahead), 'source')} lies in the future"
    return "clock", f"{polls}: was the clock set back?" if ahead else ""
