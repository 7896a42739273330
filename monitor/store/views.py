"""Saved queries."""

from __future__ import annotations

from monitor.store.rows import Rows


class ViewRows(Rows):
    """See `ports.Views`."""
