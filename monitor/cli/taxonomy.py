"""`monitor taxonomy`: the names that are looked for; what they mean, and new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.taxonomy_screen import show_meanings, show_survey, show_told
from monitor.errors import BadInput
from monitor.settings import taxonomy_folder
from monitor.wording import plain_line

#: What can be added; the list of `monitor.enrich.extend`, which loads when it is used.
KINDS = ("mineral", "company", "state_body", "deposit", "country")

#: Identifiers that a shell offers at most.
MOST_OFFERED = 50


@click.group()
def taxonomy() -> None:
    """
    Check the names that are looked for, explain a word, add a name of your own.

    The tables are described in docs/taxonomy.md.

    \b
    Examples:
      monitor taxonomy explain 钨
      monitor taxonomy explain "Индия нарастит добычу меди"
      monitor taxonomy add mineral tungsten volframi --language fi
      monitor taxonomy check
    """


class _Thing(click.ParamType[str]):
    """An identifier; a shell completes those of ours that are of the kind."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Identifiers that begin so."""
        from monitor.enrich import tables  # start-up time

        table, column, kind = {
            "mineral": (tables.MINERALS, "id", ""),
            "country": (tables.COUNTRIES, "code", ""),
        }.get(ctx.params.get("kind") or "", (tables.ENTITIES, "name", ctx.params.get("kind")))
        rows = tables.read_table(tables.our_folder(), table)
        found = [row[column] for row in rows if not kind or row["kind"] == kind]
        near = [one for one in found if one.casefold().startswith(incomplete.casefold())]
        return [CompletionItem(one) for one in near[:MOST_OFFERED]]


