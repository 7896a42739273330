"""RSS 0.91: title, link, description; no dates, no ids."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def feed(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The feed of an outlet."""
    items = "\n".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.link)}</link>"
        f"<description>{escape(one.summary)}</description></item>"
        for one in shown
    )
    return f"""<?xml version="1.0" encoding="{masthead.encoding}"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel>
<title>{escape(masthead.name)}</title><link>{masthead.base}/</link>
<description>{escape(masthead.tagline)} {NOTICE}</description>
<language>{masthead.language}</language>
{items}
</channel></rss>
"""
