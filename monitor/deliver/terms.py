"""
The terms of one rule, out of its tellings: the first one, each renewal, a suspension.

Pure. Tellings whose dates lie near each other tell one term; where their dates differ, the one
that most outlets tell is shown, and the others beside it. A duration counts from the first day.
A renewal without a day of its own begins when the term before it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from dateutil.relativedelta import relativedelta

from monitor.enrich.instrument_marks import number_of
from monitor.enrich.instruments import LIFTED
from monitor.model import StoredArticle
from monitor.model.instruments import Finding, RuleTold, Side, Term, Witness, day_of

#: Days between two dates that may be one, told wrong.
NEAR_DAYS = 45

#: Days after which a telling without dates speaks of another term than the one told before.
FAR_DAYS = 150

#: Days by which a day that was counted may differ from a stated one: how the last day is counted,
#: and in which zone "at once" was told.
COUNTED_DAYS, AT_ONCE_DAYS = 1, 2

#: Days within which different stages are told of one moment.
SAME_TIME_DAYS = 3

#: Terms of a rule, witnesses of one value, documents.
MOST_TERMS, MOST_WITNESSES, MOST_DOCUMENTS = 12, 8, 16

#: From the least; a later telling never takes a rule back to an earlier step.
LADDER = ("draft", "decided", "signed", "in_force")

_DURATION = re.compile(r"P(\d{1,3})([DMY])")


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One article's telling of the rule; its days are looked for once."""

    article: StoredArticle
    rule: RuleTold
    #: On which day it was told, UTC.
    day: date

    @property
    def development(self) -> int:
        """The development that it is part of."""
        return self.article.development_id

    @property
    def stage(self) -> str:
        """How far the rule has come, as it tells."""
        return next(iter(self.rule.values("stage")), "")

    @property
    def is_renewal(self) -> bool:
        """It tells of a renewal."""
        return bool(self.rule.fields.get("renewal"))

    @cached_property
    def firsts(self) -> list[Finding]:
        """First days that it states; what holds at once has not begun weeks before."""
        found = [f for f in self.rule.fields.get("from", ()) if day_of(f.value)]
        if not self.rule.fields.get("at_once"):
            return found
        least = self.day - timedelta(days=AT_ONCE_DAYS)
        return [f for f in found if (day := day_of(f.value)) and day >= least]

    @cached_property
    def start(self) -> date | None:
        """The first day of the term that it tells; of a renewal the later of two."""
        days = [day for found in self.firsts if (day := day_of(found.value))]
        if days:
            return max(days) if self.is_renewal else days[0]
        return self.day if self.rule.fields.get("at_once") else None

    @cached_property
    def end(self) -> date | None:
        """The last day, stated, or counted from the first."""
        days = [day for v in self.rule.values("until") if (day := day_of(v, is_last=True))]
        if days:
            return max(days) if self.is_renewal else days[0]
        lasting = next(iter(self.rule.values("duration")), "")
        return counted_end(self.start, lasting) if self.start and lasting else None


@dataclass(slots=True)
class _Draft:
    """A term while its tellings are put together."""

    heard: list[Heard] = field(default_factory=list)
    starts: set[date] = field(default_factory=set)
    ends: set[date] = field(default_factory=set)
    #: What tellings of the next term say of this one's end.
    former: list[tuple[Heard, Finding]] = field(default_factory=list)

    def add(self, one: Heard) -> None:
        """Take a telling in."""
        self.heard.append(one)
        if one.start:
            self.starts.add(one.start)
        if one.end:
            self.ends.add(one.end)

    @property
    def is_suspension(self) -> bool:
        return any(one.stage == "suspended" for one in self.heard)


def counted_end(start: date, duration: str) -> date | None:
    """The day on which a time that began then is over: six months from 30 October are 30 April."""
    match = _DURATION.fullmatch(duration)
    if match is None:
        return None
    count = int(match[1])
    span = {
        "D": relativedelta(days=count),
        "M": relativedelta(months=count),
        "Y": relativedelta(years=count),
    }[match[2]]
    try:
        return start + span
    except (ValueError, OverflowError):
        return None


