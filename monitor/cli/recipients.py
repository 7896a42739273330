"""`monitor recipients`: who gets digests and alerts, and where."""

from __future__ import annotations

from datetime import UTC, datetime
from shlex import quote
from typing import Any

import click

from monitor.cli.sending_now import send_now
from monitor.cli.session import Session, json_option, pass_session
from monitor.deliver import orders
from monitor.deliver.sending import usable
from monitor.deliver.targets import shown
from monitor.model import Recipient
from monitor.wording import one_line, short, stamp


@click.group()
def recipients() -> None:
    """
    List, add, change and remove recipients; send them a test.

    A target is mailto:NAME@HOST, https://HOST/PATH (a webhook that takes JSON), or an address
    of Apprise (tgram://, slack://, msteams://, wecombot://…). Write its secrets as ${VARIABLES}.

    \b
    Examples:
      monitor recipients add desk mailto:desk@example.org --digest '0 7 * * mon-fri'
      monitor recipients add chat 'tgram://${BOT}/${CHAT}'
      monitor recipients test desk
    """


def _options(command: Any) -> Any:
    for option in reversed(
        [
            click.option("--digest", help="Cron expression: '0 7 * * *'; '' = no digest."),
            click.option("--zone", help="Of its times: Asia/Almaty. Default: UTC."),
            click.option("--view", help="Name or id of the view of its digest; '' = all stories."),
            click.option(
                "--by", type=click.Choice(orders.SECTIONS), help="Sections of its digest."
            ),
            click.option("--even-empty/--not-empty", default=None, help="Send empty digests too."),
        ]
    ):
        command = option(command)
    return command


@recipients.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> int:
    """
    List recipients; of their targets only how they are reached.

    \b
    Example:
      monitor recipients list
    """
    found = session.database.recipients()
    if as_json:
        session.emit_all(_record(one) for one in found)
    elif not found:
        session.say("No recipient. Add one: monitor recipients add NAME TARGET")
    for one in [] if as_json else found:
        state = "" if one.is_active else " (off)"
        session.out.print(f"{one.id:>4}  {one_line(one.name, 40)}{state}: {shown(one.target)}")
        if one.digest_cron:
            due = f"next {short(one.next_digest_at)} UTC"
            session.out.print(f"      digest at '{one.digest_cron}' {one.zone}, {due}")
    return 0


@recipients.command("add")
@click.argument("name")
@click.argument("target")
@_options
@pass_session
def add(session: Session, /, name: str, target: str, **wishes: Any) -> int:
    """
    Add a recipient, who is told what happens from now on.

    \b
    Example:
      monitor recipients add desk mailto:desk@example.org --digest '0 7 * * *'
    """
    wish = _wish(session, name=name, target=target, is_active=None, **wishes)
    now = datetime.now(UTC)
    orders.add_recipient(session.database, wish, now=now)
    session.say(f"Added {name}. Try it: monitor recipients test {quote(name)}")
    return 0


@recipients.command("edit")
@click.argument("name")
@click.option("--name", "new_name", help="What it is called.")
@click.option("--target", help="Where it gets messages.")
@click.option("--on/--off", "is_active", default=None, help="Off: it gets nothing.")
@_options
@pass_session
def edit(session: Session, /, name: str, new_name: str | None, **wishes: Any) -> int:
    """
    Change a recipient.

    \b
    Example:
      monitor recipients edit desk --zone Europe/Berlin
    """
    one = orders.named(session.database.recipients(), name, "recipient")
    wish = _wish(session, name=new_name, **wishes)
    now = datetime.now(UTC)
    changed = orders.change_recipient(session.database, one, wish, now=now)
    session.say(f"Changed {', '.join(changed)} of {one.name}." if changed else "Nothing to change.")
    return 0


@recipients.command("remove")
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> int:
    """
    Remove a recipient with its alerts; what waits for it is not sent.

    \b
    Example:
      monitor recipients remove desk
    """
    one = orders.named(session.database.recipients(), name, "recipient")
    session.database.remove_recipient(one.id, now=datetime.now(UTC))
    session.say(f"Removed {one.name}.")
    return 0


@recipients.command("test")
@click.argument("name")
@pass_session
def test(session: Session, name: str) -> int:
    """
    Send a recipient a message that says that it is a test.

    \b
    Example:
      monitor recipients test desk
    """
    one = orders.named(session.database.recipients(), name, "recipient")
    return send_now(session, orders.queue_test(session.database, one, None, now=datetime.now(UTC)))


def _wish(session: Session, /, **given: Any) -> orders.Wish:
    view = given["view"]
    known = session.database.views() if view else []
    return orders.Wish(
        name=given["name"],
        target=usable(given["target"], session.environ) if given["target"] else None,
        zone=given["zone"],
        digest_cron=given["digest"],
        digest_view_id=orders.named(known, view, "view").id if view else 0 if view == "" else None,
        digest_by=given["by"],
        even_empty=given["even_empty"],
        is_active=given["is_active"],
    )


def _record(one: Recipient) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "reached": shown(one.target),
        "zone": one.zone,
        "digest": one.digest_cron,
        "by": one.digest_by,
        "view_id": one.digest_view_id,
        "even_empty": one.even_empty,
        "is_active": one.is_active,
        "told_until": stamp(one.told_until),
        "next_digest_at": stamp(one.next_digest_at),
    }
