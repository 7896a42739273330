"""
Collect the words of the review site into its catalogues; `make words`.

What is new is added untranslated, and a test names it; what nobody uses any more goes.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from monitor.web.language import LANGUAGES, catalogue_path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "monitor" / "web"

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
#: Of the header: what would change with every run, and what nobody filled in.
_UNTOLD = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version", "POT-Creation-Date", "PO-Revision-Date", "Generated-By",
        "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team",
    )
)  # fmt: skip

KEYWORDS = {**DEFAULT_KEYWORDS, "msgid": None}


def rows() -> list[Any]:
    """File, line, words (both forms of what is counted), comments and context of each."""
    return list(
        extract_from_dir(
            WEB, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
    )


def collected() -> Catalog:
    """All words of the templates and of the Python code beside them."""
    found = Catalog(project="critical-minerals-monitor", fuzzy=False)
    for name, _line, words, comments, context in rows():
        found.add(words, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def updated(code: str) -> Catalog:
    """A language's catalogue with all words of today and no others."""
    with catalogue_path(code).open("rb") as file:
        kept = read_po(file, locale=code)
    kept.update(collected(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    return kept


def missing(catalogue: Catalog) -> list[str]:
    """Words without a translation in every form, or with one that a person must look at again."""
    return [str(message.id) for message in catalogue if message.id and not is_done(message)]


def is_done(message: Message) -> bool:
    """Whether the words are translated in every form, and for sure."""
    forms = message.string if message.pluralizable else [message.string]
    return bool(forms) and all(forms) and not message.fuzzy


def written(catalogue: Catalog) -> bytes:
    """As it is kept: in alphabetical order, so that two people's additions seldom meet."""
    text = io.BytesIO()
    write_po(text, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=100)
    lines = text.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_UNTOLD))


def main() -> int:
    """Write the catalogues; tell what is not translated yet."""
    for code in LANGUAGES:
        if code == "en":
            continue
        catalogue = updated(code)
        catalogue_path(code).write_bytes(written(catalogue))
        left = missing(catalogue)
        print(f"{code}: {len(catalogue)} messages, {len(left)} without a translation")
        for words in left:
            print(f"  {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
