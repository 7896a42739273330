"""`monitor run`: the daemon."""

from __future__ import annotations

import asyncio

import click

from monitor.cli.session import Session, pass_session
from monitor.jobs.daemon import run as run_daemon
from monitor.settings import redacted
from monitor.store.lock import InstanceLock
from monitor.store.runner import Runner


@click.command()
@pass_session
def run(session: Session) -> int:
    """
    Watch all sources by the clock, until SIGTERM or Ctrl-C.

    \b
    Example:
      monitor -v run
    """
    url = session.settings.database.url
    with InstanceLock(url):
        session.say(f"Watching {len(session.database.sources())} sources; database {redacted(url)}")
        runner = Runner(session.database)
        try:
            asyncio.run(run_daemon(session.settings, runner))
        finally:
            runner.close()
    session.say("Ended cleanly.")
    return 0
