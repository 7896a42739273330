"""JSON Feed 1.1 with the whole text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from monitor.demo.shown import NOTICE, Masthead, Shown


def feed(masthead: Masthead, shown: Sequence[Shown]) -> str:
    """The feed of an outlet."""
    record = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": masthead.name,
        "description": f"{masthead.tagline} {NOTICE}",
        "home_page_url": f"{masthead.base}/",
        "feed_url": masthead.start,
        "language": masthead.language,
        "items": [
            {
                "id": str(one.number),
                "url": one.link,
                "title": one.title,
                "content_html": "".join(f"<p>{escape(part)}</p>" for part in one.paragraphs),
                "date_published": one.published_at.isoformat(),
                "date_modified": one.updated_at.isoformat(),
            }
            for one in shown
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1)
