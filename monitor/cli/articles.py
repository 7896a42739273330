"""`monitor articles`: single documents, and why each stands where it stands."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, number_of, one_line, plain_line, query, short
from monitor.deliver.figures import figure_text
from monitor.deliver.records import article_record
from monitor.errors import BadInput
from monitor.model import StoredArticle


@click.group()
def articles() -> None:
    """List articles, or show one."""


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
    for article in found:
        mark = f"{article.enrichment.relevance:.2f}" if article.enrichment.relevant else "  - "
        session.out.print(
            f"a{article.id:<6} {short(article.published_at or article.first_seen_at)}  {mark}  "
            f"{article.enrichment.language:<3} {one_line(article.site, 24):<24} "
            f"{one_line(article.title, 90)}"
        )
    if not found:
        session.say("No article passes. Irrelevant ones are shown with --all.")
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
    if session.database.article(number) is None:
        raise BadInput("there is no such article.", subject=identifier)
    if not_a_copy:
        session.database.retract_copy(number, who=getpass.getuser(), now=datetime.now(UTC))
    article = session.database.article(number)
    assert article is not None
    if as_json:
        session.emit(article_record(article))
        return 0
    for line in _lines(article):
        session.out.print(line)
    return 0


def _lines(article: StoredArticle) -> list[str]:
    words = article.enrichment
    lines = [
        f"a{article.id}  {one_line(article.title, 110)}",
        f"{one_line(article.url, 200)}",
        f"{one_line(article.site, 40)}, {short(article.published_at)} "
        f"(from {article.published_from.value}), seen {short(article.first_seen_at)}, "
        f"{words.language}",
        f"relevance {words.relevance:.2f}: {'relevant' if words.relevant else 'not relevant'}",
        *(f"  {plain_line(reason)}" for reason in words.reasons),
        f"story s{article.story_id}, development d{article.development_id}",
        *(f"  {plain_line(reason)}" for reason in article.placement_reasons),
    ]
    if article.copy:
        why = f"copy of a{article.copy.original_id} ({article.copy.containment:.2f})"
        lines.append(f"{why}: {plain_line(article.copy.why)}")
    for sighting in article.sightings:
        seen = f"seen by {sighting.source} {short(sighting.seen_at)}"
        lines.append(f"  {one_line(seen, 60)}: {one_line(sighting.url, 120)}")
    for stored in article.claims:
        state = "" if stored.is_current else " [superseded]"
        lines.append(f"  {figure_text(stored.claim)}{state}: “{one_line(stored.claim.quote, 120)}”")
    lines += [f"  revision {r.number} {short(r.seen_at)}: {r.change}" for r in article.revisions]
    return [*lines, "", *(plain_line(line) for line in article.text.splitlines())]
