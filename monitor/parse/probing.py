"""What each selector or path of a source's options finds, so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from lxml import html

from monitor.encoding import decoded
from monitor.model import SourceKind
from monitor.parse.api.answer import loaded
from monitor.parse.api.fields import Reader, items_in, text_of
from monitor.parse.listing.listed import ITEM_LIMIT, SELECTORS, select, sheet_of, words_of_element
from monitor.parse.sniffing import refuse_binary
from monitor.text import single_line

#: Texts that are shown of what a selector finds, and their length.
SHOWN, LONGEST = 3, 200

#: Options of an API that are paths within an item.
_FIELDS = ("link", "title", "date", "summary", "content", "id", "author", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One option, and what it finds."""

    option: str
    #: The selector or path.
    says: str
    #: Of how many items it finds something; of `item` and `watch`: how many there are.
    found: int
    #: How many items there are; 0 where it does not matter.
    items: int = 0
    #: The first texts that it finds.
    first: tuple[str, ...] = ()


def probe(
    kind: SourceKind,
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
) -> tuple[Probe, ...]:
    """
    What the selectors of a listing or page, or the paths of an API, find in its answer.

    Raises:
        Permanent: the body is no such document.
    """
    if kind is SourceKind.API:
        return _paths(body, url, content_type, options)
    if kind not in {SourceKind.LISTING, SourceKind.PAGE}:
        return ()
    refuse_binary(body, url)
    root = sheet_of(decoded(body, content_type), url, now).root
    if kind is SourceKind.PAGE:
        return (
            _single("watch", options, select(root, options["watch"], url))
            if (options.get("watch"))
            else ()
        )
    return _selectors(root, options, url)


def _selectors(root: html.HtmlElement, options: Mapping[str, str], url: str) -> tuple[Probe, ...]:
    if not options.get("item"):
        return ()
    blocks = select(root, options["item"], url)[:ITEM_LIMIT]
    probes = list(_single("item", options, blocks))
    for name in SELECTORS[1:]:
        if selector := options.get(name):
            found = [select(one, selector, url) for one in blocks if not isinstance(one, str)]
            probes.append(_probe(name, selector, (one[0] for one in found if one), len(blocks)))
    return tuple(probes)


def _single(name: str, options: Mapping[str, str], found: Iterable[Any]) -> tuple[Probe, ...]:
    return (_probe(name, options[name], found, 0),)


def _probe(name: str, says: str, found: Iterable[Any], items: int) -> Probe:
    there = list(found)
    texts = (_text(one, is_link=name == "link") for one in islice(there, SHOWN))
    return Probe(option=name, says=says, found=len(there), items=items, first=tuple(texts))


def _text(found: Any, *, is_link: bool) -> str:
    if isinstance(found, str):
        return single_line(found, LONGEST)
    if is_link and (address := found.get("href")):
        return single_line(address, LONGEST)
    return single_line(words_of_element(found), LONGEST) or f"<{found.tag}> without words"


def _paths(
    body: bytes, url: str, content_type: str, options: Mapping[str, str]
) -> tuple[Probe, ...]:
    answer, _ = loaded(body, url=url, content_type=content_type)
    given = {name: options[name] for name in ("item", *_FIELDS) if options.get(name)}
    reader = Reader(given)
    found = reader.at("item", answer) if reader.has("item") else items_in(answer)
    if isinstance(found, Mapping):
        found = list(found.values())
    items = [one for one in found or () if isinstance(one, Mapping)]
    says = given.get("item", "(found by itself)")
    probes = [Probe(option="item", says=says, found=len(items), first=())]
    for name in _FIELDS:
        values = [text for one in items if (text := text_of(reader.field(name, one)))]
        if values or name in given:
            says = given.get(name, "(found by itself)")
            texts = tuple(single_line(one, LONGEST) for one in values[:SHOWN])
            probes.append(
                Probe(option=name, says=says, found=len(values), items=len(items), first=texts)
            )
    return tuple(probes)
