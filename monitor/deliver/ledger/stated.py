"""The figures of a story in one line each, those of most outlets first."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.deliver.figures import figure_text
from monitor.model import StoredStory


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure with those who state it."""

    #: As a person reads it.
    text: str
    #: Sites, in order of first telling.
    sites: tuple[str, ...]
    #: Verbatim, of the first of them.
    quote: str


def stated(story: StoredStory) -> list[Stated]:
    """The figures of the story's current texts, those of most outlets first."""
    sites: dict[str, dict[str, None]] = {}
    quotes: dict[str, str] = {}
    for article in story.articles:
        for claim in article.claims:
            if claim.is_current:
                text = figure_text(claim.claim)
                sites.setdefault(text, {})[article.site] = None
                quotes.setdefault(text, claim.claim.quote)
    found = [Stated(text=t, sites=tuple(names), quote=quotes[t]) for t, names in sites.items()]
    return sorted(found, key=lambda figure: -len(figure.sites))