def terms_of(heard: Iterable[Heard]) -> tuple[Term, ...]:
    """
    The terms of a rule, oldest first; never empty for tellings that are not.

    Args:
        heard: in order of telling.
    """
    drafts: list[_Draft] = []
    for one in heard:
        _place(one, drafts)
    drafts.sort(key=_order)
    made: list[Term] = []
    for number, draft in enumerate(drafts[-MOST_TERMS:], 1):
        made.append(_term(draft, number, made[-1] if made else None))
    return tuple(made)


def witness(article: StoredArticle, found: Finding) -> Witness:
    """An article that gives a value."""
    return Witness(
        value=found.value,
        quote=found.quote,
        article_id=article.id,
        site=article.site,
        language=article.enrichment.language,
        start=found.start,
        end=found.end,
        how=found.how,
    )


def sides(found: Sequence[Witness]) -> tuple[Side, ...]:
    """The witnesses by value, those of most outlets first; then those who told it first."""
    by_value: dict[str, list[Witness]] = {}
    for one in found:
        group = by_value.setdefault(_like(one.value, by_value), [])
        same = next((at for at, w in enumerate(group) if w.article_id == one.article_id), None)
        if same is None:
            group.append(one)
        elif len(one.value) > len(group[same].value):
            group[same] = one
    ranked = sorted(by_value.items(), key=lambda item: -len({w.site for w in item[1]}))
    return tuple(
        Side(value=max((w.value for w in group), key=len), witnesses=tuple(group[:MOST_WITNESSES]))
        for _, group in ranked
    )


def _like(value: str, known: Iterable[str]) -> str:
    """A value that was met and says the same: `2026-11` and `2026-11-10`."""
    is_date = value[:4].isdigit()
    for other in known:
        if value == other or (
            is_date and (f"{value}-".startswith(f"{other}-") or f"{other}-".startswith(f"{value}-"))
        ):
            return other
    return value


def documents_of(heard: Iterable[Heard]) -> tuple[str, ...]:
    """Each document once, by its number, as it was written first."""
    found: dict[str, str] = {}
    for one in heard:
        for document in one.rule.values("documents"):
            found.setdefault(number_of(document), document)
    return tuple(found.values())[:MOST_DOCUMENTS]


def _place(one: Heard, drafts: list[_Draft]) -> None:
    """Put a telling with the term that it tells, or open one."""
    former = one.rule.fields.get("former_until", ())
    if former:
        _remember(one, former[0], drafts)
    target = _match(one, drafts)
    if target is None:
        target = _Draft()
        drafts.append(target)
    target.add(one)


def _remember(one: Heard, found: Finding, drafts: list[_Draft]) -> None:
    """Keep what a telling says of the end of the term before."""
    end = day_of(found.value, is_last=True)
    if end is None:
        return
    near = [d for d in drafts if any(abs((end - e).days) <= NEAR_DAYS for e in d.ends)]
    if not near:
        near = [d for d in drafts if not d.ends and not any(h is one for h in d.heard)]
    if not near:
        near = [_Draft()]
        drafts.append(near[0])
    near[-1].former.append((one, found))
    near[-1].ends.add(end)


def _match(one: Heard, drafts: Sequence[_Draft]) -> _Draft | None:
    """The term that a telling tells; None = one that was not told yet."""
    is_suspension = one.stage == "suspended"
    alike = [d for d in drafts if d.heard and d.is_suspension == is_suspension]
    # Who does not say how far it has come may mean the suspension.
    dated = [d for d in (alike if one.stage else drafts) if d.heard and _is_near(one, d)]
    if dated:
        return dated[-1]
    together = [d for d in alike if any(h.development == one.development for h in d.heard)]
    if one.start is None and one.end is None:
        return _undated(one, alike, together)
    # Dates that lie far apart, told of the same thing: one of them is wrong, and both are shown.
    for draft in together:
        if not one.is_renewal or any(h.is_renewal for h in draft.heard):
            return draft
    waiting = [d for d in alike if not d.starts and not d.ends]
    return next((d for d in waiting if _is_timely(one, d)), None)