@taxonomy.command("check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@json_option
@pass_session
def check(session: Session, folder: Path | None, as_json: bool) -> int:
    """
    Count what the tables hold by language, and say what is wrong with them.

    FOLDER holds tables of your own; else the one of the setting taxonomy.folder is read. Ends
    with status 1 if something is wrong.

    \b
    Examples:
      monitor taxonomy check
      monitor taxonomy check ./my-minerals --json
    """
    from monitor.enrich.survey import survey  # start-up time

    found = survey(folder or _folder(session))
    if as_json:
        session.emit(
            {
                "things": found.things,
                "languages": [_fields(one) for one in found.spoken],
                "lists": found.lists,
                "problems": list(found.problems),
            }
        )
    else:
        show_survey(session, found)
    return 1 if found.problems else 0


@taxonomy.command("explain")
@click.argument("words", nargs=-1, required=True)
@click.option("--on", "day", help="The critical lists of this day: 2024-01-31. Default: today.")
@json_option
@pass_session
def explain(session: Session, words: tuple[str, ...], day: str | None, as_json: bool) -> int:
    """
    Say what a word means in every language, or what the names in a text come to.

    Of a word: each thing that it may stand for, the rows that say so, what must stand near it,
    and the official lists of critical minerals that name the thing. Of a text: what was found,
    what was passed over and why, and the relevance.

    \b
    Examples:
      monitor taxonomy explain NdPr
      monitor taxonomy explain бор --json
      monitor taxonomy explain Kazakhstan sells tungsten
      monitor taxonomy explain nickel --on 2023-01-01
    """
    from monitor.enrich import explain as explaining  # start-up time
    from monitor.enrich.taxonomy import load_taxonomy

    on = _day(day)
    text = " ".join(words)
    known = load_taxonomy(_folder(session))
    meanings = explaining.meanings(known, text)
    if meanings or len(text.split()) == 1:
        around = explaining.words_of(known, text)
        if as_json:
            session.emit(_word_record(known, text, meanings, around, on))
        else:
            show_meanings(session, known, text, meanings, around, on)
        return 0 if meanings or around else 1
    told = explaining.told(known, text, threshold=session.settings.relevance.threshold)
    if as_json:
        session.emit(_text_record(text, told))
    else:
        show_told(session, told)
    return 0


@taxonomy.command("add")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key", metavar="ID", type=_Thing())
@click.argument("name")
@click.option("--language", default="", help="In whose texts it counts: de. Default: in any.")
@click.option(
    "--needs", multiple=True, help="A word that must stand near; trade: any word of the trade."
)
@click.option("--never", multiple=True, help="A word that must not stand near.")
@click.option("--country", default="", help="Of a new entity: KZ, or KZ/US.")
@click.option("--minerals", default="", help="Of a new entity: tungsten;copper.")
@click.option("--parent", default="", help="The company that owns it.")
@click.option("--group", default="", help="Of a new mineral: rare_earths.")
@click.option(
    "--class", "class_", type=click.Choice(["critical", "base"]), help="Of a new mineral."
)
@click.option("--folder", type=click.Path(path_type=Path), help="Instead of taxonomy.folder.")
@json_option
@pass_session
def add(session: Session, /, folder: Path | None, as_json: bool, **given: Any) -> int:
    """
    Add a name to your own tables; it is tried first, and refused if it would mean two things.

    What is stored stays as it is until: monitor rescore.

    \b
    Examples:
      monitor taxonomy add mineral tungsten volframi --language fi
      monitor taxonomy add mineral copper đồng --language vi --needs quặng --never "triệu đồng"
      monitor taxonomy add company "Example Mining" "Example Mining" --country KZ --minerals copper
      monitor taxonomy add company "Cove Capital" Cove --needs trade
    """
    from monitor.enrich.extend import add_row, row_for  # start-up time

    place = folder or _folder(session)
    if place is None:
        raise BadInput(
            "is not set.",
            subject="taxonomy.folder",
            advice='Write in monitor.toml: [taxonomy] folder = "my-minerals", or give --folder.',
        )
    more = {"class": given["class_"] or "", **{k: given[k] for k in _MORE}}
    table, cells = row_for(
        given["kind"],
        given["key"],
        given["name"],
        language=given["language"],
        needs=given["needs"],
        never=given["never"],
        more=more,
    )
    add_row(place, table, cells)
    if as_json:
        session.emit({"file": str(place / table.file), "row": cells})
        return 0
    session.say(f"{given['name']} is {given['key']} from now on: {place / table.file}.")
    session.say("A daemon reads it when it starts; for what is stored: monitor rescore")
    return 0


_MORE = ("country", "minerals", "parent", "group")


def _folder(session: Session) -> Path | None:
    """The user's folder, as the settings say."""
    assert session.settings is not None
    return taxonomy_folder()


def _day(given: str | None) -> date:
    if given is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise BadInput("is no day.", subject=given, advice="Write 2024-01-31.") from error


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _word_record(
    known: Any, text: str, meanings: Sequence[Any], around: Sequence[Any], on: date
) -> dict[str, Any]:
    return {
        "word": plain_line(text),
        "meanings": [
            {
                "kind": one.kind,
                "id": one.id,
                "names": [_name_record(name, concept) for name, concept in one.names],
                "lists": [_listing_record(each, on) for each in _listings(known, one)],
            }
            for one in meanings
        ],
        "words": [{"part": p, "word": w, "language": lang} for p, w, lang in around],
    }


def _listings(known: Any, meaning: Any) -> Sequence[Any]:
    return known.lists_of(meaning.id) if meaning.kind == "mineral" else ()


def _name_record(name: str, concept: Any) -> dict[str, Any]:
    return {
        "name": name,
        "language": concept.language,
        "form": concept.form,
        "is_weak": concept.is_weak,
        "is_listed": concept.is_listed,
        "needs": sorted(concept.needs),
        "never": sorted(concept.never),
        "file": concept.file,
        "line": concept.line,
        "reviewed": concept.is_reviewed,
    }


def _listing_record(one: Any, on: date) -> dict[str, Any]:
    return {
        "list": one.list,
        "name": one.name,
        "issued_by": one.issued_by,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "in_force": one.is_in_force(on),
        "is_date_sure": one.is_date_sure,
        "reviewed": one.is_reviewed,
        "mineral": one.mineral,
        "form": one.form,
        "source": one.source,
    }


def _text_record(text: str, told: Any) -> dict[str, Any]:
    said = told.enrichment
    return {
        "text": plain_line(text),
        "language": said.language,
        "relevance": said.relevance,
        "reasons": list(said.reasons),
        "mentions": [_fields(mention) for mention in said.mentions],
        "passed_over": [
            {"surface": p.surface, "kind": p.concept.kind, "id": p.concept.id, "why": p.why}
            for p in told.passed
        ],
        "words": [{"part": part, "word": word} for part, word in told.words],
    }
