"""A newsletter's site of the nineties: layout by nested tables, text parted by `br`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monitor.demo.pages.words import around
from monitor.demo.shown import NOTICE, Masthead, Shown


def page(masthead: Masthead, one: Shown, others: Sequence[Shown]) -> str:
    """The page of one article."""
    menu, heading, plea = around(masthead.language)
    cells = "".join(
        f'<tr><td><a href="/{n}.htm">{item}</a></td></tr>' for n, item in enumerate(menu)
    )
    text = "<br><br>\n".join(escape(part) for part in one.paragraphs)
    rows = "".join(
        f'<tr><td>&bull; <a href="{escape(other.url)}">{escape(other.title)}</a></td></tr>'
        for other in others
        if other.id != one.id
    )
    return f"""<html><head><title>{escape(masthead.name)}: {escape(one.title)}</title>
<meta http-equiv="Content-Type" content="text/html; charset={masthead.encoding}"></head>
<body bgcolor="#ffffff"><table width="760" align="center" border="0">
<tr><td colspan="3" bgcolor="#003366"><font color="#ffffff" size="5">{escape(masthead.name)}</font>
</td></tr>
<tr valign="top"><td width="120"><table>{cells}</table></td>
<td><table><tr><td><font size="4"><b>{escape(one.title)}</b></font></td></tr>
<tr><td><i>{one.published_at:%B %d, %Y}</i> {escape(one.author)}</td></tr>
<tr><td>{text}</td></tr></table></td>
<td width="150"><b>{heading}</b><table>{rows}</table></td></tr>
<tr><td colspan="3" align="center"><font size="1">{plea}<br>{NOTICE}</font></td></tr>
</table></body></html>
"""
