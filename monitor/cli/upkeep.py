"""`monitor doctor`, `backup`, `restore`, `prune`: keeping what was gathered."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.settings import redacted
from monitor.store.maintenance import restore as restore_database

#: Less free disk than this is worth a warning.
LOW_DISK_BYTES = 500_000_000


@click.command()
@json_option
@pass_session
def doctor(session: Session, as_json: bool) -> int:
    """
    Check configuration, database, disk and clock; say what to do.

    \b
    Example:
      monitor doctor
    """
    checks = [("configuration", ""), *_database_checks(session), _disk(), _clock(session)]
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
    session.say(f"{emptied} texts emptied; their identities are kept.")
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


def _disk() -> tuple[str, str]:
    free = shutil.disk_usage(Path.cwd()).free
    low = f"only {free / 1e6:.0f} MB are free" if free < LOW_DISK_BYTES else ""
    return "disk", low


def _clock(session: Session) -> tuple[str, str]:
    """A poll in the future means that the clock was set back."""
    now = datetime.now(UTC)
    ahead = [s for s in session.database.sources() if s.last_polled_at and s.last_polled_at > now]
    return (
        "clock",
        f"{len(ahead)} polls lie in the future: was the clock set back?" if ahead else "",
    )
