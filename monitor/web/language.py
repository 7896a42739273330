"""
The interface's languages: gettext catalogues, read as they are written, at their first use.

Python code that has words for a page takes them from `words_of(request)`, whose `gettext` it
calls `_`, so that they are found; a table of words marks each with `msgid`. `make words` brings
what is new into the catalogues.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

from monitor.web.desk import reader_of

#: Languages of the interface, to their own names.
LANGUAGES = {"en": "English", "ru": "Русский", "zh": "中文"}

#: Whose way of writing days is followed, where a language has several: `2 Mar 2026`.
_DAYS = {"en": "en_GB"}

#: The cookie with the language that a reader chose.
COOKIE = "language"

LOCALE = Path(__file__).parent / "locale"


@cache
def translations(code: str) -> gettext.NullTranslations:
    """The words of a language; English is the language of the sources."""
    path = catalogue_path(code)
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def words_of(request: Request) -> gettext.NullTranslations:
    """The words in the language of whoever asks."""
    return translations(reader_of(request).language)


def days_locale(code: str) -> str:
    """The locale in which days are written, for a language of the interface."""
    return _DAYS.get(code, code)


def msgid(text: str) -> str:
    """Mark words that are looked up later."""
    return text


def catalogue_path(code: str) -> Path:
    """Where the words of a language are kept."""
    return LOCALE / code / "LC_MESSAGES" / "site.po"


def language_for(chosen: str, accepted: str) -> str:
    """
    The language to speak to somebody.

    Args:
        chosen: what he chose (`COOKIE`, or his account), or an empty text.
        accepted: the header Accept-Language.
    """
    if chosen in LANGUAGES:
        return chosen
    ranked = sorted(_ranges(accepted[:500]), key=lambda one: -one[1])
    return next((code for code, quality in ranked if quality > 0 and code in LANGUAGES), "en")


def _ranges(accepted: str) -> list[tuple[str, float]]:
    """Primary subtags with their qualities, as in RFC 9110, 12.5.4; odd ones count for nothing."""
    found = []
    for one in accepted.split(","):
        name, _, parameter = one.partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        found.append((name.strip().lower().partition("-")[0], quality))
    return found
