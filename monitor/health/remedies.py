"""What to do about a source in trouble: sentences in which `ID` stands for the source."""

from __future__ import annotations

GONE = "Find its new address: monitor sources edit ID --url URL; or: monitor sources remove ID"

BLOCKED = (
    "Ask the publisher for access, or watch another source. What it agrees to is sent with: "
    "monitor sources edit ID --option 'header-NAME=${VARIABLE}'"
)

CHANGED = "Its layout has changed: see what would be read: monitor sources preview ID"

CLOCK = "Was the clock set back? Set it right, or poll now: monitor crawl --source ID"

OVERDUE = "Nothing polls: is the daemon running? monitor run"

EMPTY = "Look whether it still publishes: monitor sources preview ID"

QUIET = "It may be a holiday; if you know of news there: monitor sources preview ID"

STALE = (
    "Look whether it goes on elsewhere: monitor sources edit ID --url URL; "
    "or: monitor sources pause ID"
)

FROZEN = f"Compare with the site itself: it may serve an old copy. {STALE}"

_ROBOTS = (
    "Ask the publisher; with its consent: monitor sources edit ID --option 'robots=WHO AGREED'"
)
_ADDRESS = "Mend its address: monitor sources edit ID --url URL"
_HEADER = "Mend or clear it: monitor sources edit ID --option header-NAME="
_GUARD = "If it is in your own network, allow it in the configuration: fetch.allow_private"

_PASSING = (
    "It is asked again by itself, ever less often. If it works in a browser: "
    "monitor sources check ID"
)
_UNREAD = "See what it answers: monitor sources preview ID"
_MISSING = "Look for its new address: monitor sources edit ID --url URL"

#: Words of a cause -> what to do when a poll was not sent; the first that fit.
_REFUSED = (
    ("allow it with", _GUARD),
    ("robots.txt", _ROBOTS),
    ("the address is not a valid", _ADDRESS),
    ("a header of its agreement", _HEADER),
)

#: Words of a cause, by `spiders.verdict` and the parsers -> what to do when polls fail.
_FAILING = (
    ("layout", CHANGED),
    ("HTTP 404", _MISSING),
    ("the host name could not be resolved", _MISSING),
    ("HTTP 5", _PASSING),
    ("HTTP 408", _PASSING),
    ("HTTP 425", _PASSING),
    ("HTTP 429", _PASSING),
    ("no answer within", _PASSING),
    ("connection", _PASSING),
    ("the network of the site", _PASSING),
    ("the site asked to wait", _PASSING),
    ("certificate not trusted", _PASSING),
    ("robots.txt cannot be read now", _PASSING),
)


def for_refused(cause: str) -> str:
    """What to do when we may not ask."""
    return _first(_REFUSED, cause, _UNREAD)


def for_failing(cause: str) -> str:
    """What to do when polls fail: wait for what may pass, look at what will last."""
    return _first(_FAILING, cause, _UNREAD)


def _first(table: tuple[tuple[str, str], ...], cause: str, otherwise: str) -> str:
    return next((remedy for words, remedy in table if words in cause), otherwise)