def _is_near(one: Heard, draft: _Draft) -> bool:
    """Whether the first or the last day lies near one that was told of the term."""
    pairs = [(one.start, d) for d in draft.starts] + [(one.end, d) for d in draft.ends]
    return any(mine and abs((mine - other).days) <= NEAR_DAYS for mine, other in pairs)


def _undated(one: Heard, alike: Sequence[_Draft], together: Sequence[_Draft]) -> _Draft | None:
    if one.stage == "repealed" and alike:
        return alike[-1]
    found = [*alike, *together]
    if one.is_renewal:
        found = [d for d in found if any(h.is_renewal for h in d.heard)]
    timely = [d for d in found if _is_timely(one, d)]
    return timely[-1] if timely else None


def _is_timely(one: Heard, draft: _Draft) -> bool:
    """Whether a term was spoken of not long before, or has not ended when this is told."""
    is_recent = any(abs((one.day - h.day).days) <= FAR_DAYS for h in draft.heard)
    return is_recent or any(end >= one.day for end in draft.ends)


def _order(draft: _Draft) -> tuple[date, date]:
    """By the first day, else by the last one, else by when it was told."""
    told = min((h.day for h in draft.heard), default=None)
    first = min(draft.starts, default=None)
    last = min(draft.ends, default=None)
    at = first or (min(last, told) if last and told else last or told) or date.max
    return at, told or at


def _term(draft: _Draft, number: int, before: Term | None) -> Term:
    starts, ends = _starts(draft), _ends(draft)
    if not starts and before and before.until and any(h.is_renewal for h in draft.heard):
        starts = [_following(before)]
    start = sides(starts)
    lasting = sides(_all(draft, "duration"))
    end = _settled(sides(ends + _counted(draft, start, ends)))
    stage, stage_sides = _stage(draft)
    if stage == "repealed":
        end = _lifted(draft, end)
    found = {"from": start, "until": end, "duration": lasting, "stage": stage_sides}
    return Term(
        number=number,
        in_force_from=start[0].value if start else "",
        until=end[0].value if end else "",
        stage=stage,
        duration=lasting[0].value if lasting else "",
        documents=documents_of(draft.heard),
        evidence={name: one[0].witnesses for name, one in found.items() if one} | _renewal(draft),
        disputes={name: one for name, one in found.items() if len(one) > 1},
    )


def _starts(draft: _Draft) -> list[Witness]:
    """Stated first days, and those of tellings by which it holds at once."""
    found: list[Witness] = []
    for one in draft.heard:
        own = _latest(one, one.firsts)
        found += [witness(one.article, f) for f in own]
        if not own and (at_once := one.rule.fields.get("at_once")):
            found.append(_at_once(one, at_once[0], found))
    return found


def _latest(one: Heard, own: list[Finding]) -> list[Finding]:
    """The days that a telling gives; of a renewal the later one is the new term's."""
    return [max(own, key=lambda f: f.value)] if one.is_renewal and len(own) > 1 else own


def _at_once(one: Heard, found: Finding, known: Sequence[Witness]) -> Witness:
    """The day of a telling, or one told before it that differs by the hour and the zone."""
    days = [day for w in known if (day := day_of(w.value))]
    near = [day for day in days if abs((day - one.day).days) <= AT_ONCE_DAYS]
    day = near[0] if near else one.day
    how = "at once, on the day of the telling"
    return witness(one.article, replace(found, value=day.isoformat(), how=how))


def _ends(draft: _Draft) -> list[Witness]:
    """Stated last days."""
    stated: list[Witness] = []
    for one in draft.heard:
        own = [f for f in one.rule.fields.get("until", ()) if day_of(f.value)]
        stated += [witness(one.article, found) for found in _latest(one, own)]
    return stated + [witness(one.article, found) for one, found in draft.former]


