"""`monitor sources`: what is watched; the list, and changes to one source or several."""

from __future__ import annotations

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.source_add import add
from monitor.cli.source_check import check
from monitor.cli.source_edit import edit
from monitor.cli.source_exchange import export, import_
from monitor.cli.source_preview import preview
from monitor.cli.source_show import show
from monitor.deliver.records import source_record
from monitor.model import Source, SourceKind, SourceState
from monitor.text import single_line
from monitor.wording import one_line, short


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
    _set_state(session, chosen, SourceState.PAUSED, single_line(reason), as_json=as_json)
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
    _set_state(session, chosen, SourceState.ACTIVE, "", as_json=as_json)
    return 0


for command in (add, preview, check, edit, import_, export, show):
    sources.add_command(command)


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


def _show_table(session: Session, found: list[Source]) -> None:
    from rich.table import Table  # loaded when it is used: start-up time

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "state", "kind", "lang", "scope"):
        table.add_column(name, no_wrap=True)
    for name in ("name", "last poll, UTC", "outcome"):
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
