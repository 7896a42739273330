"""Looks at addresses for a command: fetched politely, read in a worker; nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from monitor.cli.session import Session
from monitor.errors import MonitorError, Unusable
from monitor.model import Document, Fetched, Source, SourceKind
from monitor.sources.answers import kinds_of
from monitor.sources.options import fitting

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.parse.listing.layouts import Layout
    from monitor.parse.pool import Workers
    from spiders.manners import Manners

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an address answered, and what could be read of it."""

    #: As it was asked for; its kind is what it was read as.
    source: Source
    fetched: Fetched
    document: Document | None = None
    #: Why nothing could be read, in words.
    cause: str = ""

    @property
    def is_page(self) -> bool:
        """It answered with a web page, whatever was hoped for."""
        fetched = self.fetched
        if not fetched.outcome.is_success or not fetched.body:
            return False
        return not kinds_of(fetched.body, content_type_of(fetched))


class Looker:
    """The fetches and reads of one command; hosts rest between them as in a crawl."""

    def __init__(self, session: Session, workers: Workers, manners: Manners) -> None:
        self._session = session
        self._workers = workers
        self._manners = manners
        #: Requests so far, without those for permission.
        self.requests = 0

    async def fetch(self, sources: Sequence[Source]) -> list[Fetched]:
        """The answers, in the order of the sources."""
        from monitor.crawl import fetch_many  # loaded when it is used: start-up time

        if not sources:
            return []
        self.requests += len(sources)
        self._tell(sources)
        return await fetch_many(self._session.settings, sources, manners=self._manners)

    async def pages(self, source: Source, urls: Sequence[str]) -> list[Fetched]:
        """The answers of pages, on the terms of a source."""
        from monitor.crawl import fetch_pages

        self.requests += len(urls)
        settings = self._session.settings
        return await fetch_pages(settings, source, urls, manners=self._manners)

    async def look(self, sources: Sequence[Source]) -> list[Look]:
        """Fetch addresses, and read each as what its body is, or else as what was hoped for."""
        answers = await self.fetch(sources)
        pairs = zip(sources, answers, strict=True)
        return [await self.told(source, fetched) for source, fetched in pairs]

    async def told(self, source: Source, fetched: Fetched) -> Look:
        """Read an answer as what its body is."""
        if not fetched.outcome.is_success:
            return Look(source=source, fetched=fetched, cause=fetched.cause)
        fit = kinds_of(fetched.body, content_type_of(fetched))
        is_channel = source.kind is SourceKind.TELEGRAM
        kinds = (source.kind,) if is_channel else (fit or (SourceKind.FEED,))
        looks = []
        for kind in kinds:
            options = fitting(source.options, kind)
            looks.append(await self.read(replace(source, kind=kind, options=options), fetched))
            if looks[-1].document is not None:
                break
        return looks[-1] if looks[-1].document or len(looks) == 1 else looks[0]

    async def read(
        self, source: Source, fetched: Fetched, *, memory: Mapping[str, Any] = MappingProxyType({})
    ) -> Look:
        """Read an answer as what the source is."""
        from monitor.parse.documents import parse_document

        if not fetched.outcome.is_success:
            return Look(source=source, fetched=fetched, cause=fetched.cause)
        try:
            document = await self.run(
                parse_document,
                source.kind,
                fetched.body,
                url=fetched.url,
                content_type=content_type_of(fetched),
                now=fetched.fetched_at,
                options=dict(source.options),
                asked=fetched.requested_url,
                memory=dict(memory),
                is_part=fetched.is_part,
            )
        except Unusable:
            raise
        except MonitorError as error:
            return Look(source=source, fetched=fetched, cause=error.message.rstrip("."))
        return Look(source=source, fetched=fetched, document=document)

    async def layouts(self, fetched: Fetched) -> tuple[Layout, ...]:
        """The ways to read a page as a listing, the best first."""
        from monitor.parse.listing.layouts import propose

        try:
            return await self.run(
                propose,
                fetched.body,
                url=fetched.url,
                content_type=content_type_of(fetched),
                now=fetched.fetched_at,
            )
        except Unusable:
            raise
        except MonitorError:
            return ()

    async def run(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The value of a function, computed in a worker."""
        return await self._workers.run(fn, *args, **kwargs)

    def _tell(self, sources: Sequence[Source]) -> None:
        """A line that is written over on a terminal, nothing elsewhere."""
        if self._session.is_quiet or not self._session.err.is_terminal:
            return
        from monitor.wording import one_line

        line = f"looking: {self.requests} requests; {sources[0].url}"
        self._session.err.print(f"{one_line(line, 78):<78}", end="\r")


@asynccontextmanager
async def looker(session: Session) -> AsyncIterator[Looker]:
    """A looker whose worker process ends with the block."""
    from monitor.parse.pool import Workers  # loaded when they are used: start-up time
    from spiders.manners import Manners

    workers = Workers(1)
    try:
        yield Looker(session, workers, Manners())
    finally:
        if session.err.is_terminal and not session.is_quiet:
            session.err.print(" " * 78, end="\r")
        await asyncio.to_thread(workers.close)


def content_type_of(fetched: Fetched) -> str:
    """The header of an answer, or ''."""
    return fetched.headers.get("content-type", "")
