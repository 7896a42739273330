"""Recipients, alerts, and what is to be sent out, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from monitor.model import Alert, Delivery, DeliveryState, Mark, Recipient


class Outbox(Protocol):
    """Recipients, alerts, and what is to be sent out, once."""

    def recipients(self) -> list[Recipient]:
        """All that are not removed, by name."""
        ...

    def recipient(self, recipient_id: int) -> Recipient | None:
        """One that is not removed."""
        ...

    def add_recipient(self, new: Recipient, *, now: datetime) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        ...

    def change_recipient(self, recipient_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        ...

    def remove_recipient(self, recipient_id: int, *, now: datetime) -> None:
        """
        Remove it with its alerts; what was not sent to it yet is not sent.

        Raises:
            BadInput: there is none.
        """
        ...

    def alerts(self) -> list[Alert]:
        """All that are not removed, by name."""
        ...

    def add_alert(self, new: Alert) -> int:
        """
        Add it, whatever its id is; return its id.

        Raises:
            BadInput: another one has that name.
        """
        ...

    def change_alert(self, alert_id: int, **changes: Any) -> None:
        """
        Change fields of one.

        Raises:
            BadInput: there is none, or another one has the new name.
        """
        ...

    def remove_alert(self, alert_id: int, *, now: datetime) -> None:
        """
        Remove it; what it has queued and not sent yet is not sent.

        Raises:
            BadInput: there is none.
        """
        ...

    def alert_marks(self, alert_id: int, subjects: Iterable[str] | None = None) -> dict[str, Mark]:
        """How much an alert has told, of these subjects or of all."""
        ...

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
        ...

    def queue_alert(
        self, alert: Alert, delivery: Delivery | None, *, marks: Iterable[Mark], now: datetime
    ) -> bool:
        """Queue an alert's message and remember what it tells; False when another one did."""
        ...

    def queue(self, delivery: Delivery) -> int:
        """Queue what tells nothing of the news, like a test; its id."""
        ...

    def take_deliveries(self, *, now: datetime, limit: int, only: int = 0) -> list[Delivery]:
        """Some that are due, or this one, as being sent from now on; the oldest first."""
        ...

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
        ...

    def release_deliveries(self) -> int:
        """Those that were being sent wait again; for who holds the instance lock, at its start."""
        ...

    def deliveries(self, *, limit: int, state: DeliveryState | None = None) -> list[Delivery]:
        """The last ones, newest first."""
        ...

    def delivery(self, delivery_id: int) -> Delivery | None:
        """One of them."""
        ...

    def delivery_counts(self) -> dict[DeliveryState, int]:
        """How many are in each state."""
        ...

    def retry_delivery(self, delivery_id: int) -> None:
        """
        Let one that failed, or waits for its time, be sent now, with all its attempts.

        Raises:
            BadInput: it is none of those.
        """
        ...

    def drop_delivery(self, delivery_id: int) -> None:
        """
        Forget one that was not sent; what it tells is not told.

        Raises:
            BadInput: it is being sent, was sent, or is none.
        """
        ...

    def forget_deliveries(self, before: datetime) -> int:
        """Remove some of the oldest that were sent before then; how many, 0 when none is left."""
        ...
