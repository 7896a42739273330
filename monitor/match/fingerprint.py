"""
What an article is about, as tokens that mean the same in every language.

Concepts of the taxonomy, normalised figures and skeletons of names link languages; words of
title and opening link tellings in one language. A token weighs what its rarity says
(inverse document frequency), smoothed with how common its sort is, so that an empty store
and one full of a single story are judged alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from monitor.model import Enrichment
from monitor.text import opening_end, prose, skeletons, words

#: The opening: what an article is about is said there; the rest is background.
LEDE_CHARS = 700

#: Words of title and opening that become tokens, at most.
MOST_WORDS = 40

#: Texts whose opening is remembered.
REMEMBERED = 2048

#: Shortest word that becomes a token, by letters.
LEAST_LETTERS = 4

#: Share of articles that carry an average token of the sort, before any were counted.
#: Measured on none: orders of magnitude of the trade's news.
PRIOR = {
    "mineral": 0.08,
    "country": 0.15,
    "event": 0.12,
    "company": 0.006,
    "place": 0.003,
    "figure": 0.004,
    "name": 0.004,
    "word": 0.02,
}

#: Sorts that name a matter for months.
LASTING = frozenset({"company", "place", "figure"})

#: How many articles the prior counts for.
PRIOR_ARTICLES = 200

#: What a token's weight is multiplied with, by sort: words and skeletons are noisy witnesses.
TRUST = {"word": 0.5, "name": 0.8, "figure": 0.8}


def tokens(title: str, text: str, enrichment: Enrichment) -> list[str]:
    """
    Tokens of one article, `sort:value`, distinct, in order.

    Args:
        enrichment: of the same title and text; offsets as `model.Mention` has them.
    """
    lede, opening = _opening(text)
    end = len(title) + 1 + lede
    kinds = {"state_body": "company", "deposit": "place"}
    found = [
        f"{kinds.get(mention.kind, mention.kind)}:{mention.concept}"
        for mention in enrichment.mentions
        if mention.start < end
    ]
    found += [
        f"figure:{claim.value:g}{claim.unit}"
        for claim in enrichment.claims
        if claim.start < end and not _is_round(claim.value)
    ]
    found += _spelled(f"{title}\n{opening}")
    return [token for token in dict.fromkeys(found) if sort_of(token) in PRIOR]


@lru_cache(REMEMBERED)
def _opening(text: str) -> tuple[int, str]:
    """Where the opening of a text ends, and the opening itself."""
    lede = opening_end(text, LEDE_CHARS)
    return lede, prose(text)[:lede]


@lru_cache(REMEMBERED)
def _spelled(opening: str) -> tuple[str, ...]:
    """Tokens of names and words, which neighbours are asked for again and again."""
    names = sorted(f"name:{bones}" for bones in skeletons(opening))
    long_words = [w for w in words(opening) if len(w) >= LEAST_LETTERS or not w.isascii()]
    return (*names, *[f"word:{word}" for word in dict.fromkeys(long_words)][:MOST_WORDS])


def lasting(found: Iterable[str]) -> list[str]:
    """Those tokens that hold a story together for months: companies, deposits, figures."""
    return [token for token in found if sort_of(token) in LASTING]


def sort_of(token: str) -> str:
    """The sort of a token: `mineral`, `country`, `event`, …."""
    return token.partition(":")[0]


def weights(found: Iterable[str], counts: Mapping[str, int], total: int) -> dict[str, float]:
    """
    Token to its weight in nats: -log of the share of articles that carry it, times its trust.

    Args:
        counts: articles that carry each token; absent = none.
        total: articles in the store.
    """
    weighed = {}
    for token in found:
        sort, count = sort_of(token), counts.get(token, 0)
        share = (count + PRIOR[sort] * PRIOR_ARTICLES) / (max(total, count) + PRIOR_ARTICLES)
        weighed[token] = TRUST.get(sort, 1.0) * -math.log(share)
    return weighed


@cache
def prior_weight(sort: str) -> float:
    """What a token of this sort weighs before any was counted, in nats."""
    return TRUST.get(sort, 1.0) * -math.log(PRIOR[sort])


def _is_round(value: float) -> bool:
    """Ten, fifty, a hundred: figures that any two articles may share."""
    digits = f"{value:.15g}".replace(".", "").strip("0-")
    return len(digits) <= 1
