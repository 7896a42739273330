"""
The digest: stories that changed since the last one, as Markdown.

Titles, outlets, figures and links; no republished text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import contradictions
from monitor.model import StoredStory

#: Figures shown under one story.
FIGURES = 4


def markdown(stories: Sequence[StoredStory], *, since: datetime | None, now: datetime) -> str:
    """The digest's text; stories in the order given."""
    span = f"since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else "so far"
    head = [
        f"# Critical minerals, {now.astimezone(UTC):%Y-%m-%d}",
        "",
        f"{len(stories)} stories {span}.",
    ]
    if not stories:
        head.append("Nothing changed.")
    return "\n".join([*head, *(line for story in stories for line in _story(story)), ""])


def _story(story: StoredStory) -> list[str]:
    minerals = dict.fromkeys(m for a in story.articles for m in a.enrichment.minerals)
    facts = (
        f"{len(story.outlets)} outlets, {len(story.originals)} tellings, "
        f"{', '.join(story.languages)}"
    )
    lead = story.originals[0] if story.originals else story.articles[0]
    lines = [
        "",
        f"## s{story.id} {_escape(story.title)}",
        "",
        f"{', '.join(minerals)} · {facts} · {story.state.value}",
        "",
    ]
    seen: set[str] = set()
    for article in story.originals:
        for stored in article.claims:
            text = figure_text(stored.claim)
            if stored.is_current and text not in seen and len(seen) < FIGURES:
                seen.add(text)
                lines.append(f"- {text}: “{_escape(stored.claim.quote)}” ({_escape(article.site)})")
    lines += [
        f"- **{found.verdict}** {found.kind}: {found.note}" for found in contradictions(story)
    ]
    lines += ["", f"<{lead.url}>"]
    return lines


def _escape(text: str) -> str:
    """Text from strangers as literal Markdown on one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)
