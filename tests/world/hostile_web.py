"""
Outlets of a fake web that are hostile: each class of `hostile` as articles about minerals.

The same attack comes as a text that shows it (escaped) and as the markup itself (raw), in
RSS, in a JSON feed, on pages, and in the data that pages carry for machines.
"""

from __future__ import annotations

import html
import json
import re
from email.utils import format_datetime

from tests.world import hostile, prose
from tests.world.outlets import TODAY, Outlet, Reply
from tests.world.web import FakeWeb

#: Bytes of the longest title; authors and tags of the fullest article.
LONG, MANY = 1_000_000, 10_000

#: Floods are cut to this on pages with other things, so that these stay articles.
FLOOD = 1500

#: What XML cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Links that would be followed to other hosts; these are put into the store by themselves.
_ELSEWHERE = ("http", "//", "/\\", "\\")

_NAMES = list(hostile.CLASSES)


def publish(web: FakeWeb) -> None:
    """Let three outlets be hostile: by RSS and pages, by JSON Feed, by copying the first."""
    first, second, third = web.outlets[:3]
    _rss(first)
    _json_feed(second)
    _rss(third, is_copy=True)


def edit(web: FakeWeb) -> None:
    """The first outlet changes its figures and words, so that texts have versions."""
    _rss(web.outlets[0], added="Corrected: output is now 777 tonnes of tungsten.")


def told(seed: int, attacks: tuple[str, ...]) -> list[str]:
    """Sentences about minerals with figures, an attack in the middle of each."""
    plain = prose.text(seed, sentences=len(attacks) + 8).replace("\n\n", " ").split(". ")
    middle = [_amid(s, a[:FLOOD]) for s, a in zip(plain, attacks, strict=False)]
    return [f"{sentence}." for sentence in middle + plain[len(attacks) :]]


def headline(name: str, seed: int) -> str:
    """A headline with the first attack of a class in it."""
    return f"{prose.title(seed)} {hostile.CLASSES[name][seed % 2][:300]}"


def _amid(sentence: str, attack: str) -> str:
    words = sentence.split(" ")
    at = len(words) // 2
    return " ".join([*words[:at], attack, *words[at:]])


def _rss(outlet: Outlet, *, added: str = "", is_copy: bool = False) -> None:
    items = [
        _item(outlet, number, name, 1000 + number, added=added)
        for number, name in enumerate(_NAMES)
    ]
    if not is_copy:
        items += [_raw_item(outlet, 100 + at, at) for at in range(0, len(_NAMES), 2)]
        items.append(_long_title(outlet, 200))
    name = html.escape(hostile.BREAKOUTS[0] + hostile.SCRIPTS[0])
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{html.escape(name)}</title><link>javascript:{hostile.RUN}</link>"
        f"<description>{html.escape(name)}</description>{''.join(items)}</channel></rss>"
    )
    outlet.instead["/feed.xml"] = Reply(
        body=_NO_XML.sub(" ", feed).encode("utf-8", "replace"), kind="application/rss+xml"
    )


def _item(outlet: Outlet, number: int, name: str, seed: int, *, added: str) -> str:
    """An article that shows attacks as text, in the feed and on its page."""
    sentences = [*told(seed, hostile.CLASSES[name]), added]
    title = headline(name, seed)
    _page(outlet, number, html.escape(title), [html.escape(s) for s in sentences])
    return _entry(outlet, number, html.escape(title), html.escape(sentences[0]), title)


def _raw_item(outlet: Outlet, number: int, at: int) -> str:
    """Two classes as markup that is meant to run."""
    attacks = tuple(a for name in _NAMES[at : at + 2] for a in hostile.CLASSES[name])
    seed = 2000 + at
    sentences = told(seed, attacks)
    _page(outlet, number, f"{prose.title(seed)} {attacks[0][:300]}", sentences)
    return _entry(outlet, number, f"{prose.title(seed)} {attacks[-1][:300]}", sentences[1], "x")


def _long_title(outlet: Outlet, number: int) -> str:
    title = f"{prose.title(3000)} " + "tungsten <b>" * (LONG // 12)
    _page(outlet, number, html.escape(title), told(3000, hostile.SCRIPTS[:2]))
    return _entry(outlet, number, html.escape(title), "Tungsten", "x")


def _entry(outlet: Outlet, number: int, title: str, summary: str, author: str) -> str:
    """One item; title and summary are HTML."""
    return (
        f"<item><title>{html.escape(title)}</title><link>{outlet.url(number)}</link>"
        f'<guid isPermaLink="false">{html.escape(author[:200])} {number}</guid>'
        f"<pubDate>{format_datetime(TODAY)}</pubDate>"
        f"<dc:creator>{html.escape(author[:500])}</dc:creator>"
        f"<category>{html.escape(author[:500])}</category>"
        f"<description>{html.escape(summary)}</description></item>"
    )


def _page(outlet: Outlet, number: int, title: str, paragraphs: list[str]) -> None:
    """A page; title and paragraphs are HTML."""
    bad = hostile.URLS[number % len(hostile.URLS)]
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title[:2000],
        "author": {"@type": "Person", "name": hostile.BREAKOUTS[number % 20]},
        "publisher": {"@type": "Organization", "name": hostile.SCRIPTS[number % 20]},
        "url": bad,
        "datePublished": TODAY.isoformat(),
    }
    for_machines = json.dumps(facts).replace("</", "<\\/")
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    page = (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<link rel="canonical" href="{html.escape(bad)}">'
        f'<meta property="og:site_name" content="{html.escape(hostile.SCRIPTS[number % 20])}">'
        f'<meta name="author" content="{html.escape(hostile.HANDLERS[number % 20])}">'
        f'<script type="application/ld+json">{for_machines}</script>'
        f"</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )
    outlet.instead[f"/news/{number}.html"] = Reply(body=page.encode("utf-8", "replace"))


def _json_feed(outlet: Outlet) -> None:
    """Everything that XML cannot hold, and each address as a link."""
    attacks = [*hostile.CONTROLS, *hostile.SURROGATES, *hostile.HEADERS, *hostile.FORMULAS]
    items = [
        {
            "id": f"attack {at} {attacks[at]}",
            "title": f"{attacks[at]} {prose.title(4000 + at)} {attacks[at + 1]}",
            "content_text": "\n".join(told(4000 + at, tuple(attacks[at : at + 4]))),
            "authors": [{"name": attacks[at], "url": hostile.URLS[at % len(hostile.URLS)]}],
            "tags": attacks[at : at + 4],
            "date_published": TODAY.isoformat(),
        }
        for at in range(0, len(attacks) - 3, 2)
    ]
    items += [
        {
            "id": f"link {at}",
            "url": url,
            "external_url": url,
            "title": f"{prose.title(5000 + at)}",
            "content_html": f'{told(5000 + at, (url,))[0]} <a href="{url}">tungsten</a>',
            "date_published": TODAY.isoformat(),
        }
        for at, url in enumerate(hostile.URLS)
        if not url.startswith(_ELSEWHERE)
    ]
    items.append(
        {
            "id": "many",
            "title": prose.title(3001),
            "content_text": " ".join(told(3001, hostile.HANDLERS[:2])),
            "authors": [{"name": f"author {at} <b>"} for at in range(MANY)],
            "tags": [f"tag {at} <b>" for at in range(MANY)],
        }
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": hostile.HEADERS[0] + hostile.CONTROLS[2],
        "home_page_url": hostile.URLS[0],
        "icon": hostile.URLS[10],
        "items": items,
    }
    outlet.instead["/feed.xml"] = Reply(
        body=json.dumps(feed).encode(), kind="application/feed+json"
    )
