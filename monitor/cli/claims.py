"""`monitor claims list`: every figure with its quote."""

from __future__ import annotations

from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, one_line, query
from monitor.deliver.figures import figure_text
from monitor.deliver.records import claim_record


@click.group()
def claims() -> None:
    """List figures."""


@claims.command("list")
@filters
@click.option("--kind", default="", help="stake, capex, resource, …")
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
    found = [
        stored
        for article in session.database.articles(query(session, **options))
        for stored in article.claims
        if not kind or stored.claim.kind == kind
    ]
    if as_json:
        session.emit_all(claim_record(stored) for stored in found)
        return 0
    for stored in found:
        session.out.print(
            f"c{stored.id:<5} a{stored.article_id:<5} {one_line(stored.site, 24):<24} "
            f"{figure_text(stored.claim)}: “{one_line(stored.claim.quote, 100)}”"
        )
    if not found:
        session.say("No figure passes.")
    return 0
