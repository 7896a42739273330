"""`monitor sources preview`: what a crawl would read at an address; nothing is stored."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from monitor import urls
from monitor.cli import preview_record, preview_screen
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.source_add import kind_option, option_pairs
from monitor.errors import BadInput
from monitor.model import Source, SourceKind
from monitor.sources import options as known_options
from monitor.sources.answers import asked_as
from monitor.sources.kinds import watched_at

if TYPE_CHECKING:  # loaded when it is used: start-up time
    from monitor.finding.previewing import Preview

#: Entries whose pages `--text` fetches.
TEXTS = 3


@click.command("preview")
@click.argument("what", metavar="URL_OR_SOURCE")
@kind_option
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="Try an option; KEY= clears it."
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Entries shown."
)
@click.option("--text", is_flag=True, help="Fetch the first pages too: text, tags, figures.")
@json_option
@pass_session
def preview(
    session: Session,
    what: str,
    kind: str | None,
    options: tuple[str, ...],
    limit: int,
    text: bool,
    as_json: bool,
) -> int:
    """
    Show what a crawl would read, and store nothing.

    For a web page: every way to read it as a listing, with its selectors. With --option: what
    each selector finds. A source that is watched is read on its own terms and options, and
    compared with what is stored.

    \b
    Examples:
      monitor sources preview https://example.org/news
      monitor sources preview https://example.org/news --option item=article --option date=time
      monitor sources preview 12 --text
    """
    source = _source(session, what, kind, options)
    texts = min(limit, TEXTS) if text else 0
    seen = asyncio.run(_seen(session, source, has_kind=bool(kind), texts=texts))
    if as_json:
        session.emit(preview_record.record(seen, limit))
    else:
        preview_screen.show(session, seen, limit)
    return 0 if seen.look.document is not None or seen.layouts else 1


async def _seen(session: Session, source: Source, *, has_kind: bool, texts: int) -> Preview:
    """What a crawl would read; a terminal shows how it goes."""
    from monitor.finding.looking import looker  # loaded when they are used: start-up time
    from monitor.finding.previewing import read_ahead
    from monitor.store.runner import Runner

    threshold = session.settings.relevance.threshold
    runner = Runner(session.database)
    try:
        async with looker(session.settings, session.tell_looking) as one:
            return await read_ahead(
                one, runner, source, has_kind=has_kind, texts=texts, threshold=threshold
            )
    finally:
        session.clear_line()
        runner.close()


def _source(session: Session, what: str, kind: str | None, given: tuple[str, ...]) -> Source:
    """The source that is meant: a stored one with other options, or an address."""
    stored = _stored(session, what)
    pairs = option_pairs(given)
    if stored is None:
        address = urls.checked(what)
        betrayed, better = watched_at(address)
        is_listing = bool(pairs.get("item")) and betrayed is SourceKind.FEED
        guess = SourceKind.LISTING if is_listing else asked_as(address)
        told = betrayed if betrayed is SourceKind.TELEGRAM else guess
        wanted = SourceKind(kind) if kind else told
        url = better if wanted is betrayed else address
        stored = Source(id=0, name=urls.host(url), kind=wanted, url=url)
    wanted = SourceKind(kind) if kind else stored.kind
    kept = stored.options
    if wanted is not stored.kind:
        kept = known_options.fitting(kept, wanted)
    fresh = {key: value for key, value in pairs.items() if value}
    options = {key: value for key, value in kept.items() if key not in pairs}
    options |= known_options.checked(fresh, wanted)
    # All of it is asked for, not only what has changed.
    return replace(stored, kind=wanted, options=options, etag="", last_modified="", body_hash="")


def _stored(session: Session, what: str) -> Source | None:
    """The source of this id, address or name; None for an address that none has."""
    is_address = "://" in what
    try:
        found = session.database.source_by(what)
    except BadInput:
        if is_address or _is_address(what):
            return None
        raise
    return found


def _is_address(what: str) -> bool:
    try:
        urls.checked(what)
    except BadInput:
        return False
    return True
