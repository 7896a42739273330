"""
Words without their endings, so that every form of a word is found by every other.

Snowball's stemmers where there is one; Kazakh, Kyrgyz, Uzbek and Korean endings are taken
off one after another, while a stem is left. A stem carries a sign of its language, so that
what is alike in two languages by chance stays apart.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import Any

import Stemmer

#: Languages that Snowball stems, to its name for them.
_SNOWBALL = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "pt": "portuguese",
    "it": "italian", "nl": "dutch", "sv": "swedish", "no": "norwegian", "da": "danish",
    "fi": "finnish", "pl": "polish", "cs": "czech", "hu": "hungarian", "ro": "romanian",
    "tr": "turkish", "id": "indonesian", "ru": "russian", "ar": "arabic",
}  # fmt: skip

#: Endings that are taken off, by language, in its alphabets.
_ENDINGS = {
    "kk": (
        "лар лер дар дер тар тер ы і сы сі ын ін сын сін ның нің дың дің тың тің ға ге қа ке на не "
        "ны ні ды ді ты ті да де та те нда нде дан ден тан тен нан нен мен бен пен дағы дегі тағы "
        "тегі ндағы ндегі"
    ),
    "ky": (
        "лар лер лор лөр дар дер дор дөр тар тер тор төр ы и у ү сы си су сү ын ин нын нин нун нүн "
        "дын дин дун дүн тын тин тун түн га ге го гө ка ке ко кө на не ны ни ну нү ды ди ду дү ты "
        "ти ту тү да де до дө та те то тө нда нде дан ден дон дөн тан тен тон төн нан нен"
    ),
    "uz": (
        "lar i si im ing imiz ingiz ning ni ga ka qa da dan dagi "
        "лар и си им инг имиз ингиз нинг ни га ка қа да дан даги"
    ),
    "ko": (
        "은 는 이 가 을 를 의 에 에서 에게 으로 로 와 과 도 만 까지 부터 보다 처럼 이나 나 이다 "
        "라고 이라고 에는 에도 에서는 으로는 로는 으로도 들"
    ),
}

#: Letters that must be left of a word; a Korean letter is a syllable.
_LEAST = {"ko": 2}
_LEAST_STEM = 3

#: Before a vowel Kazakh softens the last consonant of a stem.
_HARD = str.maketrans({"ғ": "қ", "г": "к", "б": "п"})

#: Words of this trade that Snowball would take for forms of others (miner, lead).
_KEPT = {"en": {"mineral": "mineral", "minerals": "mineral", "leading": "leading"}}

#: Languages of the Latin and the Cyrillic alphabet whose words are stemmed as their own.
_LATIN = ("en", *(code for code in _SNOWBALL if code not in {"en", "ru", "ar"}), "uz")
_CYRILLIC = ("ru", "kk", "ky", "uz")

#: Languages in Latin letters that have no stemmer here; English would cut them wrongly.
_UNSTEMMED_LATIN = frozenset(
    re.findall(
        r"\w+",
        "vi az tk et lv lt sk sl hr bs sq ca eu gl is ga cy mt ms tl sw af eo la mg so ht",
    )
)
_UNSTEMMED_CYRILLIC = frozenset(["uk", "be", "bg", "mk", "sr", "mn", "tg", "tt", "ba"])

#: A sign for each language, which no word holds: characters for private use.
_SIGNS = dict(zip((*_SNOWBALL, *_ENDINGS), map(chr, count(0xE001)), strict=False))

_IS_LATIN = re.compile("[a-zß-ɏ]+")
_IS_CYRILLIC = re.compile("[\u0400-\u052f]+")
_IS_HANGUL = re.compile("[\uac00-\ud7a3]+")
_IS_ARABIC = re.compile("[\u0620-\u06ff]+")

#: Words whose stems are remembered: a text's words are mostly those of the text before.
_REMEMBERED = 1 << 16

_own = threading.local()


@lru_cache(_REMEMBERED)
def stem(word: str, language: str) -> str:
    """
    What a word is indexed as in a text of this language.

    Args:
        word: small letters, without accents (`й` kept).
        language: BCP 47, or empty.
    """
    code = _code(word, language)
    return _stem(word, code) if code else word


def stems(word: str) -> dict[str, None]:
    """What a word is indexed as, in whatever language the text is; the likely ones first."""
    if _IS_LATIN.fullmatch(word):
        codes: Iterable[str] = _LATIN
    elif _IS_CYRILLIC.fullmatch(word):
        codes = _CYRILLIC
    else:
        return {stem(word, ""): None}
    return dict.fromkeys([*(_stem(word, code) for code in codes), word])


def languages() -> tuple[str, ...]:
    """Languages of which texts may be cut in different ways; `` is any other."""
    return (*dict.fromkeys((*_LATIN, *_CYRILLIC)), "vi", "uk", "")


def bare(stemmed: str) -> str:
    """A stem without the sign of its language."""
    return stemmed[:-1] if "\ue000" < stemmed[-1:] < "\ue100" else stemmed


def _code(word: str, language: str) -> str:
    """The language that a word is stemmed in; empty for none."""
    if _IS_LATIN.fullmatch(word):
        if language in _LATIN:
            return language
        return "" if language in _UNSTEMMED_LATIN else "en"
    if _IS_CYRILLIC.fullmatch(word):
        if language in _CYRILLIC:
            return language
        return "" if language in _UNSTEMMED_CYRILLIC else "ru"
    if _IS_HANGUL.fullmatch(word):
        return "ko"
    return "ar" if _IS_ARABIC.fullmatch(word) else ""


def _stem(word: str, code: str) -> str:
    if code in _ENDINGS:
        return f"{_without_endings(word, code)}{_SIGNS[code]}"
    found = _KEPT.get(code, {}).get(word) or _stemmer(code).stemWord(word)
    if code == "ru":
        # The end of вольфрам looks like that of a case: forms meet where nothing is left to cut.
        while (again := _stemmer(code).stemWord(found)) != found:
            found = again
    return f"{found}{_SIGNS[code]}"


def _stemmer(code: str) -> Any:
    """Snowball's stemmers keep the word they are at: each thread has its own."""
    known: dict[str, Any] = _own.__dict__
    if code not in known:
        known[code] = Stemmer.Stemmer(_SNOWBALL[code], 0)
    return known[code]


def _without_endings(word: str, code: str) -> str:
    """Endings stand one behind the other; the longest goes first."""
    least = _LEAST.get(code, _LEAST_STEM)
    while found := _BEHIND[code].search(word, least):
        word = word[: found.start()]
    return word.translate(_HARD) if code == "kk" else word


_BEHIND = {
    code: re.compile(rf"(?:{'|'.join(sorted(endings.split(), key=len, reverse=True))})$")
    for code, endings in _ENDINGS.items()
}
