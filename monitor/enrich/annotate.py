"""One pass over an article's words: language, mentions, figures, relevance."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.enrich.claims import reader
from monitor.enrich.concepts import Concept
from monitor.enrich.firms import Firm, firms
from monitor.enrich.homonyms import Surroundings
from monitor.enrich.language import language_of
from monitor.enrich.relevance import LEDE_CHARS, TRADE_FIGURES, Evidence, score
from monitor.enrich.taxonomy import Taxonomy
from monitor.enrich.vocabulary import Hit, folded, longest
from monitor.enrich.words import KIN
from monitor.model import Claim, Enrichment, Mention
from monitor.text import opening_end, prose

#: Characters of a text that are read for names.
READ_CHARS = 100_000

#: And for companies by the form of their names.
FIRM_CHARS = 20_000

#: Share of the threshold from which an article keeps its figures: one that a rule or a new word
#: makes relevant has them.
FIGURES_FROM = 0.5

#: Mentions of one article that are kept.
MOST_MENTIONS = 400

#: A country is named in passing when it stands once, behind so many characters of the text.
NEAR_OPENING, SAID_AGAIN = 350, 2

#: Groups that are named wherever one of their minerals is.
NAMED_WITH_PARTS = frozenset({"rare_earths"})

#: Kinds whose country acts with them; that of a company counts where nothing else tells one.
BODIES = frozenset({"state_body"})

#: Words before a country's name, and signs behind it, by which it is not meant: "outside China"
#: names what is left out, "US$5" is money.
_LEFT_OUT = re.compile(
    r"(?:outside(?: of)?|außerhalb|jenseits|fuera de|hors de|en dehors de(?: la)?"
    r"|за пределами|вне|независим\w+ от) $",
    re.IGNORECASE,
)
_LEFT_OUT_CHARS = 20

#: `TORONTO, Nov 5 (Agency) - `, `BEIJING - `.
_DATELINE = re.compile(
    r"\s*[A-ZÀ-ÞА-ЯЁ][\w.’' ]{2,24}(?:, [\w. ]{2,24})?(?: \([^)\n]{2,40}\))? ?(?:[-–—]|--) "
)

_PAIR = re.compile(r",| and |-")
_LIST = re.compile(r"(?:,| (?:and|or|&|и|или)|, (?:and|or))\s|-|/")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Words of the vocabularies, wherever they stand."""

    context: list[Hit[str]]
    weak: list[Hit[str]]
    theme: list[Hit[str]]
    other: list[Hit[str]]
    roundup: list[Hit[str]]
    fossil: list[Hit[str]]
    event: list[Hit[str]]


