"""
A brief on chosen stories as Markdown: each figure with its sources, numbered as footnotes.

Titles, outlets, figures, quotes and links; no republished text. Where outlets disagree, both
sides are cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from monitor.deliver.chapters import chapters, first_told, size_text, told_at, words
from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import (
    Dispute,
    Entry,
    Ledger,
    Side,
    Statement,
    correction_text,
    corrections_of,
    ledger_of,
    side_text,
)
from monitor.deliver.ledger.sides import Verdict
from monitor.deliver.ledger.verdicts import Relation
from monitor.deliver.links import safe_link
from monitor.model import ReviewState, StoredArticle, StoredStory
from monitor.wording import counted, plain_line

#: Figures of one story, outlets that are cited for one figure, tellings of one story.
FIGURES, CITED, TELLINGS = 40, 4, 12

#: Pairs of figures of one matter that are told.
DISPUTES = 4

#: What is told of two figures, beside that they may both hold as something else differs.
_TOLD = frozenset({Relation.CONTRADICTION, Relation.INCOMPARABLE, Relation.DRIFT, Relation.SPLIT})

#: Longest title and quote, in characters.
TITLE, QUOTE = 300, 500


def lines(stories: Iterable[StoredStory], *, number: int, now: datetime) -> Iterator[str]:
    """
    The brief, story by story; footnotes stand at the end of each.

    Args:
        number: of stories.
    """
    yield f"# Brief, {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n\n{counted(number, 'story')}.\n"
    notes = _Notes()
    for story in stories:
        yield "\n".join(["", *_story(story, notes), "", *notes.taken(), ""])


class _Notes:
    """Footnotes, numbered through the whole brief."""

    def __init__(self) -> None:
        self._last = 0
        self._new: dict[str, int] = {}

    def cite(self, article: StoredArticle, quote: str = "") -> str:
        """The mark of a footnote; the same one for the same words."""
        text = _citation(article, quote)
        if text not in self._new:
            self._last += 1
            self._new[text] = self._last
        return f"[^{self._new[text]}]"

    def taken(self) -> list[str]:
        """The footnotes since the last time."""
        found = [f"[^{number}]: {text}" for text, number in self._new.items()]
        self._new = {}
        return found


def _citation(article: StoredArticle, quote: str) -> str:
    """Outlet, title, date, address, words."""
    link = safe_link(article.url)
    where = f"<{link}>" if link else f"address: {escaped(article.url, TITLE)}"
    said = f" “{escaped(quote, QUOTE)}”" if quote else ""
    kept = f"a{article.id}, text {article.revision}"
    return (
        f"{escaped(article.site, TITLE)}, “{escaped(article.title, TITLE)}”, "
        f"{told_at(article):%Y-%m-%d}, {where} ({kept}).{said}"
    )


def _story(story: StoredStory, notes: _Notes) -> Iterator[str]:
    found = [article.enrichment for article in story.articles]
    about = [
        words(mineral for one in found for mineral in one.minerals),
        words(country for one in found for country in one.countries),
    ]
    yield f"## s{story.id} {escaped(story.title, TITLE)}"
    yield ""
    decided = f"review: {story.state.value}" if story.state is not ReviewState.NEW else ""
    yield " · ".join(filter(None, [*map(escaped, about), decided]))
    first = first_told(story.articles)
    yield ""
    yield (
        f"{escaped(size_text(story))}. First told by {escaped(first.site, TITLE)} on "
        f"{told_at(first):%Y-%m-%d %H:%M} UTC.{notes.cite(first)}"
    )
    yield ""
    yield from _steps(story, notes)
    ledger = ledger_of(story.articles)
    yield from _figures(ledger, notes)
    yield from _disputes(ledger, notes)
    yield from _corrections(story, notes)
    yield from (f"- Note: {escaped(note)}" for note in story.notes)


def _steps(story: StoredStory, notes: _Notes) -> Iterator[str]:
    """What happened further, and who tells it."""
    for chapter in chapters(story)[1:]:
        first = first_told(chapter.members)
        what = chapter.step or first.title
        yield (
            f"- Further, {told_at(first):%Y-%m-%d}: {escaped(what, TITLE)} "
            f"({escaped(first.site, TITLE)}){notes.cite(first)}"
        )
    others = [article for article in story.originals if article is not first_told(story.articles)]
    if others:
        told = (f"{escaped(one.site, TITLE)}{notes.cite(one)}" for one in others[:TELLINGS])
        more = f" and {len(others) - TELLINGS} more" if len(others) > TELLINGS else ""
        yield f"- Also told by {', '.join(told)}{more}."


def _figures(ledger: Ledger, notes: _Notes) -> Iterator[str]:
    """Each figure that a text states now, with those who state it and what others say of it."""
    found = [e for matter in ledger.matters for e in matter.entries if e.side.is_current]
    found.sort(key=lambda entry: -entry.outlets)
    for entry in found[:FIGURES]:
        yield f"- **{escaped(_text(entry.side))}** ({_count(entry)}){_cited(entry.side, notes)}"
    if len(found) > FIGURES:
        yield f"- {counted(len(found) - FIGURES, 'more figure')}: see the export of figures."


def _text(side: Side) -> str:
    """A figure with all that is stated of it."""
    told = (side.category, side.standard, f"as of {side.as_of}" if side.as_of else "")
    return ", ".join(filter(None, (figure_text(side.claim), *told)))


def _count(entry: Entry) -> str:
    """Like `agreed: 15 outlets, 10 origins`."""
    told = f"{counted(entry.outlets, 'outlet')}, {counted(entry.origins, 'origin')}"
    return f"agreed: {told}" if entry.verdict is Verdict.AGREED else told


def _disputes(ledger: Ledger, notes: _Notes) -> Iterator[str]:
    """Both sides of what does not stand together without a word, and why."""
    for matter in ledger.matters:
        shown = [
            one
            for one in matter.disputes
            if one.judged.relation in _TOLD or one.judged.is_qualified
        ]
        for one in shown[:DISPUTES]:
            yield _dispute(one, notes)


def _dispute(one: Dispute, notes: _Notes) -> str:
    sides = " against ".join(
        f"{escaped(side_text(side))}{_cited(side, notes)}" for side in (one.one, one.other)
    )
    verdict, kind = one.judged.relation.value, one.one.kind.replace("_", " ")
    return f"- **{verdict.capitalize()}** on {kind}: {sides}. {escaped(one.judged.note)}"


def _corrections(story: StoredStory, notes: _Notes) -> Iterator[str]:
    for article in story.articles:
        for found in corrections_of(article):
            yield (
                f"- **Corrected** by {escaped(found.site, TITLE)}: "
                f"{escaped(correction_text(found))}{notes.cite(article)}"
            )


def _cited(side: Side, notes: _Notes) -> str:
    """Marks of the first of each outlet, those that copy nobody before those that do."""
    ranked = sorted(side.statements, key=lambda one: one.article.copy is not None)
    first: dict[str, Statement] = {}
    for one in ranked:
        first.setdefault(one.article.site, one)
    return "".join(notes.cite(one.article, one.claim.quote) for one in list(first.values())[:CITED])


def escaped(text: str, most: int = 2000) -> str:
    """Text from strangers as literal Markdown on one line, at most so long."""
    flat = plain_line(" ".join(text[: 4 * most].split()))
    shown = flat if len(flat) <= most and len(text) <= 4 * most else f"{flat[: most - 1]}…"
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|~!$&" else char for char in shown)
