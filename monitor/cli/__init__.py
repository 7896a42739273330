"""The command line: arguments to functions, results to a terminal or JSON, exit statuses."""

from __future__ import annotations

from monitor.cli.app import main

__all__ = ["main"]
