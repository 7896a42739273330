"""
Which known article an opaque link of an aggregator stands for: by title, outlet and time.

An aggregator's link says nothing of the article's address. What is known is the title as the
outlet wrote it, the outlet's name, often its site, and when the article appeared. Titles recur
("Daily metals price update"), so one of few words must also be of the same hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor import urls
from monitor.text import normalised, words

#: How far apart an aggregator and an outlet may date one article.
WINDOW = timedelta(hours=48)

#: The same for a title of fewer than `TELLING` words, which may recur.
SHORT_WINDOW = timedelta(hours=6)
TELLING = 6

#: A title of fewer words says nothing.
LEAST_WORDS = 3

#: Parts of a host that do not tell an outlet: `www.`, `m.`, and what ends the name.
_FRONT = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_ENDING = re.compile(r"(?:\.(?:com|co|org|net|gov|ac))?\.[a-z]{2,}$")
_PARTING = re.compile(r"\s+[-–—|]\s+")


class Told(NamedTuple):
    """An article as far as this module compares it."""

    title: str
    #: Its address, opaque or not.
    url: str
    #: Name of the outlet, or its host.
    site: str
    at: datetime
    #: Of a stored one.
    article_id: int = 0
    #: The outlet's address, where the aggregator gives it.
    home: str = ""


def title_key(title: str) -> str:
    """The words of a title in one form; titles with equal keys are the same words."""
    return " ".join(words(title))


def same_telling(one: Told, others: Sequence[Told]) -> int:
    """
    The article of `others` that `one` is, of which at least one has an opaque address.

    Returns:
        Its id, the nearest in time when several fit; 0 = none of them.
    """
    fitting = [other for other in others if _is_same(one, other)]
    nearest = min(fitting, key=lambda o: (abs(o.at - one.at), o.article_id), default=None)
    return nearest.article_id if nearest else 0


def _is_same(one: Told, other: Told) -> bool:
    if not (urls.is_opaque(one.url) or urls.is_opaque(other.url)):
        return False
    shared = _titles(one) & _titles(other)
    count = max((len(key.split()) for key in shared), default=0)
    window = WINDOW if count >= TELLING else SHORT_WINDOW
    return count >= LEAST_WORDS and abs(one.at - other.at) <= window and _is_outlet(one, other)


def _titles(told: Told) -> set[str]:
    """The title's key, and that without the outlet's name at its end."""
    parts = _PARTING.split(told.title)
    found = {title_key(told.title)}
    if len(parts) > 1 and _squashed(parts[-1]) in _names(told):
        found.add(title_key(told.title[: told.title.rindex(parts[-1])]))
    return found


def _is_outlet(one: Told, other: Told) -> bool:
    """Whether both are of one outlet: by its site, else by its name."""
    first, second = _hosts(one), _hosts(other)
    if any(_are_one_site(a, b) for a in first for b in second):
        return True
    return bool(_names(one) & _names(other))


def _hosts(told: Told) -> set[str]:
    found = {urls.host(told.home), "" if urls.is_opaque(told.url) else urls.host(told.url)}
    return {_FRONT.sub("", host) for host in found if host}


def _are_one_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _names(told: Told) -> set[str]:
    """Forms in which an outlet's name may stand: as it is, and as its hosts write it."""
    hosts = _hosts(told)
    said = {told.site, *hosts, *(_ENDING.sub("", host).split(".")[-1] for host in hosts)}
    if "." in told.site and " " not in told.site:
        bare = _FRONT.sub("", told.site.lower())
        said |= {bare, _ENDING.sub("", bare)}
    return {squashed for name in said if len(squashed := _squashed(name)) > 2}


def _squashed(name: str) -> str:
    """Letters and digits of a name, without its article."""
    return re.sub(r"[\W_]+", "", re.sub(r"^the\s+", "", normalised(name).strip()))
