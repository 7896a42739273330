"""
What templates do with values: times in the reader's zone, names, figures, safe links and texts.

`clean` is for every text of a stranger, `link` for every address of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import idna
import jinja2
from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from jinja2.runtime import Context
from markupsafe import Markup, escape

from monitor.enrich import gloss as names
from monitor.model import Card
from monitor.web.desk import Reader
from monitor.web.language import translations
from monitor.wording import plain_line

#: Characters of a stranger's text that are shown, unless a page asks for more.
MOST = 2000

#: Older than this is told by its date, not by how long ago it was.
RECENT = timedelta(days=6)

#: Letters that a name and its gloss share when they are one.
ALIKE = 5

#: Nearer than this is now.
JUST_NOW = timedelta(seconds=45)

#: Turn the direction, break the line, or are not seen at all; beside those of `plain_line`.
#: Lone surrogates cannot be written as UTF-8.
_HIDDEN = re.compile(
    "[\u061c\u200b\u2028\u2029\u2060-\u2065\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

#: More marks upon one letter than any language has.
_HEAPED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def _marks() -> str:
    """All characters of the first plane that stand on the one before, for a pattern."""
    plane = map(chr, range(0x300, 0x10000))
    return "".join(char for char in plane if unicodedata.category(char).startswith("M"))


#: No browser breaks a line in them: marks of any script, and pictures that are joined to one.
#: Tibetan and Burmese set up to six marks on a letter; the longest of emoji has ten parts.
_ENDLESS = re.compile(f"([{_marks()}]{{8}})[{_marks()}]+")
_JOINED = re.compile("((?:\u200d[^\u200d][\ufe0f\U0001f3fb-\U0001f3ff]*){9})(?:\u200d[^\u200d])+")

_LANGUAGE_TAG = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

_WEB_ADDRESS = re.compile(r"https?://[^/\\\s]", re.IGNORECASE)


@jinja2.pass_context
def when(context: Context, moment: datetime | None) -> Markup:
    """A `<time>` in the reader's zone and language; the exact moment is its title."""
    return _timed(context, moment, lambda local, code: _written(local, code, context["now"]))


@jinja2.pass_context
def ago(context: Context, moment: datetime | None) -> Markup:
    """The same as how long ago: `3h ago`; what is older than some days as its date."""

    def text(local: datetime, code: str) -> str:
        since = context["now"] - local
        if not -RECENT < since < RECENT:
            return _written(local, code, context["now"])
        if abs(since) < JUST_NOW:
            return translations(code).gettext("just now")
        return format_timedelta(-since, add_direction=True, format=_WIDTHS[code], locale=code)

    return _timed(context, moment, text)


@jinja2.pass_context
def day(context: Context, moment: datetime | None) -> Markup:
    """The day alone, with its day of the week: `Tue, 3 Feb 2026`."""
    return _timed(
        context, moment, lambda local, code: format_datetime(local, _DAYS[code], locale=code)
    )


@jinja2.pass_context
def number(context: Context, value: float) -> str:
    """A count or a figure with the reader's separators."""
    return format_decimal(value, locale=context["reader"].language)


@jinja2.pass_context
def percent(context: Context, share: float) -> str:
    """A share in [0, 1] as whole percent."""
    return format_percent(share, locale=context["reader"].language)


@jinja2.pass_context
def language_name(context: Context, code: str) -> str:
    """A language as the reader calls it; what is no known code stays as it is."""
    reader: Reader = context["reader"]
    return _language_name(code, reader.language) or code


@jinja2.pass_context
def country_name(context: Context, code: str) -> str:
    """A country (or `EU`) as the reader calls it; what is no known code stays as it is."""
    reader: Reader = context["reader"]
    return str(_locale(reader.language).territories.get(code, code))


@jinja2.pass_context
def gloss(context: Context, card: Card) -> str:
    """The names of a foreign title as the reader calls them: `вольфрам: tungsten · …`."""
    language = context["reader"].language
    if not card.language or card.language.partition("-")[0] == language:
        return ""
    concepts = [("mineral", one) for one in card.minerals]
    concepts += [("country", one) for one in card.countries]
    concepts += [("company", one) for one in card.companies]
    told = []
    for surface, kind, key in names.gloss(card.title, language=card.language, concepts=concepts):
        name = _called(kind, key, language)
        if not _is_alike(surface, name):
            told.append(f"{surface}: {name}")
    return " · ".join(told)


def critical_on(mineral: str) -> str:
    """The official lists of today that a mineral is on: `us-2025, eu-crma-critical-2024`."""
    found = names.critical_lists().of(mineral, on=datetime.now(UTC).date())
    return ", ".join(dict.fromkeys(one.list for one in reversed(found)))


