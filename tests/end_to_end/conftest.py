"""What end-to-end tests share: a fake web, and a database that watches it."""

import pytest

from tests.world import program
from tests.world.web import fake_web


@pytest.fixture
def web():
    """Three outlets with three items each."""
    with fake_web(outlets=3, items=3) as running:
        yield running


@pytest.fixture
def url(tmp_path, web):
    """The address of a SQLite database that watches the web."""
    address = f"sqlite:///{tmp_path}/monitor.sqlite"
    program.prepare(address, web)
    return address


@pytest.fixture
def crawl(url, tmp_path):
    """Runs `monitor crawl` with these words."""

    def run(*words, environ=None):
        return program.run(url, "crawl", *words, folder=tmp_path, environ=environ)

    return run
