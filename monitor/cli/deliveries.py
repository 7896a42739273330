"""`monitor deliveries`: what was sent, what waits, what failed and why."""

from __future__ import annotations

from typing import Any

import click

from monitor.cli.sending_now import send_now
from monitor.cli.session import Session, json_option, pass_session
from monitor.model import Delivery, DeliveryState
from monitor.wording import counted, one_line, short, stamp


@click.group()
def deliveries() -> None:
    """
    List what was sent, waits or failed; retry or drop what failed.

    \b
    Examples:
      monitor deliveries list --state failed
      monitor deliveries retry 12
    """


@deliveries.command("list")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]))
@click.option(
    "--limit", type=click.IntRange(1), default=30, show_default=True, help="At most so many."
)
@json_option
@pass_session
def list_(session: Session, state: str | None, limit: int, as_json: bool) -> int:
    """
    List deliveries, the newest first.

    \b
    Example:
      monitor deliveries list --state failed
    """
    wanted = DeliveryState(state) if state else None
    found = session.database.deliveries(limit=limit, state=wanted)
    names = {one.id: one.name for one in session.database.recipients()}
    if as_json:
        session.emit_all(_record(one, names.get(one.recipient_id, "")) for one in found)
    elif not found:
        session.say("No delivery.")
    for one in [] if as_json else found:
        session.out.print(
            f"{one.id:>5}  {short(one.created_at)}  {one.state.value:<8} {one.kind:<7} "
            f"{one_line(names.get(one.recipient_id, '?'), 30)}: {one_line(one.subject, 80)}"
        )
        if one.error:
            again = f" (again at {short(one.not_before)})" if one.not_before else ""
            tried = counted(one.attempts, "attempt")
            session.out.print(f"       {tried}: {one_line(one.error, 300)}{again}")
    return 0


@deliveries.command("retry")
@click.argument("number", type=int)
@pass_session
def retry(session: Session, number: int) -> int:
    """
    Send one that failed, or waits for its time, now.

    \b
    Example:
      monitor deliveries retry 12
    """
    session.database.retry_delivery(number)
    return send_now(session, number)


@deliveries.command("drop")
@click.argument("number", type=int)
@pass_session
def drop(session: Session, number: int) -> int:
    """
    Forget one that was not sent; what it tells is not told.

    \b
    Example:
      monitor deliveries drop 12
    """
    session.database.drop_delivery(number)
    session.say(f"Dropped {number}.")
    return 0


def _record(one: Delivery, recipient: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "kind": one.kind,
        "recipient": recipient,
        "alert_id": one.alert_id,
        "subject": one.subject,
        "state": one.state.value,
        "attempts": one.attempts,
        "error": one.error,
        "created_at": stamp(one.created_at),
        "not_before": stamp(one.not_before),
        "sent_at": stamp(one.sent_at),
    }
