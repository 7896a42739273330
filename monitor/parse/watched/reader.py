"""
Sources of kind page: one page or PDF, watched for change.

The first visit is the baseline. Later ones tell which lines came and went: a line that is a
link to a document is an entry of its own, so that the document is read; all the others are one
entry. A line that only tells the time, or a place that changes at every visit, is no news.

Memory: `lines` (what the page showed, packed), `watch` (the selector that they were taken with),
`last` (the entry that is shown while nothing changes, packed), `restless` (by the hash of the
line above: how often that place changed in a row, and when last, in seconds).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse.remembered import fingerprint, packed_text, unpacked_text
from monitor.parse.watched.entries import baseline, changes, packed_entry, unpacked_entry
from monitor.parse.watched.lines import Line, Shown, is_idle, shown

#: Characters of a page that are watched, and what they may take in memory once packed.
MOST_WATCHED, ROOM = 1_000_000, 130_000
#: Less than this share of a page that had so many characters is no longer that page.
SHRUNK, SUBSTANTIAL = 0.2, 400
#: With a field for a password, half of it is missing.
SHRUNK_LOGIN = 0.5
#: Of so many lines, more than this share replaced at once is another layout.
REPLACED, MANY_LINES = 0.8, 20
#: A place that changed at so many visits in a row, each within so many seconds, is restless; it
#: is no longer believed, but for links, and for more lines than these.
RESTLESS, RESTLESS_S, RESTLESS_LINES = 2, 86_400, 3
_MOST_PLACES = 500


class _Change(NamedTuple):
    """What came and went between two visits."""

    added: list[Line]
    removed: list[str]
    #: Memory for the next visit.
    restless: dict[str, list[int]]


def parse_watched(
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    options: Mapping[str, str],
    memory: Mapping[str, Any],
) -> Document:
    """
    What changed on a page since the last visit.

    Args:
        body: HTML, PDF or plain text.
        url: final address, for relative links.
        content_type: the HTTP header, or ''.
        now: aware; later dates are not believed.
        options: `watch`, the selector of the part that counts.
        memory: what earlier visits left.

    Returns:
        New entries; while nothing changes, the last one again. With an alarm nothing is
        remembered, so that the page is compared with what it was before.

    Raises:
        Permanent: neither page nor PDF, no text, or the selector finds nothing.
    """
    watch = options.get("watch", "")
    page = shown(body, url=url, content_type=content_type, watch=watch)
    lines, problems = _watched(page)
    remembered = unpacked_text(memory.get("lines", ""))
    before = remembered.split("\n") if remembered else []
    is_first = not before or memory.get("watch", "") != watch
    if is_first and not lines:
        raise Permanent(
            "no text to watch: it may be drawn by a script.",
            subject=url,
            advice="Give the address of the document itself, or of an API behind the page.",
        )
    alarm = _alarm(page, lines, [] if is_first else before)
    if alarm:
        last = unpacked_entry(memory.get("last"))
        return _document(page, last, problems, alarm=alarm, memory={})
    if is_first:
        entries = [baseline(page, lines, url)]
        change = _Change([], [], {})
    else:
        change = _change(before, lines, memory, now)
        entries = list(changes(change.added, change.removed, page, url=url, now=now))
        alarm = _upheaval(before, change)
    kept: dict[str, Any] = {
        "lines": packed_text("\n".join(line.text for line in lines)),
        "watch": watch,
        "restless": change.restless,
    }
    if entries:
        kept["last"] = packed_entry(entries[0])
    shown_again = entries or unpacked_entry(memory.get("last")) or [baseline(page, lines, url)]
    return _document(page, shown_again, problems, alarm=alarm, memory=kept)


def _document(
    page: Shown,
    entries: Iterable[Entry],
    problems: Iterable[str],
    *,
    alarm: str,
    memory: Mapping[str, Any],
) -> Document:
    return Document(
        title=page.title,
        language=page.language,
        entries=tuple(entries),
        problems=tuple(problems),
        alarm=alarm,
        memory=memory,
    )


def _watched(page: Shown) -> tuple[list[Line], list[str]]:
    """The lines that are compared, as many as can be remembered, and what is wrong."""
    problems = [page.problem] if page.problem else []
    lines: list[Line] = []
    size = 0
    telling = [line for line in page.lines if not is_idle(line.text)]
    for line in telling:
        size += len(line.text) + 1
        if size > MOST_WATCHED:
            break
        lines.append(line)
    while len(packed_text("\n".join(line.text for line in lines))) > ROOM:
        lines = lines[: len(lines) * 3 // 4]
    if len(lines) < len(telling):
        problems.append(
            f"only the first {len(lines):,} of {len(telling):,} lines are watched; name the part "
            "that counts in the option watch"
        )
    return lines, problems


def _alarm(page: Shown, lines: Sequence[Line], before: Sequence[str]) -> str:
    """Why this is not the page that it was, in words; '' when it is."""
    size, was = sum(len(line.text) for line in lines), sum(map(len, before))
    if page.is_login and size < (SHRUNK_LOGIN * was if before else SUBSTANTIAL):
        return "it shows a login form in place of its text; look whether it may still be read"
    is_shrunk = was >= SUBSTANTIAL and size < SHRUNK * was
    if is_shrunk or not lines:
        return (
            f"it shows {size:,} characters of text where it had {was:,}; if that is right, name "
            "the part that counts in the option watch (all of it: body)"
        )
    return ""


def _upheaval(before: Sequence[str], change: _Change) -> str:
    if len(before) < MANY_LINES or len(change.removed) <= REPLACED * len(before):
        return ""
    return (
        f"{len(change.removed)} of {len(before)} lines were replaced at once: its layout may have "
        "changed; look at it, and at the option watch"
    )


def _change(
    before: Sequence[str], lines: Sequence[Line], memory: Mapping[str, Any], now: datetime
) -> _Change:
    """The lines that came and went, but for those of restless places."""
    texts = [line.text for line in lines]
    fresh, gone = Counter(texts) - Counter(before), Counter(before) - Counter(texts)
    added = [(lines[at], place) for at, place in _places(texts, fresh)]
    removed = [(before[at], place) for at, place in _places(before, gone)]
    replaced = {place for _, place in added} & {place for _, place in removed}
    known = _restless(memory, now)
    crowded = Counter(place for _, place in added)
    muted = {
        place
        for place in replaced
        if known.get(place, [0])[0] >= RESTLESS and crowded[place] <= RESTLESS_LINES
    }
    moment = int(now.timestamp())
    restless = known | {place: [known.get(place, [0])[0] + 1, moment] for place in replaced}
    latest = sorted(restless.items(), key=lambda one: -one[1][1])[:_MOST_PLACES]
    return _Change(
        [line for line, place in added if line.links or place not in muted],
        [text for text, place in removed if place not in muted],
        dict(latest),
    )


def _places(texts: Sequence[str], changed: Counter[str]) -> Iterator[tuple[int, str]]:
    """Where the changed ones of `texts` stand: position, and hash of the unchanged line above."""
    left = changed.copy()
    above = ""
    for at, text in enumerate(texts):
        if left[text] > 0:
            left[text] -= 1
            yield at, fingerprint(above)
        else:
            above = text


def _restless(memory: Mapping[str, Any], now: datetime) -> dict[str, list[int]]:
    """Places that changed lately, as remembered."""
    found = memory.get("restless")
    limit = now.timestamp() - RESTLESS_S
    return {
        str(place): [int(said[0]), int(said[1])]
        for place, said in (found.items() if isinstance(found, dict) else ())
        if isinstance(said, list) and len(said) == 2 and said[1] >= limit
    }
