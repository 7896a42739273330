"""`monitor sources add`: look at an address, find what it offers, and watch the best of it."""

from __future__ import annotations

import asyncio
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import choosing
from monitor.cli.session import Session, json_option, pass_session
from monitor.errors import BadInput
from monitor.model import Document, NewSource, Scope, Source, SourceKind, SourceState
from monitor.sources import fields

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.finding.looking import Look
    from monitor.finding.search import Found

kind_option = click.option(
    "--kind",
    type=click.Choice(sorted(kind.value for kind in SourceKind)),
    help="Default: told from what answers.",
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


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
@click.option(
    "--pick",
    "picks",
    type=click.IntRange(1),
    multiple=True,
    metavar="N",
    help="Add number N of what was found; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Find and rank only; add nothing.")
@click.option("--no-fetch", is_flag=True, help="Do not look at the address first.")
@json_option
@pass_session
def add(
    session: Session,
    /,
    url: str,
    picks: tuple[int, ...],
    dry_run: bool,
    no_fetch: bool,
    as_json: bool,
    **wishes: Any,
) -> int:
    """
    Watch one more source.

    The address may be a feed, or any page of a site: its feeds, news sitemaps, channels and
    lists of stories are found and ranked, with reasons. The best is added when it is clear;
    else you are asked, or choose with --pick.

    \b
    Examples:
      monitor sources add https://example.org/economy --dry-run
      monitor sources add https://example.org/feed.xml --scope dedicated
      monitor sources add https://t.me/channel --language ru
      monitor sources add https://example.org/news --kind listing --option item=article
    """
    from monitor.finding.adding import completed  # loaded when it is used: start-up time

    wanted = _wanted(url, wishes)
    _check_ways(wanted, picks, dry_run=dry_run, no_fetch=no_fetch, has_kind=bool(wishes["kind"]))
    known = _known(session, wanted)
    if known and not (picks or dry_run):
        return _say_known(session, known, as_json=as_json)
    if no_fetch:
        return _store(session, wanted, None, "", as_json=as_json)
    look, found = asyncio.run(_look(session, wanted, has_kind=bool(wishes["kind"])))
    if found is None:
        warning = _judged(wanted, look, has_kind=bool(wishes["kind"]))
        new = completed(wanted, look.document, has_name=bool(wishes["name"]))
        return _store(session, new, look.document, warning, as_json=as_json)
    return _settle(session, wanted, found, wishes, picks, look, dry_run=dry_run, as_json=as_json)


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
    from monitor.finding.adding import wished  # loaded when it is used: start-up time

    return wished(
        _no_path(url),
        kind=SourceKind(wishes["kind"]) if wishes["kind"] else None,
        name=wishes["name"],
        language=wishes["language"],
        region=wishes["region"],
        scope=Scope(wishes["scope"]),
        tags=wishes["tags"],
        every_s=wishes["every"] or 0,
        wanted_options=option_pairs(wishes["options"]),
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


def _check_ways(
    wanted: NewSource, picks: tuple[int, ...], *, dry_run: bool, no_fetch: bool, has_kind: bool
) -> None:
    """Options that exclude each other."""
    from monitor.finding.adding import host_name

    is_search = bool(picks) or dry_run
    if is_search and no_fetch:
        raise BadInput("--no-fetch finds nothing to choose from.", subject=wanted.url)
    if is_search and has_kind:
        raise BadInput(
            "with --kind nothing is searched for.",
            subject=wanted.url,
            advice="Leave out --kind, or see what it would read: monitor sources preview",
        )
    if len(picks) > 1 and wanted.name != host_name(wanted.url, wanted.kind):
        raise BadInput("one --name does not fit several.", subject=wanted.name)


def _known(session: Session, wanted: NewSource) -> Source | None:
    """The source that is watched already, if it is."""
    all_ = session.database.sources()
    return next((s for s in all_ if (s.kind, s.url) == (wanted.kind, wanted.url)), None)


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


async def _look(
    session: Session, wanted: NewSource, *, has_kind: bool
) -> tuple[Look, Found | None]:
    """Look at the address, and for what its site offers; a terminal shows how it goes."""
    from monitor.finding.adding import look_around  # loaded when they are used: start-up time
    from monitor.finding.looking import looker

    async with looker(session.settings, session.tell_looking) as one:
        try:
            return await look_around(one, wanted, has_kind=has_kind)
        finally:
            session.clear_line()


def _judged(wanted: NewSource, look: Look, *, has_kind: bool) -> str:
    """
    What to warn of when it is added as it is; empty when all is well.

    Raises:
        BadInput: it should not be added; the error says what to do instead.
    """
    from monitor.finding.adding import judged

    said = judged(wanted, look, has_kind=has_kind)
    if said.fault:
        is_read = look.fetched.outcome.is_success
        advice = "Give the address of a feed." if is_read else _way_out(look)
        raise BadInput(f"{said.fault}.", subject=wanted.url, advice=advice)
    return said.warning


def _way_out(look: Look) -> str:
    """What to do about an address that cannot be read."""
    if "robots.txt forbids" in look.cause:
        return (
            "If its publisher has agreed, say so, and it is kept with the source: "
            "--option robots='who agreed, and when'"
        )
    return "Correct the address, or add it all the same with --no-fetch."


def _settle(
    session: Session,
    wanted: NewSource,
    found: Found,
    wishes: dict[str, Any],
    picks: tuple[int, ...],
    look: Look,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add what was chosen of what was found, and say what else there is."""
    from monitor.finding.adding import of_candidate, warning  # loaded when used: start-up time

    records = choosing.records(found)
    if dry_run:
        if as_json:
            session.emit({"id": None, "new": False, "candidates": records})
        else:
            choosing.show(session, found, wanted.url)
        return 0 if found.ranked else 2
    chosen = choosing.chosen(session, found, wanted.url, picks, as_json=as_json)
    if not chosen:
        cause = "" if look.document is not None else look.cause
        if as_json:
            nothing = {"id": None, "new": False, "cause": cause, "candidates": records}
            session.emit(nothing)
        raise choosing.undecided(wanted.url, found, _repeated(wishes), cause)
    for one in chosen:
        new = of_candidate(wanted, one, has_name=bool(wishes["name"]))
        known = _known(session, new)
        if known:
            _say_known(session, known, as_json=as_json)
            continue
        document = one.candidate.document
        more = {"candidates": records}
        _store(session, new, document, warning(one), as_json=as_json, more=more)
    if not as_json:
        choosing.say_rest(session, found, chosen, _repeated(wishes, without=("name",)))
    return 0


def _store(
    session: Session,
    new: NewSource,
    document: Document | None,
    warning: str,
    *,
    as_json: bool,
    more: dict[str, Any] | None = None,
) -> int:
    """Watch it, and say so."""
    source_id, is_new = session.database.add_source(new, now=datetime.now(UTC))
    if as_json:
        record = {"id": source_id, "new": is_new, "name": new.name, "kind": new.kind.value}
        entries = len(document.entries) if document else None
        record |= {"url": new.url, "entries": entries, "warning": warning}
        session.emit(record | {"options": dict(new.options)} | (more or {}))
        return 0
    found = f": {len(document.entries)} entries" if document else ""
    session.say(
        f"added {source_id} {new.name} ({new.kind.value}, {new.url}){found}. "
        f"Try it: monitor crawl --source {source_id}"
    )
    if warning:
        session.say(f"warning: {warning}")
    return 0


def _repeated(wishes: dict[str, Any], without: tuple[str, ...] = ()) -> list[str]:
    """The user's own options, to be given again."""
    words: list[str] = []
    for key in ("name", "language", "region", "every"):
        if wishes[key] and key not in without:
            words += [f"--{key}", str(wishes[key])]
    if wishes["scope"] != Scope.GENERAL.value:
        words += ["--scope", wishes["scope"]]
    for key, values in (("--tag", wishes["tags"]), ("--option", wishes["options"])):
        for value in values:
            words += [key, value]
    return words
