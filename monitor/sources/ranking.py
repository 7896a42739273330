"""
Which of the things that a site offers to watch, with reasons.

What a desk wants: a feed with fresh, dated entries of the section that was asked for, before one
of the whole site, before a news sitemap, before a list of stories read from the page. The score
is the sum of points that are shown one by one; nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean

from monitor.model import Document, Entry, SourceKind
from monitor.sources.discovery import How
from monitor.sources.sections import (
    is_about_comments,
    is_below,
    language_of,
    section_of,
    site_of,
    topic_of,
)
from monitor.urls import canonical_key

#: Points for the kind alone; a listing's grow with how sure its layout is.
KINDS: Mapping[SourceKind, float] = {
    SourceKind.FEED: 50,
    SourceKind.API: 42,
    SourceKind.TELEGRAM: 25,
    SourceKind.SITEMAP: 12,
    SourceKind.LISTING: 28,
    SourceKind.PAGE: 0,
}
#: A sitemap with dates of publication is made for news.
NEWS_SITEMAP = 36

#: From here on something is worth being watched without a question, when it leads others of its
#: kind by `LEAD`; lists and sitemaps are worth it without dates, unless they are old.
ENOUGH, LEAD = 30, 8
ENOUGH_UNDATED = {SourceKind.LISTING: 2, SourceKind.SITEMAP: 12}

#: Share of entries that two candidates have in common to be one.
SAME = 0.8

#: Points that such a one loses.
TWIN = 30

#: Share of a feed's entries that stand on the page that was asked for, to be its feed.
ON_PAGE = 0.5

_FRESH, _RECENT, _OLD = timedelta(days=10), timedelta(days=60), timedelta(days=400)
_ORIGIN = {How.HEAD: 5, How.LINK: 3, How.LISTED: 3, How.ROBOTS: 3}
#: An entry's text of so many characters is a full one.
_FULL_TEXT = 1000


class Part(StrEnum):
    """What of the site a candidate covers, beside what was asked for."""

    ASKED = "of the section that was asked for"
    WHOLE = "of the whole site"
    OTHER = "of one section only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The page that a user gave."""

    url: str
    #: Keys of the addresses that it links to.
    links: frozenset[str] = frozenset()
    #: It tells one story: its address names no section.
    is_article: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that could be watched, and what was read there."""

    url: str
    kind: SourceKind
    how: How
    #: As the page or the document calls it.
    title: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    #: None when it could not be read.
    document: Document | None = None
    #: Why not, in words.
    cause: str = ""
    #: robots.txt or the address guard forbids it.
    is_refused: bool = False
    #: Of a listing: how sure it is that these are stories, 0 to 1.
    sureness: float = 1.0
    #: What else speaks for it or against it, in words.
    remarks: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it showed."""
        return self.document.entries if self.document else ()

    @property
    def dates(self) -> tuple[datetime, ...]:
        """When its entries were published, as far as they say."""
        return tuple(one.published_at for one in self.entries if one.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate with its score, the points that it is the sum of, and its place."""

    candidate: Candidate
    score: float
    #: Like "+50 feed", in the order in which they were weighed.
    reasons: tuple[str, ...]
    part: Part
    #: From 1; 0 for what cannot be watched.
    number: int = 0
    #: The address of a better one that has the same entries.
    same_as: str = ""


Points = tuple[float, str]


def ranked(
    candidates: Iterable[Candidate], asked: Asked, *, now: datetime
) -> tuple[tuple[Ranked, ...], tuple[Candidate, ...]]:
    """
    The usable candidates, the best first, and those that cannot be watched.

    Each address is taken once per kind; the first finding of it counts.
    """
    once: dict[tuple[SourceKind, str], Candidate] = {}
    for one in candidates:
        once.setdefault((one.kind, canonical_key(one.url)), one)
    usable = [one for one in once.values() if _is_usable(one)]
    lost = tuple(one for one in once.values() if not _is_usable(one))
    weighed = sorted((_weighed(one, asked, now) for one in usable), key=lambda one: -one.score)
    in_order = enumerate(_without_twins(weighed), 1)
    return tuple(replace(one, number=number) for number, one in in_order), lost


def clear_best(found: Sequence[Ranked]) -> Ranked | None:
    """The one to be watched without a question; None when a person should choose."""
    best = found[0] if found else None
    if best is not None and best.candidate.how is How.GIVEN:
        return best  # a user who gives a feed wants that feed
    if best is None or not best.candidate.entries:
        return None
    kind = best.candidate.kind
    if best.score < ENOUGH_UNDATED.get(kind, ENOUGH):
        return None
    rivals = (one for one in found[1:] if one.candidate.kind is kind and not one.same_as)
    return None if any(best.score - one.score < LEAD for one in rivals) else best


def described(candidate: Candidate) -> str:
    """How many entries, from when to when, with what: one line for a person."""
    if candidate.document is None:
        return candidate.cause
    entries, dates = candidate.entries, candidate.dates
    words = [f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"]
    if dates:
        words.append(f"newest {max(dates):%Y-%m-%d}")
        words += [f"over {_days(max(dates) - min(dates))}"] if len(dates) > 1 else []
    elif entries:
        words.append("without dates")
    if entries and 0 < len(dates) < len(entries):
        words.append(f"{len(dates)} of them dated")
    shares = _texts(entries)
    words += [f"{name}" for name, share in shares.items() if share >= 0.5]
    return ", ".join(words)


def _is_usable(candidate: Candidate) -> bool:
    """Whether it was read; or could not be just now, though it should be there."""
    if candidate.document is not None:
        return True
    return candidate.kind is SourceKind.TELEGRAM and not candidate.is_refused


def _weighed(candidate: Candidate, asked: Asked, now: datetime) -> Ranked:
    part = part_of(candidate, asked)
    points = [
        _kind_points(candidate),
        _part_points(candidate, part, asked),
        _comment_points(candidate),
        _site_points(candidate, asked),
        _language_points(candidate, asked),
        *_entry_points(candidate, now),
        (_ORIGIN.get(candidate.how, 0), candidate.how.value),
    ]
    told = [(value, words) for value, words in points if value and words]
    return Ranked(
        candidate=candidate,
        score=sum(value for value, _ in told),
        reasons=(*(f"{value:+.0f} {words}" for value, words in told), *candidate.remarks),
        part=part,
    )


def part_of(candidate: Candidate, asked: Asked) -> Part:
    """What of the site it covers, by its address, its entries and what stands on the page."""
    section = () if asked.is_article else section_of(asked.url)
    topic = topic_of(candidate.url)
    if candidate.kind in {SourceKind.TELEGRAM, SourceKind.SITEMAP}:
        topic = ()  # a channel has a name, a sitemap stands anywhere
    if not section:
        is_whole = not topic or candidate.kind is SourceKind.LISTING
        return Part.WHOLE if is_whole else Part.OTHER
    if candidate.kind in {SourceKind.LISTING, SourceKind.PAGE}:
        return Part.ASKED
    entries = candidate.entries
    is_named = section[-1] in topic or is_below(candidate.url, asked.url)
    inside = _share(is_below(one.url, asked.url) for one in entries if one.url)
    shown = _share(canonical_key(one.url) in asked.links for one in entries if one.url)
    if is_named or inside >= SAME or shown >= ON_PAGE:
        return Part.ASKED
    return Part.OTHER if topic else Part.WHOLE


def _kind_points(candidate: Candidate) -> Points:
    kind = candidate.kind
    if kind is SourceKind.SITEMAP and candidate.dates:
        return NEWS_SITEMAP, "news sitemap"
    if kind is SourceKind.LISTING:
        words = f"list of stories on the page, {candidate.sureness:.0%} sure"
        return round(KINDS[kind] * candidate.sureness), words
    return KINDS[kind], "Telegram channel" if kind is SourceKind.TELEGRAM else kind.value


def _part_points(candidate: Candidate, part: Part, asked: Asked) -> Points:
    has_no_part = {SourceKind.LISTING, SourceKind.PAGE, SourceKind.TELEGRAM}
    if candidate.kind in has_no_part or candidate.how is How.GIVEN:
        return 0, ""
    wants_section = bool(section_of(asked.url)) and not asked.is_article
    points = {Part.ASKED: 20, Part.WHOLE: 0 if wants_section else 15, Part.OTHER: -15}[part]
    if part is Part.OTHER:
        return points, f"{part.value}: {' '.join(topic_of(candidate.url))[:60]}"
    return points, part.value


def _comment_points(candidate: Candidate) -> Points:
    titles = [
        candidate.url,
        candidate.title,
        candidate.document.title if candidate.document else "",
    ]
    is_named = any(map(is_about_comments, titles))
    speaks = _share(one.title.startswith(("By: ", "Re: ")) for one in candidate.entries)
    return (-80, "comments, not stories") if is_named or speaks >= ON_PAGE else (0, "")


def _site_points(candidate: Candidate, asked: Asked) -> Points:
    """Whether its entries lead to the site that was asked for."""
    sites = [site_of(one.url) for one in candidate.entries if one.url]
    if not sites or candidate.kind is SourceKind.TELEGRAM:
        return 0, ""
    if _share(site == site_of(asked.url) for site in sites) >= ON_PAGE:
        return 0, ""
    shown = _share(canonical_key(one.url) in asked.links for one in candidate.entries if one.url)
    if shown >= ON_PAGE:
        return 0, ""
    return -45, f"leads to another site: {max(set(sites), key=sites.count)[:60]}"


def _language_points(candidate: Candidate, asked: Asked) -> Points:
    ours, theirs = language_of(asked.url), language_of(candidate.url)
    if ours and theirs and ours != theirs:
        return -20, f"in another language: {theirs}"
    return (4, f"in the language {ours}") if ours and ours == theirs else (0, "")


def _entry_points(candidate: Candidate, now: datetime) -> list[Points]:
    entries, dates = candidate.entries, candidate.dates
    if candidate.document is None:
        return [(-20, f"could not be read just now: {candidate.cause}")]
    if candidate.kind is SourceKind.PAGE:
        return []
    if not entries:
        return [(-40, "holds no entry for now")]
    points: list[Points] = [(-5, "very few entries")] if len(entries) < 3 else []
    if len(entries) >= 10:
        points.append((3, f"{len(entries)} entries"))
    points.append(_freshness(max(dates), now) if dates else (-10, "no dates"))
    dated = len(dates) / len(entries)
    points.append((round(10 * dated), "dated" if dated == 1 else f"{dated:.0%} dated"))
    points += [
        (round(4 * share), f"{name}" if share == 1 else f"{name} for {share:.0%}")
        for name, share in _texts(entries).items()
    ]
    return points


def _freshness(newest: datetime, now: datetime) -> Points:
    age = now - newest
    if age <= _FRESH:
        return 15, f"fresh: newest {newest:%Y-%m-%d}"
    if age <= _RECENT:
        return 8, f"newest {newest:%Y-%m-%d}"
    return (-8 if age <= _OLD else -35), f"old: newest {newest:%Y-%m-%d}"


def _texts(entries: Sequence[Entry]) -> dict[str, float]:
    """Shares of entries with a summary, and with their full text."""
    return {
        "summaries": _share(bool(one.summary) for one in entries),
        "full text": _share(len(one.content) >= _FULL_TEXT for one in entries),
    }


def _share(truths: Iterable[bool]) -> float:
    found = list(truths)
    return fmean(found) if found else 0.0


def _days(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _without_twins(weighed: Sequence[Ranked]) -> list[Ranked]:
    """Candidates of one kind that have a better one's entries fall behind the others."""
    known: list[tuple[Ranked, frozenset[str]]] = []
    behind: list[Ranked] = []
    for one in weighed:
        keys = _keys(one.candidate)
        twin = next((other for other, those in known if _is_same(one, other, keys, those)), None)
        if twin is None:
            known.append((one, keys))
            continue
        url = twin.candidate.url
        words = f"-{TWIN} the same entries as {url}"
        behind.append(
            replace(one, score=one.score - TWIN, reasons=(*one.reasons, words), same_as=url)
        )
    return sorted([*(one for one, _ in known), *behind], key=lambda one: -one.score)


def _is_same(one: Ranked, other: Ranked, keys: frozenset[str], known: frozenset[str]) -> bool:
    """Whether `one` brings nothing that `other`, which is better, does not."""
    if one.candidate.kind is not other.candidate.kind or not keys:
        return False
    most = len(keys) if one.part is other.part else max(len(keys), len(known))
    return len(keys & known) >= SAME * most


def _keys(candidate: Candidate) -> frozenset[str]:
    found = (canonical_key(one.url) or one.guid or one.title for one in candidate.entries)
    return frozenset(filter(None, found))
