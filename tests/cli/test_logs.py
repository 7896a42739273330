"""How the log looks: for a terminal, a pipe, and the journal."""

import io
import json
import logging
import os
import pty
import re

import pytest

from monitor.cli import logs
from monitor.cli.json_lines import JsonLines
from monitor.settings import LogSettings


@pytest.fixture(autouse=True)
def untouched():
    """The root logger as it was."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    logging.captureWarnings(False)
    root.setLevel(level)
    root.handlers[:] = handlers


def record(message, *args, level=logging.INFO, exc_info=None, **extra):
    """An event."""
    made = logging.LogRecord("monitor.jobs", level, "x.py", 1, message, args, exc_info)
    made.__dict__.update(extra)
    return made


def test_one_json_object_a_line():
    """Time in UTC, level, logger, message, and what the event brought along; line ends escaped."""
    line = JsonLines().format(record("polled %s", "a\nb", source="Ores", outcome="ok", seconds=0.5))
    assert "\n" not in line
    said = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", said.pop("time"))
    assert said == {
        "level": "info",
        "logger": "monitor.jobs",
        "message": "polled a\nb",
        "source": "Ores",
        "outcome": "ok",
        "seconds": 0.5,
    }


def test_a_line_obeys_no_terminal():
    """What a terminal would obey is written by its code, and is the same to a program."""
    line = JsonLines().format(record("a\x9b2Jb\u202ec"))
    assert line.isprintable()
    assert json.loads(line)["message"] == "a\x9b2Jb\u202ec"


def test_a_traceback_is_a_field():
    """A fault with its traceback is still one line."""
    try:
        int("x")
    except ValueError as error:
        line = JsonLines().format(
            record("fault", exc_info=(type(error), error, error.__traceback__))
        )
    assert line.count("\n") == 0
    assert "ValueError: invalid" in json.loads(line)["exception"]


def test_text_cannot_write_to_the_terminal():
    """Control characters that a publisher put into a name are blanked."""
    said = logs.TextLines(logs.TEXT).format(record("failed: %s", "a\x1b[2J\n2026 ERROR\u202e"))
    assert said.isprintable()


def test_the_journal_gets_the_gravity():
    """Each line has its priority in front and no time: the journal has its own."""
    lines = logs.JournalLines("%(name)s: %(message)s")
    assert lines.format(record("on")) == "<6>monitor.jobs: on"
    assert lines.format(record("off", level=logging.ERROR)) == "<3>monitor.jobs: off"
    try:
        int("x")
    except ValueError as error:
        said = lines.format(record("fault", exc_info=(type(error), error, error.__traceback__)))
    assert all(line.startswith("<6>") for line in said.split("\n"))


def test_which_form_fits(monkeypatch, tmp_path):
    """Text on a terminal, the journal's own in the journal, JSON in a file or pipe."""
    master, slave = pty.openpty()
    file = (tmp_path / "log").open("w")
    with os.fdopen(master), os.fdopen(slave, "w") as screen, file:
        found = os.fstat(file.fileno())
        journal = {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}
        for stream, environ, form in (
            (screen, {}, "text"),
            (screen, journal, "text"),
            (file, {}, "json"),
            (file, journal, "journal"),
            (file, {"JOURNAL_STREAM": "1:2"}, "json"),
            (io.StringIO(), journal, "json"),
        ):
            monkeypatch.setattr("sys.stderr", stream)
            assert logs.start_daemon(LogSettings(), level=None, environ=environ) == form


@pytest.mark.parametrize(
    ("settings", "level", "least"),
    [
        (LogSettings(), None, logging.INFO),
        (LogSettings(level="warning"), None, logging.WARNING),
        (LogSettings(level="warning"), logging.DEBUG, logging.DEBUG),
        (LogSettings(), logging.ERROR, logging.ERROR),
    ],
)
def test_the_command_line_decides_before_the_settings(settings, level, least):
    """-v and -q override log.level."""
    logs.start_daemon(settings, level=level, environ={})
    assert logging.getLogger().level == least
