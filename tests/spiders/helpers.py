"""Building batches briefly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.addresses import AddressPolicy
from monitor.model import Fetched, PageRequest, Source, SourceKind, Terms
from spiders.batch import fetch_batch
from spiders.manners import Manners
from spiders.rules import FetchRules

LOOPBACK = AddressPolicy.parse(["127.0.0.0/8"])


def rules(**changes: Any) -> FetchRules:
    """Rules for the loopback web: no gap, short timeout."""
    base: dict[str, Any] = {
        "user_agent": "critical-minerals-monitor/0.1",
        "contact": "https://operator.example/",
        "timeout_s": 5.0,
        "host_gap_s": 0.0,
        "allow_private": LOOPBACK,
    }
    return FetchRules(**{**base, **changes})


def source(number: int, url: str, *, kind: SourceKind = SourceKind.FEED, **more: Any) -> Source:
    """A source, a feed unless said otherwise."""
    return Source(id=number, name=f"source {number}", kind=kind, url=url, **more)


def page(number: int, url: str) -> PageRequest:
    """A wanted page."""
    return PageRequest(id=number, source_id=1, entry_id=number, url=url)


async def fetch(
    sources: Sequence[Source] = (),
    pages: Sequence[PageRequest] = (),
    *,
    manners: Manners | None = None,
    terms: Mapping[int, Terms] | None = None,
    **changes: Any,
) -> list[Fetched]:
    """Everything that `want` was given, in order of arrival."""
    got: list[Fetched] = []

    async def want(fetched: Fetched) -> Sequence[PageRequest]:
        got.append(fetched)
        return ()

    async with asyncio.timeout(20):
        await fetch_batch(
            sources,
            pages,
            want=want,
            rules=rules(**changes),
            manners=manners or Manners(),
            terms=terms or {},
        )
    return got


async def fetch_one(url: str, **changes: Any) -> Fetched:
    """What polling one source at `url` brought."""
    (fetched,) = await fetch([source(1, url)], **changes)
    return fetched
