"""
Dates as publishers write them: RFC 822, RFC 3339, W3CDTF, and words of many languages.

A date that cannot be true is no date: before 1990, more than two days ahead, or with an
offset that no place on earth has.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, timezone

from monitor.calendar_words import AFTERNOON, AGO, DAYS_BACK, MONTHS, ZONES

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: How far a publisher's clock may run ahead of ours.
TOLERANCE = timedelta(days=2)
_MAX_OFFSET_MIN = 14 * 60
_MAX_LENGTH = 120

_TIME = re.compile(
    r"(?<![\d+-])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_HAN_TIME = re.compile(
    r"(\d{1,2})\s*[时時点點시]\s*(?:(\d{1,2})\s*[分분])?(?:\s*(\d{1,2})\s*[秒초])?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?(Z|[+-]\d{4})?")
_YMD = re.compile(
    r"(?<!\d)(\d{4})(?:[-/]|\.\s?|\s?[年년]\s?)(\d{1,2})(?!\s?:)"
    r"(?:(?:[-/]|\.\s?|\s?[月월]\s?)(\d{1,2})(?!\s?:))?(?!\d)"
)
_DMY = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
_THANG = re.compile(r"(\d{1,2})\s*tháng\s*(\d{1,2})\D{0,8}(\d{4})")
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBERS = re.compile(r"\d+")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?|[6-9]\d{8}")


def _as_word(word: str) -> re.Pattern[str]:
    """The word by itself; in scripts without spaces, anywhere."""
    bounds = (r"(?<!\w)", r"(?!\w)") if word[0] < "\u2e80" else ("", "")
    return re.compile(f"{bounds[0]}{re.escape(word)}{bounds[1]}")


#: "assayer" is not "ayer".
_DAYS_BACK = tuple((_as_word(word), days) for word, days in DAYS_BACK.items())


def told_by(published_at: datetime | None, seen_at: datetime) -> datetime:
    """
    The moment by which tellings are put in order: published, or seen where that was earlier; UTC.

    A time of midnight to the second is a day without an hour, of which the end counts, so that
    it does not come before those that give the hour.
    """
    if published_at is None:
        return seen_at
    utc = published_at.astimezone(UTC)
    is_day = utc.time() == time.min
    return min(utc + timedelta(days=1) if is_day else utc, seen_at)


def parse_date(raw: str, *, now: datetime, language: str = "") -> datetime | None:
    """
    The time that `raw` means, in UTC; None when it has none or an impossible one.

    Args:
        raw: as the publisher wrote it. Without an offset it is taken as UTC.
        now: for what is too late, for "yesterday", and for dates without a year.
        language: BCP 47; decides 03/04/2026 when nothing else does.
    """
    found = parse_local(raw, now=now, language=language)
    return found.astimezone(UTC) if found else None


def parse_local(raw: str, *, now: datetime, language: str = "") -> datetime | None:
    """As `parse_date`, with the publisher's own offset kept, so that the day is theirs."""
    text = " ".join(unicodedata.normalize("NFKC", raw[: _MAX_LENGTH + 1]).split())
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        found = _read(text, now.astimezone(UTC), language.lower())
        return found if found and EARLIEST <= found <= now + TOLERANCE else None
    except (ValueError, OverflowError):
        return None


def _read(text: str, now: datetime, language: str) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        return _in_zone(
            datetime(year, month, day, hour, minute, second, tzinfo=UTC), match[7] or "Z"
        )
    day_found = _relative(text.lower(), now) or _day(text, now, language)
    if day_found is None or isinstance(day_found, datetime):
        return day_found
    (year, month, day), rest = day_found
    clock, tail = _clock(rest)
    if clock is None:
        return datetime(year, month, day, tzinfo=UTC)
    midnight = datetime(year, month, day, tzinfo=UTC)
    return _in_zone(midnight + clock, tail)


