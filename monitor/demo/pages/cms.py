"""A publishing system's theme: sidebar, sharing, author's box, readers' comments."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import around
from monitor.demo.shown import NOTICE, Masthead, Shown

#: Readers' remarks; they stand under every article and belong to none.
COMMENTS = (
    ("reader_41", "First! And where is the link to the document?"),
    ("old miner", "They promised the same in the nineties. I will believe it when I see it."),
    ("K.", "Gold is still the only real money, everything else is talk."),
)


def page(masthead: Masthead, one: Shown, others: Sequence[Shown]) -> str:
    """The page of one article."""
    menu, heading, plea = around(masthead.language)
    items = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/category/{n}/">{item}</a></li>'
        for n, item in enumerate(menu)
    )
    text = "\n".join(f"<p>{escape(part)}</p>" for part in one.paragraphs)
    recent = "".join(
        f'<li><a href="{escape(other.url)}">{escape(other.title)}</a></li>' for other in others[:5]
    )
    remarks = "".join(
        f'<li class="comment"><div class="comment-author"><cite>{name}</cite></div>'
        f'<div class="comment-content"><p>{words}</p></div></li>'
        for name, words in COMMENTS
    )
    return f"""<!DOCTYPE html>
<html lang="{masthead.language}">
<head><meta charset="utf-8"><title>{escape(one.title)} &#8211; {escape(masthead.name)}</title>
<link rel="canonical" href="{escape(one.url)}">
<meta property="og:site_name" content="{escape(masthead.name)}">
<meta property="article:published_time" content="{one.published_at.isoformat()}">
<meta property="article:modified_time" content="{one.updated_at.isoformat()}"></head>
<body class="post-template-default single single-post postid-{one.number}">
<div id="page" class="site"><header id="masthead" class="site-header">
<p class="site-title"><a href="/" rel="home">{escape(masthead.name)}</a></p>
<ul id="primary-menu">{items}</ul></header>
<div id="content"><div id="primary" class="content-area">
<article id="post-{one.number}" class="post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{escape(one.title)}</h1>
<div class="entry-meta"><time class="entry-date published"
 datetime="{one.published_at.isoformat()}">{one.published_at:%d.%m.%Y}</time>
<span class="author vcard">{escape(one.author)}</span></div>
</header>
<div class="entry-content">
{text}
<div class="sharedaddy"><span>f</span> <span>x</span> <span>in</span></div>
</div>
<footer class="entry-footer">{plea}</footer></article>
<div id="comments" class="comments-area"><h2>{len(COMMENTS)}</h2>
<ol class="comment-list">{remarks}</ol></div></div>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries">
<h2>{heading}</h2><ul>{recent}</ul></section></aside></div>
<footer id="colophon" class="site-footer">{NOTICE}</footer></div>
</body></html>
"""
