"""
Stored articles, read again after rules, taxonomy or threshold changed.

    unscored ─► read again (workers) ─► what differs ─► counted, and kept where that is asked

What is kept is kept in small transactions, so that a running daemon waits for none of them; what
was finished stays finished, and a second run goes on with the rest. An article that becomes
relevant is matched like a new one. Nothing is deleted, and what analysts decided stays.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import monitor.enrich
from monitor import drafts, match
from monitor.errors import MonitorError, Unusable
from monitor.model import Claim, Draft, Enrichment, Source, StoredArticle
from monitor.model.rescoring import Change, Rescored, RescoreQuery, RescoreTally, Unscored
from monitor.model.rules import Rule, RuleHit
from monitor.parse.pool import Workers
from monitor.pipeline import in_order
from monitor.placing import place_again
from monitor.ports import Runner, Store
from monitor.settings import taxonomy_folder
from monitor.text import without_lines
from monitor.urls import publication

#: Articles that are read, and kept, together.
TOGETHER = 25

#: What an article can be chosen by, as the preview names it, and where it is found.
_TAGS = {
    "mineral": "minerals",
    "country": "countries",
    "company": "companies",
    "place": "places",
    "event": "events",
}

#: Files beside the package of the stage that what words mean depends on.
_BESIDE = ("text.py", "drafts.py")

#: Called with the number of articles that are done, and of all.
Progress = Callable[[int, int], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be read again, and with what."""

    query: RescoreQuery
    threshold: float
    acting: tuple[Rule, ...]
    #: By id.
    sources: dict[int, Source]
    #: Read those too that were read with the same rules and taxonomy before.
    is_all: bool = False
    #: At most so many; 0 = all.
    limit: int = 0
    #: Keep what differs; else only tell it.
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An article and what its words say now."""

    article: StoredArticle
    draft: Draft
    read_as: str
    change: Change
    #: Other rules, or other versions of them, were about it.
    hits_differ: bool

    @property
    def is_same(self) -> bool:
        """Whether nothing is to be kept."""
        return not (self.change.is_any or self.hits_differ)


@dataclass(slots=True)
class _Tags:
    """What rules would do to the tags of stories, article by article."""

    #: Story to its articles that were read, with the tags that rules give them now.
    given: dict[int, dict[int, frozenset[str]]] = field(default_factory=dict)

    def take(self, one: _Read) -> None:
        said = frozenset(hit.tag for hit in one.draft.hits if hit.tag)
        self.given.setdefault(one.article.story_id, {})[one.article.id] = said


async def order_for(runner: Runner, query: RescoreQuery, *, threshold: float, **more: Any) -> Order:
    """An order with the rules that act now."""

    def known(store: Store) -> tuple[tuple[Rule, ...], dict[int, Source]]:
        return store.acting_rules(), {source.id: source for source in store.sources()}

    acting, sources = await runner.read(known)
    return Order(query=query, threshold=threshold, acting=acting, sources=sources, **more)


async def rescore(
    order: Order,
    runner: Runner,
    workers: Workers,
    *,
    tally: RescoreTally,
    tell: Callable[[Change], None] = lambda _: None,
    progress: Progress = lambda _done, _total: None,
) -> None:
    """
    Read stored articles again, and keep what differs where that is ordered.

    Args:
        tally: counts what is done, for who may be interrupted.
        tell: called with what differs, article by article.
    """
    reading = _Reading(order)
    found = await runner.read(lambda store: store.unscored(order.query))
    due = [one for one in found if order.is_all or one.read_as != reading.of(one)]
    due = due[: order.limit or None]
    tags = _Tags()
    progress(0, len(due))
    parts = [due[at : at + TOGETHER] for at in range(0, len(due), TOGETHER)]
    work = (_read(order, reading, runner, workers, part) for part in parts)
    done = 0
    async with aclosing(in_order(work)) as ready:
        async for part, (reads, unreadable) in _paired(parts, ready):
            kept = await _kept(order, runner, reads)
            for one in reads:
                if one.change.is_any:
                    tell(one.change)
                tags.take(one)
            _count(tally, reads, kept, unreadable)
            done += len(part)
            progress(done, len(due))
    if not order.is_kept:
        tally.story_tags = await runner.read(partial(_story_tags, tags=tags))


async def _paired(
    parts: Sequence[Sequence[Unscored]],
    ready: AsyncIterator[tuple[list[_Read], int]],
) -> AsyncIterator[tuple[Sequence[Unscored], tuple[list[_Read], int]]]:
    at = 0
    async for value in ready:
        yield parts[at], value
        at += 1


class _Reading:
    """What articles are read with, in a few characters: another one means to read them again."""

    def __init__(self, order: Order) -> None:
        self._sources = order.sources
        digest = hashlib.sha256(repr(order.threshold).encode())
        for rule in order.acting:
            digest.update(repr((rule.id, rule.version)).encode())
        for path in _files(taxonomy_folder()):
            digest.update(path.read_bytes())
        self._base = digest.hexdigest()

    def of(self, one: Unscored) -> str:
        """What an article is read with: its source says what it is about, and in what language."""
        source = self._sources.get(one.source_id)
        about = (source.scope, source.language, source.name) if source else ("", one.language, "")
        return hashlib.sha256(f"{self._base}{about}".encode()).hexdigest()[:16]


def _files(own: Path | None) -> Iterator[Path]:
    package = Path(monitor.enrich.__file__).parent
    for folder in filter(None, (package, own)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".csv", ".toml", ".txt"}:
                yield path
    yield from (package.parent / name for name in _BESIDE)


def _read(
    order: Order,
    reading: _Reading,
    runner: Runner,
    workers: Workers,
    part: Sequence[Unscored],
) -> Coroutine[Any, Any, tuple[list[_Read], int]]:
    """Some articles and what their words say now; and how many could not be read."""

    async def work() -> tuple[list[_Read], int]:
        numbers = [one.id for one in part]
        articles, hits = await runner.read(
            lambda store: (store.articles_of(numbers), store.rule_hits(numbers))
        )
        words = await runner.read(partial(_unread, articles=articles, sources=order.sources))
        drafted = await _drafted(workers, words, order)
        as_read = {one.id: reading.of(one) for one in part}
        pairs = zip(articles, drafted, strict=True)
        found = [
            _compared(article, draft, hits.get(article.id, []), as_read[article.id])
            for article, draft in pairs
            if draft is not None
        ]
        return found, len(part) - len(found)

    return work()


def _unread(
    store: Store, *, articles: Sequence[StoredArticle], sources: Mapping[int, Source]
) -> list[drafts.Unread]:
    """Stored articles to be read, with what the pages of their sites repeat."""
    sites = [publication(one.url) for one in articles]
    lines = store.repeated_lines(set(sites) - {""})
    return [
        replace(
            drafts.from_stored(one, sources.get(one.source_id)),
            furniture=lines.get(site, frozenset()),
        )
        for one, site in zip(articles, sites, strict=True)
    ]


async def _drafted(
    workers: Workers, unread: Sequence[drafts.Unread], order: Order
) -> list[Draft | None]:
    """What their words say; None where no worker can read them."""
    if not unread:
        return []
    try:
        found = await workers.run(
            drafts.read_all, unread, threshold=order.threshold, acting=order.acting
        )
        return list(found)
    except Unusable:
        raise
    except MonitorError as error:
        if len(unread) > 1:
            return [one for each in unread for one in await _drafted(workers, [each], order)]
        log.warning("%s: its words cannot be read: %s", unread[0].url, error)
        return [None]


def _compared(article: StoredArticle, draft: Draft, hits: Sequence[RuleHit], read_as: str) -> _Read:
    return _Read(
        article=article,
        draft=draft,
        read_as=read_as,
        change=change_of(article, draft.enrichment),
        hits_differ=[(h.rule_id, h.version) for h in hits]
        != [(h.rule_id, h.version) for h in draft.hits],
    )


def change_of(article: StoredArticle, said: Enrichment) -> Change:
    """How a stored article differs from what its words say now."""
    was = article.enrichment
    lost, gained = _tags(was), _tags(said)
    return Change(
        article=article,
        was_relevant=was.relevant,
        is_relevant=said.relevant,
        before=was.relevance,
        after=said.relevance,
        reasons_lost=_without(was.reasons, said.reasons),
        reasons_gained=_without(said.reasons, was.reasons),
        tags_lost=_without(lost, gained),
        tags_gained=_without(gained, lost),
        figures_lost=_figures_without(was.claims, said.claims),
        figures_gained=_figures_without(said.claims, was.claims),
        is_deeper=_rest(was) != _rest(said),
    )


def _tags(said: Enrichment) -> tuple[str, ...]:
    found = [f"{kind}: {value}" for kind, name in _TAGS.items() for value in getattr(said, name)]
    return (*found, f"language: {said.language}")


def _without(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    left = Counter(some)
    left.subtract(others)
    return tuple(one for one in dict.fromkeys(some) if left[one] > 0)


def _figures_without(some: Sequence[Claim], others: Sequence[Claim]) -> tuple[Claim, ...]:
    """Figures as a person tells them apart: not by where they stand."""
    known = {_figure(claim) for claim in others}
    return tuple(claim for claim in some if _figure(claim) not in known)


def _figure(claim: Claim) -> tuple[Any, ...]:
    return (
        claim.kind, claim.value, claim.unit, claim.basis, claim.stage, claim.category,
        claim.standard, claim.as_of, claim.subjects,
    )  # fmt: skip


def _rest(said: Enrichment) -> tuple[Any, ...]:
    """All else that is stored, in whatever order the store gives it back."""
    return (
        said.mentions,
        *(getattr(said, name) for name in _TAGS.values()),
        Counter(said.claims),
        said.reasons,
        said.attributed_to,
        said.attribution,
    )


async def _kept(order: Order, runner: Runner, reads: Sequence[_Read]) -> list[Rescored]:
    if not order.is_kept or not reads:
        return []
    return await runner.write(partial(_keep, reads=reads, now=datetime.now(UTC)))


def _keep(store: Store, *, reads: Sequence[_Read], now: datetime) -> list[Rescored]:
    """All of some articles, in one transaction."""
    same = [one for one in reads if one.is_same]
    with store.together():
        store.mark_read([one.article.id for one in same], [one.read_as for one in same])
        return [_keep_one(store, one, now) for one in reads if not one.is_same]


def _keep_one(store: Store, one: _Read, now: datetime) -> Rescored:
    draft, article = one.draft, one.article
    text = without_lines(draft.text, draft.furniture)
    tokens = match.tokens(draft.title, text, draft.enrichment)
    if not store.rescore(article, draft, tokens=tokens, read_as=one.read_as):
        return Rescored(article_id=article.id, is_done=False)
    joined = 0
    if one.change.is_relevant and not one.change.was_relevant and article.copy is None:
        joined = store.join_story(article.id, place_again(store, draft, article), now=now)
    came, went = store.put_rule_hits(article.id, draft.hits, now=now)
    return Rescored(article_id=article.id, is_done=True, joined=joined, tagged=came, untagged=went)


def _count(
    tally: RescoreTally, reads: Sequence[_Read], kept: Sequence[Rescored], unreadable: int
) -> None:
    passed = {one.article_id for one in kept if not one.is_done}
    tally.passed_over += len(passed)
    tally.unreadable += unreadable
    tally.joined += sum(1 for one in kept if one.joined)
    tally.tagged += sum(len(one.tagged) for one in kept)
    tally.untagged += sum(len(one.untagged) for one in kept)
    for one in reads:
        if one.article.id not in passed:
            tally.add(one.change)


def _story_tags(store: Store, *, tags: _Tags) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Story to the tags that rules would put on it, and take off."""
    found = {}
    for story_id, known in store.rule_tags(list(tags.given)).items():
        given = {**known.carriers, **tags.given[story_id]}
        wanted = frozenset().union(*given.values())
        coming = wanted - known.tags - known.refused
        going = known.by_rules - wanted
        if coming or going:
            found[story_id] = (coming, going)
    return found
