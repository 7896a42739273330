"""
Where a sentence names a rule of a state: which kind, which way, and whose.

Nouns such as "ban" or "tariff" count only beside what makes them rules of trade; a country that
a rule is aimed at ("to the United States") is not the one whose rule it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.enrich.instrument_words import Lists, Sentence, Word
from monitor.model import Mention

#: Characters between a rule's noun and what makes it one; between "suspends" and "exports".
NEAR, STOP_NEAR = 70, 30

#: Case endings of "in": "в Казахстане" is where, "в Казахстан" is whither.
_WHERE = re.compile(r"[еии]$")

#: How far before a name the words that say how it is meant may stand.
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Source:
    """A text, the same folded, and the lists."""

    text: str
    lower: str
    known: Lists


@dataclass(frozen=True, slots=True)
class Place:
    """A rule named at a place."""

    what: str
    direction: str
    #: Whose rule it is, as far as the sentence says it; or ''.
    country: str
    start: int
    end: int
    #: It is trade that is stopped: "suspends exports".
    is_stop: bool


def places_in(source: Source, sentence: Sentence, mentions: Sequence[Mention]) -> list[Place]:
    """The rules that a sentence names, one of each kind and direction."""
    flows = sentence.of("flows")
    found: dict[tuple[str, str], Place] = {}
    for word in [*sentence.of("phrase", "noun"), *_stopped_flows(sentence, flows)]:
        if not _is_rule(source, word, sentence, flows, mentions) or _is_denied(word, sentence):
            continue
        direction = _direction(word, flows)
        country = _country(source, word, direction, mentions)
        place = Place(
            word.meaning, direction, country, word.start, word.end, word.section == "stop"
        )
        found.setdefault((word.meaning, direction), place)
    return list(found.values())


def _stopped_flows(sentence: Sentence, flows: Sequence[Word]) -> Iterator[Word]:
    """Where trade itself stops: "suspends exports", but not "suspends export controls"."""
    others = sentence.of("phrase", "noun", "rules")
    for stop in sentence.of("stops"):
        for flow in flows:
            left, right = min(stop.end, flow.end), max(stop.start, flow.start)
            between = any(left <= o.start < right for o in others)
            behind = any(0 <= o.start - flow.end <= 1 or _inside(flow, o) for o in others)
            if abs(right - left) <= STOP_NEAR and not between and not behind:
                yield Word("stop", "ban", min(stop.start, flow.start), max(stop.end, flow.end))
                break


def _is_rule(
    source: Source,
    word: Word,
    sentence: Sentence,
    flows: Sequence[Word],
    mentions: Sequence[Mention],
) -> bool:
    """Whether what makes a noun a rule stands near it."""
    if word.section != "noun":
        return True
    need = source.known.needs[word.meaning]
    near = [w for w in flows if _gap(w, word) <= NEAR]
    if need == "flow" or near:
        return bool(near)
    if need == "state":
        return bool(sentence.of("state")) or any(m.kind == "state_body" for m in mentions)
    matter = [(m.start, m.end) for m in mentions if m.kind == "mineral"]
    matter += [(w.start, w.end) for w in sentence.of("scope")]
    return any(max(start - word.end, word.start - end) <= NEAR for start, end in matter)


def _is_denied(word: Word, sentence: Sentence) -> bool:
    before = any(0 <= word.start - d.end <= 1 for d in sentence.of("denied"))
    return before or any(0 <= d.start - word.end <= 1 for d in sentence.of("denied_behind"))


def _country(source: Source, word: Word, direction: str, mentions: Sequence[Mention]) -> str:
    """Whose rule it is: the country before its name, else the first that acts."""
    lands = [m for m in mentions if m.kind == "country"]
    acting = [m for m in lands if not _is_aimed_at(source, m, direction)]
    adjacent = [m for m in acting if 0 <= word.start - m.end <= 1 or _inside_of(m, word)]
    # "China's commerce ministry" is a body, of the land that the article is about.
    is_body = any(m.kind == "state_body" and m.start < word.start for m in mentions)
    others = [m for m in acting if not (is_body and m.start > word.start)]
    return next((m.concept for m in (*adjacent, *others)), "")


def first_actor(source: Source, direction: str, mentions: Iterable[Mention]) -> str:
    """The first country of a text that a rule is not aimed at; '' when there is none."""
    lands = (m for m in mentions if m.kind == "country")
    return next((m.concept for m in lands if not _is_aimed_at(source, m, direction)), "")


def _is_aimed_at(source: Source, land: Mention, direction: str) -> bool:
    """Whether a country is what a rule is aimed at: "to the United States"."""
    begin = max(0, land.start - _BEFORE)
    before = source.lower[begin : land.start].rstrip(" «\"'(")
    words = source.known.words.scan(source.text[begin : land.start], before)
    sections = {w.meaning[0] for w in words if w.end == len(before)}
    if "origin" in sections:
        return direction == "import"
    if "aimed" not in sections:
        return False
    return not (before.endswith((" в", "\nв")) and _WHERE.search(land.surface))


def _direction(word: Word, flows: Iterable[Word]) -> str:
    """Of the trade that stands nearest to a rule's name."""
    near = sorted(flows, key=lambda flow: (_gap(flow, word), flow.start))
    return near[0].meaning if near and _gap(near[0], word) <= NEAR else ""


def _gap(one: Word, other: Word) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _inside(word: Word, other: Word) -> bool:
    return other.start <= word.start and word.end <= other.end


def _inside_of(mention: Mention, word: Word) -> bool:
    return word.start <= mention.start and mention.end <= word.end
