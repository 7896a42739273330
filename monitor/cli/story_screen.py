"""One story on the analyst's screen: tellings, folded copies, figures, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from monitor.deliver.chapters import (
    Chapter,
    Told,
    chapters,
    first_told,
    in_order,
    last_told,
    size_text,
    told_at,
    words,
)
from monitor.deliver.figures import amount_text
from monitor.deliver.ledger import contradictions, correction_text, corrections, stated
from monitor.model import StoredArticle, StoredStory
from monitor.wording import counted, named, one_line, plain_line, short

#: Outlets, and figures that a telling adds, that are named one by one.
NAMED = 4

#: Width of a title, and of a quote.
TITLE, QUOTE = 110, 220


def story_lines(story: StoredStory) -> list[str]:
    """One story as lines for a terminal."""
    lines = [*_head(story)]
    for chapter in chapters(story):
        lines += ["", *_chapter(chapter, is_first=chapter.development == story.developments[0])]
    return [*lines, *_figures(story), *_disputes(story), *_changes(story), *_next(story)]


def _head(story: StoredStory) -> Iterator[str]:
    first = first_told(story.articles)
    last = last_told(story.articles)
    yield f"s{story.id}  {one_line(story.title, TITLE)}"
    yield f"  {size_text(story)}"
    found = [article.enrichment for article in story.articles]
    minerals = words(mineral for one in found for mineral in one.minerals)
    places = words(country for one in found for country in one.countries)
    events = words(event for one in found for event in one.events)
    for line in (minerals, " · ".join(filter(None, (places, events)))):
        if line:
            yield f"  {one_line(line, 160)}"
    yield f"  first told  {_when(first)} UTC by {one_line(first.site, 40)} (a{first.id})"
    yield f"  last told   {_when(last)} UTC by {one_line(last.site, 40)} (a{last.id})"
    owner = f", assigned to {one_line(story.assignee, 40)}" if story.assignee else ""
    attention = "; something happened since that decision" if story.needs_attention else ""
    yield f"  review      {story.state.value}{owner}{attention}"
    if story.tags:
        yield f"  tags        {one_line(', '.join(story.tags), 160)}"
    yield from (f"  note        {one_line(note, 160)}" for note in story.notes)


def _chapter(chapter: Chapter, *, is_first: bool) -> Iterator[str]:
    first = first_told(chapter.members)
    head = f"d{chapter.development}  {_when(first)} UTC, first told by {one_line(first.site, 40)}"
    if not is_first:
        why = f": {one_line(chapter.step, 80)}" if chapter.step else ""
        head = f"{head}  UPDATE{why}"
    yield head
    for told in chapter.told:
        yield from _telling(told)


def _telling(told: Told) -> Iterator[str]:
    article = told.article
    indent = " " * 6
    yield (
        f"  {one_line(article.enrichment.language, 12) or '?':<3} a{article.id} {_when(article)}  "
        f"{one_line(article.site, 40)}: {one_line(article.title, TITLE)}"
    )
    if article.copy:
        share = f"{article.copy.containment:.0%}"
        yield f"{indent}copy of a{article.copy.original_id}, {share}, in another development"
    for copy in told.copies:
        yield f"{indent}copy {_copy_text(copy, article)}"
    if article.revision > 1:
        yield f"{indent}edited: {article.revision} texts kept"
    if told.adds:
        yield f"{indent}first with {named(told.adds, NAMED)}"
    if article.flags:
        yield f"{indent}{words(article.flags)}"
    yield f"{indent}{plain_line(article.url)}"


def _copy_text(copy: StoredArticle, original: StoredArticle) -> str:
    assert copy.copy is not None
    share = f"{copy.copy.containment:.0%}"
    of = "" if copy.copy.original_id == original.id else f" of a{copy.copy.original_id}"
    older = ", before it" if in_order(copy) < in_order(original) else ""
    return f"{share:<4}{of} a{copy.id} {_when(copy)}  {one_line(copy.site, 40)}{older}"


def _figures(story: StoredStory) -> Iterator[str]:
    figures = stated(story)
    if figures:
        yield from ("", "FIGURES, with a quote from the first to state them")
    for quote, group in groupby(figures, key=lambda figure: figure.quote):
        for figure in group:
            sites = [one_line(site, 40) for site in figure.sites]
            count = f"{counted(len(sites), 'outlet')}: " if len(sites) > 1 else ""
            yield f"  {figure.text}  ({count}{named(sites, NAMED)})"
        yield f"      “{one_line(quote, QUOTE)}”"


def _disputes(story: StoredStory) -> Iterator[str]:
    for found in contradictions(story):
        yield from ("", f"{found.verdict.upper()} on {found.kind}: {found.note}")
        for value, basis, sites in found.values:
            amount = f"{amount_text(value, found.unit)} {basis}".rstrip()
            yield f"  {amount}  ({one_line(named(sites, NAMED), 120)})"


def _changes(story: StoredStory) -> Iterator[str]:
    changes = corrections(story)
    yield from [""] if changes else []
    for change in changes:
        yield (f"CORRECTED by {one_line(change.site, 40)}: {correction_text(change)}")


def _next(story: StoredStory) -> Iterator[str]:
    shown = (story.originals or story.articles)[0].id
    yield ""
    yield f"Why an article stands here:  monitor articles show a{shown}"
    yield f"Decide:  monitor review s{story.id} --keep | --dismiss | --flag | --note TEXT"


def _when(article: StoredArticle) -> str:
    return short(told_at(article))
