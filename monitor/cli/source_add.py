"""`monitor sources add`: look at an address, tell what it is, and watch it."""

from __future__ import annotations

import asyncio
import re
import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor import urls
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, plain_line
from monitor.encoding import decoded
from monitor.errors import BadInput, MonitorError
from monitor.model import (
    Document,
    Fetched,
    NewSource,
    Outcome,
    Scope,
    Source,
    SourceKind,
    SourceState,
)
from monitor.sources import fields, options
from monitor.sources.discovery import Offer, is_page, offers
from monitor.sources.kinds import watched_at
from monitor.text import single_line

kind_option = click.option(
    "--kind",
    type=click.Choice(sorted(kind.value for kind in SourceKind)),
    help="Default: told from what answers.",
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an address answered, and what could be read of it."""

    fetched: Fetched
    document: Document | None = None
    #: Why nothing could be read, in words.
    cause: str = ""


@click.command("add")
@click.argument("url")
@kind_option
@click.option("--name", default="", help="Default: the title of the feed, else the host.")
@click.option("--language", default="", help="BCP 47; default: what the feed says.")
@click.option("--region", default="", help="Where it is at home: KZ.")
@click.option(
    "--scope",
    type=click.Choice([s.value for s in Scope]),
    default=Scope.GENERAL.value,
    show_default=True,
    help="dedicated: all of it is about minerals.",
)
@click.option("--every", type=click.IntRange(fields.LEAST_EVERY_S), help="Seconds between polls.")
@click.option("--tag", "tags", multiple=True, help="May be repeated.")
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="See docs/sources.md."
)
@click.option("--no-fetch", is_flag=True, help="Do not look at the address first.")
@json_option
@pass_session
def add(session: Session, /, url: str, no_fetch: bool, as_json: bool, **wishes: Any) -> int:
    """
    Watch one more source.

    The address is fetched once: a feed is added; a web page offers the feeds found on it.

    \b
    Examples:
      monitor sources add https://example.org/feed.xml --scope dedicated
      monitor sources add https://t.me/channel --language ru
      monitor sources add https://example.org/news --kind listing --option item=article
    """
    wanted = _wanted(url, wishes)
    known = [s for s in session.database.sources() if (s.kind, s.url) == (wanted.kind, wanted.url)]
    if known:
        return _say_known(session, known[0], as_json=as_json)
    look = None if no_fetch else asyncio.run(_look(session, wanted))
    warning = _judged(session, wanted, look, wishes, as_json=as_json) if look else ""
    document = look.document if look else None
    new = _completed(wanted, document, has_name=bool(wishes["name"]))
    source_id, is_new = session.database.add_source(new, now=datetime.now(UTC))
    if as_json:
        record = {"id": source_id, "new": is_new, "name": new.name, "kind": new.kind.value}
        entries = len(document.entries) if document else None
        session.emit(record | {"url": new.url, "entries": entries, "warning": warning})
        return 0
    found = f": {len(document.entries)} entries" if document else ""
    session.say(
        f"added {source_id} {new.name} ({new.kind.value}, {new.url}){found}. "
        f"Try it: monitor crawl --source {source_id}"
    )
    if warning:
        session.say(f"warning: {warning}")
    return 0


def option_pairs(given: tuple[str, ...]) -> dict[str, str]:
    """
    `KEY=VALUE` words by their key.

    Raises:
        BadInput: one has no `=`.
    """
    pairs = {}
    for option in given:
        key, sign, value = option.partition("=")
        if not sign:
            raise BadInput("is no KEY=VALUE.", subject=option, advice="Like item=article.news")
        pairs[key.strip()] = value.strip()
    return pairs


def _wanted(url: str, wishes: dict[str, Any]) -> NewSource:
    """The source as the options describe it, before it was looked at."""
    address = urls.checked(_no_path(url))
    betrayed, better = watched_at(address)
    kind = SourceKind(wishes["kind"]) if wishes["kind"] else betrayed
    return NewSource(
        name=single_line(wishes["name"], fields.MOST_NAME) or _host_name(better, kind),
        kind=kind,
        url=better if kind is betrayed else address,
        language=fields.language_tag(wishes["language"]),
        region=single_line(wishes["region"], 100),
        scope=Scope(wishes["scope"]),
        tags=fields.tags(wishes["tags"]),
        every_s=wishes["every"] or 0,
        options=options.checked(option_pairs(wishes["options"]), kind),
    )


def _no_path(url: str) -> str:
    """The address, unless it names something on this machine."""
    if not url.strip() or _SCHEME.match(url) or not _is_here(url):
        return url
    if Path(url).is_dir():
        raise BadInput(
            "is a folder on this machine, not a web address.",
            subject=url,
            advice="Give an address that starts with https://.",
        )
    raise BadInput(
        "is a file on this machine, not a web address.",
        subject=url,
        advice=f"For a list of feeds: monitor sources import {shlex.quote(url)}",
    )


def _is_here(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # too long for a path
        return False


def _host_name(url: str, kind: SourceKind) -> str:
    if kind is SourceKind.TELEGRAM:
        return f"Telegram: {url.rstrip('/').rpartition('/')[2]}"
    return urls.host(url)


def _say_known(session: Session, source: Source, *, as_json: bool) -> int:
    if as_json:
        session.emit({"id": source.id, "new": False, "name": source.name, "kind": source.kind})
    else:
        hint = "" if source.state is SourceState.ACTIVE else f" monitor sources resume {source.id}"
        session.say(
            f"is watched already: {source.id} {source.name} ({source.kind.value}, "
            f"{source.state.value}).{hint}"
        )
    return 0


async def _look(session: Session, wanted: NewSource) -> Look:
    """Fetch the address once, and read it as what it should be; nothing is stored."""
    from monitor.crawl import fetch_once  # loaded when it is used: start-up time
    from monitor.parse.documents import parse_document
    from monitor.parse.pool import Workers

    source = Source(
        id=0, name=wanted.name, kind=wanted.kind, url=wanted.url, options=wanted.options
    )
    fetched = await fetch_once(session.settings, source)
    if not fetched.outcome.is_success:
        return Look(fetched=fetched, cause=fetched.cause)
    workers = Workers(1)
    try:
        document = await workers.run(
            parse_document,
            wanted.kind,
            fetched.body,
            url=fetched.url,
            content_type=fetched.headers.get("content-type", ""),
            now=fetched.fetched_at,
            options=dict(wanted.options),
        )
    except MonitorError as error:
        return Look(fetched=fetched, cause=error.message)
    finally:
        workers.close()
    return Look(fetched=fetched, document=document)


def _judged(
    session: Session, wanted: NewSource, look: Look, wishes: dict[str, Any], *, as_json: bool
) -> str:
    """
    What to warn of when it is added; empty when all is well.

    Raises:
        BadInput: it should not be added as it is; the error says what to do instead.
    """
    fetched = look.fetched
    if look.document is not None:
        return "" if look.document.entries else "it answers, but holds no entry for now"
    if not fetched.outcome.is_success:
        if fetched.outcome in {Outcome.REFUSED, Outcome.GONE} or fetched.status in {400, 404}:
            raise BadInput(
                f"cannot be read: {look.cause}.",
                subject=wanted.url,
                advice="Correct the address, or add it all the same with --no-fetch.",
            )
        return f"it could not be read just now ({look.cause}); the crawl will try again"
    if wishes["kind"]:
        return f"it could not be read as {wanted.kind.value} just now: {look.cause}"
    page = decoded(fetched.body, fetched.headers.get("content-type", ""))
    if not is_page(page):
        raise BadInput(f"{look.cause}.", subject=wanted.url, advice="Give the address of a feed.")
    found = offers(page, fetched.url)
    if as_json:
        session.emit(_offered(found, look.cause))
    raise _page_error(wanted, found, wishes)


def _offered(found: tuple[Offer, ...], cause: str) -> dict[str, Any]:
    """What `--json` says of a page that is no feed."""
    listed = [{"url": one.url, "kind": one.kind.value, "title": one.title} for one in found]
    return {"id": None, "new": False, "cause": cause, "offers": listed}


def _page_error(wanted: NewSource, found: tuple[Offer, ...], wishes: dict[str, Any]) -> BadInput:
    """The error that gives the exact commands for what a page offers."""
    rest = _repeated(wishes)
    lines = [_command(one.url, one.title if not wishes["name"] else "", rest) for one in found]
    listing = _command(wanted.url, "", ["--kind", "listing", *rest])
    if not lines:
        return BadInput(
            "is a web page, not a feed, and offers none.",
            subject=wanted.url,
            advice=f"To read the page itself:\n  {listing}",
        )
    shown = "\n  ".join(lines)
    return BadInput(
        "is a web page, not a feed. It offers:",
        subject=wanted.url,
        advice=f"\n  {shown}\nOr read the page itself:\n  {listing}",
    )


def _command(url: str, title: str, rest: list[str]) -> str:
    name = ["--name", one_line(title, 60)] if title else []
    return plain_line(shlex.join(["monitor", "sources", "add", url, *name, *rest]))


def _repeated(wishes: dict[str, Any]) -> list[str]:
    """The user's own options, to be given again."""
    words: list[str] = []
    for key in ("name", "language", "region", "every"):
        if wishes[key]:
            words += [f"--{key}", str(wishes[key])]
    if wishes["scope"] != Scope.GENERAL.value:
        words += ["--scope", wishes["scope"]]
    for key, values in (("--tag", wishes["tags"]), ("--option", wishes["options"])):
        for value in values:
            words += [key, value]
    return words


def _completed(wanted: NewSource, document: Document | None, *, has_name: bool) -> NewSource:
    """The source with what its own document says, where the user said nothing."""
    if document is None:
        return wanted
    title = "" if has_name else single_line(document.title, fields.MOST_NAME)
    return replace(
        wanted,
        name=title or wanted.name,
        language=wanted.language or fields.language_or_none(document.language),
    )
