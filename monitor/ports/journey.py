"""What the stages of the journey ask and commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from monitor.model import (
    ArticleStored,
    Draft,
    Entry,
    KnownEntry,
    PageRequest,
    Placement,
    PollRecord,
    PollStored,
    Telling,
)


class Identities(Protocol):
    """What `identify` asks."""

    def known_entries(
        self,
        source_id: int,
        *,
        guids: Iterable[str],
        url_keys: Iterable[str],
        content_hashes: Iterable[str],
    ) -> list[KnownEntry]:
        """Entries of one source that share any of these."""
        ...

    def known_articles(self, url_keys: Iterable[str]) -> dict[str, int]:
        """`url_key` (or a proved alias of it) to article id, for those that are known."""
        ...

    def articles_with_text(self, url_keys: Iterable[str]) -> set[str]:
        """Those of the keys whose article is stored with more than a summary."""
        ...


class Neighbours(Protocol):
    """What `match` asks."""

    def near_copies(self, bands: Sequence[int], *, limit: int) -> list[Telling]:
        """Articles that share a MinHash band key, those sharing most first."""
        ...

    def related(
        self, tokens: Sequence[str], *, since: datetime, until: datetime, limit: int
    ) -> list[Telling]:
        """Articles dated in the window that share fingerprint tokens, most shared first."""
        ...

    def token_counts(self, tokens: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """How many articles carry each token, and how many articles there are."""
        ...

    def pointing(
        self, tokens: Sequence[str], *, since: datetime, until: datetime, limit: int
    ) -> list[Telling]:
        """The same of link tokens (`match.link_tokens`), with what each article points to."""
        ...

    def copies_of(self, article_id: int) -> list[Telling]:
        """The article and all that copy it, oldest first."""
        ...


class Furniture(Protocol):
    """What the pages of a site repeat."""

    def repeated_lines(self, sites: Iterable[str]) -> dict[str, frozenset[int]]:
        """By site (`urls.publication`): keys (`text.line_keys`) of lines that its pages repeat."""
        ...

    def carrying(self, source_id: int, site: str, lines: AbstractSet[int]) -> list[int]:
        """Of a source's newest articles: those of the site with one of these lines."""
        ...


class Writes(Protocol):
    """What the pipeline commits; each call is one transaction and idempotent."""

    def together(self) -> AbstractContextManager[None]:
        """
        One transaction for all that the calling thread asks and writes within the block.

        What was written is seen within; an error undoes all of it.
        """
        ...

    def commit_poll(self, record: PollRecord) -> PollStored:
        """Entries, wanted pages, validators, poll record and next due time, together."""
        ...

    def wanted_pages(
        self, *, now: datetime, limit: int, source_ids: Sequence[int] | None = None
    ) -> list[PageRequest]:
        """Wanted pages that are due, leased for ten minutes; oldest first."""
        ...

    def due_pages(self, *, now: datetime) -> int:
        """How many wanted pages of sources that are not removed could be fetched now."""
        ...

    def release_pages(self) -> None:
        """Forget all leases; for who holds the instance lock, after a crash of another."""
        ...

    def settle_page(self, page_id: int, *, cause: str, retry_at: datetime | None) -> None:
        """A page failed: try again at `retry_at`, or never when that is None."""
        ...

    def commit_article(
        self,
        draft: Draft,
        placement: Placement,
        *,
        bands: Sequence[int],
        tokens: Sequence[str],
        page_id: int | None,
    ) -> ArticleStored:
        """
        The article, its mentions, claims, copy edge and group; its page is done.

        A draft whose `url_key` is stored already only adds the sighting, and a revision
        when its text differs (old text and claims are kept). `tokens` index `related`,
        `bands` index `near_copies`.
        """
        ...

    def link_entry(self, entry_id: int, article_id: int) -> None:
        """An entry turned out to be a sighting of a known article."""
        ...

    def entry(self, entry_id: int) -> tuple[int, Entry]:
        """(source id, the entry as it was shown last)."""
        ...

    def entries(self, entry_ids: Sequence[int]) -> list[Entry]:
        """These entries as they were shown last, in this order."""
        ...

    def entries_without_article(self, *, limit: int) -> list[tuple[int, int]]:
        """(source id, entry id) of entries that have neither an article nor an open page."""
        ...
