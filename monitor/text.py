"""
Words, shingles, numbers and name skeletons of a text; pure and the same for all stages.

Chinese and Japanese have no spaces: a run of such characters is read as its overlapping
pairs, so that a shingle of three words spans four characters.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

#: Words in a shingle. Source: Broder 1997, "On the resemblance and containment of documents".
SHINGLE = 3

#: Texts whose words are remembered: an article's neighbours are compared again and again.
REMEMBERED = 1024

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_NUMBER = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_CAPITALISED = re.compile(r"(?<![.!?…]\s)(?<!^)\b[^\W\d_]{4,}\b")
_VOWELS = re.compile("[aeiouyjhw]+")
_DOUBLED = re.compile(r"(.)\1+")
_DIGIT_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

#: Cyrillic to Latin as far as the consonants matter.
_LATIN = str.maketrans(
    {
        "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
        "ж": "z", "з": "z", "и": "i", "і": "i", "й": "j", "к": "k", "қ": "k", "л": "l", "м": "m",
        "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "s", "ш": "s", "щ": "s",
        "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "u", "я": "a", "c": "k", "q": "k", "x": "ks",
    }
)  # fmt: skip


#: A text whose compatibility forms unfold to more than this many times its length is cut.
MOST_GROWTH = 3


def normalised(text: str) -> str:
    """Compatibility forms unified, case folded, accents and soft hyphens gone (NFKC, NFD)."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\xad", "")
    # One sign may unfold into eighteen: no language's text does.
    folded = folded[: MOST_GROWTH * len(text)]
    marks = (c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(marks))


#: A text has furniture only if so many of its lines are sentences, of so many characters together.
LEAST_SENTENCES, LEAST_PROSE = 2, 160

#: A line of so many characters is a paragraph however it ends, if few of them are digits.
PARAGRAPH, MOST_DIGITS = 240, 0.1

_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*(?:\s+[^\Wa-zа-я\d_]|\s*$)|[。！？；][”」』）]?")


@lru_cache(REMEMBERED)
def prose(text: str) -> str:
    """
    The text with its furniture blanked: menus, tickers, headlines of other articles.

    Furniture is what stands in lines without a sentence, where most of a text is sentences. A
    short text, or one of bare lines, stays as it is. Offsets stay.
    """
    lines = text.split("\n")
    kept = [_is_prose(line) for line in lines]
    told = [line for line, is_kept in zip(lines, kept, strict=True) if is_kept]
    if len(told) < LEAST_SENTENCES or sum(map(_width, told)) < LEAST_PROSE:
        return text
    pairs = zip(lines, kept, strict=True)
    return "\n".join(line if is_kept else " " * len(line) for line, is_kept in pairs)


#: UTF-8 that was read as Windows-1252, and as Windows-1251: a leading byte and its followers.
_AS_LATIN = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]{1,3}")
_AS_CYRILLIC = re.compile(
    "(?:[РС][\u0080-\u00bf\u0402-\u040f\u0452-\u045f\u0490\u0491\u2013-\u2122]){3,}"
)
#: Windows-1251 that was read as Latin-1: words of letters that stand alone elsewhere.
_ALL_ACCENTED = re.compile("[\u00c0-\u00ff]{4,}")

#: How many accented words make a text one of the other alphabet.
MOST_ACCENTED = 0.3


def repaired(text: str) -> str:
    """
    The text with its letters put right where its bytes were once read in a wrong encoding.

    What cannot be put right stays. Lengths change.
    """
    if text.isascii():
        return text
    if _AS_CYRILLIC.search(text):
        text = _AS_CYRILLIC.sub(lambda found: _reread(found[0], "cp1251"), text)
    if len(_ALL_ACCENTED.findall(text)) > MOST_ACCENTED * len(text.split()):
        return _ALL_ACCENTED.sub(lambda found: found[0].encode("latin-1").decode("cp1251"), text)
    return _AS_LATIN.sub(lambda found: _reread(found[0], "cp1252"), text)


def _reread(text: str, encoding: str) -> str:
    """The text by its bytes in that encoding, read as UTF-8; itself where they are none."""
    try:
        return b"".join(_byte(char, encoding) for char in text).decode()
    except UnicodeError:
        return text


def _byte(char: str, encoding: str) -> bytes:
    """One byte; what the encoding leaves undefined is read as Latin-1 by everyone."""
    return char.encode("latin-1" if "\x80" <= char <= "\x9f" else encoding)


def opening_end(text: str, chars: int) -> int:
    """Where the first `chars` characters of a text's prose end."""
    at = 0
    for line in prose(text).split("\n"):
        if line.strip():
            if len(line) >= chars:
                return at + chars
            chars -= len(line)
        at += len(line) + 1
    return len(text)


def _is_prose(line: str) -> bool:
    if _SENTENCE_END.search(line):
        return True
    return len(line) >= PARAGRAPH and sum(map(str.isdigit, line)) <= MOST_DIGITS * len(line)


