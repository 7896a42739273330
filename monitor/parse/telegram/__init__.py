"""A public Telegram channel."""

from monitor.parse.telegram.channel import parse_channel

__all__ = ["parse_channel"]
