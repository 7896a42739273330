"""
The JSON of an API's answer, or the error that says what came instead.

Lenient where APIs are known to be wrong (control characters and stray backslashes in strings,
NaN, numbers beyond any range, one object a line); everything else is named with its first words.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from monitor.encoding import decoded
from monitor.errors import MonitorError, Permanent, Retryable
from monitor.parse import markup
from monitor.parse.sniffing import is_html, no_feed
from monitor.text import single_line

#: Characters quoted of an answer that is an error.
QUOTED = 100

_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrt]|u[0-9a-fA-F]{4})|)")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_PASSING = re.compile(
    r"limit requests|rate.?limit|too many requests|requests? (?:limit|quota)|throttl|slow down|"
    r"try again|temporar|overload|quota",
    re.IGNORECASE,
)
#: Names of query parameters whose values are never shown.
SECRETS = re.compile(r"key|token|secret|auth|pass|sig", re.IGNORECASE)
#: Where an error stands in an answer that is one, and where in one that may be.
_ERRORS = ("error", "errors", "error_message", "errormessage", "fault")
_MESSAGES = ("message", "detail", "details", "description", "msg", "reason")


def loaded(body: bytes, *, url: str, content_type: str) -> tuple[Any, tuple[str, ...]]:
    """
    The value, and what was mended to read it.

    Raises:
        Permanent: it is no JSON; the message says what it is.
        Retryable: it is a text that asks for patience.
    """
    text = decoded(body, content_type).strip("\ufeff \t\r\n\0")
    if not text:
        raise Permanent("the answer is empty.", subject=place(url))
    if text.startswith("<"):
        raise _markup(text, url)
    try:
        return _parsed(text), ()
    except RecursionError as error:
        raise Permanent("the JSON is nested too deeply.", subject=place(url)) from error
    except JSONDecodeError as error:
        return _mended(text, error, url)


def refusal(answer: Any, url: str, *, is_plain: bool) -> MonitorError | None:
    """
    The error that an answer without items tells of; None when it tells of none.

    Args:
        is_plain: it says that there are no items, so that a mere message is no error.
    """
    if not isinstance(answer, Mapping):
        return None
    said = {str(key).lower().replace("-", "_"): value for key, value in answer.items()}
    names = _ERRORS if is_plain else (*_ERRORS, *_MESSAGES)
    words = next((text for name in names if (text := _words(said.get(name)))), "")
    return told(words, url) if words else None


def told(words: str, url: str) -> MonitorError:
    """The error for an answer that says in words why it brings nothing."""
    shown = single_line(_without_secrets(words, url), QUOTED + 1)
    shown = f"{shown[:QUOTED].strip()}…" if len(shown) > QUOTED else shown
    message = f"the API answers with an error: “{shown}”."
    if _PASSING.search(words):
        return Retryable(message, subject=place(url), advice="Ask it more rarely (option gap).")
    return Permanent(message, subject=place(url), advice="Correct the address of the source.")


def place(url: str) -> str:
    """An address that can be shown: its query may hold a key."""
    return url.partition("?")[0].partition("#")[0]


def _parsed(text: str) -> Any:
    return json.loads(
        text,
        strict=False,
        parse_constant=lambda _: None,
        parse_float=_finite,
        parse_int=lambda digits: int(digits) if len(digits) < 19 else digits,
    )


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _mended(text: str, error: JSONDecodeError, url: str) -> tuple[Any, tuple[str, ...]]:
    if text[0] not in "{[":
        raise told(text, url) from error
    if error.msg == "Extra data" and (lines := _by_line(text)):
        return lines
    if error.msg.startswith("Invalid \\"):
        try:
            return _parsed(_ESCAPE.sub(_doubled, text)), ("stray backslashes were mended",)
        except JSONDecodeError as still:
            error = still
        except RecursionError as deep:
            raise Permanent("the JSON is nested too deeply.", subject=place(url)) from deep
    if _is_cut(text, error):
        raise Permanent(
            f"the JSON is truncated: it ends after {len(text)} characters, in the middle.",
            subject=place(url),
            advice="If it stays so, ask for fewer items at a time.",
        ) from error
    if error.pos <= 1:
        raise told(text, url) from error
    raise Permanent(
        f"this is no valid JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
        subject=place(url),
    ) from error


def _doubled(match: re.Match[str]) -> str:
    return match[0] if match[1] else "\\\\"


def _by_line(text: str) -> tuple[Any, tuple[str, ...]] | None:
    """JSON Lines; a last line that was cut is left out."""
    found: list[Any] = []
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_parsed(line))
        except (JSONDecodeError, RecursionError):
            is_last = number == len(lines) and len(found) > 1
            return (found, ("its last line is truncated",)) if is_last else None
    return found, ()


def _is_cut(text: str, error: JSONDecodeError) -> bool:
    """Whether a JSON text ends before its end: in a string, a word, or where more must come."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - 6


def _markup(text: str, url: str) -> Permanent:
    if not is_html(text):
        if "<rss" in text[:2000] or "<feed" in text[:2000]:
            advice = "Read it as a feed: change the kind of this source."
            return Permanent("this is a feed, not JSON.", subject=place(url), advice=advice)
        if "<html" not in text[:2000].lower():
            found = no_feed(text, place(url)).message.replace(", but not a feed", ", not JSON")
            return Permanent(found, subject=place(url), advice="Ask the API for JSON.")
    title = _TITLE.search(text, 0, 20_000)
    named = single_line(markup.plain(title[1]), 80) if title else ""
    shown = f" (its title is “{named}”)" if named else ""
    return Permanent(
        f"an HTML page came instead of JSON{shown}.",
        subject=place(url),
        advice="Open the address in a browser: it may want a login, or the API has moved.",
    )


def _words(value: Any, depth: int = 0) -> str:
    """The words of an error, however they are wrapped."""
    if isinstance(value, str):
        return value.strip()
    if depth > 3:
        return ""
    if isinstance(value, Mapping):
        inner = list(value.values())[:20]
        return next((text for one in inner if (text := _words(one, depth + 1))), "")
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(one, depth + 1) for one in value[:5])))
    return ""


def _without_secrets(words: str, url: str) -> str:
    """An error may repeat the key that it refuses."""
    for name, value in parse_qsl(urlsplit(url).query):
        if SECRETS.search(name) and value:
            words = words.replace(value, "…")
    return words
