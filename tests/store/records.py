"""Records for store tests, small and plain."""

from datetime import UTC, datetime, timedelta

from monitor.model import (
    Claim,
    DateEvidence,
    Draft,
    Enrichment,
    Entry,
    IdentifiedEntry,
    Mention,
    NewSource,
    Outcome,
    Placement,
    PollRecord,
    SourceKind,
)
from monitor.text import content_hash

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def hours(number):
    """A moment that many hours after NOW."""
    return NOW + timedelta(hours=number)


def source(name="Ores", url="https://ores.example/feed", **more):
    """A source as a user gives it."""
    return NewSource(name=name, kind=SourceKind.FEED, url=url, **more)


def item(guid="g1", title="Ore", *, known_id=0, is_changed=False, text="", part=0):
    """An identified entry of `ores.example`."""
    return IdentifiedEntry(
        entry=Entry(
            guid=guid,
            url=f"https://ores.example/{guid}",
            title=title,
            content=text,
            published_at=NOW,
            part=part,
        ),
        url_key=f"https://ores.example/{guid}",
        content_hash=content_hash(title, text),
        identity=f"p:{guid}:{part}",
        known_id=known_id,
        is_changed=is_changed,
    )


def poll(source_id, *items, wanted=(), outcome=Outcome.OK, at=NOW, **more):
    """One poll that saw these."""
    return PollRecord(
        source_id=source_id,
        started_at=at,
        outcome=outcome,
        next_poll_at=at + timedelta(hours=1),
        seen=len(items),
        entries=items,
        wanted=frozenset(wanted),
        **more,
    )


def stake(value=70.0):
    """A figure in the words of `draft`."""
    return Claim(
        kind="stake", value=value, unit="%", subjects=("Cove",), quote="Ore", start=0, end=3
    )


def draft(source_id, entry_id, key="https://ores.example/g1", **more):
    """An article about tungsten in Kazakhstan."""
    title = more.pop("title", "Ore sold")
    text = more.pop("text", "The mine was sold for a song to a company that nobody knows.")
    minerals = more.pop("minerals", ("tungsten",))
    said = Enrichment(
        language=more.pop("language", "en"),
        mentions=(Mention(kind="mineral", concept="tungsten", start=0, end=3, surface="Ore"),),
        minerals=minerals,
        countries=("KZ",),
        companies=("Cove Capital",),
        events=("stake",),
        claims=more.pop("claims", (stake(),)),
        relevance=0.9,
        relevant=more.pop("relevant", True),
        reasons=("+0.90 because",),
    )
    values = {
        "url": key,
        "canonical_url": "",
        "site": "ores.example",
        "authors": ("A. Writer",),
        "published_at": NOW,
        "published_from": DateEvidence.FEED,
        "flags": (),
        "seen_at": NOW,
    } | more
    return Draft(
        source_id=source_id,
        entry_id=entry_id,
        url_key=key,
        title=title,
        text=text,
        enrichment=said,
        **values,
    )


def stored(database, key="g1", placement=None, *, bands=(1, 2), tokens=("t",), **more):
    """Commit an entry and its article; what the store made of it."""
    source_id, _ = database.add_source(source(), now=NOW)
    seen = more.get("seen_at", NOW)
    entry_ids = database.commit_poll(poll(source_id, item(key), at=seen)).entry_ids
    entry_id = next(iter(entry_ids.values()), None) or entry_of(database, source_id, key)
    return database.commit_article(
        draft(source_id, entry_id, f"https://ores.example/{key}", **more),
        placement or Placement(),
        bands=bands,
        tokens=tokens,
        page_id=None,
    )


def entry_of(database, source_id, guid):
    """The id of a stored entry."""
    rows = database.known_entries(source_id, guids=[guid], url_keys=[], content_hashes=[])
    return rows[0].id