def _is_alike(surface: str, name: str) -> bool:
    """Whether a reader of the name knows the other for it: the same stem in the same letters."""
    return surface.casefold()[:ALIKE] == name.casefold()[:ALIKE]


def _called(kind: str, key: str, language: str) -> str:
    """What a reader calls a concept; companies keep their name."""
    if kind == "country":
        return str(_locale(language).territories.get(key, key))
    return names.shown_name(key, language) if kind == "mineral" else key


def concept(name: str) -> str:
    """A concept of the taxonomy as a person reads it: `rare earths`."""
    return name.replace("_", " ")


def link(url: str) -> str:
    """
    An address that may stand in a link: http or https; else an empty text.

    One with a name in it (`https://known.example@other.example`) looks as if it led elsewhere.
    """
    if not _WEB_ADDRESS.match(url):
        return ""
    try:
        parts = urlsplit(url)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and is_port
    if not is_web or "@" in parts.netloc or flat(parts.netloc) != parts.netloc:
        return ""
    return _HIDDEN.sub("", plain_line(url))


def host(url: str) -> str:
    """
    The host that a link leads to, in letters only where they cannot pass for others.

    `аpple.example` with a Cyrillic letter is told as `xn--pple-43d.example`.
    """
    try:
        name = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    if name.isascii() and "xn--" not in name:
        return name
    try:
        plain, letters = idna.encode(name, uts46=True).decode(), idna.decode(name, uts46=True)
    except (idna.IDNAError, UnicodeError):
        return ascii(name)[1:-1]
    is_mixed = any(one.isascii() and one.isalpha() for one in letters)
    return plain if is_mixed else letters


def clean(text: str, most: int = MOST, lang: str = "") -> Markup:
    """
    A stranger's text: escaped, without controls, its direction kept to itself.

    Args:
        most: characters; what is longer ends in an ellipsis.
        lang: of the text, BCP 47: which letters to draw, and how to read them out.
    """
    # Put together, not formatted: a list does this hundreds of times.
    tag = f'<bdi lang="{lang}">' if _LANGUAGE_TAG.fullmatch(lang) else "<bdi>"
    return Markup(tag + str(escape(flat(text, most))) + "</bdi>")  # noqa: S704  (escaped)


def flat(text: str, most: int = MOST) -> str:
    """The same for an attribute, where there can be no `<bdi>`; the template escapes it."""
    cut = text if len(text) <= most else text[: most - 1].rstrip() + "…"
    shown = _HIDDEN.sub("\ufffd", plain_line(cut))
    if shown.isascii():
        return shown
    return _JOINED.sub(r"\1", _ENDLESS.sub(r"\1", _HEAPED.sub(r"\1", shown)))


#: A moment of this year, one of another, and a day, as each language writes them.
_THIS_YEAR = {"en": "d MMM HH:mm", "ru": "d MMM HH:mm", "zh": "M月d日 HH:mm"}
_ANY_YEAR = {"en": "d MMM y HH:mm", "ru": "d MMM y HH:mm", "zh": "y年M月d日 HH:mm"}
_WIDTHS: Mapping[str, Literal["narrow", "short"]] = {"en": "narrow", "ru": "short", "zh": "short"}
_DAYS = {"en": "EEEE, d MMMM y", "ru": "EEEE, d MMMM y", "zh": "y年M月d日 EEEE"}


def _timed(
    context: Context, moment: datetime | None, text: Callable[[datetime, str], str]
) -> Markup:
    if moment is None:
        return Markup("")
    reader: Reader = context["reader"]
    local = moment.astimezone(ZoneInfo(reader.zone))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %Z}",
        text(local, reader.language),
    )


def _written(local: datetime, code: str, now: datetime) -> str:
    is_this_year = local.year == now.astimezone(local.tzinfo).year
    return format_datetime(local, (_THIS_YEAR if is_this_year else _ANY_YEAR)[code], locale=code)


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _language_name(code: str, reader_code: str) -> str:
    try:
        named = Locale.parse(code, sep="-" if "-" in code else "_")
    except (UnknownLocaleError, ValueError, TypeError):
        return str(_locale(reader_code).languages.get(code.lower(), ""))
    return named.get_display_name(_locale(reader_code)) or ""


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when,
    "ago": ago,
    "day": day,
    "number": number,
    "percent": percent,
    "language_name": language_name,
    "country_name": country_name,
    "concept": concept,
    "gloss": gloss,
    "critical_on": critical_on,
    "link": link,
    "host": host,
    "clean": clean,
    "flat": flat,
}
