"""
Full text: one way of cutting words for both databases, so that both find the same.

Text is reduced to normalised words between spaces, ideographs one by one; a query's words
are looked for by their beginning (so that inflected forms are found), runs of ideographs
as phrases. No character of a query has a meaning, so no query is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from monitor.text import normalised

#: Characters of a text that are indexed; PostgreSQL bounds a document to 1 MB of words.
INDEXED_CHARS = 200_000

#: Words of a query that are looked for.
MOST_WORDS = 20

#: Shorter words are looked for whole.
PREFIX_LETTERS = 4

#: Characters of text around the first word found.
SNIPPET_CHARS = 160

FOUND, CLOSED = "\u2068", "\u2069"

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_DROP_SQLITE = sa.text("DELETE FROM article_search WHERE rowid = :id")
_PUT_SQLITE = sa.text("INSERT INTO article_search (rowid, title, text) VALUES (:id, :title, :text)")
_PUT_POSTGRESQL = sa.text(
    "INSERT INTO article_search (article_id, document) "
    "VALUES (:id, to_tsvector('simple', :title || ' ' || :text)) "
    "ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
)

#: Longer words are no words of a language (and too long for PostgreSQL).
_LONGEST = 100


def indexed(text: str) -> str:
    """The words of a text as both databases index them."""
    return " ".join(_cut(text[:INDEXED_CHARS]))


def query_words(query: str) -> list[str]:
    """The words of a query; a run of ideographs is one, with spaces inside."""
    runs = _WORD.findall(normalised(query))
    words = [" ".join(run) if _IS_CJK.match(run) else run[:_LONGEST] for run in runs]
    return list(dict.fromkeys(words))[:MOST_WORDS]


def condition(dialect: str, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """`article_search` holds all the words; `words` from `query_words`, not empty."""
    if dialect == "sqlite":
        match = " AND ".join(f'"{word}"{"*" if _is_prefix(word) else ""}' for word in words)
        return sa.text("article_search MATCH :match").bindparams(match=match)  # type: ignore[return-value]
    match = " & ".join(
        "(" + " <-> ".join(word.split()) + ")" if " " in word else word + ":*" * _is_prefix(word)
        for word in words
    )
    return sa.text("document @@ to_tsquery('simple', :match)").bindparams(match=match)  # type: ignore[return-value]


def put(
    connection: sa.Connection, article_id: int, title: str, text: str, *, is_new: bool = False
) -> None:
    """Index an article; anew, unless it is known to be new."""
    words = {"id": article_id, "title": indexed(title), "text": indexed(text)}
    if connection.dialect.name != "sqlite":
        connection.execute(_PUT_POSTGRESQL, words)
        return
    if not is_new:
        connection.execute(_DROP_SQLITE, {"id": article_id})
    connection.execute(_PUT_SQLITE, words)


def found_ids(dialect: str, words: Sequence[str]) -> sa.Select[tuple[int]]:
    """A select of the ids of articles that hold all the words."""
    column = "rowid" if dialect == "sqlite" else "article_id"
    return (
        sa.select(sa.literal_column(column).label("id"))
        .select_from(sa.text("article_search"))
        .where(condition(dialect, words))
    )


def snippet(text: str, words: Iterable[str]) -> str:
    """The first place in the text where a word stands, the words between U+2068 and U+2069."""
    beginnings = [word.replace(" ", "") for word in words]
    spans = list(_spans(text[:INDEXED_CHARS], beginnings))
    if not spans:
        return " ".join(text[:SNIPPET_CHARS].split())
    start = max(0, spans[0][0] - SNIPPET_CHARS // 3)
    end = start + SNIPPET_CHARS
    pieces, at = [], start
    for left, right in spans:
        if left >= end:
            break
        pieces += [text[at:left], FOUND, text[left:right], CLOSED]
        at = right
    pieces.append(text[at:end])
    flat = " ".join("".join(pieces).split())
    return f"{'…' if start else ''}{flat}{'…' if end < len(text) else ''}"


def _spans(text: str, beginnings: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words stand: whole words of alphabets, the very ideographs of runs."""
    for match in _WORD.finditer(text):
        folded = normalised(match[0])
        if not _IS_CJK.match(folded):
            if folded.startswith(tuple(beginnings)):
                yield match.span()
            continue
        found = sorted((folded.find(word), len(word)) for word in beginnings if word in folded)
        end = 0
        for start, length in found:
            if start >= end:
                end = start + length
                yield match.start() + start, min(match.end(), match.start() + end)


def _is_prefix(word: str) -> bool:
    return " " not in word and len(word) >= PREFIX_LETTERS


def _cut(text: str) -> Iterable[str]:
    for run in _WORD.findall(normalised(text)):
        if _IS_CJK.match(run):
            yield from run
        else:
            yield run[:_LONGEST]
