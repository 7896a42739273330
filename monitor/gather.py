"""
One poll: the source's own answer, and the further documents that it leads to.

A sitemap names sitemaps, a channel's page the page before, an API the next page. All of them
are read before anything is committed, so that what the server says of itself (validators) and
what the parser remembers never run ahead of the entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urldefrag

from monitor.errors import MonitorError, Unusable
from monitor.model import Document, Fetched, Outcome, PartRequest, Source, SourceKind
from monitor.parse import parse_document
from monitor.parse.pool import Workers

#: Further documents that one poll reads.
MOST_PARTS = 50

#: Causes of lost parts that are told.
TOLD = 2


@dataclass(slots=True, eq=False)
class _Part:
    """One document of a poll, and whose it is."""

    parent: _Part | None = None
    document: Document = field(default_factory=Document)
    #: It, and everything that it leads to, was read.
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a poll brought, all documents together."""

    #: The source's own answer.
    fetched: Fetched
    outcome: Outcome
    #: In words; empty when nothing is to be told.
    cause: str
    document: Document
    #: Everything was read: next time we may ask for changes only.
    is_whole: bool
    #: SHA-256 of the own answer.
    body_hash: str
    #: What the parser wants to know next time; None = nothing new.
    memory: Mapping[str, Any] | None
    #: Of all answers.
    bytes: int
    elapsed_s: float


class Gathering:
    """The documents of one poll under way."""

    def __init__(self, source: Source, memory: Mapping[str, Any], workers: Workers) -> None:
        self.source = source
        self._memory = memory
        self._workers = workers
        self._own: Fetched | None = None
        self._body_hash = ""
        self._outcome = Outcome.OK
        self._cause = ""
        self._parts: list[_Part] = []
        #: Address -> who asked for it.
        self._open: dict[str, _Part] = {}
        self._asked: set[str] = set()
        self._lost: list[str] = []
        self._is_cut = False
        self._bytes = 0
        self._elapsed_s = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing is awaited any more."""
        return not self._open

    async def take(self, fetched: Fetched) -> list[PartRequest]:
        """
        One answer; what is to be fetched before the poll is over.

        Raises:
            Unusable: no worker can be started.
        """
        self._bytes += len(fetched.body)
        self._elapsed_s += fetched.elapsed_s
        if fetched.is_part:
            return await self._take_part(fetched)
        self._own, self._asked = fetched, {fetched.requested_url, fetched.url}
        self._body_hash = hashlib.sha256(fetched.body).hexdigest()
        self._outcome, self._cause = fetched.outcome, fetched.cause
        if fetched.outcome is not Outcome.OK:
            return []
        if self._body_hash == self.source.body_hash:
            self._outcome = Outcome.UNCHANGED
            return []
        try:
            document = await self._read(fetched)
        except Unusable:
            raise
        except MonitorError as error:
            self._outcome, self._cause = self._unread(), str(error)
            return []
        return self._add(_Part(document=document))

    def _unread(self) -> Outcome:
        """A page that listed stories and lists none any more has changed; a person must look."""
        is_listing = self.source.kind is SourceKind.LISTING
        return Outcome.CHANGED if is_listing and self.source.answered_at else Outcome.FAILED

    def whole(self) -> Gathered:
        """What the poll brought; when it is over."""
        assert self._own is not None
        entries = tuple(entry for part in self._parts for entry in part.document.entries)
        document = replace(self._first, entries=entries) if self._parts else Document()
        outcome, cause = self._judged(document)
        return Gathered(
            fetched=self._own,
            outcome=outcome,
            cause=cause,
            document=document,
            is_whole=all(part.is_whole for part in self._parts),
            body_hash=self._body_hash,
            memory=self._remembered(),
            bytes=self._bytes,
            elapsed_s=self._elapsed_s,
        )

    @property
    def _first(self) -> Document:
        return self._parts[0].document

    async def _take_part(self, fetched: Fetched) -> list[PartRequest]:
        parent = self._open[fetched.requested_url]
        document, cause = None, fetched.cause
        try:
            if fetched.outcome is Outcome.OK:
                document = await self._read(fetched)
        except Unusable:
            raise
        except MonitorError as error:
            cause = error.message
        finally:
            del self._open[fetched.requested_url]
        if document is None:
            self._lose(parent, cause)
            return []
        return self._add(_Part(parent=parent, document=document))

    def _add(self, part: _Part) -> list[PartRequest]:
        self._parts.append(part)
        # A fragment is the parser's own note, and no other document.
        named = {urldefrag(url).url: url for url in reversed(part.document.follow)}
        fresh = [url for bare, url in reversed(named.items()) if bare not in self._asked]
        room = MOST_PARTS - (len(self._parts) - 1) - len(self._open)
        self._is_cut = self._is_cut or len(fresh) > room
        taken = fresh[: max(room, 0)]
        self._asked.update(urldefrag(url).url for url in taken)
        self._open.update(dict.fromkeys(taken, part))
        return [PartRequest(source_id=self.source.id, url=url) for url in taken]

    def _lose(self, part: _Part | None, cause: str) -> None:
        """A document could not be read: what asked for it is not whole."""
        self._lost.append(cause)
        while part is not None:
            part.is_whole = False
            part = part.parent

    async def _read(self, fetched: Fetched) -> Document:
        return await self._workers.run(
            parse_document,
            self.source.kind,
            fetched.body,
            url=fetched.url,
            content_type=fetched.headers.get("content-type", ""),
            now=fetched.fetched_at,
            options=dict(self.source.options),
            asked=fetched.requested_url,
            memory=dict(self._memory),
            is_part=fetched.is_part,
        )

    def _judged(self, document: Document) -> tuple[Outcome, str]:
        """How the poll ended, and its cause in words."""
        if not self._parts:
            return self._outcome, self._cause
        alarms = [part.document.alarm for part in self._parts if part.document.alarm]
        told = [*alarms, *self._told_lost()]
        told += [problem for part in self._parts for problem in part.document.problems]
        cause = "; ".join(dict.fromkeys(told))
        if alarms:
            return Outcome.CHANGED, cause
        if self._lost and not document.entries:
            return Outcome.FAILED, cause
        if self._memory and all(part.document.is_directory for part in self._parts):
            # What they lead to was read before, and is not due: that is not nothing at all.
            return Outcome.UNCHANGED, cause
        return (Outcome.OK if document.entries else Outcome.EMPTY), cause

    def _told_lost(self) -> Sequence[str]:
        if self._is_cut:
            limit = f"it leads to more than {MOST_PARTS} documents; the rest waits"
            return [limit, *self._told_causes()]
        return self._told_causes()

    def _told_causes(self) -> list[str]:
        if not self._lost:
            return []
        causes = "; ".join(list(dict.fromkeys(self._lost))[:TOLD])
        return [f"{len(self._lost)} documents that it leads to could not be read: {causes}"]

    def _remembered(self) -> Mapping[str, Any] | None:
        whole = [part.document.memory for part in self._parts if part.is_whole]
        fresh = {key: value for memory in whole for key, value in memory.items()}
        merged = {**self._memory, **fresh}
        return {key: value for key, value in merged.items() if value is not None} if fresh else None
