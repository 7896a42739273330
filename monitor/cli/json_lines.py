"""Log lines for machines."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from monitor.wording import json_escaped


class JsonLines(JsonFormatter):
    """One object a line: time, level, logger, message, then what the event brought along."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Levels in the words of the settings."""
        return {**log_data, "level": str(log_data["level"]).lower()}

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        """The object itself, without characters that a terminal obeys."""
        return json_escaped(super().jsonify_log_record(log_data))

    def add_fields(
        self,
        log_data: dict[str, object],
        record: logging.LogRecord,
        message_dict: dict[str, object],
    ) -> None:
        """The time first, as RFC 3339 has it."""
        when = datetime.fromtimestamp(record.created, UTC)
        log_data["time"] = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        super().add_fields(log_data, record, message_dict)
