"""The words of rules as the pages show them, marked so that they are found for translation."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.instruments import Instrument, Term, Witness
from monitor.web.language import msgid

#: Kinds of rule by direction.
KINDS = {
    ("ban", "export"): msgid("export ban"),
    ("ban", "import"): msgid("import ban"),
    ("ban", ""): msgid("ban"),
    ("licence", "export"): msgid("export licensing"),
    ("licence", "import"): msgid("import licensing"),
    ("licence", ""): msgid("licensing"),
    ("quota", "export"): msgid("export quota"),
    ("quota", "import"): msgid("import quota"),
    ("quota", ""): msgid("quota"),
    ("duty", "export"): msgid("export duty"),
    ("duty", "import"): msgid("import duty"),
    ("duty", ""): msgid("duty"),
    ("price_floor", ""): msgid("price floor"),
    ("list", ""): msgid("official list"),
    ("royalty", ""): msgid("royalty or tax"),
    ("stockpile", ""): msgid("stockpile"),
    ("processing", ""): msgid("local processing"),
    ("sanctions", ""): msgid("sanctions"),
}

STAGES = {
    "draft": msgid("draft"),
    "decided": msgid("decided"),
    "signed": msgid("signed"),
    "in_force": msgid("in force"),
    "suspended": msgid("suspended"),
    "extended": msgid("extended"),
    "expired": msgid("expired"),
    "repealed": msgid("repealed"),
}

PRODUCTS = {
    "ore": msgid("ore"),
    "concentrate": msgid("concentrate"),
    "unwrought": msgid("unwrought metal"),
    "semi": msgid("semi-finished products"),
    "scrap": msgid("scrap"),
    "magnet": msgid("magnets"),
    "oxide": msgid("oxides"),
    "powder": msgid("powder"),
    "alloy": msgid("ferroalloys"),
    "technology": msgid("technology"),
    "equipment": msgid("equipment"),
    "battery": msgid("battery materials"),
}

#: Keys of `deliver.rule_words.HAPPENS`, and how a page marks them.
HAPPENS = {
    "effect": msgid("takes effect"),
    "planned_effect": msgid("would take effect"),
    "suspension_begins": msgid("is suspended"),
    "lapse": msgid("lapses"),
    "planned_lapse": msgid("would lapse"),
    "suspension_ends": msgid("suspension ends"),
    "lifted": msgid("is lifted"),
    "renewed": msgid("ends, and is renewed"),
    "next_term": msgid("next term begins"),
}
BADGES = {
    "effect": "update",
    "planned_effect": "soft",
    "suspension_begins": "corrected",
    "lapse": "warn",
    "planned_lapse": "soft",
    "suspension_ends": "warn",
    "lifted": "ok",
    "renewed": "ok",
    "next_term": "update",
}
#: How each stage is marked.
STAGE_BADGES = {
    "draft": "soft",
    "in_force": "ok",
    "suspended": "corrected",
    "expired": "soft",
    "repealed": "soft",
}

#: Fields of a rule of which tellings may differ.
FIELDS = {
    "what": msgid("What it is"),
    "from": msgid("In force from"),
    "until": msgid("Until"),
    "duration": msgid("For how long"),
    "stage": msgid("Stage"),
    "renewal": msgid("Renewal"),
}


def kind_of(rule: Instrument) -> str:
    """What a rule is, untranslated: `export ban`."""
    named = KINDS.get((rule.what, rule.direction)) or KINDS.get((rule.what, ""))
    return named or rule.what.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The words of one article that a term rests on, and for which of its fields."""

    witness: Witness
    fields: tuple[str, ...]
    #: How values follow from the words where they are not in them.
    how: tuple[str, ...]


def rests_on(term: Term) -> list[Ground]:
    """What a term rests on: of each field the first who says it, each quote once."""
    found: dict[tuple[int, int], Ground] = {}
    for name in ("from", "until", "duration", "stage", "renewal"):
        for one in term.evidence.get(name, ())[:1]:
            known = found.get((one.article_id, one.start))
            found[one.article_id, one.start] = Ground(
                witness=known.witness if known else one,
                fields=(*known.fields, name) if known else (name,),
                how=tuple(filter(None, (*(known.how if known else ()), one.how))),
            )
    return list(found.values())


#: All of them, for templates.
WORDS = {
    "stages": STAGES,
    "stage_badges": STAGE_BADGES,
    "products": PRODUCTS,
    "happens": HAPPENS,
    "badges": BADGES,
    "fields": FIELDS,
    "kind_of": kind_of,
    "rests_on": rests_on,
}
