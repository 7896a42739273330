"""JSON over HTTP."""

from monitor.parse.api.reader import parse_api

__all__ = ["parse_api"]