class Enricher:
    """What the words of an article say; safe to share between threads."""

    def __init__(self, taxonomy: Taxonomy, *, threshold: float) -> None:
        """
        Args:
            threshold: relevance from which an article is relevant.
        """
        self._taxonomy = taxonomy
        self._threshold = threshold

    def enrich(
        self, *, title: str, text: str, language_hint: str = "", is_dedicated: bool = False
    ) -> Enrichment:
        """
        Read one article.

        Args:
            language_hint: what the page, entry or source says its language is.
            is_dedicated: whether its source is about minerals only.
        """
        read = f"{title}\n{prose(text)}"
        shown = read[:READ_CHARS]
        opening = len(title) + 1 + opening_end(text, LEDE_CHARS)
        lower = folded(shown)
        language = language_of(f"{title}. {prose(text).strip()}" if text else title, language_hint)
        words = _Words(**self._taxonomy.lexicon.scan(shown, lower, language))
        concepts = self._concepts(shown, lower, language, words)
        events = [hit for hit in words.event if hit.start < opening]
        unknown = _unknown(shown[:FIRM_CHARS], len(title), language, concepts)
        mentions = _mentions(shown, _without_dateline(shown, len(title), concepts), events, unknown)
        claims = reader().read(read, language, mentions)
        relevance, reasons = score(
            self._evidence(
                words,
                mentions,
                claims,
                len(title),
                opening,
                is_dedicated=is_dedicated,
                trading={firm.name for firm in unknown if firm.is_of_trade},
            )
        )
        relevant = relevance >= self._threshold
        return Enrichment(
            language=language,
            mentions=mentions,
            minerals=self._minerals(mentions, len(title), opening),
            countries=self._countries(mentions, len(title), opening, language),
            companies=_by_salience(mentions, {"company"}, len(title)),
            places=_by_salience(mentions, {"deposit"}, len(title)),
            events=_by_salience(mentions, {"event"}, len(title)),
            # The figures of a sports page are nobody's claims.
            claims=claims if relevance >= self._threshold * FIGURES_FROM else (),
            relevance=relevance,
            relevant=relevant,
            reasons=reasons,
        )

    def _evidence(
        self,
        words: _Words,
        mentions: Sequence[Mention],
        claims: Sequence[Claim],
        title: int,
        opening: int,
        *,
        is_dedicated: bool,
        trading: AbstractSet[str],
    ) -> Evidence:
        dedicated = self._taxonomy.dedicated | trading
        told = [m for m in mentions if m.start < opening]
        return Evidence(
            minerals=_best_places(mentions, {"mineral"}, title, opening),
            critical=self._taxonomy.critical,
            theme=_places(words.theme, title, opening),
            miners={
                name: place
                for name, place in _best_places(
                    told, {"company", "deposit"}, title, opening
                ).items()
                if name in dedicated
            },
            actors=[m.concept for m in told if m.concept in dedicated],
            context=_distinct(words.context, opening),
            weak=_distinct(_beside(words.weak, words.context), opening),
            roundup=_places(words.roundup, title, opening),
            fossil=_distinct(words.fossil, opening),
            events=list(dict.fromkeys(m.concept for m in told if m.kind == "event")),
            countries=list(
                dict.fromkeys(m.concept for m in told if m.kind == "country" and m.start < title)
            ),
            figures=[c for c in claims if c.start < opening and c.kind in TRADE_FIGURES],
            other=_distinct(words.other, opening),
            is_dedicated=is_dedicated,
        )

    def _minerals(self, mentions: Sequence[Mention], title: int, opening: int) -> tuple[str, ...]:
        """
        Minerals that are named, else what the opening's deposits and companies are known for.

        News of a rare earth is news of rare earths.
        """
        known_for = self._taxonomy.known_for
        told = [m.concept for m in mentions if m.start < opening and m.concept in known_for]
        named = _by_salience(mentions, {"mineral"}, title)
        groups = [self._taxonomy.groups.get(mineral, "") for mineral in named]
        named += tuple(group for group in groups if group in NAMED_WITH_PARTS)
        return tuple(dict.fromkeys(named or (known_for[name] for name in told)))

    def _countries(
        self, mentions: Sequence[Mention], title: int, opening: int, language: str
    ) -> tuple[str, ...]:
        """
        Countries named more than in passing, those of deposits and of bodies of state.

        Where nothing tells one, the countries of the opening's companies count; at last the one
        whose language it is, for news of one's own country seldom names it.
        """
        home = self._taxonomy.home
        near = title + 1 + NEAR_OPENING
        told = Counter(m.concept for m in mentions if m.kind == "country")
        early = {m.concept for m in mentions if m.kind == "country" and m.start < near}
        found = [
            country
            for country in _by_salience(mentions, {"country"}, title)
            if country in early or told[country] >= SAID_AGAIN
        ]
        at_home = [m for m in mentions if m.concept in home]
        acting = [m for m in at_home if m.kind == "deposit"]
        acting += [m for m in at_home if m.kind in BODIES and m.start < near]
        if not found and not acting:
            acting = [m for m in at_home if m.start < opening]
        found += [country for m in acting for country in home[m.concept]]
        if not found and (own := self._taxonomy.homes.get(KIN.get(language, language))):
            found.append(own)
        return tuple(dict.fromkeys(found))

    def _concepts(
        self,
        text: str,
        lower: str,
        language: str,
        words: _Words,
    ) -> list[Hit[Concept]]:
        """Concepts without overlaps; weak names only where words of the trade prevail."""
        around = Surroundings(
            text=text,
            lower=lower,
            taxonomy=self._taxonomy,
            trade=sorted(hit.start for hit in (*words.context, *words.weak, *words.theme)),
            worlds=sorted(hit.start for hit in words.other),
        )
        kept = around.meant(KIN.get(language, language))
        named = [hit for hit in kept if hit.meaning.kind == "mineral" and not hit.meaning.is_listed]
        kept = [hit for hit in kept if not hit.meaning.is_listed or _is_listed(hit, named, text)]
        chosen = longest(kept)
        chosen += _inside(chosen, [hit for hit in kept if hit.meaning.kind == "mineral"], text)
        return [
            hit
            for hit in chosen
            if hit.meaning.kind != "nothing"
            and not (hit.meaning.kind == "country" and _is_left_out(hit, text))
        ]


