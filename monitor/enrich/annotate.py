"""One pass over an article's words: language, mentions, figures, relevance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from monitor.enrich.claims import reader
from monitor.enrich.language import language_of
from monitor.enrich.relevance import LEDE_CHARS, Evidence, score
from monitor.enrich.taxonomy import Concept, Taxonomy
from monitor.enrich.vocabulary import Hit, Vocabulary, count_near, folded, longest
from monitor.model import Enrichment, Mention

#: Characters of a text that are read for names.
READ_CHARS = 100_000

#: A weak name needs a word of the trade this near (characters).
NEAR = 120

#: Mentions of one article that are kept.
MOST_MENTIONS = 400

_SENTENCE_STARTS = frozenset('.!?…\n«“"')


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
        whole = f"{title}\n{text}"
        shown = whole[:READ_CHARS]
        lower = folded(shown)
        language = language_of(f"{title}. {text}" if text else title, language_hint)
        context = _hits(self._taxonomy.context, shown, lower)
        theme = _hits(self._taxonomy.theme, shown, lower)
        other = _hits(self._taxonomy.other, shown, lower)
        concepts = self._concepts(shown, lower, language, [*context, *theme], other)
        events = _hits(self._taxonomy.events, shown, lower)
        opening = len(title) + 1 + LEDE_CHARS
        mentions = _mentions(shown, concepts, [e for e in events if e.start < opening])
        minerals = _by_salience(mentions, "mineral", len(title))
        relevance, reasons = score(
            Evidence(
                minerals={m: _best_place(mentions, m, len(title), opening) for m in minerals},
                critical=self._taxonomy.critical,
                theme=_places(theme, len(title), opening),
                actors=[
                    m.concept
                    for m in mentions
                    if m.kind in {"company", "deposit"} and m.start < opening
                ],
                context=_distinct(context, opening),
                other=_distinct(other, opening),
                is_dedicated=is_dedicated,
            )
        )
        return Enrichment(
            language=language,
            mentions=mentions,
            minerals=minerals,
            countries=_by_salience(mentions, "country", len(title)),
            companies=_by_salience(mentions, "company", len(title)),
            places=_by_salience(mentions, "deposit", len(title)),
            events=_by_salience(mentions, "event", len(title)),
            claims=reader().read(whole, language, mentions),
            relevance=relevance,
            relevant=relevance >= self._threshold,
            reasons=reasons,
        )

    def _concepts(
        self,
        text: str,
        lower: str,
        language: str,
        context: Sequence[Hit[str]],
        other: Sequence[Hit[str]],
    ) -> list[Hit[Concept]]:
        """Concepts without overlaps; weak names only where words of the trade prevail."""
        trade, worlds = sorted(h.start for h in context), sorted(h.start for h in other)
        kept = [
            hit
            for hit in self._taxonomy.concepts.scan(text, lower)
            if hit.meaning.language in {"", language}
            and (not hit.meaning.is_weak or _is_meant(hit, text, trade, worlds))
        ]
        return [hit for hit in longest(kept) if hit.meaning.kind != "nothing"]


def _is_meant(hit: Hit[Concept], text: str, trade: Sequence[int], worlds: Sequence[int]) -> bool:
    """Whether a weak name stands for its concept here."""
    surface = text[hit.start : hit.end]
    is_cyrillic = "\u0400" <= surface[0] <= "\u04ff"
    if hit.meaning.kind == "mineral" and is_cyrillic and surface[0].isupper():
        before = text[max(0, hit.start - 3) : hit.start].rstrip(" ")
        if before and before[-1] not in _SENTENCE_STARTS:
            return False  # a metal is written small inside a sentence; Индия is a country
        if hit.meaning.id in {"indium", "germanium", "europium", "samarium"}:
            return False  # at the beginning of a sentence the country is far likelier
    near = count_near(_slice(trade, hit), hit.start, hit.end, NEAR)
    against = count_near(_slice(worlds, hit), hit.start, hit.end, NEAR)
    return near > against


def _slice(places: Sequence[int], hit: Hit[Concept]) -> Sequence[int]:
    """The sorted offsets that may be near: keeps long texts linear."""
    left = bisect_left(places, hit.start - NEAR)
    return places[left : bisect_left(places, hit.end + NEAR, left)]


def _mentions(
    text: str, concepts: Iterable[Hit[Concept]], events: Iterable[Hit[str]]
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
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind)))[:MOST_MENTIONS]


def _by_salience(mentions: Sequence[Mention], kind: str, title: int) -> tuple[str, ...]:
    """Concepts of a kind: those of the title first, then the most frequent."""
    order: dict[str, list[int]] = {}
    for mention in mentions:
        if mention.kind == kind:
            entry = order.setdefault(mention.concept, [0, 0, mention.start])
            entry[0] -= mention.start < title
            entry[1] -= 1
    return tuple(sorted(order, key=lambda concept: order[concept]))


def _best_place(mentions: Sequence[Mention], mineral: str, title: int, opening: int) -> str:
    first = min(m.start for m in mentions if m.kind == "mineral" and m.concept == mineral)
    return _place(first, title, opening)


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
    """Words in title and opening, each once."""
    ordered = sorted(hits, key=lambda hit: hit.start)
    return list(dict.fromkeys(hit.meaning.rstrip("*") for hit in ordered if hit.start < opening))


def _hits(vocabulary: Vocabulary[str], text: str, lower: str) -> list[Hit[str]]:
    return list(vocabulary.scan(text, lower))