def _lifted(draft: _Draft, found: tuple[Side, ...]) -> tuple[Side, ...]:
    """Of a rule that was lifted that day comes first; that it was to last longer is no dispute."""
    by = {one.article.id for one in draft.heard if one.stage == "repealed"}
    lifted = [s for s in found if any(_is_lifted(w, by) for w in s.witnesses)]
    if not lifted:
        return found
    day = lifted[0].value
    return (*lifted, *(side for side in found if side not in lifted and side.value < day))


def _is_lifted(one: Witness, by: set[int]) -> bool:
    return one.article_id in by and one.how == LIFTED


def _counted(draft: _Draft, start: tuple[Side, ...], stated: Sequence[Witness]) -> list[Witness]:
    """Ends that follow from a first day and a duration, of those who state none."""
    known = {day for w in stated if (day := day_of(w.value, is_last=True))}
    found = []
    for one in draft.heard:
        lasting = next(iter(one.rule.fields.get("duration", ())), None)
        first = one.start or (day_of(start[0].value) if start else None)
        if lasting is None or first is None or one.rule.fields.get("until"):
            continue
        end = counted_end(first, lasting.value)
        if end is None:
            continue
        near = [day for day in known if abs((day - end).days) <= COUNTED_DAYS]
        value = (near[0] if near else end).isoformat()
        how = f"{duration_text(lasting.value)} from {first.isoformat()}"
        quoted = Finding(
            value=value, quote=lasting.quote, start=lasting.start, end=lasting.end, how=how
        )
        found.append(witness(one.article, quoted))
    return found


def _settled(found: tuple[Side, ...]) -> tuple[Side, ...]:
    """Of as many outlets those who state a day come before those whose day was counted."""
    return tuple(
        sorted(
            found,
            key=lambda side: (
                -len({w.site for w in side.witnesses}),
                all(w.how for w in side.witnesses),
            ),
        )
    )


def _following(before: Term) -> Witness:
    """The first day of a renewal that states none."""
    last = before.evidence["until"][0]
    end = day_of(before.until, is_last=True)
    assert end is not None
    return Witness(
        value=end.isoformat(),
        quote=last.quote,
        article_id=last.article_id,
        site=last.site,
        language=last.language,
        start=last.start,
        end=last.end,
        how="when the term before it ends",
    )


def _all(draft: _Draft, name: str) -> list[Witness]:
    return [
        witness(one.article, found)
        for one in draft.heard
        for found in one.rule.fields.get(name, ())[:1]
    ]


def _renewal(draft: _Draft) -> dict[str, tuple[Witness, ...]]:
    found = _all(draft, "renewal")[:MOST_WITNESSES]
    return {"renewal": tuple(found)} if found else {}


def _stage(draft: _Draft) -> tuple[str, tuple[Side, ...]]:
    """The furthest stage told, a turn by who told it last; and others told at the same time."""
    stage, told_at = "", date.min
    for one in draft.heard:
        if one.stage and _is_further(one.stage, stage):
            stage, told_at = one.stage, one.day
    if not stage:
        renewal = _all(draft, "renewal")
        return (
            ("extended", (Side(value="extended", witnesses=tuple(renewal)),))
            if renewal
            else ("", ())
        )
    near = timedelta(days=SAME_TIME_DAYS)
    witnesses = [
        witness(one.article, one.rule.fields["stage"][0])
        for one in draft.heard
        # "Decided" and "signed" differ by a word; a plan and a decision differ.
        if one.stage == stage
        or (one.stage and abs(one.day - told_at) <= near and "draft" in {one.stage, stage})
    ]
    ordered = sorted(sides(witnesses), key=lambda side: side.value != stage)
    return stage, tuple(ordered)


def _is_further(stage: str, known: str) -> bool:
    if not known or stage not in LADDER:
        return True
    return known in LADDER and LADDER.index(stage) >= LADDER.index(known)


def duration_text(duration: str) -> str:
    """`P6M` as `6 months`."""
    match = _DURATION.fullmatch(duration)
    if match is None:
        return duration
    noun = {"D": "day", "M": "month", "Y": "year"}[match[2]]
    return f"{int(match[1])} {noun}{'' if match[1] == '1' else 's'}"
