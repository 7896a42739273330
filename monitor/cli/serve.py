"""`monitor serve`: the review site alone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace

import click

from monitor.cli.session import Session, pass_session
from monitor.errors import BadInput
from monitor.settings import Settings
from monitor.store.runner import Runner
from monitor.web.opening import opened


@click.command()
@click.option("--host", help="Instead of web.host.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Instead of web.port; 0: a free one.")
@pass_session
def serve(session: Session, host: str | None, port: int | None) -> int:
    """
    Serve the review site until Ctrl-C, and crawl nothing.

    `monitor run` serves it too; both may work on one database. Anywhere but on loopback it
    needs accounts: see `monitor users add --help` and docs/access.md.

    \b
    Examples:
      monitor serve
      monitor serve --port 9000
      monitor serve --host 0.0.0.0      after: monitor users add ann --role admin
    """
    web = session.settings.web
    if not web.port and port is None:
        raise BadInput("is 0: nothing is served.", subject="web.port", advice="Give --port.")
    asked = replace(web, host=host or web.host, port=web.port if port is None else port)
    runner = Runner(session.database)
    try:
        asyncio.run(
            serve_until_told(
                replace(session.settings, web=asked),
                runner,
                lambda place: session.say(f"The review site is at {place} . Ctrl-C ends it."),
            )
        )
    finally:
        runner.close()
    return 0


async def serve_until_told(
    settings: Settings,
    runner: Runner,
    greet: Callable[[str], None],
    *,
    beside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
) -> None:
    """Serve the site, and what is beside it, until a signal; `greet` is told its address."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with opened(settings, runner) as place, beside():
        greet(place)
        await ended.wait()
