"""Saved queries: names, owners, secret addresses, removal and return; on both databases."""

import pytest

from monitor.errors import BadInput
from monitor.model import Order, ReviewState, StoryQuery
from tests.store.records import NOW, hours

QUERY = StoryQuery(minerals=("tungsten",), search='"a b" -c', within_s=3600)


def test_a_view_comes_back_as_it_was_kept(database):
    """Name, query, owner and time; the token is long and its own."""
    one = database.add_view("  Tungsten \n news ", QUERY, owner="ann", now=NOW)
    other = database.add_view("all", StoryQuery(), owner="ben", now=hours(1))
    assert (one.name, one.query, one.owner, one.created_at) == ("Tungsten news", QUERY, "ann", NOW)
    assert len(one.token) >= 32
    assert one.token != other.token
    assert database.views() == [other, one]
    assert database.view(one.id) == one
    assert database.view(99) is None


@pytest.mark.parametrize("name", ["", " \n", "x" * 101, "TUNGSTEN", "\ud800" * 200])
def test_a_name_that_is_none_is_refused(database, name):
    """Empty, too long, or another view's in other letters."""
    database.add_view("tungsten", QUERY, owner="ann", now=NOW)
    with pytest.raises(BadInput):
        database.add_view(name, QUERY, owner="ann", now=NOW)
    assert len(database.views()) == 1


def test_a_view_can_be_changed(database):
    """Its name (in other letters too) and what it chooses."""
    view = database.add_view("tungsten", QUERY, owner="ann", now=NOW)
    other = StoryQuery(states=(ReviewState.KEPT,), order=Order.RELEVANCE)
    assert database.rename_view(view.id, "Tungsten").name == "Tungsten"
    assert database.set_view_query(view.id, other).query == other
    assert database.view(view.id).token == view.token


def test_the_address_of_a_feed_is_secret_and_can_be_renewed(database):
    """Only the very token leads to the view; after renewal only the new one."""
    view = database.add_view("tungsten", QUERY, owner="ann", now=NOW)
    assert database.view_of_token(view.token).id == view.id
    for wrong in ("", view.token[:-1], f"{view.token}x", "é", "\ud800", view.token.upper()):
        assert database.view_of_token(wrong) is None
    renewed = database.renew_view(view.id)
    assert database.view_of_token(view.token) is None
    assert database.view_of_token(renewed.token).id == view.id


def test_a_removed_view_comes_back_unless_its_name_was_taken(database):
    """Its address leads nowhere meanwhile, and then to it again."""
    view = database.add_view("tungsten", QUERY, owner="ann", now=NOW)
    database.remove_view(view.id, now=hours(1))
    assert database.views() == []
    assert database.view_of_token(view.token) is None
    assert database.restore_view(view.id) == view
    database.remove_view(view.id, now=hours(1))
    database.add_view("Tungsten", QUERY, owner="ben", now=hours(2))
    with pytest.raises(BadInput):
        database.restore_view(view.id)


def test_what_is_not_there_cannot_be_changed(database):
    """Each change of an unknown or removed view is refused in words."""
    view = database.add_view("tungsten", QUERY, owner="ann", now=NOW)
    database.remove_view(view.id, now=NOW)
    for number in (view.id, 99):
        for change in (
            lambda n: database.rename_view(n, "x"),
            lambda n: database.set_view_query(n, QUERY),
            database.renew_view,
            lambda n: database.remove_view(n, now=NOW),
        ):
            with pytest.raises(BadInput, match="no such view"):
                change(number)
    with pytest.raises(BadInput, match="no such view"):
        database.restore_view(99)
