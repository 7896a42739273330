"""A modern site: one `article`, Open Graph, JSON-LD, a canonical link."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import around
from monitor.demo.shown import NOTICE, Masthead, Shown


def page(masthead: Masthead, one: Shown, others: Sequence[Shown]) -> str:
    """The page of one article."""
    menu, heading, _ = around(masthead.language)
    links = "".join(f'<li><a href="/s/{n}">{item}</a></li>' for n, item in enumerate(menu))
    text = "\n".join(f"<p>{escape(part)}</p>" for part in one.paragraphs)
    related = "".join(
        f'<li><a href="{escape(other.url)}">{escape(other.title)}</a></li>'
        for other in others[:3]
        if other.id != one.id
    )
    return f"""<!doctype html>
<html lang="{masthead.language}">
<head>
<meta charset="utf-8">
<title>{escape(one.title)} | {escape(masthead.name)}</title>
<link rel="canonical" href="{escape(one.url)}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{escape(masthead.name)}">
<meta property="og:title" content="{escape(one.title)}">
<meta property="og:description" content="{escape(one.summary)}">
<script type="application/ld+json">{_described(masthead, one)}</script>
</head>
<body>
<header><a href="/">{escape(masthead.name)}</a><nav><ul>{links}</ul></nav></header>
<main><article>
<h1>{escape(one.title)}</h1>
<p class="byline">{escape(one.author)} <time datetime="{one.published_at.isoformat()}">
{one.published_at:%d.%m.%Y %H:%M}</time></p>
{text}
</article>
<aside><h2>{heading}</h2><ul>{related}</ul></aside></main>
<footer><small>{NOTICE}</small></footer>
</body>
</html>
"""


def _described(masthead: Masthead, one: Shown) -> str:
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": one.title,
        "datePublished": one.published_at.isoformat(),
        "dateModified": one.updated_at.isoformat(),
        "author": {"@type": "Person", "name": one.author or masthead.name},
        "publisher": {"@type": "Organization", "name": masthead.name},
    }
    return json.dumps(record, ensure_ascii=False).replace("</", "<\\/")
