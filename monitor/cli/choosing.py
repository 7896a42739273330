"""What a search found, shown so that a person can choose: numbered, with reasons and commands."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.session import Session
from monitor.errors import BadInput
from monitor.sources.ranking import Candidate, Ranked, described
from monitor.wording import one_line, plain_line, stamp

if TYPE_CHECKING:  # loaded when it is used: start-up time
    from monitor.finding.search import Found

#: Columns of what is shown.
WIDTH = 80

#: Candidates that are named after one was added, and in an error.
TOLD = 5

#: What was named and cannot be watched: so many are told.
TOLD_LOST = 5


def chosen(
    session: Session, found: Found, url: str, picks: tuple[int, ...], *, as_json: bool
) -> list[Ranked]:
    """
    What to add: the numbers that were picked, else the clear best, else what the user answers.

    Returns:
        Nothing when it is not clear and nobody can be asked.

    Raises:
        BadInput: there is no such number.
    """
    if picks:
        return [_numbered(found, number) for number in dict.fromkeys(picks)]
    if found.best:
        return [found.best]
    if as_json or not found.ranked or not sys.stdin.isatty():
        return []
    show(session, found, url)
    most = len(found.ranked)
    number = click.prompt(
        f"Add which one? 1 to {most}, 0 = none", type=click.IntRange(0, most), default=1, err=True
    )
    return [found.ranked[number - 1]] if number else []


def _numbered(found: Found, number: int) -> Ranked:
    if number > len(found.ranked):
        raise BadInput(
            f"only {len(found.ranked)} can be added." if found.ranked else "nothing was found.",
            subject=f"--pick {number}",
            advice="See them: monitor sources add URL --dry-run",
        )
    return found.ranked[number - 1]


def show(session: Session, found: Found, url: str) -> None:
    """All candidates, the best first, and what was named and cannot be watched."""
    out = session.out
    count = len(found.ranked)
    what = f"{count} to watch" if count else "nothing to watch"
    out.print(f"{one_line(url, 50)}: {what} ({found.requests} requests)", soft_wrap=True)
    for one in found.ranked:
        for line in told(one):
            out.print(line, soft_wrap=True)
    for candidate in found.lost[:TOLD_LOST]:
        for line in _told_lost(candidate):
            out.print(line, soft_wrap=True)


def told(one: Ranked) -> list[str]:
    """A candidate in a few lines."""
    candidate = one.candidate
    head = f"{one.number:>2}  {candidate.kind.value:<8} {plain_line(candidate.url)}"
    title = f"“{one_line(candidate.title, 40)}” " if candidate.title else ""
    facts = f"    {title}{one_line(described(candidate), WIDTH)}"
    reasons = f"    {one.score:.0f} = {'  '.join(one.reasons)}"
    options = [f"    {key}={one_line(value, 70)}" for key, value in candidate.options.items()]
    return [head, facts, *options, *_folded(reasons)]


def _folded(text: str) -> list[str]:
    """Reasons over several lines, each at most as wide as a terminal."""
    lines, at = [], ""
    for word in plain_line(text).split("  "):
        if at.strip() and len(at) + len(word) + 2 > WIDTH:
            lines.append(at)
            at = "     "
        at = f"{at}  {word}" if at.strip() else f"{at}{word or '  '}"
    return [*lines, at]


def _told_lost(candidate: Candidate) -> list[str]:
    words = "found, but " if candidate.is_refused else ""
    return [
        f" -  {candidate.kind.value:<8} {plain_line(candidate.url)}",
        f"    {words}{one_line(candidate.cause, WIDTH - 16)} ({candidate.how.value})",
    ]


def records(found: Found) -> list[dict[str, Any]]:
    """All candidates for scripts; those that cannot be watched have the number 0."""
    return [_record(one) for one in found.ranked] + [
        {
            "number": 0,
            "url": one.url,
            "kind": one.kind.value,
            "title": one.title,
            "found": one.how.value,
            "refused": one.is_refused,
            "cause": one.cause,
        }
        for one in found.lost
    ]


def _record(one: Ranked) -> dict[str, Any]:
    candidate = one.candidate
    dates = candidate.dates
    return {
        "number": one.number,
        "url": candidate.url,
        "kind": candidate.kind.value,
        "title": candidate.title,
        "found": candidate.how.value,
        "score": round(one.score, 1),
        "reasons": list(one.reasons),
        "covers": one.part.value,
        "entries": len(candidate.entries) if candidate.document else None,
        "dated": len(dates),
        "newest": stamp(max(dates, default=None)) or None,
        "oldest": stamp(min(dates, default=None)) or None,
        "same_as": one.same_as or None,
        "options": dict(candidate.options),
        "cause": candidate.cause,
    }


def say_rest(session: Session, found: Found, chosen: Sequence[Ranked], repeated: list[str]) -> None:
    """After one was added: what else there is, with the command for each."""
    rest = [one for one in found.ranked if one not in chosen]
    if rest:
        session.say(f"also found ({found.requests} requests):")
    for one in rest[:TOLD]:
        for line in _offered(one, repeated):
            session.say(line)
    refused = [one for one in found.lost if one.is_refused]
    for candidate in refused[:TOLD_LOST]:
        session.say(f"found, but {candidate.cause}: {candidate.url}")


def undecided(url: str, found: Found, repeated: list[str], cause: str) -> BadInput:
    """The error that gives the exact commands for what was found."""
    if not found.ranked:
        said = "nothing to watch was found"
        why = f" {_sentence(cause)}" if cause and not found.asked.links else ""
        lost = "".join(
            f"\n  {one.url}: {'found, but ' if one.is_refused else ''}{one.cause}"
            for one in found.lost[:TOLD_LOST]
        )
        return BadInput(
            f"{said}, in {found.requests} requests.{why}{plain_line(lost)}",
            subject=url,
            advice="\nGive another page of the site, or see how it would be read: "
            f"monitor sources preview {shlex.quote(url)} --kind listing",
        )
    lines = [line for one in found.ranked[:TOLD] for line in _offered(one, repeated)]
    count = len(found.ranked)
    some = f"{count} found, none clearly the best" if count > 1 else "only this was found"
    shown = "\n".join(lines)
    advice = "Take one of these commands, or add --pick N to yours; --dry-run shows why."
    return BadInput(f"{some}:", subject=url, advice=f"\n{shown}\n{advice}")


def _offered(one: Ranked, repeated: Sequence[str]) -> list[str]:
    """A candidate with the command that adds it."""
    facts = described(one.candidate)
    return [
        f"{one.number:>2}  {one.candidate.kind.value}: {one_line(facts, WIDTH - 16)}",
        f"    {command(one.candidate, repeated)}",
    ]


def command(candidate: Candidate, repeated: Sequence[str] = ()) -> str:
    """The exact command that adds a candidate."""
    words = ["monitor", "sources", "add", candidate.url, "--kind", candidate.kind.value]
    if candidate.title and "--name" not in repeated:
        words += ["--name", one_line(candidate.title, 60)]
    given = set(repeated)
    for key, value in candidate.options.items():
        if f"{key}={value}" not in given:
            words += ["--option", f"{key}={value}"]
    return plain_line(shlex.join([*words, *repeated]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
