"""`monitor sources`: what is watched; the list, and changes to one source or several."""

from __future__ import annotations

from typing import Any

import click

from monitor import urls
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, short
from monitor.cli.source_add import add, kind_option, option_pairs
from monitor.cli.source_check import check
from monitor.cli.source_exchange import export, import_
from monitor.deliver.records import source_record
from monitor.errors import BadInput
from monitor.model import Scope, Source, SourceKind, SourceState, StoredPoll
from monitor.sources import fields
from monitor.sources.kinds import unread_reason, watched_at

#: Polls that `show` tells of.
SHOWN_POLLS = 10


@click.group()
def sources() -> None:
    """
    List, add, check, pause and exchange sources.

    \b
    Examples:
      monitor sources list --state paused
      monitor sources add https://example.org/news
      monitor sources import subscriptions.opml
    """


@sources.command("list")
@click.option("--state", type=click.Choice([state.value for state in SourceState]))
@click.option("--kind", type=click.Choice([kind.value for kind in SourceKind]))
@click.option("--language", default="", help="BCP 47: ru.")
@click.option("--tag", default="", help="Only sources with this tag.")
@json_option
@pass_session
def list_(
    session: Session, state: str | None, kind: str | None, language: str, tag: str, as_json: bool
) -> int:
    """
    List sources.

    \b
    Example:
      monitor sources list --state paused
    """
    known = session.database.sources()
    found = [
        s
        for s in known
        if state in {None, s.state.value}
        and kind in {None, s.kind.value}
        and language in {"", s.language}
        and (not tag or tag in s.tags)
    ]
    if as_json:
        session.emit_all(source_record(source) for source in found)
    elif found:
        _show_table(session, found)
        active = sum(source.state is SourceState.ACTIVE for source in found)
        session.say(f"{len(found)} of {len(known)} sources; {active} of them active")
    elif known:
        session.say(f"None of {len(known)} sources fits. All of them: monitor sources list")
    else:
        session.say("No source. Load the catalogue: monitor init, or: monitor sources add URL")
    return 0


@sources.command("show")
@click.argument("name")
@json_option
@pass_session
def show(session: Session, name: str, as_json: bool) -> int:
    """
    Show one source with its last polls.

    NAME is its id, its address, or a part of its name that no other has.

    \b
    Example:
      monitor sources show 12
    """
    source = session.database.source_by(name)
    polls = session.database.polls(source.id, limit=SHOWN_POLLS)
    record = source_record(source) | {"every": source.every_s, "options": dict(source.options)}
    if as_json:
        session.emit(record | {"polls": [_poll_record(poll) for poll in polls]})
        return 0
    for key, value in record.items():
        if value not in ("", None, [], {}):
            session.out.print(f"{key:<15} {one_line(_words(value), 200)}")
    for poll in polls:
        session.out.print(
            f"  {short(poll.started_at)} {poll.outcome.value:<12} {poll.status or '':<4} "
            f"{poll.seen} seen, {poll.new} new  {one_line(poll.cause, 120)}"
        )
    return 0


@sources.command("edit")
@click.argument("name")
@click.option("--name", "new_name", help="What it is called.")
@click.option("--url", help="Where it is read.")
@kind_option
@click.option("--language", help="BCP 47: ru; '' = unknown.")
@click.option("--region", help="Where it is at home: KZ.")
@click.option("--scope", type=click.Choice([s.value for s in Scope]))
@click.option("--every", type=click.IntRange(0), help="Seconds; 0 = let the scheduler choose.")
@click.option("--tag", "new_tags", multiple=True, help="Add a tag; may be repeated.")
@click.option("--no-tag", "old_tags", multiple=True, help="Take a tag away.")
@click.option(
    "--option", "options", multiple=True, metavar="KEY=CSS", help="Set a selector; KEY= clears it."
)
@json_option
@pass_session
def edit(session: Session, /, name: str, as_json: bool, **wishes: Any) -> int:
    """
    Change what is known of a source.

    \b
    Examples:
      monitor sources edit 12 --every 900 --language kk
      monitor sources edit 12 --option item=article.news --option 'date=time'
    """
    source = session.database.source_by(name)
    changes = _changes(source, **wishes)
    if not changes:
        raise BadInput(
            "nothing to change.", subject=source.name, advice="See: monitor sources edit --help"
        )
    session.database.edit_source(source.id, **changes)
    if as_json:
        session.emit(source_record(session.database.source_by(str(source.id))))
    else:
        session.say(f"changed {', '.join(_KEYS.get(key, key) for key in changes)} of {source.name}")
    return 0


