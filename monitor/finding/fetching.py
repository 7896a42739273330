"""
Fetching a few addresses once, as politely and guarded as a crawl; nothing is stored.

What a crawl of the same process knows of hosts holds here too, when its manners are given.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitor.crawl import asked_now, fetch_rules
from monitor.model import Fetched, PageRequest, PartRequest, Source
from monitor.settings import Settings
from monitor.sources.options import terms_of
from spiders.batch import fetch_batch
from spiders.manners import Manners


async def fetch_many(
    settings: Settings, sources: Sequence[Source], *, manners: Manners
) -> list[Fetched]:
    """
    Fetch the address of each source once; nothing is stored.

    Args:
        sources: need not be stored; equal ids do no harm.
        manners: those of earlier fetches, which this one follows.

    Returns:
        The answers, in the order of the sources.

    Raises:
        BadInput: an address or option names an environment variable that is not set.
    """
    now, taken = datetime.now(UTC), dict[int, Fetched]()

    async def want(fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        place = fetched.source_id
        taken[place] = replace(fetched, source_id=sources[place].id)
        return ()

    await fetch_batch(
        [replace(asked_now(s, os.environ, now=now), id=place) for place, s in enumerate(sources)],
        [],
        want=want,
        rules=fetch_rules(settings.fetch),
        manners=manners,
        terms={place: terms_of(s, os.environ) for place, s in enumerate(sources)},
    )
    return [taken[place] for place in range(len(sources))]


async def fetch_pages(
    settings: Settings, source: Source, urls: Sequence[str], *, manners: Manners
) -> list[Fetched]:
    """
    Fetch pages on the terms of a source; nothing is stored.

    Returns:
        The answers, in the order of the addresses.
    """
    taken: dict[int | None, Fetched] = {}

    async def want(fetched: Fetched) -> Sequence[PageRequest | PartRequest]:
        taken[fetched.page_id] = fetched
        return ()

    pages = [
        PageRequest(id=place, source_id=source.id, entry_id=0, url=url)
        for place, url in enumerate(urls)
    ]
    await fetch_batch(
        [],
        pages,
        want=want,
        rules=fetch_rules(settings.fetch),
        manners=manners,
        terms={source.id: terms_of(source, os.environ)},
    )
    return [taken[place] for place in range(len(urls))]
