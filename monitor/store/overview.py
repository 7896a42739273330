"""Stories counted by day, mineral and country."""

from __future__ import annotations

from monitor.store.rows import Rows


class OverviewRows(Rows):
    """See `ports.Overview`."""
