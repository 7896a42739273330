"""
Which stored entry an entry is: by guid, address and words, weighed together.

No key can be trusted alone: feeds change guids on every fetch, give all items one link, or
use a guid again for another item. So every pair that shares a key is ranked by how much it
shares, and pairs are taken best first, each entry and each stored row once.

Some items have neither guid nor address. Those of one document that differ in their date are
apart, but what is known of them is their number: a feed that dates them anew at every poll
shows as many as are stored, and brings nothing new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor import urls
from monitor.model import Entry, IdentifiedEntry, KnownEntry
from monitor.text import content_hash, hashed

#: Longer guids are kept by their hash.
GUID_CHARS = 512

#: Undated items that share so many characters, and neither guid nor address, are one.
TELLING_CHARS = 200


def keys(entry: Entry, source_id: int) -> tuple[str, str]:
    """
    What the store is asked by: the canonical key of the URL (or ''), and the content hash.

    Args:
        source_id: entries with neither text nor link of different sources stay apart.
    """
    url_key = urls.canonical_key(entry.url)
    words = (entry.title, entry.summary, entry.content)
    if any(words):
        return url_key, content_hash(*words, str(entry.part))
    return url_key, content_hash(str(source_id), entry.guid, entry.url, entry.published_raw)


def identify(
    entries: Sequence[Entry], known: Sequence[KnownEntry], source_id: int
) -> list[IdentifiedEntry]:
    """
    Decide for each entry of one document which stored entry it is, if any.

    Args:
        entries: in the order of the document.
        known: stored entries of the same source that share a key with one of them.

    Returns:
        In the order of the document; an entry that is given twice, once.
    """
    shown = _distinct(entries, source_id)
    known_ids = _pair(shown, known)
    taken = Counter(_place(one) for one in shown)
    stored = Counter((row.guid[:GUID_CHARS], row.url_key, row.part) for row in known)
    hashes = {row.id: row.content_hash for row in known}
    alike = Counter(row.content_hash for row in known if not (row.guid or row.url_key))
    found: list[IdentifiedEntry] = []
    for at, one in enumerate(shown):
        known_id = known_ids.get(at, 0)
        if one.is_bare and not known_id:
            alike[one.content_hash] += 1
        is_shared = taken[_place(one)] > 1 or stored[_place(one)] > 0
        found.append(
            IdentifiedEntry(
                entry=one.entry,
                url_key=one.url_key,
                content_hash=one.content_hash,
                identity=_identity(one, is_shared=is_shared, number=alike[one.content_hash]),
                known_id=known_id,
                is_changed=bool(known_id) and hashes[known_id] != one.content_hash,
            )
        )
    return found


class _Shown:
    """An entry with its keys."""

    __slots__ = ("content_hash", "entry", "guid", "url_key")

    def __init__(self, entry: Entry, source_id: int) -> None:
        self.entry = entry
        self.url_key, self.content_hash = keys(entry, source_id)
        self.guid = entry.guid[:GUID_CHARS]

    @property
    def is_bare(self) -> bool:
        """Whether it has no key but its words."""
        return not (self.guid or self.url_key)

    @property
    def date(self) -> str:
        """When it is from, as something to compare; '' when it does not say."""
        at = self.entry.published_at
        return at.isoformat() if at else self.entry.published_raw


def _distinct(entries: Sequence[Entry], source_id: int) -> list[_Shown]:
    found: dict[tuple[str, str, str, int, str], _Shown] = {}
    for entry in entries:
        one = _Shown(entry, source_id)
        date = one.date if one.is_bare else ""
        found.setdefault((one.guid, one.url_key, one.content_hash, entry.part, date), one)
    return list(found.values())


def _pair(shown: Sequence[_Shown], known: Sequence[KnownEntry]) -> dict[int, int]:
    """Position in `shown` to id of the stored entry; best pairs first, each side once."""
    by_key: dict[tuple[str, str], list[KnownEntry]] = {}
    for row in known:
        for key in _row_keys(row):
            by_key.setdefault(key, []).append(row)
    ranked = []
    for at, one in enumerate(shown):
        seen: set[int] = set()
        for key in (("g", one.guid), ("u", one.url_key), ("h", one.content_hash)):
            for row in by_key.get(key, ()) if key[1] else ():
                if row.id not in seen and (rank := _rank(one, row)):
                    ranked.append((-rank, at, row.id))
                seen.add(row.id)
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, at, row_id in sorted(ranked):
        if at not in pairs and row_id not in used:
            pairs[at] = row_id
            used.add(row_id)
    return pairs


def _row_keys(row: KnownEntry) -> list[tuple[str, str]]:
    pairs = (("g", row.guid[:GUID_CHARS]), ("u", row.url_key), ("h", row.content_hash))
    return [pair for pair in pairs if pair[1]]


def _rank(one: _Shown, row: KnownEntry) -> int:
    """How sure it is that both are one entry; 0 = they are not."""
    if one.entry.part != row.part:
        return 0
    is_guid = bool(one.guid) and one.guid == row.guid[:GUID_CHARS]
    is_url = bool(one.url_key) and one.url_key == row.url_key
    is_title = one.entry.title.strip() == row.title.strip()
    is_content = one.content_hash == row.content_hash
    urls_differ = bool(one.url_key and row.url_key) and not is_url
    guids_differ = bool(one.guid and row.guid) and not is_guid
    if is_guid and urls_differ and not is_title:
        return 0  # the publisher uses the guid again
    if is_url and guids_differ and not is_title and not is_content:
        return 0  # one address for many items
    if not (is_guid or is_url) and (urls_differ or guids_differ) and not is_content:
        return 0
    if is_content and not (is_guid or is_url) and urls_differ and not _is_moved(one, row):
        return 0  # the same words at two addresses: two entries, one story
    is_place = one.url_key == row.url_key and one.guid == row.guid[:GUID_CHARS]
    return 16 * is_content + 8 * is_guid + 8 * is_url + 4 * is_title + is_place


def _is_moved(one: _Shown, row: KnownEntry) -> bool:
    """
    Whether equal words at another address are the stored entry: some feeds change every guid
    and address at every poll. The date tells them from items that recur.
    """
    if one.entry.published_at or row.published_at:
        return one.entry.published_at == row.published_at
    words = (one.entry.title, one.entry.summary, one.entry.content)
    return sum(map(len, words)) >= TELLING_CHARS


def _place(one: _Shown) -> tuple[str, str, int]:
    return one.guid, one.url_key, one.entry.part


def _identity(one: _Shown, *, is_shared: bool, number: int) -> str:
    """
    Unique within the source, stable while guid and address are; else by the words.

    Args:
        number: how many of the same words and without guid and address there are with it.
    """
    if one.is_bare:
        return f"h:{one.content_hash}:{number}" if number > 1 else f"h:{one.content_hash}"
    place = f"{hashed(one.guid):x}:{hashed(one.url_key):x}:{one.entry.part}"
    return f"p:{place}:{one.content_hash}" if is_shared else f"p:{place}"
