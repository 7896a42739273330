"""
Which child sitemaps of an index are read at a poll.

Those that changed since they were read, the news and the latest first. A child that does not
say when it changed is read every few hours, an archive by its name every few days; lists of
sections, authors and pictures are read only where there is nothing else.

An index may stand in an index. How deep it stands is written into the fragment of the address
that is followed (`#level3`), which no server sees: a poll's memory is only written at its end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.parse.remembered import fingerprint
from monitor.parse.sitemap.addresses import rank, words_of
from monitor.parse.sitemap.items import Item
from monitor.parse.sitemap.stamps import parse_stamp
from monitor.urls import absolute

#: Children followed at one poll.
MOST_CHILDREN = 50
#: The source's own address is level 1; an index below this level is not followed.
MOST_LEVELS = 3
#: How often children are read that do not say when they changed.
EVERY, NEWS_EVERY, ARCHIVE_EVERY = timedelta(hours=3), timedelta(hours=1), timedelta(days=7)
#: And those that only say on which day.
DAY_EVERY = timedelta(hours=1)
#: Children without a date that are looked after; what is read of them is remembered one by one.
MOST_SILENT = 2000
#: More children than this with one and the same date: it is the date of the index.
_ALIKE = 3
#: More than this that are called news: it is what the site is called.
_MOST_NEWS = 5

_LEVEL = re.compile(r"#level(\d+)$")
_NEWS = re.compile(r"news|novost|новост|latest|recent|breaking", re.IGNORECASE)
_DULL = re.compile(
    r"(?:^|[^a-z])(?:categor(?:y|ies)|(?:post[_-]?)?tags?|authors?|images?|photos?|videos?|"
    r"products?|users?|taxonom(?:y|ies)|sections?)(?:$|[^a-z])",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[._/-]?(0[1-9]|1[0-2]))?(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child sitemap with what is known of it."""

    url: str
    #: When it was changed; None when it does not say, or says nothing of worth.
    changed_at: datetime | None
    #: Only the day of the change is known.
    is_day: bool
    read_at: datetime | None
    is_news: bool
    is_dull: bool
    is_archive: bool

    @property
    def every(self) -> timedelta:
        """How often it is read when it does not say when it changed."""
        if self.is_archive:
            return ARCHIVE_EVERY
        return NEWS_EVERY if self.is_news else EVERY

    def is_due(self, now: datetime, since: datetime) -> bool:
        """Whether it may hold what was not read yet."""
        if self.changed_at is None:
            return self.read_at is None or now - self.read_at >= self.every
        if self.read_at is None:
            return self.changed_at + timedelta(days=self.is_day) >= since
        if not self.is_day:
            return self.changed_at > self.read_at
        is_over = self.read_at >= self.changed_at + timedelta(days=1)
        return not is_over and now - self.read_at >= DAY_EVERY

    @property
    def order(self) -> tuple[bool, bool, bool, float, float, int]:
        """Where it stands among those that are due: the smaller, the earlier."""
        changed = self.changed_at.timestamp() if self.changed_at else 0.0
        read = self.read_at.timestamp() if self.read_at else 0.0
        is_silent = self.changed_at is None
        return not self.is_news, self.is_archive, is_silent, -changed, read, -rank(self.url)


def key_of(asked: str) -> str:
    """Under which key of the memory a sitemap is remembered."""
    return f"map {fingerprint(asked.partition('#')[0])}"


def level_of(asked: str, *, is_part: bool) -> int:
    """How deep a document stands: 1 for the source's own, 2 for what that names, and so on."""
    match = _LEVEL.search(asked)
    return int(match[1]) if match else 1 + is_part


def read_at(memory: Mapping[str, Any], asked: str) -> datetime | None:
    """When a sitemap was read last, as far as memory goes."""
    return moment_of(memory.get(key_of(asked)))


def moment_of(record: object) -> datetime | None:
    """The moment in what is remembered of a sitemap."""
    at = record.get("at") if isinstance(record, dict) else record
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 1e11 else None