@sources.command("remove")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@json_option
@pass_session
def remove(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    """
    Stop watching sources; what they brought is kept.

    \b
    Example:
      monitor sources remove 12
    """
    for source in _named(session, names):
        session.database.remove_source(source.id)
        if as_json:
            session.emit({"id": source.id, "name": source.name, "removed": True})
        else:
            session.say(f"removed {source.name}; its articles are kept")
    return 0


@sources.command("pause")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--reason", default="paused by hand", show_default=True)
@json_option
@pass_session
def pause(session: Session, names: tuple[str, ...], reason: str, as_json: bool) -> int:
    """
    Poll sources no more, until they are resumed.

    \b
    Example:
      monitor sources pause 12 --reason "only press releases"
    """
    chosen = _named(session, names)
    _set_state(session, chosen, SourceState.PAUSED, fields.line(reason), as_json=as_json)
    return 0


@sources.command("resume")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@json_option
@pass_session
def resume(session: Session, names: tuple[str, ...], as_json: bool) -> int:
    """
    Poll sources again, at once.

    \b
    Example:
      monitor sources resume 12
    """
    chosen = _named(session, names)
    for source in chosen:
        if unread := unread_reason(source.kind):
            raise BadInput(f"cannot be resumed: {unread}.", subject=source.name)
    _set_state(session, chosen, SourceState.ACTIVE, "", as_json=as_json)
    return 0


for command in (add, check, import_, export):
    sources.add_command(command)

#: Options of `edit` whose field has another name.
_KEYS = {"every_s": "every"}


def _named(session: Session, names: tuple[str, ...]) -> list[Source]:
    """The sources of these names, once each; a wrong name changes none."""
    found = [session.database.source_by(name) for name in names]
    return list({source.id: source for source in found}.values())


def _set_state(
    session: Session, chosen: list[Source], state: SourceState, reason: str, *, as_json: bool
) -> None:
    for source in chosen:
        session.database.set_source_state(source.id, state, reason)
        if as_json:
            session.emit(source_record(session.database.source_by(str(source.id))))
        else:
            session.say(f"{source.name} is {state.value}")


def _changes(source: Source, **wishes: Any) -> dict[str, Any]:
    """Fields of the source that the options of `edit` would change."""
    fresh: dict[str, Any] = {
        "name": fields.line(wishes["new_name"], fields.MOST_NAME) if wishes["new_name"] else None,
        "url": _address(source, wishes["url"], wishes["kind"]),
        "kind": SourceKind(wishes["kind"]) if wishes["kind"] else None,
        "region": fields.line(wishes["region"], 100) if wishes["region"] is not None else None,
        "scope": Scope(wishes["scope"]) if wishes["scope"] else None,
        "every_s": wishes["every"],
        "tags": _tags(source, wishes["new_tags"], wishes["old_tags"]),
        "options": _options(source, wishes["options"]),
    }
    if wishes["language"] is not None:
        fresh["language"] = fields.language_tag(wishes["language"])
    return {
        key: value
        for key, value in fresh.items()
        if value is not None and value != getattr(source, key)
    }


def _address(source: Source, url: str | None, kind: str | None) -> str | None:
    if not url:
        return None
    address = urls.checked(url)
    betrayed, better = watched_at(address)
    return better if (kind or source.kind) == betrayed else address


def _tags(source: Source, more: tuple[str, ...], fewer: tuple[str, ...]) -> tuple[str, ...] | None:
    unknown = [tag for tag in fewer if tag not in source.tags]
    if unknown:
        had = f"It has: {', '.join(source.tags)}." if source.tags else "It has none."
        raise BadInput(f"{source.name} has no such tag.", subject=unknown[0], advice=had)
    if not (more or fewer):
        return None
    return fields.tags([*(tag for tag in source.tags if tag not in fewer), *more])


def _options(source: Source, given: tuple[str, ...]) -> dict[str, str] | None:
    if not given:
        return None
    pairs = option_pairs(given)
    kept = {key: value for key, value in source.options.items() if key not in pairs}
    fresh = {key: value for key, value in pairs.items() if value}
    fields.checked_options(dict.fromkeys(pairs, "a") | fresh)
    return kept | fresh


def _show_table(session: Session, found: list[Source]) -> None:
    from rich.table import Table  # loaded when it is used: start-up time

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "state", "kind", "lang", "scope"):
        table.add_column(name, no_wrap=True)
    for name in ("name", "last poll", "outcome"):
        table.add_column(name)
    for source in found:
        outcome = source.last_outcome.value if source.last_outcome else ""
        table.add_row(
            str(source.id),
            source.state.value,
            source.kind.value,
            source.language,
            source.scope.value,
            one_line(source.name, 44),
            short(source.last_polled_at),
            one_line(f"{outcome} {source.last_error or source.state_reason}", 60),
        )
    session.out.print(table)


def _poll_record(poll: StoredPoll) -> dict[str, Any]:
    return {
        "started_at": poll.started_at.isoformat().replace("+00:00", "Z"),
        "outcome": poll.outcome.value,
        "cause": poll.cause,
        "status": poll.status,
        "bytes": poll.bytes,
        "seen": poll.seen,
        "new": poll.new,
        "updated": poll.updated,
        "seconds": round(poll.elapsed_s, 3),
    }


def _words(value: Any) -> str:
    """A field as a person reads it."""
    if isinstance(value, dict):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
