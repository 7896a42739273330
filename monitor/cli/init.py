"""`monitor init`: a commented configuration and the built-in catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.errors import BadInput
from monitor.model import SourceState
from monitor.settings import default_toml, redacted
from monitor.sources.catalogue import load_catalogue


@click.command()
@click.option("--no-catalogue", is_flag=True, help="Write the configuration only.")
@json_option
@pass_session
def init(session: Session, no_catalogue: bool, as_json: bool) -> int:
    """
    Write monitor.toml and load the built-in catalogue; safe to run twice.

    What is there already is left as it is: your settings, your changes to sources, and
    sources that you removed.

    \b
    Example:
      monitor init && monitor crawl
    """
    path = session.config or Path("monitor.toml")
    is_written = _write(path)
    what = "wrote it: every key with its meaning" if is_written else "is there; left as it is"
    session.say(f"{path}: {what}")
    added = known = 0
    if not no_catalogue:
        added, known = _load(session)
    if as_json:
        session.emit({"config": str(path), "written": is_written, "added": added, "known": known})
    elif not session.settings.fetch.contact:
        session.say(f"Next: set fetch.contact in {path}, so that webmasters can reach you; then:")
    else:
        session.say("Next:")
    if not as_json:
        session.say("  monitor crawl            poll what is due, once")
        session.say("  monitor sources check    poll what is paused, and activate what answers")
        session.say("  monitor run              do so by the clock, and serve the review site")
    return 0


def _write(path: Path) -> bool:
    """Write the commented defaults, unless the file is there."""
    if path.is_dir():
        raise BadInput("is a folder.", subject=str(path), advice="Name a file: --config FILE.")
    if path.exists():
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(default_toml(), encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"cannot be written: {error.strerror}.",
            subject=str(path),
            advice="Choose another place: monitor --config FILE init",
        ) from error
    return True


def _load(session: Session) -> tuple[int, int]:
    """Add what the catalogue has and the database never had; how many were added, and known."""
    catalogue, database, now = load_catalogue(), session.database, datetime.now(UTC)
    added = sum(database.add_source(s, now=now, revive=False)[1] for s in catalogue)
    states = [source.state for source in database.sources()]
    active = states.count(SourceState.ACTIVE)
    session.say(
        f"{redacted(session.settings.database.url)}: {added} sources of the catalogue added, "
        f"{len(catalogue) - added} known; now {active} active, {len(states) - active} paused"
    )
    return added, len(catalogue) - added
