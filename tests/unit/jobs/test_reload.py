"""What changed between two settings, and what of it holds at once."""

import logging
from dataclasses import replace

from monitor.jobs.reload import reloaded
from monitor.settings import DatabaseSettings, FetchSettings, Settings, WebSettings, differences


def test_secrets_are_not_told(caplog):
    """A database's password is never told, not even that it was another one."""
    old = Settings(database=DatabaseSettings(url="postgresql://me:first@db/news"))
    new = Settings(database=DatabaseSettings(url="postgresql://me:second@db/news"))
    with caplog.at_level(logging.INFO):
        reloaded(old, new)
    assert "first" not in caplog.text
    assert "second" not in caplog.text
    assert "database.url" in caplog.text
    assert "(another password)" in caplog.text


def test_what_is_fixed_stays_as_it_was():
    """Database and address of the running process stay; everything else is taken over."""
    old = Settings(database=DatabaseSettings(url="sqlite:///a"))
    fresh = Settings(
        database=DatabaseSettings(url="sqlite:///b"),
        web=WebSettings(port=9000),
        fetch=FetchSettings(host_gap=3.0),
    )
    now = reloaded(old, fresh)
    assert (now.database, now.web) == (old.database, old.web)
    assert now.fetch.host_gap == 3.0


def test_differences_are_told_as_the_file_writes_them():
    """Texts in quotes, lists as lists, in the order of the settings."""
    new = replace(
        Settings(), fetch=FetchSettings(allow_private=("10.0.0.0/8",), contact="a@b.example")
    )
    assert differences(Settings(), new) == [
        ("fetch.allow_private", "[]", '["10.0.0.0/8"]'),
        ("fetch.contact", '""', '"a@b.example"'),
    ]
    assert differences(new, new) == []
