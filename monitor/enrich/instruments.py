"""
Rules of states that a text tells: a ban, a quota, a duty, each with the words that say so.

A rule is read where its words stand with what makes them one (trade, a product, a state), in the
title or the opening; further down only with a date, a duration or a document beside them. What
follows without naming a rule ("It lasts six months") belongs to the one that was named last.
Scrap is not ore: sentences about other products tell another rule. Dates are those of the
figures of kind `effective` and `expiry`.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.enrich.instrument_marks import codes, documents, durations, names
from monitor.enrich.instrument_places import NEAR, Place, Source, first_actor, places_in
from monitor.enrich.instrument_words import (
    READ_CHARS,
    Lists,
    Sentence,
    Word,
    finding,
    lists,
    read_sentences,
)
from monitor.enrich.vocabulary import folded
from monitor.model import Claim, Enrichment, Mention
from monitor.model.instruments import Finding, RuleTold
from monitor.text import opening_end

#: Characters of a text in which a rule is told without a date.
OPENING = 900

#: Sentences behind a rule that may speak of it without naming it.
FOLLOWING = 3

#: Characters between "plans to" and the rule that is planned.
PLAN_NEAR = 90

#: Characters between "the original" and the time that was its.
FORMER_NEAR = 12

#: Articles whose rules are remembered: with each new telling a story is put together anew.
REMEMBERED = 1024

#: Rules of one text, findings of one field.
MOST, MOST_FINDINGS = 8, 12

#: From the least; what is further up has come further.
LADDER = ("draft", "decided", "signed", "in_force")

#: Turns that a rule may take, in the order in which one sentence is read for them.
TURNS = ("repealed", "suspended", "expired")

#: Of a day on which a rule that was lifted ends.
LIFTED = "no longer in force from that day"

#: Which of them may be meant of which rules: a quota that is lifted is a higher one.
_LIFTED = frozenset({"ban", "licence", "duty", "sanctions", "list", "price_floor", "processing"})


@dataclass(slots=True)
class _Rule:
    """A rule while its text is read."""

    what: str
    direction: str
    country: str
    named: Finding
    #: Where it counts without a date: in the title; in the opening, where the title has none.
    is_titled: bool
    is_opening: bool
    #: The sentence that spoke of it last.
    last: int
    fields: dict[str, list[Finding]] = field(default_factory=dict)

    def add(self, name: str, found: Finding) -> None:
        """Keep a finding, unless there are enough."""
        kept = self.fields.setdefault(name, [])
        if found not in kept and len(kept) < MOST_FINDINGS:
            kept.append(found)

    def scope(self) -> set[str]:
        """Its products so far."""
        return {found.value for found in self.fields.get("scope", ())}


#: A rule, and where the sentence names it; None where it goes without saying.
Pair = tuple[_Rule, Place | None]


@lru_cache(REMEMBERED)
def read_rules(title: str, text: str, said: Enrichment) -> tuple[RuleTold, ...]:
    """
    The rules that an article tells, in order of the text.

    Args:
        said: of the same title and text: its mentions and claims carry offsets.
    """
    return _Reader(f"{title}\n{text}", len(title), said, lists()).read()


class _Reader:
    """One text on its way."""

    def __init__(self, text: str, title: int, said: Enrichment, known: Lists) -> None:
        self._text = text
        self._source = Source(text, folded(text[:READ_CHARS]), known)
        self._title = title
        self._opening = title + 1 + opening_end(text[title + 1 : READ_CHARS], OPENING)
        self._said = said
        self._known = known
        self._rules: list[_Rule] = []
        #: Of the sentence before, or of this one.
        self._current: list[_Rule] = []

    def read(self) -> tuple[RuleTold, ...]:
        for sentence in read_sentences(self._text, self._known):
            self._read(sentence)
        titled = {(rule.what, rule.country) for rule in self._rules if rule.is_titled}
        found = (rule for rule in self._rules if _is_one(rule, titled))
        return tuple(_told(rule) for rule in found)[:MOST]

    def _read(self, sentence: Sentence) -> None:
        mentions = [m for m in self._said.mentions if sentence.start <= m.start < sentence.end]
        places = places_in(self._source, sentence, mentions)
        if places:
            self._current = [self._rule_at(sentence, place, mentions) for place in places]
        self._current = [r for r in self._current if sentence.number - r.last <= FOLLOWING]
        if not self._current:
            return
        if not places:
            # "It lasts six months" speaks of the first of several.
            self._current = self._current[:1]
        pairs: list[Pair] = (
            list(zip(self._current, places, strict=True)) if places else [(self._current[0], None)]
        )
        self._stages(sentence, pairs)
        self._dates(sentence, pairs)
        self._lasting(sentence, pairs)
        self._marks(sentence)
        self._about(sentence, mentions, is_named=bool(places))

    def _rule_at(self, sentence: Sentence, place: Place, mentions: Sequence[Mention]) -> _Rule:
        """The rule that is meant, met before or new."""
        scope = {w.meaning for w in self._scope(sentence)[0]}
        for rule in reversed(self._rules):
            if _is_same(rule, place, scope):
                rule.country = rule.country or place.country
                rule.direction = rule.direction or place.direction
                rule.is_opening = rule.is_opening or sentence.start < self._opening
                rule.last = sentence.number
                return rule
        rule = _Rule(
            what=place.what,
            direction=place.direction,
            country=place.country or self._issuer(place.direction),
            named=finding(self._text, sentence, place.what, place.start, place.end),
            is_titled=sentence.start < self._title,
            is_opening=sentence.start < self._opening,
            last=sentence.number,
        )
        self._rules.append(rule)
        return rule

    def _issuer(self, direction: str) -> str:
        """Whose rules the article is about, where a sentence does not say it."""
        told = (m for m in self._said.mentions if m.end <= self._opening)
        found = first_actor(self._source, direction, told)
        return found or next(iter(self._said.countries), "")

    # -- what is told of it -------------------------------------------------------------------

    def _stages(self, sentence: Sentence, pairs: Sequence[Pair]) -> None:
        former = sentence.of("former")
        for rule, place in pairs:
            near = [w for w in sentence.of("stages") if _is_nearest(w, place, pairs)]
            if place is None or place.is_stop:
                # "Trade is suspended" is the rule itself; what else stops is not known.
                near = [w for w in near if w.meaning not in TURNS]
            if former:
                near = [w for w in near if w.meaning != "expired"]
            self._stage(sentence, rule, place, near, _plan(sentence, place))

    def _stage(
        self,
        sentence: Sentence,
        rule: _Rule,
        place: Place | None,
        words: Sequence[Word],
        plan: Word | None,
    ) -> None:
        by_stage = {word.meaning: word for word in reversed(words)}
        turn = next((t for t in TURNS if t in by_stage), "")
        if turn == "repealed" and rule.what not in _LIFTED:
            turn = ""
        if word := by_stage.get("extended"):
            rule.add("renewal", self._found(sentence, "extended", word))
        if turn:
            word = by_stage[turn]
            name = "plan" if plan or "draft" in by_stage else "stage"
            rule.add(name, self._found(sentence, turn, word))
        elif plan or "draft" in by_stage:
            word = by_stage.get("draft") or plan
            assert word is not None
            rule.add("stage", self._found(sentence, "draft", word))
        else:
            stage = next((s for s in reversed(LADDER) if s in by_stage), "")
            if stage:
                rule.add("stage", self._found(sentence, stage, by_stage[stage]))
            elif place is not None and place.is_stop:
                word = Word("", "", place.start, place.end)
                rule.add("stage", self._found(sentence, "decided", word))

    def _dates(self, sentence: Sentence, pairs: Sequence[Pair]) -> None:
        former = sentence.of("former")
        for claim in self._said.claims:
            if claim.unit != "date" or claim.kind not in {"effective", "expiry"}:
                continue
            at = _figure(claim)
            if not sentence.start <= at < sentence.end:
                continue
            is_former = any(0 <= at - w.end <= NEAR for w in former)
            for rule, place in pairs:
                is_end = claim.kind == "expiry"
                if is_end and not _is_nearest(Word("", "", at, at), place, pairs):
                    continue
                self._date(sentence, rule, claim, at, is_former=is_former)
        for word in sentence.of("at_once"):
            for rule, place in pairs:
                if _is_nearest(word, place, pairs):
                    rule.add("at_once", self._found(sentence, "", word))

    def _date(
        self, sentence: Sentence, rule: _Rule, claim: Claim, at: int, *, is_former: bool
    ) -> None:
        """A date of a rule; the day on which a lifted rule ends is its last one but for it."""
        stages = rule.fields.get("stage", ())
        is_repealed = any(f.value == "repealed" and f.start <= at < f.end for f in stages) or any(
            f.value == "repealed" and f.start <= at < f.end for f in rule.fields.get("plan", ())
        )
        name, how = ("until", "") if claim.kind == "expiry" else ("from", "")
        # "For six months" is no day: it was counted.
        if any(w.end == claim.figure_end for w in sentence.of("units")):
            how = "counted from the first day"
        if name == "from" and is_repealed:
            name, how = "until", LIFTED
        if name == "until" and is_former:
            name = "former_until"
        rule.add(
            name,
            Finding(
                value=claim.as_of or _iso(claim.value),
                quote=claim.quote,
                start=claim.start,
                end=claim.end,
                how=how,
            ),
        )

    def _lasting(self, sentence: Sentence, pairs: Sequence[Pair]) -> None:
        former = sentence.of("former")
        is_named = any(place is not None for _, place in pairs)
        for value, start, end in durations(self._text, sentence, is_named=is_named):
            word = Word("", value, start, end)
            is_former = any(0 <= start - w.end <= FORMER_NEAR for w in former)
            for rule, place in pairs:
                if _is_nearest(word, place, pairs):
                    name = "former_duration" if is_former else "duration"
                    rule.add(name, self._found(sentence, value, word))

    def _marks(self, sentence: Sentence) -> None:
        """Documents, their titles and customs codes: of all rules that are spoken of."""
        for name, found in (("documents", documents), ("names", names), ("codes", codes)):
            for value, start, end in found(self._text, sentence):
                for rule in self._current:
                    rule.add(name, finding(self._text, sentence, value, start, end))

    def _about(self, sentence: Sentence, mentions: Sequence[Mention], *, is_named: bool) -> None:
        """Products, minerals and bodies."""
        covered, left_out = self._scope(sentence)
        for rule in self._current:
            for word in covered:
                rule.add("scope", self._found(sentence, word.meaning, word))
            for word in left_out:
                rule.add("excluded", self._found(sentence, word.meaning, word))
            for mention in mentions:
                name = {"mineral": "minerals", "state_body": "bodies"}.get(mention.kind)
                if name and (is_named or name == "bodies"):
                    at, end = mention.start, mention.end
                    rule.add(name, finding(self._text, sentence, mention.concept, at, end))

    def _scope(self, sentence: Sentence) -> tuple[list[Word], list[Word]]:
        """The products of a sentence, and those that it leaves out."""
        covered: list[Word] = []
        left_out: list[Word] = []
        without, behind = sentence.of("without"), sentence.of("without_behind")
        first = min((w.start for w in without), default=sentence.end)
        for word in sentence.of("scope"):
            is_out = word.start > first or any(0 <= w.start - word.end <= 12 for w in behind)
            (left_out if is_out else covered).append(word)
        return covered, left_out

    def _found(self, sentence: Sentence, value: str, word: Word) -> Finding:
        return finding(self._text, sentence, value, word.start, word.end)


def _is_same(rule: _Rule, place: Place, scope: set[str]) -> bool:
    """Whether a place speaks of a rule that was met."""
    told = rule.scope()
    return (
        rule.what == place.what
        and (not (rule.direction and place.direction) or rule.direction == place.direction)
        and (not place.country or not rule.country or rule.country == place.country)
        and (not scope or not told or bool(scope & told))
    )


def _is_one(rule: _Rule, titled: AbstractSet[tuple[str, str]]) -> bool:
    """
    Whether enough is told of it: where it stands it counts, or a date or document does.

    Args:
        titled: kinds and countries of the rules that the title names; of them the opening may
            tell another, of another product.
    """
    if not rule.country:
        return False
    if rule.fields.keys() & {"from", "until", "duration", "documents"}:
        return True
    if rule.is_titled and rule.what == "quota":
        return True
    is_meant = not titled or (rule.what, rule.country) in titled
    counts = rule.is_titled or (rule.is_opening and is_meant)
    return counts and bool(rule.fields.keys() & {"at_once", "stage", "renewal", "plan"})


def _told(rule: _Rule) -> RuleTold:
    fields = {name: tuple(found) for name, found in rule.fields.items()}
    covered, left_out = rule.scope(), {f.value for f in fields.get("excluded", ())}
    # "Scrap, but not scrap from abroad" is about scrap; "semis, but not scrap" is not.
    name, both = ("scope" if covered - left_out else "excluded"), covered & left_out
    fields[name] = tuple(f for f in fields.get(name, ()) if f.value not in both)
    stage = _furthest(rule)
    fields["stage"] = (stage,) if stage else ()
    fields["countries"] = (
        Finding(
            value=rule.country, quote=rule.named.quote, start=rule.named.start, end=rule.named.end
        ),
    )
    return RuleTold(
        what=rule.what,
        direction=rule.direction,
        named=rule.named,
        fields={name: found for name, found in fields.items() if found},
    )


def _furthest(rule: _Rule) -> Finding | None:
    """How far it has come by all sentences: a turn that was taken, a plan, else the furthest."""
    found = rule.fields.get("stage", [])
    turned = next((f for f in found if f.value in TURNS), None)
    if turned:
        return turned
    by_stage = {f.value: f for f in reversed(found)}
    is_first = bool(found) and found[0].value == "draft"
    if (
        "draft" in by_stage
        and "in_force" not in by_stage
        and (is_first or "signed" not in by_stage)
    ):
        return by_stage["draft"]
    return next((by_stage[stage] for stage in reversed(LADDER) if stage in by_stage), None)


def _plan(sentence: Sentence, place: Place | None) -> Word | None:
    """The word before a rule's name by which it is only planned."""
    if place is None:
        return None
    near = (w for w in sentence.of("plans") if 0 <= place.end - w.start <= PLAN_NEAR)
    return next(near, None)


def _is_nearest(word: Word, place: Place | None, pairs: Sequence[Pair]) -> bool:
    """Whether of the rules that a sentence names this one stands nearest to a word."""
    if place is None or len(pairs) == 1:
        return True
    distances = [_away(word, other) for _, other in pairs if other is not None]
    return _away(word, place) == min(distances)


def _away(word: Word, place: Place) -> int:
    return max(place.start - word.end, word.start - place.end, 0)


def _figure(claim: Claim) -> int:
    """Where a claim's date stands, or its quote where that is not known."""
    return claim.figure_start if claim.figure_end else claim.start


def _iso(value: float) -> str:
    """20261110 as 2026-11-10."""
    digits = f"{value:08.0f}"
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
