"""Looks at addresses: fetched politely, read in a worker; nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from monitor.errors import MonitorError, Unusable
from monitor.finding.fetching import fetch_many, fetch_pages
from monitor.model import Document, Fetched, Source, SourceKind
from monitor.parse.documents import parse_document
from monitor.parse.listing.layouts import Layout, propose
from monitor.parse.pool import Workers
from monitor.settings import Settings
from monitor.sources.answers import kinds_of
from monitor.sources.options import fitting
from spiders.manners import Manners

T = TypeVar("T")

#: Called with the number of requests so far, and an address that is asked now.
Tell = Callable[[int, str], None]


def _say_nothing(_requests: int, _url: str) -> None:
    pass


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
    """The fetches and reads of one search; hosts rest between them as in a crawl."""

    def __init__(
        self,
        settings: Settings,
        workers: Workers,
        manners: Manners,
        tell: Tell = _say_nothing,
    ) -> None:
        self._settings = settings
        self._workers = workers
        self._manners = manners
        self._tell = tell
        #: Requests so far, without those for permission.
        self.requests = 0

    async def fetch(self, sources: Sequence[Source]) -> list[Fetched]:
        """The answers, in the order of the sources."""
        if not sources:
            return []
        self.requests += len(sources)
        self._tell(self.requests, sources[0].url)
        return await fetch_many(self._settings, sources, manners=self._manners)

    async def pages(self, source: Source, urls: Sequence[str]) -> list[Fetched]:
        """The answers of pages, on the terms of a source."""
        self.requests += len(urls)
        return await fetch_pages(self._settings, source, urls, manners=self._manners)

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


@asynccontextmanager
async def looker(settings: Settings, tell: Tell = _say_nothing) -> AsyncIterator[Looker]:
    """A looker with manners of its own, whose worker process ends with the block."""
    workers = Workers(1)
    try:
        yield Looker(settings, workers, Manners(), tell)
    finally:
        await asyncio.to_thread(workers.close)


def content_type_of(fetched: Fetched) -> str:
    """The header of an answer, or ''."""
    return fetched.headers.get("content-type", "")


def literal(url: str) -> str:
    """
    An address as somebody else wrote it: nothing in it is a placeholder of ours.

    Else a page could name `https://its.example/?${SECRET}`, and be told.
    """
    return url.replace("{", "%7B").replace("}", "%7D")
