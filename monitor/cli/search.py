"""`monitor search`: full text."""

from __future__ import annotations

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.wording import one_line, short, stamp


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many."
)
@json_option
@pass_session
def search(session: Session, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """
    Find articles by their words in all their forms, newest first.

    Words in "…" stand one behind the other; a minus before a word leaves it out.

    \b
    Examples:
      monitor search tungsten Kazakhstan
      monitor search 钨矿 --json
      monitor search -- '"export ban"' -copper
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
        marked = hit.snippet.replace("\u2068", "[").replace("\u2069", "]")
        session.out.print(
            f"a{hit.article_id}  s{hit.story_id}  {short(hit.at)} UTC  {one_line(hit.title, 110)}"
        )
        session.out.print(f"      {one_line(hit.site, 40)}: {one_line(marked, 200)}")
    if not hits:
        session.say("Nothing found. All the words must stand in one article: try fewer.")
    elif len(hits) == limit:
        session.say(f"The newest {limit}; more: --limit {4 * limit}")
    return 0