def _width(line: str) -> int:
    """Characters, in which an ideograph says as much as three letters."""
    return len(line) + 2 * len(_IS_CJK.findall(line))


#: Lines of a text that may be its page's furniture: the first and the last ones, none longer.
HEAD_LINES, TAIL_LINES, LINE_CHARS = 40, 60, 1000

#: Lines that are blanked at most.
MOST_LINES = 5000


def line_keys(text: str) -> list[int]:
    """
    Keys of a text's first and last lines, distinct, by which they are found on other pages.

    Digits of a line without a sentence count as any digits: a ticker changes daily. A text of one
    line has none.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return []
    ends = [*lines[:HEAD_LINES], *lines[max(HEAD_LINES, len(lines) - TAIL_LINES) :]]
    return list(dict.fromkeys(_line_key(line) for line in ends if len(line) <= LINE_CHARS))


def without_lines(text: str, keys: AbstractSet[int]) -> str:
    """The text with the lines of these keys blanked; offsets stay."""
    if not keys:
        return text
    parts, end = [], 0
    for start, stop in line_spans(text, keys):
        parts += [text[end:start], " " * (stop - start)]
        end = stop
    return "".join([*parts, text[end:]])


def line_spans(text: str, keys: AbstractSet[int]) -> list[tuple[int, int]]:
    """Where the lines of these keys stand, in order."""
    found, at = [], 0
    for line in text.split("\n", MOST_LINES):
        if 0 < len(line) <= LINE_CHARS and _line_key(line) in keys:
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found


def _line_key(line: str) -> int:
    flat = " ".join(line.split()).casefold()
    return hashed(flat if _SENTENCE_END.search(line) else _DIGIT_RUN.sub("0", flat))


def single_line(text: str, most: int = 2000) -> str:
    """Words on one line, without control characters, cut after `most` characters."""
    return " ".join(_NO_TEXT.sub(" ", text).split())[:most].strip()


def words(text: str) -> list[str]:
    """Words in order, normalised; runs without spaces as overlapping pairs."""
    return list(_words(text))


@lru_cache(REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple(passing_words(text))


def passing_words(text: str) -> list[str]:
    """The same of a text that is read once, and not remembered."""
    found: list[str] = []
    for run in _WORD.findall(normalised(text)):
        if len(run) > 1 and _IS_CJK.match(run):
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.append(run)
    return found


def shingles(text: str | Sequence[str], size: int = SHINGLE) -> frozenset[int]:
    """
    Hashes (63 bits) of all runs of `size` words.

    A text of fewer words has one: the whole of it. An empty one has none.
    """
    return _text_shingles(text, size) if isinstance(text, str) else _shingles(text, size)


@lru_cache(REMEMBERED)
def _text_shingles(text: str, size: int) -> frozenset[int]:
    return _shingles(_words(text), size)


def _shingles(found: Sequence[str], size: int) -> frozenset[int]:
    if not found:
        return frozenset()
    starts = range(max(1, len(found) - size + 1))
    return frozenset(hashed(" ".join(found[at : at + size])) for at in starts)


def hashed(text: str) -> int:
    """63 bits of BLAKE2b: fits a signed column of any database, stable across runs."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def content_hash(*parts: str) -> str:
    """SHA-256 hex over parts; whitespace is collapsed, the borders of parts count."""
    flat = "\x1f".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(flat.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(REMEMBERED)
def numbers(text: str) -> frozenset[str]:
    """
    Numbers as their digits, without separators or closing zeros of a fraction.

    `410,000`, `410 000` and `410.000` are one; so are `1.4` and `1,4`. Which separator is
    the decimal one is decided by the digits behind it, so that languages can be compared.
    """
    return frozenset(_plain(found) for found in _NUMBER.findall(text))


@lru_cache(REMEMBERED)
def skeletons(text: str) -> frozenset[str]:
    """
    Consonants of capitalised words, the same in Latin and Cyrillic spelling.

    `Kairakty` and `Кайракты` are both `krkt`. Words that open a sentence are left out, as
    are skeletons of fewer than three consonants.
    """
    names = (m[0] for m in _CAPITALISED.finditer(text) if m[0][0].isupper())
    return frozenset(s for s in map(skeleton, names) if len(s) >= SHINGLE)


def skeleton(name: str) -> str:
    """Consonants of a name in Latin letters, doubled ones once; '' for other scripts."""
    latin = normalised(name).translate(_LATIN)
    bones = _DOUBLED.sub(r"\1", _VOWELS.sub("", latin))
    return bones if bones.isascii() else ""


def _plain(number: str) -> str:
    grouped = re.sub(r"(?<=\d)[.,\u00a0\u202f' ](?=\d{3}(?!\d))", "", number)
    whole, _, fraction = grouped.replace(",", ".").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
