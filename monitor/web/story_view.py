"""What the page of a story shows, put together; pure, and bounded whatever the story is like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from monitor.deliver.cards import happenings
from monitor.deliver.chapters import Chapter, chapters, first_told, last_told
from monitor.deliver.differences import STEPS, Piece, condensed, differences, figure_changes
from monitor.deliver.ledger import (
    Correction,
    Disagreement,
    Ledger,
    corrections_of,
    disagreements,
    ledger_of,
)
from monitor.deliver.passages import TITLE, Shown, shown
from monitor.errors import BadInput
from monitor.model import Decision, Line, ReviewState, StoredArticle, StoredRevision, StoredStory
from monitor.model.instruments import Instrument
from monitor.review.groups import with_copies
from monitor.text import content_hash
from monitor.urls import publication
from monitor.web.lines import News, news_of

#: Characters of a text, tellings of a development, kinds of figure and changes that are shown at
#: first; `Wanted.is_whole` shows the rest.
TEXT, TELLINGS, FIGURES, EDITS = 3_000, 12, 12, 6

#: Articles that can be chosen from, and entries of the log, that are shown at first.
ARTICLES, ENTRIES = 150, 40

#: Characters of a text that are compared with the text before it.
COMPARED = 200_000

#: Actions that can be taken back, by whoever took them.
UNDOABLE = frozenset(
    {"state", "note", "tag", "untag", "star", "assign", "merge", "split", "not-a-copy"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for beside the story."""

    #: Articles to be set side by side; 0 = none chosen.
    left: int = 0
    right: int = 0
    #: Nothing is left out.
    is_whole: bool = False
    #: Words, or the number, of a story that may be merged into this one; None = not asked for.
    find: str | None = None
    #: Articles that may become a story of their own.
    split: tuple[int, ...] = ()
    #: The list that the reader came from.
    back: str = "/"

    def address(self, number: int, **changes: object) -> str:
        """The address of a story's page that asks for this, and a little else."""
        asked = replace(self, **changes)  # type: ignore[arg-type]
        pairs = [
            (name, f"a{one}") for name, one in (("left", asked.left), ("right", asked.right)) if one
        ]
        pairs += [("all", "1")] if asked.is_whole else []
        pairs += [("back", asked.back)] if asked.back != "/" else []
        return f"/stories/{number}" + (f"?{urlencode(pairs)}" if pairs else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A text of an article that took the place of another."""

    article: StoredArticle
    revision: StoredRevision
    #: Like `stake 70 % → 65 %`.
    figures: tuple[str, ...]
    #: Of titles and of texts; empty when retention emptied one of them.
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two articles side by side."""

    article: StoredArticle
    shown: Shown
    #: SHA-256 of title and text as they are stored, whitespace collapsed.
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What a split would move."""

    moving: tuple[StoredArticle, ...]
    #: Those of them that were not chosen: copies follow their original.
    following: tuple[StoredArticle, ...]
    #: Why it cannot be, in words.
    problem: BadInput | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log."""

    decision: Decision
    #: The reader may take it back, as it is the last of his own here.
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """All that the page shows."""

    story: StoredStory
    line: Line | None
    news: News
    chapters: tuple[Chapter, ...]
    ledger: Ledger
    disputes: tuple[Disagreement, ...]
    corrections: tuple[tuple[StoredArticle, Correction], ...]
    edits: tuple[Edit, ...]
    edit_count: int
    sides: tuple[Side, ...]
    log: tuple[Entry, ...]
    parting: Parting | None
    candidates: tuple[Line, ...] = ()
    rules: tuple[Instrument, ...] = ()
    #: Articles that came since the reader looked last.
    fresh: frozenset[int] = frozenset()
    #: Up to when the reader has seen everything, once this is shown.
    seen_until: datetime | None = None
    by_id: Mapping[int, StoredArticle] = field(default_factory=dict)

    @property
    def first(self) -> StoredArticle:
        """Who told it first."""
        return first_told(self.story.articles)

    @property
    def last(self) -> StoredArticle:
        """Who told it last."""
        return last_told(self.story.articles)

    def opener(self, chapter: Chapter) -> StoredArticle:
        """Who told a development first."""
        return first_told(chapter.members)

    def offered(self, most: int) -> tuple[StoredArticle, ...]:
        """The first articles, and those that are side by side."""
        chosen = {side.article.id for side in self.sides}
        pairs = enumerate(self.story.articles)
        return tuple(article for at, article in pairs if at < most or article.id in chosen)

    @property
    def best(self) -> StoredArticle:
        """The most relevant telling."""
        return max(self.story.articles, key=lambda article: article.enrichment.relevance)

    def named(self, part: str) -> tuple[str, ...]:
        """Concepts of its relevant articles: `minerals`, `countries`, …, in order of telling."""
        relevant = [a for a in self.story.articles if a.enrichment.relevant]
        return tuple(
            dict.fromkeys(
                name
                for article in relevant or self.story.articles
                for name in getattr(article.enrichment, part)
            )
        )


def view_of(
    story: StoredStory,
    *,
    line: Line | None,
    log: Sequence[Decision],
    reader: str,
    wanted: Wanted,
    candidates: Sequence[Line] = (),
    rules: Sequence[Instrument] = (),
    repeated: Mapping[str, frozenset[int]] | None = None,
) -> StoryView:
    """
    Put together what the page shows.

    Args:
        line: how the story stands for the reader; None when nothing in it is relevant.
        reader: who looks.
        rules: of states, that it tells.
        repeated: by site (`urls.publication`), keys of the lines that its pages repeat.
    """
    ledger = ledger_of(story.articles)
    disputes = tuple(disagreements(ledger))
    happened = happenings(story, disputes)
    seen = line.seen_at if line else None
    if line is not None:
        line = replace(line, card=replace(line.card, happenings=happened))
    until = max(
        (moment for moment in (seen, *(one.at for one in happened)) if moment), default=None
    )
    edits = _edits(story, seen, EDITS if not wanted.is_whole else None)
    return StoryView(
        story=story,
        line=line,
        news=news_of(line) if line else News(),
        chapters=tuple(chapters(story)),
        ledger=ledger,
        disputes=disputes,
        corrections=tuple((a, one) for a in story.articles for one in corrections_of(a)),
        edits=tuple(edits),
        edit_count=sum(
            len(article.revisions) - 1 for article in story.articles if article.revisions
        ),
        sides=tuple(_sides(story, wanted, repeated or {})),
        log=tuple(_entries(log, reader)),
        parting=_parting(story, wanted.split) if wanted.split else None,
        rules=tuple(rules),
        candidates=tuple(one for one in candidates if one.card.story_id != story.id),
        fresh=frozenset(
            article.id for article in story.articles if seen and article.first_seen_at > seen
        ),
        seen_until=until,
        by_id={article.id: article for article in story.articles},
    )


def joined_state(one: ReviewState, other: ReviewState) -> ReviewState:
    """The state of a story that two have become."""
    return one if one is other else ReviewState.NEEDS_CHECK


def _edits(story: StoredStory, seen: datetime | None, most: int | None) -> list[Edit]:
    """Changed texts, the newest first; those beyond `most` are only counted."""
    pairs = [
        (article, older, newer)
        for article in story.articles
        for older, newer in zip(article.revisions, article.revisions[1:], strict=False)
    ]
    pairs.sort(key=lambda pair: (pair[2].seen_at, pair[0].id), reverse=True)
    pairs = pairs[:most]
    # However many there are, the page is made in the time of one.
    steps = STEPS // max(len(pairs), 1)
    return [_edit(*pair, seen=seen, steps=steps) for pair in pairs]


def _edit(
    article: StoredArticle,
    older: StoredRevision,
    newer: StoredRevision,
    *,
    seen: datetime | None,
    steps: int,
) -> Edit:
    is_kept = bool(older.text and newer.text) or not (older.text or newer.text)
    texts = (older.text[:COMPARED], newer.text[:COMPARED]) if is_kept else ("", "")
    titles = older.title[:TITLE], newer.title[:TITLE]
    pieces = condensed(differences(*texts, steps=steps))
    is_changed = any(piece.kind in {"gone", "came"} for piece in pieces)
    return Edit(
        article=article,
        revision=newer,
        figures=tuple(figure_changes(article.claims, older.number, newer.number)),
        title=tuple(differences(*titles)) if older.title != newer.title else (),
        text=tuple(pieces) if is_changed else (),
        is_new=bool(seen and newer.seen_at > seen),
    )


def _sides(
    story: StoredStory, wanted: Wanted, repeated: Mapping[str, frozenset[int]]
) -> list[Side]:
    """The articles that were chosen; else who told it first, and the last like it in language."""
    by_id = {article.id: article for article in story.articles}
    chosen = [by_id[number] for number in (wanted.left, wanted.right) if number in by_id]
    if not chosen:
        first = first_told(story.articles)
        others = [a for a in story.originals if a.id != first.id and a.enrichment.relevant]
        alike = [a for a in others if a.enrichment.language == first.enrichment.language]
        chosen = [first, *(alike or others)[-1:]]
    most = None if wanted.is_whole else TEXT
    return [
        Side(
            article=article,
            shown=shown(
                article,
                most=most,
                repeated=repeated.get(publication(article.url), frozenset()),
            ),
            digest=content_hash(article.title, article.text),
        )
        for article in dict.fromkeys(chosen)
    ]


def _parting(story: StoredStory, chosen: Iterable[int]) -> Parting:
    copies = {a.id: a.copy.original_id if a.copy else None for a in story.articles}
    try:
        moving = with_copies(copies, list(chosen), story.id)
    except BadInput as error:
        return Parting(moving=(), following=(), problem=error)
    return Parting(
        moving=tuple(a for a in story.articles if a.id in moving),
        following=tuple(a for a in story.articles if a.id in moving - set(chosen)),
    )


def _entries(log: Sequence[Decision], reader: str) -> list[Entry]:
    """The log, newest first."""
    own = [d for d in log if d.who == reader and not d.undone and d.action in UNDOABLE]
    last = own[-1].id if own else 0
    return [Entry(decision=one, can_undo=one.id == last) for one in reversed(log)]
