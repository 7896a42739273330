"""
What systemd is told: ready, reloading, stopping, alive (sd_notify, over its socket).

Outside systemd there is no socket and nothing is told.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Mapping

log = logging.getLogger(__name__)

#: Seconds that a full socket may hold the loop.
PATIENCE_S = 0.5


class Notifier:
    """Tells the service manager that started us, if it asked to be told."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        #: A leading @ stands for the zero byte of an abstract address.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._status = ""

    def ready(self) -> None:
        """The service runs, or runs again after `reloading`."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """The settings are being read again."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, why: str) -> None:
        """The service is about to end."""
        self._tell("STOPPING=1", f"STATUS={why}")

    def alive(self, status: str) -> None:
        """The clock ticks; `status` is what `systemctl status` shows."""
        news = [f"STATUS={status}"] if status != self._status else []
        self._status = status
        self._tell("WATCHDOG=1", *news)

    def _tell(self, *words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
                way.settimeout(PATIENCE_S)
                way.sendto("\n".join(words).encode(), self._address)
        except OSError as error:
            log.warning("systemd cannot be told %s: %s", words[0], error)
