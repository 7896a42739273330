"""Who gets what: recipients, alerts, and how much each alert has told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import Alert, AlertKind, Delivery, DeliveryState, Mark, Recipient
from monitor.store.rows import Rows, chunks, clean, cleaned, insert, inserted_id
from monitor.store.tables import alert_marks, alerts, deliveries, recipients

#: Columns that refer to another table: 0 in a record is NULL in a row.
_REFERRING = ("digest_view_id", "view_id", "alert_id")


class RecipientRows(Rows):
    """See `ports.Outbox`."""

    def recipients(self) -> list[Recipient]:
        """All that are not removed, by name."""
        query = sa.select(recipients).where(recipients.c.removed_at.is_(None))
        with self.reading() as connection:
            rows = connection.execute(query.order_by(recipients.c.name, recipients.c.id))
            return [_recipient(row) for row in rows]

    def recipient(self, recipient_id: int) -> Recipient | None:
        """One that is not removed."""
        with self.reading() as connection:
            row = connection.execute(_present(recipients, recipient_id)).one_or_none()
        return _recipient(row) if row else None

    def add_recipient(self, new: Recipient, *, now: datetime) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        values = _values(new) | {"created_at": now}
        with self.writing() as connection:
            _refuse_twin(connection, recipients, new.name)
            return inserted_id(connection, recipients, **values)

    def change_recipient(self, recipient_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        self._change(recipients, recipient_id, changes)

    def remove_recipient(self, recipient_id: int, *, now: datetime) -> None:
        """
        Remove it with its alerts; what was not sent to it yet is not sent.

        Raises:
            BadInput: there is none.
        """
        with self.writing() as connection:
            _change(connection, recipients, recipient_id, {"removed_at": now, "target": ""})
            connection.execute(
                sa.update(alerts)
                .where(alerts.c.recipient_id == recipient_id, alerts.c.removed_at.is_(None))
                .values(removed_at=now)
            )
            _forget_unsent(connection, deliveries.c.recipient_id == recipient_id)

    def alerts(self) -> list[Alert]:
        """All that are not removed, by name."""
        query = sa.select(alerts).where(alerts.c.removed_at.is_(None))
        with self.reading() as connection:
            rows = connection.execute(query.order_by(alerts.c.name, alerts.c.id))
            return [_alert(row) for row in rows]

    def add_alert(self, new: Alert) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        with self.writing() as connection:
            _refuse_twin(connection, alerts, new.name)
            return inserted_id(connection, alerts, **_values(new))

    def change_alert(self, alert_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        self._change(alerts, alert_id, changes)

    def remove_alert(self, alert_id: int, *, now: datetime) -> None:
        """
        Remove it; what it has queued and not sent yet is not sent.

        Raises:
            BadInput: there is none.
        """
        with self.writing() as connection:
            _change(connection, alerts, alert_id, {"removed_at": now})
            _forget_unsent(connection, deliveries.c.alert_id == alert_id)

    def alert_marks(self, alert_id: int, subjects: Iterable[str] | None = None) -> dict[str, Mark]:
        """How much an alert has told, of these subjects or of all."""
        query = sa.select(alert_marks).where(alert_marks.c.alert_id == alert_id)
        with self.reading() as connection:
            if subjects is None:
                rows = list(connection.execute(query))
            else:
                parts = chunks(subjects)
                chosen = (query.where(alert_marks.c.subject.in_(part)) for part in parts)
                rows = [row for one in chosen for row in connection.execute(one)]
        return {
            row.subject: Mark(subject=row.subject, told_until=row.told_until, told=row.told)
            for row in rows
        }

    def _change(self, table: sa.Table, number: int, changes: Mapping[str, Any]) -> None:
        with self.writing() as connection:
            if "name" in changes:
                _refuse_twin(connection, table, changes["name"], beside=number)
            _change(connection, table, number, changes)


def put_mark(connection: sa.Connection, alert_id: int, mark: Mark) -> None:
    """Remember how much an alert has told of a subject."""
    told = {"told_until": mark.told_until, "told": clean(mark.told)}
    connection.execute(
        insert(connection, alert_marks)
        .values(alert_id=alert_id, subject=clean(mark.subject), **told)
        .on_conflict_do_update(index_elements=["alert_id", "subject"], set_=told)
    )


def _change(
    connection: sa.Connection, table: sa.Table, number: int, changes: Mapping[str, Any]
) -> None:
    statement = (
        sa.update(table)
        .where(table.c.id == number, table.c.removed_at.is_(None))
        .values(**_row(changes))
    )
    if not connection.execute(statement).rowcount:
        noun = table.name.removesuffix("s")
        raise BadInput(f"there is no such {noun}.", subject=str(number))


def _refuse_twin(connection: sa.Connection, table: sa.Table, name: str, *, beside: int = 0) -> None:
    same = sa.select(table.c.id).where(
        table.c.name == clean(name), table.c.removed_at.is_(None), table.c.id != beside
    )
    if connection.execute(same).first():
        noun = table.name.removesuffix("s")
        raise BadInput(f"another {noun} has that name.", subject=name, advice="Choose another.")


def _forget_unsent(connection: sa.Connection, of_whom: sa.ColumnElement[bool]) -> None:
    unsent = (DeliveryState.WAITING.value, DeliveryState.FAILED.value)
    connection.execute(sa.delete(deliveries).where(of_whom, deliveries.c.state.in_(unsent)))


def _present(table: sa.Table, number: int) -> sa.Select[Any]:
    return sa.select(table).where(table.c.id == number, table.c.removed_at.is_(None))


def _values(record: Recipient | Alert | Delivery) -> dict[str, Any]:
    """A record as a new row."""
    return {key: value for key, value in _row(asdict(record)).items() if key != "id"}


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: (value or None) if key in _REFERRING else cleaned(value)
        for key, value in values.items()
    }


#: A record as a new row, for the outbox.
new_row = _values


def _recipient(row: Any) -> Recipient:
    values = {key: value for key, value in row._asdict().items() if key != "removed_at"}
    return Recipient(**values | {"digest_view_id": row.digest_view_id or 0})


def _alert(row: Any) -> Alert:
    values = {key: value for key, value in row._asdict().items() if key != "removed_at"}
    return Alert(**values | {"kind": AlertKind(row.kind), "view_id": row.view_id or 0})
