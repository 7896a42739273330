"""Atom 0.3, the draft that some old systems still write."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def feed(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The feed of an outlet."""
    entries = "\n".join(
        f"<entry><title>{escape(one.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(one.link)}"/>'
        f"<id>{escape(one.url)}</id>"
        f"<issued>{one.published_at.isoformat()}</issued>"
        f"<modified>{one.updated_at.isoformat()}</modified>"
        f'<summary type="text/plain">{escape(one.summary)}</summary></entry>'
        for one in shown
    )
    return f"""<?xml version="1.0" encoding="{masthead.encoding}"?>
<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="{masthead.language}">
<title>{escape(masthead.name)}</title><tagline>{escape(masthead.tagline)}</tagline>
<copyright>{NOTICE}</copyright>
<link rel="alternate" type="text/html" href="{masthead.base}/"/>
{entries}
</feed>
"""
