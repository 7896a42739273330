"""
Companies that the taxonomy does not know, by the form of their names.

A name in capitals that ends in a word of the trade (`Viridis Mining`), a legal form
(`Grupa Azoty S.A.`, `ТОО «Добра»`, `…有限公司`) or is followed by a stock ticker
(`(ASX: LYC)`) is a company's. In a headline where every word has a capital only a legal form
or a ticker tells.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: A capital letter.
_CAPITAL = "[A-ZÀ-ÞŁŚŻČŠŽĐ]"

#: Languages in which a capital tells no name.
NOUNS = frozenset({"de", "lb"})

#: A headline of so many words, of which this share have capitals, is in title case.
_LEAST_WORDS, _CAPITALS = 5, 0.6


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@dataclass(frozen=True, slots=True)
class _Forms:
    """The words of `firms.toml` as patterns."""

    trade: re.Pattern[str]
    latin: tuple[tuple[re.Pattern[str], bool], ...]
    quoted: re.Pattern[str]
    han: re.Pattern[str]
    openers: frozenset[str]
    generic: frozenset[str]


@cache
def _forms() -> _Forms:
    source = files("monitor.enrich").joinpath("data", "firms.toml")
    data: Mapping[str, Sequence[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    trade, some, legal = (_any_of(data[part]) for part in ("trade", "any", "legal"))
    begin = rf"(?<![\w’'-]){_CAPITAL}[\w’'&-]*"
    words = rf"{begin}(?: (?:{_CAPITAL}[\w’'&.-]*|&|of|de|do|da|del)){{0,3}}"
    return _Forms(
        trade=re.compile(rf"\b(?:{trade})$"),
        latin=(
            (re.compile(rf"{words}(?= \([A-Z]{{2,6}}(?:-[A-Z])?: ?[A-Z0-9.]{{1,7}})"), True),
            (re.compile(rf"{words}?,? (?P<legal>{legal})(?![\w-])\.?"), True),
            (
                re.compile(
                    rf"{words}? (?:{trade}|{some})(?: (?:{some}))?(?![\w-])"
                    rf"(?: (?P<legal>{legal})(?![\w-]))?"
                ),
                False,
            ),
        ),
        quoted=re.compile(
            rf"(?:{_any_of(data['legal_before'])}) ?[«\"“](?P<name>[^»\"”\n]{{2,50}})[»\"”]"
        ),
        han=re.compile(
            rf"(?P<name>[\u4e00-\u9fff]{{2,8}}(?:{_any_of(data['han_trade'])}))"
            rf"(?:{_any_of(data['han_legal'])})"
        ),
        openers=frozenset(data["openers"]),
        generic=frozenset(data["generic"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A company by its name's form; offsets in code points."""

    name: str
    start: int
    end: int
    #: Its name says that it mines or refines.
    is_of_trade: bool


def firms(text: str, title: int, language: str = "") -> list[Firm]:
    """
    Companies of a text, in order.

    Args:
        text: `title + "\\n" + text`.
        title: length of the title.
        language: of the text; German writes every noun with a capital.
    """
    doubtful = len(text) if language in NOUNS else title if _is_title_case(text[:title]) else -1
    found = [firm for is_sure, firm in _latin(text) if is_sure or firm.start > doubtful]
    return _apart([*found, *_quoted(text), *_han(text)])


def _is_title_case(title: str) -> bool:
    words = [word for word in title.split() if word[:1].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= _LEAST_WORDS and capitals >= _CAPITALS * len(words)


def _latin(text: str) -> Iterator[tuple[bool, Firm]]:
    """(Whether a legal form or ticker tells it, the firm)."""
    for pattern, is_sure in _forms().latin:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            end = match.start("legal") if groups.get("legal") else match.end()
            name = text[match.start() : end].rstrip(" ,")
            start, name = _without_openers(match.start(), name)
            if len(name) > 2 and not _is_generic(name, is_sure):
                yield (
                    is_sure or bool(groups.get("legal")),
                    Firm(
                        name=name,
                        start=start,
                        end=start + len(name),
                        is_of_trade=_forms().trade.search(name) is not None,
                    ),
                )


def _without_openers(start: int, name: str) -> tuple[int, str]:
    while True:
        first, space, rest = name.partition(" ")
        if not space or first not in _forms().openers:
            return start, name
        start, name = start + len(first) + 1, rest


def _is_generic(name: str, is_sure: bool) -> bool:
    """Words of the trade alone are no name: `Energy Group`, `Mining`."""
    words = name.lower().split()
    return all(word in _forms().generic for word in words) or (len(words) < 2 and not is_sure)


def _quoted(text: str) -> Iterator[Firm]:
    for match in _forms().quoted.finditer(text):
        yield Firm(
            name=match["name"], start=match.start("name"), end=match.end("name"), is_of_trade=False
        )


def _han(text: str) -> Iterator[Firm]:
    for match in _forms().han.finditer(text):
        yield Firm(
            name=match["name"], start=match.start("name"), end=match.end("name"), is_of_trade=True
        )


def _apart(found: Sequence[Firm]) -> list[Firm]:
    """Those that do not overlap, the earlier and longer ones first chosen."""
    chosen: list[Firm] = []
    for firm in sorted(found, key=lambda firm: (firm.start, -firm.end)):
        if not chosen or firm.start >= chosen[-1].end:
            chosen.append(firm)
    return chosen
