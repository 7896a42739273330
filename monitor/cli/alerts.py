"""`monitor alerts`: who is told at once: of stories of a view, failing sources, rules in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from shlex import quote
from typing import Any

import click

from monitor.cli.sending_now import send_now
from monitor.cli.session import Session, json_option, pass_session
from monitor.deliver import orders
from monitor.errors import BadInput
from monitor.model import Alert, AlertKind
from monitor.wording import counted, one_line, short, stamp

#: Days before a rule takes effect or lapses, unless others are asked for.
USUAL_DAYS = 30


@click.group()
def alerts() -> None:
    """
    List, add, change and remove alerts; send a test.

    \b
    Examples:
      monitor alerts add tungsten --view Tungsten --to desk --quiet 22:00-07:00
      monitor alerts add broken --sources --to desk --gap 3600
      monitor alerts add lapses --rules --days 14 --to desk
    """


def _options(command: Any) -> Any:
    for option in reversed(
        [
            click.option("--view", help="Name or id of the view whose stories it is about."),
            click.option("--sources", is_flag=True, help="About sources that need a person."),
            click.option("--rules", is_flag=True, help="About rules that take effect or lapse."),
            click.option("--days", type=int, help="Days before, with --rules. Default: 30."),
            click.option("--to", help="Name or id of the recipient."),
            click.option("--gap", type=int, help="Seconds between two messages. Default: 300."),
            click.option("--quiet", help="22:00-07:00 in the recipient's zone; '' = never quiet."),
        ]
    ):
        command = option(command)
    return command


@alerts.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> int:
    """
    List alerts.

    \b
    Example:
      monitor alerts list
    """
    database = session.database
    found = database.alerts()
    names = {one.id: one.name for one in database.recipients()}
    views = {one.id: one.name for one in database.views()}
    if as_json:
        session.emit_all(_record(one) for one in found)
    elif not found:
        session.say("No alert. Add one: monitor alerts add NAME --view VIEW --to RECIPIENT")
    for one in [] if as_json else found:
        about = _about(one, views)
        quiet = f", quiet {one.quiet}" if one.quiet else ""
        state = "" if one.is_active else " (off)"
        session.out.print(
            f"{one.id:>4}  {one_line(one.name, 40)}{state}: {one_line(about, 40)} to "
            f"{one_line(names.get(one.recipient_id, '?'), 40)}, "
            f"every {one.gap_s} s at most{quiet}; last {short(one.last_sent_at)}"
        )
    return 0


@alerts.command("add")
@click.argument("name")
@_options
@pass_session
def add(session: Session, /, name: str, **given: Any) -> int:
    """
    Add an alert, which tells what happens from now on.

    \b
    Example:
      monitor alerts add tungsten --view Tungsten --to desk
    """
    if not given["to"] or not (given["view"] or given["sources"] or given["rules"]):
        raise BadInput("needs --to, and --view, --sources or --rules.", subject="an alert")
    fields = _fields(session, name=name, is_active=None, **given)
    orders.add_alert(session.database, fields, now=datetime.now(UTC))
    session.say(f"Added {name}. Try it: monitor alerts test {quote(name)}")
    return 0


@alerts.command("edit")
@click.argument("name")
@click.option("--name", "new_name", help="What it is called.")
@click.option("--on/--off", "is_active", default=None, help="Off: it tells nothing.")
@_options
@pass_session
def edit(session: Session, /, name: str, new_name: str | None, **given: Any) -> int:
    """
    Change an alert.

    \b
    Example:
      monitor alerts edit tungsten --gap 900
    """
    one = orders.named(session.database.alerts(), name, "alert")
    fields = _fields(session, one, name=new_name, **given)
    if not fields:
        raise BadInput("nothing to change.", subject=one.name, advice="See: monitor alerts edit -h")
    session.database.change_alert(one.id, **fields)
    session.say(f"Changed {', '.join(fields)} of {one.name}.")
    return 0


@alerts.command("remove")
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> int:
    """
    Remove an alert; what it has queued is not sent.

    \b
    Example:
      monitor alerts remove tungsten
    """
    one = orders.named(session.database.alerts(), name, "alert")
    session.database.remove_alert(one.id, now=datetime.now(UTC))
    session.say(f"Removed {one.name}.")
    return 0


@alerts.command("test")
@click.argument("name")
@pass_session
def test(session: Session, name: str) -> int:
    """
    Send a message that says that it is a test, the way of this alert.

    \b
    Example:
      monitor alerts test tungsten
    """
    one = orders.named(session.database.alerts(), name, "alert")
    recipient = session.database.recipient(one.recipient_id)
    if recipient is None:
        raise BadInput("its recipient is gone.", subject=one.name)
    return send_now(
        session, orders.queue_test(session.database, recipient, one, now=datetime.now(UTC))
    )


def _about(one: Alert, views: Mapping[int, str]) -> str:
    """What an alert tells of."""
    if one.kind is AlertKind.SOURCES:
        return "sources"
    view = f"view {views.get(one.view_id, '?')}" if one.view_id else "all stories"
    if one.kind is AlertKind.RULES:
        return f"rules in {view}, {counted(one.days_before, 'day')} before"
    return view


def _days(one: Alert | None, given: Mapping[str, Any]) -> int | None:
    """How many days before a rule's day it tells; 0 = it is not about rules, None = as it was."""
    if given["rules"] or given["days"] is not None:
        return int(given["days"] or (one.days_before if one else 0) or USUAL_DAYS)
    if given["sources"]:
        return 0
    return one.days_before if one and one.kind is AlertKind.RULES else None


def _fields(session: Session, one: Alert | None = None, /, **given: Any) -> dict[str, Any]:
    database = session.database
    view = orders.named(database.views(), given["view"], "view") if given["view"] else None
    to = orders.named(database.recipients(), given["to"], "recipient") if given["to"] else None
    return orders.alert_fields(
        database,
        name=given["name"],
        view_id=view.id
        if view
        else 0
        if given["sources"] or (given["rules"] and not one)
        else None,
        recipient_id=to.id if to else None,
        gap_s=given["gap"],
        quiet=given["quiet"],
        days_before=_days(one, given),
        is_active=given["is_active"],
    )


def _record(one: Alert) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "view_id": one.view_id,
        "days_before": one.days_before,
        "recipient_id": one.recipient_id,
        "gap_s": one.gap_s,
        "quiet": one.quiet,
        "is_active": one.is_active,
        "created_at": stamp(one.created_at),
        "last_sent_at": stamp(one.last_sent_at),
    }
