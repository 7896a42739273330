"""`monitor claims list`: every figure with its quote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, query
from monitor.deliver.figures import figure_text
from monitor.deliver.records import claim_record
from monitor.enrich.meaning import meant
from monitor.model import Filter, StoredClaim
from monitor.wording import one_line


@click.group()
def claims() -> None:
    """
    List figures.

    \b
    Example:
      monitor claims list --mineral tungsten
    """


@claims.command("list")
@filters
@click.option("--kind", default="", help="Of figure: stake, capex, resource, …")
@json_option
@pass_session
def list_(session: Session, /, kind: str, as_json: bool, **options: Any) -> int:
    """
    List figures with their quotes, newest article first.

    \b
    Examples:
      monitor claims list --mineral tungsten --kind resource
      monitor claims list --json
    """
    wanted = query(session, **options)
    found = _newest(session, wanted, meant("figure", kind))
    if as_json:
        session.emit_all(claim_record(stored) for stored in found)
        return 0
    for stored in found:
        old = "" if stored.is_current else "  [no longer stated]"
        figure = figure_text(stored.claim)
        session.out.print(
            f"c{stored.id}  a{stored.article_id}  {figure}  ({one_line(stored.site, 40)}){old}"
        )
        session.out.print(f"      “{one_line(stored.claim.quote, 220)}”")
    if not found:
        session.say("No figure passes. Widen the filter, or start with: monitor crawl")
    elif len(found) == wanted.limit:
        session.say(f"The newest {len(found)}; more: --limit {4 * len(found)}")
    return 0


def _newest(session: Session, wanted: Filter, kind: str) -> list[StoredClaim]:
    """At most so many figures; articles are read until they hold enough."""
    step = wanted.limit
    while True:
        articles = session.database.articles(replace(wanted, limit=step))
        found = [
            stored
            for article in articles
            for stored in article.claims
            if kind in {"", stored.claim.kind}
        ]
        if len(found) >= wanted.limit or len(articles) < step:
            return found[: wanted.limit]
        step *= 4