def _inside(
    chosen: Sequence[Hit[Concept]], minerals: Sequence[Hit[Concept]], text: str
) -> list[Hit[Concept]]:
    """
    Minerals named inside of longer names that speak of them.

    "Raygorodok gold mine" is a place, and speaks of gold; "lead and zinc" is how lead is told
    from leading, and speaks of zinc.
    """
    spans = {(hit.start, hit.end) for hit in chosen}
    open_spans = [
        (hit.start, hit.end)
        for hit in chosen
        if hit.meaning.kind == "deposit"
        or (hit.meaning.kind == "mineral" and _PAIR.search(text, hit.start, hit.end))
    ]
    if not open_spans:
        return []
    starts = [start for start, _ in open_spans]
    found = []
    for hit in minerals:
        at = bisect_right(starts, hit.start) - 1
        if at >= 0 and hit.end <= open_spans[at][1] and (hit.start, hit.end) not in spans:
            found.append(hit)
    return found


def _is_left_out(hit: Hit[Concept], text: str) -> bool:
    """Whether a country's name stands for money, or for where something does not happen."""
    before = text[max(0, hit.start - _LEFT_OUT_CHARS) : hit.start]
    return text.startswith("$", hit.end) or _LEFT_OUT.search(before) is not None


def _is_listed(hit: Hit[Concept], minerals: Sequence[Hit[Concept]], text: str) -> bool:
    """Whether another mineral stands directly before or behind, with no more than `and` between."""
    return any(
        _LIST.fullmatch(text, other.end, hit.start) or _LIST.fullmatch(text, hit.end, other.start)
        for other in minerals
    )


def _unknown(text: str, title: int, language: str, concepts: Sequence[Hit[Concept]]) -> list[Firm]:
    """Companies that the taxonomy does not know."""
    known = [
        (hit.start, hit.end)
        for hit in concepts
        if hit.meaning.kind in {"company", "deposit", "state_body", "exchange"}
    ]
    return [
        firm
        for firm in firms(text, title, language)
        if not any(start < firm.end and firm.start < end for start, end in known)
    ]


def _mentions(
    text: str,
    concepts: Iterable[Hit[Concept]],
    events: Iterable[Hit[str]],
    unknown: Iterable[Firm],
) -> tuple[Mention, ...]:
    """Concepts, and in the opening events too, in order of their place."""
    found = [
        Mention(
            kind=hit.meaning.kind,
            concept=hit.meaning.id,
            start=hit.start,
            end=hit.end,
            surface=text[hit.start : hit.end],
        )
        for hit in concepts
    ]
    found += [
        Mention(
            kind="event",
            concept=hit.meaning,
            start=hit.start,
            end=hit.end,
            surface=text[hit.start : hit.end],
        )
        for hit in events
    ]
    found += [
        Mention(
            kind="company",
            concept=firm.name,
            start=firm.start,
            end=firm.end,
            surface=text[firm.start : firm.end],
        )
        for firm in unknown
    ]
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind)))[:MOST_MENTIONS]


def _by_salience(
    mentions: Sequence[Mention], kinds: AbstractSet[str], title: int
) -> tuple[str, ...]:
    """Concepts of some kinds: those of the title first, then the most frequent."""
    order: dict[str, list[int]] = {}
    for mention in mentions:
        if mention.kind in kinds:
            entry = order.setdefault(mention.concept, [0, 0, mention.start])
            entry[0] -= mention.start < title
            entry[1] -= 1
    return tuple(sorted(order, key=lambda concept: order[concept]))


def _without_dateline(
    text: str, title: int, concepts: Sequence[Hit[Concept]]
) -> list[Hit[Concept]]:
    """Where a report was written from is not what it is about."""
    line = _DATELINE.match(text, title + 1)
    if line is None:
        return list(concepts)
    return [
        hit
        for hit in concepts
        if hit.meaning.kind != "country" or not title < hit.start < line.end()
    ]


def _best_places(
    mentions: Sequence[Mention], kinds: AbstractSet[str], title: int, opening: int
) -> dict[str, str]:
    """Concept to the first place where it stands: `title`, `opening`, `text`."""
    found: dict[str, str] = {}
    for mention in mentions:
        if mention.kind in kinds:
            place = _place(mention.start, title, opening)
            found.setdefault(mention.concept, place)
    return found


def _place(start: int, title: int, opening: int) -> str:
    if start < title:
        return "title"
    return "opening" if start < opening else "text"


def _places(hits: Sequence[Hit[str]], title: int, opening: int) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        found.setdefault(hit.meaning, _place(hit.start, title, opening))
    return found


def _distinct(hits: Sequence[Hit[str]], opening: int) -> list[str]:
    """Words in title and opening, each once; of those that overlap, the longest."""
    told = longest(hit for hit in hits if hit.start < opening)
    return list(dict.fromkeys(folded(hit.meaning.rstrip("*")) for hit in told))


def _beside(hits: Sequence[Hit[str]], others: Sequence[Hit[str]]) -> list[Hit[str]]:
    """Those that do not lie within one of the others."""
    taken = {at for other in others for at in range(other.start, other.end)}
    return [hit for hit in hits if hit.start not in taken]
