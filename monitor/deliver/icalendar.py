"""
Rules as a calendar that other programs subscribe to (RFC 5545): one whole-day event each.

Everything comes from strangers' texts: values are escaped, controls are taken out, and lines are
folded at 75 octets without parting a character.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from monitor.deliver.messages import safe_url
from monitor.deliver.rule_words import HAPPENS, happening, title, what
from monitor.model.instruments import Dated
from monitor.wording import one_line, plain_line

#: Octets of a line, without its end.
WIDTH = 75

#: Characters of a summary and of a description's part.
SUMMARY, PART = 200, 400

#: Days before, on which a calendar may remind: a week.
REMIND = "-P7D"

MEDIA_TYPE = "text/calendar; charset=utf-8"


def icalendar(found: Iterable[Dated], *, now: datetime, site: str, name: str) -> bytes:
    """
    The calendar.

    Args:
        now: when it is made, UTC.
        site: where the review site is reached; empty = events have no links.
        name: of the calendar.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Critical minerals monitor//Rules//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    seen: set[str] = set()
    for one in found:
        uid = _uid(one)
        if uid not in seen:
            seen.add(uid)
            lines += _event(one, uid, now=now, site=site)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in folded(line))


def escaped(text: str) -> str:
    """A text as a value: `\\`, `;`, `,` and line ends are escaped, controls go."""
    flat = plain_line(" ".join(text.split()))
    flat = flat.encode("utf-8", "replace").decode("utf-8")
    return flat.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 octets, each but the first with a space before it."""
    piece, width = b"", WIDTH
    for char in line:
        octets = char.encode("utf-8")
        if len(piece) + len(octets) > width:
            yield piece
            piece = b" "
        piece += octets
    yield piece


def _event(one: Dated, uid: str, *, now: datetime, site: str) -> Iterator[str]:
    happens = HAPPENS[happening(one)]
    summary = one_line(f"{happens}: {title(one.instrument)}", SUMMARY)
    yield from (
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_day(one.day)}",
        f"DTEND;VALUE=DATE:{_day(_next(one.day))}",
        f"SUMMARY:{escaped(summary[:1].upper() + summary[1:])}",
        f"DESCRIPTION:{_description(one)}",
        "TRANSP:TRANSPARENT",
    )
    if one.term.stage == "draft":
        yield "STATUS:TENTATIVE"
    if base := safe_url(site).rstrip("/"):
        yield f"URL:{base}/stories/{one.instrument.story_id}#rule-{one.instrument.number}"
    yield from (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(summary)}",
        f"TRIGGER:{REMIND}",
        "END:VALARM",
        "END:VEVENT",
    )


def _description(one: Dated) -> str:
    """The rule, who says so, and the title of the story; on lines of their own."""
    field = "until" if one.event == "lapse" else "from"
    parts = [what(one)]
    for witness in one.term.evidence.get(field, ())[:2]:
        counted = f" ({witness.how})" if witness.how else ""
        parts.append(f"{witness.site}: “{witness.quote}”{counted}")
    parts.append(f"s{one.instrument.story_id}: {one.title}")
    return "\\n".join(escaped(one_line(part, PART)) for part in parts)


def _uid(one: Dated) -> str:
    """The same for the same rule and day, whatever its story becomes."""
    rule = one.instrument
    first = min(rule.articles, default=rule.story_id)
    told = (first, rule.country, rule.what, rule.direction, rule.number, one.event, one.day)
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    return f"rule-{digest}@critical-minerals-monitor"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}" if day.year > 999 else "19700101"


def _next(day: date) -> date:
    """The day after: the end of a whole-day event is not part of it."""
    return day + timedelta(days=1) if day < date.max else day
