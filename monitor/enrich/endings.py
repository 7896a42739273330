"""
Case endings of names, so that a name is found in every case and nowhere else.

Russian and Kazakh have most; names in Latin letters take the genitive of German and the Nordic
languages (`Talgas`), the commonest cases of Finnish (`Keliberin`), Uzbek and Hungarian.

Source: Zaliznyak 1977, "Grammatical dictionary of Russian" (endings of nouns and
adjectives); Kazakh suffixes in their order: plural, possessive, case.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

#: Shortest word that is inflected, and shortest stem that is left of it.
LEAST_WORD, LEAST_STEM = 4, 4

#: Shortest Latin word that is inflected.
LEAST_LATIN = 5

_LATIN = frozenset(
    re.findall(r"\w+", "s n in lla llä lle ssa ssä ning ni ga da dan nak nek ban ben")
)

#: Shortest acronym that is inflected.
LEAST_ACRONYM = 3

_RUSSIAN = frozenset(
    re.findall(
        r"\w+",
        "а я о е ы и у ю й ь ой ей ою ею ом ем ам ям ами ями ах ях ов ев ья ью ий ия ие ию ии ием "
        "ый ого его ому ему ым им ых их ыми ими ая яя ую юю ое ее ые",
    )
)
_PLURAL = ("", "лар", "лер", "дар", "дер", "тар", "тер")
_OWNED = ("", "ы", "і", "сы", "сі")
_CASE = (
    "",
    *re.findall(
        r"\w+",
        "ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті н да де та те нда нде "
        "дан ден тан тен нан нен мен бен пен дағы дегі тағы тегі",
    ),
)
_KAZAKH = frozenset(map("".join, product(_PLURAL, _OWNED, _CASE)))
_ADJECTIVE = ("ый", "ий", "ое", "ее", "ая", "яя")
_CUT = "аяоеыийь"


@cache
def is_ending(letters: str) -> bool:
    """Whether a stem followed by these small letters is a case of its word."""
    return (
        letters in _RUSSIAN
        or letters in _LATIN
        or letters in _KAZAKH
        or (letters[:1] in _CUT and letters[1:] in _KAZAKH)
    )


def inflected(name: str) -> str:
    """The name with `~` in place of the ending of each word that may have cases."""
    if name.isascii() or name[-1:].lower() < "а":
        return f"{name}~" if _is_inflected_latin(name) else name
    parts = name.replace("-", " - ").split(" ")
    shown = [_acronym(part) if part.isupper() and len(parts) > 1 else _stem(part) for part in parts]
    return " ".join(shown).replace(" - ", "-")


def _is_inflected_latin(name: str) -> bool:
    last = name.rpartition(" ")[2]
    return len(last) >= LEAST_LATIN and last.isalpha() and last[0].isupper() and last[1:].islower()


def _acronym(word: str) -> str:
    """`ГОК` inside a longer name is inflected as well: `на Туганском ГОКе`."""
    is_cyrillic = "А" <= word[-1] <= "Ӿ"
    return f"{word}~" if is_cyrillic and len(word) >= LEAST_ACRONYM else word


def _stem(word: str) -> str:
    last = word[-1:].lower()
    if not "а" <= last <= "ӿ" or len(word) < LEAST_WORD or word.isupper():
        return word
    for cut in (2 if word.endswith(_ADJECTIVE) else 0, 1 if last in _CUT else 0):
        if cut and len(word) - cut >= LEAST_STEM:
            return f"{word[:-cut]}~"
    return word if last in _CUT else f"{word}~"
