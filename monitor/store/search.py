"""
Full text: what is indexed and how it is asked for, the same in both databases.

Both keep the very pieces that `cut` makes of a text, with their places: neither database cuts
or folds anything itself, so that both find the same.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from monitor.store import cut, stems
from monitor.store.asked import Reading, Term, query_words
from monitor.store.cut import INDEXED_CHARS, Token

__all__ = ["CLOSED", "FOUND", "Term", "condition", "found_ids", "put", "query_words", "snippet"]

#: Characters of text around the first word found.
SNIPPET_CHARS = 160

#: A snippet is cut between words, where one of so many characters begins or ends.
_WORD_CHARS = 20

FOUND, CLOSED = "\u2068", "\u2069"

#: Pieces of a text that are indexed, and how often one of them is: bounds of PostgreSQL.
MOST_PIECES, MOST_TIMES, _MOST_BYTES = 16_000, 256, 900_000

#: Stands where a title ends, so that no phrase goes on behind it; no word of a text.
GAP = "\ue000"

#: A word that loses so many letters to its stem is indexed as it was written, too: whoever
#: types its beginning finds it.
_LETTERS_LOST = 3

_DROP_SQLITE = sa.text("DELETE FROM article_search WHERE rowid = :id")
_PUT_SQLITE = sa.text("INSERT INTO article_search (rowid, words) VALUES (:id, :words)")
_PUT_POSTGRESQL = sa.text(
    "INSERT INTO article_search (article_id, document) VALUES (:id, CAST(:words AS tsvector)) "
    "ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
)


def put(
    connection: sa.Connection,
    article_id: int,
    title: str,
    text: str,
    language: str,
    *,
    is_new: bool = False,
) -> None:
    """Index an article; anew, unless it is known to be new."""
    pieces = indexed(title, text, language)
    if connection.dialect.name != "sqlite":
        connection.execute(_PUT_POSTGRESQL, {"id": article_id, "words": _document(pieces)})
        return
    if not is_new:
        connection.execute(_DROP_SQLITE, {"id": article_id})
    connection.execute(_PUT_SQLITE, {"id": article_id, "words": " ".join(pieces)})


def indexed(title: str, text: str, language: str) -> list[str]:
    """All pieces of an article, in order; `GAP` where none is."""
    found: list[str] = []
    forms: dict[str, None] = {}
    for part in (title, text):
        for word in cut.words(cut.folded(part[:INDEXED_CHARS])):
            if cut.is_run(word):
                found += cut.pieces(word, language)
                continue
            stem = stems.stem(word, language)
            found.append(stem)
            if _is_lost(word, stem):
                forms[word] = None
        found.append(GAP)
    return _bounded([*found[: MOST_PIECES - len(forms)], *forms])


def condition(dialect: str, terms: Sequence[Term]) -> sa.ColumnElement[bool]:
    """`article_search` holds what the terms ask for; `terms` from `query_words`, not empty."""
    if dialect == "sqlite":
        match, condition = _match(terms), "article_search MATCH :match"
    else:
        match, condition = _tsquery(terms), "document @@ CAST(:match AS tsquery)"
    return sa.text(condition).bindparams(match=match)  # type: ignore[return-value]


def found_ids(dialect: str, terms: Sequence[Term]) -> sa.Select[tuple[int]]:
    """A select of the ids of articles that hold what the terms ask for."""
    column = "rowid" if dialect == "sqlite" else "article_id"
    number: sa.ColumnElement[Any] = sa.literal_column(column)
    found: sa.Select[Any] = (
        sa.select(number.label("id"))
        .select_from(sa.text("article_search"))
        .where(condition(dialect, terms))
    )
    if dialect == "sqlite" or not any(len(r.pieces) > 1 for t in terms for r in t.readings):
        return found
    # PostgreSQL takes phrases for frequent, and looks at one article after the other, the newest
    # first; behind an offset it asks the index.
    return sa.select(found.offset(0).subquery().c.id)


def snippet(text: str, terms: Iterable[Term], language: str = "") -> str:
    """The first place in the text where a term stands, what was found between U+2068 and U+2069."""
    spans = marked(text[:INDEXED_CHARS], terms, language)
    first = next(spans, None)
    if first is None:
        flat = " ".join(text[:SNIPPET_CHARS].split())
        return f"{flat}{'…' if len(text) > SNIPPET_CHARS else ''}"
    start = _word_border(text, first[0] - SNIPPET_CHARS // 3, first[0])
    end = start + SNIPPET_CHARS
    pieces, at = [], start
    for left, right in _until([first], spans, end):
        pieces += [text[at:left], FOUND, text[left:right], CLOSED]
        at = right
    rest = text[at : max(at, end)]
    if end < len(text) and " " in rest[-_WORD_CHARS:]:
        rest = rest[: rest.rindex(" ")]
    flat = " ".join("".join([*pieces, rest]).split())
    return f"{'…' if start else ''}{flat}{'…' if end < len(text) else ''}"


def _word_border(text: str, wanted: int, latest: int) -> int:
    """Where a word begins, near a place in the text."""
    if wanted <= 0:
        return 0
    space = text.find(" ", wanted, min(wanted + _WORD_CHARS, latest))
    return wanted if space < 0 else space + 1


def marked(text: str, terms: Iterable[Term], language: str) -> Iterator[tuple[int, int]]:
    """Where terms stand in a text of this language, in order, without overlaps."""
    readings = [r for term in terms if not term.is_excluded for r in term.readings]
    sought = _Sought(readings)
    found = cut.tokens(text, language)
    ahead = deque(islice(found, sought.longest))
    end = 0
    while ahead:
        if length := sought.length(ahead):
            start, after = max(end, ahead[0].start), ahead[length - 1].end
            if after > start:
                yield start, after
                end = after
        ahead.popleft()
        ahead.extend(islice(found, 1))


class _Sought:
    """Readings by their first piece, so that most tokens are looked at once."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.longest = max((len(reading.pieces) for reading in readings), default=1)
        self._open = tuple(r.pieces[0] for r in readings if r.is_open and len(r.pieces) == 1)
        self._others: dict[str, list[Reading]] = {}
        for reading in readings:
            if not reading.is_open or len(reading.pieces) > 1:
                self._others.setdefault(reading.pieces[0], []).append(reading)

    def length(self, ahead: Sequence[Token]) -> int:
        """How many of the next tokens a reading takes; 0 = none begins here."""
        first = ahead[0]
        found = int(first.text.startswith(self._open) or first.form.startswith(self._open))
        for reading in self._others.get(first.text, ()):
            if len(reading.pieces) > found and _stands(reading, ahead):
                found = len(reading.pieces)
        return found


