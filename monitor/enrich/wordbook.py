"""Tables of words that are looked for in one pass, and told apart by their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.enrich.vocabulary import Hit, Name, Vocabulary

#: Words of a table of symbols up to this many letters are meant with their capital: `Li`, `In`.
SYMBOL = 2

#: Word lists by what they mean.
Table = Mapping[str, Sequence[str]]


class Wordbook:
    """Tables of words compiled; safe to share between threads."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        *,
        cased: Sequence[str] = (),
        symbols: Sequence[str] = (),
    ) -> None:
        """
        Args:
            cased: tables whose words with a capital are meant with it.
            symbols: tables of which only the shortest words are.
        """
        self._vocabulary: Vocabulary[tuple[str, str]] = Vocabulary(
            Name(
                word,
                (table, meaning),
                is_proper=table in cased or (table in symbols and len(word) <= SYMBOL),
            )
            for table, by_meaning in tables.items()
            for meaning, words in by_meaning.items()
            for word in words
        )

    def scan(self, text: str, lower: str) -> dict[str, list[Hit[str]]]:
        """
        Words of the text by table, in order of their ends.

        Args:
            lower: `folded(text)`.
        """
        found: dict[str, list[Hit[str]]] = {}
        for hit in self._vocabulary.scan(text, lower):
            table, meaning = hit.meaning
            found.setdefault(table, []).append(Hit(hit.start, hit.end, meaning, hit.written))
        return found
