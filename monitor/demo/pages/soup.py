"""A site of nothing but `div`: menus, a tape of all metals, promotions between paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import TICKER, around
from monitor.demo.shown import NOTICE, Masthead, Shown


def page(masthead: Masthead, one: Shown, others: Sequence[Shown]) -> str:
    """The page of one article."""
    menu, heading, plea = around(masthead.language)
    items = "".join(
        f'<div class="m-i"><a href="/c/{n}">{item}</a></div>' for n, item in enumerate(menu)
    )
    tape = "".join(
        f'<span class="tk"><b>{name}</b> {price} <i>{move}%</i></span>'
        for name, price, move in TICKER
    )
    related = "".join(
        f'<div class="rl"><a href="{escape(other.url)}">{escape(other.title)}</a></div>'
        for other in others[:5]
        if other.id != one.id
    )
    return f"""<!DOCTYPE html><html lang="{masthead.language}"><head><meta charset="utf-8">
<title>{escape(one.title)} - {escape(masthead.name)}</title>
<meta property="og:title" content="{escape(one.title)}">
<meta property="og:site_name" content="{escape(masthead.name)}">
<meta property="article:published_time" content="{one.published_at.isoformat()}"></head><body>
<div id="top"><div class="logo">{escape(masthead.name)}</div><div class="menu">{items}</div></div>
<div class="ticker">{tape}</div>
<div class="wrap"><div class="c-left"><div class="ttl">{escape(one.title)}</div>
<div class="meta"><span>{escape(one.author)}</span> <span>{one.published_at:%Y-%m-%d %H:%M}</span>
</div><div class="txt">{_text(one, plea)}</div>
<div class="tags"><a href="/t/1">#news</a> <a href="/t/2">#mining</a></div></div>
<div class="c-right"><div class="hd">{heading}</div>{related}
<div class="promo">{plea}</div></div></div>
<div class="foot">{NOTICE}</div></body></html>
"""


def _text(one: Shown, plea: str) -> str:
    """Paragraphs as `div`, with the plea after the second, as such sites do."""
    blocks = [f'<div class="par">{escape(part)}</div>' for part in one.paragraphs]
    blocks.insert(
        min(2, len(blocks)), f'<div class="promo donate"><a href="/give">{plea}</a></div>'
    )
    return "\n".join(blocks)
