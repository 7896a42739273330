"""RSS 2.0 in the ways that publishers write it: whole texts, no guids, no links, new guids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.utils import format_datetime
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def summaries(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The usual kind: link, guid, date, the beginning of the text."""
    return _feed(masthead, shown, lambda one: _link(one) + _guid(one) + _brief(one))


def full_texts(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """With `content:encoded`: the whole text, in markup."""
    return _feed(masthead, shown, lambda one: _link(one) + _guid(one) + _brief(one) + _whole(one))


def without_guids(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """No guid at all."""
    return _feed(masthead, shown, lambda one: _link(one) + _brief(one))


def without_links(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """No link: a guid that is no address, and the whole text in the description."""

    def item(one: Shown) -> str:
        return (
            f'<guid isPermaLink="false">nota-{one.number}</guid>'
            f"<description>{escape(_markup(one))}</description>"
        )

    return _feed(masthead, shown, item)


def churning_guids(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """Guids that the publisher's system invents anew on every build."""

    def item(one: Shown) -> str:
        guid = f"build{masthead.day}-{one.number * (masthead.day + 6)}"
        return f'{_link(one)}<guid isPermaLink="false">{guid}</guid>{_brief(one)}'

    return _feed(masthead, shown, item)


def _feed(masthead: Masthead, shown: Sequence[Shown], item: Callable[[Shown], str]) -> str:
    items = "\n".join(
        f"<item><title>{escape(one.title)}</title>{item(one)}{_byline(one)}</item>" for one in shown
    )
    return f"""<?xml version="1.0" encoding="{masthead.encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>{escape(masthead.name)}</title><link>{masthead.base}/</link>
<description>{escape(masthead.tagline)} {NOTICE}</description>
<language>{masthead.language}</language>
{items}
</channel></rss>
"""


def _link(one: Shown) -> str:
    return f"<link>{escape(one.link)}</link>"


def _guid(one: Shown) -> str:
    return f'<guid isPermaLink="true">{escape(one.url)}</guid>'


def _brief(one: Shown) -> str:
    return f"<description>{escape(one.summary)}</description>"


def _whole(one: Shown) -> str:
    return f"<content:encoded><![CDATA[{_markup(one)}]]></content:encoded>"


def _markup(one: Shown) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in one.paragraphs)


def _byline(one: Shown) -> str:
    author = f"<dc:creator>{escape(one.author)}</dc:creator>" if one.author else ""
    return f"{author}<pubDate>{format_datetime(one.published_at, usegmt=True)}</pubDate>"
