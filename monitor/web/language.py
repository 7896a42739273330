"""The interface's languages: gettext catalogues, read at start."""

from __future__ import annotations

import gettext
from functools import cache

#: Languages of the interface, to their own names.
LANGUAGES = {"en": "English", "ru": "Русский", "zh": "中文"}


@cache
def translations(_code: str) -> gettext.NullTranslations:
    """The words of a language; English is the language of the sources."""
    return gettext.NullTranslations()
