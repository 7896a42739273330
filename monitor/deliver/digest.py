"""
The digest: stories that changed since the last one, by mineral, as Markdown.

Titles, outlets, figures and links; no republished text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from monitor.deliver import phrases, rule_words
from monitor.deliver.brief import escaped
from monitor.deliver.changes import Change, change, change_text
from monitor.deliver.chapters import first_told, size_text, words
from monitor.deliver.ledger import (
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.deliver.links import safe_link
from monitor.model import ReviewState, StoredArticle, StoredStory
from monitor.model.instruments import Dated
from monitor.wording import counted, named

#: Figures shown under one story.
FIGURES = 4

#: Outlets named beside one figure, and minerals beside one story.
SITES, MINERALS = 3, 5

#: Rules under one heading.
RULES = 20

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
    rules: Sequence[Dated] = (),
    troubles: Sequence[str] = (),
    quiet: str = "",
) -> str:
    """
    The digest's text.

    Args:
        stories: in the order in which they stand under one mineral.
        unshown: changed stories that found no room.
        rules: of states, those that take effect or lapse soon, the earliest first.
        troubles: a line for the sources of each cause that need a person.
        quiet: one line for those that are quiet, and need nobody yet.
    """
    changes = {story.id: change(story, since=since) for story in stories}
    lines = [*_head(stories, changes, since=since, now=now, unshown=unshown)]
    for mineral, group in _by_mineral(stories):
        lines += ["", f"## {escaped(mineral)}"]
        lines += [line for story in group for line in _story(story, changes[story.id])]
    lines += _rules(rules, now)
    if troubles:
        lines += ["", "## Sources that need a person", ""]
        lines += [f"- {escaped(trouble)}" for trouble in troubles]
    if quiet:
        lines += ["", "## Quiet sources, which need nobody yet", "", f"- {escaped(quiet)}"]
    return "\n".join([*lines, ""])


def _rules(rules: Sequence[Dated], now: datetime) -> Iterator[str]:
    """What lapses soon, then what takes effect."""
    today = now.astimezone(UTC).date()
    lapses, effects = rule_words.split(rules)
    for heading, found in ((phrases.LAPSES, lapses), (phrases.EFFECTS, effects)):
        if found:
            yield from ("", f"## {heading}", "")
        for one in found[:RULES]:
            said = rule_words.line(one, today=today)
            yield f"- {escaped(said)} (s{one.instrument.story_id})"
        if len(found) > RULES:
            yield f"- {phrases.more_lines(len(found) - RULES)}"


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
    about = [escaped(named([words([m]) for m in minerals], MINERALS))] if minerals else []
    yield from ("", f"### s{story.id} {escaped(story.title)}", "")
    decided = [f"review: {story.state.value}"] if story.state is not ReviewState.NEW else []
    yield " · ".join([f"**{escaped(change_text(found))}**", *about, *decided])
    yield from ("", f"{escaped(size_text(story))}; first told by {escaped(first.site)}.", "")
    yield from _news(found)
    yield from _figures(story)
    for dispute in contradictions(story):
        note = f"{sides_text(dispute)} ({dispute.note})"
        yield f"- **{dispute.verdict}**, {dispute.kind}: {escaped(note)}"
    for correction in corrections(story):
        what = escaped(correction_text(correction))
        yield f"- **corrected** by {escaped(correction.site)}: {what}"
    if not found.articles:
        lead = story.originals[0] if story.originals else story.articles[0]
        yield f"- {escaped(lead.site)}: {_address(lead)}"


def _news(found: Change) -> Iterator[str]:
    """The tellings that are new in a story that was known."""
    told = [article for article in found.articles if article.copy is None] or found.articles
    for article in told[:NEWS]:
        yield f"- {escaped(article.site)}: {escaped(article.title)} {_address(article)}"


def _figures(story: StoredStory) -> Iterator[str]:
    """Figures of one sentence stand before its quote together."""
    for quote, group in groupby(stated(story)[:FIGURES], key=lambda figure: figure.quote):
        figures = list(group)
        outlets = named(figures[0].sites, SITES)
        texts = escaped("; ".join(figure.text for figure in figures))
        yield f"- {texts}: “{escaped(quote)}” ({escaped(outlets)})"


def _is_disputed(story: StoredStory) -> bool:
    return any(found.verdict == "contradiction" for found in contradictions(story))


def _address(article: StoredArticle) -> str:
    link = safe_link(article.url)
    return f"<{link}>" if link else f"address: {escaped(article.url, 300)}"
