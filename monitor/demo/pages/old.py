"""An old newspaper site: `font`, `center`, upper-case tags, the charset only in the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import around
from monitor.demo.shown import NOTICE, Masthead, Shown

#: What the meta element says; what the feed declares may be something else.
CHARSET = "windows-1251"


def page(masthead: Masthead, one: Shown, others: Sequence[Shown]) -> str:
    """The page of one article."""
    menu, heading, plea = around(masthead.language)
    bar = " | ".join(f'<A HREF="/{n}.shtml">{item}</A>' for n, item in enumerate(menu))
    text = "\n".join(f"<P ALIGN=justify>{escape(part)}" for part in one.paragraphs)
    rest = "<BR>\n".join(
        f'<A HREF="{escape(other.url)}">{escape(other.title)}</A>'
        for other in others[:4]
        if other.id != one.id
    )
    return f"""<HTML><HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={CHARSET}">
<TITLE>{escape(one.title)} - {escape(masthead.name)}</TITLE></HEAD>
<BODY TEXT=#000000 LINK=#990000>
<CENTER><FONT SIZE=6 COLOR=#990000>{escape(masthead.name)}</FONT><BR>{bar}</CENTER><HR>
<H2>{escape(one.title)}</H2>
<FONT SIZE=2>{one.published_at:%d.%m.%Y %H:%M}</FONT>
{text}
<P><I>{escape(one.author)}</I>
<HR><B>{heading}:</B><BR>{rest}
<CENTER><FONT SIZE=1>{plea}<BR>{NOTICE}</FONT></CENTER>
</BODY></HTML>
"""
