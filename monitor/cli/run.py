"""`monitor run`: the daemon."""

from __future__ import annotations

import asyncio
import logging

import click

from monitor.cli.session import Session, pass_session
from monitor.errors import MonitorError
from monitor.jobs.daemon import Ending
from monitor.jobs.daemon import run as run_daemon
from monitor.settings import Settings, redacted
from monitor.store.lock import InstanceLock
from monitor.store.runner import Runner

log = logging.getLogger(__name__)


@click.command()
@pass_session
def run(session: Session) -> int:
    """
    Watch all sources by the clock, until SIGTERM or Ctrl-C; SIGHUP reads the settings again.

    \b
    Examples:
      monitor run
      monitor -q run                    log nothing but trouble
    """
    url = session.settings.database.url
    if not session.is_quiet:
        logging.getLogger().setLevel(min(logging.INFO, logging.getLogger().level))
    with InstanceLock(url):
        session.database.release_pages()
        log.info("database %s", redacted(url))
        runner = Runner(session.database)
        try:
            settings = session.settings
            while asyncio.run(run_daemon(settings, runner)) is Ending.RELOAD:
                settings = _reread(session, settings)
        finally:
            runner.close()
    session.say("Ended cleanly.")
    return 0


def _reread(session: Session, settings: Settings) -> Settings:
    """The settings as they are now; the old ones when the new ones cannot be used."""
    try:
        fresh = session.reread()
    except MonitorError as error:
        log.error("%s The settings stay as they were.", error)  # noqa: TRY400  (no traceback)
        return settings
    if fresh.database != settings.database:
        log.warning("database.url changed: that needs a restart")
    log.info("settings read again")
    return fresh
