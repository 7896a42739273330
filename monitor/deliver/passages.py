"""
A text cut into passages, so that what was found in it can be shown where it stands.

Pure: passages joined are the text, whatever the offsets say. Offsets count code points of
`title + "\\n" + text`, as the stages store them; those that do not hold any more (a text that
retention emptied) mark nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from monitor.deliver.figures import figure_text
from monitor.enrich.claims import reader
from monitor.model import Claim, StoredArticle
from monitor.text import line_spans

#: The kind of a mark that is a figure; others are kinds of mentions.
FIGURE = "figure"

#: The kind of a mark that is a line repeated on its site: nothing in it counts.
FURNITURE = "furniture"

#: Characters of a title that are shown; a longer one is none.
TITLE = 1000

#: Marks in one text; a text that has more is a table, or hostile.
MOST_MARKS = 5000

#: A figure within this ratio of a quantity in its quote is that quantity.
_SAME = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that was found in a text."""

    start: int
    end: int
    #: Kind of a mention, or `FIGURE`.
    kind: str
    #: The concept, or the figure as a person reads it.
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a text; its mention and its figure begin here when `is_start`."""

    text: str
    mention: Mark | None = None
    figure: Mark | None = None
    #: Whether the mark begins with this passage, so that it is named once.
    is_mention_start: bool = False
    is_figure_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article's title and text in passages, and whether the text goes on."""

    title: tuple[Passage, ...]
    text: tuple[Passage, ...]
    #: Characters of the text that are not shown.
    hidden: int = 0


def shown(
    article: StoredArticle,
    *,
    most: int | None = None,
    repeated: AbstractSet[int] = frozenset(),
) -> Shown:
    """
    An article's newest text with its mentions and figures.

    Args:
        most: characters of the text that are shown; None = all.
        repeated: keys of lines (`text.line_keys`) that its site repeats.
    """
    whole = f"{article.title}\n{article.text}"
    border = len(article.title)
    marks = marks_of(article)
    marks += [
        Mark(start=border + 1 + start, end=border + 1 + end, kind=FURNITURE, name="")
        for start, end in (line_spans(article.text, repeated) if repeated else ())
    ]
    end = len(whole) if most is None else min(len(whole), border + 1 + most)
    # The line end between title and text is neither's; a mark across it stands in both.
    return Shown(
        title=tuple(passages(whole, marks, start=0, end=min(border, TITLE))),
        text=tuple(passages(whole, marks, start=border + 1, end=end)),
        hidden=len(whole) - end,
    )


def marks_of(article: StoredArticle) -> list[Mark]:
    """What was found in an article's newest text, as far as it is there still."""
    whole = f"{article.title}\n{article.text}"
    found = [
        Mark(start=one.start, end=one.end, kind=one.kind, name=one.concept)
        for one in article.enrichment.mentions
        if _holds(whole, one.start, one.end, one.surface)
    ]
    language = article.enrichment.language
    for stored in article.claims:
        claim = stored.claim
        if stored.is_current and _holds(whole, claim.start, claim.end, claim.quote):
            name = figure_text(claim)
            found += [
                Mark(start=claim.start + start, end=claim.start + end, kind=FIGURE, name=name)
                for start, end in figures_in(claim, language)
            ]
    return found[:MOST_MARKS]


def figures_in(claim: Claim, language: str) -> list[tuple[int, int]]:
    """Where in its quote a figure stands; the whole quote where that cannot be told."""
    found = [
        (one.start, one.end)
        for one in reader().quantities(claim.quote, language)
        if one.unit == claim.unit and abs(one.value - claim.value) <= _SAME * abs(claim.value)
    ]
    return found or [(0, len(claim.quote))]


def passages(
    text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None
) -> list[Passage]:
    """
    A text, or the part of it between two offsets, cut where marks begin and end.

    Of two mentions that overlap the longer is kept, and of two figures; a mention and a figure
    may stand on the same words.
    """
    start = min(max(start, 0), len(text))
    end = len(text) if end is None else min(max(end, start), len(text))
    within = [mark for mark in marks if max(mark.start, start) < min(mark.end, end)]
    mentions = _longest([mark for mark in within if mark.kind != FIGURE])
    figures = _longest([mark for mark in within if mark.kind == FIGURE])
    cuts = {start, end}
    for mark in (*mentions, *figures):
        cuts |= {max(mark.start, start), min(mark.end, end)}
    found = []
    for left, right in pairwise(sorted(cuts)):
        mention, figure = _at(mentions, left), _at(figures, left)
        found.append(
            Passage(
                text=text[left:right],
                mention=mention,
                figure=figure,
                is_mention_start=mention is not None and max(mention.start, start) == left,
                is_figure_start=figure is not None and max(figure.start, start) == left,
            )
        )
    return found


def _holds(whole: str, start: int, end: int, words: str) -> bool:
    return 0 <= start < end <= len(whole) and whole[start:end] == words


def _longest(marks: Sequence[Mark]) -> list[Mark]:
    """The longest first, without those that overlap one that is kept; in order of place."""
    kept: list[Mark] = []
    starts: list[int] = []
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start)):
        at = bisect_left(starts, mark.start)
        before = kept[at - 1] if at else None
        after = kept[at] if at < len(kept) else None
        if (before is None or before.end <= mark.start) and (
            after is None or mark.end <= after.start
        ):
            kept.insert(at, mark)
            starts.insert(at, mark.start)
    return kept


def _at(marks: Sequence[Mark], place: int) -> Mark | None:
    """The mark that stands on a place, of those that do not overlap."""
    at = bisect_left(marks, place + 1, key=lambda mark: mark.start)
    mark = marks[at - 1] if at else None
    return mark if mark is not None and place < mark.end else None
