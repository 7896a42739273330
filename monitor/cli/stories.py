"""`monitor stories`: what happened, one line each; one story whole; stories joined and divided."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.shapes import filters, number_of, query, unknown, write_whole
from monitor.cli.story_list import chosen_lines, tables
from monitor.cli.story_repair import repair_command, repairs_command
from monitor.cli.story_screen import story_lines
from monitor.cli.story_why import why_command, why_lines, why_record
from monitor.deliver.records import story_record
from monitor.model import StoredStory
from monitor.wording import counted, one_line


class Listing(click.Group):
    """A group that lists when no other command of it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options alone are those of `list`."""
        helps = set(ctx.help_option_names)
        is_bare = not args and not ctx.resilient_parsing  # a shell that completes asks for more
        if is_bare or (args and args[0].startswith("-") and args[0] not in helps):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and where an option begins those of `list` too."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            listing = self.commands["list"]
            inner = click.Context(listing, parent=ctx, info_name="list", resilient_parsing=True)
            known = {item.value for item in found}
            more = listing.shell_complete(inner, incomplete)
            found += [item for item in more if item.value not in known]
        return found


@click.group(cls=Listing)
def stories() -> None:
    """
    List stories, or show one; without a command: list.

    \b
    Examples:
      monitor stories --open --by mineral
      monitor stories list --mineral tungsten --since 7d
      monitor stories show s12
      monitor stories merge s12 s15
      monitor stories pack s12 -o s12.zip
    """


stories.add_command(repair_command)
stories.add_command(repairs_command)
stories.add_command(why_command)


@stories.command("list")
@click.option("--open", "is_open", is_flag=True, help="Only what is still to be decided on.")
@click.option(
    "--by", type=click.Choice(["mineral", "country", "day"]), help="Group under headings."
)
@filters
@json_option
@pass_session
def list_(session: Session, /, is_open: bool, by: str | None, as_json: bool, **options: Any) -> int:
    """
    List stories, what changed last first, with what is new since you looked.

    A story counts as looked at when you opened it on the site, decided on it one by one
    (monitor review --interactive) or showed it (monitor stories show).

    \b
    Examples:
      monitor stories
      monitor stories --open --by mineral
      monitor stories list --since 24h --mineral tungsten
      monitor stories list --state new --json
    """
    if as_json and not is_open:
        found = session.database.stories(query(session, **options))
        session.emit_all(story_record(story) for story in found)
        return 0
    limit = options["limit"]
    lines = chosen_lines(session, options, is_open=is_open, reader=getpass.getuser(), limit=limit)
    if as_json:
        whole = session.database.stories_of([line.card.story_id for line in lines])
        session.emit_all(story_record(story) for story in whole)
        return 0
    if not lines:
        session.say(_nothing(session))
        return 0
    for part in tables(session, lines, by=by or ""):
        session.out.print(part)
    if len(lines) == limit:
        session.say(f"The newest {limit}; more: --limit {4 * limit}")
    return 0


def _nothing(session: Session) -> str:
    """Why there is nothing to show, and what to do."""
    if session.database.counts()["articles"]:
        return "No story passes. Widen the filter: monitor stories list"
    return "There are no stories yet. Start with: monitor crawl"


@stories.command("show")
@click.argument("identifier")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it into this SVG file instead.",
)
@click.option("--why", "is_why", is_flag=True, help="Why each article stands where it does.")
@json_option
@pass_session
def show(
    session: Session, identifier: str, picture: Path | None, is_why: bool, as_json: bool
) -> int:
    """
    Show one story: who told it, who copied whom, which figures, where they disagree.

    \b
    Examples:
      monitor stories show s12
      monitor stories show s12 --why
      monitor stories show s12 --picture tungsten.svg
    """
    story = _story(session, identifier)
    if picture:
        # Loaded when it is used: start-up time.
        from monitor.deliver.picture import story_svg

        write_whole(picture, story_svg(story))
        session.say(f"Drawn to {picture}")
        return 0
    if is_why:
        found = why_record(session, story)
        if as_json:
            session.emit(found)
            return 0
        for line in why_lines(found):
            session.out.print(line)
        return 0
    if as_json:
        session.emit(story_record(story))
        return 0
    for line in story_lines(story):
        session.out.print(line)
    session.database.mark_seen(getpass.getuser(), [story.id], now=datetime.now(UTC))
    return 0


@stories.command("merge")
@click.argument("kept")
@click.argument("merged", nargs=-1, required=True)
@click.option("--who", default=None, help="Your name; default: the login name.")
@pass_session
def merge(session: Session, kept: str, merged: tuple[str, ...], who: str | None) -> int:
    """
    Make stories one: the first stays, the others' ids lead to it.

    \b
    Examples:
      monitor stories merge s12 s15
      monitor review undo
    """
    who = who or getpass.getuser()
    numbers = [number_of(one, "s") for one in (kept, *merged)]
    for one, number in zip((kept, *merged), numbers, strict=True):
        if not session.database.standings([number]):
            raise unknown(one, "s")
    for number in numbers[1:]:
        made = session.database.merge_stories(numbers[0], number, who=who, now=datetime.now(UTC))
        session.out.print(f"{made.before} is part of {made.after} now.")
    session.say("To take it back: monitor review undo")
    return 0


@stories.command("split")
@click.argument("identifier")
@click.argument("articles", nargs=-1, required=True)
@click.option("--who", default=None, help="Your name; default: the login name.")
@pass_session
def split(session: Session, identifier: str, articles: tuple[str, ...], who: str | None) -> int:
    """
    Make articles of a story, with their copies, a story of their own.

    \b
    Examples:
      monitor stories split s12 a34 a35
      monitor review undo
    """
    who, number = who or getpass.getuser(), number_of(identifier, "s")
    if not session.database.standings([number]):
        raise unknown(identifier, "s")
    made = session.database.split_story(
        number, [number_of(one, "a") for one in articles], who=who, now=datetime.now(UTC)
    )
    session.out.print(f"{made.after} is a story of its own now, taken from {made.before}.")
    session.say("To take it back: monitor review undo")
    return 0


@stories.command("pack")
@click.argument("identifier")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The zip file; default: s12.zip here.",
)
@pass_session
def pack(session: Session, identifier: str, output: Path | None) -> int:
    """
    Pack what we know of a story, with hashes, as one zip for the archive or a court.

    \b
    Examples:
      monitor stories pack s12 -o s12.zip
      monitor stories verify s12.zip
    """
    # Loaded when they are used: start-up time.
    from monitor.deliver.evidence import write_pack
    from monitor.deliver.exports import whole_file

    story = _story(session, identifier)
    path = output or Path(f"s{story.id}.zip")
    with whole_file(path) as part, part.open("wb") as target:
        digest = write_pack(session.database, story, target)
    session.say(f"s{story.id} packed into {path}; note down the SHA-256 of its manifest:")
    session.out.print(digest)
    return 0


@stories.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--manifest", default="", help="The SHA-256 that was noted down.")
@json_option
@pass_session
def verify_(session: Session, file: Path, manifest: str, as_json: bool) -> int:
    """
    Check an evidence pack: every file against the hashes in it; needs no database.

    \b
    Examples:
      monitor stories verify s12.zip
      monitor stories verify s12.zip --manifest 3f8a…
    """
    from monitor.deliver.verifying import verify  # loaded when it is used: start-up time

    found = verify(file)
    faults = list(found.faults)
    if manifest and manifest.strip().lower() != found.manifest:
        faults.insert(0, f"manifest.json: its SHA-256 is {found.manifest}, not the one given")
    if as_json:
        session.emit(
            {
                "story": found.story,
                "files": found.files,
                "manifest": found.manifest,
                "faults": faults,
            }
        )
        return 1 if faults else 0
    for fault in faults:
        session.out.print(fault)
    what = counted(found.files, "file")
    if not faults:
        session.out.print(
            f"{one_line(str(file), 100)}: {what} of {found.story}, all as they were packed; "
            f"manifest {found.manifest}",
            soft_wrap=True,
        )
    return 1 if faults else 0


def _story(session: Session, identifier: str) -> StoredStory:
    """
    One story whole.

    Raises:
        BadInput: there is none of that id.
    """
    story = session.database.story(number_of(identifier, "s"))
    if story is None:
        raise unknown(identifier, "s")
    return story
