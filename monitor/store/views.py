"""Saved queries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from monitor.model import View
from monitor.review.queries import query_of_record
from monitor.store.rows import Rows
from monitor.store.tables import views


class ViewRows(Rows):
    """See `ports.Views`."""

    def view(self, view_id: int) -> View | None:
        """One that is not removed."""
        query = sa.select(views).where(views.c.id == view_id, views.c.removed_at.is_(None))
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return _view(row)

    def views(self) -> list[View]:
        """All that are not removed, by name."""
        query = sa.select(views).where(views.c.removed_at.is_(None))
        with self.reading() as connection:
            rows = connection.execute(query.order_by(views.c.name, views.c.id))
            return [_view(row) for row in rows]


def _view(row: Any) -> View:
    return View(
        id=row.id,
        name=row.name,
        query=query_of_record(row.query),
        owner=row.owner,
        created_at=row.created_at,
        token=row.token,
    )
