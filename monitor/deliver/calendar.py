"""Rules by their days: which of them are asked for, as records, and by month. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from monitor.deliver.rule_words import happening, title
from monitor.model.instruments import Dated, Instrument, Side, Witness, standing

#: Days of rules that are looked at in one go.
MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rules; an empty part lets all through."""

    #: ISO 3166-1 alpha-2, plus `EU`.
    country: str = ""
    mineral: str = ""
    #: As it stands by now (`model.instruments.standing`).
    stage: str = ""

    def takes(self, one: Dated, *, today: date) -> bool:
        """Whether a rule is asked for."""
        rule = one.instrument
        return (
            self.country in {"", rule.country}
            and (not self.mineral or self.mineral in rule.minerals)
            and self.stage in {"", standing(one.term, today)}
        )


def chosen(found: Iterable[Dated], wanted: Wanted, *, today: date) -> list[Dated]:
    """Those that are asked for."""
    return [one for one in found if wanted.takes(one, today=today)]


def by_month(found: Sequence[Dated]) -> list[tuple[date, list[Dated]]]:
    """In their order, under the first day of their month."""
    return [
        (month, list(group)) for month, group in groupby(found, key=lambda o: o.day.replace(day=1))
    ]


def record(one: Dated, *, today: date) -> dict[str, Any]:
    """For programs."""
    field = "until" if one.event == "lapse" else "from"
    return {
        "day": one.day.isoformat(),
        "event": happening(one),
        "story_id": one.instrument.story_id,
        "term": one.term.number,
        "standing": standing(one.term, today),
        **rule_record(one.instrument),
        "in_force_from": one.term.in_force_from,
        "until": one.term.until,
        "stage": one.term.stage,
        "quotes": [_witness(w) for w in one.term.evidence.get(field, ())],
        "disputes": [_side(side) for side in one.term.disputes.get(field, ())],
    }


def rule_record(rule: Instrument) -> dict[str, Any]:
    """What a rule is, whatever its term."""
    return {
        "rule": rule.number,
        "title": title(rule),
        "country": rule.country,
        "what": rule.what,
        "direction": rule.direction,
        "bodies": list(rule.bodies),
        "scope": list(rule.scope),
        "excluded": list(rule.excluded),
        "minerals": list(rule.minerals),
        "documents": list(rule.documents),
        "names": list(rule.names),
        "codes": list(rule.codes),
    }


def _side(side: Side) -> dict[str, Any]:
    return {"value": side.value, "quotes": [_witness(w) for w in side.witnesses]}


def _witness(one: Witness) -> dict[str, Any]:
    return {
        "article_id": one.article_id,
        "site": one.site,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "how": one.how,
    }
