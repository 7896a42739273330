"""`monitor articles`: single documents, and why each stands where it stands."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table

from monitor.cli.article_screen import article_lines
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, number_of, query, unknown
from monitor.deliver.chapters import told_at
from monitor.deliver.records import article_record
from monitor.model import StoredArticle
from monitor.wording import one_line, short

#: Columns from which the relevance finds room.
WIDE = 80


@click.group()
def articles() -> None:
    """
    List articles, or show one.

    \b
    Examples:
      monitor articles list --country KZ --since 7d
      monitor articles show a34
    """


@articles.command("list")
@filters
@click.option("--all", "is_all", is_flag=True, help="Irrelevant ones too: nothing is dropped.")
@json_option
@pass_session
def list_(session: Session, /, is_all: bool, as_json: bool, **options: Any) -> int:
    """
    List articles, newest first.

    \b
    Examples:
      monitor articles list --language kk
      monitor articles list --all --since 24h
    """
    found = session.database.articles(query(session, include_irrelevant=is_all, **options))
    if as_json:
        session.emit_all(article_record(article) for article in found)
        return 0
    if not found:
        session.say(_nothing(session, is_all=is_all))
        return 0
    session.out.print(_table(session, found))
    if len(found) == options["limit"]:
        session.say(f"The newest {len(found)}; more: --limit {4 * len(found)}")
    return 0


@articles.command("show")
@click.argument("identifier")
@click.option("--not-a-copy", is_flag=True, help="Undo the fold: this is a telling of its own.")
@json_option
@pass_session
def show(session: Session, identifier: str, not_a_copy: bool, as_json: bool) -> int:
    """
    Show one article with the reason for every decision about it.

    \b
    Examples:
      monitor articles show a34
      monitor articles show a34 --not-a-copy
    """
    number = number_of(identifier, "a")
    article = session.database.article(number)
    if article is None:
        raise unknown(identifier, "a")
    if not_a_copy:
        article = _unfolded(session, article)
    if as_json:
        session.emit(article_record(article))
        return 0
    story = session.database.story(article.story_id)
    for line in article_lines(article, story_title=story.title if story else ""):
        session.out.print(line)
    return 0


def _unfolded(session: Session, article: StoredArticle) -> StoredArticle:
    """The article after a person said that it is no copy."""
    if article.copy is None:
        session.say(f"a{article.id} is folded under nothing; there is nothing to undo.")
        return article
    session.database.retract_copy(article.id, who=getpass.getuser(), now=datetime.now(UTC))
    fresh = session.database.article(article.id)
    assert fresh is not None
    session.say(f"a{article.id} is no copy of a{article.copy.original_id} any more, for good.")
    return fresh


def _nothing(session: Session, *, is_all: bool) -> str:
    """Why there is nothing to show, and what to do."""
    if not session.database.counts()["articles"]:
        return "There are no articles yet. Start with: monitor crawl"
    other = "" if is_all else " Irrelevant ones are shown with --all."
    return f"No article passes.{other}"


def _table(session: Session, found: Sequence[StoredArticle]) -> Table:
    """One line for each article on a wide terminal; on a narrow one the title keeps its room."""
    is_wide = session.out.width >= WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "published, UTC", "lang", *(["rel."] if is_wide else [])):
        table.add_column(name, no_wrap=True)
    table.add_column("outlet", max_width=24 if is_wide else 12, overflow="fold")
    table.add_column("title", overflow="fold", min_width=12)
    for article in found:
        said = article.enrichment
        mark = f"{said.relevance:.2f}" if said.relevant else " -"
        table.add_row(
            f"a{article.id}",
            short(told_at(article)),
            one_line(said.language, 12),
            *([mark] if is_wide else []),
            one_line(article.site, 40),
            one_line(article.title, 110),
        )
    return table
