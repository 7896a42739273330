"""A page or PDF that is watched for change."""

from monitor.parse.watched.reader import parse_watched

__all__ = ["parse_watched"]
