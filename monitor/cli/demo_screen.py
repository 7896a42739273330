"""The demo's result on one screen of 100 columns and 40 lines, every number counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from monitor.deliver.ledger import (
    Disagreement,
    contradictions,
    correction_text,
    corrections,
    sides_text,
    stated,
)
from monitor.model import StoredArticle, StoredStory
from monitor.wording import one_line, plain_line

WIDTH = 100

#: One less than a terminal of 40 lines, for the prompt.
LINES = 39

#: Developments, tellings, figures and disagreements of the largest story that find room;
#: further stories take what is left.
DEVELOPMENTS = 3
TELLINGS = 8
FIGURES = 3
DISAGREEMENTS = 2

_COLUMNS = ("read", "unchanged", "failed", "entries", "articles", "edited", "copies", "figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What two crawls of the sample web came to."""

    first: Mapping[str, Any]
    second: Mapping[str, Any]
    #: Relevant ones.
    stories: Sequence[StoredStory]
    #: All, relevant or not.
    articles: Sequence[StoredArticle]
    #: Name of each source that was read, with the longest wait for it in seconds.
    waits_s: Mapping[str, float]
    languages: Sequence[str]
    #: Where the database is kept; empty when it is thrown away.
    kept: str = ""


def screen(result: Result) -> list[str]:
    """The lines to print."""
    ranked = sorted(result.stories, key=lambda story: (-len(story.articles), story.id))
    polled = result.first["sources"]["polled"]
    lines = [
        f"A sample news web on this machine: {polled} sources, {len(result.languages)} languages, "
        "two days. All texts are samples.",
        "",
        *_table(result.first, result.second),
        *_troubles(result),
        *_split(result.articles),
        *_set_aside(result.articles),
    ]
    for story in ranked[:1]:
        lines += ["", *_story(story)]
    end = ["", *_next(result.kept)]
    if ranked[1:]:
        lines += ["", f"and {len(ranked) - 1} more stories, the largest first:"]
        room = max(0, LINES - len(lines) - len(end))
        lines += [_brief(story) for story in ranked[1 : room + 1]]
    return [fitted(line) for line in (*lines, *end)]


def fitted(line: str) -> str:
    """One safe line that is not wider than the screen; ideographs take two columns."""
    text = plain_line(line).replace("\n", " ").rstrip()
    while cell_len(text) > WIDTH:
        text = f"{text[:-2].rstrip()}…"
    return text


def _table(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    head = " " * 13 + "".join(f"{name:>10}" for name in _COLUMNS)
    return [head, _row("first crawl", first), _row("second crawl", second)]


def _row(name: str, crawl: Mapping[str, Any]) -> str:
    sources, articles = crawl["sources"], crawl["articles"]
    values = (
        sources["ok"],
        sources["not_modified"],
        sources["failed"],
        crawl["entries"]["new"],
        articles["new"],
        articles["updated"],
        crawl["copies"],
        crawl["claims"],
    )
    return f"{name:<13}" + "".join(f"{value:>10}" for value in values)


def _troubles(result: Result) -> Iterator[str]:
    """Sources that could not be read, and the one that kept us waiting longest."""
    causes = {
        failure["source"]: failure["cause"]
        for crawl in (result.first, result.second)
        for failure in crawl["failures"]
    }
    for name, cause in causes.items():
        yield f"not read     {name}: {cause}"
    slowest, *others = sorted(result.waits_s.items(), key=lambda item: -item[1]) or [("", 0.0)]
    if others:
        yield (
            f"slow         {slowest[0]}: {slowest[1]:.1f} s, and was read; "
            f"no other took more than {others[0][1]:.1f} s"
        )


def _split(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """Messages that told several stories."""
    parts: dict[tuple[str, str], int] = {}
    for article in articles:
        for sighting in article.sightings:
            if sighting.guid:
                key = (sighting.source, sighting.guid)
                parts[key] = parts.get(key, 0) + 1
    for (source, _), count in parts.items():
        if count > 1:
            yield f"split        {source}: one message told {count} stories"


def _set_aside(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """Articles that are not about minerals, though their words may sound so."""
    others = [article for article in articles if not article.enrichment.relevant]
    if others:
        shown = max(others, key=lambda article: (article.enrichment.relevance, article.id))
        yield f"set aside    {len(others)} articles on other matters, such as “{shown.title}”"


def _story(story: StoredStory) -> list[str]:
    copies = len(story.articles) - len(story.originals)
    lines = [
        f"s{story.id}  {story.title}",
        f"     {_counted(story.articles, 'article')} by {_counted(story.outlets, 'outlet')} in "
        f"{' '.join(story.languages)}: {_counted(story.origins, 'origin')}, copies: {copies}; "
        f"{_counted(story.developments, 'development')}",
    ]
    room = TELLINGS
    for development in story.developments[:DEVELOPMENTS]:
        members = [a for a in story.articles if a.development_id == development]
        told = [a for a in members if a.copy is None]
        shown = told[: max(1, room)]
        room -= len(shown)
        lines += [_telling(article) for article in shown]
        lines += _rest(len(told) - len(shown), members)
    return lines + _figures(story)


def _telling(article: StoredArticle) -> str:
    edited = ", edited" if article.revision > 1 else ""
    head = f"  d{article.development_id:<4}{article.enrichment.language:<3}"
    return f"{head}{one_line(article.site, 30)}{edited}: {article.title}"


def _rest(unseen: int, members: Iterable[StoredArticle]) -> list[str]:
    """Who copied, with the share of the shorter text that stands in the longer one."""
    copies = [
        f"{one_line(article.site, 24)} {article.copy.containment:.0%}"
        for article in members
        if article.copy
    ]
    parts = [f"and {unseen} more"] if unseen else []
    parts += [f"copied by {', '.join(copies)}"] if copies else []
    return [f"          {'; '.join(parts)}"] if parts else []


def _figures(story: StoredStory) -> list[str]:
    lines = [
        f"  {figure.text}: {_counted(figure.sites, 'outlet')}, “{figure.quote}”"
        for figure in stated(story)[:FIGURES]
    ]
    found = sorted(contradictions(story), key=lambda one: one.verdict != "contradiction")
    lines += [
        f"  {one.verdict.upper()} {one.kind}: {_difference(one)}" for one in found[:DISAGREEMENTS]
    ]
    changed: dict[str, list[str]] = {}
    for one in corrections(story):
        changed.setdefault(one.site, []).append(correction_text(one))
    lines += [f"  CORRECTED by {site}: {'; '.join(texts)}" for site, texts in changed.items()]
    return lines


def _difference(found: Disagreement) -> str:
    """A note that shows the conversion names both figures; a bare factor needs them beside it."""
    return found.note if " is " in found.note else f"{sides_text(found)} ({found.note})"


def _brief(story: StoredStory) -> str:
    articles, told = (
        _counted(story.articles, "article"),
        _counted(story.developments, "development"),
    )
    return (
        f"  s{story.id:<4}{articles:>11} {told:>15}  {' '.join(story.languages):<9} {story.title}"
    )


def _counted(things: Sequence[object], noun: str) -> str:
    """Like `1 article`, `2 articles`."""
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _next(kept: str) -> list[str]:
    look = (
        f"Look around:  monitor --database sqlite:///{kept} stories list"
        if kept
        else "Look around:  monitor demo --keep demo   keeps the database in a folder"
    )
    return [look, "The real web: monitor init && monitor crawl, then monitor stories list"]
