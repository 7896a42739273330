"""What this machine can not run is named in the closing lines, and CI allows none of it."""

import os

import pytest

IS_STRICT = os.environ.get("MONITOR_TEST_NO_SKIP") == "1"


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
