"""The words of rules and their days, for messages, commands and calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitor.deliver import phrases
from monitor.model.instruments import Dated, Instrument, day_of
from monitor.wording import counted, one_line

#: Kinds of rule.
KINDS = {
    "ban": "ban",
    "licence": "licensing",
    "quota": "quota",
    "duty": "duty",
    "price_floor": "price floor",
    "list": "official list",
    "royalty": "royalty or tax",
    "stockpile": "stockpile",
    "processing": "local processing",
    "sanctions": "sanctions",
}

#: How far a rule has come.
STAGES = {
    "draft": "draft",
    "decided": "decided",
    "signed": "signed",
    "in_force": "in force",
    "suspended": "suspended",
    "extended": "extended",
    "expired": "expired",
    "repealed": "repealed",
}

#: Products.
PRODUCTS = {
    "ore": "ore",
    "concentrate": "concentrate",
    "unwrought": "unwrought metal",
    "semi": "semi-finished products",
    "scrap": "scrap",
    "magnet": "magnets",
    "oxide": "oxides",
    "powder": "powder",
    "alloy": "ferroalloys",
    "technology": "technology",
    "equipment": "equipment",
    "battery": "battery materials",
}

#: What happens on a day.
HAPPENS = {
    "effect": "takes effect",
    "planned_effect": "would take effect",
    "suspension_begins": "is suspended",
    "lapse": "lapses",
    "planned_lapse": "would lapse",
    "suspension_ends": "suspension ends",
    "lifted": "is lifted",
    "renewed": "ends, and is renewed",
    "next_term": "next term begins",
}

#: Days between the end of a term and the beginning of the next, for it to go on.
CONTINUED_DAYS = 2

#: Minerals that a title names, characters of a title.
MINERALS, TITLE = 4, 200


def happening(one: Dated) -> str:
    """What happens on its day: a key of `HAPPENS`."""
    is_end, term = one.event == "lapse", one.term
    if term.stage == "suspended":
        return "suspension_ends" if is_end else "suspension_begins"
    if term.stage == "draft":
        return "planned_lapse" if is_end else "planned_effect"
    if is_end and term.stage == "repealed":
        return "lifted"
    if is_end and _is_continued(one):
        return "renewed"
    return "next_term" if not is_end and term.number > 1 else one.event


def _is_continued(one: Dated) -> bool:
    """Whether the next term begins when this one ends, and is no plan."""
    following = [
        day_of(term.in_force_from)
        for term in one.instrument.terms
        if term.number > one.term.number and term.stage not in {"draft", "suspended"}
    ]
    return any(day and abs((day - one.day).days) <= CONTINUED_DAYS for day in following)


def title(one: Instrument) -> str:
    """Like `Kazakhstan: export ban on scrap (copper, aluminium)`."""
    kind = KINDS.get(one.what, one.what)
    named = f"{one.direction} {kind}".strip()
    products = ", ".join(PRODUCTS.get(word, word) for word in one.scope)
    minerals = ", ".join(name.replace("_", " ") for name in one.minerals[:MINERALS])
    minerals += ", …" if len(one.minerals) > MINERALS else ""
    of = f": {products}" if products else ""
    about = f" ({minerals})" if minerals else ""
    return one_line(f"{phrases.country(one.country)}, {named}{of}{about}", TITLE)


def line(one: Dated, *, today: date) -> str:
    """Like `30 Apr 2026, in 12 days: lapses: Kazakhstan, export ban: scrap`."""
    return f"{day_text(one)}, {distance(one.day, today)}: {HAPPENS[happening(one)]}: {what(one)}"


def what(one: Dated) -> str:
    """The rule, with its document and what is not certain of the day."""
    field = "until" if one.event == "lapse" else "from"
    said = [title(one.instrument)]
    said += (one.term.documents or one.instrument.documents)[:1]
    if sides := one.term.disputes.get(field):
        others = ", ".join(f"{side.value} ({side.witnesses[0].site})" for side in sides[1:3])
        said.append(f"also told: {others}")
    return "; ".join(said)


def day_text(one: Dated) -> str:
    """The day, or as much of it as is told: `30 Apr 2026`, `2029`."""
    told = one.term.until if one.event == "lapse" else one.term.in_force_from
    if len(told) == len("2026"):
        return told
    if len(told) == len("2026-11"):
        return f"{one.day:%b %Y}"
    return f"{one.day.day} {one.day:%b %Y}"


def distance(day: date, today: date) -> str:
    """Like `today`, `in 12 days`, `12 days ago`."""
    days = (day - today).days
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} ago"


def split(found: Sequence[Dated]) -> tuple[list[Dated], list[Dated]]:
    """What lapses, and what takes effect; plans that would end are no news."""
    lapses = [o for o in found if o.event == "lapse" and o.term.stage != "draft"]
    return lapses, [o for o in found if o.event == "effect"]