def chosen(
    listed: Sequence[Item],
    *,
    url: str,
    asked: str,
    level: int,
    now: datetime,
    since: datetime,
    memory: Mapping[str, Any],
    skip: str,
) -> tuple[tuple[str, ...], list[str]]:
    """
    The addresses of the children to read now, the most important first, and what is wrong.

    Args:
        listed: as the index names them.
        level: of the index.
        since: what changed before is of no interest.
        skip: words that no child's address may hold.
    """
    problems: list[str] = []
    if level > MOST_LEVELS:
        return (), [f"an index within {MOST_LEVELS} others is not followed, as in a circle"]
    children = _children(listed, url=url, asked=asked, now=now, memory=memory, problems=problems)
    unwanted = words_of(skip)
    admitted = [c for c in children if not any(word in c.url.lower() for word in unwanted)]
    bright = _heeded([child for child in admitted if not child.is_dull] or admitted)
    due = sorted((c for c in bright if c.is_due(now, since)), key=lambda child: child.order)
    if not due and bright and all(child.read_at is None for child in bright):
        due = sorted(bright, key=lambda child: child.order)[:1]
    if len(due) > MOST_CHILDREN:
        problems.append(f"{len(due) - MOST_CHILDREN} of its sitemaps are left for later polls")
    mark = "" if level == 1 else f"#level{level + 1}"
    return tuple(f"{child.url}{mark}" for child in due[:MOST_CHILDREN]), problems


def _heeded(children: Sequence[Child]) -> list[Child]:
    """All that say when they changed, and of the others as many as can be looked after."""
    silent = [child for child in children if child.changed_at is None]
    ranked = sorted(silent, key=lambda c: (not c.is_news, c.is_archive, -rank(c.url)))
    return [child for child in children if child.changed_at] + ranked[:MOST_SILENT]


def _children(
    listed: Sequence[Item],
    *,
    url: str,
    asked: str,
    now: datetime,
    memory: Mapping[str, Any],
    problems: list[str],
) -> list[Child]:
    """The children that can be followed, each once."""
    own = {url.partition("#")[0], asked.partition("#")[0], str(memory.get("root", ""))}
    trusted = _trusted(listed)
    is_special = sum(_is_news(item.url) for item in listed) <= _MOST_NEWS
    found: dict[str, Child] = {}
    lost = 0
    for item in listed:
        address = absolute(url, item.url).partition("#")[0]
        if not address:
            lost += 1
        elif address in own:
            _say(problems, "it names itself, or the index that it stands in: a circle")
        elif address not in found:
            stamp = parse_stamp(item.lastmod, now) if item.lastmod in trusted else None
            is_news = is_special and _is_news(address)
            found[address] = _child(address, stamp, memory, now, is_news=is_news)
    if lost:
        problems.append(f"{lost} of its sitemaps have addresses that cannot be followed")
    return list(found.values())


def _is_news(address: str) -> bool:
    return bool(_NEWS.search(_name(address)))


def _name(address: str) -> str:
    """An address without its host."""
    return address.partition("://")[2].partition("/")[2]


def _child(
    address: str,
    stamp: tuple[datetime, bool] | None,
    memory: Mapping[str, Any],
    now: datetime,
    *,
    is_news: bool,
) -> Child:
    name = _name(address)
    return Child(
        url=address,
        changed_at=stamp[0] if stamp else None,
        is_day=bool(stamp and stamp[1]),
        read_at=read_at(memory, address),
        is_news=is_news,
        is_dull=not is_news and bool(_DULL.search(name)),
        is_archive=stamp is None and _is_past(name, now),
    )


def _trusted(listed: Sequence[Item]) -> frozenset[str]:
    """The dates that tell children apart: one for all is when the index was written."""
    stated = {item.lastmod for item in listed}
    if len(listed) > _ALIKE and len(stated) == 1:
        return frozenset()
    return frozenset(stated)


def _is_past(name: str, now: datetime) -> bool:
    """Whether a name says that it holds a past month or year."""
    months = [(int(match[1]), int(match[2] or 12)) for match in _MONTH.finditer(name)]
    latest = max((one for one in months if one[0] <= now.year), default=(9999, 12))
    return latest < ((now - timedelta(days=7)).year, (now - timedelta(days=7)).month)


def _say(problems: list[str], words: str) -> None:
    if words not in problems:
        problems.append(words)
