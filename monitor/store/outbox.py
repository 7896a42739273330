"""
The outbox: what is to be sent out, once.

A delivery is queued in the transaction that moves the mark of what was told, under a key that
follows from what it tells; so a change is told by one delivery, whenever the program dies.
Its state is committed before the other side hears of it: one that was in hand when the program
died is sent again, under the same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Alert, Delivery, DeliveryState, Mark, Recipient
from monitor.store.recipients import RecipientRows, new_row, put_mark
from monitor.store.rows import clean, insert_new
from monitor.store.tables import alerts, deliveries, recipients

#: Old deliveries that are forgotten in one go.
FORGOTTEN = 500

#: Characters of a cause that are kept.
LONGEST_ERROR = 500


class OutboxRows(RecipientRows):
    """See `ports.Outbox`."""

    def queue_digest(
        self,
        recipient: Recipient,
        delivery: Delivery | None,
        *,
        until: datetime,
        next_at: datetime | None,
        told: Mapping[str, Sequence[int]],
    ) -> bool:
        """Queue a recipient's digest and remember what it tells; False when another one did."""
        moved = (
            sa.update(recipients)
            .where(
                recipients.c.id == recipient.id,
                recipients.c.removed_at.is_(None),
                _is(recipients.c.told_until, recipient.told_until),
            )
            .values(told_until=until, next_digest_at=next_at, told=dict(told))
        )
        with self.writing() as connection:
            if not connection.execute(moved).rowcount:
                return False
            _queue(connection, delivery)
        return True

    def queue_alert(
        self,
        alert: Alert,
        delivery: Delivery | None,
        *,
        marks: Iterable[Mark],
        now: datetime,
    ) -> bool:
        """Queue an alert's message and remember what it tells; False when another one did."""
        sent_at = now if delivery else alert.last_sent_at
        moved = (
            sa.update(alerts)
            .where(
                alerts.c.id == alert.id,
                alerts.c.removed_at.is_(None),
                _is(alerts.c.last_sent_at, alert.last_sent_at),
            )
            .values(last_sent_at=sent_at)
        )
        with self.writing() as connection:
            if not connection.execute(moved).rowcount:
                return False
            for mark in marks:
                put_mark(connection, alert.id, mark)
            _queue(connection, delivery)
        return True

    def queue(self, delivery: Delivery) -> int:
        """Queue what tells nothing of the news, like a test; its id."""
        with self.writing() as connection:
            _queue(connection, delivery)
            number: int = connection.execute(
                sa.select(deliveries.c.id).where(deliveries.c.key == delivery.key)
            ).scalar_one()
        return number

    def take_deliveries(self, *, now: datetime, limit: int, only: int = 0) -> list[Delivery]:
        """Some that are due, or this one, as being sent from now on; the oldest first."""
        due = (
            sa.select(deliveries)
            .where(
                deliveries.c.state == DeliveryState.WAITING.value,
                sa.or_(deliveries.c.not_before.is_(None), deliveries.c.not_before <= now),
            )
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        if only:
            due = due.where(deliveries.c.id == only)
        with self.reading() as connection:
            if not connection.execute(due.with_only_columns(deliveries.c.id)).first():
                return []
        with self.writing() as connection:
            found = connection.execute(due.with_for_update()).all()
            for row in found:
                connection.execute(
                    sa.update(deliveries)
                    .where(deliveries.c.id == row.id)
                    .values(
                        state=DeliveryState.SENDING.value,
                        attempts=deliveries.c.attempts + 1,
                        started_at=now,
                    )
                )
            numbers = [row.id for row in found]
            chosen = sa.select(deliveries).where(deliveries.c.id.in_(numbers))
            rows = connection.execute(chosen.order_by(deliveries.c.id)).all()
        return [_delivery(row) for row in rows]

    def settle_delivery(
        self,
        delivery_id: int,
        state: DeliveryState,
        *,
        now: datetime,
        error: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """What came of one that was being sent."""
        values: dict[str, Any] = {
            "state": state.value,
            "error": clean(error)[:LONGEST_ERROR],
            "not_before": not_before,
        }
        if state is DeliveryState.SENT:
            values["sent_at"] = now
        with self.writing() as connection:
            connection.execute(
                sa.update(deliveries).where(deliveries.c.id == delivery_id).values(**values)
            )

    def release_deliveries(self) -> int:
        """Those that were being sent wait again; for who holds the instance lock, at its start."""
        with self.writing() as connection:
            return connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.state == DeliveryState.SENDING.value)
                .values(state=DeliveryState.WAITING.value, not_before=None)
            ).rowcount

    def deliveries(self, *, limit: int, state: DeliveryState | None = None) -> list[Delivery]:
        """The last ones, newest first."""
        query = sa.select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(deliveries.c.state == state.value)
        with self.reading() as connection:
            return [_delivery(row) for row in connection.execute(query)]

    def delivery(self, delivery_id: int) -> Delivery | None:
        """One of them."""
        query = sa.select(deliveries).where(deliveries.c.id == delivery_id)
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _delivery(row) if row else None

    def delivery_counts(self) -> dict[DeliveryState, int]:
        """How many are in each state."""
        query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
        with self.reading() as connection:
            found = {DeliveryState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in DeliveryState}

    def retry_delivery(self, delivery_id: int) -> None:
        """
        Let one that failed, or waits for its time, be sent now, with all its attempts.

        Raises:
            BadInput: it is none of those.
        """
        values = {
            "state": DeliveryState.WAITING.value,
            "attempts": 0,
            "not_before": None,
            "error": "",
        }
        with self.writing() as connection:
            _need(connection.execute(_unsent(sa.update(deliveries), delivery_id).values(values)))

    def drop_delivery(self, delivery_id: int) -> None:
        """
        Forget one that was not sent; what it tells is not told.

        Raises:
            BadInput: it is being sent, was sent, or is none.
        """
        with self.writing() as connection:
            _need(connection.execute(_unsent(sa.delete(deliveries), delivery_id)))

    def forget_deliveries(self, before: datetime) -> int:
        """Remove some of the oldest that were sent before then; how many, 0 when none is left."""
        old = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.created_at < before, deliveries.c.state == DeliveryState.SENT.value)
            .limit(FORGOTTEN)
        )
        with self.writing() as connection:
            return connection.execute(
                sa.delete(deliveries).where(deliveries.c.id.in_(old))
            ).rowcount


def _queue(connection: sa.Connection, delivery: Delivery | None) -> None:
    if delivery is not None:
        values = new_row(delivery) | {"state": delivery.state.value}
        connection.execute(insert_new(connection.dialect.name, deliveries), values)


def _unsent(statement: Any, delivery_id: int) -> Any:
    states = (DeliveryState.FAILED.value, DeliveryState.WAITING.value)
    return statement.where(deliveries.c.id == delivery_id, deliveries.c.state.in_(states))


def _need(done: sa.CursorResult[Any]) -> None:
    if not done.rowcount:
        raise BadInput(
            "there is no such delivery that waits or failed.",
            subject="the delivery",
            advice="See: monitor deliveries list",
        )


def _is(column: sa.Column[Any], value: datetime | None) -> sa.ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _delivery(row: Any) -> Delivery:
    return Delivery(
        **row._asdict() | {"state": DeliveryState(row.state), "alert_id": row.alert_id or 0}
    )
