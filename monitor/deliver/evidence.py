"""
The evidence pack of a story: what we saw, when, where, and what was decided, as one zip.

The same story gives the same bytes: times in the zip are fixed, files sorted, and nothing in it
depends on when it was made. Every file's SHA-256 is in `manifest.json`; whoever notes that
file's own hash elsewhere can prove later that nothing was altered.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from monitor import __version__
from monitor.deliver import records
from monitor.deliver.ledger import NOWHERE, ledger_of, placed, stated
from monitor.deliver.picture import story_svg
from monitor.deliver.records import time_text
from monitor.deliver.tables import COLUMNS, claim_row, csv_lines
from monitor.model import Decision, Sighting, StoredArticle, StoredStory
from monitor.ports import Store
from monitor.wording import one_line

MANIFEST = "manifest.json"

#: What the manifest calls the form of the pack; changes when that changes.
FORM = "critical-minerals-monitor evidence pack 1"

#: The first moment that a zip can name.
_FIXED = (1980, 1, 1, 0, 0, 0)

#: What an outsider may expect, and why it is not there.
NOT_KEPT = (
    "Response headers of article pages: the monitor does not keep them. Of the polls that "
    "brought an article, the HTTP status, size and time are in its record.json as long as "
    "the database keeps polls (setting database.keep_polls).",
    "The pages' HTML: the monitor keeps the text that it read from them.",
)

_README = """\
Evidence pack of story {story}: {title}

Made by critical-minerals-monitor {version}. All times are UTC.

story.json          the story: outlets, figures, contradictions, corrections, review
figures.json        its figures with those who state them
claims.csv          every figure with its quote, its article and the place in its text
decisions.json      what analysts decided, oldest first, with what was taken back
story.svg           the story as a picture
articles/aN/text.txt        title and text of the article as they were read last
articles/aN/revisions/      all texts that it has had, when it was edited
articles/aN/record.json     its addresses, dates, where and when it was seen, hashes, polls
manifest.json       the SHA-256 and size of every other file

A figure's quote is exactly the characters [start:end) of text.txt of its revision, counted in
Unicode code points.

To check the pack:  monitor stories verify FILE.zip
or by hand:         sha256sum of each file against manifest.json
The pack proves that it is unaltered only to those who know the hash of its manifest from
elsewhere; note it down when you make the pack.
"""


def write_pack(store: Store, story: StoredStory, target: IO[bytes]) -> str:
    """
    Write the pack of a whole story (`Reads.story`).

    Returns:
        The SHA-256 of its manifest.
    """
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for name, data in sorted(_files(store, story)):
            _put(pack, name, data)
            digest = hashlib.sha256(data).hexdigest()
            listed.append({"path": name, "size": len(data), "sha256": digest})
        manifest = _json(
            {
                "form": FORM,
                "monitor": __version__,
                "story": f"s{story.id}",
                "story_version": story.version,
                "updated_at": time_text(story.updated_at),
                "files": listed,
                "not_kept": list(NOT_KEPT),
            }
        )
        _put(pack, MANIFEST, manifest)
    return hashlib.sha256(manifest).hexdigest()


def _put(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    pack.writestr(entry, data)


def _files(store: Store, story: StoredStory) -> Iterator[tuple[str, bytes]]:
    """Names are made of our own words and numbers; no stranger has a say in them."""
    title = one_line(story.title, 200)
    readme = _README.format(story=f"s{story.id}", title=title, version=__version__)
    yield "README.txt", readme.encode()
    yield "story.json", _json(records.story_record(story))
    yield "figures.json", _json(_figures(story))
    yield "decisions.json", _json([_decision(one) for one in store.decisions(story.id)])
    yield "story.svg", story_svg(story).encode("utf-8", "replace")
    places = placed(ledger_of(story.articles))
    rows = (
        claim_row(article, one, places.get(one.id, NOWHERE))
        for article in story.articles
        for one in article.claims
    )
    columns = (*COLUMNS["claims"], "start", "end")
    yield "claims.csv", "".join(csv_lines(rows, columns)).encode("utf-8", "replace")
    for article in story.articles:
        yield from _article(store, article)


def _article(store: Store, article: StoredArticle) -> Iterator[tuple[str, bytes]]:
    folder = f"articles/a{article.id}"
    texts = {f"{folder}/text.txt": _text(article.title, article.text)}
    for revision in article.revisions:
        name = f"{folder}/revisions/{revision.number}.txt"
        texts[name] = _text(revision.title, revision.text)
    yield from texts.items()
    record = {
        **{k: v for k, v in records.article_record(article).items() if k != "text"},
        "url_key": article.url_key,
        "placement_reasons": list(article.placement_reasons),
        "copy": _copy(article),
        "revisions": [
            {
                "number": revision.number,
                "seen_at": time_text(revision.seen_at),
                "change": revision.change,
                "sha256": _hash(texts[f"{folder}/revisions/{revision.number}.txt"]),
            }
            for revision in article.revisions
        ],
        "text_sha256": _hash(texts[f"{folder}/text.txt"]),
        "polls": [_poll(store, sighting) for sighting in article.sightings],
    }
    yield f"{folder}/record.json", _json(record)


def _text(title: str, text: str) -> bytes:
    return f"{title}\n{text}".encode("utf-8", "replace")


def _copy(article: StoredArticle) -> dict[str, Any] | None:
    copy = article.copy
    if copy is None:
        return None
    return {"of": f"a{copy.original_id}", "containment": copy.containment, "why": copy.why}


def _poll(store: Store, sighting: Sighting) -> dict[str, Any]:
    """What is still known of the poll that brought a sighting."""
    known: dict[str, Any] = {
        "source_id": sighting.source_id,
        "source": sighting.source,
        "seen_at": time_text(sighting.seen_at),
    }
    poll = store.poll_before(sighting.source_id, sighting.seen_at)
    if poll is None:
        return {**known, "poll": None}
    return {
        **known,
        "poll": {
            "started_at": time_text(poll.started_at),
            "outcome": poll.outcome.value,
            "http_status": poll.status,
            "bytes": poll.bytes,
            "elapsed_s": poll.elapsed_s,
        },
    }


def _figures(story: StoredStory) -> list[dict[str, Any]]:
    return [
        {"figure": one.text, "outlets": list(one.sites), "quote": one.quote}
        for one in stated(story)
    ]


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": time_text(one.at),
        "who": one.who,
        "action": one.action,
        "before": one.before,
        "after": one.after,
        "undone": one.undone,
        "batch": one.batch,
    }


def _json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
