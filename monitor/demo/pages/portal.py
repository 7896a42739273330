"""A portal without a feed: a list of notices, and a page for each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import around
from monitor.demo.shown import NOTICE, Masthead, Shown


def listing(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The page that lists all notices."""
    rows = "\n".join(
        f'<div class="row-item"><span class="row-date">{one.published_at:%d.%m.%Y}</span>'
        f'<a class="row-title" href="{escape(one.url.removeprefix(masthead.base))}">'
        f'{escape(one.title)}</a><p class="row-lead">{escape(one.summary)}</p></div>'
        for one in shown
    )
    return _framed(masthead, masthead.name, f'<div class="rows">{rows}</div>')


def page(masthead: Masthead, one: Shown, _others: Sequence[Shown]) -> str:
    """The page of one notice."""
    text = "\n".join(f"<p>{escape(part)}</p>" for part in one.paragraphs)
    return _framed(
        masthead,
        f"{one.title} :: {masthead.name}",
        f'<section class="notice"><h1>{escape(one.title)}</h1>'
        f'<span class="when">{one.published_at:%d.%m.%Y}</span>\n<div>{text}</div></section>',
    )


def _framed(masthead: Masthead, title: str, inside: str) -> str:
    menu, _, _ = around(masthead.language)
    items = "".join(f'<a href="/p/{n}">{item}</a> ' for n, item in enumerate(menu))
    return f"""<!DOCTYPE html>
<html lang="{masthead.language}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>
<body><nav>{items}</nav>
{inside}
<footer>{escape(masthead.tagline)} {NOTICE}</footer></body></html>
"""