def _day(text: str, now: datetime, language: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month, day and the text without them, or None."""
    if re.fullmatch(r"\d{4}", text):
        return (int(text), 1, 1), ""
    if match := _DMY.search(text):
        year = _full_year(match[4])
        first, second = int(match[1]), int(match[3])
        is_us = match[2] == "/" and _is_month_first(first, second, year, now, language)
        return (year, first, second) if is_us else (year, second, first), _cut(text, match)
    if match := _YMD.search(text):
        return (int(match[1]), int(match[2]), int(match[3] or 1)), _cut(text, match)
    if match := _THANG.search(text.lower()):
        return (int(match[3]), int(match[2]), int(match[1])), _cut(text, match)
    return _worded(text, now)


def _cut(text: str, match: re.Match[str]) -> str:
    """`text` after the match, preceded by what stood before it, for a clock on either side."""
    before, after = text[: match.start()], text[match.end() :]
    return f"{after} {before}" if _TIME.search(after) or not before else f"{before} {after}"


def _worded(text: str, now: datetime) -> tuple[tuple[int, int, int], str] | None:
    """A date with the month in words, in either order, with or without the year."""
    clock = _TIME.search(text)
    words = [match for match in _WORDS.finditer(text) if match[0].lower() in MONTHS]
    # The last one: "mar. 24 nov. 2026" begins with a weekday, not with March.
    if not words:
        return None
    named = words[-1]
    limit = clock.start() if clock and clock.start() > named.end() else len(text)
    before = _NUMBERS.findall(_TIME.sub(" ", text[: named.start()]))
    after = list(_NUMBERS.finditer(text, named.end(), limit))[:2]
    numbers = [*before[-2:], *(number[0] for number in after)]
    date = _numbers_to_date(numbers, MONTHS[named[0].lower()], now)
    if date is None:
        return None
    used = clock.start() if clock else (after[-1].end() if after else named.end())
    return date, text[used:]


def _numbers_to_date(numbers: list[str], month: int, now: datetime) -> tuple[int, int, int] | None:
    years = [number for number in numbers if len(number) == 4]
    small = [number for number in numbers if len(number) <= 2]
    if not small:
        return None
    day = int(small[0])
    if years:
        return int(years[0]), month, day
    if len(small) > 1:
        return _full_year(small[1]), month, day
    ahead = datetime(now.year, month, day, tzinfo=UTC) > now + TOLERANCE
    return now.year - ahead, month, day


def _clock(rest: str) -> tuple[timedelta | None, str]:
    """Time of day and what follows it, where the zone stands."""
    if match := _TIME.search(rest):
        hour, minute, second = (int(part or 0) for part in match.groups()[:3])
        if match[4]:
            hour = hour % 12 + (12 if match[4][0] in "pP" else 0)
    elif match := _HAN_TIME.search(rest):
        hour, minute, second = (int(part or 0) for part in match.groups())
    else:
        return None, ""
    if hour < 12 and any(word in rest for word in AFTERNOON):
        hour += 12
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(rest)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59)), rest[match.end() :]


def _in_zone(local: datetime, zone: str) -> datetime:
    """`local` in the zone that the text begins with; an unknown name is UTC (RFC 5322)."""
    zone = zone.strip(" ()[],")
    if match := _OFFSET.match(zone):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > _MAX_OFFSET_MIN or int(match[3] or 0) > 59:
            raise ValueError(zone)
        east = -minutes if match[1] == "-" else minutes
    else:
        name = _WORDS.match(zone)
        east = ZONES.get(name[0].upper(), 0) if name else 0
    return local.replace(tzinfo=timezone(timedelta(minutes=east)) if east else UTC)


def _full_year(digits: str) -> int:
    """RFC 2822, 4.3: two digits below 50 are of this century."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _is_month_first(first: int, second: int, year: int, now: datetime, language: str) -> bool:
    if first > 12 or second > 12:
        return second > 12
    if language and language not in {"en", "en-us", "en_us", "en-ph", "en-ca"}:
        return False
    return datetime(year, first, second, tzinfo=UTC) <= now + TOLERANCE


def _relative(text: str, now: datetime) -> datetime | None:
    """What is told from now: "yesterday, 10:30", "3 hours ago"."""
    for pattern, days in _DAYS_BACK:
        if pattern.search(text):
            clock, _ = _clock(text)
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            return midnight - timedelta(days=days) + (clock or timedelta())
    for pattern, seconds in AGO:
        if match := pattern.search(text):
            return now - timedelta(seconds=int(match[1]) * seconds)
    return None
