"""
Sources of kind sitemap: what is new among all that a site has.

With dates, news is what is dated within the last days. Without any, the first poll only
learns which addresses there are, and later ones tell which were added. An index names the
sitemaps to read; see `index`.

Memory, by key: `map <hash of the address>` for each sitemap: when it was read, in seconds, or with
more than that an object (`at`; `urls`: what it listed, if that has no dates; `is_dated`;
`is_index`); and `root`, the address of the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from monitor.model import Document, Entry
from monitor.parse.content import language_tag, title_of, written
from monitor.parse.remembered import KnownTexts, packed_set
from monitor.parse.sitemap import index
from monitor.parse.sitemap.addresses import (
    day_of,
    is_asked_for,
    is_story,
    rank,
    title_of_address,
)
from monitor.parse.sitemap.items import Item, Sitemap, read_sitemap
from monitor.parse.sitemap.stamps import hollow, parse_stamp
from monitor.urls import absolute

#: What is dated earlier is no news. Google's news sitemaps hold two days; a week outlasts holidays
#: and a publisher's late corrections, and the pages of old articles that are only edited stay out.
WINDOW = timedelta(days=7)
#: After a longer pause the window reaches back to the last reading, and this much.
OVERLAP, LONGEST_WINDOW = timedelta(days=1), timedelta(days=30)
#: Entries of one document.
MOST_ENTRIES = 1000
#: So many are shown even when nothing is new, so that an old sitemap is not taken for an empty one.
FEW = 5
#: More new addresses at once, and more than half of all, are a site that was rebuilt.
REBUILT = 200
#: ASCII characters for remembered addresses: of a sitemap that stands alone, and of a child.
ROOM, CHILD_ROOM = 140_000, 12_000
#: And of all of a source's sitemaps together.
ALL_ROOM = 150_000
#: A sitemap is forgotten when it was not read for so long, where an index stands in an index.
FORGOTTEN = timedelta(days=45)


class _Dated(NamedTuple):
    """An item with the moment that decides whether it is news."""

    at: datetime
    #: When it was published; None where the sitemap only says when it was changed.
    published_at: datetime | None
    item: Item


class _Poll(NamedTuple):
    """What parsing one document is given."""

    url: str
    asked: str
    now: datetime
    since: datetime
    options: Mapping[str, str]
    memory: Mapping[str, Any]
    is_part: bool


def parse_sitemap(
    body: bytes,
    *,
    url: str,
    asked: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    memory: Mapping[str, Any],
    is_part: bool,
) -> Document:
    """
    The news of a sitemap, or the children of an index that are to be read.

    Args:
        body: XML, gzip of it, or one address a line.
        url: final address, for relative links.
        asked: the address that was asked for; its fragment says how deep it stands.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: `match` and `skip`: words that addresses must, or must not, hold.
        memory: what earlier polls left.
        is_part: an index named it.

    Raises:
        Permanent: it is no sitemap, or too large.
    """
    found = read_sitemap(body, url=url, content_type=content_type)
    poll = _Poll(url, asked, now, _since(memory, asked, now), options, memory, is_part)
    record: dict[str, Any] = {"at": int(now.timestamp())}
    follow: tuple[str, ...] = ()
    problems = list(found.problems)
    if found.children:
        record["is_index"] = True
        follow, more = _followed(found, poll)
        problems += more
    entries, alarm = _news(found.items, poll, record, problems)
    if not found.items and not found.children:
        problems.append("an empty sitemap: it lists no address")
    said = record if len(record) > 1 else record["at"]
    kept = {index.key_of(asked): said} | ({} if is_part else _pruned(found, poll))
    first = next((item for item in found.items if item.is_news), Item())
    return Document(
        title=title_of(first.outlet),
        language=language_tag(first.language),
        entries=entries,
        problems=tuple(problems),
        alarm=alarm,
        follow=follow,
        is_directory=bool(found.children),
        memory=kept,
    )


def _since(memory: Mapping[str, Any], asked: str, now: datetime) -> datetime:
    """Since when things are news: a week, or longer when it was not read for long."""
    read_at = index.read_at(memory, asked)
    if read_at is None:
        return now - WINDOW
    return max(min(now - WINDOW, read_at - OVERLAP), now - LONGEST_WINDOW)


def _followed(found: Sitemap, poll: _Poll) -> tuple[tuple[str, ...], list[str]]:
    return index.chosen(
        found.children,
        url=poll.url,
        asked=poll.asked,
        level=index.level_of(poll.asked, is_part=poll.is_part),
        now=poll.now,
        since=poll.since,
        memory=poll.memory,
        skip=poll.options.get("skip", ""),
    )


def _news(
    items: Sequence[Item], poll: _Poll, record: dict[str, Any], problems: list[str]
) -> tuple[tuple[Entry, ...], str]:
    """The entries, newest first, and an alarm; `record` gets what must be remembered."""
    dated, undated = _parted(items, poll.now)
    if not poll.is_part:
        record["is_dated"] = bool(dated)
    dated.sort(key=lambda one: one.at, reverse=True)
    news = [one for one in dated if one.at >= poll.since and _is_admitted(one.item, poll.options)]
    if len(news) > MOST_ENTRIES:
        problems.append(f"{len(news) - MOST_ENTRIES} addresses beyond {MOST_ENTRIES} are left out")
    admitted = (one for one in dated if _is_admitted(one.item, poll.options))
    shown = news[:MOST_ENTRIES] or list(islice(admitted, FEW))
    entries = [_entry(one.item, poll, one.published_at) for one in shown]
    alarm = ""
    if len(undated) > len(dated):
        added, alarm = _added(undated, poll, record, problems)
        entries += [_entry(item, poll, None) for item in added[: MOST_ENTRIES - len(entries)]]
    return tuple(entry for entry in entries if entry.url), alarm


def _is_admitted(item: Item, options: Mapping[str, str]) -> bool:
    """Whether the options admit it; without `match`, and without a headline, if it is a story."""
    is_asked = is_asked_for(item.url, options)
    return is_asked and bool(options.get("match") or item.title or is_story(item.url))


def _parted(items: Sequence[Item], now: datetime) -> tuple[list[_Dated], list[Item]]:
    """Items with a date that can be believed, and those without."""
    dated: list[_Dated] = []
    undated: list[Item] = []
    untrue = hollow(items)
    for item in items:
        published = parse_stamp(item.published, now) if item.published else None
        changed = None
        if published is None and item.lastmod not in untrue:
            changed = parse_stamp(item.lastmod, now)
        if at := published or changed:
            # A day is over only at its end.
            moment = min(at[0] + timedelta(days=1), now) if at[1] else at[0]
            dated.append(_Dated(moment, published[0] if published else None, item))
        elif day := day_of(item.url, now):
            dated.append(_Dated(min(day + timedelta(days=1), now), None, item))
        else:
            undated.append(item)
    return dated, undated


def _added(
    items: Sequence[Item], poll: _Poll, record: dict[str, Any], problems: list[str]
) -> tuple[list[Item], str]:
    """
    Of items without dates, those that were not there before, and a few of the rest.

    The first time, and when a site was rebuilt, that is only a few.
    """
    before = poll.memory.get(index.key_of(poll.asked))
    before = before if isinstance(before, dict) else {}
    record["urls"] = packed_set((_trimmed(item.url) for item in items), _room(poll))
    if not record["urls"]:
        problems.append(
            f"{len(items):,} addresses without dates are too many to be remembered: what is new "
            "cannot be told; use a news sitemap or a feed of the site"
        )
    latest = sorted(items, key=lambda item: -rank(item.url))
    few = list(islice((item for item in latest if _is_admitted(item, poll.options)), FEW))
    alarm = ""
    if before.get("is_dated") and "urls" not in before:
        alarm = "its dates are gone, so only addresses tell what is new; look at the sitemap"
    known = KnownTexts(before.get("urls", ""))
    if not len(known):
        return few, alarm
    added = [item for item in latest if _trimmed(item.url) not in known]
    if len(added) > REBUILT and 2 * len(added) > len(items):
        said = f"{len(added):,} of {len(items):,} addresses are new at once: was the site rebuilt?"
        return few, f"{said} Only {FEW} were taken; look at its addresses"
    admitted = [item for item in added if _is_admitted(item, poll.options)]
    taken = {id(item) for item in admitted}
    return admitted + [item for item in few if id(item) not in taken], alarm


def _trimmed(url: str) -> str:
    """An address without what changes when a site moves to https or drops a slash."""
    return url.partition("://")[2].rstrip("/").lower()


def _room(poll: _Poll) -> int:
    """Characters that this sitemap may take of the memory."""
    key = index.key_of(poll.asked)
    others = sum(
        len(str(value.get("urls", "")))
        for name, value in poll.memory.items()
        if isinstance(value, dict) and name != key
    )
    return max(0, min(CHILD_ROOM if poll.is_part else ROOM, ALL_ROOM - others))


def _entry(item: Item, poll: _Poll, published_at: datetime | None) -> Entry:
    address = absolute(poll.url, item.url)
    return Entry(
        url=address,
        title=title_of(item.title) or title_of_address(address),
        summary=title_of(item.keywords),
        published_at=published_at,
        published_raw=written(item.published) if published_at else "",
        language=language_tag(item.language),
    )


def _pruned(found: Sitemap, poll: _Poll) -> dict[str, Any]:
    """The source's own address, and None for what is remembered of sitemaps that are gone."""
    root = poll.asked.partition("#")[0]
    named = {index.key_of(absolute(poll.url, child.url)) for child in found.children}
    named.add(index.key_of(root))
    records = {key: value for key, value in poll.memory.items() if key.startswith("map ")}
    is_nested = any(
        isinstance(records.get(key), dict) and records[key].get("is_index")
        for key in named - {index.key_of(root)}
    )
    gone = [
        key
        for key, value in records.items()
        if key not in named and not (is_nested and _is_fresh(value, poll.now))
    ]
    return {"root": root, **dict.fromkeys(gone)}


def _is_fresh(record: object, now: datetime) -> bool:
    at = index.moment_of(record)
    return at is not None and at >= now - FORGOTTEN
