"""
Grouping by likeness of letters: TF-IDF of four letters in a row, cosine, single link.

Source: Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from monitor.text import normalised

#: Letters in a term, and letters of a text that are read: title and opening.
LETTERS, READ = 4, 1000

#: Texts at least this alike stand in one group: one value for all files, near the best that the
#: method can do on our own samples.
ALIKE = 0.25


def similar_groups(texts: Sequence[str], progress: Callable[[int], None]) -> list[int]:
    """The group of each text."""
    vectors = weighed([Counter(_terms(text)) for text in texts])
    group = list(range(len(texts)))
    for at, one in enumerate(vectors):
        for before in range(at):
            if group[before] != group[at] and cosine(one, vectors[before]) >= ALIKE:
                old, new = group[at], group[before]
                group = [new if number == old else number for number in group]
        progress(at + 1)
    return group


def weighed(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """
    Vectors of length 1: (1 + ln count) x (1 + ln((1 + texts) / (1 + texts with the term))).

    Terms of one text alone are left out after their share of the length is taken.
    """
    spread = Counter(term for one in counts for term in one)
    rare = {term: 1 + math.log((1 + len(counts)) / (1 + many)) for term, many in spread.items()}
    vectors = []
    for one in counts:
        raw = {term: (1 + math.log(many)) * rare[term] for term, many in one.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        vectors.append({term: w / length for term, w in raw.items() if spread[term] > 1})
    return vectors


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two vectors of length 1 are, in [0, 1]."""
    return sum(one[term] * other[term] for term in one.keys() & other.keys())


def _terms(text: str) -> list[str]:
    plain = f" {' '.join(normalised(text).split())[:READ]} "
    return [plain[at : at + LETTERS] for at in range(len(plain) - LETTERS + 1)]
