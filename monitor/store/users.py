"""Users, their sign-ins, and attempts that failed."""

from __future__ import annotations

from monitor.store.rows import Rows


class UserRows(Rows):
    """See `ports.Users`."""
