"""What changed on a watched page, as entries: documents that were added, and all other lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from monitor.dates import parse_date
from monitor.model import Entry
from monitor.parse.content import title_of, written
from monitor.parse.remembered import fingerprint, packed_text, unpacked_text
from monitor.parse.watched.lines import Line, Shown
from monitor.urls import absolute

#: Linked lines that become entries of their own at one visit.
MOST_LINKED = 50
#: Characters of an entry's text, and addresses of it.
MOST_TEXT, MOST_LINKS = 20_000, 100
_TITLE_CHARS = 200
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|(?:\d{4}\sжылғы\s\d{1,2}\s[^\W\d_]{3,12}))(?!\d)"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}(?!\d)"
)


def baseline(page: Shown, lines: Sequence[Line], url: str) -> Entry:
    """The entry that stands for the page as a whole."""
    address = absolute("", url.partition("#")[0])
    return Entry(
        guid=address,
        url=address,
        title=page.title,
        content="\n".join(line.text for line in lines)[:MOST_TEXT],
        language=page.language,
    )


def changes(
    added: Sequence[Line], removed: Sequence[str], page: Shown, *, url: str, now: datetime
) -> Iterator[Entry]:
    """One entry for each new line that is a link to a document, and one for all else."""
    targets = [(line, found) for line in added if (found := _target(line, url))]
    targets = targets[:MOST_LINKED]
    seen: set[str] = set()
    for line, (address, words) in targets:
        if address not in seen:
            seen.add(address)
            yield _linked(line, address, words, page, now)
    linked = {line for line, _ in targets}
    others = [line for line in added if line not in linked]
    if others or (removed and not linked):
        yield _other(others, removed, page, url, now)


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


def packed_entry(entry: Entry) -> str:
    """An entry made short, in ASCII."""
    at = entry.published_at
    said = {
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
    return packed_text(json.dumps(said, ensure_ascii=False))


def unpacked_entry(packed: object) -> list[Entry]:
    """The entry in what `packed_entry` made; none for anything else."""
    try:
        said = json.loads(unpacked_text(packed) or "null")
        if not isinstance(said, dict):
            return []
        at = said.pop("published_at", "")
        links = tuple(said.pop("links", ()))
        return [Entry(**said, links=links, published_at=datetime.fromisoformat(at) if at else None)]
    except (ValueError, TypeError):
        return []
