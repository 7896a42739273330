"""Bytes of a source to records: feeds, listings, channels."""

from monitor.parse.documents import parse_document

__all__ = ["parse_document"]
