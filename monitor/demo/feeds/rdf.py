"""RSS 1.0, which is RDF: items stand beside the channel."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def feed(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The feed of an outlet."""
    order = "".join(f'<rdf:li rdf:resource="{escape(one.link)}"/>' for one in shown)
    items = "\n".join(_item(one) for one in shown)
    return f"""<?xml version="1.0" encoding="{masthead.encoding}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{masthead.start}">
<title>{escape(masthead.name)}</title><link>{masthead.base}/</link>
<description>{escape(masthead.tagline)} {NOTICE}</description>
<dc:language>{masthead.language}</dc:language>
<items><rdf:Seq>{order}</rdf:Seq></items>
</channel>
{items}
</rdf:RDF>
"""


def _item(one: Shown) -> str:
    author = f"<dc:creator>{escape(one.author)}</dc:creator>" if one.author else ""
    return (
        f'<item rdf:about="{escape(one.link)}"><title>{escape(one.title)}</title>'
        f"<link>{escape(one.link)}</link><description>{escape(one.summary)}</description>"
        f"{author}<dc:date>{one.published_at.isoformat()}</dc:date></item>"
    )
