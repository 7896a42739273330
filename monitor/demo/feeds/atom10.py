"""Atom 1.0 (RFC 4287) with `tag:` ids and addresses relative to the feed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def feed(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The feed of an outlet."""
    entries = "\n".join(_entry(masthead, one) for one in shown)
    updated = max((one.updated_at for one in shown), default=None)
    stamp = updated.isoformat() if updated else "2000-01-01T00:00:00Z"
    return f"""<?xml version="1.0" encoding="{masthead.encoding}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{masthead.language}">
<title>{escape(masthead.name)}</title><subtitle>{escape(masthead.tagline)}</subtitle>
<rights>{NOTICE}</rights><id>{masthead.start}</id><updated>{stamp}</updated>
<link rel="self" href="{masthead.start}"/><link rel="alternate" href="{masthead.base}/"/>
{entries}
</feed>
"""


def _entry(masthead: Masthead, one: Shown) -> str:
    href = escape(one.link.removeprefix(masthead.base))
    return (
        f"<entry><title>{escape(one.title)}</title>"
        f"<id>tag:sample.invalid,2025:{one.number}</id>"
        f'<link rel="alternate" type="text/html" href="{href}"/>'
        f"<author><name>{escape(one.author or masthead.name)}</name></author>"
        f"<published>{one.published_at.isoformat()}</published>"
        f"<updated>{one.updated_at.isoformat()}</updated>"
        f'<summary type="html">{escape(f"<p>{escape(one.summary)}</p>")}</summary></entry>'
    )
