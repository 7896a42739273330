"""A preview as a record for scripts, and the commands that take what it shows."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from monitor.deliver.records import said_record
from monitor.model import Entry
from monitor.sources.templates import has_placeholders
from monitor.wording import plain_line, stamp

if TYPE_CHECKING:  # loaded when they are used: start-up time
    from monitor.finding.previewing import Preview, Read
    from monitor.parse.listing.layouts import Layout
    from monitor.parse.probing import Probe


def record(seen: Preview, limit: int) -> dict[str, Any]:
    """The same for scripts; texts are whole."""
    look, fetched = seen.look, seen.look.fetched
    return {
        "id": look.source.id or None,
        "url": look.source.url,
        "kind": look.source.kind.value,
        "outcome": fetched.outcome.value,
        "status": fetched.status,
        "final_url": final_url(seen),
        "bytes": len(fetched.body),
        "cause": look.cause,
        "document": _document(seen) if look.document else None,
        "entries": [
            _entry_record(entry, None if seen.new is None else number in seen.new)
            for number, entry in enumerate(seen.entries[:limit])
        ],
        "selectors": [_probe_record(one) for one in seen.probes],
        "layouts": [_layout_record(one, seen) for one in seen.layouts],
        "offers": [
            {"url": one.url, "kind": one.kind.value, "title": one.title} for one in seen.offers
        ],
        "articles": [_article_record(one) for one in seen.read],
    }


def final_url(seen: Preview) -> str:
    """Where the address led; empty for one with placeholders, which may hold a key."""
    return "" if has_placeholders(seen.look.source.url) else seen.look.fetched.url


def _document(seen: Preview) -> dict[str, Any]:
    document = seen.look.document
    assert document is not None
    dates = [entry.published_at for entry in document.entries if entry.published_at]
    return {
        "title": document.title,
        "language": document.language,
        "entries": len(document.entries),
        "new": None if seen.new is None else len(seen.new),
        "dated": len(dates),
        "oldest": stamp(min(dates, default=None)) or None,
        "newest": stamp(max(dates, default=None)) or None,
        "ttl": document.ttl_s,
        "problems": list(document.problems),
        "alarm": document.alarm,
        "follow": list(document.follow),
    }


def _entry_record(entry: Entry, is_new: bool | None) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": entry.url,
        "published_at": stamp(entry.published_at) or None,
        "summary": entry.summary,
        "content": entry.content,
        "new": is_new,
    }


def _probe_record(one: Probe) -> dict[str, Any]:
    return {
        "option": one.option,
        "says": one.says,
        "found": one.found,
        "items": one.items,
        "first": list(one.first),
    }


def _layout_record(layout: Layout, seen: Preview) -> dict[str, Any]:
    return {
        "score": round(layout.score, 3),
        "options": layout.options,
        "items": layout.items,
        "dated": layout.dated,
        "reasons": list(layout.reasons),
        "samples": [_entry_record(entry, None) for entry in layout.samples],
        "command": command(layout, seen),
    }


def _article_record(one: Read) -> dict[str, Any]:
    draft = one.draft
    if draft is None:
        return {"url": one.entry.url, "cause": one.cause}
    words = draft.enrichment
    return {
        "url": draft.url,
        "cause": "",
        "title": draft.title,
        "text": draft.text,
        "published_at": stamp(draft.published_at) or None,
        "published_from": draft.published_from.value,
        "language": words.language,
        "relevance": words.relevance,
        "relevant": words.relevant,
        "reasons": list(words.reasons),
        **{name: list(found) for name, found in tags(one).items()},
        "claims": [said_record(claim) for claim in words.claims],
        "flags": list(draft.flags),
    }


def command(layout: Layout, seen: Preview) -> str:
    """The command that takes a layout."""
    source = seen.look.source
    words = ["monitor", "sources", "add", source.url]
    if source.id:
        words = ["monitor", "sources", "edit", str(source.id)]
        words += [word for key in _gone(layout, seen) for word in ("--option", f"{key}=")]
    words += ["--kind", "listing"]
    for key, value in layout.options.items():
        words += ["--option", f"{key}={value}"]
    return plain_line(shlex.join(words))


def _gone(layout: Layout, seen: Preview) -> list[str]:
    """Selectors of a stored source that the layout does without."""
    ours = ("link", "title", "date", "summary")
    return [key for key in ours if key in seen.look.source.options and key not in layout.options]


def tags(one: Read) -> dict[str, tuple[str, ...]]:
    """What the words of an article are about, by kind; it must have been read."""
    assert one.draft is not None
    words = one.draft.enrichment
    return {
        "minerals": words.minerals,
        "countries": words.countries,
        "companies": words.companies,
        "places": words.places,
        "events": words.events,
    }
