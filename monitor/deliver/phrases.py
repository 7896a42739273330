"""The words of digests and alerts, in one place; data (titles, figures, outlets) is not here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from monitor.wording import counted

#: Their language.
LANGUAGE = "en"

PRODUCT = "Critical minerals"
OTHER = "Other matters"
AGAIN = "Told by more outlets, nothing new otherwise"
CONTRADICTION = "Figures contradict each other"
CORRECTED = "Corrected"
TROUBLES = "Sources that need a person"
RECOVERED = "Sources that are well again"
LAPSES = "Lapses within 30 days"
EFFECTS = "Takes effect within 30 days"
QUIET = "Quiet sources, which need nobody yet"
STORY_PAGE = "On the desk"
ORIGINAL = "Original"
TEST_SUBJECT = "Test message"
TEST_LEAD = "This is a test. It tells no news; messages to this recipient arrive."
NOTHING = "Nothing changed."

#: Kinds of `Happening` in words.
KINDS = {
    "new": "new",
    "development": "further development",
    "article": "told again",
    "correction": "corrected",
    "edit": "edited",
    "contradiction": "contradiction",
    "rule": "rule",
}


def change(kind: str, text: str) -> str:
    """One thing that happened: `further development: signed`."""
    if kind == "rule":
        return text
    word = KINDS.get(kind, kind)
    return word if kind == "new" or not text else f"{word}: {text}"


def more_lines(number: int) -> str:
    """What found no room."""
    return f"… and {counted(number, 'line')} more"


def more_outlets(outlets: Sequence[str]) -> str:
    """Who told a known story again: `2 more articles: Ore News, The Pit`."""
    names = ", ".join(dict.fromkeys(filter(None, outlets)))
    return f"{counted(len(outlets), 'more article')}: {names}"


def told_by(site: str, outlets: int, languages: Sequence[str]) -> str:
    """Like `first told by Ore News; 5 outlets in en, ru`."""
    words = ", ".join(filter(None, languages))
    place = f" in {words}" if words else ""
    return f"first told by {site}; {counted(outlets, 'outlet')}{place}"


def digest_subject(name: str, now: datetime, zone: str, *, new: int, updated: int) -> str:
    """The subject of a digest."""
    counts = [f"{number} {word}" for number, word in ((new, "new"), (updated, "updated")) if number]
    told = f": {', '.join(counts)}" if counts else ""
    return f"{PRODUCT}{f', {name}' if name else ''}, {day(now, zone)}{told}"


def digest_lead(count: int, since: datetime | None, zone: str) -> str:
    """What the stories are counted from."""
    span = f"since {time(since, zone)}" if since else "so far"
    return f"{counted(count, 'story')} changed {span}." if count else f"Nothing changed {span}."


def disputed(titles: int) -> str:
    """How many stories have figures that contradict each other."""
    verb = "has" if titles == 1 else "have"
    return f"{counted(titles, 'story')} {verb} figures that contradict each other."


def unshown(number: int) -> str:
    """Changed stories that found no room."""
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'more story')} {verb} not shown: look at the desk."


def alert_subject(name: str, titles: Sequence[str]) -> str:
    """The subject of an alert on stories."""
    return f"{name}: {titles[0] if len(titles) == 1 else counted(len(titles), 'story')}"


def alert_lead(count: int, name: str) -> str:
    """What an alert is about."""
    return f"{counted(count, 'story')} changed in “{name}”."


def rule_subject(name: str, lines: Sequence[str]) -> str:
    """The subject of an alert on rules: the only one, or how many."""
    return f"{name}: {lines[0] if len(lines) == 1 else counted(len(lines), 'rule')}"


def rule_lead(count: int, name: str) -> str:
    """What an alert on rules is about."""
    verb = "takes effect or lapses" if count == 1 else "take effect or lapse"
    return f"{counted(count, 'rule')} {verb} soon, told by “{name}”."


def source_subject(name: str, fallen: int, recovered: int) -> str:
    """The subject of an alert on sources."""
    parts = [f"{counted(fallen, 'source')} in need of a person"] if fallen else []
    parts += [f"{recovered} well again"] if recovered else []
    return f"{name}: {', '.join(parts)}"


def footer(reason: str, page: str) -> tuple[str, ...]:
    """Why somebody gets this, and where that is changed."""
    return (f"{reason} {page}".strip(),)


def why_digest(recipient: str) -> str:
    """Why somebody gets a digest."""
    return f"You get this digest as “{recipient}” of the critical minerals monitor."


def why_alert(alert: str, recipient: str) -> str:
    """Why somebody gets an alert."""
    return f"You get this as “{recipient}”, by the alert “{alert}”."


def day(now: datetime, zone: str) -> str:
    """A day in a zone: `24 Nov 2026`."""
    return format_datetime(now.astimezone(ZoneInfo(zone)), "d MMM yyyy", locale=LANGUAGE)


def time(when: datetime, zone: str) -> str:
    """A minute in a zone: `24 Nov 2026 07:00 UTC`."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, 'd MMM yyyy HH:mm', locale=LANGUAGE)} {local:%Z}"


def country(code: str) -> str:
    """The name of a country."""
    return str(Locale(LANGUAGE).territories.get(code.upper(), code))
