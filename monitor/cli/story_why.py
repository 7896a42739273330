"""Why a story is one, and why two are not: the values that decided, and who decided otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import number_of, unknown
from monitor.cli.story_repair import regrouping_record, regrouping_text
from monitor.deliver.records import time_text
from monitor.match import Likeness
from monitor.model import Decision, StoredArticle, StoredStory
from monitor.model.origins import origins_of
from monitor.placing import nearest
from monitor.wording import one_line

#: What analysts decide about groups.
GROUPING = frozenset({"merge", "split", "split-off", "not-a-copy"})

#: Originals of each story that are compared, the oldest first; pairs that are shown.
COMPARED, PAIRS = 25, 3

#: Width of a reason.
WIDTH = 400


def why_record(session: Session, story: StoredStory) -> dict[str, Any]:
    """Why each article of a story stands where it does, for programs and for `why_lines`."""
    origins = origins_of(story.articles)
    return {
        "id": f"s{story.id}",
        "developments": [
            {
                "id": f"d{number}",
                "articles": [
                    _article(article, origins[article.id].name)
                    for article in story.articles
                    if article.development_id == number
                ],
            }
            for number in story.developments
        ],
        "repairs": [
            regrouping_record(one) | {"text": regrouping_text(one)}
            for one in session.database.regroupings(story_id=story.id)
        ],
        "decisions": [
            _decision(one) for one in session.database.decisions(story.id) if one.action in GROUPING
        ],
    }


def why_lines(found: dict[str, Any]) -> Iterator[str]:
    """The same for a terminal."""
    for development in found["developments"]:
        yield development["id"]
        for article in development["articles"]:
            site, origin = (one_line(article[name], 40) for name in ("site", "origin"))
            yield f"  {article['id']}  {site}, from {origin}"
            yield from (f"      {one_line(reason, WIDTH)}" for reason in article["reasons"])
            if article["copy_of"]:
                yield f"      copy of {article['copy_of']}: {one_line(article['copy_why'], WIDTH)}"
            if article["attribution"]:
                yield f"      says “{one_line(article['attribution'], WIDTH)}”"
    for repair in found["repairs"]:
        yield f"repair {repair['at']}: {repair['text']}"
        yield f"      {one_line(repair['why'], WIDTH)}"
    for one in found["decisions"]:
        undone = ", taken back" if one["undone"] else ""
        step = f"{one['action']} {one['before']} → {one['after']}"
        yield f"{one_line(one['who'], 40)} {one['at']}: {one_line(step, 120)}{undone}"


@click.command("why")
@click.argument("identifier")
@click.argument("other")
@json_option
@pass_session
def why_command(session: Session, identifier: str, other: str, as_json: bool) -> int:
    """
    Show why two stories are not one: how their nearest articles compare.

    \b
    Examples:
      monitor stories why s12 s15
      monitor stories why s12 s15 --json
    """
    one, two = (_story(session, name) for name in (identifier, other))
    if one.id == two.id:
        session.say(f"They are one: s{one.id}. Why: monitor stories show s{one.id} --why")
        return 0
    pairs = nearest(session.database, _originals(one), _originals(two), shown=PAIRS)
    if as_json:
        session.emit_all(map(_pair_record, pairs))
        return 0
    for pair in pairs:
        session.out.print(f"a{pair.telling.article_id}  {one_line(pair.why, WIDTH)}")
        session.out.print(f"      {_verdict(pair)}")
    if not pairs:
        session.say("Nothing in them can be compared")
    return 0


def _story(session: Session, identifier: str) -> StoredStory:
    """
    Raises:
        BadInput: there is none of that id.
    """
    story = session.database.story(number_of(identifier, "s"))
    if story is None:
        raise unknown(identifier, "s")
    return story


def _originals(story: StoredStory) -> Sequence[int]:
    return [article.id for article in story.originals[:COMPARED]]


def _verdict(pair: Likeness) -> str:
    if pair.is_vetoed:
        return "other parties: never one story by itself"
    if pair.is_story:
        one = "one development" if pair.is_development else "one story"
        return f"enough for {one} by themselves; when the later one came, others stood nearer"
    return "not enough for one story"


def _pair_record(pair: Likeness) -> dict[str, Any]:
    return {
        "articles": [f"a{pair.telling.article_id}", f"a{pair.other.article_id}"],
        "evidence": round(pair.evidence, 2),
        "overlap": round(pair.overlap, 3),
        "days": round(abs(pair.telling.at - pair.other.at).total_seconds() / 86_400, 2),
        "is_story": pair.is_story,
        "is_development": pair.is_development,
        "is_vetoed": pair.is_vetoed,
        "why": pair.why,
    }


def _article(article: StoredArticle, origin: str) -> dict[str, Any]:
    return {
        "id": f"a{article.id}",
        "site": article.site,
        "origin": origin,
        "attribution": article.attribution,
        "reasons": list(article.placement_reasons),
        "copy_of": f"a{article.copy.original_id}" if article.copy else "",
        "containment": round(article.copy.containment, 3) if article.copy else None,
        "copy_why": article.copy.why if article.copy else "",
    }


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "at": time_text(one.at),
        "who": one.who,
        "action": one.action,
        "before": one.before,
        "after": one.after,
        "undone": one.undone,
    }
