"""Recipients, alerts, and what is to be sent out, once."""

from __future__ import annotations

from monitor.store.rows import Rows


class OutboxRows(Rows):
    """See `ports.Outbox`."""
