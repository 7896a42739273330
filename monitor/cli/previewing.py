"""Reads a source ahead of any crawl: its document, the ways to read it, its first articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.cli.looking import Look, Looker, content_type_of, looker
from monitor.cli.session import Session
from monitor.encoding import decoded
from monitor.errors import MonitorError, Unusable
from monitor.model import Draft, Entry, Fetched, Source, SourceKind
from monitor.sources.discovery import Offer, offers

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.parse.listing.layouts import Layout
    from monitor.parse.probing import Probe

#: Entries whose pages `--text` fetches.
TEXTS = 3


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


async def read_ahead(session: Session, source: Source, *, has_kind: bool, texts: int) -> Preview:
    """
    Fetch a source once, and read it as a crawl would.

    Args:
        source: its id is 0 when it is not stored.
        has_kind: the user said what it is; else its answer tells.
        texts: of so many entries the articles are read, too.
    """
    async with looker(session) as one:
        (fetched,) = await one.fetch([source])
        is_known = has_kind or bool(source.id) or bool(source.options)
        memory = session.database.memory(source.id) if source.id else {}
        if is_known:
            look = await one.read(source, fetched, memory=memory)
        else:
            look = await one.told(source, fetched)
        if look.is_page and (not is_known or source.kind is SourceKind.LISTING):
            return await _of_page(session, one, look, texts)
        look = await _with_first_part(one, look)
        read = await _read(session, one, look, texts)
        probes = await _probed(one, look)
        return Preview(look=look, new=_new(session, look), read=read, probes=probes)


async def _of_page(session: Session, one: Looker, look: Look, texts: int) -> Preview:
    """A web page: read as a listing, with the other ways to do so."""
    source = replace(look.source, kind=SourceKind.LISTING)
    if look.source.kind is not SourceKind.LISTING or look.document is None:
        look = await one.read(source, look.fetched)
    fetched = look.fetched
    return Preview(
        look=look,
        new=_new(session, look),
        layouts=await one.layouts(fetched),
        probes=await _probed(one, look),
        offers=offers(decoded(fetched.body, content_type_of(fetched)), fetched.url),
        read=await _read(session, one, look, texts),
    )


async def _probed(one: Looker, look: Look) -> tuple[Probe, ...]:
    from monitor.parse.probing import probe  # loaded when it is used: start-up time

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
    part = replace(look.source, url=document.follow[0])
    (fetched,) = await one.fetch([part])
    child = await one.read(part, replace(fetched, is_part=True))
    entries = child.document.entries if child.document else ()
    return replace(look, document=replace(document, entries=entries))


def _new(session: Session, look: Look) -> frozenset[int] | None:
    """Places of the entries that a crawl would store as new."""
    from monitor import match  # loaded when it is used: start-up time

    source, document = look.source, look.document
    if not source.id or document is None:
        return None
    keys = [match.keys(entry, source.id) for entry in document.entries]
    known = session.database.known_entries(
        source.id,
        guids={entry.guid for entry in document.entries if entry.guid},
        url_keys={url_key for url_key, _ in keys if url_key},
        content_hashes={content_hash for _, content_hash in keys},
    )
    identified = match.identify(document.entries, known, source.id)
    fresh = {id(one.entry) for one in identified if not one.known_id}
    return frozenset(n for n, entry in enumerate(document.entries) if id(entry) in fresh)


async def _read(session: Session, one: Looker, look: Look, texts: int) -> tuple[Read, ...]:
    """The articles of the first entries."""
    from monitor.pipeline import has_page  # loaded when it is used: start-up time

    if look.document is None or not texts:
        return ()
    first = look.document.entries[:texts]
    wanted = [entry for entry in first if has_page(look.source, entry)]
    answers = await one.pages(look.source, [entry.url for entry in wanted]) if wanted else []
    pages = {id(entry): fetched for entry, fetched in zip(wanted, answers, strict=True)}
    return tuple([await _article(session, one, look, e, pages.get(id(e))) for e in first])


async def _article(
    session: Session, one: Looker, look: Look, entry: Entry, fetched: Fetched | None
) -> Read:
    """One entry's article, its words read."""
    from monitor import drafts  # loaded when it is used: start-up time

    threshold = session.settings.relevance.threshold
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
