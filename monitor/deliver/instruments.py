"""
The rules of states that a story tells, each once, however many articles and languages tell it.

Pure. Tellings are of one rule when they name the same state, the same kind of rule and direction,
and nothing parts them: other products (scrap is not ore), other minerals. A document's number
brings them together whatever else differs, and what differs is shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from monitor.dates import told_by
from monitor.deliver.terms import MOST_WITNESSES, Heard, documents_of, sides, terms_of, witness
from monitor.enrich.claims import reader
from monitor.enrich.instrument_marks import number_of
from monitor.enrich.instruments import read_rules
from monitor.model import Claim, StoredArticle, StoredStory
from monitor.model.instruments import Instrument, RuleTold, Side, Witness
from monitor.text import prose

#: Rules of one story, values of one field.
MOST, MOST_VALUES = 12, 16

#: Articles of one story that are read for rules.
READ = 200

#: Kinds that outlets take for one another: a licence is told as a ban.
CONFUSED = frozenset({"ban", "licence"})

_YEAR = re.compile(r"(?:19|20)\d\d")

log = logging.getLogger(__name__)


def instruments_of(story: StoredStory) -> tuple[Instrument, ...]:
    """The rules that a story's relevant articles tell, those with dates first."""
    groups: list[list[Heard]] = []
    for one in _heard(story):
        target = _group(one, groups)
        if target is None:
            groups.append([one])
        else:
            target.append(one)
    made = [_instrument(story.id, group) for group in groups]
    made.sort(key=lambda one: not any(t.in_force_from or t.until for t in one.terms))
    numbered = [replace(one, number=at) for at, one in enumerate(made[:MOST], 1)]
    return tuple(replace(one, notes=tuple(_notes(one, numbered))) for one in numbered)


def instruments_at_most(story: StoredStory) -> tuple[Instrument, ...]:
    """The same; none after a fault of ours: a story's card must not wait for it."""
    try:
        return instruments_of(story)
    except Exception:
        log.exception("the rules of s%d met a fault of the monitor; they are left out", story.id)
        return ()


def _heard(story: StoredStory) -> Iterator[Heard]:
    """What each article tells, in order of telling; a copy says nothing more."""
    present = {article.id for article in story.articles}
    telling = [
        article
        for article in story.articles
        if article.enrichment.relevant
        and not (article.copy and article.copy.original_id in present)
    ]
    telling.sort(key=lambda a: (told_by(a.published_at, a.first_seen_at), a.id))
    for article in telling[:READ]:
        day = (article.published_at or article.first_seen_at).date()
        claims = tuple(s.claim for s in article.claims if s.is_current)
        said = replace(article.enrichment, claims=claims)
        if not read_rules(article.title, article.text, said):
            continue
        said = replace(said, claims=(*claims, *_yearless(article, claims, day)))
        for rule in read_rules(article.title, article.text, said):
            yield Heard(article=article, rule=rule, day=day)


def _yearless(article: StoredArticle, known: Sequence[Claim], day: date) -> Iterator[Claim]:
    """Days without a year, which are of the year in which they were told or the next one."""
    places = {claim.figure_start for claim in known if claim.unit == "date"}
    said, text = article.enrichment, f"{article.title}\n{prose(article.text)}"
    for claim in reader().read(text, said.language, said.mentions, on=day):
        written = text[claim.figure_start : claim.figure_end]
        if claim.unit == "date" and claim.figure_start not in places and not _YEAR.search(written):
            yield claim


