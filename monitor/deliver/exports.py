"""
Exports into a file: whole or not at all, in parts, so that memory does not grow with them.

The terminal and the review site use the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.deliver import brief, feed, records, tables
from monitor.deliver.ledger import NOWHERE, Placed, Placing, ledger_of, placed
from monitor.deliver.spreadsheet import Workbook
from monitor.errors import BadInput
from monitor.model import (
    Line,
    Source,
    StoredArticle,
    StoredClaim,
    StoredStory,
    StoryQuery,
    View,
)
from monitor.ports import Store
from monitor.wording import json_line

#: What can be exported, and as what; nested values are whole in JSON Lines alone.
NOUNS = ("stories", "articles", "claims", "sources")
FORMATS = {
    "jsonl": ("application/jsonl", "jsonl"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "atom": ("application/atom+xml", "atom"),
}

#: Formats that tell stories only.
OF_STORIES = ("markdown", "atom")

#: Stories, or articles, that are read at once.
PART = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is exported."""

    noun: str
    #: In this order.
    story_ids: Sequence[int] = ()
    #: None = the articles and figures of the stories.
    article_ids: Sequence[int] | None = None

    @property
    def size(self) -> int:
        """How many parts `told` counts up to."""
        return len(self.story_ids if self.article_ids is None else self.article_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of an export."""

    #: Stories, articles, figures or sources.
    count: int
    #: What found no room, in words.
    remarks: tuple[str, ...] = ()


def export(
    store: Store,
    chosen: Chosen,
    form: str,
    path: Path,
    *,
    now: datetime,
    site: str = "",
    told: Callable[[int], None] = lambda _: None,
) -> Written:
    """
    Write what was chosen into a file.

    Args:
        site: where the review site is reached, for the links of a feed.
        told: is called with the number of stories (or articles) that are done.

    Raises:
        BadInput: the file cannot be written, or the format tells only stories.
    """
    check(form, chosen.noun)
    with whole_file(path) as part:
        if form == "xlsx":
            return _workbook(store, chosen, part, now=now, told=told)
        tally = _Tally()
        with part.open("w", encoding="utf-8", newline="") as stream:
            for line in lines(store, chosen, form, now=now, site=site, told=told, tally=tally):
                stream.write(line)
        return Written(count=tally.count, remarks=remarks(chosen, form))


def remarks(chosen: Chosen, form: str) -> tuple[str, ...]:
    """What a text does not hold of what was chosen."""
    if form == "atom" and chosen.size > feed.ENTRIES:
        return (f"A feed holds the newest {feed.ENTRIES} stories; {chosen.size} were chosen.",)
    return ()


def check(form: str, noun: str) -> None:
    """
    Whether there is such an export.

    Raises:
        BadInput: there is none.
    """
    if form not in FORMATS:
        raise BadInput("is no format.", subject=form, advice=f"One of {', '.join(FORMATS)}.")
    if noun not in NOUNS:
        raise BadInput("cannot be exported.", subject=noun, advice=f"One of {', '.join(NOUNS)}.")
    if form in OF_STORIES and noun != "stories":
        raise BadInput(f"tells stories, not {noun}.", subject=form, advice="Take csv or jsonl.")


class _Tally:
    """Counts what passes."""

    def __init__(self) -> None:
        self.count = 0

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """The same items."""
        for item in items:
            self.count += 1
            yield item


def lines(
    store: Store,
    chosen: Chosen,
    form: str,
    *,
    now: datetime,
    site: str = "",
    told: Callable[[int], None] = lambda _: None,
    tally: _Tally | None = None,
) -> Iterator[str]:
    """The text of an export, in pieces."""
    count = tally or _Tally()
    if form == "atom":
        yield _feed(count.each(_newest(store, chosen)), site, now)
        return
    if form == "markdown":
        stories = count.each(_stories(store, chosen, told))
        yield from brief.lines(stories, number=chosen.size, now=now)
    elif form == "csv":
        rows = count.each(_each(store, chosen, told, _ROWS))
        yield from tables.csv_lines(rows, tables.COLUMNS[chosen.noun])
    else:
        for record in count.each(_each(store, chosen, told, _RECORDS)):
            yield json_line(record)


def _newest(store: Store, chosen: Chosen) -> list[Line]:
    return store.lines_of(chosen.story_ids[: feed.ENTRIES], reader="")


def _feed(found: Iterable[Line], site: str, now: datetime) -> str:
    """The stories as a feed of a view that nobody saved."""
    shown = list(found)
    oldest = min((line.card.changed_at for line in shown), default=now)
    view = View(id=0, name="Chosen stories", query=StoryQuery(), owner="", created_at=oldest)
    return feed.atom(view, shown, site=site, path="/exchange").decode()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """
    A file beside the one that is meant, and takes its place when all went well.

    Raises:
        BadInput: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        what = error.strerror or str(error)
        raise BadInput(f"cannot be written: {what}.", subject=str(path)) from error


def _workbook(
    store: Store, chosen: Chosen, path: Path, *, now: datetime, told: Callable[[int], None]
) -> Written:
    noun, count = chosen.noun, 0
    path.touch()
    nouns = ("stories", "claims", "articles") if noun == "stories" else (noun,)
    with tempfile.TemporaryDirectory(prefix="monitor-export-") as folder:
        book = Workbook(path, nouns, temporary=Path(folder))
        if noun == "stories":
            for story in _stories(store, chosen, told):
                book.add_story(story)
                count += 1
        else:
            for row in _each(store, chosen, told, _ROWS):
                book.add(noun, row)
                count += 1
        remarks = book.close(now=now)
    return Written(count=count, remarks=remarks)


def _stories(store: Store, chosen: Chosen, told: Callable[[int], None]) -> Iterator[StoredStory]:
    for at in range(0, len(chosen.story_ids), PART):
        yield from store.stories_of(chosen.story_ids[at : at + PART])
        told(min(at + PART, chosen.size))


def _articles(store: Store, chosen: Chosen, told: Callable[[int], None]) -> Iterator[StoredArticle]:
    if chosen.article_ids is None:
        for story in _stories(store, chosen, told):
            yield from story.articles
        return
    for at in range(0, len(chosen.article_ids), PART):
        yield from store.articles_of(chosen.article_ids[at : at + PART])
        told(min(at + PART, chosen.size))


def _claims(
    store: Store, chosen: Chosen, told: Callable[[int], None]
) -> Iterator[tuple[StoredArticle, StoredClaim, Placed]]:
    """Each figure with what the ledger of its story says of it."""
    placing = Placing(store)
    if chosen.article_ids is None:
        for story in _stories(store, chosen, told):
            places = placed(ledger_of(story.articles))
            yield from _each_claim(story.articles, places)
        return
    for at in range(0, len(chosen.article_ids), PART):
        articles = store.articles_of(chosen.article_ids[at : at + PART])
        yield from _each_claim(articles, placing.of(articles))
        told(min(at + PART, chosen.size))


def _each_claim(
    articles: Iterable[StoredArticle], places: Mapping[int, Placed]
) -> Iterator[tuple[StoredArticle, StoredClaim, Placed]]:
    for article in articles:
        for stored in article.claims:
            yield article, stored, places.get(stored.id, NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How each noun becomes a line."""

    story: Callable[[StoredStory], dict[str, Any]]
    article: Callable[[StoredArticle], dict[str, Any]]
    claim: Callable[[StoredArticle, StoredClaim, Placed], dict[str, Any]]
    source: Callable[[Source], dict[str, Any]]


#: For programs, and for spreadsheets.
_RECORDS = _Form(
    story=records.story_record,
    article=records.article_record,
    claim=lambda _article, stored, place: records.placed_record(stored, place),
    source=records.source_record,
)
_ROWS = _Form(
    story=tables.story_row,
    article=tables.article_row,
    claim=tables.claim_row,
    source=tables.source_row,
)


def _each(
    store: Store, chosen: Chosen, told: Callable[[int], None], form: _Form
) -> Iterator[dict[str, Any]]:
    if chosen.noun == "stories":
        yield from map(form.story, _stories(store, chosen, told))
    elif chosen.noun == "sources":
        yield from map(form.source, store.sources())
    elif chosen.noun == "articles":
        yield from map(form.article, _articles(store, chosen, told))
    else:
        yield from (form.claim(*one) for one in _claims(store, chosen, told))
