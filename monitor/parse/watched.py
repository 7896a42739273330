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

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor.dates import parse_date
from monitor.errors import Permanent
from monitor.model import Document, Entry
from monitor.parse.content import title_of, written
from monitor.parse.remembered import fingerprint, packed_text, unpacked_text
from monitor.parse.watched_lines import Line, Shown, is_idle, shown
from monitor.urls import absolute

#: Linked lines that become entries of their own at one visit.
MOST_LINKED = 50
#: Characters of an entry's text, and addresses of it.
MOST_TEXT, MOST_LINKS = 20_000, 100
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

_TITLE_CHARS = 200
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|(?:\d{4}\sжылғы\s\d{1,2}\s[^\W\d_]{3,12}))(?!\d)"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}(?!\d)"
)


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
        last = _last(memory)
        return _document(page, last, problems, alarm=alarm, memory={})
    if is_first:
        entries = [_baseline(page, lines, url)]
        change = _Change([], [], {})
    else:
        change = _change(before, lines, memory, now)
        entries = list(_entries(change, page, url, now))
        alarm = _upheaval(before, change)
    kept: dict[str, Any] = {
        "lines": packed_text("\n".join(line.text for line in lines)),
        "watch": watch,
        "restless": change.restless,
    }
    if entries:
        kept["last"] = packed_text(json.dumps(_plain(entries[0]), ensure_ascii=False))
    shown_again = entries or _last(memory) or [_baseline(page, lines, url)]
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


def _baseline(page: Shown, lines: Sequence[Line], url: str) -> Entry:
    address = absolute("", url.partition("#")[0])
    return Entry(
        guid=address,
        url=address,
        title=page.title,
        content="\n".join(line.text for line in lines)[:MOST_TEXT],
        language=page.language,
    )


def _entries(change: _Change, page: Shown, url: str, now: datetime) -> Iterator[Entry]:
    """One entry for each new line that is a link, and one for all else."""
    targets = [(line, found) for line in change.added if (found := _target(line, url))]
    targets = targets[:MOST_LINKED]
    seen: set[str] = set()
    for line, (address, words) in targets:
        if address not in seen:
            seen.add(address)
            yield _linked(line, address, words, page, now)
    linked = {line for line, _ in targets}
    others = [line for line in change.added if line not in linked]
    if others or (change.removed and not linked):
        yield _other(others, change.removed, page, url, now)


def _target(line: Line, url: str) -> tuple[str, str] | None:
    """Address and words of the document that a line names; None when it is no such line."""
    here = url.partition("#")[0]
    away = [link for link in line.links if link[0].partition("#")[0] != here]
    if not away:
        return None
    linked = sum(_letters(words) for _, words in away)
    longest = max(away, key=lambda link: len(link[1]))
    # "Order 5 on exports of tungsten (PDF)": the words before the link are the title.
    is_mark = len(away) == 1 and line.text.rstrip(" ).]").endswith(longest[1].strip("()[]. "))
    return longest if 2 * linked >= _letters(line.text) or is_mark else None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _linked(line: Line, address: str, words: str, page: Shown, now: datetime) -> Entry:
    is_title = 2 * _letters(words) >= _letters(line.text)
    title = title_of(words if is_title else line.text)
    at, raw = _date_of([line.text], page.language, now)
    return Entry(
        url=address,
        title=title,
        summary=line.text if line.text != title else "",
        published_at=at,
        published_raw=raw,
        language=page.language,
    )


def _other(
    added: Sequence[Line], removed: Sequence[str], page: Shown, url: str, now: datetime
) -> Entry:
    """
    The entry of lines that are no documents.

    It has no address of its own: with the page's, it would be taken for the page as a whole.
    """
    texts = [line.text for line in added] + [f"[removed] {text}" for text in removed]
    counts = f"{len(added)} line{'' if len(added) == 1 else 's'} added, {len(removed)} removed"
    first = added[0].text if added else counts
    at, raw = _date_of([line.text for line in added], page.language, now)
    here = url.partition("#")[0]
    links = dict.fromkeys(address for line in added for address, _ in line.links)
    return Entry(
        guid=f"{here}#{fingerprint(chr(10).join(texts))}",
        title=_cut(f"{page.title}: {first}"),
        summary=counts,
        content="\n".join(texts)[:MOST_TEXT],
        published_at=at,
        published_raw=raw,
        language=page.language,
        links=tuple(links)[:MOST_LINKS],
    )


def _cut(title: str) -> str:
    if len(title) <= _TITLE_CHARS:
        return title
    return f"{title[:_TITLE_CHARS].rsplit(' ', 1)[0]}…"


def _date_of(texts: Iterable[str], language: str, now: datetime) -> tuple[datetime | None, str]:
    """The one date that stands in the lines; None when there are several, or none."""
    found: dict[datetime, str] = {}
    for text in texts:
        for match in _DATE.finditer(text):
            if day := parse_date(match[0], now=now, language=language):
                found.setdefault(day, written(match[0]))
    return next(iter(found.items())) if len(found) == 1 else (None, "")


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON values."""
    at = entry.published_at
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "published_at": at.isoformat() if at else "",
        "published_raw": entry.published_raw,
        "language": entry.language,
        "links": list(entry.links),
    }


def _last(memory: Mapping[str, Any]) -> list[Entry]:
    """The entry that was shown last, as it was."""
    try:
        said = json.loads(unpacked_text(memory.get("last", "")) or "null")
        if not isinstance(said, dict):
            return []
        at = said.pop("published_at", "")
        links = tuple(said.pop("links", ()))
        return [Entry(**said, links=links, published_at=datetime.fromisoformat(at) if at else None)]
    except (ValueError, TypeError):
        return []
