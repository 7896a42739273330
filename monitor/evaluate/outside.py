"""
What other people's libraries say of the same items: figures and languages.

They are optional (`pip install 'critical-minerals-monitor[evaluate]'`), used as they come, and
loaded when they are asked for. quantulum3 is used without its classifier.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from monitor.evaluate.items import Item
from monitor.evaluate.progress import Progress

QUANTULUM, PRICES, LANGID = "quantulum3", "price-parser", "py3langid"

#: What a row says of a library that is not there.
MISSING = "not installed: pip install 'critical-minerals-monitor[evaluate]'"

#: A figure: value and unit, as our claims write them.
Figure = tuple[float, str]

#: quantulum3's names of units, to ours and how many of ours they are.
_UNITS: Mapping[str, tuple[str, float]] = {
    "percentage": ("%", 1),
    "tonne": ("t", 1),
    "metric ton": ("t", 1),
    "kilotonne": ("t", 1e3),
    "megatonne": ("t", 1e6),
    # It takes Mt for an energy and kt for a speed; the benefit of the doubt.
    "megaton": ("t", 1e6),
    "kiloton": ("t", 1e3),
    "knot": ("t", 1e3),
    "kilogram": ("t", 1e-3),
    "ounce": ("oz", 1),
    "troy ounce": ("oz", 1),
    "pound-mass": ("lb", 1),
    "gram per tonne": ("g/t", 1),
    "tonne per year": ("t/y", 1),
}

#: quantulum3's names of currencies in compounds.
_CODES = {"dollar": "USD", "united states dollar": "USD", "euro": "EUR", "yuan": "CNY",
          "pound sterling": "GBP"}  # fmt: skip

#: Units of which a price is given.
_PRICED = {"tonne": "t", "metric ton": "t", "pound-mass": "lb", "kilogram": "kg", "ounce": "oz"}

_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₽": "RUB", "₸": "KZT",
          "A$": "AUD", "C$": "CAD", "₹": "INR", "₩": "KRW", "R$": "BRL"}  # fmt: skip


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


def figures(
    items: Sequence[Item], progress: Progress
) -> dict[str, Sequence[Sequence[Figure] | None] | str]:
    """Library to the figures of each item, None for items without such labels; or why not."""
    return {
        QUANTULUM: _each(QUANTULUM, "quantulum3.parser", items, progress, _quantities),
        PRICES: _each(PRICES, "price_parser", items, progress, _prices),
    }


def languages(texts: Sequence[str], progress: Progress) -> dict[str, Sequence[str] | str]:
    """Library to the language of each text; or why not."""
    langid = _library("py3langid")
    if langid is None:
        return {LANGID: MISSING}
    found = []
    for number, text in enumerate(texts, start=1):
        found.append(str(langid.classify(text)[0]))
        progress(LANGID, number, len(texts))
    return {LANGID: found}


def _each(
    name: str,
    module: str,
    items: Sequence[Item],
    progress: Progress,
    read: Callable[[Any, str], Iterable[Figure]],
) -> Sequence[Sequence[Figure] | None] | str:
    asked = [item.get("quantities") is not None for item in items]
    if not any(asked):
        return [None] * len(items)
    library = _library(module)
    if library is None:
        return MISSING
    found: list[Sequence[Figure] | None] = []
    for number, (item, is_asked) in enumerate(zip(items, asked, strict=True), start=1):
        text = f"{item['title']}\n{item['text']}"
        found.append(_safely(read, library, text) if is_asked else None)
        progress(name, number, len(items))
    return found


def _library(name: str) -> Any | None:
    """The module, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells us that it has no classifier
            return importlib.import_module(name)
    except ImportError:
        return None


def _safely(read: Callable[[Any, str], Iterable[Figure]], library: Any, text: str) -> list[Figure]:
    try:
        return list(read(library, text))
    except Exception:  # noqa: BLE001 (a library that fails on a text has found nothing in it)
        return []


def _quantities(parser: Any, text: str) -> Iterable[Figure]:
    for found in parser.parse(text):
        unit = found.unit
        if unit.name in _UNITS:
            name, factor = _UNITS[unit.name]
            yield found.value * factor, name
        elif unit.entity.name == "currency":
            yield found.value, str(unit.currency_code)
        elif " per " in unit.name:
            money, _, priced = unit.name.partition(" per ")
            if priced in _PRICED and (code := _CODES.get(money)):
                yield found.value, f"{code}/{_PRICED[priced]}"


def _prices(library: Any, text: str) -> Iterable[Figure]:
    """It reads one price of a string: it is given the sentences one by one."""
    for sentence in _SENTENCE_END.split(text):
        price = library.Price.fromstring(sentence)
        if price.amount is not None and price.currency:
            yield float(price.amount), _SIGNS.get(price.currency, str(price.currency))
