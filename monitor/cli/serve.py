"""`monitor serve`: the review site alone."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import signal
from dataclasses import replace
from datetime import UTC, datetime

import click

from monitor.cli.session import Session, pass_session
from monitor.errors import BadInput
from monitor.settings import Settings
from monitor.store.runner import Runner
from monitor.web.app import site
from monitor.web.desk import Desk
from monitor.web.keeper import keep_cards
from monitor.web.server import serving


@click.command()
@click.option("--host", help="Instead of web.host.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of web.port; 0: a free one.")
@pass_session
def serve(session: Session, host: str | None, port: int | None) -> int:
    """
    Serve the review site, until Ctrl-C; nothing is crawled. `monitor run` serves it too.

    \b
    Examples:
      monitor serve
      monitor serve --port 9000
    """
    web = session.settings.web
    asked = replace(web, host=host or web.host, port=web.port if port is None else port)
    settings = replace(session.settings, web=asked)
    if not session.settings.web.port and port is None:
        raise BadInput("is 0: nothing is served.", subject="web.port", advice="Give --port.")
    runner = Runner(session.database)
    try:
        asyncio.run(_serve(session, settings, runner))
    finally:
        runner.close()
    return 0


async def _serve(session: Session, settings: Settings, runner: Runner) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with serving(
        site(desk(settings, runner)), host=settings.web.host, port=settings.web.port
    ) as place:
        keeper = asyncio.create_task(keep_cards(runner))
        session.say(f"The review site is at {place} . Ctrl-C ends it.")
        await ended.wait()
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


def desk(settings: Settings, runner: Runner) -> Desk:
    """The desk of whoever is at this machine."""
    return Desk(
        settings=settings,
        runner=runner,
        now=lambda: datetime.now(UTC),
        sole_user=getpass.getuser(),
    )
