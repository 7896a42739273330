"""
How the names and the language that are said of an item compare to its labels.

Names of companies are compared without case, signs and legal forms. What is labelled as a body
and said as a company, or the other way round, is no error of either: where a state company ends
and a ministry begins is a convention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.enrich.meaning import known
from monitor.evaluate.items import Item, Pair
from monitor.evaluate.measures import Part, of_sets
from monitor.text import normalised

_SIGNS = re.compile(r"[^\w]+")
#: Legal forms, which are no part of a name.
_LEGAL = re.compile(
    r"ltd|limited|inc|incorporated|corp|corporation|co|company|plc|ag|gmbh|sa|spa|nv|bv|llc|llp"
    r"|jsc|pjsc|oao|pao|ao|ooo|too|ab|oyj|asa|as|pt|tbk|the"
)

#: Codes of one language.
_ONE_LANGUAGE = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "cmn": "zh"}


def of_minerals(pairs: Sequence[Pair]) -> list[Part]:
    """Minerals by their identifiers in the taxonomy, by whatever name a label calls them."""
    return of_sets(
        ({known("mineral", name) or name for name in i["commodities"]}, set(p["minerals"]))
        for i, p in pairs
    )


def of_countries(pairs: Sequence[Pair]) -> list[Part]:
    """Countries by their codes."""
    return of_sets((set(i["countries"]), set(p["countries"])) for i, p in pairs)


def of_companies(pairs: Sequence[Pair]) -> list[Part]:
    """Companies; those labelled as bodies aside."""
    return of_sets(_companies(pairs))


def of_names(pairs: Sequence[Pair]) -> list[Part]:
    """Companies and places together; places that nobody labelled are not held against anyone."""
    return of_sets(
        (gold | places, said | _told_places(item, prediction, gold | places))
        for (item, prediction), (gold, said) in zip(pairs, _companies(pairs), strict=True)
        for places in (_plain(item.get("places")),)
    )


def of_places(pairs: Sequence[Pair]) -> list[Part]:
    """Deposits and projects."""
    return of_sets((_plain(i["places"]), _plain(p["places"])) for i, p in pairs)


def of_actors(pairs: Sequence[Pair]) -> list[Part]:
    """Companies and state bodies together."""
    return of_sets(
        (_plain(i["companies"]) | _plain(i["bodies"]), _plain(p["companies"]) | _plain(p["bodies"]))
        for i, p in pairs
    )


def is_language(gold: str, said: str) -> bool:
    """Whether two codes are of one language."""
    return _primary(gold) == _primary(said)


def plain_name(name: str) -> str:
    """A name as it is compared: `Rio Tinto Ltd.` is `rio tinto`, and so is 力拓."""
    words = _SIGNS.sub(" ", normalised(known("company", name) or name)).split()
    kept = [word for word in words if not _LEGAL.fullmatch(word)]
    return " ".join(kept or words)


def _companies(pairs: Sequence[Pair]) -> Iterator[tuple[set[str], set[str]]]:
    for item, prediction in pairs:
        gold, said = _plain(item["companies"]), _plain(prediction["companies"])
        as_bodies = _plain(item.get("bodies")) - gold
        # A labelled company that is said as a body was found.
        found = _plain(prediction["bodies"]) & gold
        yield gold, (said - as_bodies) | found


def _told_places(item: Item, prediction: Mapping[str, Any], gold: set[str]) -> set[str]:
    said = _plain(prediction["places"])
    return said if item.get("places") is not None else said & gold


def _plain(names: Iterable[str] | None) -> set[str]:
    return {plain_name(name) for name in names or ()}


def _primary(code: str) -> str:
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return _ONE_LANGUAGE.get(primary, primary)
