"""`monitor sources edit`: change what is known of one source."""

from __future__ import annotations

from typing import Any

import click

from monitor.cli.session import Session, json_option, pass_session
from monitor.cli.source_add import kind_option, option_pairs
from monitor.deliver.records import source_record
from monitor.errors import BadInput
from monitor.model import Scope, Source, SourceKind
from monitor.sources import fields, options
from monitor.text import single_line

#: Options of `edit` whose field has another name.
_KEYS = {"every_s": "every"}


@click.command("edit")
@click.argument("name")
@click.option("--name", "new_name", help="What it is called.")
@click.option("--url", help="Where it is read.")
@kind_option
@click.option("--language", help="BCP 47: ru; '' = unknown.")
@click.option("--region", help="Where it is at home: KZ.")
@click.option("--scope", type=click.Choice([s.value for s in Scope]))
@click.option("--every", type=click.IntRange(0), help="Seconds; 0 = let the scheduler choose.")
@click.option("--tag", "new_tags", multiple=True, help="Add a tag; may be repeated.")
@click.option("--no-tag", "old_tags", multiple=True, help="Take a tag away.")
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="Set an option; KEY= clears it."
)
@json_option
@pass_session
def edit(session: Session, /, name: str, as_json: bool, **wishes: Any) -> int:
    """
    Change what is known of a source.

    \b
    Examples:
      monitor sources edit 12 --every 900 --language kk
      monitor sources edit 12 --option item=article.news --option 'date=time'
    """
    source = session.database.source_by(name)
    changes = _changes(source, **wishes)
    if not changes:
        raise BadInput(
            "nothing to change.", subject=source.name, advice="See: monitor sources edit --help"
        )
    session.database.edit_source(source.id, **changes)
    if as_json:
        session.emit(source_record(session.database.source_by(str(source.id))))
    else:
        session.say(f"changed {', '.join(_KEYS.get(key, key) for key in changes)} of {source.name}")
    return 0


def _changes(source: Source, **wishes: Any) -> dict[str, Any]:
    """Fields of the source that the options of `edit` would change."""
    fresh: dict[str, Any] = {
        "name": single_line(wishes["new_name"], fields.MOST_NAME) if wishes["new_name"] else None,
        "url": _address(source, wishes["url"], wishes["kind"]),
        "kind": SourceKind(wishes["kind"]) if wishes["kind"] else None,
        "region": single_line(wishes["region"], 100) if wishes["region"] is not None else None,
        "scope": Scope(wishes["scope"]) if wishes["scope"] else None,
        "every_s": wishes["every"],
        "tags": _tags(source, wishes["new_tags"], wishes["old_tags"]),
        "options": _options(source, wishes["options"], wishes["kind"]),
    }
    if wishes["language"] is not None:
        fresh["language"] = fields.language_tag(wishes["language"])
    return {
        key: value
        for key, value in fresh.items()
        if value is not None and value != getattr(source, key)
    }


def _address(source: Source, url: str | None, kind: str | None) -> str | None:
    from monitor.finding.adding import address_of  # loaded when it is used: start-up time

    return address_of(url, SourceKind(kind or source.kind)) if url else None


def _tags(source: Source, more: tuple[str, ...], fewer: tuple[str, ...]) -> tuple[str, ...] | None:
    unknown = [tag for tag in fewer if tag not in source.tags]
    if unknown:
        had = f"It has: {', '.join(source.tags)}." if source.tags else "It has none."
        raise BadInput(f"{source.name} has no such tag.", subject=unknown[0], advice=had)
    if not (more or fewer):
        return None
    return fields.tags([*(tag for tag in source.tags if tag not in fewer), *more])


def _options(source: Source, given: tuple[str, ...], kind: str | None) -> dict[str, str] | None:
    fresh_kind = SourceKind(kind) if kind else source.kind
    pairs = option_pairs(given)
    unknown = [key for key, value in pairs.items() if not value and key not in source.options]
    if unknown:
        raise BadInput("the source has no such option.", subject=unknown[0])
    kept = {key: value for key, value in source.options.items() if key not in pairs}
    fresh = {key: value for key, value in pairs.items() if value}
    if fresh_kind is not source.kind:
        kept = options.fitting(kept, fresh_kind)
    return kept | options.checked(fresh, fresh_kind)
