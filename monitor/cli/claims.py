"""`monitor claims list` and `ledger`: every figure with its quote, and side by side with others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from monitor.cli.ledger_screen import ledger_lines, verdict_names, verdict_text
from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import LONGEST_ID, filters, query, unknown
from monitor.cli.story_list import make_cards
from monitor.deliver.figures import figure_text
from monitor.deliver.ledger import NOWHERE, Ledger, Placed, Placing, ledger_of
from monitor.deliver.records import matter_record, placed_record
from monitor.enrich.meaning import meant
from monitor.errors import BadInput
from monitor.model import Filter, StoredClaim
from monitor.wording import one_line, plain_line

#: Stories of one subject that are put side by side.
STORIES = 200

#: Subjects that are offered when there is none of that name.
OFFERED = 6

_STORY = re.compile(rf"s\d{{1,{LONGEST_ID}}}", re.ASCII | re.IGNORECASE)


@click.group()
def claims() -> None:
    """
    List figures, and put them side by side.

    \b
    Examples:
      monitor claims list --mineral tungsten
      monitor claims ledger s12
    """


@claims.command("list")
@filters
@click.option("--kind", default="", help="Of figure: stake, capex, resource, …")
@click.option("--subject", default="", help="Deposit, company, … that the figure is about.")
@click.option("--verdict", type=click.Choice(list(verdict_names())), help="What others make of it.")
@json_option
@pass_session
def list_(
    session: Session,
    /,
    kind: str,
    subject: str,
    verdict: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """
    List figures with their quotes, newest article first.

    \b
    Examples:
      monitor claims list --mineral tungsten --kind resource
      monitor claims list --subject "Upper Kairakty" --verdict contradiction
      monitor claims list --json
    """
    wanted = query(session, **options)
    chosen = _Chosen(
        kind=meant("figure", kind),
        subject=_subject(session, subject) if subject else "",
        verdict=(verdict or "").replace("-", " "),
    )
    found = _newest(session, wanted, chosen)
    if as_json:
        session.emit_all(placed_record(stored, place) for stored, place in found)
        return 0
    for stored, place in found:
        _print(session, stored, place)
    if not found:
        session.say("No figure passes. Widen the filter, or start with: monitor crawl")
    elif len(found) == wanted.limit:
        session.say(f"The newest {len(found)}; more: --limit {4 * len(found)}")
    return 0


@claims.command("ledger")
@click.argument("what", metavar="STORY_OR_SUBJECT")
@json_option
@pass_session
def ledger(session: Session, /, what: str, as_json: bool) -> int:
    """
    Put figures side by side: of a story, or of a subject across stories.

    Each figure stands with its outlets, its origins (independent tellings) and a verdict:
    agreed, drift, contradiction, both may hold, incomparable. With --json: one line for
    each kind and subject.

    \b
    Examples:
      monitor claims ledger s12
      monitor claims ledger "Upper Kairakty" --json
    """
    found = _ledger(session, what)
    if as_json:
        session.emit_all(matter_record(matter) for matter in found.matters)
        return 0
    for line in ledger_lines(found):
        session.out.print(line, soft_wrap=True)
    if not found.matters:
        session.say("No figure is stated.")
    return 0


class _Chosen:
    """Which of the figures are wanted."""

    def __init__(self, *, kind: str, subject: str, verdict: str) -> None:
        self._kind, self._subject, self._verdict = kind, subject, verdict

    def __call__(self, stored: StoredClaim, place: Placed) -> bool:
        """Whether a figure is."""
        claim = stored.claim
        return (
            self._kind in {"", claim.kind}
            and (not self._subject or self._subject in claim.subjects)
            and self._verdict in {"", place.verdict}
        )


def _print(session: Session, stored: StoredClaim, place: Placed) -> None:
    old = "" if stored.is_current else "  [no longer stated]"
    verdict = f"  {verdict_text(place.verdict)}" if place.verdict else ""
    figure, site = figure_text(stored.claim), one_line(stored.site, 40)
    session.out.print(f"c{stored.id}  a{stored.article_id}  {figure}  ({site}){verdict}{old}")
    session.out.print(f"      “{one_line(stored.claim.quote, 220)}”")
    if place.note:
        session.out.print(f"      {one_line(place.note, 220)}")


def _newest(session: Session, wanted: Filter, chosen: _Chosen) -> list[tuple[StoredClaim, Placed]]:
    """At most so many figures; articles are read until they hold enough."""
    step, placing = wanted.limit, Placing(session.database)
    while True:
        articles = session.database.articles(replace(wanted, limit=step))
        places: Mapping[int, Placed] = placing.of(articles)
        pairs = [
            (stored, places.get(stored.id, NOWHERE))
            for article in articles
            for stored in article.claims
        ]
        found = [pair for pair in pairs if chosen(*pair)]
        if len(found) >= wanted.limit or len(articles) < step:
            return found[: wanted.limit]
        step *= 4


def _ledger(session: Session, what: str) -> Ledger:
    if _STORY.fullmatch(what.strip()):
        story = session.database.story(int(what.strip()[1:]))
        if story is None:
            raise unknown(what, "s")
        return ledger_of(story.articles)
    subject = _subject(session, what)
    numbers = session.database.stories_about(subject, limit=STORIES)
    stories = session.database.stories_of(numbers)
    return ledger_of([one for story in stories for one in story.articles], about=subject)


def _subject(session: Session, given: str) -> str:
    """
    The subject of that name, however it is written.

    Raises:
        BadInput: no figure is about it; the message offers the nearest.
    """
    make_cards(session)
    for kind in ("mineral", "company"):
        try:
            if (named := meant(kind, given)) and session.database.stories_about(named, limit=1):
                return named
        except BadInput:
            continue
    like = session.database.subjects_like(given, limit=OFFERED)
    if like and (like[0].casefold() == given.strip().casefold() or len(like) == 1):
        return like[0]
    raise BadInput(
        "no figure is about it.",
        subject=plain_line(given),
        advice=f"Did you mean {', '.join(like)}?" if like else "See: monitor claims list",
    )
