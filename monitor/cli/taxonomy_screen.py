"""The answers of `monitor taxonomy`, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from monitor.cli.session import Session
from monitor.wording import one_line

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.enrich.concepts import Concept
    from monitor.enrich.explain import Meaning, Told
    from monitor.enrich.lists import Listing
    from monitor.enrich.survey import Survey
    from monitor.enrich.taxonomy import Taxonomy

#: Rows of names of one meaning that are shown.
MOST_NAMES = 12

#: Characters of what must stand near a name.
WIDTH = 90

PARTS = {
    "context": "a word of the trade",
    "weak": "a word of the trade that counts half",
    "theme": "a name of the whole matter",
    "other": "a word of another world",
    "event": "a word of an event",
}


def show_survey(session: Session, found: Survey) -> None:
    """Counts, languages, what is wrong."""
    out = session.out
    if found.things:
        out.print(", ".join(f"{count:,} × {kind}" for kind, count in found.things.items()))
        out.print(f"{sum(found.lists.values()):,} entries of {len(found.lists)} official lists")
        out.print(f"{'language':<10}{'names of':>10}{'of these':>10}{'minerals':>10}"
                  f"{'countries':>11}{'words of':>10}")  # fmt: skip
        out.print(f"{'':<10}{'minerals':>10}{'reviewed':>10}{'named':>10}{'named':>11}"
                  f"{'trade':>10}")  # fmt: skip
    for one in found.spoken:
        out.print(
            f"{one.language or 'any':<10}{one.minerals:>10,}{one.reviewed:>10,}"
            f"{one.minerals_named:>10}{one.countries_named:>11}{one.words:>10,}"
        )
    for problem in found.problems:
        out.print(f"wrong: {one_line(problem, 400)}")
    if found.problems:
        session.say(f"{len(found.problems)} to put right.")
    else:
        session.say("Nothing is wrong.")


def show_meanings(
    session: Session,
    known: Taxonomy,
    text: str,
    meanings: Sequence[Meaning],
    around: Sequence[tuple[str, str, str]],
    on: date,
) -> None:
    """What a word stands for, row by row."""
    for one in meanings:
        group = known.groups.get(one.id) if one.kind == "mineral" else known.parents.get(one.id)
        above = f", of {group}" if group else ""
        session.out.print(f"{one_line(one.id, 80)} ({one.kind.replace('_', ' ')}{above})")
        for name, concept in one.names[:MOST_NAMES]:
            session.out.print(f"    {_name_line(name, concept)}")
        if len(one.names) > MOST_NAMES:
            session.out.print(f"    … and {len(one.names) - MOST_NAMES} more")
        if one.kind == "mineral":
            _show_lists(session, known.lists_of(one.id), on)
    for part, word, language in around:
        where = f"in {language}" if language else "in any language"
        session.out.print(f"{one_line(word, 80)}: {PARTS.get(part, part)}, {where}")
    if not meanings and not around:
        session.say(f"{one_line(text, 80)} means nothing here. Add it: monitor taxonomy add")


def show_told(session: Session, told: Told) -> None:
    """What was found in a text, what was passed over, and why."""
    said = told.enrichment
    out = session.out
    out.print(f"read as {said.language}; relevance {said.relevance:.2f}")
    for reason in said.reasons:
        out.print(f"    {one_line(reason, 160)}")
    for mention in said.mentions:
        kind = mention.kind.replace("_", " ")
        out.print(f"{one_line(mention.surface, 60)}: {one_line(mention.concept, 60)} ({kind})")
    for one in told.passed:
        out.print(
            f"{one_line(one.surface, 60)}: not {one_line(one.concept.id, 60)} "
            f"({one.concept.kind.replace('_', ' ')}): {one_line(one.why, 120)}"
        )
    for part, word in told.words:
        out.print(f"{one_line(word, 60)}: {PARTS.get(part, part)}")


def _name_line(name: str, concept: Concept) -> str:
    spoken = f" ({concept.spoken})" if concept.spoken else ""
    where = f"in {concept.language}" if concept.language else f"in any language{spoken}"
    form = f", as {concept.form}" if concept.form else ""
    reviewed = {True: ", reviewed", False: ", not reviewed", None: ""}[concept.is_reviewed]
    place = f"{concept.file}:{concept.line}" if concept.line else concept.file
    return f"{one_line(name, 60)}: {where}{form}{_wants(concept)}  [{place}{reviewed}]"


def _wants(concept: Concept) -> str:
    wants = ["a word of the trade"] if concept.is_weak else []
    if concept.needs:
        wants.append(f"one of {one_line(', '.join(sorted(concept.needs)), WIDTH)}")
    told = f"; wants near it {' or '.join(wants)}" if wants else ""
    if concept.is_listed:
        told += "; beside another mineral in a list only"
    if concept.never:
        told += f"; not beside {one_line(', '.join(sorted(concept.never)), WIDTH)}"
    return told


def _show_lists(session: Session, found: Sequence[Listing], on: date) -> None:
    """Those in force on the day first, then those that ended or had not begun."""
    current = [one for one in found if one.is_in_force(on)]
    if current:
        session.out.print(f"  critical on {len(current)} official lists of {on}:")
    for one in current:
        session.out.print(f"    {_listing_line(one)}")
    for one in (one for one in found if one not in current):
        session.out.print(f"    not then: {_listing_line(one)}")


def _listing_line(one: Listing) -> str:
    since = f"since {one.since}" if one.since else "date not known"
    about = "" if one.is_date_sure or not one.since else " (day not confirmed)"
    until = f" until {one.until}" if one.until else ""
    form = f" as {one_line(one.form, 60)}" if one.form else ""
    unsure = "" if one.is_reviewed else ", not reviewed"
    name = f"{one_line(one.issued_by, 60)}: {one_line(one.name, 80)}"
    return f"{one.list}{form}: {since}{about}{until}  [{name}{unsure}]"
