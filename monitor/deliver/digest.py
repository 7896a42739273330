"""
The digest: stories that changed since the last one, as Markdown.

Titles, outlets, figures and links; no republished text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.deliver.ledger import (
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.model import StoredStory

#: Figures shown under one story.
FIGURES = 4

#: Outlets named beside one figure.
SITES = 3


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
    for figure in stated(story)[:FIGURES]:
        outlets = ", ".join(figure.sites[:SITES])
        if len(figure.sites) > SITES:
            outlets += f" and {len(figure.sites) - SITES} more"
        lines.append(f"- {figure.text}: “{_escape(figure.quote)}” ({_escape(outlets)})")
    lines += [
        f"- **{found.verdict}**, {found.kind}: {sides_text(found)} ({found.note})"
        for found in contradictions(story)
    ]
    lines += [
        f"- **corrected** by {_escape(change.site)}: {correction_text(change)}"
        for change in corrections(story)
    ]
    lines += ["", f"<{lead.url}>"]
    return lines


def _escape(text: str) -> str:
    """Text from strangers as literal Markdown on one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)
