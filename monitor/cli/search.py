"""`monitor search`: full text."""

from __future__ import annotations

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import one_line, short, stamp


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@json_option
@pass_session
def search(session: Session, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """
    Find articles by their words, newest first.

    \b
    Examples:
      monitor search tungsten Kazakhstan
      monitor search 钨 --json
    """
    hits = session.database.search(" ".join(words), limit=limit)
    if as_json:
        session.emit_all(
            {
                "article": f"a{hit.article_id}",
                "story": f"s{hit.story_id}",
                "title": hit.title,
                "url": hit.url,
                "site": hit.site,
                "at": stamp(hit.at),
                "snippet": hit.snippet,
            }
            for hit in hits
        )
        return 0
    for hit in hits:
        session.out.print(f"s{hit.story_id:<6} {short(hit.at)}  {one_line(hit.title, 90)}")
        marked = hit.snippet.replace("\u2068", "[").replace("\u2069", "]")
        session.out.print(f"        {one_line(hit.site, 30)}: {one_line(marked, 160)}")
    if not hits:
        session.say("Nothing found.")
    return 0
