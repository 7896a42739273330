"""`monitor views`: saved searches, each a list, a feed and a spreadsheet."""

from __future__ import annotations

import getpass
import shlex
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.enrich.meaning import understood
from monitor.errors import BadInput
from monitor.model import View
from monitor.review.queries import PARAMETERS, query_pairs, query_record, read_query
from monitor.wording import one_line, plain_line, short, stamp

#: Stories that `views show` lists.
SHOWN = 20

#: Longest number of a view.
_DIGITS = 18


@click.group()
def views() -> None:
    """
    Keep searches under a name: list, add, show and remove them.

    \b
    Examples:
      monitor views add "Kazakh tungsten" mineral=钨 country=KZ within=30d
      monitor views list
    """


@views.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> int:
    """List the saved views, by name."""
    found = session.database.views()
    if as_json:
        session.emit_all(map(_record, found))
        return 0
    for view in found:
        session.out.print(f"{view.id:>4}  {one_line(view.name, 60)}  ({one_line(view.owner, 40)})")
        session.out.print(f"      {_pairs_text(view)}")
    if not found:
        session.say("There are no views. Save one: monitor views add NAME mineral=tungsten")
    return 0


@views.command()
@click.argument("name")
@click.argument("parts", nargs=-1, required=True, metavar="PART=VALUE...")
@json_option
@pass_session
def add(session: Session, name: str, parts: tuple[str, ...], as_json: bool) -> int:
    """
    Save a search under a name.

    Parts are those of a search page's address: q, mineral, country, company, event, language,
    outlet, tag, state, since, until, within, relevance, disputed, starred, open, order.

    \b
    Examples:
      monitor views add "Export bans" event=export_control order=relevance
      monitor views add "Wolfram" 'q="export ban" -gold' mineral=钨
    """
    query, unknown = understood(read_query(_pairs(parts)).query)
    if unknown:
        raise BadInput(unknown[0])
    view = session.database.add_view(name, query, owner=getpass.getuser(), now=datetime.now(UTC))
    if as_json:
        session.emit(_record(view))
    else:
        session.say(f"Saved as view {view.id}: {_pairs_text(view)}")
    return 0


@views.command()
@click.argument("view_name", metavar="NAME_OR_ID")
@json_option
@pass_session
def show(session: Session, view_name: str, as_json: bool) -> int:
    """
    Show a view, the paths of its feed and spreadsheet, and its newest stories.

    \b
    Examples:
      monitor views show "Kazakh tungsten"
      monitor views show 3 --json
    """
    view = _view(session, view_name)
    lines = session.database.lines(
        view.query, reader=getpass.getuser(), now=datetime.now(UTC), limit=SHOWN
    ).lines
    if as_json:
        session.emit({**_record(view), "stories": [f"s{line.card.story_id}" for line in lines]})
        return 0
    session.out.print(f"{view.id}  {plain_line(view.name)}, of {plain_line(view.owner)}")
    session.out.print(f"query  {_pairs_text(view)}")
    session.out.print(f"feed   {_feed(view)}")
    session.out.print(f"table  {_table(view)}")
    for line in lines:
        at = short(line.card.changed_at)
        session.out.print(f"s{line.card.story_id:<6} {at} UTC  {one_line(line.card.title, 100)}")
    if not lines:
        session.say("It chooses no story now.")
    return 0


@views.command()
@click.argument("view_name", metavar="NAME_OR_ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove(session: Session, view_name: str, yes: bool) -> int:
    """
    Remove a view; its feed and spreadsheet are gone.

    \b
    Examples:
      monitor views remove "Kazakh tungsten"
      monitor views remove 3 --yes
    """
    view = _view(session, view_name)
    if not yes:
        click.confirm(f"Remove {plain_line(view.name)}?", abort=True, err=True)
    session.database.remove_view(view.id, now=datetime.now(UTC))
    session.say(f"Removed {plain_line(view.name)}.")
    return 0


def _pairs(parts: tuple[str, ...]) -> list[tuple[str, str]]:
    """
    What was given as `PART=VALUE`.

    Raises:
        BadInput: it is of another form, no part of a search, or no value of it.
    """
    found = []
    for given in parts:
        name, mark, value = given.partition("=")
        if not mark or name not in PARAMETERS.values():
            raise BadInput(
                "is no part of a search.",
                subject=given,
                advice=f"Write PART=VALUE with one of {', '.join(PARAMETERS.values())}.",
            )
        if read_query([(name, value)]).unread or not value.strip():
            raise BadInput("is no value of that part.", subject=given)
        found.append((name, value))
    return found


def _view(session: Session, given: str) -> View:
    """
    A view by its name, whatever the case of its letters, or its number.

    Raises:
        BadInput: there is none.
    """
    for view in session.database.views():
        if view.name.casefold() == " ".join(given.split()).casefold():
            return view
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0
    if number and (found := session.database.view(number)):
        return found
    raise BadInput("there is no such view.", subject=given, advice="See: monitor views list")


def _pairs_text(view: View) -> str:
    pairs = query_pairs(view.query)
    text = shlex.join(f"{name}={value}" for name, value in pairs)
    return one_line(text, 200) or "all stories"


def _feed(view: View) -> str:
    return f"/views/{view.token}/feed.atom"


def _table(view: View) -> str:
    return f"/views/{view.token}/stories.csv"


def _record(view: View) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "owner": view.owner,
        "created_at": stamp(view.created_at),
        "query": query_record(view.query),
        "feed": _feed(view),
        "table": _table(view),
    }
