"""
How the log looks: text for a person, JSON for machines, and what systemd's journal likes.

One-off commands speak to whoever started them, always in text. The daemon asks its settings:
`auto` is text on a terminal and in the journal (which keeps the times, and takes the gravity
from a prefix), else one JSON object a line.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from monitor.settings import LogSettings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

#: Gravity in the journal (syslog), least first.
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG = 7


class TextLines(logging.Formatter):
    """Text without control characters: publishers choose names, and what a cause quotes."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        """The message on one line."""
        record.message = "".join(c if c.isprintable() else " " for c in record.message)
        return super().formatMessage(record)


class JournalLines(TextLines):
    """Each line with its gravity in front."""

    def format(self, record: logging.LogRecord) -> str:
        """A traceback has many lines."""
        number = next((p for level, p in _PRIORITIES if record.levelno >= level), _DEBUG)
        return "\n".join(f"<{number}>{line}" for line in super().format(record).split("\n"))


def start(level: int) -> None:
    """The log of any command: text on stderr."""
    _install(TextLines(TEXT), level)


def start_daemon(settings: LogSettings, *, level: int | None, environ: Mapping[str, str]) -> str:
    """
    The log of the daemon on stderr, as its settings want it.

    Args:
        level: what -v and -q ask for; None leaves it to the settings.

    Returns:
        What it looks like: `text`, `journal` or `json`.
    """
    from monitor.cli.json_lines import JsonLines

    form = settings.format if settings.format != "auto" else _fitting(sys.stderr, environ)
    formatters: dict[str, logging.Formatter] = {
        "text": TextLines(TEXT),
        "journal": JournalLines("%(name)s: %(message)s"),
        "json": JsonLines(),
    }
    chosen = level if level is not None else logging.getLevelName(settings.level.upper())
    _install(formatters[form], chosen)
    logging.captureWarnings(True)
    return form


def _install(formatter: logging.Formatter, level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _fitting(stream: TextIO, environ: Mapping[str, str]) -> str:
    """The form for where the log goes."""
    if stream.isatty():
        return "text"
    return "journal" if _is_journal(stream, environ) else "json"


def _is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether the stream is the journal's: systemd names its device and inode."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"
