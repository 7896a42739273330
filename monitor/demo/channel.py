"""
A public channel's page in the markup of Telegram's web preview, written for the demo.

Only the parts that carry meaning: messages, texts with line breaks, forwards, times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown

_LINK = re.compile(r"https?://\S+")


def page(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The channel's page, oldest message first."""
    channel = masthead.start.rsplit("/", 1)[-1]
    messages = "\n".join(_message(channel, one) for one in reversed(shown))
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(masthead.name)} – Telegram</title></head>
<body class="widget_frame_base tgme_webpreview">
<div class="tgme_channel_info"><div class="tgme_channel_info_header">
<div class="tgme_channel_info_header_title"><span dir="auto">{escape(masthead.name)}</span></div>
<div class="tgme_channel_info_header_username"><a href="/{channel}">@{channel}</a></div></div>
<div class="tgme_channel_info_description">{escape(masthead.tagline)} {NOTICE}</div></div>
<section class="tgme_channel_history js-message_history">
{messages}
</section></body></html>
"""


def _message(channel: str, one: Shown) -> str:
    forward = ""
    if one.forwarded_from:
        forward = (
            '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from '
            f'<a class="tgme_widget_message_forwarded_from_name" href="/{one.number}">'
            f'<span dir="auto">{escape(one.forwarded_from)}</span></a></div>'
        )
    text = "<br/><br/>".join(_markup(part) for part in one.paragraphs)
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap" data-post="{channel}/{one.number}">
<div class="tgme_widget_message_bubble">{forward}
<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>
<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">
<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" \
href="https://t.me/{channel}/{one.number}"><time datetime="{one.published_at.isoformat()}" \
class="time">{one.published_at:%H:%M}</time></a></span></div></div></div></div></div>"""


def _markup(paragraph: str) -> str:
    """Lines parted by `br`, addresses as links."""
    lines = (
        _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(line.strip()))
        for line in paragraph.split("\n")
    )
    return "<br/>".join(lines)