def _stands(reading: Reading, ahead: Sequence[Token]) -> bool:
    """Whether the pieces of a reading are the next ones of a text."""
    if len(ahead) < len(reading.pieces):
        return False
    *before, last = reading.pieces
    if any(piece != token.text for piece, token in zip(before, ahead, strict=False)):
        return False
    text = ahead[len(before)].text
    return text.startswith(last) if reading.is_open else text == last


def _until(
    first: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]], end: int
) -> Iterator[tuple[int, int]]:
    yield from first
    for span in others:
        if span[0] >= end:
            return
        yield span


def _is_lost(word: str, stem: str) -> bool:
    return not stem.startswith(word[: len(word) - _LETTERS_LOST + 1])


def _bounded(pieces: list[str]) -> list[str]:
    """The pieces as far as PostgreSQL keeps them; the places of the others stay."""
    times = Counter(pieces)
    if max(times.values(), default=0) < MOST_TIMES and 8 * len(pieces) < _MOST_BYTES - sum(
        map(len, times)
    ) * len("𐍈".encode()):
        return pieces
    return list(_within_bounds(pieces))


def _within_bounds(pieces: Iterable[str]) -> Iterator[str]:
    times: Counter[str] = Counter()
    size = 0
    for piece in pieces:
        times[piece] += 1
        if times[piece] == 1:
            size += len(piece.encode()) + 8
        if size > _MOST_BYTES:
            return
        yield piece if times[piece] < MOST_TIMES else GAP


def _document(pieces: Sequence[str]) -> str:
    """The pieces with their places, as PostgreSQL writes a tsvector."""
    places: dict[str, list[str]] = {}
    for place, piece in enumerate(pieces, 1):
        if piece != GAP:
            places.setdefault(piece, []).append(str(place))
    return " ".join(f"'{piece}':{','.join(where)}" for piece, where in places.items())


def _match(terms: Sequence[Term]) -> str:
    """The query as FTS5 reads it."""
    return _joined(terms, _phrase_of_fts5, " AND ", " OR ", " NOT ")


def _tsquery(terms: Sequence[Term]) -> str:
    """The query as PostgreSQL reads it."""
    return _joined(terms, _phrase_of_tsquery, " & ", " | ", " & !")


def _phrase_of_fts5(reading: Reading) -> str:
    return f'"{" ".join(reading.pieces)}"{" *" if reading.is_open else ""}'


def _phrase_of_tsquery(reading: Reading) -> str:
    phrase = " <-> ".join(f"'{piece}'" for piece in reading.pieces)
    return f"({phrase}{':*' if reading.is_open else ''})"


def _joined(
    terms: Sequence[Term], phrase: Callable[[Reading], str], both: str, either: str, without: str
) -> str:
    found = ""
    for term in terms:
        one = f"({either.join(phrase(reading) for reading in term.readings)})"
        found += (without if term.is_excluded else both if found else "") + one
    return found
