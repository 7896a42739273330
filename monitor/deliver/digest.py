"""
The digest: stories that changed since the last one, by mineral, as Markdown.

Titles, outlets, figures and links; no republished text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from monitor.deliver.changes import Change, change, change_text
from monitor.deliver.chapters import first_told, size_text, words
from monitor.deliver.ledger import (
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.model import ReviewState, StoredStory
from monitor.wording import counted, named

#: Figures shown under one story.
FIGURES = 4

#: Outlets named beside one figure, and minerals beside one story.
SITES, MINERALS = 3, 5

#: New tellings of a known story that are named.
NEWS = 5

#: Heading of the stories that are about no mineral of the taxonomy.
OTHER = "Other matters"


def markdown(
    stories: Sequence[StoredStory],
    *,
    since: datetime | None,
    now: datetime,
    unshown: int = 0,
    troubles: Sequence[str] = (),
    quiet: str = "",
) -> str:
    """
    The digest's text.

    Args:
        stories: in the order in which they stand under one mineral.
        unshown: changed stories that found no room.
        troubles: a line for the sources of each cause that need a person.
        quiet: one line for those that are quiet, and need nobody yet.
    """
    changes = {story.id: change(story, since=since) for story in stories}
    lines = [*_head(stories, changes, since=since, now=now, unshown=unshown)]
    for mineral, group in _by_mineral(stories):
        lines += ["", f"## {mineral}"]
        lines += [line for story in group for line in _story(story, changes[story.id])]
    if troubles:
        lines += ["", "## Sources that need a person", ""]
        lines += [f"- {_escape(trouble)}" for trouble in troubles]
    if quiet:
        lines += ["", "## Quiet sources, which need nobody yet", "", f"- {_escape(quiet)}"]
    return "\n".join([*lines, ""])


def _head(
    stories: Sequence[StoredStory],
    changes: dict[int, Change],
    *,
    since: datetime | None,
    now: datetime,
    unshown: int,
) -> Iterator[str]:
    yield from (f"# Critical minerals, {now.astimezone(UTC):%Y-%m-%d}", "")
    span = f"since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else "so far"
    if not stories:
        yield f"Nothing changed {span}."
        return
    new = sum(changes[story.id].is_new for story in stories)
    updated = len(stories) - new
    counts = [f"{number} {word}" for number, word in ((new, "new"), (updated, "updated")) if number]
    yield f"{counted(len(stories), 'story')} {span}: {', '.join(counts)}."
    disputed = [f"s{story.id}" for story in stories if _is_disputed(story)]
    if disputed:
        yield f"Figures contradict each other in {', '.join(disputed)}."
    corrected = [f"s{story.id}" for story in stories if corrections(story)]
    if corrected:
        yield f"Figures were corrected in {', '.join(corrected)}."
    if unshown:
        again = f"`monitor digest{_since_option(since)} --limit {len(stories) + unshown} --peek`"
        verb = "is" if unshown == 1 else "are"
        yield f"**{counted(unshown, 'more story')} {verb} not shown**: {again}"


def _since_option(since: datetime | None) -> str:
    return (
        f" --since {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if since else " --since 1990-01-01"
    )


def _by_mineral(stories: Sequence[StoredStory]) -> list[tuple[str, list[StoredStory]]]:
    """Stories under the mineral that most of their articles name; the fullest section first."""
    sections: dict[str, list[StoredStory]] = {}
    for story in stories:
        sections.setdefault(_heading(story), []).append(story)
    return sorted(sections.items(), key=lambda item: (item[0] == OTHER, -len(item[1]), item[0]))


def _heading(story: StoredStory) -> str:
    count = Counter(m for a in story.articles for m in a.enrichment.minerals)
    most = count.most_common(1)
    return words([most[0][0]]).capitalize() if most else OTHER


def _story(story: StoredStory, found: Change) -> Iterator[str]:
    minerals = list(dict.fromkeys(m for a in story.articles for m in a.enrichment.minerals))
    first = first_told(story.articles)
    about = [named([words([m]) for m in minerals], MINERALS)] if minerals else []
    yield from ("", f"### s{story.id} {_escape(story.title)}", "")
    decided = [f"review: {story.state.value}"] if story.state is not ReviewState.NEW else []
    yield " · ".join([f"**{_escape(change_text(found))}**", *about, *decided])
    yield from ("", f"{size_text(story)}; first told by {_escape(first.site)}.", "")
    yield from _news(found)
    yield from _figures(story)
    for dispute in contradictions(story):
        note = f"{sides_text(dispute)} ({dispute.note})"
        yield f"- **{dispute.verdict}**, {dispute.kind}: {_escape(note)}"
    for correction in corrections(story):
        yield f"- **corrected** by {_escape(correction.site)}: {correction_text(correction)}"
    if not found.articles:
        lead = story.originals[0] if story.originals else story.articles[0]
        yield f"- {_escape(lead.site)}: <{lead.url}>"


def _news(found: Change) -> Iterator[str]:
    """The tellings that are new in a story that was known."""
    told = [article for article in found.articles if article.copy is None] or found.articles
    for article in told[:NEWS]:
        yield f"- {_escape(article.site)}: {_escape(article.title)} <{article.url}>"


def _figures(story: StoredStory) -> Iterator[str]:
    """Figures of one sentence stand before its quote together."""
    for quote, group in groupby(stated(story)[:FIGURES], key=lambda figure: figure.quote):
        figures = list(group)
        outlets = named(figures[0].sites, SITES)
        texts = _escape("; ".join(figure.text for figure in figures))
        yield f"- {texts}: “{_escape(quote)}” ({_escape(outlets)})"


def _is_disputed(story: StoredStory) -> bool:
    return any(found.verdict == "contradiction" for found in contradictions(story))


def _escape(text: str) -> str:
    """Text from strangers as literal Markdown on one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)
