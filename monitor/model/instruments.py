"""
Rules of states and their terms: who, what, of which products, from when until when.

An *instrument* is one such rule (a ban, a quota, a duty). Its first term and each renewal are its
*terms*. Each value rests on the words of articles; where those differ, all of them are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A value that one text gives for a field, and the words that give it."""

    value: str
    #: Verbatim; equals `(title + "\n" + text)[start:end]`.
    quote: str
    start: int
    end: int
    #: How the value follows from the words where it is not in them: `6 months from 2025-10-30`.
    how: str = ""


#: Fields of a rule as one text tells it; a field may have several values.
#: `countries`, `bodies`, `scope`, `excluded`, `minerals`, `documents`, `names`, `codes`, `stage`,
#: `plan`, `renewal`, `from`, `until`, `duration`.
Fields = Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTold:
    """A rule as one text tells it."""

    #: `ban`, `licence`, `quota`, `duty`, …: sections of `enrich/data/instruments.toml`.
    what: str
    #: `export`, `import`, or '' where no trade over a border is spoken of.
    direction: str
    #: The words that name it.
    named: Finding
    fields: Fields = field(default_factory=dict)

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a field, in order of the text, each once."""
        return tuple(dict.fromkeys(found.value for found in self.fields.get(name, ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An article that gives a value, with its words."""

    value: str
    quote: str
    article_id: int
    site: str
    #: BCP 47.
    language: str
    #: Offsets of the quote in the article's `title + "\n" + text`.
    start: int
    end: int
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the values that tellings do not agree on."""

    value: str
    #: Never empty.
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One time for which a rule is, or was to be, in force."""

    #: From 1, within its instrument.
    number: int
    #: ISO 8601: a day, or as much of it as is told (`2026-11`); '' = not told.
    in_force_from: str = ""
    #: The last day; of a rule that is suspended, of the suspension.
    until: str = ""
    #: As told last: `draft`, `decided`, `signed`, `in_force`, `suspended`, `extended`, `expired`,
    #: `repealed`; '' = not told.
    stage: str = ""
    #: Like `P6M`; '' = not told.
    duration: str = ""
    #: By which it was made, as they are written.
    documents: tuple[str, ...] = ()
    #: By field: those who give the value that is shown.
    evidence: Mapping[str, tuple[Witness, ...]] = field(default_factory=dict)
    #: By field: all values where they do not agree, the one that is shown first.
    disputes: Mapping[str, tuple[Side, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A rule of a state with its terms."""

    story_id: int
    #: From 1, within its story.
    number: int
    what: str
    direction: str
    #: ISO 3166-1 alpha-2, plus `EU`: whose rule it is.
    country: str
    bodies: tuple[str, ...] = ()
    #: Products: `ore`, `concentrate`, `scrap`, …; empty = not told.
    scope: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    minerals: tuple[str, ...] = ()
    #: As they are written: `Order No. 449`.
    documents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    #: Of customs, as they are written.
    codes: tuple[str, ...] = ()
    #: In order of time; never empty.
    terms: tuple[Term, ...]
    #: By field: who gives it.
    evidence: Mapping[str, tuple[Witness, ...]] = field(default_factory=dict)
    #: By field: all values where they do not agree.
    disputes: Mapping[str, tuple[Side, ...]] = field(default_factory=dict)
    #: What a reader must know before taking it for another rule, in words.
    notes: tuple[str, ...] = ()
    #: Articles that tell it, in order of telling.
    articles: tuple[int, ...] = ()

    @property
    def last(self) -> Term:
        """The term that was told last."""
        return self.terms[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A day on which something happens to a rule."""

    instrument: Instrument
    term: Term
    #: `effect` or `lapse`.
    event: str
    day: date
    #: Title of the story, and its language.
    title: str = ""
    language: str = ""


def day_of(text: str, *, is_last: bool = False) -> date | None:
    """
    The day that an ISO 8601 text means; None when it is none.

    Args:
        is_last: of a month or a year the last day is meant, not the first.
    """
    parts = text.split("-")
    try:
        year = int(parts[0])
        if len(parts) > 2:
            return date(year, int(parts[1]), int(parts[2]))
        month = int(parts[1]) if len(parts) > 1 else (12 if is_last else 1)
        if not is_last:
            return date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def standing(term: Term, today: date) -> str:
    """
    How a term stands by its dates, which pass without anybody telling it.

    Returns:
        The stage as told, or `in_force` or `expired` where a date says more.
    """
    start = day_of(term.in_force_from)
    end = day_of(term.until, is_last=True)
    if term.stage in {"repealed", "draft"}:
        return term.stage
    if end is not None and end < today:
        # After a suspension the rule applies again.
        return "in_force" if term.stage == "suspended" else "expired"
    if term.stage in {"decided", "signed", "extended", ""} and start is not None:
        return "in_force" if start <= today else term.stage
    return term.stage
