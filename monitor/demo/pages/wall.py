"""What stands where nothing may be read: a bot wall, or a notice that the feed is no more."""

from __future__ import annotations

from html import escape

from monitor.demo.shown import NOTICE

#: Words by status.
WORDS = {
    403: ("Checking your browser", "Enable JavaScript and cookies to continue."),
    410: ("This feed is no more", "The publication was closed. Thank you for reading."),
}


def page(name: str, status: int) -> str:
    """The page for a status."""
    title, words = WORDS.get(status, ("Not available", "Nothing can be read here."))
    return f"""<!DOCTYPE html><html lang="en"><head><title>{title}</title></head>
<body><h1>{escape(name)}</h1><p>{words}</p><p><small>{NOTICE}</small></p></body></html>
"""
