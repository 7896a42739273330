"""`monitor run`: the daemon."""

from __future__ import annotations

import asyncio
import logging
import signal

import click

from monitor.cli import logs
from monitor.cli.session import Session, pass_session
from monitor.errors import MonitorError
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

    It logs to stderr as log.format says, and serves at web.host and web.port: the review site,
    and /healthz, /readyz and /metrics. See docs/operations.md and docs/access.md.

    \b
    Examples:
      monitor run
      monitor -q run                    log nothing but trouble
      MONITOR_WEB__PORT=0 monitor run   no site, no status pages
    """
    form = _log(session, session.settings)
    try:
        _watch(session)
    except MonitorError as error:
        if form != "json":
            raise
        # Who reads the log by machine reads the last line too.
        log.critical("%s", error)
        return error.exit_code
    log.info("Ended cleanly.")
    return 0


def _watch(session: Session) -> None:
    settings = session.settings
    with InstanceLock(settings.database.url) as lock:
        session.database.release_pages()
        log.info("database %s", redacted(settings.database.url))
        runner = Runner(session.database)
        work = run_daemon(
            settings,
            runner,
            reread=lambda: _reread(session),
            check=lock.check,
            environ=session.environ,
        )
        try:
            asyncio.run(work)
        finally:
            # The loop's own handlers went with it: a late signal must not cut off the last write.
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            runner.close()


def _reread(session: Session) -> Settings:
    """The settings as they are now; the log follows them at once."""
    fresh = session.reread()
    _log(session, fresh)
    return fresh


def _log(session: Session, settings: Settings) -> str:
    return logs.start_daemon(settings.log, level=session.log_level, environ=session.environ)
