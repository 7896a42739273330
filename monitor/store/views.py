"""Saved queries, each with the secret address of its feed and spreadsheet."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import BadInput
from monitor.model import StoryQuery, View
from monitor.review.queries import query_of_record, query_record
from monitor.store.rows import Rows, clean, cleaned, inserted_id
from monitor.store.tables import views

#: Longest name, in characters; and views that there may be.
LONGEST_NAME, MOST_VIEWS = 100, 1000

#: Random bytes of a token.
TOKEN_BYTES = 24


class ViewRows(Rows):
    """See `ports.Views`."""

    def views(self) -> list[View]:
        """All views, by name."""
        with self.reading() as connection:
            return sorted(
                (_view(row) for row in connection.execute(_PRESENT)),
                key=lambda view: (view.name.casefold(), view.id),
            )

    def view(self, view_id: int) -> View | None:
        """One view that is not removed."""
        with self.reading() as connection:
            row = connection.execute(_PRESENT.where(views.c.id == view_id)).first()
        return _view(row) if row else None

    def view_of_token(self, token: str) -> View | None:
        """The view whose feed has this secret address; how long it takes tells nothing of it."""
        given = token.encode("utf-8", "surrogatepass")
        found = None
        for view in self.views():
            if hmac.compare_digest(view.token.encode(), given):
                found = view
        return found

    def add_view(self, name: str, query: StoryQuery, *, owner: str, now: datetime) -> View:
        """
        Keep a query under a name.

        Raises:
            BadInput: the name is empty, too long, or taken; or there are too many views.
        """
        with self.writing() as connection:
            number = inserted_id(
                connection,
                views,
                name=_free_name(connection, name),
                query=cleaned(query_record(query)),
                owner=clean(owner),
                token=secrets.token_urlsafe(TOKEN_BYTES),
                created_at=now,
            )
            return _of(connection, number)

    def rename_view(self, view_id: int, name: str) -> View:
        """
        Give a view another name.

        Raises:
            BadInput: there is no such view; the name is empty, too long, or taken.
        """
        with self.writing() as connection:
            _of(connection, view_id)
            return _set(connection, view_id, name=_free_name(connection, name, but=view_id))

    def set_view_query(self, view_id: int, query: StoryQuery) -> View:
        """
        Make a view choose something else.

        Raises:
            BadInput: there is no such view.
        """
        with self.writing() as connection:
            _of(connection, view_id)
            return _set(connection, view_id, query=cleaned(query_record(query)))

    def renew_view(self, view_id: int) -> View:
        """
        Give a view a new secret address; the old one leads nowhere.

        Raises:
            BadInput: there is no such view.
        """
        with self.writing() as connection:
            _of(connection, view_id)
            return _set(connection, view_id, token=secrets.token_urlsafe(TOKEN_BYTES))

    def remove_view(self, view_id: int, *, now: datetime) -> View:
        """
        Put a view away; it can be brought back.

        Raises:
            BadInput: there is no such view.
        """
        with self.writing() as connection:
            found = _of(connection, view_id)
            connection.execute(sa.update(views).where(views.c.id == view_id).values(removed_at=now))
            return found

    def restore_view(self, view_id: int) -> View:
        """
        Bring a removed view back, under its name and address.

        Raises:
            BadInput: there is none, or its name was taken meanwhile.
        """
        with self.writing() as connection:
            row = connection.execute(sa.select(views).where(views.c.id == view_id)).first()
            if row is None:
                raise _unknown(view_id)
            return _set(
                connection,
                view_id,
                name=_free_name(connection, row.name, but=view_id),
                removed_at=None,
            )


_PRESENT = sa.select(views).where(views.c.removed_at.is_(None))


def _view(row: Any) -> View:
    return View(
        id=row.id,
        name=row.name,
        query=query_of_record(row.query),
        owner=row.owner,
        created_at=row.created_at,
        token=row.token,
    )


def _of(connection: sa.Connection, view_id: int) -> View:
    row = connection.execute(_PRESENT.where(views.c.id == view_id)).first()
    if row is None:
        raise _unknown(view_id)
    return _view(row)


def _set(connection: sa.Connection, view_id: int, **values: Any) -> View:
    connection.execute(sa.update(views).where(views.c.id == view_id).values(**values))
    return _of(connection, view_id)


def _free_name(connection: sa.Connection, name: str, *, but: int = 0) -> str:
    """The name as it is kept; views are told apart by it, whatever the case of its letters."""
    wanted = clean(" ".join(name.split()))
    if not wanted:
        raise BadInput("is empty.", subject="the view's name", advice="Give it a name.")
    if len(wanted) > LONGEST_NAME:
        raise BadInput(
            f"is longer than {LONGEST_NAME} characters.",
            subject="the view's name",
            advice="Shorten it.",
        )
    taken = connection.execute(
        sa.select(views.c.name).where(views.c.removed_at.is_(None), views.c.id != but)
    ).scalars()
    names = {one.casefold() for one in taken}
    if wanted.casefold() in names:
        raise BadInput("is the name of another view.", subject=wanted, advice="Choose another.")
    if not but and len(names) >= MOST_VIEWS:
        raise BadInput(f"there are {MOST_VIEWS} views.", subject=wanted, advice="Remove some.")
    return wanted


def _unknown(view_id: int) -> BadInput:
    return BadInput(
        "there is no such view.", subject=str(view_id), advice="See: monitor views list"
    )
