"""Reads a source ahead of any crawl: its document, the ways to read it, its first articles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from monitor import drafts, match
from monitor.encoding import decoded
from monitor.errors import MonitorError, Unusable
from monitor.finding.looking import Look, Looker, content_type_of, literal
from monitor.model import Draft, Entry, Fetched, Source, SourceKind
from monitor.parse.listing.layouts import Layout
from monitor.parse.probing import Probe, probe
from monitor.pipeline import has_page
from monitor.ports import Runner
from monitor.sources.discovery import Offer, offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry's article as it would be stored, or why there is none."""

    entry: Entry
    draft: Draft | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a crawl would read."""

    look: Look
    #: Entries that are not stored yet; None for a source that is not.
    new: frozenset[int] | None = None
    layouts: tuple[Layout, ...] = ()
    probes: tuple[Probe, ...] = ()
    #: Feeds and channels that the page offers.
    offers: tuple[Offer, ...] = ()
    read: tuple[Read, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the document shows."""
        return self.look.document.entries if self.look.document else ()


async def read_ahead(
    one: Looker, runner: Runner, source: Source, *, has_kind: bool, texts: int, threshold: float
) -> Preview:
    """
    Fetch a source once, and read it as a crawl would.

    Args:
        source: its id is 0 when it is not stored.
        has_kind: the user said what it is; else its answer tells.
        texts: of so many entries the articles are read, too.
        threshold: from which relevance an article is relevant.
    """
    (fetched,) = await one.fetch([source])
    is_known = has_kind or bool(source.id) or bool(source.options)
    if is_known:
        memory = await runner.read(lambda store: store.memory(source.id)) if source.id else {}
        look = await one.read(source, fetched, memory=memory)
    else:
        look = await one.told(source, fetched)
    is_page = look.is_page and (not is_known or source.kind is SourceKind.LISTING)
    seen = await (_of_page(one, look) if is_page else _of_document(one, look))
    return replace(
        seen,
        new=await _new(runner, seen.look),
        read=await _read(one, seen.look, texts, threshold),
    )


async def _of_document(one: Looker, look: Look) -> Preview:
    """A document that is read as what it is."""
    look = await _with_first_part(one, look)
    return Preview(look=look, probes=await _probed(one, look))


async def _of_page(one: Looker, look: Look) -> Preview:
    """A web page: read as a listing, with the other ways to do so."""
    source = replace(look.source, kind=SourceKind.LISTING)
    if look.source.kind is not SourceKind.LISTING or look.document is None:
        look = await one.read(source, look.fetched)
    fetched = look.fetched
    return Preview(
        look=look,
        layouts=await one.layouts(fetched),
        probes=await _probed(one, look),
        offers=offers(decoded(fetched.body, content_type_of(fetched)), fetched.url),
    )


async def _probed(one: Looker, look: Look) -> tuple[Probe, ...]:
    fetched = look.fetched
    if not fetched.outcome.is_success:
        return ()
    try:
        return await one.run(
            probe,
            look.source.kind,
            fetched.body,
            url=fetched.url,
            content_type=content_type_of(fetched),
            now=fetched.fetched_at,
            options=dict(look.source.options),
        )
    except Unusable:
        raise
    except MonitorError:
        return ()


async def _with_first_part(one: Looker, look: Look) -> Look:
    """A document that only leads to others shows the first of them."""
    document = look.document
    if document is None or document.entries or not document.follow:
        return look
    part = replace(look.source, url=literal(document.follow[0]))
    (fetched,) = await one.fetch([part])
    child = await one.read(part, replace(fetched, is_part=True))
    entries = child.document.entries if child.document else ()
    return replace(look, document=replace(document, entries=entries))


async def _new(runner: Runner, look: Look) -> frozenset[int] | None:
    """Places of the entries that a crawl would store as new."""
    source, document = look.source, look.document
    if not source.id or document is None:
        return None
    keys = [match.keys(entry, source.id) for entry in document.entries]
    guids = {entry.guid for entry in document.entries if entry.guid}
    known = await runner.read(
        lambda store: store.known_entries(
            source.id,
            guids=guids,
            url_keys={url_key for url_key, _ in keys if url_key},
            content_hashes={content_hash for _, content_hash in keys},
        )
    )
    identified = match.identify(document.entries, known, source.id)
    fresh = {id(one.entry) for one in identified if not one.known_id}
    return frozenset(n for n, entry in enumerate(document.entries) if id(entry) in fresh)


async def _read(one: Looker, look: Look, texts: int, threshold: float) -> tuple[Read, ...]:
    """The articles of the first entries."""
    if look.document is None or not texts:
        return ()
    first = look.document.entries[:texts]
    wanted = [entry for entry in first if has_page(look.source, entry)]
    answers = await one.pages(look.source, [entry.url for entry in wanted]) if wanted else []
    pages = {id(entry): fetched for entry, fetched in zip(wanted, answers, strict=True)}
    return tuple([await _article(one, look, e, pages.get(id(e)), threshold) for e in first])


async def _article(
    one: Looker, look: Look, entry: Entry, fetched: Fetched | None, threshold: float
) -> Read:
    """One entry's article, its words read."""
    try:
        if fetched is None:
            seen_at = look.fetched.fetched_at
            unread = drafts.from_entry(look.source, 0, entry, {}, seen_at=seen_at)
            (draft,) = await one.run(drafts.read_all, [unread], threshold=threshold)
            return Read(entry=entry, draft=draft)
        if not fetched.outcome.is_success:
            return Read(entry=entry, cause=fetched.cause)
        draft = await one.run(
            drafts.of_page,
            fetched,
            source=look.source,
            entry_id=0,
            entry=entry,
            threshold=threshold,
        )
    except Unusable:
        raise
    except MonitorError as error:
        return Read(entry=entry, cause=error.message.rstrip("."))
    return Read(entry=entry, draft=draft)
