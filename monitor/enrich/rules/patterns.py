"""
Regular expressions of users, by an engine that takes linear time whatever they are.

Source: RE2 (Cox 2010, "Regular Expression Matching in the Wild"), through google-re2; it has
neither look-around nor back-references. It is loaded when the first one is met.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

#: Longest expression in characters, and the bytes that one may take when it is compiled.
LONGEST, MOST_BYTES = 300, 1 << 20


@lru_cache(256)
def fault(pattern: str) -> str:
    """What is wrong with an expression, in words; '' when it can be used."""
    if len(pattern) > LONGEST:
        return f"more than {LONGEST} characters"
    if not _is_text(pattern):
        return "half of a character"
    try:
        _compiled(pattern)
    except importlib.import_module("re2").error as error:
        said = error.args[0] if error.args else ""
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return ""


def is_found(pattern: str, text: str) -> bool:
    """Whether a text has a part like this, whatever the case of its letters."""
    if fault(pattern):
        return False
    whole = text if _is_text(text) else text.encode("utf-8", "replace").decode()
    return _compiled(pattern).search(whole) is not None


@lru_cache(256)
def _compiled(pattern: str) -> Any:
    re2 = importlib.import_module("re2")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MOST_BYTES
    return re2.compile(pattern, options)


def _is_text(text: str) -> bool:
    """Whether it can be written in UTF-8: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
