"""A served desk with sample stories, and a real browser to look at it."""

import shutil

import pytest

from monitor.store import open_database
from tests.web import browsing
from tests.web.world import sample_stories, served


@pytest.fixture(scope="session")
def sample_file(empty_file, tmp_path_factory):
    """A SQLite file with `sample_stories`, to be copied."""
    path = tmp_path_factory.mktemp("sample") / "desk.sqlite"
    shutil.copy(empty_file, path)
    database = open_database(f"sqlite:///{path}")
    sample_stories(database)
    database.close()
    return path


@pytest.fixture
def desk(sample_file, tmp_path):
    """The site over a fresh SQLite database with `sample_stories`."""
    shutil.copy(sample_file, tmp_path / "desk.sqlite")
    with served(f"sqlite:///{tmp_path}/desk.sqlite") as here:
        yield here


@pytest.fixture
def empty_desk(sqlite_url):
    """The site over an empty database."""
    with served(sqlite_url) as here:
        yield here


@pytest.fixture(scope="module")
def chromium():
    """A running browser, shared by a module: while it runs, no other event loop can."""
    running = browsing.browser()
    try:
        opened = running.__enter__()
    except browsing.NoBrowserError as error:
        pytest.skip(str(error))
    yield opened
    running.__exit__(None, None, None)


@pytest.fixture
def tab(chromium):
    """
    Opens tabs: `tab(width=390, color_scheme="dark")`; see `browsing.Tab`.

    At the end none of them may have met an error of the console, a dialog, or another host; a
    test that expects one empties `Tab.faults` itself.
    """
    opened = []

    def open_one(**options):
        opened.append(browsing.Tab(chromium, **options))
        return opened[-1]

    yield open_one
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.close()
    assert faults == []