def _group(one: Heard, groups: Sequence[list[Heard]]) -> list[Heard] | None:
    """The rule that a telling is of; of several that may be meant the one it shares most with."""
    likely = [(_likeness(one, group), -at, group) for at, group in enumerate(groups)]
    best = max(likely, key=lambda item: item[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def _likeness(one: Heard, group: Sequence[Heard]) -> int:
    """How much a telling shares with those of a rule; 0 = it is of another."""
    mine, first = one.rule, group[0].rule
    if _country(mine) != _country(first):
        return 0
    numbers = {number for other in group for number in _numbers(other.rule)}
    if _numbers(mine) & numbers:
        return 5
    directions = {other.rule.direction for other in group} - {""}
    if mine.direction and directions and mine.direction not in directions:
        return 0
    is_together = any(other.development == one.development for other in group)
    kinds = {other.rule.what for other in group}
    if mine.what not in kinds and not (is_together and kinds | {mine.what} <= CONFUSED):
        return 0
    scope, theirs = set(mine.values("scope")), _values(group, "scope")
    if scope and theirs and not scope & theirs:
        return 0
    minerals, known = set(mine.values("minerals")), _values(group, "minerals")
    if not is_together and minerals and known and not minerals & known:
        return 0
    return 1 + is_together + (mine.what in kinds) + bool(scope & theirs)


def _country(rule: RuleTold) -> str:
    return next(iter(rule.values("countries")), "")


def _numbers(rule: RuleTold) -> set[str]:
    return {number_of(document) for document in rule.values("documents")}


def _values(group: Sequence[Heard], name: str) -> set[str]:
    return {value for one in group for value in one.rule.values(name)}


def _instrument(story_id: int, group: Sequence[Heard]) -> Instrument:
    kinds = sides([witness(one.article, one.rule.named) for one in group])
    scope, excluded = _products(group)
    return Instrument(
        story_id=story_id,
        number=0,
        what=kinds[0].value,
        direction=next((one.rule.direction for one in group if one.rule.direction), ""),
        country=_country(group[0].rule),
        bodies=_told(group, "bodies"),
        scope=scope,
        excluded=excluded,
        minerals=_told(group, "minerals") or _minerals(group),
        documents=documents_of(group),
        names=_told(group, "names"),
        codes=_told(group, "codes"),
        terms=terms_of(group),
        evidence={"what": kinds[0].witnesses, **_evidence(group)},
        disputes=_disputes(kinds),
        articles=tuple(dict.fromkeys(one.article.id for one in group)),
    )


def _products(group: Sequence[Heard]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it covers and what it leaves out; of a product that is told as both what more tell."""
    covered, left_out = _told(group, "scope"), _told(group, "excluded")

    def tells(name: str, value: str) -> int:
        return sum(value in one.rule.values(name) for one in group)

    out = [v for v in left_out if v not in covered or tells("excluded", v) > tells("scope", v)]
    return tuple(value for value in covered if value not in out), tuple(out)


def _told(group: Sequence[Heard], name: str) -> tuple[str, ...]:
    """The values of a field, those that most articles give first."""
    count: dict[str, int] = {}
    for one in group:
        for value in one.rule.values(name):
            count[value] = count.get(value, 0) + 1
    return tuple(sorted(count, key=lambda value: -count[value])[:MOST_VALUES])


def _minerals(group: Sequence[Heard]) -> tuple[str, ...]:
    """Where no sentence about the rule names any: those of its first article."""
    return group[0].article.enrichment.minerals[:MOST_VALUES]


def _evidence(group: Sequence[Heard]) -> dict[str, tuple[Witness, ...]]:
    """Who gives each value of what is no date."""
    found: dict[str, tuple[Witness, ...]] = {}
    for name in ("countries", "bodies", "scope", "excluded", "documents", "names", "codes", "plan"):
        witnesses: dict[tuple[str, int], Witness] = {}
        for one in group:
            for value in one.rule.fields.get(name, ()):
                key = (value.value, one.article.id)
                witnesses.setdefault(key, witness(one.article, value))
        if witnesses:
            found[name] = tuple(witnesses.values())[: 2 * MOST_WITNESSES]
    return found


def _disputes(kinds: tuple[Side, ...]) -> dict[str, tuple[Side, ...]]:
    return {"what": kinds} if len(kinds) > 1 else {}


def _notes(one: Instrument, others: Sequence[Instrument]) -> Iterator[str]:
    """Which other rules of the story it must not be taken for."""
    for other in others:
        is_alike = (other.country, other.what, other.direction) == (
            one.country,
            one.what,
            one.direction,
        )
        if other.number == one.number or not is_alike or not (one.scope and other.scope):
            continue
        mine, theirs = (", ".join(scope) for scope in (one.scope, other.scope))
        yield f"of {mine}, not of {theirs}: that is rule {other.number}"
