"""A page that lists stories."""

from monitor.parse.listing.reader import parse_listing

__all__ = ["parse_listing"]
