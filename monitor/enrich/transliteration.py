"""
Names of the lands that write Cyrillic, in Latin letters, and the other way round.

Source: BGN/PCGN 1947 for Russian, as newspapers simplify it (`Severny Katpar`), and the
spelling that follows Kazakh's Latin letters (`Qazaq`). A name that exists in one script only
is found in the other as well; what people write otherwise is written in the data.
"""

from __future__ import annotations

import re

#: Countries whose names are written in Cyrillic, or were.
COUNTRIES = frozenset({"KZ", "RU", "UZ", "KG", "TJ", "TM", "MN", "BY", "UA"})

#: Shortest name that is carried over: shorter ones are words of some other language.
LEAST_CHARS = 6

_BASE = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "ә": "a", "ғ": "g", "қ": "k", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    "ў": "o", "ҳ": "h", "ї": "yi", "є": "ye", "ґ": "g",
}  # fmt: skip
_OTHER = _BASE | {
    "х": "h", "ц": "c", "ж": "j", "й": "i", "ю": "iu", "я": "ia", "қ": "q", "ғ": "gh", "ё": "e",
}  # fmt: skip

#: Longest first: `shch` before `sh`.
_BACK = sorted(
    {
        **{latin: char for char, latin in _BASE.items() if latin and char < "\u0450"},
        "j": "ж", "h": "х", "q": "к", "w": "в", "x": "кс", "ye": "е", "c": "ц", "e": "е", "y": "ы",
    }.items(),
    key=lambda pair: -len(pair[0]),
)  # fmt: skip
_LATIN = re.compile("|".join(latin for latin, _ in _BACK))
_CYRILLIC_WORD = re.compile("[А-ЯЁЄІЇҐӘҒҚҢӨҰҮҺЎҲа-яёєіїґәғқңөұүһўҳ]+")


#: Of Latin names: several words are mostly English ones, and these letters no transliteration's.
_FOREIGN = re.compile(r" |-|w|x|ph|th|oo|ee|(.)\1|c(?!h)")


def is_cyrillic(name: str) -> bool:
    """Whether all words of a name are Cyrillic."""
    words = re.findall(r"[^\W\d_]+", name)
    return bool(words) and all(_CYRILLIC_WORD.fullmatch(word) for word in words)


def latin(name: str) -> tuple[str, ...]:
    """A Cyrillic name in Latin letters, in the two commonest ways, the commoner first."""
    return tuple(dict.fromkeys(_spelled(name, table) for table in (_BASE, _OTHER)))


def cyrillic(name: str) -> str:
    """A Latin name as Russian would most likely write it."""
    words = (_LATIN.sub(lambda m: dict(_BACK)[m[0]], word.lower()) for word in name.split(" "))
    return " ".join(
        word.capitalize() if was[:1].isupper() else word
        for word, was in zip(words, name.split(" "), strict=True)
    )


def other_script(names: list[str]) -> list[str]:
    """The names in the script that none of them is in."""
    plain = [name for name in names if _may_be_carried(name)]
    written = [name for name in plain if is_cyrillic(name)]
    romans = [name for name in plain if name.isascii()]
    if written:
        return list(dict.fromkeys(one for name in written for one in latin(name)))
    return [cyrillic(name) for name in romans if not _FOREIGN.search(name.lower())]


def _may_be_carried(name: str) -> bool:
    words = name.split(" ")
    return (
        len(name) >= LEAST_CHARS
        and all(word[:1].isupper() and word[1:].islower() for word in words)
        and all(word.replace("-", "").isalpha() for word in words)
    )


def _spelled(name: str, table: dict[str, str]) -> str:
    return " ".join(_word(word, table) for word in name.split(" "))


def _word(word: str, table: dict[str, str]) -> str:
    lower = re.sub("(?:ый|ий)$", "ы" if table is _BASE else "и", word.lower())
    return "".join(table.get(char, char) for char in lower).capitalize()
