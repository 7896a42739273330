"""What this machine can not run is named in the closing lines, and CI allows none of it."""

import os
import shutil
import signal

import pytest

from monitor.store import open_database
from tests import databases

IS_STRICT = os.environ.get("MONITOR_TEST_NO_SKIP") == "1"


def pytest_configure():
    """A shell's background job ignores Ctrl-C and hands that down; our children must not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Name each reason for a skip once, with how many tests it cost."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        reason = str(reason).removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {count} tests: {reason}")
    if reasons and IS_STRICT:
        terminalreporter.write_line("MONITOR_TEST_NO_SKIP=1 allows no skipped test.")


def pytest_sessionfinish(session, exitstatus):
    """A skipped test fails the run where none is allowed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IS_STRICT and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def postgres_server():
    """The address of a PostgreSQL server, or a skip with the reason."""
    running = databases.server()
    try:
        url = running.__enter__()
    except databases.NoServerError as error:
        pytest.skip(str(error))
    yield url
    running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """A SQLite file of today's schema, to be copied: a copy is quicker than the migrations."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def empty_postgres(postgres_server):
    """A PostgreSQL server, and a database of today's schema there, to be copied."""
    with databases.fresh_database(postgres_server) as url:
        open_database(url).close()
        yield postgres_server, databases.name_of(url)


@pytest.fixture
def sqlite_url(empty_file, tmp_path):
    """The address of a fresh SQLite database."""
    shutil.copy(empty_file, tmp_path / "monitor.sqlite")
    return f"sqlite:///{tmp_path}/monitor.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The address of a fresh database, of both kinds in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server, template = request.getfixturevalue("empty_postgres")
    with databases.fresh_database(server, template=template) as url:
        yield url


@pytest.fixture
def database(database_url):
    """A fresh, open store of both kinds in turn."""
    opened = open_database(database_url)
    yield opened
    opened.close()
