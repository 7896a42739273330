"""`monitor digest`: what changed since the last one."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from monitor.cli.digest_send import digest_page, send_digests
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import moment
from monitor.deliver.changes import change
from monitor.deliver.digest import markdown
from monitor.deliver.digest_queue import SOON
from monitor.deliver.records import story_record
from monitor.deliver.rule_alerts import upcoming
from monitor.health.look import look
from monitor.health.troubles import quiet_text, trouble_text, troubles
from monitor.model import StoredStory

#: Far enough back to hold everything.
EVER = datetime(1990, 1, 1, tzinfo=UTC)

#: What `--send` without a name means.
ALL = "*"


@click.command()
@click.option("--since", help="36h, 7d, 2w or a date; default: the last digest.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many."
)
@click.option("--peek", is_flag=True, help="Do not remember that it was made.")
@click.option("--html", is_flag=True, help="Print the page that is sent by mail.")
@click.option(
    "--send",
    metavar="[RECIPIENT]",
    is_flag=False,
    flag_value=ALL,
    help="Send recipients what they were not told yet; without a name, all who get digests.",
)
@json_option
@pass_session
def digest(
    session: Session,
    since: str | None,
    limit: int,
    peek: bool,
    html: bool,
    send: str | None,
    as_json: bool,
) -> int:
    """
    Print what changed since the last digest, by mineral, as Markdown; or send it.

    New stories, updates of known ones and why, contradictions and corrections; at its end
    the sources that need a person.

    \b
    Examples:
      monitor digest > morning.md
      monitor digest --since 24h --peek
      monitor digest --send desk
    """
    now, database = datetime.now(UTC), session.database
    if send is not None:
        return send_digests(
            session, "" if send == ALL else send, since=moment(since, now=now) if since else None
        )
    start = moment(since, now=now) if since else database.last_digest_at()
    if html:
        click.echo(digest_page(session, start, now=now), nl=False)
        return 0
    changed = _changed(session, start or EVER, limit)
    stories = [_with_edits(session, story) for story in changed[:limit]]
    if as_json:
        session.emit_all(_record(story, start) for story in stories)
    else:
        found = look(database, now=now)
        text = markdown(
            stories,
            since=start,
            now=now,
            unshown=len(changed) - len(stories),
            rules=upcoming(database, days=SOON, view_id=0, now=now, zone="UTC"),
            troubles=[trouble_text(trouble) for trouble in troubles(found)],
            quiet=quiet_text(found),
        )
        click.echo(text, nl=False)
    if not peek:
        database.record_digest(now=now)
    return 0


def _changed(session: Session, start: datetime, limit: int) -> list[StoredStory]:
    """All that changed, newest first; read in growing steps, for most of a store did not."""
    found: list[StoredStory] = []
    step = limit + 1
    while True:
        before, found = len(found), session.database.stories_changed_since(start, limit=step)
        if len(found) == before:
            return found
        step *= 4


def _with_edits(session: Session, story: StoredStory) -> StoredStory:
    """The story with its articles' texts, where one of them was edited."""
    if any(article.revision > 1 for article in story.articles):
        return session.database.story(story.id) or story
    return story


def _record(story: StoredStory, since: datetime | None) -> dict[str, object]:
    """The story's record, and what is new in it."""
    found = change(story, since=since)
    return story_record(story) | {
        "change": {
            "kind": "new" if found.is_new else "update",
            "developments": [f"d{chapter.development}" for chapter in found.developments],
            "articles": [f"a{article.id}" for article in found.articles],
            "edited": [f"a{article.id}" for article in found.edited],
        }
    }
