"""What a template is handed: the masthead of an outlet, and an article as it stands today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: Stands on every page and in every feed of the sample web.
NOTICE = "Sample text written for the demo of monitor. The outlet is fictional."

#: Characters of a summary in a feed.
SUMMARY_CHARS = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """The outlet, as its templates see it."""

    name: str
    tagline: str
    language: str
    #: `http://127.x.y.z:port`, without a slash at the end.
    base: str
    #: Address of its feed, listing or channel.
    start: str
    #: What an XML declaration or a meta element says.
    encoding: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article as it stands on one day."""

    id: str
    #: A number that looks like a database's; the same on every run.
    number: int
    #: Absolute address of the article, and the one that feeds give.
    url: str
    link: str
    title: str
    paragraphs: tuple[str, ...]
    author: str
    forwarded_from: str
    published_at: datetime
    updated_at: datetime

    @property
    def summary(self) -> str:
        """The beginning of the first paragraph, cut between words."""
        lead = self.paragraphs[0]
        if len(lead) <= SUMMARY_CHARS:
            return lead
        return f"{lead[:SUMMARY_CHARS].rsplit(' ', 1)[0]}…"
