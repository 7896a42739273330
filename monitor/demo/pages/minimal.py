"""As little as a page can be: a title, a date, paragraphs without closing tags."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def page(masthead: Masthead, one: Shown, _others: Sequence[Shown]) -> str:
    """The page of one article."""
    text = "\n".join(f"<p>{escape(part)}" for part in one.paragraphs)
    return f"""<!doctype html>
<meta charset="utf-8">
<title>{escape(one.title)}</title>
<a href="/">{escape(masthead.name)}</a>
<h1>{escape(one.title)}</h1>
<time datetime="{one.published_at:%Y-%m-%d}">{one.published_at:%d.%m.%Y}</time>
{text}
<hr>
<small>{NOTICE}</small>
"""
