"""`monitor digest`: what changed since the last one."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import moment
from monitor.deliver.digest import markdown
from monitor.deliver.records import story_record

#: Far enough back to hold everything.
EVER = datetime(1990, 1, 1, tzinfo=UTC)


@click.command()
@click.option("--since", help="36h, 7d, 2w or a date; default: the last digest.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--peek", is_flag=True, help="Do not remember that it was made.")
@json_option
@pass_session
def digest(session: Session, since: str | None, limit: int, peek: bool, as_json: bool) -> int:
    """
    Print what changed since the last digest, as Markdown.

    \b
    Examples:
      monitor digest > morning.md
      monitor digest --since 24h --peek
    """
    now, database = datetime.now(UTC), session.database
    start = moment(since, now=now) if since else database.last_digest_at()
    stories = database.stories_changed_since(start or EVER, limit=limit)
    if as_json:
        session.emit_all(story_record(story) for story in stories)
    else:
        click.echo(markdown(stories, since=start, now=now), nl=False)
    if not peek:
        database.record_digest(now=now)
    return 0
